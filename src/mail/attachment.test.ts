import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { readAttachment, safeFileName } from './attachment.ts'
import { MAX_ATTACHMENT_TEXT_BYTES, MAX_FILE_NAME_CHARS } from './limits.ts'
import type { MimePart } from './mime-tree.ts'

test.each([
  ['report.pdf', 'report.pdf'],
  ['../../../etc/passwd', 'passwd'],
  ['C:\\temp\\a.txt', 'a.txt'],
  ['in\r\nvoice.pdf', 'in voice.pdf'],
  ['photo\u202egnp.exe', 'photognp.exe'],
  ['.hidden', 'hidden'],
  ['a<b>"c|d?.txt', 'a_b__c_d_.txt'],
  ['/', null],
  ['', null],
  [null, null],
])('the name %j becomes %j', (name, safe) => {
  expect(safeFileName(name)).toBe(safe)
})

test('a very long name is cut and keeps its ending', () => {
  const name = safeFileName(`${'a'.repeat(5000)}.log`)
  expect(name).toHaveLength(MAX_FILE_NAME_CHARS)
  expect(name?.endsWith('.log')).toBe(true)
})

const part = (change: Partial<MimePart>): MimePart => ({
  fields: [],
  contentType: 'text/plain',
  params: {},
  disposition: 'attachment',
  fileName: 'a.txt',
  contentId: null,
  children: [],
  octets: Buffer.from('Größe'),
  ...change,
})

test('an attachment has size and hash of its decoded octets, and its text when it is readable', () => {
  const octets = Buffer.from('Größe')
  expect(readAttachment(part({}))).toEqual({
    fileName: 'a.txt',
    contentType: 'text/plain',
    size: octets.length,
    inline: false,
    sha256: createHash('sha256').update(octets).digest('hex'),
    text: 'Größe',
  })
})

test.each([
  ['a log with a wrong type', { contentType: 'application/octet-stream', fileName: 'x.log' }, true],
  ['a picture', { contentType: 'image/png', fileName: 'x.png' }, false],
  ['a binary that claims to be text', { octets: Buffer.alloc(500) }, false],
  ['a web page', { contentType: 'text/html', fileName: 'x.html' }, false],
])('%s is readable: %s', (_name, change, readable) => {
  expect(readAttachment(part(change)).text !== null).toBe(readable)
})

test('the text of a long file is bounded', () => {
  const { text, size } = readAttachment(part({ octets: Buffer.alloc(MAX_ATTACHMENT_TEXT_BYTES * 2, 'a') }))
  expect(text).toHaveLength(MAX_ATTACHMENT_TEXT_BYTES)
  expect(size).toBe(MAX_ATTACHMENT_TEXT_BYTES * 2)
})

test('a picture that the text refers to is inline', () => {
  expect(readAttachment(part({ disposition: null, contentId: '1@x', contentType: 'image/png' })).inline).toBe(
    true,
  )
})
