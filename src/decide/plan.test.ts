import { expect, test } from 'vitest'
import type { Mail } from '../mail/mail.ts'
import type { BouncedLetter, Context, PersonId, Ticket } from './context.ts'
import { decide } from './decide.ts'
import type { Change, Effects, LetterOrder } from './effects.ts'
import { plan } from './plan.ts'
import {
  agent,
  completeText,
  context,
  fenella,
  incompleteText,
  letterId,
  mail,
  now,
  openTicket,
  partner,
  quietRounds,
  receivedAt,
  replyAddress,
  ticket,
  ticketId,
  verified,
} from './test-builders.ts'

function effectsOf(change: Partial<Mail>, given: Partial<Context> = {}): Effects {
  const of = mail({ newText: incompleteText, ...change })
  const at = context(given)
  return plan(decide(of, verified, at), of, at)
}

function changesOf<K extends Change['kind']>(effects: Effects, kind: K): Extract<Change, { kind: K }>[] {
  return effects.changes.filter((change): change is Extract<Change, { kind: K }> => change.kind === kind)
}

/** What goes where: `checklist to person`, with `(withheld)` when it is not sent. */
function summary(letters: readonly LetterOrder[]): string[] {
  return letters.map((letter) => {
    const event = letter.template === 'agent-notice' ? ` ${letter.model.event}` : ''
    return `${letter.template}${event} to ${letter.to.kind}${letter.withheld ? ' (withheld)' : ''}`
  })
}

function noticeOf(effects: Effects) {
  const letter = effects.letters.find((order) => order.template === 'agent-notice')
  if (letter?.template !== 'agent-notice') throw new Error('there is no notice')
  return letter.model
}

function checklistOf(effects: Effects) {
  const letter = effects.letters[0]
  if (letter?.template !== 'checklist') throw new Error('there is no checklist')
  return letter.model
}

const bySigned = (of: Ticket) => ({ thread: { ticket: of, by: 'signed-address' as const } })
const due = new Date(receivedAt.getTime() + 24 * 3_600_000)

test('A complete submission opens a ticket with its promise, an acknowledgement and a notice.', () => {
  const effects = effectsOf({ newText: completeText })
  expect(effects.changes.map((change) => change.kind)).toEqual([
    'create-ticket',
    'update-ticket',
    'seal-credentials',
    'add-post',
    'add-participant',
    'remember-message-id',
    'start-promise',
    'record-round',
  ])
  expect(changesOf(effects, 'create-ticket')[0]).toMatchObject({
    state: 'open',
    queue: 'support',
    requesterId: fenella.id,
    subjectStem: 'Journal mailbox of a customer',
    rootMessageId: 'mail-1@otterbrook-it.example',
    createdAt: receivedAt,
    expiresAt: null,
  })
  expect(changesOf(effects, 'start-promise')[0]).toMatchObject({
    promise: 'first-response',
    startedAt: receivedAt,
    dueAt: due,
  })
  expect(summary(effects.letters)).toEqual(['acknowledgement to person', 'agent-notice new-ticket to queue'])
})

test('The password is in the order to seal it, and nowhere else.', () => {
  const effects = effectsOf({
    newText: completeText,
    quotedText: 'User Credentials: curator@milkchurnmuseum.example / Cream_Separator_4',
    signature: 'Cream_Separator_4',
    subject: 'Cream_Separator_4 does not work',
    forwarded: { from: null, subject: null, date: null, messageId: null, text: 'Use Cream_Separator_4' },
  })
  const [order] = changesOf(effects, 'seal-credentials')
  expect(order).toMatchObject({
    field: 'credentials',
    username: 'curator@milkchurnmuseum.example',
    password: 'Cream_Separator_4',
  })
  const rest = {
    letters: effects.letters,
    changes: effects.changes.filter((change) => change.kind !== 'seal-credentials'),
  }
  expect(JSON.stringify(rest)).not.toContain('Cream_Separator_4')
  expect(changesOf(effects, 'add-post')[0]?.text).toContain('curator@milkchurnmuseum.example / ••••••••')
})

