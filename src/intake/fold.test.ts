import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { fold } from './fold.ts'
import { foldWords, phraseSet } from './phrase-set.ts'

test.each([
  ["Customer's  Domain:", 'customers domain'],
  ['Customer’s Domaín', 'customers domain'],
  ['STRAßE', 'strasse'],
  ['ＵＲＬ', 'url'],
  ['--- _*_ ---', ''],
])('%s folds to %s', (text, folded) => {
  expect(fold(text)).toBe(folded)
})

test('plain ASCII folds as it does beside other letters', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary-ascii', maxLength: 40 }), (text) => {
      expect(`${fold(text)} e`.trim()).toBe(fold(`${text} é`))
    }),
  )
})

test('a set has a phrase when it finds one', () => {
  const set = phraseSet(['no change', 'bounce*', 'see be*', '確認'])
  const words = fc.constantFrom(
    'no',
    'change',
    'bounced',
    'bounce',
    'see',
    'below',
    'be',
    'boun',
    '確認済',
    'x',
  )
  fc.assert(
    fc.property(fc.array(words, { maxLength: 6 }), (text) => {
      const folded = foldWords(text.join(' '))
      expect(set.has(folded)).toBe(set.all(folded).length > 0)
    }),
  )
})
