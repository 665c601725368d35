import { expect, test } from 'vitest'
import { cleanLine, cleanText } from './clean-text.ts'

test.each([
  ['a\r\nb\rc', 'a\nb\nc'],
  ['a\u00a0b\u2003c\u202fd', 'a b c d'],
  ['pa\u200bss\ufeffwo\u2060rd', 'password'],
  ['\u202egnp.exe\u202c', 'gnp.exe'],
  ['nul\0here', 'nul\ufffdhere'],
  ['lone \ud800 surrogate', 'lone \ufffd surrogate'],
  ['bell\x07 and escape\x1b', 'bell and escape'],
  ['keeps\ttabs and 👩‍💻', 'keeps\ttabs and 👩‍💻'],
  ['P@ss<word>: =1 ', 'P@ss<word>: =1 '],
])('%j is cleaned to %j', (text, clean) => {
  expect(cleanText(text)).toBe(clean)
})

test('a header value stays on one line whatever is smuggled into it', () => {
  expect(cleanLine('Hello\r\nBcc: x@y.example\n\tmore')).toBe('Hello Bcc: x@y.example more')
})
