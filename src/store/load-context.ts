/**
 * Loads every fact that a decision may use, inside its transaction, by keys that were made from the mail: sender,
 * ticket, bounced letter, earlier copy, letters of the day. No look-up without an index (held by a test).
 * Fails: never on what a mail says; faults of the database are thrown.
 */
import type { Kysely } from 'kysely'
import type { AsideKeys } from '../decide/aside-keys.ts'
import { assertNever } from '../decide/assert-never.ts'
import type {
  BouncedLetter,
  Context,
  DeskFacts,
  LetterId,
  Partner,
  PersonId,
  Sender,
  Thread,
  TicketId,
} from '../decide/context.ts'
import type { ThreadKeys } from '../decide/thread-keys.ts'
import type { LetterName } from '../letters/models.ts'
import type { InboxId } from '../mail/mail.ts'
import { domainOf } from '../mail/mailbox.ts'
import { messageKey } from './event.ts'
import { forwarderOf, namedPeople, onBehalfOf, questionOf, waitingDrafts } from './load-asides.ts'
import { loadDeskFacts } from './load-desk-facts.ts'
import { loadNamedSender, loadSender, partnerById } from './load-people.ts'
import { ticketById, ticketByNumber } from './load-ticket.ts'
import { domainLock, lockNames, messageLock } from './lock-names.ts'
import { loadRounds } from './rounds.ts'
import type { Database } from './schema.ts'

export type ContextKeys = {
  readonly asides: AsideKeys
  readonly inboxId: InboxId
  /** Author's address in comparison form; null when there is none. */
  readonly from: string | null
  readonly thread: ThreadKeys
  /** HMAC of author and new text, hex; null for mail that could not be read. */
  readonly textKey: string | null
  /** HMACs of the words, hex: as they are, and without numbers; null when there are none. */
  readonly sameKey: string | null
  readonly alikeKey: string | null
  /** How it came out of a wait for a person, and whom that person named as its author. */
  readonly resumed: {
    readonly at: Date
    readonly vouched: boolean
    readonly as: PersonId | null
    readonly asIs: boolean
  } | null
  readonly now: Date
}

/** What does not come from the database. */
export type ContextRest = Pick<
  Context,
  | 'envelope'
  | 'policy'
  | 'brand'
  | 'partners'
  | 'ownAddresses'
  | 'ownDomains'
  | 'fresh'
  | 'returnedLetterId'
  | 'isFromOurselves'
> & { readonly deskMode: Context['mode'] }

/** Letters that a program decided to send to a partner in answer to a mail of theirs. */
const AUTOMATIC_LETTERS: readonly LetterName[] = [
  'checklist',
  'acknowledgement',
  'reopened',
  'leaving',
  'ticket-status',
  'agent-question',
]

const DAY_MS = 24 * 60 * 60 * 1000

/** Builds the context of one mail. */
export async function loadContext(
  tx: Kysely<Database>,
  keys: ContextKeys,
  rest: ContextRest,
): Promise<Context> {
  const { deskMode, ...given } = rest
  // Copies of one mail, and first mails of one sender, must each see what the other did.
  await lockNames(tx, [
    ...(keys.from === null ? [] : [domainLock(domainOf(keys.from))]),
    ...(keys.thread.messageId === null ? [] : [messageLock(messageKey(keys.thread.messageId))]),
  ])
  const { sender, resumed } = await loadAuthor(tx, keys)
  const bounced = await loadBounced(tx, keys.thread, keys.now)
  const found = await loadThread(tx, keys.thread, bounced)
  const thread = sender.kind === 'agent' ? found : await followReplaced(tx, found)
  const isCall = rest.ownAddresses.some(({ kind }) => kind === 'open')
  const asides = await loadAsides(tx, keys, { sender, thread, isCall })
  const partner =
    sender.kind === 'partner'
      ? sender.partner
      : (asides.onBehalf?.partner ?? (await partnerOfThread(tx, sender, thread)))
  return {
    ...given,
    now: keys.now,
    inboxId: keys.inboxId,
    mode: partner?.mode ?? deskMode,
    sender,
    thread,
    bounced,
    earlier: await loadEarlier(tx, keys),
    resumed,
    suppressed: keys.from !== null && (await isSuppressed(tx, keys.from, keys.now)),
    lettersToday: keys.from === null ? 0 : await lettersTo(tx, keys.from, keys.now),
    ...asides,
    desk: sender.kind === 'agent' ? await deskFactsFor(tx, keys, { sender, thread, rest }) : null,
    rounds: await loadRounds(tx, {
      address: keys.from,
      partnerId: sender.kind === 'partner' ? sender.partner.id : null,
      ticketId: thread?.ticket.id ?? null,
      sameKey: keys.sameKey,
      alikeKey: keys.alikeKey,
      now: keys.now,
    }),
  }
}