test('The acknowledgement says what was understood, credentials masked.', () => {
  const [letter] = effectsOf({ newText: completeText }).letters
  if (letter?.template !== 'acknowledgement') throw new Error('there is no acknowledgement')
  expect(letter.model.promise).toEqual({ queue: 'support', hours: 24, dueAt: due })
  expect(letter.model.items.map((item) => item.name)).toEqual([
    'partner_domain',
    'control_panel_url',
    'customer_domain',
    'credentials',
    'details',
    'steps_taken',
  ])
  expect(letter.model.items[3]).toEqual({
    name: 'credentials',
    understood: 'curator@milkchurnmuseum.example / ••••••••',
    inferred: false,
    problem: null,
    note: null,
  })
  expect(letter).toMatchObject({
    automatic: true,
    inReplyTo: 'mail-1@otterbrook-it.example',
    language: 'en',
    notBefore: now,
  })
})

test('An incomplete submission becomes a draft with one checklist that names exactly what is missing.', () => {
  const effects = effectsOf({ newText: incompleteText })
  expect(summary(effects.letters)).toEqual(['checklist to person'])
  const model = checklistOf(effects)
  expect(model.missing).toEqual(['credentials', 'steps_taken'])
  expect(model).toMatchObject({ round: 1, ticketIsOpen: false, promise: null })
  expect(model.items.filter((item) => item.understood === null).map((item) => item.name)).toEqual(
    model.missing,
  )
  const expiresAt = new Date(now.getTime() + 14 * 86_400_000)
  expect(model.expiresAt).toEqual(expiresAt)
  expect(changesOf(effects, 'create-ticket')[0]).toMatchObject({ state: 'draft', expiresAt })
  expect(changesOf(effects, 'update-ticket')[0]).toMatchObject({ checklistsSent: 1, missing: model.missing })
  expect(changesOf(effects, 'start-promise')).toEqual([])
})

test('A user name without a password is shown as the problem it is.', () => {
  const effects = effectsOf({
    newText: `${incompleteText}\nUser Credentials: curator@milkchurnmuseum.example`,
  })
  const item = checklistOf(effects).items.find((row) => row.name === 'credentials')
  expect(item).toMatchObject({ understood: null, problem: 'password-missing' })
  expect(changesOf(effects, 'update-ticket')[0]?.fields?.['credentials']?.value).toBe(
    'curator@milkchurnmuseum.example',
  )
})

test('In mode observe nothing goes to the partner, and the desk sees what would have gone.', () => {
  const incomplete = effectsOf({ newText: incompleteText }, { mode: 'observe' })
  expect(summary(incomplete.letters)).toEqual([
    'checklist to person (withheld)',
    'agent-notice draft to queue',
  ])
  expect(noticeOf(incomplete).wouldHaveSent).toBe('checklist')
  const complete = effectsOf({ newText: completeText }, { mode: 'observe' })
  expect(summary(complete.letters)).toEqual([
    'acknowledgement to person (withheld)',
    'agent-notice new-ticket to queue',
  ])
  expect(noticeOf(complete).wouldHaveSent).toBe('acknowledgement')
})

test('In mode advise the ticket opens at once, its promise runs, and the checklist is a request.', () => {
  const effects = effectsOf({ newText: incompleteText }, { mode: 'advise' })
  expect(summary(effects.letters)).toEqual(['checklist to person', 'agent-notice new-ticket to queue'])
  expect(checklistOf(effects)).toMatchObject({
    ticketIsOpen: true,
    expiresAt: null,
    promise: { hours: 24, dueAt: due },
  })
  expect(changesOf(effects, 'create-ticket')[0]).toMatchObject({ state: 'open' })
  expect(changesOf(effects, 'start-promise')).toHaveLength(1)
})

const credentials = 'User Credentials: curator@milkchurnmuseum.example / Cream_Separator_4'
const steps = 'Steps taken to replicate and resolve: sent five test mails from OWA, none was journaled.'

