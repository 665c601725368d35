import { expect, test } from 'vitest'
import { MAX_MESSAGE_IDS } from './limits.ts'
import { parseMessageIds } from './message-id.ts'

test.each([
  ['<a@b>', ['a@b']],
  ['<a@b> <c@d>', ['a@b', 'c@d']],
  ['<a@b>,<c@d>', ['a@b', 'c@d']],
  ['<a@b><c@d>', ['a@b', 'c@d']],
  ['<a@\t b>', ['a@b']],
  ['<a@b> <a@b>', ['a@b']],
  ['Your message of Monday <a@b>', ['a@b']],
  ['a@b', ['a@b']],
  ['<no-at-sign>', ['no-at-sign']],
  ['', []],
  ['<>', []],
  ['nonsense', []],
])('%j holds the ids %j', (value, ids) => {
  expect(parseMessageIds(value)).toEqual(ids)
})

test('a list beyond the limit keeps its root and its newest ids', () => {
  const ids = Array.from({ length: MAX_MESSAGE_IDS + 50 }, (_none, at) => `${at}@x`)
  const kept = parseMessageIds(ids.map((id) => `<${id}>`).join(' '))
  expect(kept).toHaveLength(MAX_MESSAGE_IDS)
  expect(kept[0]).toBe('0@x')
  expect(kept.at(-1)).toBe(ids.at(-1))
})
