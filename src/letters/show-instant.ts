/**
 * Shows instants, sizes and plural forms in the reader's language and time zone.
 * Fails: never; an unknown zone or language is shown as UTC or in English, since a letter must go out all the same.
 * Source: ECMA-402 (Intl), IANA time zone database.
 */

/** English of the whole world: day before month, 24 hours. */
const LOCALES: Readonly<Record<string, string>> = { en: 'en-GB' }

/** Formatters are dear to make; languages times zones are few, and strangers cannot add to them. */
const formatters = new Map<string, Intl.DateTimeFormat>()
const MAX_FORMATTERS = 2_000

const BYTES_PER_KB = 1_000

function localeOf(language: string): string {
  const locale = LOCALES[language] ?? language
  try {
    return Intl.getCanonicalLocales(locale)[0] ?? 'en-GB'
  } catch {
    return 'en-GB'
  }
}

/** Gives the zone itself when it is known, else `UTC`. */
export function knownTimeZone(timeZone: string): string {
  try {
    Intl.DateTimeFormat('en', { timeZone })
    return timeZone
  } catch {
    return 'UTC'
  }
}

function formatterFor(language: string, timeZone: string): Intl.DateTimeFormat {
  const key = `${language} ${timeZone}`
  const known = formatters.get(key)
  if (known !== undefined) return known
  const made = new Intl.DateTimeFormat(localeOf(language), {
    weekday: 'long',
    year: 'numeric',
    month: 'long',
    day: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
    timeZone: knownTimeZone(timeZone),
    timeZoneName: 'short',
  })
  if (formatters.size < MAX_FORMATTERS) formatters.set(key, made)
  return made
}

/** Shows an instant with its weekday and zone: "Tuesday 24 November 2026 at 14:05 CET". */
export function showInstant(instant: Date, language: string, timeZone: string): string {
  return formatterFor(language, timeZone).format(instant)
}

/** Shows a size: "84 kB", "1.2 MB". */
export function showSize(bytes: number, language: string): string {
  const kilobytes = bytes / BYTES_PER_KB
  const isSmall = kilobytes < BYTES_PER_KB
  return new Intl.NumberFormat(localeOf(language), {
    style: 'unit',
    unit: isSmall ? 'kilobyte' : 'megabyte',
    maximumFractionDigits: isSmall ? 0 : 1,
  }).format(isSmall ? Math.max(1, kilobytes) : kilobytes / BYTES_PER_KB)
}

/** Names the plural form of a count: `one`, `other`, in some languages `few` or `many`. */
export function pluralForm(count: number, language: string): Intl.LDMLPluralRule {
  return new Intl.PluralRules(localeOf(language)).select(count)
}
