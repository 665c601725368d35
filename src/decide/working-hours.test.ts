/** Working hours, also where the clock of the zone jumps. */
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import type { WorkingHours } from '../intake/policy.ts'
import { addWorkingMs, workingMs } from './working-hours.ts'

const HOUR = 3_600_000
const berlin: WorkingHours = {
  timeZone: 'Europe/Berlin',
  days: {
    1: [[540, 1020]],
    2: [[540, 1020]],
    3: [[540, 1020]],
    4: [[540, 1020]],
    5: [
      [540, 720],
      [780, 1020],
    ],
  },
  holidays: ['2026-12-25'],
}
const nights: WorkingHours = {
  timeZone: 'Europe/Berlin',
  days: Object.fromEntries([0, 1, 2, 3, 4, 5, 6].map((day) => [day, [[0, 360]] as const])),
  holidays: [],
}

test.each([
  // A Friday afternoon; the rest on Monday.
  ['2026-11-27T15:00:00Z', 2, '2026-11-30T09:00:00.000Z'],
  // Before hours: counted from nine.
  ['2026-11-23T05:00:00Z', 1, '2026-11-23T09:00:00.000Z'],
  // The break of a Friday does not count.
  ['2026-11-27T10:00:00Z', 2, '2026-11-27T13:00:00.000Z'],
  // A holiday is passed over, as is the weekend after it.
  ['2026-12-24T15:30:00Z', 1, '2026-12-28T08:30:00.000Z'],
  // Summer time: nine o'clock is seven in UTC.
  ['2026-07-01T05:00:00Z', 1, '2026-07-01T08:00:00.000Z'],
])('From %s on, %i hours are over at %s.', (start, hours, end) => {
  expect(addWorkingMs(new Date(start), hours * HOUR, berlin).toISOString()).toBe(end)
})

test.each([
  // In spring the night from 0 to 6 has five hours, in autumn seven.
  ['2026-03-28T23:00:00Z', '2026-03-29T04:00:00Z', 5],
  ['2026-10-24T22:00:00Z', '2026-10-25T05:00:00Z', 7],
  ['2026-11-22T23:00:00Z', '2026-11-23T05:00:00Z', 6],
])('Between %s and %s there are %i hours of the night.', (from, to, hours) => {
  expect(workingMs(new Date(from), new Date(to), nights)).toBe(hours * HOUR)
})

test('Every change of the clock from 2024 to 2034 leaves a working day its eight hours.', () => {
  for (let year = 2024; year <= 2034; year += 1) {
    for (const month of [2, 9]) {
      for (let day = 20; day <= 31; day += 1) {
        const noon = new Date(Date.UTC(year, month, day, 12))
        if (noon.getUTCDay() < 1 || noon.getUTCDay() > 4) continue
        const from = new Date(noon.getTime() - 12 * HOUR)
        expect(workingMs(from, new Date(from.getTime() + 24 * HOUR), berlin)).toBe(8 * HOUR)
      }
    }
  }
})

const instant = fc.integer({ min: Date.UTC(2025, 0, 1), max: Date.UTC(2028, 0, 1) }).map((ms) => new Date(ms))

test('Used time never shrinks, is the same in one piece or two, and ends when it is used up.', () => {
  fc.assert(
    fc.property(
      instant,
      fc.integer({ min: 0, max: 400 * HOUR }),
      fc.integer({ min: 0, max: 400 * HOUR }),
      fc.constantFrom(berlin, nights, null),
      (start, one, two, hours) => {
        const middle = new Date(start.getTime() + one)
        const end = new Date(middle.getTime() + two)
        const whole = workingMs(start, end, hours)
        expect(workingMs(start, middle, hours) + workingMs(middle, end, hours)).toBe(whole)
        expect(whole).toBeGreaterThanOrEqual(workingMs(start, middle, hours))
        expect(whole).toBeLessThanOrEqual(end.getTime() - start.getTime())
        expect(workingMs(start, addWorkingMs(start, one, hours), hours)).toBe(one)
      },
    ),
    { numRuns: 300 },
  )
})