/** Who wrote: the person whom an operator named, else whom the registers name for From. */
async function loadAuthor(
  tx: Kysely<Database>,
  { from, resumed }: ContextKeys,
): Promise<{ readonly sender: Sender; readonly resumed: Context['resumed'] }> {
  const named = resumed?.as == null ? null : await loadNamedSender(tx, resumed.as)
  const shown =
    resumed === null
      ? null
      : { at: resumed.at, vouched: resumed.vouched, named: named !== null, asIs: resumed.asIs }
  return { sender: named ?? (await loadSender(tx, from)), resumed: shown }
}

/** The queue that an agent's mail is about: whose next ticket is asked for, where it is moved, where it stands. */
async function deskFactsFor(
  tx: Kysely<Database>,
  keys: ContextKeys,
  of: {
    readonly sender: Extract<Sender, { kind: 'agent' }>
    readonly thread: Thread | null
    readonly rest: ContextRest
  },
): Promise<DeskFacts> {
  const { commands } = keys.asides
  const { queues } = of.rest.policy
  const next = of.rest.ownAddresses.find((address) => address.kind === 'next')
  const moved = queues.find(({ name }) => commands.words.includes(name))
  const name = next?.queue ?? moved?.name ?? of.thread?.ticket.queue
  const queue =
    next === undefined && commands.words.length === 0 ? undefined : queues.find((one) => one.name === name)
  return loadDeskFacts(
    tx,
    {
      agentId: of.sender.person.id,
      agentAddress: of.sender.person.address,
      wantsAgents: commands.words.includes('assign'),
      messageIds: keys.thread.messageIds,
      otherNumber: commands.otherNumber,
      namedAddress: commands.namedAddress,
      queue: queue ?? null,
    },
    { ticket: of.thread?.ticket ?? null, now: keys.now },
  )
}

async function isSuppressed(tx: Kysely<Database>, address: string, now: Date): Promise<boolean> {
  const row = await tx
    .selectFrom('address')
    .select('suppressed_until')
    .where('address', '=', address)
    .executeTakeFirst()
  return row?.suppressed_until != null && row.suppressed_until >= now.getTime()
}

type Asides = Pick<Context, 'namedPeople' | 'waitingDrafts' | 'forwarder' | 'onBehalf' | 'question'>

/** Facts beside sender and thread, each only for the mail that it may matter to. */
async function loadAsides(
  tx: Kysely<Database>,
  { asides, thread: threadKeys, inboxId }: ContextKeys,
  {
    sender,
    thread,
    isCall,
  }: { readonly sender: Sender; readonly thread: Thread | null; readonly isCall: boolean },
): Promise<Asides> {
  const none: Asides = { namedPeople: [], waitingDrafts: [], forwarder: null, onBehalf: null, question: null }
  switch (sender.kind) {
    case 'partner': {
      const { person } = sender
      const isFirst = thread === null && person !== null
      const named = await namedPeople(tx, asides.named)
      return { ...none, namedPeople: named, waitingDrafts: isFirst ? await waitingDrafts(tx, person.id) : [] }
    }
    case 'stranger':
      return { ...none, forwarder: await forwarderOf(tx, asides.traces) }
    case 'agent': {
      if (thread !== null) return none
      const { messageIds } = threadKeys
      const { firstLineNames, forwardAuthors } = asides
      return {
        ...none,
        question: await questionOf(tx, sender.person.id, { messageIds, firstLineNames }),
        onBehalf: await onBehalfOf(tx, inboxId, isCall ? listOf(firstLineNames) : forwardAuthors),
      }
    }
    default:
      return assertNever(sender)
  }
}

