import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { mailOfText, NO_HINTS, shippedPolicy } from './mail-of-text.ts'
import { readSubmission } from './read.ts'

const policy = shippedPolicy()
const SIX = policy.fields.filter((row) => row.required).map((row) => row.name)

const BAIT = [
  'a'.repeat(200_000),
  'a.'.repeat(100_000),
  'a@'.repeat(100_000),
  'a-'.repeat(100_000),
  ' '.repeat(200_000),
  ':'.repeat(200_000),
  'Partner Domain: '.repeat(12_000),
  'Partner Domain:\n'.repeat(12_000),
  'password: '.repeat(20_000),
  'password '.repeat(20_000),
  'user: x password: y '.repeat(10_000),
  '> '.repeat(100_000),
  '>\n'.repeat(100_000),
  '('.repeat(100_000) + ')'.repeat(100_000),
  '{{'.repeat(100_000),
  '<'.repeat(200_000),
  '"'.repeat(200_000),
  'x@y.example / '.repeat(10_000),
  'https://'.repeat(25_000),
  'not tried '.repeat(20_000),
  'パスワード'.repeat(40_000),
  `${'a '.repeat(50_000)}:`,
  'Customer Domian Nmae: x\n'.repeat(8000),
  '- '.repeat(100_000),
  '1. '.repeat(60_000),
  '*'.repeat(200_000),
  'customer a.example '.repeat(10_000),
  `Password ${'.'.repeat(200_000)}`,
  '[Partner '.repeat(20_000),
  'jdoe / Lamp;Post44\n'.repeat(10_000),
  'password of a@b.example is '.repeat(8000),
  'U: a@b.example '.repeat(12_000),
  '\u0301'.repeat(200_000),
  '\u200b\u202e'.repeat(100_000),
]

describe('hostile text', () => {
  it.each(BAIT.map((text) => [text.slice(0, 24), text]))('gives a reading of %j repeated', (_start, text) => {
    const reading = readSubmission(mailOfText(text), policy, NO_HINTS)
    expect(SIX).toEqual(expect.arrayContaining([...reading.missing]))
    expect(reading.missing.length).toBeGreaterThan(0)
  })

  it('keeps the first of 500 repetitions of a label', () => {
    const text = Array.from({ length: 500 }, (_, at) => `Control Panel URL: https://cp${at}.x.example`).join(
      '\n',
    )
    const reading = readSubmission(mailOfText(text), policy, NO_HINTS)
    expect(reading.fields['control_panel_url']?.value).toBe('https://cp0.x.example')
  })

  it('reads a table of a hundred thousand rows without reading all of it', () => {
    const tableRows = Array.from({ length: 100_000 }, () => ['Partner Domain', 'x.example'])
    const reading = readSubmission(mailOfText('', { tableRows }), policy, NO_HINTS)
    expect(reading.fields['partner_domain']?.value).toBe('x.example')
  })

  it('gives a reading of any text, with every missing field in the order of the policy', () => {
    const piece = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 40 }),
      fc.constantFrom(
        'Partner Domain',
        'User Credentials:',
        'password is',
        ' / ',
        '\n',
        '> ',
        '\t',
        ': ',
        'a@b.example',
        'https://cp.b.example',
        '{{x}}',
        '<script>',
        '•',
        '[x] ',
        'we tried',
        'パスワード：',
      ),
    )
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), fc.boolean(), (pieces, reply) => {
        const text = pieces.join('')
        const hints = reply ? { ...NO_HINTS, missing: SIX } : NO_HINTS
        const reading = readSubmission(mailOfText(text, { subject: text.slice(0, 80) }), policy, hints)
        expect(reading.missing).toEqual(SIX.filter((name) => reading.missing.includes(name)))
        for (const value of Object.values(reading.fields)) {
          if (value.kind === 'plain') expect(value.value).not.toBe('')
        }
      }),
      { numRuns: 300 },
    )
  })

  it('never leaves a labelled password in the texts', () => {
    const password = fc.stringMatching(/^[A-Za-z0-9!#$%&*+=^~_]{8,20}[0-9][!#$%&*+=]$/)
    fc.assert(
      fc.property(password, (secret) => {
        const text = `User Credentials: a@b.example / ${secret}\nDetails of the Issue: ${secret} fails since Monday\nSteps taken: we tried ${secret} in OWA`
        const reading = readSubmission(mailOfText(text), policy, NO_HINTS)
        expect(reading.fields['credentials']?.value).toEqual({ username: 'a@b.example', password: secret })
        for (const name of ['details', 'steps_taken']) {
          expect(JSON.stringify(reading.fields[name]?.value)).not.toContain(secret)
        }
      }),
      { numRuns: 200 },
    )
  })
})
