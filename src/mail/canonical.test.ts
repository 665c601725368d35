import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { canonicalContent } from './canonical.ts'

const keyOf = (content: string, reversePath: string | null = 'a@b.example'): string => {
  const hash = createHash('sha256')
  for (const chunk of canonicalContent(Buffer.from(content, 'latin1'), reversePath)) hash.update(chunk)
  return hash.digest('hex')
}

const MAIL =
  'From: a@b.example\r\nTo: c@d.example\r\nSubject: one two\r\nMessage-ID: <1@b>\r\n\r\nHello\r\nthere\r\n'

test.each([
  [
    'a relay adds trace fields',
    `Return-Path: <a@b.example>\r\nReceived: from x by y;\r\n now\r\nX-Spam: no\r\n${MAIL}`,
  ],
  [
    'a relay signs and judges',
    `DKIM-Signature: v=1\r\nAuthentication-Results: x\r\nARC-Seal: i=1\r\n${MAIL}`,
  ],
  ['line ends are LF', MAIL.replaceAll('\r\n', '\n')],
  ['line ends are CR', MAIL.replace('Hello\r\nthere', 'Hello\rthere')],
  ['a field is folded', MAIL.replace('one two', 'one\r\n two')],
  [
    'fields are reordered',
    MAIL.replace('To: c@d.example\r\n', '').replace('Subject', 'To: c@d.example\r\nSubject'),
  ],
  ['empty lines at the end are added', `${MAIL}\r\n\r\n`],
  ['a field name changes its case', MAIL.replace('Message-ID', 'Message-Id')],
])('it is the same mail when %s', (_name, other) => {
  expect(keyOf(other)).toBe(keyOf(MAIL))
})

test.each([
  ['the body differs', MAIL.replace('there', 'here')],
  ['blanks in the body differ', MAIL.replace('Hello\r\n', 'Hello \r\n')],
  ['the subject differs', MAIL.replace('one two', 'one')],
  ['the Message-ID differs', MAIL.replace('<1@b>', '<2@b>')],
  ['a recipient is added', MAIL.replace('c@d.example', 'c@d.example, e@f.example')],
  ['the content type differs', `Content-Type: text/html\r\n${MAIL}`],
  ['a line is split', MAIL.replace('Hello\r\nthere', 'Hello\r\n\r\nthere')],
])('it is another mail when %s', (_name, other) => {
  expect(keyOf(other)).not.toBe(keyOf(MAIL))
})

test.each([
  ['with CR line ends', 'From: a@b.example\rSubject: x\r\rone\r', 'From: a@b.example\rSubject: x\r\rtwo\r'],
  ['without an empty line', 'From: a@b.example\none\n', 'From: a@b.example\ntwo\n'],
  ['with stray lines in the header', 'From: a@b.example\none\n\nbody', 'From: a@b.example\ntwo\n\nbody'],
  ['with a huge field', `To: ${'a,'.repeat(40_000)}b\n\nbody`, `To: ${'a,'.repeat(40_000)}c\n\nbody`],
  ['with very many fields', `${'A: 1\n'.repeat(2000)}To: b\n\nbody`, `${'A: 1\n'.repeat(2000)}To: c\n\nbody`],
])('two mails %s are never taken for one', (_name, one, other) => {
  expect(keyOf(one)).not.toBe(keyOf(other))
  expect(keyOf(one)).toBe(keyOf(one))
})

test('the reverse path is part of the key, and the null path is one of its own', () => {
  expect(keyOf(MAIL, 'x@b.example')).not.toBe(keyOf(MAIL))
  expect(keyOf(MAIL, null)).not.toBe(keyOf(MAIL, ''))
})

test('a field cannot pose as the end of another', () => {
  expect(keyOf('Subject: a\r\nTo: b\r\n\r\n')).not.toBe(keyOf('Subject: a to:b\r\n\r\n'))
})

test('a mail without header or body has a key', () => {
  expect(keyOf('')).not.toBe(keyOf('\r\nbody'))
})