test('A reply that completes a draft opens it, with the promise from that reply.', () => {
  const effects = effectsOf(
    { newText: `${credentials}\n${steps}`, messageId: 'mail-2@x.example' },
    bySigned(ticket()),
  )
  expect(summary(effects.letters)).toEqual(['acknowledgement to person', 'agent-notice completed to queue'])
  expect(changesOf(effects, 'create-ticket')).toEqual([])
  expect(changesOf(effects, 'update-ticket')[0]).toMatchObject({
    ticketId,
    state: 'open',
    expiresAt: null,
    missing: [],
  })
  expect(changesOf(effects, 'start-promise')[0]).toMatchObject({ ticketId, startedAt: receivedAt })
  expect(changesOf(effects, 'add-participant')).toEqual([])
})

test('The second checklist shows the draft to the desk; the third does not again.', () => {
  const second = effectsOf({ newText: steps }, bySigned(ticket({ checklistsSent: 1 })))
  expect(summary(second.letters)).toEqual(['checklist to person', 'agent-notice draft to queue'])
  expect(checklistOf(second)).toMatchObject({ round: 2, missing: ['credentials'] })
  const third = effectsOf({ newText: steps }, bySigned(ticket({ checklistsSent: 2 })))
  expect(summary(third.letters)).toEqual(['checklist to person'])
})

const idle = { rounds: { ...quietRounds, idleOfTicket: 1 } }

test('At the second reply that brings nothing no further checklist goes out: the desk is told.', () => {
  const first = effectsOf({ newText: '' }, bySigned(ticket()))
  expect(summary(first.letters)).toEqual(['checklist to person', 'agent-notice draft to queue'])
  expect(changesOf(first, 'record-round')[0]).toMatchObject({ idle: true, told: false })
  const effects = effectsOf({ newText: '' }, { ...bySigned(ticket({ checklistsSent: 2 })), ...idle })
  expect(summary(effects.letters)).toEqual(['agent-notice draft to queue'])
  expect(noticeOf(effects).warnings).toContain('no-progress')
  expect(changesOf(effects, 'record-event')).toEqual([
    { kind: 'record-event', ticketId, event: 'letter-stop', detail: 'no-progress' },
  ])
  expect(changesOf(effects, 'record-round')[0]).toMatchObject({ idle: true, told: true })
  const progress = effectsOf({ newText: steps }, { ...bySigned(ticket({ checklistsSent: 3 })), ...idle })
  expect(changesOf(progress, 'record-round')[0]).toMatchObject({ idle: false })
  expect(summary(progress.letters)).toEqual(['checklist to person'])
})

test('When the day has used up its letters the desk is told instead.', () => {
  const effects = effectsOf({ newText: incompleteText }, { lettersToday: 20 })
  expect(summary(effects.letters)).toEqual(['agent-notice draft to queue'])
  expect(noticeOf(effects).warnings).toContain('too-many-letters')
  expect(changesOf(effects, 'update-ticket')[0]?.checklistsSent).toBeUndefined()
  expect(summary(effectsOf({ newText: completeText }, { lettersToday: 20 }).letters)).toContain(
    'acknowledgement to person',
  )
  expect(summary(effectsOf({ newText: completeText }, { lettersToday: 100 }).letters)).toEqual([
    'agent-notice new-ticket to queue',
  ])
})

test('That letters stopped is told to the desk once, not with every mail.', () => {
  const told = { ...quietRounds, idleOfTicket: 9, told: true }
  const effects = effectsOf({ newText: 'URGENT!' }, { ...bySigned(ticket()), rounds: told })
  expect(effects.letters).toEqual([])
  expect(changesOf(effects, 'record-event')[0]).toMatchObject({ event: 'letter-stop' })
})

test.each([
  ['the same words a second time', { sameWords: 1, wordsAlike: 1 }, incompleteText, true],
  ['the same words a third time', { sameWords: 2, wordsAlike: 2 }, incompleteText, false],
  ['boilerplate that differs in numbers', { wordsAlike: 1 }, 'Your request #17 is with us.', false],
  ['a form that differs in numbers', { wordsAlike: 1 }, incompleteText, true],
  ['nothing, after a round that brought nothing', { idleOfAddress: 1 }, 'Hello', false],
  ['items, after a round that brought nothing', { idleOfAddress: 1 }, incompleteText, true],
  ['an old case, after such a round', { idleOfAddress: 1 }, `Re TG-1001\n${incompleteText}`, false],
])('A new mail with %s gets a checklist or not.', (_, counts, newText, sent) => {
  const rounds = { ...quietRounds, ...counts }
  const effects = effectsOf({ newText }, { rounds, lettersToday: 1 })
  expect(summary(effects.letters)).toContain(sent ? 'checklist to person' : 'agent-notice draft to queue')
  expect(summary(effects.letters).includes('checklist to person')).toBe(sent)
})

