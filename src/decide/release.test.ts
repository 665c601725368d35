/** What a release changes in a decision, and what it never does. */
import { describe, expect, test } from 'vitest'
import type { Mail } from '../mail/mail.ts'
import type { Context, Proof, Resumed } from './context.ts'
import { decide } from './decide.ts'
import { evidenceOf } from './explain.ts'
import { plan } from './plan.ts'
import {
  agent,
  completeText,
  context,
  fenella,
  mail,
  mattis,
  now,
  openTicket,
  otherPartner,
  partner,
  replyAddress,
  ticket,
} from './test-builders.ts'

const released: Resumed = { at: now, vouched: true, named: false, asIs: false }
const named: Resumed = { ...released, named: true }
const failed = { proof: { result: 'failed', by: 'DMARC' } } as const

type Row = {
  readonly mail?: Partial<Mail>
  readonly context?: Partial<Context>
  readonly proof?: Proof['result']
}

function verdictOf(row: Row, resumed: Resumed | null = released) {
  const facts = { proof: { result: row.proof ?? 'failed', by: 'a test' } }
  return decide(mail(row.mail), facts, context({ ...row.context, resumed })).verdict
}

const program: Mail['automatic'] = {
  reason: 'auto-submitted',
  evidence: 'auto-replied',
  mayBeSubmission: false,
  isWeak: false,
}

describe('A released mail', () => {
  test.each<[string, Row, object]>([
    [
      'whose proof failed is taken as what it is',
      { mail: { newText: completeText } },
      { kind: 'new-ticket' },
    ],
    [
      'of an unknown colleague makes them a person of the partner',
      { mail: { newText: completeText }, context: { sender: { kind: 'partner', partner, person: null } } },
      { kind: 'new-ticket' },
    ],
    [
      'of a stranger stays held where partners are registered',
      { context: { sender: { kind: 'stranger' } } },
      { kind: 'held', reason: 'stranger' },
    ],
    [
      'of a stranger opens at an open desk',
      {
        mail: { newText: completeText },
        context: { sender: { kind: 'stranger' }, partners: 'open' },
      },
      { kind: 'new-ticket' },
    ],
    [
      'of several authors stays held while nobody is named',
      { mail: { authorCount: 2 } },
      { kind: 'held', reason: 'several-authors' },
    ],
    [
      'of a suspended partner stays held',
      {
        context: {
          sender: { kind: 'partner', partner: { ...partner, state: 'suspended' }, person: fenella },
        },
      },
      { kind: 'held', reason: 'partner-suspended' },
    ],
    [
      'of another partner, held on a ticket, joins it',
      {
        context: {
          sender: { kind: 'partner', partner: otherPartner, person: mattis },
          thread: { ticket: openTicket(), by: 'signed-address' },
        },
      },
      { kind: 'reply' },
    ],
    [
      'that only claims a ticket still gets one of its own',
      {
        mail: { newText: completeText },
        context: {
          sender: { kind: 'partner', partner: otherPartner, person: mattis },
          thread: { ticket: openTicket(), by: 'subject-tag' },
        },
      },
      { kind: 'new-ticket', linkedTo: openTicket().id },
    ],
    [
      'of an agent still needs the address of a notice',
      {
        context: {
          sender: { kind: 'agent', person: agent },
          thread: { ticket: openTicket(), by: 'our-message-id' },
        },
      },
      { kind: 'held', reason: 'agent-without-signed-address' },
    ],
    [
      'of an agent at the address of a notice is an answer',
      {
        mail: { newText: 'It collects again.' },
        context: {
          sender: { kind: 'agent', person: agent },
          thread: { ticket: openTicket(), by: 'signed-address' },
          ownAddresses: [replyAddress(agent)],
        },
      },
      { kind: 'agent-reply', as: 'answer' },
    ],
    ['of an autoresponder stays one', { mail: { automatic: program } }, { kind: 'automatic' }],
    [
      "of an unproven helpdesk's program stays automatic: no release makes it a submission",
      { mail: { newText: completeText, automatic: { ...program, mayBeSubmission: true } } },
      { kind: 'automatic' },
    ],
    ['that is a report stays one', { mail: { mailKind: 'bounce' } }, { kind: 'bounce' }],
  ])('%s.', (_, row, expected) => {
    expect(verdictOf(row)).toMatchObject(expected)
  })

  test('without a vouch, put back to be decided anew, is believed no more than before.', () => {
    expect(verdictOf({}, { ...released, vouched: false })).toMatchObject({ reason: 'proof-failed' })
  })

  test('whose author is named is that author, whatever From says.', () => {
    const of = { authorCount: 2, newText: completeText }
    expect(verdictOf({ mail: of }, named)).toMatchObject({ kind: 'new-ticket' })
    expect(verdictOf({ mail: { ...of, authorCount: 0, from: null } }, named)).toMatchObject({
      kind: 'new-ticket',
    })
  })

  test('has its promise from the release on, and says so in the evidence.', () => {
    const at = context({ resumed: { ...released, at: new Date(now.getTime() - 60_000) } })
    const of = mail({ newText: completeText })
    const judgement = decide(of, failed, at)
    const { changes } = plan(judgement, of, at)
    const promise = changes.find((change) => change.kind === 'start-promise')
    expect(promise).toMatchObject({ startedAt: at.resumed?.at })
    expect(changes.find((change) => change.kind === 'create-ticket')).toMatchObject({
      createdAt: at.envelope.receivedAt,
    })
    const evidence = evidenceOf(judgement, failed, at, of)
    expect(evidence.proof.result).toBe('failed')
    expect(evidence.released).toEqual({
      at: at.resumed?.at.toISOString(),
      cameIn: at.envelope.receivedAt.toISOString(),
      named: false,
    })
  })
})

