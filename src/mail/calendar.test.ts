import { expect, test } from 'vitest'
import { readCalendar } from './calendar.ts'

test('the first event is shown line by line, unfolded and unescaped', () => {
  const text = [
    'BEGIN:VCALENDAR',
    'BEGIN:VEVENT',
    'SUMMARY;LANGUAGE=en:Migration of a.exam',
    ' ple\\, step 2',
    'DTSTART;TZID=Europe/Berlin:20260302T090000',
    'DESCRIPTION:Bring\\nlogs',
    'X-OTHER:hidden',
    'END:VEVENT',
    'BEGIN:VEVENT',
    'SUMMARY:Another',
    'END:VEVENT',
    'END:VCALENDAR',
  ].join('\r\n')
  expect(readCalendar(text)).toBe(
    'Summary: Migration of a.example, step 2\nStart: 20260302T090000\nDescription: Bring\nlogs',
  )
})
