import { describe, expect, test } from 'vitest'
import { columnsOf, MAX_COLUMNS, wrapText } from './wrap-text.ts'

const URL = `https://cp.nordwind.example/${'a'.repeat(90)}`

describe('wrapText', () => {
  const cases: readonly (readonly [string, string, string])[] = [
    ['leaves a short line as it is', 'one two', 'one two'],
    ['parts a long line between words', 'aaaa bbbb cccc', 'aaaa bbbb\ncccc'],
    ['fills a line to its last column', 'aaaa bbbbb cc', 'aaaa bbbbb\ncc'],
    ['hangs the rest under an indented text', '  aaaa bbbb cccc', '  aaaa\n  bbbb\n  cccc'],
    ['hangs the rest under the text behind a dash', '- aaaa bbbb cc', '- aaaa\n  bbbb cc'],
    ['hangs the rest under the text behind a tick', '✓ aaaa bbbb cc', '✓ aaaa\n  bbbb cc'],
    [
      'keeps a word that is longer than the line whole',
      'see aaaaaaaaaaaaaaaa now',
      'see\naaaaaaaaaaaaaaaa\nnow',
    ],
    ['keeps empty lines', 'a\n\nb', 'a\n\nb'],
    ['takes blanks off line ends', 'a   \nb', 'a\nb'],
    ["keeps the blank of a signature's separator", 'a\n-- \nb', 'a\n-- \nb'],
    ['parts wide characters without blanks', 'あいうえおかき', 'あいうえお\nかき'],
    ['starts no line with a full stop', 'あいうえお。か', 'あいうえ\nお。か'],
  ]
  for (const [sentence, text, expected] of cases) {
    test(sentence, () => {
      expect(wrapText(text, 10)).toBe(expected)
    })
  }

  test('never parts an address from the rest of itself', () => {
    expect(wrapText(`Panel: ${URL}`)).toBe(`Panel:\n${URL}`)
  })

  test('keeps every line of a long text within the width', () => {
    const text = 'word '.repeat(500)
    expect(
      wrapText(text)
        .split('\n')
        .every((line) => columnsOf(line) <= MAX_COLUMNS),
    ).toBe(true)
  })
})

describe('columnsOf', () => {
  const cases: readonly (readonly [string, number])[] = [
    ['abc', 3],
    ['日本', 4],
    ['é', 1],
    ['e\u0301', 1],
    ['✓', 1],
    ['', 0],
  ]
  test.each(cases)('counts the columns of %j', (text, columns) => {
    expect(columnsOf(text)).toBe(columns)
  })
})
