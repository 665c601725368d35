import { expect, test } from 'vitest'
import { NOTICE_MARKER } from '../letters/notice-marker.ts'
import type { Bounce, InboxId, Mail } from '../mail/mail.ts'
import type { BouncedLetter, Context, Proof, Sender } from './context.ts'
import { decide } from './decide.ts'
import {
  agent,
  completeText,
  context,
  fenella,
  inboxId,
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
  unproven,
  verified,
} from './test-builders.ts'
import type { Verdict } from './verdict.ts'

type Row = { mail?: Partial<Mail>; context?: Partial<Context>; proof?: Proof['result'] }

function verdictOf(row: Row): Verdict {
  const facts = { proof: { result: row.proof ?? 'verified', by: 'a test' } }
  return decide(mail({ newText: incompleteText, ...row.mail }), facts, context(row.context)).verdict
}

const strangerMail: Partial<Mail> = { from: { displayName: 'Eve', address: 'eve@elsewhere.example' } }
const agentMail: Partial<Mail> = {
  from: { displayName: 'Agent Three', address: agent.address },
  newText: 'Hi Fenella, please test again.',
}
const byAgent: Sender = { kind: 'agent', person: agent }
const byStranger: Sender = { kind: 'stranger' }
const byUnknownColleague: Sender = { kind: 'partner', partner, person: null }
const byMattis: Sender = { kind: 'partner', partner: otherPartner, person: mattis }

function held(reason: string, onTicket = false): Partial<Verdict> {
  return { kind: 'held', reason, ticketId: onTicket ? ticketId : null } as Partial<Verdict>
}

/** The table "Who is it?": every sender under every proof, without a thread. */
test.each<[Sender['kind'] | 'colleague', Proof['result'], 'registered' | 'open', Partial<Verdict>]>([
  ['partner', 'verified', 'registered', { kind: 'incomplete' }],
  ['partner', 'none', 'registered', { kind: 'incomplete' }],
  ['partner', 'failed', 'registered', held('proof-failed')],
  ['partner', 'temperror', 'registered', held('proof-temporary')],
  ['colleague', 'verified', 'registered', { kind: 'incomplete' }],
  ['colleague', 'none', 'registered', held('stranger')],
  ['colleague', 'failed', 'registered', held('proof-failed')],
  ['colleague', 'temperror', 'registered', held('proof-temporary')],
  ['agent', 'verified', 'registered', held('agent-mail-without-ticket')],
  ['agent', 'none', 'registered', held('agent-unproven')],
  ['agent', 'failed', 'registered', held('proof-failed')],
  ['agent', 'temperror', 'registered', held('proof-temporary')],
  ['stranger', 'verified', 'registered', held('stranger')],
  ['stranger', 'none', 'registered', held('stranger')],
  ['stranger', 'failed', 'registered', held('proof-failed')],
  ['stranger', 'temperror', 'registered', held('proof-temporary')],
  ['stranger', 'verified', 'open', { kind: 'incomplete' }],
  ['stranger', 'none', 'open', held('stranger')],
  ['stranger', 'failed', 'open', held('proof-failed')],
  ['stranger', 'temperror', 'open', held('proof-temporary')],
])(
  'A mail by a %s whose proof is %s, partners being %s, is judged as the table says.',
  (who, proof, partners, expected) => {
    const senders = {
      partner: { kind: 'partner' as const, partner, person: fenella },
      colleague: byUnknownColleague,
      agent: byAgent,
      stranger: byStranger,
    }
    const from = who === 'stranger' ? strangerMail : {}
    expect(verdictOf({ mail: from, proof, context: { sender: senders[who], partners } })).toMatchObject(
      expected,
    )
  },
)

test.each<[string, Row, Partial<Verdict>]>([
  ['two authors', { mail: { authorCount: 2 } }, held('several-authors')],
  ['no author', { mail: { authorCount: 0, from: null } }, held('no-author')],
  [
    'a suspended partner',
    {
      context: { sender: { kind: 'partner', partner: { ...partner, state: 'suspended' }, person: fenella } },
    },
    held('partner-suspended'),
  ],
  [
    'our own domain in an open house',
    {
      mail: { from: { displayName: null, address: 'support@desk.example' } },
      context: { sender: byStranger, partners: 'open' },
    },
    held('stranger'),
  ],
])('A mail by %s is held.', (_, row, expected) => {
  expect(verdictOf(row)).toMatchObject(expected)
})

