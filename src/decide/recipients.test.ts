/**
 * Whom letters go to: whatever stands in From, Reply-To, Cc or a forward, a registered desk writes to registered people
 * and to itself alone. Tried on random mails, register entries and orders of the agents.
 */
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Mail } from '../mail/mail.ts'
import { domainOf, normaliseAddress } from '../mail/mailbox.ts'
import { asideKeys } from './aside-keys.ts'
import type { Context, OnBehalf, Person, PersonId, Sender } from './context.ts'
import { decide } from './decide.ts'
import type { Effects } from './effects.ts'
import { plan } from './plan.ts'
import {
  agent,
  completeText,
  context,
  fenella,
  incompleteText,
  mail,
  mattis,
  openTicket,
  otherPartner,
  partner,
  replyAddress,
  ticket,
} from './test-builders.ts'

const quill: Person = {
  ...fenella,
  id: 'person0000000005' as PersonId,
  name: 'Quill',
  address: 'quill@otterbrook-it.example',
}
const REGISTERED = [fenella, mattis, quill, agent]
const STRANGERS = [
  'anna@milkchurnmuseum.example',
  'Fenella@otterbrook-it.example.evil.example',
  'fenella@sub.otterbrook-it.example',
  '"fenella@otterbrook-it.example"@evil.example',
  'support@desk.example',
  'nonsense',
]
const NEWCOMER = 'newcomer@otterbrook-it.example'

const addresses = fc.constantFrom(...REGISTERED.map((one) => one.address), ...STRANGERS, NEWCOMER)
const mailbox = fc.record({ displayName: fc.option(fc.string({ maxLength: 12 })), address: addresses })

/** What the store finds for an address, by the same rules. */
function senderOf(address: string | null): Sender {
  const from = address === null ? null : normaliseAddress(address)
  const person = REGISTERED.find((one) => one.address === from) ?? null
  if (person?.role != null) return { kind: 'agent', person }
  const owner = [partner, otherPartner].find((one) => one.domains.includes(domainOf(from ?? '')))
  return owner === undefined ? { kind: 'stranger' } : { kind: 'partner', partner: owner, person }
}

function onBehalfOf(authors: readonly string[]): OnBehalf | null {
  for (const author of authors) {
    const sender = senderOf(author)
    if (sender.kind === 'partner') return { partner: sender.partner, person: sender.person, address: author }
  }
  return null
}

function forwardText(author: string): string {
  return `Please see below.\n\n---------- Forwarded message ---------\nFrom: ${author}\nSubject: Help\n\n${completeText}`
}

const texts = fc.oneof(
  fc.constantFrom(completeText, incompleteText, 'leave', 'Status?', 'Thank you!', 'It happens again.'),
  fc.string({ maxLength: 100, unit: 'binary' }),
)
const mails = fc
  .record({
    newText: texts,
    from: mailbox,
    to: fc.array(mailbox, { maxLength: 3 }),
    cc: fc.array(mailbox, { maxLength: 3 }),
    replyTo: fc.array(mailbox, { maxLength: 2 }),
    sender: fc.option(mailbox),
    forwarded: fc.option(fc.record({ from: fc.option(mailbox), inner: fc.option(addresses) })),
    automatic: fc.constantFrom(null, null, null, {
      reason: 'precedence' as const,
      evidence: 'Precedence: bulk',
      mayBeSubmission: true,
      isWeak: false,
    }),
  })
  .map(({ forwarded, ...rest }): Mail => {
    const base = mail(rest)
    if (forwarded === null) return base
    const text = forwarded.inner === null ? completeText : forwardText(forwarded.inner)
    const inside = { from: forwarded.from, subject: 'Help', date: null, messageId: null, text }
    return { ...base, subject: 'Fwd: Help', forwarded: inside }
  })

const states = ['draft', 'open', 'waiting', 'resolved', 'closed', 'expired', 'withdrawn'] as const
const situations = fc.record({
  mode: fc.constantFrom('observe' as const, 'advise' as const, 'enforce' as const),
  state: fc.option(fc.constantFrom(...states)),
  by: fc.constantFrom('signed-address' as const, 'our-message-id' as const, 'subject-tag' as const),
  proof: fc.constantFrom('verified' as const, 'verified' as const, 'none' as const, 'failed' as const),
  own: fc.subarray([{ kind: 'base' as const, queue: 'support' }, replyAddress(agent), replyAddress(fenella)]),
  asked: fc.boolean(),
  colleague: fc.boolean(),
  question: fc.option(fc.option(addresses)),
  forwarder: fc.boolean(),
})
type Situation = typeof situations extends fc.Arbitrary<infer T> ? T : never

function contextOf(of: Mail, situation: Situation): Context {
  const { state, asked, colleague, question } = situation
  const sender = senderOf(of.from?.address ?? null)
  const isDraft = state === 'draft' || state === 'expired' || state === 'withdrawn'
  const change = {
    state: state ?? 'draft',
    askedToLeaveAt: asked ? context().now : null,
    colleagues: colleague ? [quill] : [],
    participants: colleague ? [fenella.id, quill.id] : [fenella.id],
  }
  const keys = asideKeys(of, null, ['desk.example'])
  return context({
    sender,
    mode: situation.mode,
    partners: 'registered',
    ownAddresses: situation.own,
    thread:
      state === null ? null : { ticket: isDraft ? ticket(change) : openTicket(change), by: situation.by },
    onBehalf: sender.kind === 'agent' && state === null ? onBehalfOf(keys.forwardAuthors) : null,
    forwarder: sender.kind === 'stranger' && situation.forwarder ? partner : null,
    question:
      sender.kind !== 'agent' || state !== null || question === null
        ? null
        : { inboxId: context().inboxId, subject: 'Help', asked: 1, names: question },
  })
}

/** Who would be written to: people by id, and whom an order of the clock or an agent names. */
function recipientsOf({ changes, letters }: Effects): readonly (PersonId | string)[] {
  return [
    ...letters.flatMap(({ to }) => (to.kind === 'person' ? [to.personId] : [])),
    ...changes.flatMap((change) => (change.kind === 'ask-agent' ? [change.personId] : [])),
  ]
}

test('A registered desk writes to nobody but registered people, whatever a mail names.', () => {
  const known = new Set<string>(REGISTERED.map((one) => one.id))
  fc.assert(
    fc.property(mails, situations, (of, situation) => {
      const at = contextOf(of, situation)
      const judgement = decide(of, { proof: { result: situation.proof, by: 'a test' } }, at)
      const effects = plan(judgement, of, at)
      // A new person is one only at a partner's own domain, proven by them or vouched for by an agent.
      const created = effects.changes.filter((change) => change.kind === 'create-person')
      for (const person of created) {
        expect([...partner.domains, ...otherPartner.domains]).toContain(domainOf(person.address))
        expect(at.sender.kind === 'agent' || situation.proof === 'verified').toBe(true)
      }
      expect(effects.changes.some((change) => change.kind === 'create-partner')).toBe(false)
      const may = new Set([...known, ...created.map((change) => change.personId)])
      for (const recipient of recipientsOf(effects)) expect(may).toContain(recipient)
      // Who takes part and may be answered later: never somebody outside the partner.
      for (const change of effects.changes) {
        if (change.kind !== 'add-participant' || change.role === 'observer' || change.role === 'agent')
          continue
        const isKnown = REGISTERED.some((one) => one.address === change.address)
        expect(isKnown || senderOf(change.address).kind === 'partner').toBe(true)
      }
      if (at.sender.kind === 'stranger') expect(effects.letters).toEqual([])
    }),
    { numRuns: 3000 },
  )
})
