/**
 * A desk in memory for tests: builds the context of each mail, decides, plans and folds the effects into tickets, so that
 * whole conversations run without a store. It keeps the rules of look-up that `thread-keys.ts` states.
 */
import type { InboxId, Mail } from '../mail/mail.ts'
import { domainOf, normaliseAddress } from '../mail/mailbox.ts'
import type {
  BouncedLetter,
  Context,
  LetterId,
  OwnAddress,
  Partner,
  PartnerId,
  Person,
  PersonId,
  SecretId,
  Sender,
  Thread,
  Ticket,
  TicketId,
} from './context.ts'
import { decide } from './decide.ts'
import type { Change, LetterOrder } from './effects.ts'
import type { Judgement } from './judgement.ts'
import { rowOf } from './order-steps.ts'
import { plan } from './plan.ts'
import { context as baseContext, nothingSaid, verified } from './test-builders.ts'
import { type ThreadKeys, threadKeys } from './thread-keys.ts'

type Letter = LetterOrder & { readonly letterId: LetterId; readonly messageId: string }
type Post = Extract<Change, { kind: 'add-post' }>
type Given = {
  readonly own?: readonly OwnAddress[]
  readonly reversePath?: string | null
  readonly context?: Partial<Context>
}
export type Result = {
  readonly judgement: Judgement
  readonly changes: readonly Change[]
  readonly letters: readonly Letter[]
}

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] }
type State = {
  readonly tickets: Map<TicketId, Mutable<Ticket>>
  readonly partners: Map<PartnerId, Partner>
  readonly people: Map<string, Person>
  readonly messages: Map<string, { ticketId: TicketId; ours: boolean }>
  readonly mails: Map<string, { inboxId: InboxId; ticketId: TicketId | null; text: string }>
  readonly letters: Letter[]
  readonly posts: Post[]
  readonly secrets: Map<SecretId, string>
  readonly events: Extract<Change, { kind: 'record-event' }>[]
  readonly bounces: Set<LetterId>
  ids: number
}

export type Desk = State & { receive(mail: Mail, given?: Given): Result }

export function openDesk(base: Partial<Context> = {}): Desk {
  const state: State = {
    tickets: new Map(),
    partners: new Map(),
    people: new Map(),
    messages: new Map(),
    mails: new Map(),
    letters: [],
    posts: [],
    secrets: new Map(),
    events: [],
    bounces: new Set(),
    ids: 0,
  }
  return {
    ...state,
    receive: (mail, given = {}) => receive(state, mail, { ...given, context: { ...base, ...given.context } }),
  }
}

function freshId(state: State): string {
  state.ids += 1
  return state.ids.toString().padStart(16, '0')
}

function senderOf(state: State, mail: Mail): Sender {
  const address = normaliseAddress(mail.from?.address ?? '')
  const person = address === null ? undefined : state.people.get(address)
  if (person?.role !== undefined && person.role !== null) return { kind: 'agent', person }
  const own =
    person?.partnerId === undefined || person.partnerId === null
      ? undefined
      : state.partners.get(person.partnerId)
  if (person !== undefined && own !== undefined) return { kind: 'partner', partner: own, person }
  const domain = domainOf(address ?? '')
  for (const partner of state.partners.values()) {
    if (partner.domains.includes(domain)) return { kind: 'partner', partner, person: null }
  }
  return { kind: 'stranger' }
}

function byNumber(state: State, number: number): Ticket | null {
  return [...state.tickets.values()].find((ticket) => ticket.number === number) ?? null
}

function threadOf(state: State, keys: ThreadKeys, bounced: BouncedLetter | null): Thread | null {
  for (const { ticketNumber } of keys.signed) {
    const ticket = byNumber(state, ticketNumber)
    if (ticket !== null) return { ticket, by: 'signed-address' }
  }
  const found = keys.messageIds.flatMap((messageId) => state.messages.get(messageId) ?? [])
  const reference = found.find((row) => row.ours) ?? found[0]
  const referred = reference === undefined ? undefined : state.tickets.get(reference.ticketId)
  if (reference !== undefined && referred !== undefined) {
    return { ticket: referred, by: reference.ours ? 'our-message-id' : 'foreign-message-id' }
  }
  for (const number of keys.tagNumbers) {
    const ticket = byNumber(state, number)
    if (ticket !== null) return { ticket, by: 'subject-tag' }
  }
  const ticket =
    bounced?.ticketId === undefined || bounced.ticketId === null
      ? undefined
      : state.tickets.get(bounced.ticketId)
  return ticket === undefined ? null : { ticket, by: 'bounce-path' }
}