test('An unreadable mail is recorded as such.', () => {
  const unreadable = {
    kind: 'unreadable' as const,
    reason: 'time-limit',
    messageId: null,
    from: null,
    subject: null,
  }
  expect(decide(unreadable, verified, context()).verdict).toEqual({
    kind: 'unreadable',
    reason: 'time-limit',
  })
})

test.each<[Context['mode'], string, Partial<Verdict>]>([
  ['enforce', completeText, { kind: 'new-ticket', missing: [] }],
  ['advise', completeText, { kind: 'new-ticket', missing: [] }],
  ['observe', completeText, { kind: 'new-ticket', missing: [] }],
  ['enforce', incompleteText, { kind: 'incomplete', missing: ['credentials', 'steps_taken'], draft: null }],
  ['advise', incompleteText, { kind: 'new-ticket', missing: ['credentials', 'steps_taken'] }],
  ['observe', incompleteText, { kind: 'incomplete', missing: ['credentials', 'steps_taken'], draft: null }],
] as [Context['mode'], string, Partial<Verdict>][])(
  'In mode %s a fresh submission is judged by what it lacks.',
  (mode, newText, expected) => {
    expect(verdictOf({ mail: { newText }, context: { mode } })).toMatchObject(expected)
  },
)

const rest =
  'User Credentials: curator@milkchurnmuseum.example / Cream_Separator_4\nSteps taken: sent five test mails from OWA, none was journaled.'
const bySigned = (of: ReturnType<typeof ticket>) => ({ ticket: of, by: 'signed-address' as const })

test.each<[string, Row, Partial<Verdict>]>([
  ['the rest', { mail: { newText: rest } }, { kind: 'completes-draft', ticketId, by: 'signed-address' }],
  [
    'half of the rest',
    { mail: { newText: rest.split('\n')[1] ?? '' } },
    { kind: 'incomplete', missing: ['credentials'], draft: ticketId },
  ],
  [
    'nothing, in mode advise',
    { mail: { newText: 'Hm.' }, context: { mode: 'advise' } },
    { kind: 'completes-draft' },
  ],
])('A reply to a draft that brings %s is judged by what is missing then.', (_, row, expected) => {
  const base = { thread: bySigned(ticket()), ...row.context }
  expect(verdictOf({ ...row, context: base })).toMatchObject(expected)
})

test.each(['expired', 'withdrawn'] as const)(
  'A reply to an %s draft that completes it revives it.',
  (state) => {
    const row = { mail: { newText: rest }, context: { thread: bySigned(ticket({ state })) } }
    expect(verdictOf(row)).toMatchObject({ kind: 'completes-draft', ticketId })
  },
)

test.each<[string, string, Partial<Verdict>]>([
  [
    'open',
    'It also happens with a 1.4 MB mail of the same user.',
    { kind: 'reply', reopens: false, onlyThanks: false },
  ],
  ['waiting', 'It also happens with a 1.4 MB mail of the same user.', { kind: 'reply', reopens: false }],
  ['resolved', 'It happens again with a mail of the same user.', { kind: 'reply', reopens: true }],
  ['resolved', 'Thank you!', { kind: 'reply', reopens: false, onlyThanks: true }],
  ['closed', 'Thank you!', { kind: 'reply', reopens: false, onlyThanks: true }],
  ['closed', 'It happens again with a mail of the same user.', { kind: 'incomplete', draft: null }],
  ['closed', completeText, { kind: 'new-ticket', linkedTo: ticketId }],
])('A reply to a ticket that is %s, saying %j, is judged by its state.', (state, newText, expected) => {
  const thread = bySigned(openTicket({ state: state as 'open' }))
  expect(verdictOf({ mail: { newText }, context: { thread } })).toMatchObject(expected)
})

test('A new ticket after a closed one inherits the customer, and asks for credentials again.', () => {
  const thread = bySigned(openTicket({ state: 'closed' }))
  const facts = verified
  const judgement = decide(
    mail({ newText: 'It happens again with a mail of the same user.' }),
    facts,
    context({ thread }),
  )
  expect(judgement.merged?.missing).toContain('credentials')
  expect(judgement.merged?.missing).not.toContain('customer_domain')
})

