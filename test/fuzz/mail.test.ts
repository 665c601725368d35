/**
 * Whatever octets come as header fields, addresses and Message-IDs: reading them ends, never throws, and gives values
 * that cannot break a header field, a file or a table. A few thousand cases here, a million by `npm run nightly`.
 */
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { subjectStem, tagNumbers } from '../../src/decide/subject.ts'
import { decodeValue } from '../../src/mail/header-fields.ts'
import { domainOf, normaliseAddress, parseMailboxes } from '../../src/mail/mailbox.ts'
import { parseMessageIds } from '../../src/mail/message-id.ts'
import { parseMail } from '../../src/mail/parse.ts'
import { PATIENCE_MS, runs } from './runs.ts'

/** Breaks a header field or hides in one. */
const UNPRINTABLE = /[\r\n\0]/

const NAMES = [
  'From',
  'Sender',
  'Reply-To',
  'To',
  'Cc',
  'Subject',
  'Date',
  'Message-ID',
  'In-Reply-To',
  'References',
  'Auto-Submitted',
  'Precedence',
  'List-Id',
  'Return-Path',
  'Received',
  'Content-Type',
  'Content-Transfer-Encoding',
  'Content-Disposition',
]

/** Pieces that header fields are made of, in any order, with any octets between them. */
const piece = fc.oneof(
  { weight: 4, arbitrary: fc.string({ unit: 'binary', maxLength: 12 }) },
  { weight: 6, arbitrary: fc.string({ unit: 'grapheme-ascii', maxLength: 16 }) },
  {
    weight: 8,
    arbitrary: fc.constantFrom(
      '<',
      '>',
      '"',
      '(',
      ')',
      ',',
      ';',
      ':',
      '@',
      '=?utf-8?B?w7w=?=',
      '=?utf-8?Q?=00=0D=0A?=',
      '=?x?q?',
      '?=',
      '\\',
      '[TG-1042]',
      'Re: ',
      'boundary="',
      'charset=',
      'multipart/mixed',
      'message/rfc822',
      'a@b.example',
      'undisclosed-recipients:;',
      '\r\n ',
      '\r\n\t',
      '\t',
      '\0',
      '\u202e',
      '\u00a0',
    ),
  },
)
const value = fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join(''))
const field = fc.tuple(fc.constantFrom(...NAMES), value).map(([name, text]) => `${name}: ${text}\r\n`)
const mail = fc
  .tuple(fc.array(field, { maxLength: 12 }), fc.string({ unit: 'binary', maxLength: 200 }))
  .map(([fields, body]) => Buffer.from(`${fields.join('')}\r\n${body}`, 'utf8'))

test('A mail of any header fields is read, or told to be unreadable, and never throws.', {
  timeout: PATIENCE_MS,
}, async () => {
  const property = fc.asyncProperty(mail, async (content) => {
    const read = await parseMail(content, { reversePath: 'a@b.example' })
    if (read.kind === 'unreadable') {
      expect(read.reason).not.toBe('')
      return
    }
    for (const mailbox of [read.from, ...read.to, ...read.cc]) {
      expect(mailbox?.address ?? '').not.toMatch(UNPRINTABLE)
      expect(mailbox?.displayName ?? '').not.toMatch(UNPRINTABLE)
    }
    expect(read.subject ?? '').not.toMatch(UNPRINTABLE)
    for (const id of [read.messageId ?? 'none', ...read.inReplyTo, ...read.references])
      expect(id).not.toMatch(/[\s<>\0]/)
    for (const { fileName } of read.attachments) expect(fileName ?? '').not.toMatch(/[\r\n\0/\\]/)
    expect(read.date === null || !Number.isNaN(read.date.getTime())).toBe(true)
  })
  await fc.assert(property, runs(1_500, 0.2))
})

test('An address has one comparison form, and comparing that again changes nothing.', {
  timeout: PATIENCE_MS,
}, () => {
  const address = fc.oneof(
    value,
    fc.emailAddress(),
    fc.tuple(value, fc.domain()).map(([a, b]) => `${a}@${b}`),
  )
  const property = fc.property(address, (text) => {
    const normal = normaliseAddress(text)
    if (normal === null) return
    expect(normaliseAddress(normal)).toBe(normal)
    expect(normal).not.toMatch(UNPRINTABLE)
    expect(domainOf(normal)).not.toBe('')
  })
  fc.assert(property, runs(3_000))
})

test('Lists of addresses and of Message-IDs are read from any text, bounded and clean.', {
  timeout: PATIENCE_MS,
}, () => {
  const property = fc.property(value, (text) => {
    for (const { address } of parseMailboxes(text)) expect(address).not.toMatch(UNPRINTABLE)
    const ids = parseMessageIds(text)
    expect(ids.length).toBeLessThanOrEqual(text.length)
    for (const id of ids) expect(id).not.toMatch(/[\s<>\0]/)
  })
  fc.assert(property, runs(3_000))
})

test('A subject of any text has a stem without our tags, and its stem is its own stem.', {
  timeout: PATIENCE_MS,
}, () => {
  const property = fc.property(value, (text) => {
    const stem = subjectStem(decodeValue(text))
    expect(subjectStem(stem)).toBe(stem)
    expect(tagNumbers(stem)).toEqual([])
    expect(stem).not.toMatch(UNPRINTABLE)
  })
  fc.assert(property, runs(3_000))
})