function listOf(name: string | null): readonly string[] {
  return name === null ? [] : [name]
}

/** Whoever still answers a draft that another ticket stands in for means that ticket. */
async function followReplaced(tx: Kysely<Database>, thread: Thread | null): Promise<Thread | null> {
  if (thread?.ticket.replacedBy == null) return thread
  const ticket = await ticketById(tx, thread.ticket.replacedBy)
  return ticket === null ? thread : { ...thread, ticket }
}

/** An agent writes to the partner of the ticket, so it is their mode that counts. */
async function partnerOfThread(
  tx: Kysely<Database>,
  sender: Context['sender'],
  thread: Thread | null,
): Promise<Partner | null> {
  const partnerId = sender.kind === 'agent' ? (thread?.ticket.partnerId ?? null) : null
  return partnerId === null ? null : partnerById(tx, partnerId)
}

/** The first key that leads to a ticket, strongest first. */
async function loadThread(
  tx: Kysely<Database>,
  keys: ThreadKeys,
  bounced: BouncedLetter | null,
): Promise<Thread | null> {
  for (const { ticketNumber } of keys.signed) {
    const ticket = await ticketByNumber(tx, ticketNumber)
    if (ticket !== null) return { ticket, by: 'signed-address' }
  }
  const reference = await firstReference(tx, keys.messageIds)
  if (reference !== null) {
    const ticket = await ticketById(tx, reference.ticketId)
    if (ticket !== null) return { ticket, by: reference.ours ? 'our-message-id' : 'foreign-message-id' }
  }
  for (const number of keys.tagNumbers) {
    const ticket = await ticketByNumber(tx, number)
    if (ticket !== null) return { ticket, by: 'subject-tag' }
  }
  const ticket = bounced?.ticketId == null ? null : await ticketById(tx, bounced.ticketId)
  return ticket === null ? null : { ticket, by: 'bounce-path' }
}

/** Our own ids and a relay's aliases of them go before foreign ones; within each, the order of the mail counts. */
async function firstReference(
  tx: Kysely<Database>,
  messageIds: readonly string[],
): Promise<{ readonly ticketId: string; readonly ours: boolean } | null> {
  if (messageIds.length === 0) return null
  const wanted = messageIds.map(messageKey)
  const rows = await tx
    .selectFrom('message_reference')
    .select(['message_id', 'ticket_id', 'kind'])
    .where('message_id', 'in', wanted)
    .orderBy('created_at')
    .execute()
  for (const ours of [true, false]) {
    for (const messageId of wanted) {
      const row = rows.find((one) => one.message_id === messageId && (one.kind !== 'foreign') === ours)
      if (row !== undefined) return { ticketId: row.ticket_id, ours }
    }
  }
  return null
}

/** A bounce that was told is not told again for as long as the address would be spared. */
const TOLD_MS = 7 * DAY_MS

