import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseMail } from './parse.ts'
import { readRtf } from './rtf.ts'
import { decompressRtf, INITIAL_DICTIONARY } from './rtf-compressed.ts'
import {
  attachedFile,
  attachmentAttribute,
  compressedRtf,
  layOut,
  messageAttribute,
  propertySequence,
  tnefStream,
  type WrittenProperty,
  wide,
} from './test-tnef.ts'
import { readTnef } from './tnef.ts'
import { unpackTnef } from './tnef-parts.ts'

const BINARY = 0x102

function withProperties(properties: readonly WrittenProperty[], ...more: readonly Uint8Array[]): Buffer {
  return tnefStream(messageAttribute(0x9003, propertySequence(properties)), ...more)
}

async function readMail(tnef: Uint8Array, text: string | null = null) {
  const file = `Content-Type: application/ms-tnef; name="winmail.dat"\r\nContent-Transfer-Encoding: base64\r\n\r\n${Buffer.from(tnef).toString('base64')}\r\n`
  const head = 'From: a@partner.example\r\nSubject: Mail\r\nMIME-Version: 1.0\r\n'
  const mixed = `Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\n${text}\r\n--b\r\n${file}--b--\r\n`
  const mail = await parseMail(Buffer.from(head + (text === null ? file : mixed)), {
    reversePath: 'a@partner.example',
  })
  if (mail.kind !== 'mail') throw new Error(mail.reason)
  return mail
}

const HTML = Buffer.from(
  '<table><tr><td>Customer Domain</td><td>müller.example</td></tr></table><p>Mail bounces.</p>',
)

test.each([
  ['plain text', [[0x1000, 0x1f, wide('Mail bounces, müller.')]], 'Mail bounces, müller.'],
  ['text in the code page', [[0x1000, 0x1e, Buffer.from('M\xfcller\0', 'latin1')]], 'Müller'],
  [
    'compressed rich text',
    [[0x1009, BINARY, compressedRtf('{\\rtf1\\ansi Mail bounces.\\par Since \\b Monday}')]],
    'Mail bounces.\nSince Monday',
  ],
] satisfies [string, WrittenProperty[], string][])(
  'a mail that is only winmail.dat gives its body: %s',
  async (_name, properties, text) => {
    const mail = await readMail(withProperties(properties))
    expect(mail.text.trim()).toBe(text)
    expect(mail).toMatchObject({ attachments: [], warnings: [] })
  },
)

test('the HTML body gives its table rows', async () => {
  const codePage = layOut([4, 65001])
  const mail = await readMail(
    withProperties([
      [0x3fde, 3, codePage],
      [0x1013, BINARY, HTML],
    ]),
  )
  expect(mail.tableRows).toEqual([['Customer Domain', 'müller.example']])
  expect(mail.newText).toContain('Mail bounces.')
})

test('the body attribute of old programs is read in the code page that the stream names', () => {
  const stream = tnefStream(
    messageAttribute(0x9007, layOut([4, 1251], [4, 0])),
    messageAttribute(0x800c, Buffer.from([0xcf, 0xee, 0xf7, 0xf2, 0xe0, 0])),
  )
  expect(readTnef(stream)?.text).toBe('Почта')
})

test('text beside winmail.dat is not doubled, and its files are unpacked', async () => {
  const tnef = withProperties(
    [[0x1000, 0x1f, wide('Mail bounces since Monday.')]],
    attachedFile('screenshot façade.png', Buffer.from([1, 2, 3])),
    attachedFile('error.log', Buffer.from('550 no such user')),
  )
  const mail = await readMail(tnef, 'Mail bounces since Monday.')
  expect(mail.text.trim()).toBe('Mail bounces since Monday.')
  expect(mail.attachments).toMatchObject([
    { fileName: 'screenshot façade.png', size: 3, text: null },
    { fileName: 'error.log', size: 16, text: '550 no such user' },
  ])
})

test('a body beside which only the footer of a list stands is read before the footer', async () => {
  const words =
    'Mail to every mailbox of the customer bounces since Monday morning, and nobody can send either.'
  const mail = await readMail(withProperties([[0x1000, 0x1f, wide(words)]]), 'partners list')
  expect(mail.text.trim()).toBe(`${words}\npartners list`)
})

