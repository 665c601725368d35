import { createHmac } from 'node:crypto'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import type { LetterId, PersonId } from '../decide/context.ts'
import {
  type Addressing,
  addressingProblems,
  ownDomainsOf,
  resolveOwnAddress,
  type Signing,
  signReplyAddress,
  signReturnPath,
} from './own-address.ts'
import type { TokenKey } from './token.ts'

const addressing: Addressing = {
  domain: 'desk.example',
  queues: { support: 'support', engineering: 'Engineering' },
  note: 'note',
  bounce: 'bounce',
  form: 'plus',
  separator: '+',
  replyDays: 400,
}
const personId = '0123456789abcdef' as PersonId
const letterId = 'zyxwvtsrqpnmkjhg' as LetterId
const now = new Date('2026-11-24T09:00:00Z')
const DAY_MS = 24 * 60 * 60 * 1000
const later = (days: number): Date => new Date(now.getTime() + days * DAY_MS)

function keyNamed(name: string, mark: string): TokenKey {
  return {
    mark,
    mac: (purpose, chunks) => {
      const hmac = createHmac('sha256', `${name} ${purpose}`)
      for (const chunk of chunks) hmac.update(chunk)
      return hmac.digest()
    },
  }
}
const old = keyNamed('old', '3')
const young = keyNamed('young', 'k')

function signingWith(change: Partial<Addressing>, keys = [young, old]): Signing {
  const [current = young] = keys
  return { addressing: { ...addressing, ...change }, brandId: 'default', keys: { current, all: keys } }
}
const signing = signingWith({})
const target = { queue: 'support', ticketNumber: 1042, personId, as: 'partner' as const }
const isReply = { kind: 'reply', ticketNumber: 1042, personId, as: 'partner' }

function resolve(address: string, at = now, by = signing) {
  return resolveOwnAddress(address, at, by)
}

test.each([1, 31, 32, 1001, 1042, 33_554_432, 2_147_483_647])(
  'A reply address for ticket %d says which ticket and person, in any case.',
  (ticketNumber) => {
    const address = signReplyAddress({ ...target, ticketNumber }, now, signing)
    expect(address).toMatch(/^support\+[0-9a-z]{38,44}@desk\.example$/)
    expect(address.indexOf('@')).toBeLessThanOrEqual(64)
    expect(resolve(address)).toEqual({ ...isReply, ticketNumber })
    expect(resolve(address.toUpperCase())).toEqual({ ...isReply, ticketNumber })
  },
)

test.each([
  ['plus', /^support\+r[0-9a-z]+@desk\.example$/, /^bounce\+b[0-9a-z]+@desk\.example$/],
  ['subdomain', /^r[0-9a-z]+@support\.desk\.example$/, /^b[0-9a-z]+@bounce\.desk\.example$/],
  ['catch-all', /^r[0-9a-z]+@desk\.example$/, /^b[0-9a-z]+@desk\.example$/],
] as const)('In the form %s an address has its shape and says the same.', (form, replyShape, bounceShape) => {
  const by = signingWith({ form })
  const reply = signReplyAddress(target, now, by)
  const bounce = signReturnPath(letterId, now, by)
  expect(reply).toMatch(replyShape)
  expect(bounce).toMatch(bounceShape)
  expect(resolve(reply, now, by)).toEqual(isReply)
  expect(resolve(bounce, now, by)).toEqual({ kind: 'bounce', letterId })
  expect(resolve('support@desk.example', now, by)).toEqual({ kind: 'base', queue: 'support' })
  expect(resolve('nobody@desk.example', now, by)).toEqual({ kind: 'unknown' })
  expect(ownDomainsOf(by.addressing)).toContain(reply.slice(reply.indexOf('@') + 1))
})

test("An agent's address and a partner's differ in purpose, and one cannot be made of the other.", () => {
  const ofAgent = signReplyAddress({ ...target, as: 'agent' }, now, signing)
  expect(resolve(ofAgent)).toEqual({ ...isReply, as: 'agent' })
  const ofPartner = signReplyAddress(target, now, signing)
  expect(resolve(ofPartner.replace('+r', '+a'))).toEqual({ kind: 'forged' })
  expect(resolve(ofAgent.replace('+a', '+r'))).toEqual({ kind: 'forged' })
})

test('A person sees one address on one ticket for four weeks.', () => {
  const days = Array.from({ length: 56 }, (_, day) => signReplyAddress(target, later(day), signing))
  expect(new Set(days).size).toBeLessThanOrEqual(3)
})