test('Mail that asks programs not to answer is a submission; its letter is kept back and the desk is told.', () => {
  const answersUnwanted = 'X-Auto-Response-Suppress: All'
  const complete = effectsOf({ answersUnwanted, newText: completeText })
  expect(summary(complete.letters)).toEqual([
    'acknowledgement to person (withheld)',
    'agent-notice new-ticket to queue',
  ])
  expect(noticeOf(complete)).toMatchObject({ wouldHaveSent: 'acknowledgement' })
  expect(noticeOf(complete).warnings).toContain('answers-unwanted')
  const sender: Context['sender'] = {
    kind: 'partner',
    partner: { ...partner, machineMail: 'answer' },
    person: fenella,
  }
  expect(summary(effectsOf({ answersUnwanted, newText: completeText }, { sender }).letters)).toContain(
    'acknowledgement to person',
  )
})

test('A subject like that of an absence notice keeps letters back, unless the mail names our items.', () => {
  const automatic = {
    reason: 'subject' as const,
    evidence: 'Subject: Out of office',
    mayBeSubmission: true,
    isWeak: true,
  }
  const subject = 'Out of office replies are not sent'
  expect(summary(effectsOf({ automatic, subject, newText: 'I am away until Monday.' }).letters)).toEqual([
    'checklist to person (withheld)',
    'agent-notice draft to queue',
  ])
  expect(summary(effectsOf({ automatic, subject, newText: completeText }).letters)).toContain(
    'acknowledgement to person',
  )
})

test('An urgent draft is shown to the desk at once.', () => {
  const effects = effectsOf({ newText: `URGENT, everything is down!\n${incompleteText}` })
  expect(summary(effects.letters)).toEqual(['checklist to person', 'agent-notice draft to queue'])
})

test("A partner's helpdesk is silent by default: the desk is told, and the checklist only kept.", () => {
  const automatic = {
    reason: 'precedence' as const,
    evidence: 'Precedence: bulk',
    mayBeSubmission: true,
    isWeak: false,
  }
  const silent = effectsOf({ automatic })
  expect(summary(silent.letters)).toEqual(['checklist to person (withheld)', 'agent-notice draft to queue'])
  expect(noticeOf(silent).wouldHaveSent).toBe('checklist')
  const answering: Context['sender'] = {
    kind: 'partner',
    partner: { ...partner, machineMail: 'answer' },
    person: fenella,
  }
  expect(summary(effectsOf({ automatic }, { sender: answering }).letters)).toEqual(['checklist to person'])
})

test('A new partner is registered and mentioned.', () => {
  const given: Partial<Context> = { sender: { kind: 'stranger' }, partners: 'open' }
  const incomplete = effectsOf({}, given)
  expect(incomplete.changes.slice(0, 2)).toEqual([
    {
      kind: 'create-partner',
      partnerId: 'partner000000009',
      name: 'otterbrook-it.example',
      domains: ['otterbrook-it.example'],
    },
    {
      kind: 'create-person',
      personId: 'person0000000009',
      partnerId: 'partner000000009',
      name: 'Fenella',
      address: 'fenella@otterbrook-it.example',
    },
  ])
  expect(summary(incomplete.letters)).toEqual(['checklist to person', 'agent-notice new-partner to queue'])
  expect(noticeOf(effectsOf({ newText: completeText }, given)).warnings).toContain('new-partner')
})

