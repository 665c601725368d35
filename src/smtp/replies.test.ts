import { expect, test } from 'vitest'
import { LIBRARY_REPLIES, REPLIES, ReplyError, type SmtpReply } from './replies.ts'

const all: readonly (readonly [string, SmtpReply])[] = [
  ...Object.entries(REPLIES),
  ...LIBRARY_REPLIES.map(({ words, reply }) => [words, reply] as const),
]

test.each(all)('both numbers of %s say the same, and its text is one plain line', (_name, reply) => {
  expect(reply.enhanced).toMatch(/^[45]\.\d{1,3}\.\d{1,3}$/)
  expect(reply.enhanced[0]).toBe(String(reply.code)[0])
  // RFC 5321 §4.5.3.1.5: 512 octets with CRLF.
  expect(reply.text).toMatch(/^[\x20-\x7e]{5,200}$/)
})

test('an error for the library carries code and text', () => {
  const error = new ReplyError(REPLIES.unknownRecipient)
  expect(error.responseCode).toBe(550)
  expect(error.message).toBe('5.1.1 There is no such mailbox here')
})
