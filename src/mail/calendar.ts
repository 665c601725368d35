/**
 * Shows a calendar part as text when a mail has no other: what, when, where, who.
 * Fails: never; unknown lines are skipped. Source: RFC 5545 §3.1 (folding), §3.3.11 (escapes).
 */
import { cleanText } from './clean-text.ts'

const SHOWN: Readonly<Record<string, string>> = {
  SUMMARY: 'Summary',
  DTSTART: 'Start',
  DTEND: 'End',
  LOCATION: 'Location',
  ORGANIZER: 'Organizer',
  DESCRIPTION: 'Description',
}
const MAX_LINES = 200

/** Reads the first event of a calendar to lines such as `Summary: Migration`. */
export function readCalendar(text: string): string {
  const lines = cleanText(text)
    .replace(/\n[ \t]/g, '')
    .split('\n')
    .slice(0, 5000)
  const start = lines.indexOf('BEGIN:VEVENT')
  const end = lines.indexOf('END:VEVENT', start)
  const event = start < 0 ? lines : lines.slice(start, end < 0 ? undefined : end)
  return event
    .slice(0, MAX_LINES)
    .flatMap((line) => {
      const match = /^([A-Z-]{1,40})(?:;[^:]{0,400})?:(.*)$/.exec(line)
      const label = SHOWN[match?.[1] ?? '']
      return label === undefined || match?.[2] === undefined ? [] : [`${label}: ${unescapeText(match[2])}`]
    })
    .join('\n')
}

function unescapeText(value: string): string {
  return value.replace(/\\([nN,;\\])/g, (_all, letter: string) =>
    letter.toLowerCase() === 'n' ? '\n' : letter,
  )
}