test('A reply to an open ticket is a post and a notice, and no letter to the partner.', () => {
  const effects = effectsOf({ newText: 'It also happens with a 1.4 MB mail.' }, bySigned(openTicket()))
  expect(summary(effects.letters)).toEqual(['agent-notice reply to queue'])
  expect(noticeOf(effects)).toMatchObject({
    state: 'open',
    newText: 'It also happens with a 1.4 MB mail.',
    promise: { dueAt: due },
  })
  expect(changesOf(effects, 'start-promise')).toEqual([])
  expect(changesOf(effects, 'update-ticket')[0]?.state).toBeUndefined()
})

test('A further question after the answer starts the next promise; thanks do not.', () => {
  const answered = openTicket({
    promises: openTicket().promises.map((row) => ({ ...row, state: 'kept' as const })),
  })
  const question = effectsOf({ newText: 'Can older mails be journaled after the fact?' }, bySigned(answered))
  expect(changesOf(question, 'start-promise')[0]).toMatchObject({
    promise: 'next-response',
    startedAt: receivedAt,
  })
  const thanks = effectsOf({ newText: 'Thank you!' }, bySigned(answered))
  expect(changesOf(thanks, 'start-promise')).toEqual([])
})

test.each<[Ticket['state'], string, Ticket['state'] | undefined, string[]]>([
  ['resolved', 'It happens again.', 'open', ['reopened to person', 'agent-notice reply to queue']],
  ['resolved', 'Thank you!', undefined, []],
  ['closed', 'Thank you!', undefined, []],
  ['waiting', 'It is user 12.', 'open', ['agent-notice reply to queue']],
  ['draft', 'Thank you!', undefined, []],
])(
  'A reply to a ticket that is %s, saying %j, leaves it as it should be.',
  (state, newText, after, letters) => {
    const of = state === 'draft' ? ticket() : openTicket({ state })
    const effects = effectsOf({ newText }, bySigned(of))
    expect(changesOf(effects, 'update-ticket')[0]?.state).toBe(after)
    expect(changesOf(effects, 'add-post')).toHaveLength(1)
    expect(summary(effects.letters)).toEqual(letters)
  },
)

test('A draft that the partner takes back is withdrawn without a letter to them, and shown to the desk.', () => {
  const effects = effectsOf({ newText: 'Never mind.' }, bySigned(ticket()))
  expect(changesOf(effects, 'update-ticket')[0]).toMatchObject({ state: 'withdrawn' })
  expect(summary(effects.letters)).toEqual(['agent-notice draft to queue'])
  expect(noticeOf(effects)).toMatchObject({ state: 'withdrawn' })
})

test('Words of withdrawal beside what was asked for withdraw nothing.', () => {
  const effects = effectsOf(
    { newText: `Never mind my last mail.\n${credentials}\n${steps}` },
    bySigned(ticket()),
  )
  expect(changesOf(effects, 'update-ticket')[0]).toMatchObject({ state: 'open' })
})

test('A reply to a closed ticket opens a new one that is linked to it.', () => {
  const effects = effectsOf(
    { newText: completeText, messageId: 'mail-9@x.example' },
    bySigned(openTicket({ state: 'closed' })),
  )
  expect(changesOf(effects, 'create-ticket')[0]).toMatchObject({
    ticketId: 'ticket0000000009',
    linkedTo: ticketId,
  })
  expect(changesOf(effects, 'add-participant')[0]).toMatchObject({
    ticketId: 'ticket0000000009',
    role: 'requester',
  })
  expect(JSON.stringify(effects.changes)).not.toContain(`"ticketId":"${ticketId}"`)
})

test('A mail that only claims a ticket shows nothing of it.', () => {
  const foreign = openTicket({
    partnerId: 'partner000000002' as never,
    requester: { ...fenella, id: 'p' as PersonId },
    participants: [],
  })
  const effects = effectsOf(
    { newText: 'Please tell me more.' },
    { thread: { ticket: foreign, by: 'subject-tag' } },
  )
  expect(changesOf(effects, 'create-ticket')[0]).toMatchObject({ linkedTo: ticketId, state: 'draft' })
  expect(JSON.stringify(effects.letters)).not.toContain('milkchurnmuseum')
  expect(changesOf(effects, 'record-event')).toContainEqual({
    kind: 'record-event',
    ticketId: 'ticket0000000009',
    event: 'claims-ticket',
    detail: 'TG-1042',
  })
})

