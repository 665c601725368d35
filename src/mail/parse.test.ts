import { expect, test } from 'vitest'
import { MAX_SPLIT_CHARS, MAX_TEXT_CHARS } from './limits.ts'
import type { Mail, Unreadable } from './mail.ts'
import { parseMail } from './parse.ts'

const HEAD = 'From: Ann <ann@partner.example>\r\nTo: support@gate.example\r\nSubject: Broken\r\n'

async function read(content: string | Uint8Array): Promise<Mail> {
  const mail = await parse(content)
  if (mail.kind !== 'mail') throw new Error(mail.reason)
  return mail
}

async function parse(content: string | Uint8Array): Promise<Mail | Unreadable> {
  const octets = typeof content === 'string' ? Buffer.from(content, 'latin1') : content
  return parseMail(octets, { reversePath: 'ann@partner.example' })
}

const multipart = (kind: string, ...parts: readonly string[]): string =>
  `Content-Type: multipart/${kind}; boundary=b-${kind}\r\n\r\n${parts.map((part) => `--b-${kind}\r\n${part}\r\n`).join('')}--b-${kind}--`

const plain = (text: string): string => `Content-Type: text/plain; charset=utf-8\r\n\r\n${text}`
const html = (markup: string): string => `Content-Type: text/html; charset=utf-8\r\n\r\n${markup}`

test('an ordinary mail gives every field of Mail', async () => {
  const mail = await read(
    `${HEAD}Cc: Bo <bo@partner.example>\r\nReply-To: desk@partner.example\r\nSender: cy@partner.example\r\nMessage-ID: <1@p>\r\nIn-Reply-To: <0@g>\r\nReferences: <r@g>\r\n <0@g>\r\nDate: Mon, 2 Mar 2026 09:00:00 +0100\r\n\r\nHello\r\nthere\r\n`,
  )
  expect(mail).toMatchObject({
    kind: 'mail',
    mailKind: 'ordinary',
    messageId: '1@p',
    inReplyTo: ['0@g'],
    references: ['r@g', '0@g'],
    from: { displayName: 'Ann', address: 'ann@partner.example' },
    authorCount: 1,
    sender: { displayName: null, address: 'cy@partner.example' },
    replyTo: [{ displayName: null, address: 'desk@partner.example' }],
    to: [{ displayName: null, address: 'support@gate.example' }],
    cc: [{ displayName: 'Bo', address: 'bo@partner.example' }],
    subject: 'Broken',
    date: new Date('2026-03-02T08:00:00Z'),
    text: 'Hello\nthere\n',
    newText: 'Hello\nthere',
    attachments: [],
    automatic: null,
    bounce: null,
    warnings: [],
  })
  expect(mail.headerFields[0]).toEqual({ name: 'From', value: 'Ann <ann@partner.example>' })
})

test('a mail can cross to another thread unchanged', async () => {
  const mail = await read(`${HEAD}\r\nHello`)
  expect(structuredClone(mail)).toEqual(mail)
})

