import { expect, test } from 'vitest'
import { LETTER } from '../../test/smtp/sample-letter.ts'
import { buildMessage, isPlainMailbox, trimReferences } from './build-message.ts'

const id = (n: number, length = 40): string => `${String(n).padStart(length - 10, '0')}@a.example`

test('a short chain stays whole', () => {
  expect(trimReferences([])).toEqual([])
  expect(trimReferences([id(1), id(2)])).toEqual([id(1), id(2)])
})

test('a long chain keeps its root and its newest ids, within a legal line', () => {
  const kept = trimReferences(Array.from({ length: 500 }, (_, n) => id(n)))
  expect(kept[0]).toBe(id(0))
  expect(kept.at(-1)).toBe(id(499))
  expect(kept).toEqual([
    id(0),
    ...Array.from({ length: kept.length - 1 }, (_, n) => id(501 - kept.length + n)),
  ])
  const line = `References: ${kept.map((one) => `<${one}>`).join(' ')}`
  expect(line.length).toBeLessThanOrEqual(998)
  expect(line.length).toBeGreaterThan(800)
})

test('an id that is too long for a line is left out', () => {
  expect(trimReferences([id(1, 900), id(2), id(3, 900), id(4)])).toEqual([id(2), id(4)])
  expect(buildMessage({ ...LETTER, inReplyTo: id(1, 900) })).not.toHaveProperty('inReplyTo')
})

test('a letter that answers nothing has no thread', () => {
  const message = buildMessage({ ...LETTER, inReplyTo: null, references: [] })
  expect(message).not.toHaveProperty('inReplyTo')
  expect(message).not.toHaveProperty('references')
})

test.each([
  ['a@b.example', true],
  ["o'brien+tag=x@b.example", true],
  ['jörg@xn--mnchen-3ya.example', true],
  ['a@b@c.example', false],
  ['"a b"@c.example', false],
  ['a b@c.example', false],
  ['a@b.example\r\n', false],
  ['<a@b.example>', false],
  [`${'a'.repeat(65)}@b.example`, false],
  ['@b.example', false],
])('%j is a plain mailbox: %s', (address, plain) => {
  expect(isPlainMailbox(address)).toBe(plain)
})
