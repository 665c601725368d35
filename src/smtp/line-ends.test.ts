import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { normaliseLineEnds } from './line-ends.ts'

test.each([
  ['', '', false, false],
  ['a\r\nb\r\n', 'a\r\nb\r\n', false, false],
  ['a\nb', 'a\r\nb', true, false],
  ['a\rb', 'a\r\nb', true, false],
  ['\n\n', '\r\n\r\n', true, false],
  ['\r\r\n\n', '\r\n\r\n\r\n', true, false],
  ['\n\r', '\r\n\r\n', true, false],
  ['a\0\r\n', 'a\0\r\n', false, true],
  ['\r', '\r\n', true, false],
])('%j becomes %j', (received, content, bareNewline, hasNul) => {
  const normal = normaliseLineEnds(Buffer.from(received))
  expect({ ...normal, content: normal.content.toString() }).toEqual({ content, bareNewline, hasNul })
})

test('clean content comes back as the same octets, without a copy', () => {
  const content = Buffer.from('a\r\n\r\nb\r\n')
  expect(normaliseLineEnds(content).content).toBe(content)
})

test('whatever came, the result has no bare CR or LF, and doing it again changes nothing', () => {
  const octet = fc.constantFrom('\r', '\n', '\0', '.', 'a')
  fc.assert(
    fc.property(fc.string({ unit: octet, maxLength: 40 }), (text) => {
      const { content } = normaliseLineEnds(Buffer.from(text))
      expect(content.toString().replaceAll('\r\n', '')).not.toMatch(/[\r\n]/)
      expect(content.toString().replace(/[\r\n]/g, '')).toBe(text.replace(/[\r\n]/g, ''))
      expect(normaliseLineEnds(content).bareNewline).toBe(false)
    }),
  )
})
