/** What must hold of every mail, whatever it says and whoever it claims to be: tried on random mails and contexts. */
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Mail } from '../mail/mail.ts'
import type { Context, OwnAddress, Proof, Sender, TicketState } from './context.ts'
import { decide } from './decide.ts'
import type { Effects } from './effects.ts'
import { evidenceOf } from './explain.ts'
import { explainText } from './explain-text.ts'
import type { Judgement } from './judgement.ts'
import { plan } from './plan.ts'
import { requestOf } from './request.ts'
import {
  agent,
  completeText,
  context,
  fenella,
  incompleteText,
  letterId,
  mail,
  mattis,
  openTicket,
  otherPartner,
  partner,
  replyAddress,
  ticket,
  ticketId,
} from './test-builders.ts'

const senders: readonly Sender[] = [
  { kind: 'partner', partner, person: fenella },
  { kind: 'partner', partner, person: null },
  { kind: 'partner', partner: otherPartner, person: mattis },
  { kind: 'partner', partner: { ...partner, state: 'suspended' }, person: fenella },
  { kind: 'agent', person: agent },
  { kind: 'stranger' },
]
const states: readonly TicketState[] = [
  'draft',
  'open',
  'waiting',
  'resolved',
  'closed',
  'expired',
  'withdrawn',
]
const evidences = [
  'signed-address',
  'our-message-id',
  'foreign-message-id',
  'subject-tag',
  'bounce-path',
] as const
const own: readonly OwnAddress[] = [
  { kind: 'base', queue: 'support' },
  { kind: 'note' },
  replyAddress(agent),
  replyAddress(fenella),
]
const texts = [
  '',
  'Thank you!',
  'Never mind.',
  'It happens again.',
  '#resolve',
  completeText,
  incompleteText,
  completeText.slice(120),
]
const automatics: readonly Mail['automatic'][] = [
  null,
  {
    reason: 'auto-submitted',
    evidence: 'Auto-Submitted: auto-replied',
    mayBeSubmission: false,
    isWeak: false,
  },
  { reason: 'precedence', evidence: 'Precedence: bulk', mayBeSubmission: true, isWeak: false },
]
const mailbox = fc.record({
  displayName: fc.option(fc.string({ maxLength: 20 })),
  address: fc.constantFrom(
    'a@x.example',
    fenella.address,
    agent.address,
    'support@desk.example',
    'b@gmail.com',
    'nonsense',
  ),
})
const bounce = fc.record({
  recipients: fc.constantFrom([], [fenella.address]),
  status: fc.constantFrom(null, '5.1.1', '4.4.7', '2.0.0'),
  action: fc.constantFrom(null, 'failed' as const, 'delayed' as const, 'delivered' as const),
  diagnosticCode: fc.constant(null),
  originalMessageId: fc.constant(null),
})
const mails = fc
  .record({
    newText: fc.oneof(fc.constantFrom(...texts), fc.string({ maxLength: 200, unit: 'binary' })),
    subject: fc.option(fc.string({ maxLength: 80, unit: 'binary' })),
    from: fc.option(mailbox, { freq: 8 }),
    authorCount: fc.constantFrom(1, 1, 1, 1, 0, 2),
    to: fc.array(mailbox, { maxLength: 3 }),
    cc: fc.array(mailbox, { maxLength: 3 }),
    replyTo: fc.array(mailbox, { maxLength: 2 }),
    automatic: fc.constantFrom(null, ...automatics),
    bounce: fc.option(bounce, { freq: 8 }),
    messageId: fc.constantFrom(null, 'mail-1@x.example'),
  })
  .map((change) =>
    mail({ ...change, bounce: change.bounce === null || change.automatic === null ? null : change.bounce }),
  )
const contexts = fc
  .record({
    sender: fc.constantFrom(...senders),
    mode: fc.constantFrom('observe' as const, 'advise' as const, 'enforce' as const),
    partners: fc.constantFrom('open' as const, 'registered' as const),
    ownAddresses: fc.subarray([...own]),
    state: fc.option(fc.constantFrom(...states)),
    by: fc.constantFrom(...evidences),
    lettersToday: fc.constantFrom(0, 0, 19, 20, 1000),
    checklistsSent: fc.constantFrom(0, 1, 3, 9),
    earlier: fc.constantFrom(null, null, null, true, false),
    bounced: fc.boolean(),
  })
  .map(({ state, by, checklistsSent, earlier, bounced, ...rest }): Context => {
    const isDraft = state === 'draft' || state === 'expired' || state === 'withdrawn'
    const of = isDraft
      ? ticket({ checklistsSent, state: state ?? 'draft' })
      : openTicket({ checklistsSent, state: state ?? 'open' })
    return context({
      ...rest,
      thread: state === null ? null : { ticket: of, by },
      earlier:
        earlier === null
          ? null
          : { inboxId: 'inbox00000000000' as never, ticketId: null, sameText: earlier, post: null },
      bounced: bounced
        ? {
            letterId,
            ticketId,
            recipient: fenella.address,
            letter: 'checklist',
            bouncedBefore: false,
            by: 'return-path',
          }
        : null,
    })
  })