function bouncedOf(state: State, keys: ThreadKeys): BouncedLetter | null {
  const letter = state.letters.find(
    (row) =>
      row.letterId === keys.bouncedLetterId ||
      (keys.bouncedLetterId === null && row.messageId === keys.bouncedMessageId),
  )
  if (letter === undefined) return null
  const bouncedBefore = state.bounces.has(letter.letterId)
  return {
    letterId: letter.letterId,
    ticketId: letter.ticketId,
    recipient: 'someone',
    letter: letter.template,
    bouncedBefore,
    by: keys.bouncedLetterId === null ? 'message-id' : 'return-path',
  }
}

function contextOf(state: State, mail: Mail, given: Given): Context {
  const own = given.own ?? [{ kind: 'base' as const, queue: 'support' }]
  const keys = threadKeys(mail, own)
  const bounced = bouncedOf(state, keys)
  const before = mail.messageId === null ? undefined : state.mails.get(mail.messageId)
  return baseContext({
    inboxId: freshId(state) as InboxId,
    sender: senderOf(state, mail),
    ownAddresses: own,
    thread: threadOf(state, keys, bounced),
    bounced,
    earlier: before === undefined ? null : { ...before, sameText: before.text === mail.newText, post: null },
    fresh: {
      ticketId: freshId(state) as TicketId,
      personId: freshId(state) as PersonId,
      partnerId: freshId(state) as PartnerId,
    },
    ...given.context,
  })
}

function receive(state: State, mail: Mail, given: Given): Result {
  const context = contextOf(state, mail, given)
  const judgement = decide(mail, verified, context)
  const effects = plan(judgement, mail, context)
  for (const change of effects.changes) fold(state, change, context)
  const letters = effects.letters.map((order) => {
    const letterId = freshId(state) as LetterId
    const letter = { ...order, letterId, messageId: `tg.${letterId}@desk.example` }
    state.letters.push(letter)
    state.messages.set(letter.messageId, { ticketId: letter.ticketId, ours: true })
    return letter
  })
  const ticketId = letters[0]?.ticketId ?? judgement.ticket?.id ?? null
  if (mail.messageId !== null && !state.mails.has(mail.messageId)) {
    state.mails.set(mail.messageId, { inboxId: context.inboxId, ticketId, text: mail.newText })
  }
  return { judgement, changes: effects.changes, letters }
}

function ticketOf(state: State, ticketId: TicketId): Mutable<Ticket> {
  const ticket = state.tickets.get(ticketId)
  if (ticket === undefined) throw new Error(`no ticket ${ticketId}: a change came before its create-ticket`)
  return ticket
}

function personById(state: State, personId: PersonId): Person {
  const person = [...state.people.values()].find((row) => row.id === personId)
  if (person === undefined) throw new Error(`no person ${personId}: a change came before its create-person`)
  return person
}

function createTicket(state: State, change: Extract<Change, { kind: 'create-ticket' }>): void {
  state.tickets.set(change.ticketId, {
    id: change.ticketId,
    number: 1001 + state.tickets.size,
    state: change.state,
    queue: change.queue,
    assignee: null,
    partnerId: change.partnerId,
    requester: personById(state, change.requesterId),
    participants: [],
    colleagues: [],
    participantAddresses: [],
    observers: [],
    subjectStem: change.subjectStem,
    fields: {},
    threeRs: nothingSaid,
    missing: [],
    warnings: [],
    checklistsSent: 0,
    language: change.language,
    promises: [],
    createdAt: change.createdAt,
    expiresAt: change.expiresAt,
    replacedBy: null,
    askedToLeaveAt: null,
  })
}

