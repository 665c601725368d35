/**
 * What an agent's mail may need of the desk: colleagues, the head of a queue, an answer given in between, what waits for
 * `#send`, what `#undo` would undo. Loaded for agents' mail alone; each look-up is by an index.
 * Fails: faults of the database are thrown.
 */
import type { Kysely } from 'kysely'
import type { DeskFacts, LastCommand, Person, PersonId, Ticket } from '../decide/context.ts'
import type { QueueOrder } from '../intake/policy.ts'
import type { InboxId } from '../mail/mail.ts'
import { messageKey } from './event.ts'
import { loadSender, personById } from './load-people.ts'
import { ticketById, ticketByNumber } from './load-ticket.ts'
import { lockNames } from './lock-names.ts'
import type { Database } from './schema.ts'

export type DeskKeys = {
  readonly agentId: PersonId
  readonly agentAddress: string
  /** Somebody of the desk is named by their name. */
  readonly wantsAgents: boolean
  readonly messageIds: readonly string[]
  /** The ticket number that `#merge` names. */
  readonly otherNumber: number | null
  /** The address that `#cc` or `#remove` names, in comparison form. */
  readonly namedAddress: string | null
  /** Name and order of the queue that is looked into; null for none. */
  readonly queue: { readonly name: string; readonly order: QueueOrder } | null
}

/** After this only what can be told apart is undone: by commands of its own. */
const UNDO_MS = 24 * 60 * 60 * 1000
const DAY_MS = 24 * 60 * 60 * 1000
const MAX_AGENTS = 500
const MAX_PASSED = 20
/** Counted no further: the bound is lower. */
const MAX_RESULTS = 1000

/** Loads them for one mail; `ticket` is the one that it belongs to. */
export async function loadDeskFacts(
  tx: Kysely<Database>,
  keys: DeskKeys,
  at: { readonly ticket: Ticket | null; readonly now: Date },
): Promise<DeskFacts> {
  const { ticket } = at
  const line = keys.queue === null ? NO_LINE : await lineOf(tx, keys.queue, ticket)
  return {
    agents: keys.wantsAgents ? await agentsOf(tx) : [],
    other: keys.otherNumber === null ? null : await ticketByNumber(tx, keys.otherNumber),
    ...line,
    answeredSince: ticket === null ? null : await answeredSince(tx, keys, ticket),
    heldAnswer: await heldAnswer(tx, keys),
    lastCommand: ticket === null ? null : await lastCommand(tx, ticket, at.now),
    named: keys.namedAddress === null ? null : await loadSender(tx, keys.namedAddress),
    ...(await resultsToday(tx, keys.agentAddress, at.now)),
  }
}

async function agentsOf(tx: Kysely<Database>): Promise<readonly Person[]> {
  const rows = await tx
    .selectFrom('person')
    .select('id')
    .where('role', 'is not', null)
    .where('state', '=', 'active')
    .orderBy('id')
    .limit(MAX_AGENTS)
    .execute()
  const people = await Promise.all(rows.map((row) => personById(tx, row.id)))
  return people.filter((person) => person !== null)
}

const NO_LINE: Pick<DeskFacts, 'head' | 'ahead' | 'passedOver'> = { head: null, ahead: 0, passedOver: [] }

/** The line of a queue as it stands: two agents who ask at once wait for each other here. */
async function lineOf(
  tx: Kysely<Database>,
  queue: { readonly name: string; readonly order: QueueOrder },
  ticket: Ticket | null,
): Promise<Pick<DeskFacts, 'head' | 'ahead' | 'passedOver'>> {
  await lockNames(tx, [`queue ${queue.name}`])
  const head =
    queue.order === 'sequential' ? await headBySequence(tx, queue.name) : await headByDue(tx, queue.name)
  const passed =
    queue.order === 'sequential' && head !== null ? await passedBefore(tx, queue.name, head.id) : []
  return {
    head: head === null ? null : await ticketById(tx, head.id),
    ahead: await aheadOf(tx, queue.name, ticket),
    passedOver: passed,
  }
}

function headBySequence(tx: Kysely<Database>, queue: string) {
  return tx
    .selectFrom('ticket')
    .select('id')
    .where('queue', '=', queue)
    .where('state', '=', 'open')
    .where('assignee_id', 'is', null)
    .orderBy('queued_at')
    .orderBy('number')
    .limit(1)
    .executeTakeFirst()
    .then((row) => row ?? null)
}

/** Whatever is due first; a ticket that owes nothing comes last. */
async function headByDue(tx: Kysely<Database>, queue: string) {
  const due = await tx
    .selectFrom('ticket')
    .innerJoin('promise', 'promise.ticket_id', 'ticket.id')
    .select('ticket.id')
    .where('ticket.queue', '=', queue)
    .where('ticket.state', '=', 'open')
    .where('ticket.assignee_id', 'is', null)
    .where('promise.state', '=', 'running')
    .orderBy('promise.due_at')
    .orderBy('ticket.number')
    .limit(1)
    .executeTakeFirst()
  return due ?? headBySequence(tx, queue)
}