describe('Somebody of another partner whose mail was released onto a ticket', () => {
  const sender = { kind: 'partner', partner: otherPartner, person: mattis } as const

  test('is named there and never written to: the checklist goes to who opened it.', () => {
    const at = context({ sender, resumed: released, thread: { ticket: ticket(), by: 'signed-address' } })
    const of = mail({ newText: 'Steps taken: sent five test mails from OWA, none was journaled.' })
    const { changes, letters } = plan(decide(of, failed, at), of, at)
    const joining = changes.filter((change) => change.kind === 'add-participant')
    expect(joining[0]).toMatchObject({ personId: null, address: mattis.address, role: 'observer' })
    const people = letters.flatMap((letter) => (letter.to.kind === 'person' ? [letter.to.personId] : []))
    expect(people).toEqual([fenella.id])
  })

  test('gets nothing of a closed ticket: their words are a case of their own.', () => {
    const closed = openTicket({ state: 'closed', promises: [] })
    const at = context({ sender, resumed: released, thread: { ticket: closed, by: 'signed-address' } })
    const of = mail({ newText: 'It happens again.' })
    const judgement = decide(of, failed, at)
    expect(judgement.verdict.kind).toBe('incomplete')
    expect(judgement.merged?.fields['customer_domain']).toBeUndefined()
    expect(judgement.circumstances).toContain('claims-ticket')
  })
})

describe('An address that had come back as dead', () => {
  const change = (proof: Proof['result']) => {
    const at = context({ suppressed: true })
    const of = mail({ newText: completeText })
    const { changes } = plan(decide(of, { proof: { result: proof, by: 'a test' } }, at), of, at)
    return changes.find((one) => one.kind === 'lift-suppression')
  }

  test('is written to again after a proven mail from it, not after one that anybody could have sent.', () => {
    expect(change('verified')).toEqual({ kind: 'lift-suppression', address: fenella.address })
    expect(change('none')).toBeUndefined()
    expect(change('failed')).toBeUndefined()
  })
})