function updateTicket(state: State, change: Extract<Change, { kind: 'update-ticket' }>): void {
  const ticket = ticketOf(state, change.ticketId)
  ticket.state = change.state ?? ticket.state
  ticket.fields = change.fields ?? ticket.fields
  ticket.missing = change.missing ?? ticket.missing
  ticket.threeRs = change.threeRs ?? ticket.threeRs
  ticket.warnings = change.warnings ?? ticket.warnings
  ticket.checklistsSent = change.checklistsSent ?? ticket.checklistsSent
}

function sealCredentials(
  state: State,
  change: Extract<Change, { kind: 'seal-credentials' }>,
  context: Context,
): void {
  const ticket = ticketOf(state, change.ticketId)
  const secretId = freshId(state) as SecretId
  state.secrets.set(secretId, change.password)
  const { inboxId } = context
  const value = { value: change.username ?? '', source: change.source, inboxId, secretId }
  ticket.fields = { ...ticket.fields, [change.field]: value }
}

function addParticipant(state: State, change: Extract<Change, { kind: 'add-participant' }>): void {
  const ticket = ticketOf(state, change.ticketId)
  if (change.role === 'observer') ticket.observers = [...ticket.observers, change.address]
  else ticket.participantAddresses = [...ticket.participantAddresses, change.address]
  if (change.personId !== null) ticket.participants = [...ticket.participants, change.personId]
  if (change.personId !== null && change.role === 'colleague')
    ticket.colleagues = [...ticket.colleagues, personById(state, change.personId)]
}

function register(state: State, change: Extract<Change, { kind: 'create-partner' | 'create-person' }>): void {
  if (change.kind === 'create-partner') {
    const { partnerId, name, domains } = change
    const rest = { controlPanelUrl: null, timeZone: null, language: null, mode: null }
    state.partners.set(partnerId, {
      id: partnerId,
      name,
      domains,
      ...rest,
      machineMail: 'silent',
      state: 'active',
    })
    return
  }
  const { personId, partnerId, name, address } = change
  state.people.set(address, {
    id: personId,
    partnerId,
    role: null,
    name,
    address,
    timeZone: null,
    language: null,
  })
}

function changePromises(
  state: State,
  change: Extract<Change, { kind: 'start-promise' | 'keep-promises' }>,
): void {
  const ticket = ticketOf(state, change.ticketId)
  if (change.kind === 'keep-promises') {
    ticket.promises = ticket.promises.map((row) => ({ ...row, state: 'kept' }))
    return
  }
  ticket.promises = [...ticket.promises, ...rowOf(change)]
}

function fold(state: State, change: Change, context: Context): void {
  switch (change.kind) {
    case 'create-partner':
    case 'create-person':
      register(state, change)
      break
    case 'create-ticket':
      createTicket(state, change)
      break
    case 'update-ticket':
      updateTicket(state, change)
      break
    case 'seal-credentials':
      sealCredentials(state, change, context)
      break
    case 'add-post':
      ticketOf(state, change.ticketId)
      state.posts.push(change)
      break
    case 'add-participant':
      addParticipant(state, change)
      break
    case 'remember-message-id':
      state.messages.set(change.messageId, { ticketId: change.ticketId, ours: false })
      break
    case 'start-promise':
    case 'keep-promises':
      changePromises(state, change)
      break
    case 'letter-bounced':
      state.bounces.add(change.letterId)
      break
    case 'lift-suppression':
    case 'record-round':
      break
    case 'record-event':
      state.events.push(change)
      break
    case 'leave-ticket': {
      const ticket = ticketOf(state, change.ticketId)
      ticket.participants = ticket.participants.filter((id) => id !== change.personId)
      ticket.colleagues = ticket.colleagues.filter(
        (one) => one.id !== change.successor && one.id !== change.personId,
      )
      if (change.successor !== null) ticket.requester = personById(state, change.successor)
      break
    }
    case 'ask-to-leave':
      ticketOf(state, change.ticketId).askedToLeaveAt = context.now
      break
    default:
      // The rest is kept where no decision looks.
      break
  }
}