/** Tickets that wait on the partner and would come before the head. */
async function passedBefore(tx: Kysely<Database>, queue: string, headId: string): Promise<readonly number[]> {
  const head = await tx
    .selectFrom('ticket')
    .select('queued_at')
    .where('id', '=', headId)
    .executeTakeFirstOrThrow()
  const rows = await tx
    .selectFrom('ticket')
    .select('number')
    .where('queue', '=', queue)
    .where('state', '=', 'waiting')
    .where('queued_at', '<', head.queued_at)
    .orderBy('queued_at')
    .limit(MAX_PASSED)
    .execute()
  return rows.map((row) => row.number)
}

async function aheadOf(tx: Kysely<Database>, queue: string, ticket: Ticket | null): Promise<number> {
  const own =
    ticket?.queue === queue
      ? await tx.selectFrom('ticket').select('queued_at').where('id', '=', ticket.id).executeTakeFirst()
      : undefined
  let waiting = tx
    .selectFrom('ticket')
    .select((select) => select.fn.countAll<number | string>().as('count'))
    .where('queue', '=', queue)
    .where('state', '=', 'open')
  if (own?.queued_at != null) waiting = waiting.where('queued_at', '<', own.queued_at)
  return Number((await waiting.executeTakeFirst())?.count ?? 0)
}

/** The name of a colleague who answered after the notice that this mail answers. */
async function answeredSince(
  tx: Kysely<Database>,
  { messageIds, agentId }: DeskKeys,
  ticket: Ticket,
): Promise<string | null> {
  if (messageIds.length === 0) return null
  const notice = await tx
    .selectFrom('outbox')
    .select('created_at')
    .where('message_id', 'in', messageIds.map(messageKey))
    .where('ticket_id', '=', ticket.id)
    .where('person_id', '=', agentId)
    .orderBy('created_at', 'desc')
    .limit(1)
    .executeTakeFirst()
  if (notice === undefined) return null
  const answer = await tx
    .selectFrom('post')
    .select(['author', 'person_id'])
    .where('ticket_id', '=', ticket.id)
    .where('kind', '=', 'agent-answer')
    .where('created_at', '>', notice.created_at)
    .where('person_id', '<>', agentId)
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst()
  if (answer === undefined) return null
  const person = answer.person_id === null ? null : await personById(tx, answer.person_id)
  return person?.name ?? answer.author ?? ''
}

async function resultsToday(
  tx: Kysely<Database>,
  address: string,
  now: Date,
): Promise<Pick<DeskFacts, 'resultsToday' | 'strayResultsToday'>> {
  const rows = await tx
    .selectFrom('outbox')
    .select('ticket_id')
    .where('to_address', '=', address)
    .where('created_at', '>', now.getTime() - DAY_MS)
    .where('letter', '=', 'command-result')
    .limit(MAX_RESULTS)
    .execute()
  return {
    resultsToday: rows.length,
    strayResultsToday: rows.filter((row) => row.ticket_id === null).length,
  }
}

async function heldAnswer(tx: Kysely<Database>, { messageIds, agentId }: DeskKeys): Promise<InboxId | null> {
  if (messageIds.length === 0) return null
  const letter = await tx
    .selectFrom('outbox')
    .innerJoin('inbox', 'inbox.id', 'outbox.inbox_id')
    .select('inbox.id')
    .where('outbox.message_id', 'in', messageIds.map(messageKey))
    .where('outbox.letter', '=', 'command-result')
    .where('outbox.person_id', '=', agentId)
    .where('inbox.state', '=', 'held')
    .executeTakeFirst()
  return letter === undefined ? null : (letter.id as InboxId)
}

/** The relay neither has it nor may have it. */
function isRecallable(letter: {
  readonly state: string
  readonly attempts: number
  readonly lease_owner: string | null
}): boolean {
  const isUntouched = letter.state === 'queued' && letter.attempts === 0 && letter.lease_owner === null
  return isUntouched || letter.state === 'withheld'
}

async function lastCommand(tx: Kysely<Database>, ticket: Ticket, now: Date): Promise<LastCommand | null> {
  const row = await tx
    .selectFrom('command')
    .select(['id', 'person_id', 'words', 'inbox_id', 'at'])
    .where('ticket_id', '=', ticket.id)
    .where('undone_at', 'is', null)
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst()
  if (row === undefined) return null
  const newer = await tx
    .selectFrom('post')
    .select('inbox_id')
    .where('ticket_id', '=', ticket.id)
    .where('created_at', '>', row.at)
    .limit(1)
    .executeTakeFirst()
  const answers =
    row.inbox_id === null
      ? []
      : await tx
          .selectFrom('outbox')
          .select(['state', 'attempts', 'lease_owner'])
          .where('inbox_id', '=', row.inbox_id)
          .where('letter', '=', 'agent-answer')
          .execute()
  return {
    id: row.id,
    by: row.person_id as PersonId,
    words: row.words,
    answered: answers.length === 0 ? 'no' : answers.every(isRecallable) ? 'recallable' : 'left',
    overtaken: newer !== undefined || now.getTime() - row.at > UNDO_MS,
  }
}
