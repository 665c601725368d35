import { describe, expect, test } from 'vitest'
import { textOn } from './accent.ts'
import { cleanBlock, cleanInline } from './clean-text.ts'
import { replyLink } from './reply-link.ts'
import { knownTimeZone, pluralForm, showInstant, showSize } from './show-instant.ts'

const INSTANT = new Date('2026-11-24T13:05:00Z')

describe('showInstant', () => {
  const cases: readonly (readonly [string, string, string])[] = [
    ['en', 'UTC', 'Tuesday, 24 November 2026 at 13:05 UTC'],
    ['en', 'Europe/Berlin', 'Tuesday, 24 November 2026 at 14:05 CET'],
    ['en', 'America/New_York', 'Tuesday, 24 November 2026 at 08:05 GMT-5'],
    ['de', 'Europe/Berlin', 'Dienstag, 24. November 2026 um 14:05 MEZ'],
    ['en', 'Mars/Olympus', 'Tuesday, 24 November 2026 at 13:05 UTC'],
    ['not a language', 'UTC', 'Tuesday, 24 November 2026 at 13:05 UTC'],
  ]
  test.each(cases)('shows the day, the time and the zone in %s, %s', (language, zone, expected) => {
    expect(showInstant(INSTANT, language, zone)).toBe(expected)
  })

  test('follows the summer time of its zone', () => {
    expect(showInstant(new Date('2026-07-01T12:00:00Z'), 'en', 'Europe/Berlin')).toContain('14:00')
  })
})

describe('knownTimeZone', () => {
  test.each([
    ['Europe/Berlin', 'Europe/Berlin'],
    ['UTC', 'UTC'],
    ['', 'UTC'],
    ['../etc/passwd', 'UTC'],
  ])('gives for %j the zone %s', (zone, expected) => {
    expect(knownTimeZone(zone)).toBe(expected)
  })
})

test.each([
  [900, '1 kB'],
  [84_300, '84 kB'],
  [1_284_000, '1.3 MB'],
])('shows %d bytes as %s', (bytes, expected) => {
  expect(showSize(bytes, 'en')).toBe(expected)
})

test('chooses the plural form by language', () => {
  expect([pluralForm(1, 'en'), pluralForm(2, 'en'), pluralForm(1, 'ja')]).toEqual(['one', 'other', 'other'])
})

describe('textOn', () => {
  test.each([
    ['#1f5f8b', '#ffffff'],
    ['#000000', '#ffffff'],
    ['#ffd400', '#10151b'],
    ['#FFFFFF', '#10151b'],
  ])('chooses what can be read on %s', (colour, expected) => {
    expect(textOn(colour)).toBe(expected)
  })
})

describe('cleanInline', () => {
  const cases: readonly (readonly [string, string])[] = [
    ['  a \r\n b\tc ', 'a b c'],
    ['\u001b[31mred\u0007', '[31mred'],
    ['gnp\u202egpj.exe', 'gnpgpj.exe'],
    ['a\u2028b', 'a b'],
  ]
  test.each(cases)('makes of %j one harmless line', (text, expected) => {
    expect(cleanInline(text)).toBe(expected)
  })
})

test('cleanBlock keeps lines and their indentation, and one empty line at a time', () => {
  expect(cleanBlock('\r\n\r\na\r\n\r\n\r\n  b\u001b\n\n')).toBe('a\n\n  b')
})

describe('replyLink', () => {
  const reply = {
    address: 'support+abc@desk.example',
    subject: 'Re: Größe & Preis? [TG-1042]',
    tag: '[TG-1042]',
    lines: ['User Credentials: ', 'Steps taken: '],
  }

  test('opens a mail to the signed address, with subject and labels', () => {
    const link = new URL(replyLink(reply))
    expect(decodeURIComponent(link.pathname)).toBe('support+abc@desk.example')
    expect(replyLink(reply)).not.toContain('+')
    expect(link.searchParams.get('subject')).toBe(reply.subject)
    expect(link.searchParams.get('body')).toBe('User Credentials: \r\n\r\nSteps taken: \r\n')
  })

  test('leaves out a subject that would make the link too long, but never the tag', () => {
    const link = replyLink({ ...reply, subject: `Re: ${'長'.repeat(250)} [TG-1042]` })
    expect(link.length).toBeLessThan(1_000)
    expect(new URL(link).searchParams.get('subject')).toBe('Re: [TG-1042]')
  })

  test('bears half a surrogate pair', () => {
    expect(replyLink({ ...reply, subject: 'a\ud800b' })).toContain('mailto:')
  })
})
