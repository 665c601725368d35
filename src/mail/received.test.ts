import { expect, test } from 'vitest'
import type { Envelope } from './mail.ts'
import { countReceived, receivedField, withTrace } from './received.ts'

const envelope: Envelope = {
  reversePath: 'a@b.example',
  forwardPaths: ['support@gate.example'],
  transport: 'smtp',
  clientIp: '192.0.2.1',
  ehloDomain: 'mx.b.example',
  tls: true,
  faces: 'internet',
  trustedRelay: null,
  receivedAt: new Date('2026-01-01T00:00:00Z'),
}
const facts = {
  envelope,
  queueId: '0123456789abcdef',
  hostName: 'gate.example',
  forwardPath: 'support@gate.example',
}

test('our hop tells client, protocol, queue id, recipient and instant', () => {
  expect(receivedField(facts)).toBe(
    'Received: from mx.b.example ([192.0.2.1])\r\n\tby gate.example with ESMTPS id 0123456789abcdef\r\n\tfor <support@gate.example>;\r\n\tThu, 01 Jan 2026 00:00:00 +0000\r\n',
  )
})

test.each([
  [{ tls: false }, 'with ESMTP id'],
  [{ transport: 'lmtp' as const, tls: false }, 'with LMTP id'],
  [{ transport: 'pipe' as const }, 'with local id'],
  [{ clientIp: '2001:db8::1' }, '([IPv6:2001:db8::1])'],
])('an envelope with %o is told as %j', (change, words) => {
  expect(receivedField({ ...facts, envelope: { ...envelope, ...change } })).toContain(words)
})

test('several recipients stay unnamed, and an unknown client is left out', () => {
  const field = receivedField({
    ...facts,
    forwardPath: null,
    envelope: { ...envelope, ehloDomain: null, clientIp: null },
  })
  expect(field).not.toContain('for <')
  expect(field).not.toContain('from ')
})

test('a client cannot write fields of its own into ours', () => {
  const field = receivedField({
    ...facts,
    envelope: { ...envelope, ehloDomain: 'x\r\nBcc: y@z.example (a)' },
  })
  expect(field.split('\r\n').filter((line) => /^[A-Z]/.test(line))).toHaveLength(1)
})

test('Received fields are counted in the header only', () => {
  expect(countReceived(Buffer.from('Received: a\r\nreceived: b\r\n c\r\n\r\nReceived: d\r\n'))).toBe(2)
  expect(countReceived(Buffer.from(''))).toBe(0)
})

test.each([
  ['From: a@b.example\r\n\r\nx', true],
  // The reader repairs such mail; a field on top would hide the damage.
  ['\r\nFrom: a@b.example\r\n\r\nx', false],
  ['From a@b.example Thu Jan  1 00:00:00 2026\r\nFrom: a@b.example\r\n\r\nx', false],
  ['no field at all', false],
  ['', false],
])('our hop stands on top of %j only where that is a field: %s', (content, traced) => {
  const made = Buffer.from(withTrace(Buffer.from(content), facts)).toString()
  expect(made).toBe(traced ? `${receivedField(facts)}${content}` : content)
})