test('a message inside is a forwarded mail', async () => {
  const inner = withProperties(
    [
      [0x0037, 0x1f, wide('Outlook is slow')],
      [0x0c1a, 0x1f, wide('Rosa Lind')],
      [0x5d01, 0x1f, wide('rosa@customer.example')],
      [0x1000, 0x1f, wide('It takes minutes to open.')],
    ],
    attachedFile('trace.txt', Buffer.from('slow')),
  )
  const object = layOut(Buffer.alloc(16), inner)
  const outer = withProperties(
    [[0x1000, 0x1f, wide('Please see below.')]],
    attachmentAttribute(0x9002, Buffer.alloc(14)),
    attachmentAttribute(
      0x9005,
      propertySequence([
        [0x3001, 0x1f, wide('Outlook is slow')],
        [0x3701, 0x0d, object],
      ]),
    ),
  )
  const mail = await readMail(outer)
  expect(mail.forwarded).toMatchObject({
    from: { displayName: 'Rosa Lind', address: 'rosa@customer.example' },
    subject: 'Outlook is slow',
  })
  expect(mail.forwarded?.text).toContain('It takes minutes to open.')
  expect(mail.attachments.map(({ fileName }) => fileName)).toEqual(['Outlook is slow', 'trace.txt'])
})

test('properties after named ones, numbers and lists are found', () => {
  const named = layOut([2, 0x1f], [2, 0x8005], Buffer.alloc(16), [4, 1], [4, 6], wide('ab'), [2, 0])
  const value = layOut([4, 1], [4, 4], wide('v'))
  const list = layOut([2, 0x1003], [2, 0x0e01], [4, 2], [4, 1], [4, 2])
  const text = layOut([2, 0x1f], [2, 0x1000], [4, 1], [4, 6], wide('ok'), [2, 0])
  const sequence = layOut([4, 3], named, value, list, text)
  expect(readTnef(tnefStream(messageAttribute(0x9003, sequence)))?.text).toBe('ok')
})

test('the initial dictionary has the length that its references count on', () => {
  expect(INITIAL_DICTIONARY).toHaveLength(207)
})

// The examples of MS-OXRTFCP §4.
test.each([
  [
    'into what came before',
    '2d0000002b0000004c5a4675f1c5c7a703000a007263706731323542320af32068656c090020627705b06c647d0a800fa0',
    '{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n',
  ],
  [
    'into what they write themselves',
    '1a0000001c0000004c5a4675e2d44b51410004205758595a0d6e7d010eb0',
    '{\\rtf1 WXYZWXYZWXYZWXYZWXYZ}',
  ],
])('references %s are followed', (_name, packed, rtf) => {
  const octets = decompressRtf(Buffer.from(packed, 'hex'))
  expect(Buffer.from(octets ?? []).toString()).toBe(rtf)
})

test.each([
  ['letters of the code page', "{\\rtf1\\ansi\\ansicpg1251 \\'cf\\'ee\\'f7\\'f2\\'e0}", 'Почта'],
  ['letters of a font', "{\\rtf1{\\fonttbl{\\f3\\fcharset204 A;}}\\f3 \\'cf\\'ee\\'f7\\'f2\\'e0}", 'Почта'],
  [
    'letters of two octets',
    "{\\rtf1{\\fonttbl{\\f1\\fcharset128 M;}}\\f1 \\'83\\'81\\'81[\\'83\\'8b}",
    'メール',
  ],
  ['Unicode letters with their fallback', "{\\rtf1\\uc1 \\u8364?5 \\u-10179?\\u-8704\\'3f.}", '€5 😀.'],
  ['escapes and symbols', '{\\rtf1 a\\{b\\}\\\\c\\~d\\_e\\tab f\\bullet}', 'a{b}\\c d-e\tf•'],
  [
    'no fonts, colours, comments',
    '{\\rtf1{\\colortbl;\\red0;}{\\*\\generator X;}{\\info{\\title T}}ok}',
    'ok',
  ],
  ['what a link shows', '{\\rtf1{\\field{\\*\\fldinst HYPERLINK "http://a"}{\\fldrslt here}}}', 'here'],
])('rich text gives %s', (_name, rtf, text) => {
  expect(readRtf(Buffer.from(rtf, 'latin1'))).toEqual({ kind: 'plain', text })
})

