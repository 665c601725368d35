import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { readCsv, writeCsv } from './csv.ts'

test.each([
  [
    'plain cells',
    'a,b\r\nc,d\r\n',
    [
      ['a', 'b'],
      ['c', 'd'],
    ],
  ],
  [
    'quotes, commas and line ends in quotes',
    '"a ""b""","c,d"\n"e\nf",g',
    [
      ['a "b"', 'c,d'],
      ['e\nf', 'g'],
    ],
  ],
  [
    'empty lines and a mark at the start',
    '\ufeffa,b\n\n,\nc,',
    [
      ['a', 'b'],
      ['c', ''],
    ],
  ],
  ['nothing', '', []],
])('Reads %s.', (_, text, expected) => {
  expect(readCsv(text).map((row) => row.cells)).toEqual(expected)
})

test('A row knows its first line.', () => {
  expect(readCsv('a\n"b\nc"\nd').map((row) => row.line)).toEqual([1, 2, 4])
})

test.each([
  ['a,"b', /line 1: a quote is never closed/],
  ['a\n"b"c', /line 2: something stands behind/],
])('%j is refused with its line.', (text, expected) => {
  expect(() => readCsv(text)).toThrow(expected)
})

test('What is written is read again.', () => {
  const cell = fc.string({ unit: fc.constantFrom('a', '"', ',', '\n', '\r\n', ' ', 'ü'), maxLength: 8 })
  const property = fc.property(
    fc.array(fc.array(cell, { minLength: 1, maxLength: 4 }), { maxLength: 5 }),
    (rows) => {
      const told = rows.filter((row) => row.some((one) => one !== ''))
      expect(readCsv(writeCsv(rows)).map((row) => row.cells)).toEqual(told)
    },
  )
  fc.assert(property, { numRuns: 500 })
})