const proofs = fc.constantFrom<Proof['result']>('verified', 'verified', 'none', 'failed', 'temperror')

type Tried = { of: Mail; at: Context; proof: Proof['result']; judgement: Judgement; effects: Effects }

function tryAll(holds: (tried: Tried) => void): void {
  fc.assert(
    fc.property(mails, contexts, proofs, (of, at, proof) => {
      const facts = { proof: { result: proof, by: 'a test' } }
      const judgement = decide(of, facts, at)
      holds({ of, at, proof, judgement, effects: plan(judgement, of, at) })
    }),
    { numRuns: 1500 },
  )
}

const toPartner = (effects: Effects) =>
  effects.letters.filter(({ template }) => template !== 'agent-notice' && template !== 'command-result')

test('Every mail gets a verdict, effects and an explanation, and never a fault.', () => {
  tryAll(({ of, at, proof, judgement }) => {
    const facts = { proof: { result: proof, by: 'a test' } }
    const evidence = evidenceOf(judgement, facts, at, of)
    expect(explainText(judgement.verdict, evidence).length).toBeGreaterThan(2)
    expect(JSON.parse(JSON.stringify(evidence))).toEqual(evidence)
  })
})

test('Letters go to the author, to participants or to the desk, whatever addresses the mail names.', () => {
  tryAll(({ at, judgement, effects }) => {
    for (const { to, template } of effects.letters) {
      if (to.kind === 'person') expect(to.personId).toBe(judgement.author?.person.id)
      if (to.kind === 'participants') expect([template, at.sender.kind]).toEqual([template, 'agent'])
    }
  })
})

test('Nobody unproven, unknown or automatic is ever answered.', () => {
  tryAll(({ of, at, proof, effects, judgement }) => {
    const isDisproved = proof === 'failed' || proof === 'temperror'
    const isUnknown = at.sender.kind === 'stranger' && at.partners === 'registered'
    const isAnswer = of.automatic?.mayBeSubmission === false
    if (isDisproved || isUnknown || isAnswer) expect(toPartner(effects)).toEqual([])
    // An agent is told why their own mail waits, nobody else.
    if (judgement.verdict.kind === 'held' && judgement.author === null) expect(effects.letters).toEqual([])
    if (judgement.verdict.kind === 'held') expect(toPartner(effects)).toEqual([])
  })
})

test('In mode observe every letter to a partner is withheld.', () => {
  tryAll(({ at, effects }) => {
    if (at.mode === 'observe') expect(toPartner(effects).every((letter) => letter.withheld)).toBe(true)
  })
})

test('A reply makes a letter to the partner only when it reopens or asks, and no mail makes two.', () => {
  tryAll(({ judgement, effects }) => {
    const { verdict } = judgement
    const isPlainReply = verdict.kind === 'reply' && !verdict.reopens && requestOf(judgement) === null
    expect(toPartner(effects).length).toBeLessThanOrEqual(isPlainReply ? 0 : 1)
  })
})

test('A draft that gets no checklist is shown to the desk.', () => {
  tryAll(({ judgement, effects }) => {
    if (judgement.verdict.kind !== 'incomplete' || toPartner(effects).some((letter) => !letter.withheld))
      return
    expect(effects.letters.some((letter) => letter.template === 'agent-notice')).toBe(true)
  })
})

test("Nobody writes into another partner's ticket, and a password is only in its order.", () => {
  tryAll(({ at, effects }) => {
    const isForeign = at.sender.kind === 'partner' && at.sender.partner.id !== partner.id
    const posts = effects.changes.filter(
      (change) => change.kind === 'add-post' && change.ticketId === ticketId,
    )
    if (isForeign && at.bounced === null) expect(posts).toEqual([])
    const clear = JSON.stringify([
      effects.changes.filter((change) => change.kind !== 'seal-credentials'),
      effects.letters,
    ])
    expect(clear).not.toContain('Cream_Separator_4')
  })
})

test('A new ticket is created before anything else names it, its people before it.', () => {
  tryAll(({ effects }) => {
    const kinds = effects.changes.map((change) => change.kind)
    const created = kinds.indexOf('create-ticket')
    if (created < 0) return
    expect(
      kinds.slice(0, created).every((kind) => kind === 'create-partner' || kind === 'create-person'),
    ).toBe(true)
  })
})
