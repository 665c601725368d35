import { expect, test } from 'vitest'
import type { Credentials, FieldSource, FieldValue, Reading } from '../intake/reading.ts'
import type { InboxId } from '../mail/mail.ts'
import type { SecretId, StoredField } from './context.ts'
import { inheritedFrom, knownOf, knownOfPartner, mergeFields, NOTHING_KNOWN } from './merge-fields.ts'
import { inboxId, nothingSaid, openTicket, partner, policy, ticket } from './test-builders.ts'

const laterInbox = 'inbox00000000002' as InboxId

function plain(value: string, source: FieldSource = 'label'): FieldValue {
  return { kind: 'plain', value, source, place: null }
}

function credentials(value: Credentials, source: FieldSource = 'label'): FieldValue {
  return { kind: 'credentials', value, source, place: null }
}

function reading(fields: Record<string, FieldValue>, more: Partial<Reading> = {}): Reading {
  return {
    fields,
    threeRs: nothingSaid,
    missing: [],
    secrets: [],
    emptyAnswers: [],
    tones: [],
    language: null,
    warnings: [],
    ...more,
  }
}

test('A first mail gives its values, with their source and the mail they came from.', () => {
  const merged = mergeFields(NOTHING_KNOWN, reading({ partner_domain: plain('x.example') }), policy, inboxId)
  expect(merged.fields).toEqual({
    partner_domain: { value: 'x.example', source: 'label', inboxId, secretId: null },
  })
  expect(merged.missing).toEqual([
    'control_panel_url',
    'customer_domain',
    'credentials',
    'details',
    'steps_taken',
  ])
  expect(merged.gained).toEqual(['partner_domain'])
})

test('Values of all rounds add up, and older ones keep the mail they came from.', () => {
  const now = reading({
    credentials: credentials({ username: 'curator@x.example', password: 'Secret-1' }),
    steps_taken: plain('Tried it.'),
  })
  const merged = mergeFields(knownOf(ticket()), now, policy, laterInbox)
  expect(merged.missing).toEqual([])
  expect(merged.fields['details']?.inboxId).toBe(inboxId)
  expect(merged.fields['steps_taken']?.inboxId).toBe(laterInbox)
  expect(merged.fields['credentials']).toBeUndefined()
  expect(merged.seals).toEqual([
    { field: 'credentials', username: 'curator@x.example', password: 'Secret-1', source: 'label' },
  ])
})

test.each<[FieldSource, string]>([
  ['label', 'other.example'],
  ['table', 'other.example'],
  ['inline-answer', 'other.example'],
  ['inferred', 'milkchurnmuseum.example'],
  ['subject', 'milkchurnmuseum.example'],
])('A value by %s leaves a known customer domain as %s.', (source, expected) => {
  const merged = mergeFields(
    knownOf(openTicket()),
    reading({ customer_domain: plain('other.example', source) }),
    policy,
    laterInbox,
  )
  expect(merged.fields['customer_domain']?.value).toBe(expected)
})

test('An inferred value fills in what was missing.', () => {
  const merged = mergeFields(
    knownOf(ticket()),
    reading({ steps_taken: plain('Tried it.', 'inferred') }),
    policy,
    laterInbox,
  )
  expect(merged.missing).toEqual(['credentials'])
})

test('The same value again is no progress.', () => {
  const again = reading({ customer_domain: plain('milkchurnmuseum.example') })
  expect(mergeFields(knownOf(ticket()), again, policy, laterInbox).gained).toEqual([])
})

const usernameOnly: StoredField = { value: 'curator@x.example', source: 'label', inboxId, secretId: null }
const passwordOnly: StoredField = { value: '', source: 'label', inboxId, secretId: 's' as SecretId }
const whole: StoredField = { ...usernameOnly, secretId: 's' as SecretId }

test.each<
  [string, StoredField | null, Credentials, { missing: boolean; sealed: number; username: string | null }]