test.each([
  [
    'plain with substance wins over HTML',
    multipart('alternative', plain('The plain words'), html('<p>The HTML words</p>')),
    'The plain words',
  ],
  [
    'HTML wins over an empty plain part',
    multipart('alternative', plain(' \r\n'), html('<p>The HTML words</p>')),
    'The HTML words',
  ],
  [
    'HTML wins over a stub',
    multipart(
      'alternative',
      plain('Your mail client does not support HTML.'),
      html('<p>The customer cannot log in since noon today at all</p>'),
    ),
    'The customer cannot log in since noon today at all',
  ],
  [
    'HTML wins over a stub in a language without a rule',
    multipart('alternative', plain('(html)'), html(`<p>${'word '.repeat(20)}</p>`)),
    'word '.repeat(20).trim(),
  ],
  ['HTML alone is read', html('<p>One</p>'), 'One'],
  ['two plain alternatives are both kept', multipart('alternative', plain('One'), plain('Two')), 'One\nTwo'],
  [
    'the parts of a mixed mail follow each other',
    multipart('mixed', plain('One'), html('<p>Two</p>')),
    'One\nTwo',
  ],
  [
    'a signed mail is read by what was signed',
    multipart('signed', plain('One'), 'Content-Type: application/pgp-signature\r\n\r\nx'),
    'One',
  ],
  [
    'related pictures belong to the HTML',
    multipart('related', html('<p>One</p>'), 'Content-Type: image/png\r\nContent-ID: <1@x>\r\n\r\nPNG'),
    'One',
  ],
  [
    'a calendar part is shown when there is nothing else',
    'Content-Type: text/calendar\r\n\r\nBEGIN:VEVENT\r\nSUMMARY:Call\r\nEND:VEVENT',
    'Summary: Call',
  ],
  [
    'a multipart without its boundary is read as text',
    'Content-Type: multipart/mixed; boundary=never\r\n\r\nHello',
    'Hello',
  ],
  ['an unknown multipart is read as mixed', multipart('x-odd', plain('One'), plain('Two')), 'One\nTwo'],
  [
    'a text body marked as an attachment is still the text',
    'Content-Type: text/plain\r\nContent-Disposition: attachment\r\n\r\nHello',
    'Hello',
  ],
])('%s', async (_name, body, text) => {
  expect((await read(HEAD + body)).text.trim()).toBe(text)
})

test('table rows of the HTML are kept even when the plain text is read', async () => {
  const mail = await read(
    HEAD +
      multipart('alternative', plain('User ann'), html('<table><tr><td>User</td><td>ann</td></tr></table>')),
  )
  expect(mail).toMatchObject({ text: 'User ann', tableRows: [['User', 'ann']] })
})

test('an opaque S/MIME signature is opened', async () => {
  const inner = Buffer.from(plain('Signed words'))
  const octets = Buffer.concat([
    Buffer.from('308006092a864886f70d010702a08030800201013100308006092a864886f70d010701a080', 'hex'),
    Buffer.from([0x04, inner.length]),
    inner,
    Buffer.alloc(12),
  ])
  const body = `Content-Type: application/pkcs7-mime; smime-type=signed-data\r\nContent-Transfer-Encoding: base64\r\n\r\n${octets.toString('base64')}`
  expect(await read(HEAD + body)).toMatchObject({ text: 'Signed words', warnings: [] })
})

test('what cannot be opened is an attachment and a warning', async () => {
  const mail = await read(`${HEAD}Content-Type: application/pkcs7-mime; name=smime.p7m\r\n\r\nx`)
  expect(mail).toMatchObject({
    text: '',
    attachments: [{ fileName: 'smime.p7m' }],
    warnings: ['smime-unreadable'],
  })
})

test.each([
  ['winmail.dat', 'Content-Type: application/ms-tnef; name=winmail.dat\r\n\r\nx', 'tnef-unread'],
  [
    'an encrypted part',
    'Content-Type: application/pkcs7-mime; smime-type=enveloped-data\r\n\r\nx',
    'encrypted',
  ],
  [
    'an encrypted mail',
    multipart('encrypted', 'Content-Type: application/pgp-encrypted\r\n\r\nx'),
    'encrypted',
  ],
])('%s cannot be read, and a warning says so', async (_name, body, warning) => {
  expect((await read(HEAD + body)).warnings).toContain(warning)
})

test('attachments carry safe names and the text of readable files', async () => {
  const mail = await read(
    HEAD +
      multipart(
        'mixed',
        plain('See the log'),
        'Content-Type: text/plain; name="../mail.log"\r\nContent-Disposition: attachment\r\n\r\nerror 42',
        'Content-Type: image/png\r\nContent-Disposition: inline; filename=a.png\r\nContent-Transfer-Encoding: base64\r\n\r\niVBORw==',
      ),
  )
  expect(mail.text).toBe('See the log')
  expect(mail.attachments).toMatchObject([
    { fileName: 'mail.log', contentType: 'text/plain', inline: false, text: 'error 42' },
    { fileName: 'a.png', contentType: 'image/png', size: 4, inline: true, text: null },
  ])
})