test("A partner's address that is over counts as the plain one; an agent's, and a return path, are refused.", () => {
  const reply = signReplyAddress(target, now, signing)
  expect(resolve(reply, later(400))).toEqual(isReply)
  expect(resolve(reply, later(430))).toEqual({ kind: 'base', queue: 'support' })
  const ofAgent = signReplyAddress({ ...target, as: 'agent' }, now, signing)
  expect(resolve(ofAgent, later(430))).toEqual({ kind: 'forged' })
  const bounce = signReturnPath(letterId, now, signing)
  expect(resolve(bounce, later(30))).toEqual({ kind: 'bounce', letterId })
  expect(resolve(bounce, later(31))).toEqual({ kind: 'forged' })
})

test('What an older key signed stays good as long as the ring holds that key.', () => {
  const before = signReplyAddress(target, now, signingWith({}, [old]))
  expect(resolve(before)).toEqual(isReply)
  expect(resolve(signReplyAddress(target, now, signing))).toEqual(isReply)
  expect(resolve(before, now, signingWith({}, [young]))).toEqual({ kind: 'forged' })
})

test('Two keys of one mark are both believed.', () => {
  const twin = keyNamed('twin', young.mark)
  const by = signingWith({}, [young, twin])
  const other = signReplyAddress(target, now, signingWith({}, [twin]))
  expect(resolve(other, now, by)).toEqual(isReply)
})

test('A token altered at any place, for another brand, domain or key, is never good.', () => {
  const by = fc.constantFrom('plus', 'subdomain', 'catch-all').map((form) => signingWith({ form } as const))
  const character = fc.constantFrom(...Array.from('0123456789abcdefghjkmnpqrstvwxyz'))
  const property = fc.property(by, fc.nat(), character, fc.boolean(), (one, place, other, isBounce) => {
    const address = isBounce ? signReturnPath(letterId, now, one) : signReplyAddress(target, now, one)
    const token = /[arb][0-9a-z]{36,43}/.exec(address)?.[0] ?? ''
    const at = address.indexOf(token) + (place % token.length)
    const changed = address.slice(0, at) + other + address.slice(at + 1)
    fc.pre(changed !== address)
    expect(['forged', 'unknown']).toContain(resolve(changed, now, one).kind)
  })
  fc.assert(property, { numRuns: 2_000 })
  const reply = signReplyAddress(target, now, signing)
  expect(resolve(reply, now, { ...signing, brandId: 'other' })).toEqual({ kind: 'forged' })
  const moved = reply.replace('desk.example', 'other.example')
  expect(resolve(moved, now, signingWith({ domain: 'other.example' }))).toEqual({ kind: 'forged' })
})

test('Whatever text comes as an address is never taken for one that we signed.', () => {
  const piece = fc.constantFrom('support', 'bounce', '+', 'r', 'a', 'b', '0123456789abcdef', 'zzz', '@', '.')
  const text = fc.array(fc.oneof(piece, fc.string({ maxLength: 8 })), { maxLength: 8 })
  const property = fc.property(text, fc.boolean(), (pieces, isOurs) => {
    const { kind } = resolve(pieces.join('') + (isOurs ? '@desk.example' : ''))
    expect(['reply', 'bounce']).not.toContain(kind)
  })
  fc.assert(property, { numRuns: 3_000 })
})

test('A token stays good when its queue gets another address, as long as that address is ours.', () => {
  const address = signReplyAddress(target, now, signing)
  expect(resolve(address.replace('support', 'engineering')).kind).toBe('reply')
})

test.each([
  ['support@desk.example', { kind: 'base', queue: 'support' }],
  ['Support@DESK.example', { kind: 'base', queue: 'support' }],
  ['ENGINEERING@desk.example', { kind: 'base', queue: 'engineering' }],
  ['Postmaster@desk.example', { kind: 'base', queue: 'support' }],
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
  const by = signingWith({ separator: '-', queues: { support: 'help', second: 'help-desk' } })
  for (const queue of ['support', 'second'])
    expect(resolve(signReplyAddress({ ...target, queue }, now, by), now, by)).toEqual(isReply)
  expect(resolve('help-desk@desk.example', now, by)).toEqual({ kind: 'base', queue: 'second' })
})

test('Local parts that leave no room for a token, or serve twice, are named.', () => {
  expect(addressingProblems(addressing)).toEqual([])
  const long = 'a-very-long-name-for-a-support-desk'
  const queues = { support: long }
  expect(addressingProblems({ ...addressing, queues })).toEqual([
    `the address "${long}" is too long to be signed`,
  ])
  expect(addressingProblems({ ...addressing, queues, form: 'subdomain' })).toEqual([])
  expect(addressingProblems({ ...addressing, note: 'Support' })).toHaveLength(1)
  expect(() => signReplyAddress(target, now, signingWith({ queues }))).toThrow(/too long/)
})