/** Who may write into which ticket, by which evidence. */
test.each<[string, Sender, Proof['result'], NonNullable<Context['thread']>['by'], Partial<Verdict>]>([
  [
    'the requester',
    { kind: 'partner', partner, person: fenella },
    'verified',
    'subject-tag',
    { kind: 'reply' },
  ],
  [
    'the requester unproven',
    { kind: 'partner', partner, person: fenella },
    'none',
    'subject-tag',
    { kind: 'reply' },
  ],
  ['a new colleague', byUnknownColleague, 'verified', 'signed-address', { kind: 'reply' }],
  ['a new colleague', byUnknownColleague, 'verified', 'our-message-id', { kind: 'reply' }],
  ['a new colleague', byUnknownColleague, 'verified', 'foreign-message-id', { kind: 'reply' }],
  ['a new colleague unproven', byUnknownColleague, 'none', 'signed-address', held('not-a-participant', true)],
  ['another partner', byMattis, 'verified', 'signed-address', held('not-a-participant', true)],
  ['another partner', byMattis, 'verified', 'our-message-id', held('not-a-participant', true)],
  ['another partner', byMattis, 'verified', 'foreign-message-id', { kind: 'incomplete', draft: null }],
  ['another partner', byMattis, 'verified', 'subject-tag', { kind: 'incomplete', draft: null }],
  ['a stranger', byStranger, 'verified', 'signed-address', held('not-a-participant', true)],
  ['a stranger', byStranger, 'verified', 'our-message-id', held('not-a-participant', true)],
  ['a stranger', byStranger, 'verified', 'subject-tag', held('stranger')],
  [
    'a forger',
    { kind: 'partner', partner, person: fenella },
    'failed',
    'signed-address',
    held('proof-failed', true),
  ],
])(
  'A mail by %s that names a ticket is judged by who they are and how they name it.',
  (...[, sender, proof, by, expected]) => {
    const row = {
      proof,
      mail: { newText: 'It also happens with a 1.4 MB mail.' },
      context: { sender, thread: { ticket: openTicket(), by } },
    }
    expect(verdictOf(row)).toMatchObject(expected)
  },
)

test('A registered colleague without proof is believed by a signed address, and not by a tag.', () => {
  const teodor = {
    ...fenella,
    id: 'person0000000004' as typeof fenella.id,
    address: 'teodor@otterbrook-it.example',
  }
  const sender: Sender = { kind: 'partner', partner, person: teodor }
  const of = (by: 'signed-address' | 'subject-tag') =>
    decide(mail(), unproven, context({ sender, thread: { ticket: openTicket(), by } }))
  expect(of('signed-address').verdict.kind).toBe('reply')
  expect(of('subject-tag').verdict.kind).toBe('incomplete')
  expect(of('subject-tag').circumstances).toContain('claims-ticket')
})

