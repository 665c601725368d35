import { expect, test } from 'vitest'
import {
  allFields,
  bodyOffset,
  decodeValue,
  firstField,
  readRawFields,
  readStructured,
} from './header-fields.ts'
import { MAX_HEADER_FIELDS } from './limits.ts'

const fieldsOf = (header: string): ReturnType<typeof readRawFields> => readRawFields(Buffer.from(header))

test('folded fields are unfolded, order and duplicates are kept', () => {
  const fields = fieldsOf('Subject: one\r\n two\r\nX-A: 1\r\nx-a : 2\r\n')
  expect(fields.map(({ name }) => name)).toEqual(['Subject', 'X-A', 'x-a'])
  expect(firstField(fields, 'subject')).toBe('one two')
  expect(allFields(fields, 'x-a')).toEqual(['1', '2'])
  expect(firstField(fields, 'to')).toBeNull()
})

test('raw UTF-8 and raw Latin-1 in values are both read', () => {
  expect(firstField(fieldsOf('Subject: Größe'), 'subject')).toBe('Größe')
  expect(firstField(readRawFields(Buffer.from('Subject: Gr\xf6\xdfe', 'latin1')), 'subject')).toBe('Größe')
})

test('the number of fields is bounded', () => {
  expect(fieldsOf('A: 1\n'.repeat(MAX_HEADER_FIELDS + 10))).toHaveLength(MAX_HEADER_FIELDS)
})

test('an encoded line end in a subject does not start a new field', () => {
  expect(decodeValue('=?utf-8?Q?Hi=0D=0ABcc:_x@y.example?=')).toBe('Hi Bcc: x@y.example')
})

test.each([
  ['a: 1\r\n\r\nbody', 8],
  ['a: 1\n\nbody', 6],
  ['a: 1\n\r\nbody', 7],
  ['\nbody', 1],
  ['a: 1', 4],
])('the body of %j starts at %i', (content, offset) => {
  expect(bodyOffset(Buffer.from(content))).toBe(offset)
})

test.each([
  ['text/plain; charset="utf-8" (comment)', 'text/plain', { charset: 'utf-8' }],
  ["attachment; filename*=utf-8''Gr%C3%B6%C3%9Fe.txt", 'attachment', { filename: 'Größe.txt' }],
  ['attachment; filename="=?utf-8?Q?Gr=C3=B6=C3=9Fe.txt?="', 'attachment', { filename: 'Größe.txt' }],
  ['Multipart/Mixed;; boundary=b', 'multipart/mixed', { boundary: 'b' }],
])('the structured value %j is %s with %j', (value, kind, params) => {
  const structured = readStructured(value)
  expect(structured.value).toBe(kind)
  expect(structured.params).toMatchObject(params)
})
