import { expect, test } from 'vitest'
import { parseMailDate } from './mail-date.ts'

test.each([
  ['Mon, 2 Mar 2026 09:15:30 +0100', '2026-03-02T08:15:30.000Z'],
  ['2 Mar 2026 09:15 GMT', '2026-03-02T09:15:00.000Z'],
  ['Mon, 02 Mar 2026 09:15:30 -0800 (PST)', '2026-03-02T17:15:30.000Z'],
  ['Mon, 02 Mar 2026 09:15:30 PST', '2026-03-02T17:15:30.000Z'],
  ['Mon, 2 Mar 26 09:15:30 Z', '2026-03-02T09:15:30.000Z'],
  ['Mon, 2 Mar 98 09:15:30 EST', '1998-03-02T14:15:30.000Z'],
  ['Mon, 2 March 2026 9:15:30 PM +0000', '2026-03-02T21:15:30.000Z'],
  ['Mon Mar  2 09:15:30 2026', '2026-03-02T09:15:30.000Z'],
  ['2026-03-02T09:15:30Z', '2026-03-02T09:15:30.000Z'],
  ['2026-03-02 09:15:30 +02:00', '2026-03-02T07:15:30.000Z'],
])('%j is the instant %s', (value, instant) => {
  expect(parseMailDate(value)?.toISOString()).toBe(instant)
})

test.each([
  '',
  'yesterday',
  'Mon, 32 Mar 2026 09:15:30 +0100',
  'Mon, 2 Foo 2026 09:15:30 +0100',
  'Mon, 2 Mar 2026 25:15:30 +0100',
  '%DATE%',
])('%j is no instant, and never now', (value) => {
  expect(parseMailDate(value)).toBeNull()
})