test.each<[string, Row, Partial<Verdict>]>([
  [
    'the signed address of the notice',
    { context: { ownAddresses: [replyAddress(agent)] } },
    { kind: 'agent-reply', as: 'answer' },
  ],
  [
    'the partner directly',
    { mail: { to: [{ displayName: null, address: 'Fenella@otterbrook-it.example' }] } },
    { kind: 'agent-reply', as: 'answered-directly' },
  ],
  [
    'the partner and the signed address',
    {
      mail: { to: [{ displayName: null, address: fenella.address }] },
      context: { ownAddresses: [replyAddress(agent)] },
    },
    { kind: 'agent-reply', as: 'answered-directly' },
  ],
  [
    'the note address',
    { context: { ownAddresses: [{ kind: 'note' }, replyAddress(agent)] } },
    { kind: 'agent-reply', as: 'note' },
  ],
  ['the base address', {}, held('agent-without-signed-address', true)],
  [
    "the partner's reply address",
    { context: { ownAddresses: [replyAddress(fenella)] } },
    held('agent-without-signed-address', true),
  ],
  [
    'the signed address, unproven',
    { proof: 'none', context: { ownAddresses: [replyAddress(agent)] } },
    held('agent-unproven', true),
  ],
  [
    'the signed address with a command below the words',
    { mail: { newText: 'Fixed.\n#resolve' }, context: { ownAddresses: [replyAddress(agent)] } },
    { kind: 'agent-reply', as: 'answer' },
  ],
  [
    'the signed address with a command alone',
    { mail: { newText: '#resolve' }, context: { ownAddresses: [replyAddress(agent)] } },
    { kind: 'command', command: 'ran' },
  ],
  [
    'the signed address with a mistyped command',
    { mail: { newText: 'Fixed.\n#resolv' }, context: { ownAddresses: [replyAddress(agent)] } },
    { kind: 'command', command: 'refused' },
  ],
  [
    'the signed address with a command between the words',
    { mail: { newText: 'Fixed.\n#resolve\nPlease test.' }, context: { ownAddresses: [replyAddress(agent)] } },
    held('agent-command', true),
  ],
  [
    'a ticket by its tag alone, with a command',
    { mail: { newText: '#resolve' } },
    held('agent-without-signed-address', true),
  ],
  [
    'the signed address with no words',
    { mail: { newText: ' \n' }, context: { ownAddresses: [replyAddress(agent)] } },
    held('agent-answer-empty', true),
  ],
  [
    'the signed address with a password',
    {
      mail: { newText: 'I set it.\nUser Credentials: curator@x.example / Cream_Separator_4' },
      context: { ownAddresses: [replyAddress(agent)] },
    },
    held('agent-answer-secret', true),
  ],
  [
    'the signed address with our notice among the words',
    {
      mail: { newText: `Fixed.\n${NOTICE_MARKER} Answer above this line ${NOTICE_MARKER}` },
      context: { ownAddresses: [replyAddress(agent)] },
    },
    held('agent-answer-quotes-notice', true),
  ],
])('An agent who writes to %s is understood so.', (_, row, expected) => {
  const base = {
    sender: byAgent,
    thread: { ticket: openTicket(), by: 'signed-address' as const },
    ...row.context,
  }
  expect(verdictOf({ ...row, mail: { ...agentMail, ...row.mail }, context: base })).toMatchObject(expected)
})

test('A "#" with a blank after it, or in a line, is text and no command.', () => {
  const newText = 'We have\n# of users: 12\nand ticket #5.'
  const base = { sender: byAgent, thread: bySigned(openTicket()), ownAddresses: [replyAddress(agent)] }
  expect(verdictOf({ mail: { ...agentMail, newText }, context: base })).toMatchObject({
    kind: 'agent-reply',
    as: 'answer',
  })
})

const vacation: Mail['automatic'] = {
  reason: 'auto-submitted',
  evidence: 'Auto-Submitted: auto-replied',
  mayBeSubmission: false,
  isWeak: false,
}
const helpdesk: Mail['automatic'] = {
  reason: 'precedence',
  evidence: 'Precedence: bulk',
  mayBeSubmission: true,
  isWeak: false,
}

test.each<[string, Row, Partial<Verdict>]>([
  [
    'a vacation reply on its ticket',
    { mail: { automatic: vacation }, context: { thread: bySigned(ticket()) } },
    { kind: 'automatic', ticketId },
  ],
  [
    'a vacation reply without a ticket',
    { mail: { automatic: vacation } },
    { kind: 'automatic', ticketId: null },
  ],
  [
    "another partner's vacation reply",
    { mail: { automatic: vacation }, context: { sender: byMattis, thread: bySigned(ticket()) } },
    { kind: 'automatic', ticketId: null },
  ],
  [
    'a vacation reply with a failed proof',
    { proof: 'failed', mail: { automatic: vacation }, context: { thread: bySigned(ticket()) } },
    { kind: 'automatic', ticketId: null },
  ],
  [
    "a forger's tag under an automatic field",
    {
      proof: 'none',
      mail: { automatic: vacation },
      context: { thread: { ticket: ticket(), by: 'subject-tag' } },
    },
    { kind: 'automatic', ticketId: null },
  ],
  [
    "an agent's address without proof",
    {
      proof: 'none',
      mail: { automatic: vacation },
      context: { sender: byAgent, thread: { ticket: ticket(), by: 'our-message-id' } },
    },
    { kind: 'automatic', ticketId: null },
  ],
  [
    "an agent's own vacation reply",
    {
      mail: { ...agentMail, automatic: vacation },
      context: { sender: byAgent, ownAddresses: [replyAddress(agent)], thread: bySigned(openTicket()) },
    },
    { kind: 'automatic', ticketId },
  ],
  ["a partner's helpdesk", { mail: { automatic: helpdesk } }, { kind: 'incomplete' }],
  [
    "a partner's helpdesk without proof",
    { proof: 'none', mail: { automatic: helpdesk } },
    { kind: 'automatic' },
  ],
  [
    'a helpdesk of nobody we know',
    { mail: { automatic: helpdesk }, context: { sender: byStranger, partners: 'open' } },
    { kind: 'automatic' },
  ],
])('Automatic mail: %s is kept for what it is.', (_, row, expected) => {
  expect(verdictOf(row)).toMatchObject(expected)
})

