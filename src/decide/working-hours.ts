/**
 * A queue's hours: how much of a span counts, and when a time owed is used up. Around the clock unless a queue says
 * otherwise; days follow the wall clock of the zone, so that a day of 23 or 25 hours is one day.
 * Fails: hours without a single working minute in ten years are a fault; the policy refuses them before.
 */
import type { WorkingHours } from '../intake/policy.ts'

const MINUTE_MS = 60_000
const DAY_MS = 24 * 60 * MINUTE_MS
/** Ten years: nothing is promised for longer. */
const MAX_DAYS = 3660

type Span = { readonly from: number; readonly to: number }
type LocalDay = { readonly year: number; readonly month: number; readonly day: number }

/** Milliseconds of working time between two instants; 0 when the second is not after the first. */
export function workingMs(from: Date, to: Date, hours: WorkingHours | null): number {
  if (to <= from) return 0
  if (hours === null) return to.getTime() - from.getTime()
  let used = 0
  for (const span of spansFrom(from, hours)) {
    if (span.from >= to.getTime()) break
    used += Math.min(span.to, to.getTime()) - span.from
  }
  return used
}

/** The instant at which so much working time has passed since `start`. */
export function addWorkingMs(start: Date, ms: number, hours: WorkingHours | null): Date {
  if (hours === null || ms <= 0) return new Date(start.getTime() + Math.max(0, ms))
  let left = ms
  for (const { from, to } of spansFrom(start, hours)) {
    if (to - from >= left) return new Date(from + left)
    left -= to - from
  }
  throw new Error('these working hours never come')
}

/** Working spans in order, the one under way cut at the start. */
function* spansFrom(start: Date, hours: WorkingHours): Generator<Span> {
  const holidays = new Set(hours.holidays)
  let day = localDay(start, hours.timeZone)
  for (let count = 0; count < MAX_DAYS; count += 1) {
    if (!holidays.has(isoDate(day))) {
      for (const [from, to] of hours.days[weekday(day)] ?? []) {
        const span = { from: instantOf(day, from, hours.timeZone), to: instantOf(day, to, hours.timeZone) }
        if (span.to > start.getTime()) yield { from: Math.max(span.from, start.getTime()), to: span.to }
      }
    }
    day = nextDay(day)
  }
}

function isoDate({ year, month, day }: LocalDay): string {
  return new Date(Date.UTC(year, month - 1, day)).toISOString().slice(0, 10)
}

/** 0 is Sunday, as in `Date`. */
function weekday({ year, month, day }: LocalDay): number {
  return new Date(Date.UTC(year, month - 1, day)).getUTCDay()
}

function nextDay({ year, month, day }: LocalDay): LocalDay {
  const next = new Date(Date.UTC(year, month - 1, day) + DAY_MS)
  return { year: next.getUTCFullYear(), month: next.getUTCMonth() + 1, day: next.getUTCDate() }
}

const formats = new Map<string, Intl.DateTimeFormat>()

function formatOf(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone)
  if (known !== undefined) return known
  const made = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  })
  formats.set(timeZone, made)
  return made
}

/** The wall clock of a zone at an instant, as if it were UTC. */
function wallClock(at: number, timeZone: string): number {
  const parts = Object.fromEntries(
    formatOf(timeZone)
      .formatToParts(at)
      .map(({ type, value }) => [type, Number(value)]),
  )
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts
  return Date.UTC(year, month - 1, day, hour, minute, second)
}

function localDay(at: Date, timeZone: string): LocalDay {
  const wall = new Date(wallClock(at.getTime(), timeZone))
  return { year: wall.getUTCFullYear(), month: wall.getUTCMonth() + 1, day: wall.getUTCDate() }
}

/** The instant of a wall-clock minute; one that the clock jumps over is that much later. */
function instantOf({ year, month, day }: LocalDay, minutes: number, timeZone: string): number {
  const wall = Date.UTC(year, month - 1, day) + minutes * MINUTE_MS
  const first = wall - (wallClock(wall, timeZone) - wall)
  const offset = wallClock(first, timeZone) - first
  return wall - offset
}
