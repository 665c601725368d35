import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { isWithinEdits, letterMarks, mayBeWithinEdits } from './edit-distance.ts'

test.each([
  ['details', 'detials', 1, true],
  ['details', 'detail', 1, true],
  ['details', 'detalis of', 1, false],
  ['customer domain', 'custmer domian', 2, true],
  ['customer domain', 'custmer domian', 1, false],
  ['user', 'issue', 1, false],
])('%s and %s are within %d slips: %s', (one, other, limit, within) => {
  expect(isWithinEdits(one, other, limit)).toBe(within)
})

test('the marks never rule out words that are close', () => {
  const letters = fc.string({ unit: fc.constantFrom('a', 'b', 'c', 'ü', 'q', ' ', '\u0441'), maxLength: 8 })
  fc.assert(
    fc.property(letters, letters, fc.constantFrom(1, 2), (one, other, limit) => {
      if (isWithinEdits(one, other, limit))
        expect(mayBeWithinEdits(letterMarks(one), letterMarks(other), limit)).toBe(true)
    }),
  )
  expect(mayBeWithinEdits(letterMarks('password'), letterMarks('customer'), 1)).toBe(false)
})