test('a mail forwarded as an attachment is told as forwarded', async () => {
  const inner =
    'From: Cy <cy@customer.example>\r\nSubject: Help\r\nMessage-ID: <7@c>\r\nDate: Mon, 2 Mar 2026 09:00:00 +0100\r\n\r\nI cannot log in'
  const mail = await read(
    HEAD + multipart('mixed', plain('Please see'), `Content-Type: message/rfc822\r\n\r\n${inner}`),
  )
  expect(mail).toMatchObject({
    newText: 'Please see',
    forwarded: {
      from: { displayName: 'Cy', address: 'cy@customer.example' },
      subject: 'Help',
      date: 'Mon, 2 Mar 2026 09:00:00 +0100',
      messageId: '7@c',
      text: 'I cannot log in',
    },
  })
})

test.each([
  ['no Date field', '', null, []],
  ['an unreadable Date', 'Date: soon\r\n', null, ['date-unreadable']],
])('%s is null, never now', async (_name, field, date, warnings) => {
  expect(await read(`${HEAD}${field}\r\nx`)).toMatchObject({ date, warnings })
})

test('every author counts, over all From fields', async () => {
  const mail = await read('From: a@x.example\r\nFrom: b@x.example, c@x.example\r\n\r\nx')
  expect(mail).toMatchObject({ authorCount: 3, from: { address: 'a@x.example' } })
})

test('repeated To fields are joined', async () => {
  expect((await read('From: a@x.example\r\nTo: b@x.example\r\nTo: c@x.example\r\n\r\nx')).to).toHaveLength(2)
})

test('a subject is one line and holds no line end that was encoded into it', async () => {
  const mail = await read('From: a@x.example\r\nSubject: =?utf-8?Q?Hi=0D=0ABcc:_b@x.example?=\r\n\r\nx')
  expect(mail.subject).toBe('Hi Bcc: b@x.example')
})

test('NUL, direction marks and odd spaces are gone from the text', async () => {
  const mail = await read(
    Buffer.from(`${HEAD}Content-Type: text/plain; charset=utf-8\r\n\r\na\0b\u202ec\u00a0d\u200be`),
  )
  expect(mail.text).toBe('a\ufffdbc de')
})

test.each([
  ['an empty mail', ''],
  ['only line ends', '\r\n\r\n'],
  ['no header', '\r\nHello'],
  ['no body', 'From: a@x.example'],
  ['no header field at all', 'Hello\r\nthere'],
])('%s is a mail with little in it', async (_name, content) => {
  expect((await read(content)).kind).toBe('mail')
})

test('octets without meaning give a mail or a reason, never a throw', async () => {
  const octets = Uint8Array.from({ length: 100_000 }, (_none, at) => (at * 7919 + at * at * 31) & 255)
  expect(['mail', 'unreadable']).toContain((await parse(octets)).kind)
})

test.each([
  ['a header line of 2 MB', `${HEAD}Message-ID: <1@p>\r\nX-Long: ${'a'.repeat(2_000_000)}\r\n\r\nx`],
  [
    '20,000 parts',
    `${HEAD}Message-ID: <1@p>\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n${'--b\r\n\r\nx\r\n'.repeat(20_000)}`,
  ],
  [
    '5,000 nested multiparts',
    `${HEAD}Message-ID: <1@p>\r\n${Array.from({ length: 5000 }, (_none, at) => `Content-Type: multipart/mixed; boundary=b${at}\r\n\r\n--b${at}\r\n`).join('')}\r\nx`,
  ],
])('a mail with %s is unreadable, and its header is kept', async (_name, content) => {
  expect(await parse(content)).toMatchObject({
    kind: 'unreadable',
    messageId: '1@p',
    from: { displayName: 'Ann', address: 'ann@partner.example' },
    subject: 'Broken',
  })
})

test('a text beyond the limit is cut, with a warning, and its end is still in what was written', async () => {
  const mail = await read(`${HEAD}\r\n${'lorem ipsum dolor\r\n'.repeat(400_000)}`)
  expect(mail.text.length).toBe(MAX_TEXT_CHARS)
  expect(mail.newText.length).toBeGreaterThan(MAX_TEXT_CHARS - MAX_SPLIT_CHARS)
  expect(mail.warnings).toContain('text-truncated')
})
