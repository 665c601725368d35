import { createHmac } from 'node:crypto'
import { expect, test } from 'vitest'
import type { LetterId, PersonId } from '../decide/context.ts'
import { addressingProblems, resolveOwnAddress, signReplyAddress, signReturnPath } from './own-address.ts'

const addressing = {
  domain: 'desk.example',
  queues: { support: 'support', engineering: 'Engineering' },
  note: 'note',
  bounce: 'bounce',
  separator: '+',
}
const personId = '0123456789abcdef' as PersonId
const letterId = 'zyxwvtsrqpnmkjhg' as LetterId

function mac(purpose: string, chunks: readonly Uint8Array[]): Uint8Array {
  const hmac = createHmac('sha256', `key ${purpose}`)
  for (const chunk of chunks) hmac.update(chunk)
  return hmac.digest()
}

function resolve(address: string) {
  return resolveOwnAddress(address, addressing, mac)
}

test.each([1, 31, 32, 1001, 1042, 33_554_432, 34_359_738_367])(
  'A reply address for ticket %d says which ticket and person.',
  (ticketNumber) => {
    const address = signReplyAddress({ queue: 'support', ticketNumber, personId }, addressing, mac)
    expect(address).toMatch(/^support\+[0-9a-z]{34,64}@desk\.example$/)
    expect(address.indexOf('@')).toBeLessThanOrEqual(64)
    const expected = { kind: 'reply', ticketNumber, personId }
    expect(resolve(address)).toEqual(expected)
    expect(resolve(address.toUpperCase())).toEqual(expected)
  },
)

test('A return path says which letter, in any case.', () => {
  const address = signReturnPath(letterId, addressing, mac)
  expect(resolve(address)).toEqual({ kind: 'bounce', letterId })
  expect(resolve(address.toUpperCase())).toEqual({ kind: 'bounce', letterId })
})

test('Changing any character of a signed address makes it forged or unknown, never another ticket.', () => {
  const reply = signReplyAddress({ queue: 'support', ticketNumber: 1042, personId }, addressing, mac)
  const bounce = signReturnPath(letterId, addressing, mac)
  for (const address of [reply, bounce]) {
    const from = address.indexOf('+') + 1
    for (let position = from; position < address.indexOf('@'); position++) {
      const other = address[position] === '7' ? '8' : '7'
      const changed = address.slice(0, position) + other + address.slice(position + 1)
      expect(['forged', 'unknown']).toContain(resolve(changed).kind)
    }
  }
})

test('A seal made for another domain, another purpose or under another key is forged.', () => {
  const other = { ...addressing, domain: 'other.example' }
  const moved = signReplyAddress({ queue: 'support', ticketNumber: 7, personId }, other, mac)
  expect(resolve(moved.replace('other.example', 'desk.example'))).toEqual({ kind: 'forged' })
  const bounce = signReturnPath(letterId, addressing, mac).replace('bounce+b', 'support+r')
  expect(resolve(bounce).kind).not.toBe('reply')
  const foreignKey = signReplyAddress(
    { queue: 'support', ticketNumber: 7, personId },
    addressing,
    () => new Uint8Array(32),
  )
  expect(resolve(foreignKey)).toEqual({ kind: 'forged' })
})

test('A token stays good when its queue gets another address, as long as that address is ours.', () => {
  const address = signReplyAddress({ queue: 'support', ticketNumber: 7, personId }, addressing, mac)
  expect(resolve(address.replace('support', 'engineering')).kind).toBe('reply')
})

test.each([
  ['support@desk.example', { kind: 'base', queue: 'support' }],
  ['Support@DESK.example', { kind: 'base', queue: 'support' }],
  ['ENGINEERING@desk.example', { kind: 'base', queue: 'engineering' }],
  ['note@desk.example', { kind: 'note' }],
  ['nobody@desk.example', { kind: 'unknown' }],
  ['support+holiday@desk.example', { kind: 'unknown' }],
  ['supportive@desk.example', { kind: 'unknown' }],
  ['bounce@desk.example', { kind: 'forged' }],
  ['bounce+anything@desk.example', { kind: 'forged' }],
  ['support@elsewhere.example', { kind: 'foreign' }],
  ['support@sub.desk.example', { kind: 'foreign' }],
  ['@desk.example', { kind: 'foreign' }],
  ['support', { kind: 'foreign' }],
  [`${'a'.repeat(400)}@desk.example`, { kind: 'unknown' }],
])('%s resolves to %j.', (address, expected) => {
  expect(resolve(address)).toEqual(expected)
})

test('Another separator works, also when base addresses contain it.', () => {
  const dashed = { ...addressing, separator: '-', queues: { support: 'help', second: 'help-desk' } }
  for (const queue of ['support', 'second']) {
    const address = signReplyAddress({ queue, ticketNumber: 1042, personId }, dashed, mac)
    expect(resolveOwnAddress(address, dashed, mac)).toEqual({ kind: 'reply', ticketNumber: 1042, personId })
  }
  expect(resolveOwnAddress('help-desk@desk.example', dashed, mac)).toEqual({ kind: 'base', queue: 'second' })
})

test('Local parts that leave no room for a token, or serve twice, are named.', () => {
  expect(addressingProblems(addressing)).toEqual([])
  const long = 'a-very-long-name-for-a-support-desk'
  expect(addressingProblems({ ...addressing, queues: { support: long } })).toEqual([
    `the address "${long}" is too long to be signed`,
  ])
  expect(addressingProblems({ ...addressing, note: 'Support' })).toHaveLength(1)
  const tooLong = { ...addressing, queues: { support: long } }
  expect(() => signReplyAddress({ queue: 'support', ticketNumber: 1042, personId }, tooLong, mac)).toThrow(
    /too long/,
  )
})