>([
  ['a user name alone', null, { username: 'a', password: null }, { missing: true, sealed: 0, username: 'a' }],
  ['a password alone', null, { username: null, password: 'p' }, { missing: true, sealed: 1, username: null }],
  [
    'a one-time link alone',
    null,
    { username: null, password: 'https://ots.example/x' },
    { missing: false, sealed: 1, username: null },
  ],
  [
    'a password after the user name',
    usernameOnly,
    { username: null, password: 'p' },
    { missing: false, sealed: 1, username: 'curator@x.example' },
  ],
  [
    'a user name after the password',
    passwordOnly,
    { username: 'a', password: null },
    { missing: false, sealed: 0, username: 'a' },
  ],
  [
    'another user name without a password',
    whole,
    { username: 'b', password: null },
    { missing: false, sealed: 0, username: 'curator@x.example' },
  ],
  ['new credentials', whole, { username: 'b', password: 'q' }, { missing: false, sealed: 1, username: 'b' }],
])('Credentials after %s are judged by both halves.', (_, before, value, expected) => {
  const missing = before === whole ? [] : ['credentials']
  const known = { fields: before === null ? {} : { credentials: before }, threeRs: null, missing }
  const merged = mergeFields(known, reading({ credentials: credentials(value) }), policy, laterInbox)
  expect(merged.missing.includes('credentials')).toBe(expected.missing)
  expect(merged.seals).toHaveLength(expected.sealed)
  expect(merged.seals[0]?.username ?? merged.fields['credentials']?.value ?? null).toBe(expected.username)
})

test('A sealed one-time link without a user name stays an answer in later rounds.', () => {
  const known = { fields: { credentials: passwordOnly }, threeRs: null, missing: ['steps_taken'] }
  const merged = mergeFields(known, reading({ steps_taken: plain('Tried it.') }), policy, laterInbox)
  expect(merged.missing).not.toContain('credentials')
})

test('A password inside another value is masked there.', () => {
  const merged = mergeFields(
    NOTHING_KNOWN,
    reading(
      { details: plain('Cannot log in with Cream_Separator_4 since Monday.') },
      { secrets: ['Cream_Separator_4'] },
    ),
    policy,
    inboxId,
  )
  expect(merged.fields['details']?.value).toBe('Cannot log in with •••••••• since Monday.')
})

test('The three Rs add up over the rounds.', () => {
  const known = { ...knownOf(ticket({ threeRs: { ...nothingSaid, os: 'Windows 11' } })) }
  const merged = mergeFields(
    known,
    reading({}, { threeRs: { ...nothingSaid, dns_checked: true } }),
    policy,
    inboxId,
  )
  expect(merged.threeRs).toEqual({ ...nothingSaid, os: 'Windows 11', dns_checked: true })
})

test('A three R that the operator requires is answered by yes or no alike.', () => {
  const strict = {
    ...policy,
    fields: policy.fields.map((row) => (row.name === 'dns_checked' ? { ...row, required: true } : row)),
  }
  const asked = mergeFields(knownOf(openTicket()), reading({}), strict, inboxId)
  expect(asked.missing).toEqual(['dns_checked'])
  const answered = mergeFields(
    knownOf(openTicket()),
    reading({}, { threeRs: { ...nothingSaid, dns_checked: false } }),
    strict,
    inboxId,
  )
  expect(answered.missing).toEqual([])
})

test('A linked ticket inherits partner, panel and customer, and never credentials.', () => {
  const inherited = inheritedFrom(openTicket()).fields
  expect(Object.keys(inherited).sort()).toEqual(['control_panel_url', 'customer_domain', 'partner_domain'])
  expect(Object.values(inherited).map((field) => field.source)).toEqual(['account', 'account', 'account'])
})

test('The register fills in a field only where the policy row accepts it.', () => {
  expect(knownOfPartner(partner, policy, inboxId).fields).toEqual({})
  const lenient = {
    ...policy,
    fields: policy.fields.map((row) =>
      row.name === 'control_panel_url' ? { ...row, acceptFrom: ['mail' as const, 'account' as const] } : row,
    ),
  }
  expect(knownOfPartner(partner, lenient, inboxId).fields).toEqual({
    control_panel_url: {
      value: 'https://cp.otterbrook-it.example',
      source: 'account',
      inboxId,
      secretId: null,
    },
  })
})
