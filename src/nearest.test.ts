import { expect, test } from 'vitest'
import { nearest } from './nearest.ts'

test.each([
  ['partner ad', 'partner add'],
  ['tikcet list', 'ticket list'],
  ['serv', 'serve'],
  ['zzzzzz', null],
])('the nearest command to %s is %s', (typed, expected) => {
  expect(nearest(typed, ['serve', 'partner add', 'partner list', 'ticket list'])).toBe(expected)
})