test('HTML wrapped in rich text comes out as it went in', () => {
  const rtf =
    '{\\rtf1\\ansi\\fromhtml1 \\deff0{\\*\\htmltag18 <html>}{\\*\\htmltag64 <p>}\\htmlrtf {\\htmlrtf0 Mail {\\*\\htmltag84 &lt;}\\htmlrtf <\\htmlrtf0  bounces\\htmlrtf }\\htmlrtf0 {\\*\\htmltag72 </p>}{\\*\\mhtmltag64 <q>}}'
  expect(readRtf(Buffer.from(rtf))).toEqual({ kind: 'html', text: '<html><p>Mail &lt; bounces</p>' })
})

const SAMPLE = withProperties(
  [
    [0x1009, BINARY, compressedRtf('{\\rtf1\\ansi Hello}')],
    [0x1013, BINARY, HTML],
  ],
  attachedFile('a.txt', Buffer.from('text')),
)

test('octets that are cut anywhere or changed anywhere never throw', () => {
  for (let end = 0; end <= SAMPLE.length; end++) unpackTnef(SAMPLE.subarray(0, end))
  const change = fc.tuple(fc.nat(SAMPLE.length - 1), fc.constantFrom(0, 1, 0x7f, 0x80, 0xff))
  fc.assert(
    fc.property(fc.array(change, { minLength: 1, maxLength: 12 }), (changes) => {
      const octets = Uint8Array.from(SAMPLE)
      for (const [at, octet] of changes) octets[at] = octet
      const unpacked = unpackTnef(octets)
      for (const { octets: file } of unpacked?.files ?? [])
        expect(file.length).toBeLessThanOrEqual(octets.length)
    }),
  )
})

test('random octets after the signature, compressed and as rich text never throw', () => {
  const words = fc.constantFrom(
    '{',
    '}',
    '\\',
    "\\'",
    '\\u',
    '\\*',
    '\\bin9',
    '\\f1',
    '\\htmlrtf',
    '\\fcharset128',
    'a',
    '\x81',
    '-1',
    ' ',
  )
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 400 }), fc.array(words), (octets, rtf) => {
      unpackTnef(layOut([4, 0x223e9f78], [2, 0], octets))
      unpackTnef(tnefStream(messageAttribute(0x9003, octets)))
      decompressRtf(layOut([4, 0], [4, 0xffffffff], [4, 0x75465a4c], [4, 0], octets))
      readRtf(Buffer.from(rtf.join(''), 'latin1'))
    }),
  )
})

test.each([
  ['a length beyond the end', layOut([4, 0x223e9f78], [2, 0], [1, 1], [2, 0x800c], [2, 2], [4, 0xffffffff])],
  ['a count of properties without end', tnefStream(messageAttribute(0x9003, Buffer.alloc(64, 0xff)))],
  [
    'a count of empty values without end',
    tnefStream(messageAttribute(0x9003, layOut([4, 9], [2, 0x1001], [2, 1], [4, 0xffffffff]))),
  ],
  ['attributes without end', tnefStream(Buffer.alloc(900_000))],
  [
    'files without end',
    tnefStream(Buffer.concat(Array.from({ length: 4000 }, () => attachedFile('a', Buffer.from('b'))))),
  ],
])('%s is bounded', (_name, octets) => {
  expect(unpackTnef(octets)?.files.length).toBeLessThanOrEqual(300)
})

test.each(['{', '}', '\\*\\x', "\\'81", '\\u1', '{\\f1', '\\bin', 'a\\par'])(
  'rich text that repeats %j is read in one pass',
  (run) => {
    expect(() => readRtf(Buffer.from(run.repeat(1_000_000 / run.length)))).not.toThrow()
  },
)