async function loadBounced(tx: Kysely<Database>, keys: ThreadKeys, now: Date): Promise<BouncedLetter | null> {
  const found = await findBounced(tx, keys)
  if (found === null) return null
  const { row, by } = found
  // Reports about letters of one ticket come together: each must see what the one before it told.
  if (row.ticket_id !== null) await ticketById(tx, row.ticket_id)
  const told = await tx
    .selectFrom('outbox')
    .select('id')
    .where((where) =>
      where.or([
        where.and([where('id', '=', row.id), where('bounced_at', 'is not', null)]),
        where.and([
          where('ticket_id', '=', row.ticket_id),
          where('to_address', '=', row.to_address),
          where('bounced_at', '>', now.getTime() - TOLD_MS),
        ]),
      ]),
    )
    .limit(1)
    .executeTakeFirst()
  return {
    letterId: row.id as LetterId,
    ticketId: row.ticket_id as TicketId | null,
    recipient: row.to_address,
    letter: row.letter as BouncedLetter['letter'],
    bouncedBefore: told !== undefined,
    by,
  }
}

/** By the signed return path; else by the Message-ID in the report: ours, or what a relay made of it. */
async function findBounced(tx: Kysely<Database>, keys: ThreadKeys) {
  const letters = tx.selectFrom('outbox').select(['outbox.id', 'ticket_id', 'to_address', 'letter'])
  if (keys.bouncedLetterId !== null) {
    const row = await letters.where('id', '=', keys.bouncedLetterId).executeTakeFirst()
    return row === undefined ? null : { row, by: 'return-path' as const }
  }
  if (keys.bouncedMessageId === null) return null
  const messageId = messageKey(keys.bouncedMessageId)
  const ours = await letters.where('message_id', '=', messageId).executeTakeFirst()
  if (ours !== undefined) return { row: ours, by: 'message-id' as const }
  const alias = await tx
    .selectFrom('message_reference')
    .innerJoin('outbox', 'outbox.id', 'message_reference.outbox_id')
    .select(['outbox.id', 'outbox.ticket_id', 'outbox.to_address', 'outbox.letter'])
    .where('message_reference.message_id', '=', messageId)
    .where('message_reference.kind', '=', 'alias')
    .executeTakeFirst()
  return alias === undefined ? null : { row: alias, by: 'alias' as const }
}

async function loadEarlier(tx: Kysely<Database>, keys: ContextKeys): Promise<Context['earlier']> {
  const { messageId } = keys.thread
  if (messageId === null) return null
  const rows = await tx
    .selectFrom('inbox')
    .select(['id', 'ticket_id', 'text_key'])
    .where('message_id', '=', messageKey(messageId))
    .where('id', '<>', keys.inboxId)
    // What waits for a person or was dropped has told nobody anything, and a copy of this very mail is no earlier one.
    .where('state', '=', 'done')
    .where('outcome', 'not in', ['duplicate', 'dropped'])
    .orderBy('id')
    .limit(20)
    .execute()
  const same = rows.find((row) => row.text_key !== null && row.text_key === keys.textKey)
  const row = same ?? rows[0]
  if (row === undefined) return null
  return {
    inboxId: row.id as InboxId,
    ticketId: row.ticket_id as TicketId | null,
    sameText: same !== undefined,
    // Only a used id with other words asks for more: that is rare.
    post: same === undefined ? await postOfMail(tx, row.id) : null,
  }
}

async function postOfMail(tx: Kysely<Database>, inboxId: string) {
  const row = await tx
    .selectFrom('post')
    .innerJoin('inbox', 'inbox.id', 'post.inbox_id')
    .select(['post.text', 'inbox.from_address'])
    .where('post.inbox_id', '=', inboxId)
    .orderBy('post.id')
    .limit(1)
    .executeTakeFirst()
  return row === undefined ? null : { from: row.from_address, text: row.text }
}

/** Letters that programs decided to send to this address within a day. */
async function lettersTo(tx: Kysely<Database>, address: string, now: Date): Promise<number> {
  const found = await tx
    .selectFrom('outbox')
    .select((select) => select.fn.countAll<number | string>().as('count'))
    .where('to_address', '=', address)
    .where('created_at', '>', now.getTime() - DAY_MS)
    .where('letter', 'in', AUTOMATIC_LETTERS)
    .executeTakeFirst()
  return Number(found?.count ?? 0)
}
