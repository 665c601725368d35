/** Patterns must stay linear: each of these runs would take minutes under a quadratic one, and the runner's limit ends it. */
import { expect, test } from 'vitest'
import { safeFileName } from './attachment.ts'
import { decodeCharset } from './charset.ts'
import { cleanLine, cleanText } from './clean-text.ts'
import { decodeWords } from './encoded-words.ts'
import { readRawFields, readStructured } from './header-fields.ts'
import { readHtml } from './html.ts'
import { parseMailDate } from './mail-date.ts'
import { parseMailboxes } from './mailbox.ts'
import { parseMessageIds } from './message-id.ts'
import { parseMail } from './parse.ts'
import { readPlain } from './plain.ts'

const LENGTH = 400_000
const RUNS = [
  ' ',
  '\t \t',
  'a',
  'a ',
  '<',
  '>',
  '> ',
  '<http://',
  'a<http://a>',
  '"',
  '(',
  ')',
  '.',
  '=?a?q?',
  '=?utf-8?q?a?= ',
  '=\r',
  '\n \n',
  '-',
  '_',
  '&nbsp;',
  '<a href=http://a>',
  'On ',
  'From: ',
  '\u00a0',
  '\u200b',
  'a@',
  ',',
  ';a=',
  '+',
  'undeliverable user ',
]

const READERS: readonly (readonly [string, (text: string) => unknown])[] = [
  ['cleanText', cleanText],
  ['cleanLine', cleanLine],
  ['decodeWords', decodeWords],
  ['decodeCharset', (text) => decodeCharset(Buffer.from(text), 'utf-7')],
  ['readPlain', (text) => readPlain(text, { format: 'flowed' })],
  ['readHtml', readHtml],
  ['parseMessageIds', parseMessageIds],
  ['parseMailboxes', parseMailboxes],
  ['parseMailDate', parseMailDate],
  ['readStructured', (text) => readStructured(text.slice(0, 250_000))],
  ['readRawFields', (text) => readRawFields(Buffer.from(text))],
  ['safeFileName', safeFileName],
]

test.each(READERS)('%s reads long runs of anything', (_name, read) => {
  for (const run of RUNS) expect(() => read(`${run.repeat(LENGTH / run.length)}x`)).not.toThrow()
})

test.each(RUNS)('a mail whose body is a long run of %j is read', async (run) => {
  const body = `${run.repeat(LENGTH / run.length)}x`
  const header = 'From: MAILER-DAEMON\r\nSubject: failure\r\n'
  const mail = await parseMail(Buffer.from(`${header}\r\n${body}`), { reversePath: null })
  expect(mail.kind).toBe('mail')
})