const report: Bounce = {
  recipients: [fenella.address],
  status: '5.1.1',
  action: 'failed',
  diagnosticCode: 'smtp; 550 5.1.1 User unknown',
  originalMessageId: 'x@desk.example',
}
const bounced: BouncedLetter = {
  letterId,
  ticketId,
  recipient: fenella.address,
  letter: 'checklist',
  bouncedBefore: false,
  by: 'return-path',
}

test.each<[string, Partial<Bounce>, boolean]>([
  ['failed', {}, true],
  ['delayed', { action: 'delayed', status: '4.4.7' }, false],
  ['given up after retries', { action: 'failed', status: '4.4.7' }, true],
  ['delivered', { action: 'delivered', status: '2.0.0' }, false],
  ['in prose, with a lasting code', { action: null, status: '5.7.1' }, true],
  ['in prose, with a passing code', { action: null, status: '4.2.2' }, false],
  ['in prose, without a code', { action: null, status: null }, true],
])('A report that says %s is a bounce of its letter.', (_, change, permanent) => {
  const row: Row = {
    mail: { ...strangerMail, mailKind: 'bounce', bounce: { ...report, ...change } },
    context: { sender: byStranger, bounced, thread: { ticket: ticket(), by: 'bounce-path' } },
  }
  expect(verdictOf(row)).toEqual({ kind: 'bounce', letter: bounced, permanent })
})

test('A bounce in prose without any report is a bounce too, and one about no letter of ours is said to be.', () => {
  expect(verdictOf({ mail: { mailKind: 'bounce' } })).toEqual({
    kind: 'bounce',
    letter: null,
    permanent: true,
  })
})

test('The same words under the same Message-ID are a duplicate, other words are not.', () => {
  const earlier = { inboxId: 'inbox00000000000' as InboxId, ticketId, sameText: true, post: null }
  expect(verdictOf({ context: { earlier } })).toEqual({ kind: 'duplicate', of: earlier.inboxId, ticketId })
  const reused = decide(
    mail({ newText: 'Something else' }),
    verified,
    context({
      earlier: { ...earlier, sameText: false },
      thread: { ticket: openTicket(), by: 'foreign-message-id' },
    }),
  )
  expect(reused.verdict).toMatchObject({ kind: 'incomplete', draft: null })
  expect(reused.circumstances).toContain('message-id-reused')
})

test('A stranger in an open house becomes a partner by the domain they registered.', () => {
  const of = (address: string) => {
    const from = { displayName: 'Eve', address }
    return decide(mail({ from }), verified, context({ sender: byStranger, partners: 'open' })).author
  }
  expect(of('eve@mail.elsewhere.co.uk')).toMatchObject({
    kind: 'partner',
    created: 'partner',
    partner: {
      name: 'elsewhere.co.uk',
      domains: ['elsewhere.co.uk', 'mail.elsewhere.co.uk'],
      machineMail: 'silent',
    },
    person: { address: 'eve@mail.elsewhere.co.uk', name: 'Eve' },
  })
  expect(of('Eve@gmail.com')).toMatchObject({ partner: { name: 'eve@gmail.com', domains: [] } })
})

test('The evidence of a stored judgement names the inbox row that a value came from.', () => {
  const judgement = decide(mail({ newText: rest }), verified, context({ thread: bySigned(ticket()) }))
  expect(judgement.merged?.fields['customer_domain']?.inboxId).toBe(inboxId)
})
