import { expect, test } from 'vitest'
import { decide } from './decide.ts'
import { evidenceOf } from './explain.ts'
import { explainText } from './explain-text.ts'
import {
  completeText,
  context,
  incompleteText,
  mail,
  openTicket,
  policy,
  ticket,
  verified,
} from './test-builders.ts'

test('Evidence names every field with its source, and no password.', () => {
  const of = mail({ newText: completeText })
  const judgement = decide(of, verified, context())
  const evidence = evidenceOf(judgement, verified, context(), of)
  expect(JSON.stringify(evidence)).not.toContain('Cream_Separator_4')
  expect(evidence.fields.find((row) => row.field === 'credentials')).toEqual({
    field: 'credentials',
    value: 'curator@milkchurnmuseum.example / ••••••••',
    source: 'label',
    gained: true,
  })
  expect(evidence).toMatchObject({
    sender: 'partner',
    partner: 'Otterbrook',
    missing: [],
    policyVersion: policy.version,
  })
})

test('Evidence survives being stored as JSON.', () => {
  const of = mail({ newText: incompleteText })
  const at = context({ thread: { ticket: openTicket(), by: 'subject-tag' } })
  const evidence = evidenceOf(decide(of, verified, at), verified, at, of)
  expect(JSON.parse(JSON.stringify(evidence))).toEqual(evidence)
})

test('A person reads what happened, by which proof, on which ticket, and what is missing.', () => {
  const of = mail({ newText: 'Steps taken to replicate and resolve: sent five test mails from OWA.' })
  const at = context({ thread: { ticket: ticket(), by: 'signed-address' } })
  const judgement = decide(of, verified, at)
  const lines = explainText(judgement.verdict, evidenceOf(judgement, verified, at, of))
  expect(lines[0]).toBe('A submission that still lacks credentials: no ticket is open yet.')
  expect(lines).toContain('proof: verified (trusted network 127.0.0.0/8)')
  expect(lines).toContain('sender: partner, fenella@otterbrook-it.example of Otterbrook')
  expect(lines).toContain('thread: TG-1042 by signed-address')
  expect(lines).toContain('customer_domain: milkchurnmuseum.example (label, known before)')
  expect(lines).toContain('missing: credentials')
})

test('An unreadable mail is explained too.', () => {
  const of = { kind: 'unreadable' as const, reason: 'time-limit', messageId: null, from: null, subject: null }
  const judgement = decide(of, verified, context())
  const lines = explainText(judgement.verdict, evidenceOf(judgement, verified, context(), of))
  expect(lines[0]).toBe('It could not be read: time-limit.')
})
