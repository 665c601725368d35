import { expect, test } from 'vitest'
import { collapseDoubles, readPlain } from './plain.ts'

test.each([
  ['https://cp.example<https://cp.example/>', 'https://cp.example'],
  ['cp.example<http://cp.example/>', 'cp.example'],
  ['see www.cp.example<http://www.cp.example>.', 'see www.cp.example.'],
  ['ann@b.example<mailto:ann@b.example>', 'ann@b.example'],
  ['From: Ann <ann@b.example<mailto:ann@b.example>>', 'From: Ann <ann@b.example>'],
  ['our panel<https://cp.example/>', 'our panel <https://cp.example/>'],
  ['Ann <mailto:ann@b.example>', 'Ann <ann@b.example>'],
  ['<https://cp.example/>', '<https://cp.example/>'],
  ['password: a<b>c', 'password: a<b>c'],
])('%j collapses to %j', (text, collapsed) => {
  expect(collapseDoubles(text).trim()).toBe(collapsed)
})

test('flowed lines are joined, quotes and the signature mark are kept', () => {
  const text = 'The mailbox \r\nis full.\r\n> quoted \r\n> line\r\n-- \r\nAnn'
  expect(readPlain(text, { format: 'flowed' })).toBe('The mailbox is full.\n> quoted line\n-- \nAnn')
})

test('DelSp drops the blank that ends a flowed line', () => {
  expect(readPlain('メー \r\nル', { format: 'flowed', delsp: 'yes' })).toBe('メール')
})