test('A colleague who replies joins; people of the partner in Cc take part, others are observers, we are neither.', () => {
  const colleague: Context['sender'] = { kind: 'partner', partner, person: null }
  const effects = effectsOf(
    {
      from: { displayName: 'Teodor', address: 'teodor@otterbrook-it.example' },
      newText: 'Taking over.',
      cc: [
        { displayName: null, address: 'Desk@Otterbrook-IT.example' },
        { displayName: null, address: 'owner@milkchurnmuseum.example' },
        { displayName: null, address: 'support@desk.example' },
        { displayName: null, address: fenella.address },
      ],
    },
    { ...bySigned(openTicket()), sender: colleague },
  )
  expect(changesOf(effects, 'create-person')).toHaveLength(1)
  expect(changesOf(effects, 'add-participant').map(({ address, role }) => `${role} ${address}`)).toEqual([
    'colleague teodor@otterbrook-it.example',
    'colleague desk@otterbrook-it.example',
    'observer owner@milkchurnmuseum.example',
  ])
  expect(noticeOf(effects).observers).toEqual(['owner@milkchurnmuseum.example'])
})

test('A mailing with thousands of recipients adds no more than fifty.', () => {
  const cc = Array.from({ length: 3000 }, (_, n) => ({
    displayName: null,
    address: `person${n}@elsewhere.example`,
  }))
  expect(changesOf(effectsOf({ cc }), 'add-participant').length).toBeLessThanOrEqual(51)
})

test('No letter is ever addressed by what stands in a mail.', () => {
  const elsewhere = [{ displayName: null, address: 'customer@milkchurnmuseum.example' }]
  for (const newText of [completeText, incompleteText]) {
    for (const { to } of effectsOf({ newText, replyTo: elsewhere, cc: elsewhere }).letters) {
      expect(['person', 'queue', 'participants']).toContain(to.kind)
      if (to.kind === 'person') expect(to.personId).toBe(fenella.id)
    }
  }
})

const agentMail: Partial<Mail> = {
  from: { displayName: 'Agent Three', address: agent.address },
  newText: 'Hi Fenella, please test again.',
}

test("An agent's answer goes to every participant after a minute, and keeps the promise.", () => {
  const given: Partial<Context> = {
    ...bySigned(openTicket()),
    sender: { kind: 'agent', person: agent },
    ownAddresses: [replyAddress(agent)],
  }
  const effects = effectsOf(agentMail, given)
  expect(effects.letters).toHaveLength(1)
  expect(effects.letters[0]).toMatchObject({
    template: 'agent-answer',
    to: { kind: 'participants', except: agent.id },
    automatic: false,
    withheld: false,
    notBefore: new Date(now.getTime() + 60_000),
    model: { agentName: 'Agent Three', text: 'Hi Fenella, please test again.', closing: null },
  })
  expect(changesOf(effects, 'keep-promises')[0]).toEqual({
    kind: 'keep-promises',
    ticketId,
    at: receivedAt,
    bankedMs: 0,
  })
  expect(changesOf(effects, 'add-post')[0]).toMatchObject({ post: 'agent-answer', personId: agent.id })
  const observed = effectsOf(agentMail, { ...given, mode: 'observe' })
  expect(summary(observed.letters)).toEqual([
    'agent-answer to participants (withheld)',
    'agent-notice reply to person',
  ])
  expect(changesOf(observed, 'keep-promises')).toEqual([])
})

test('An answer that the agent sent directly is kept, keeps the promise, and is not sent again.', () => {
  const direct = { ...agentMail, to: [{ displayName: null, address: fenella.address }] }
  const effects = effectsOf(direct, {
    thread: { ticket: openTicket(), by: 'foreign-message-id' },
    sender: { kind: 'agent', person: agent },
  })
  expect(effects.letters).toEqual([])
  expect(changesOf(effects, 'keep-promises')).toHaveLength(1)
  expect(changesOf(effects, 'remember-message-id')).toHaveLength(1)
})

