/**
 * Reads the Date field. Unreadable means null, never "now".
 * Fails: never. Source: RFC 5322 §3.3 and §4.3 (obsolete zones, two-digit years).
 */

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']

/** Minutes east of UTC of the zone names of RFC 822; a military letter means unknown and counts as UTC. */
const ZONE_MINUTES: Readonly<Record<string, number>> = {
  ut: 0,
  utc: 0,
  gmt: 0,
  est: -300,
  edt: -240,
  cst: -360,
  cdt: -300,
  mst: -420,
  mdt: -360,
  pst: -480,
  pdt: -420,
  cet: 60,
  cest: 120,
  bst: 60,
  jst: 540,
}

/** Day, month name, year, time with optional seconds, optional zone; the day of the week before it is ignored. */
const RFC_DATE =
  /(\d{1,2})[ -]([a-z]{3})[a-z]{0,6}[ ,-]+(\d{2,4}),?[ ]+(\d{1,2})[:.](\d{2})(?:[:.](\d{2}))?(?:[.,]\d{1,9})?[ ]*([ap]m\b)?[ ]*([+-][ ]?\d{1,2}:?\d{2}|[a-z]{1,5})?/i
/** The order of asctime: month, day, time, optional zone, year. */
const ASCTIME =
  /([a-z]{3})[a-z]{0,6}[ ]+(\d{1,2}),?[ ]+(\d{1,2}):(\d{2})(?::(\d{2}))?[ ]*([a-z]{1,4}|[+-]\d{4})?[ ]+(\d{4})/i
const ISO = /^(\d{4})-(\d{2})-(\d{2})[T ](\d{2}):(\d{2})(?::(\d{2}))?(?:\.\d{1,9})?[ ]*(Z|[+-]\d{2}:?\d{2})?/i

/** Parses the value of a Date field; null when it names no instant. */
export function parseMailDate(value: string): Date | null {
  const text = value
    .slice(0, 200)
    .replace(/\([^()]{0,100}\)/g, ' ')
    .replace(/\s+/g, ' ')
    .trim()
  const iso = ISO.exec(text)
  if (iso !== null) {
    const [, year, month, day, hour, minute, second, zone] = iso
    return instant(
      [Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute), Number(second ?? 0)],
      zone,
    )
  }
  const rfc = RFC_DATE.exec(text)
  if (rfc !== null) {
    const [, day, month, year, hour, minute, second, half, zone] = rfc
    const clock = [
      fullYear(year ?? ''),
      monthIndex(month),
      Number(day),
      clockHour(hour, half),
      Number(minute),
      Number(second ?? 0),
    ]
    return instant(clock, zone)
  }
  const asctime = ASCTIME.exec(text)
  if (asctime === null) return null
  const [, month, day, hour, minute, second, zone, year] = asctime
  return instant(
    [Number(year), monthIndex(month), Number(day), Number(hour), Number(minute), Number(second ?? 0)],
    zone,
  )
}

function monthIndex(name: string | undefined): number {
  return MONTHS.indexOf((name ?? '').toLowerCase())
}

function clockHour(hour: string | undefined, half: string | undefined): number {
  const plain = Number(hour)
  if (half === undefined) return plain
  return (plain % 12) + (half.toLowerCase() === 'pm' ? 12 : 0)
}

/** RFC 5322 §4.3: 00 to 49 are 2000 and later, other years of two or three digits count from 1900. */
function fullYear(digits: string): number {
  const year = Number(digits)
  if (digits.length >= 4) return year
  return digits.length === 2 && year < 50 ? year + 2000 : year + 1900
}

function instant(clock: readonly number[], zone: string | undefined): Date | null {
  const [year = 0, month = -1, day = 0, hour = 0, minute = 0, second = 0] = clock
  if (month < 0 || month > 11 || day < 1 || day > 31 || hour > 24 || minute > 59 || second > 60) return null
  const date = new Date(Date.UTC(year, month, day, hour, minute, second) - zoneMinutes(zone) * 60_000)
  return Number.isNaN(date.getTime()) ? null : date
}

function zoneMinutes(zone: string | undefined): number {
  const numeric = /^([+-])[ ]?(\d{1,2}):?(\d{2})$/.exec(zone ?? '')
  if (numeric === null) return ZONE_MINUTES[(zone ?? '').toLowerCase()] ?? 0
  const minutes = Number(numeric[2]) * 60 + Number(numeric[3])
  return numeric[1] === '-' ? -minutes : minutes
}
