import { describe, expect, it } from 'vitest'
import { isAnswer, mergeFields, missingFields } from './complete.ts'
import { mailOfText, NO_HINTS, shippedPolicy } from './mail-of-text.ts'
import { readSubmission } from './read.ts'
import type { FieldValue } from './reading.ts'

const policy = shippedPolicy()
const credentials = (username: string | null, password: string | null): FieldValue => ({
  kind: 'credentials',
  value: { username, password },
  source: 'label',
  place: null,
})

describe('isAnswer', () => {
  it.each([
    ['both halves', credentials('a@b.example', 'x'), true],
    ['a user name alone', credentials('a@b.example', null), false],
    ['a password alone', credentials(null, 'x'), false],
    ['a one-time link alone', credentials(null, 'https://ots.example/s/1'), true],
    ['nothing', undefined, false],
  ])('judges %s', (_name, value, expected) => {
    expect(isAnswer(value)).toBe(expected)
  })
})

describe('mergeFields', () => {
  it('puts the password of the second mail to the user name of the first', () => {
    const merged = mergeFields(
      { credentials: credentials('a@b.example', null) },
      { fields: { credentials: credentials(null, 'x') } },
    )
    expect(merged['credentials']?.value).toEqual({ username: 'a@b.example', password: 'x' })
  })

  it('keeps whole credentials when a later mail only repeats a user name', () => {
    const merged = mergeFields(
      { credentials: credentials('a@b.example', 'x') },
      { fields: { credentials: credentials('c@b.example', null) } },
    )
    expect(merged['credentials']?.value).toEqual({ username: 'a@b.example', password: 'x' })
  })

  it('completes a submission over three rounds, bare values last', () => {
    const rounds = [
      ['Customer: bakery-lane.example\nPartner: northwind-it.example\nIssue: OWA shows the wrong calendar'],
      [
        'Control Panel URL: https://cp.northwind-it.example\nUser Credentials: coming soon\nSteps taken: logged in with two browsers, wrong both times',
      ],
      ['oven@bakery-lane.example\nRye+Bread9'],
    ]
    let fields: Readonly<Record<string, FieldValue>> = {}
    const missing: (readonly string[])[] = []
    for (const [text = ''] of rounds) {
      const hints = { ...NO_HINTS, missing: missing.at(-1) ?? null }
      fields = mergeFields(fields, readSubmission(mailOfText(text), policy, hints))
      missing.push(missingFields(fields, policy))
    }
    expect(missing).toEqual([['control_panel_url', 'credentials', 'steps_taken'], ['credentials'], []])
  })
})