test('A note is kept and goes to nobody.', () => {
  const effects = effectsOf(agentMail, {
    ...bySigned(openTicket()),
    sender: { kind: 'agent', person: agent },
    ownAddresses: [{ kind: 'note' }],
  })
  expect(effects.letters).toEqual([])
  expect(changesOf(effects, 'add-post')[0]).toMatchObject({ post: 'note' })
  expect(changesOf(effects, 'keep-promises')).toEqual([])
})

test.each<[string, Partial<BouncedLetter>, Partial<NonNullable<Mail['bounce']>>, string[]]>([
  ['lasting', {}, {}, ['agent-notice bounce to queue']],
  ['passing', {}, { action: 'delayed', status: '4.4.7' }, []],
  ['lasting and told before', { bouncedBefore: true }, {}, []],
  ['of a notice', { letter: 'agent-notice' }, {}, []],
])('A bounce that is %s is recorded, and told to the desk at most once.', (_, letter, bounce, letters) => {
  const bounced: BouncedLetter = {
    letterId,
    ticketId,
    recipient: fenella.address,
    letter: 'checklist',
    bouncedBefore: false,
    by: 'return-path',
    ...letter,
  }
  const report = {
    recipients: [fenella.address],
    status: '5.1.1',
    action: 'failed' as const,
    diagnosticCode: 'smtp; 550',
    originalMessageId: null,
  }
  const effects = effectsOf(
    { mailKind: 'bounce', from: null, bounce: { ...report, ...bounce } },
    { sender: { kind: 'stranger' }, bounced, thread: { ticket: ticket(), by: 'bounce-path' } },
  )
  expect(summary(effects.letters)).toEqual(letters)
  expect(changesOf(effects, 'letter-bounced')).toHaveLength(1)
  expect(changesOf(effects, 'add-post')[0]).toMatchObject({ post: 'bounce', ticketId })
  expect(changesOf(effects, 'update-ticket')).toEqual([])
})

test('A vacation reply is kept on its ticket, and nothing else happens.', () => {
  const automatic = {
    reason: 'auto-submitted' as const,
    evidence: 'Auto-Submitted: auto-replied',
    mayBeSubmission: false,
    isWeak: false,
  }
  const effects = effectsOf({ automatic, newText: 'I am away.' }, bySigned(ticket()))
  expect(effects.letters).toEqual([])
  expect(effects.changes.map((change) => change.kind)).toEqual([
    'add-post',
    'remember-message-id',
    'record-event',
  ])
  expect(effectsOf({ automatic, newText: 'I am away.' }).changes.map((change) => change.kind)).toEqual([
    'record-event',
  ])
})

test('Held, duplicate and unreadable mail leave an event and nothing else.', () => {
  const strange = effectsOf({}, { sender: { kind: 'stranger' } })
  expect(strange).toEqual({
    changes: [{ kind: 'record-event', ticketId: null, event: 'held', detail: 'stranger' }],
    letters: [],
  })
  const earlier = { inboxId: 'inbox00000000000' as never, ticketId, sameText: true, post: null }
  expect(effectsOf({}, { earlier }).changes.map((change) => change.kind)).toEqual(['record-event'])
  const unreadable = {
    kind: 'unreadable' as const,
    reason: 'time-limit',
    messageId: null,
    from: null,
    subject: null,
  }
  const at = context()
  expect(plan(decide(unreadable, verified, at), unreadable, at).letters).toEqual([])
})

test('A forward without new words shows the forwarded text, and a mail that is all quote shows all of it.', () => {
  const forwarded = {
    from: null,
    subject: null,
    date: null,
    messageId: null,
    text: 'I got "item too large" again.',
  }
  const pure = effectsOf({ newText: '', text: 'Fwd…', forwarded }, bySigned(openTicket()))
  expect(changesOf(pure, 'add-post')[0]?.text).toBe('I got "item too large" again.')
  const quote = effectsOf({ newText: '', text: '> yes, both' }, bySigned(openTicket()))
  expect(changesOf(quote, 'add-post')[0]?.text).toBe('> yes, both')
})
