/**
 * Lists and single views for the command line, shaped as its JSON prints them. Newest first; values are masked.
 * Fails: faults of the database are thrown.
 */
import { type Kysely, sql } from 'kysely'
import type { StoredField } from '../decide/context.ts'
import { MASK } from '../intake/mask.ts'
import { jsonList } from './inbox.ts'
import { personById } from './load-people.ts'
import { jsonObject, promisesOf } from './load-ticket.ts'
import type { Database, InboxRow, OutboxRow, TicketRow } from './schema.ts'

export type ListAsk = { readonly state: string | null; readonly limit: number }

export type InboxLine = {
  readonly id: string
  readonly receivedAt: string
  readonly state: string
  readonly outcome: string | null
  readonly messageId: string | null
  readonly reversePath: string | null
  readonly forwardPaths: readonly string[]
  readonly ticket: string | null
  readonly duplicates: number
  readonly from: string | null
  readonly subject: string | null
  readonly reason: string | null
  readonly lastFault: string | null
}

/** Lists accepted mails. */
export async function listInbox(db: Kysely<Database>, ask: ListAsk): Promise<readonly InboxLine[]> {
  let query = db
    .selectFrom('inbox')
    .leftJoin('ticket', 'ticket.id', 'inbox.ticket_id')
    .selectAll('inbox')
    .select('ticket.number')
    .orderBy('inbox.id', 'desc')
    .limit(ask.limit)
  if (ask.state !== null) query = query.where('inbox.state', '=', ask.state as InboxRow['state'])
  return (await query.execute()).map((row) => inboxLine(row, row.number))
}

/** Finds one accepted mail by id; null when there is none. */
export async function inboxById(db: Kysely<Database>, id: string): Promise<InboxLine | null> {
  const row = await db
    .selectFrom('inbox')
    .leftJoin('ticket', 'ticket.id', 'inbox.ticket_id')
    .selectAll('inbox')
    .select('ticket.number')
    .where('inbox.id', '=', id)
    .executeTakeFirst()
  return row === undefined ? null : inboxLine(row, row.number)
}

function inboxLine(row: InboxRow, number: number | null): InboxLine {
  const verdict = row.verdict === null ? {} : jsonObject(row.verdict)
  return {
    id: row.id,
    receivedAt: iso(row.received_at),
    state: row.state,
    outcome: row.outcome,
    messageId: row.message_id,
    reversePath: row.reverse_path,
    forwardPaths: jsonList(row.forward_paths),
    ticket: number === null ? null : `TG-${number}`,
    duplicates: row.duplicates,
    from: row.from_address,
    subject: row.subject,
    reason: typeof verdict['reason'] === 'string' ? verdict['reason'] : null,
    lastFault: row.last_fault,
  }
}

/** The stored verdict and evidence of a mail; null when there is no such mail or it was not decided yet. */
export async function verdictOf(
  db: Kysely<Database>,
  id: string,
): Promise<{ readonly verdict: unknown; readonly evidence: unknown } | null> {
  const row = await db
    .selectFrom('inbox')
    .select(['verdict', 'evidence'])
    .where('id', '=', id)
    .executeTakeFirst()
  if (row?.verdict == null || row.evidence === null) return null
  return { verdict: JSON.parse(row.verdict), evidence: JSON.parse(row.evidence) }
}

export type TicketLine = {
  readonly id: string
  readonly number: string
  readonly state: string
  readonly queue: string
  readonly subject: string
  readonly requester: string
  readonly partner: string | null
  /** The agent who took it. */
  readonly assignee: string | null
  readonly phoneCode: string | null
  readonly missing: readonly string[]
  readonly fields: Readonly<Record<string, string>>
  readonly promises: readonly {
    readonly kind: string
    readonly state: string
    readonly startedAt: string
    readonly dueAt: string
  }[]
}

/** Lists tickets and drafts. */
export async function listTickets(db: Kysely<Database>, ask: ListAsk): Promise<readonly TicketLine[]> {
  let query = db.selectFrom('ticket').selectAll().orderBy('number', 'desc').limit(ask.limit)
  if (ask.state !== null) query = query.where('state', '=', ask.state)
  const rows = await query.execute()
  return Promise.all(rows.map((row) => ticketLine(db, row)))
}

/** Somebody who calls hears of the newest first. */
const MAX_FOUND = 20

/**
 * Finds tickets for a caller: by phone code, number, domain, address, or words of subject and details, newest first.
 * Every word must be somewhere.
 */
export async function searchTickets(
  db: Kysely<Database>,
  words: readonly string[],
): Promise<readonly TicketLine[]> {
  let query = db.selectFrom('ticket').selectAll('ticket').orderBy('ticket.number', 'desc').limit(MAX_FOUND)
  for (const word of words) {
    const like = `%${word.toLowerCase().replace(/[%_\\]/g, (sign) => `\\${sign}`)}%`
    const number = Number(/^(?:TG-)?(\d{1,9})$/i.exec(word)?.[1] ?? -1)
    query = query.where((where) =>
      where.or([
        where('ticket.phone_code', '=', word),
        where('ticket.number', '=', number),
        sql<boolean>`lower(ticket.subject_stem) like ${like} escape '\\'`,
        sql<boolean>`lower(ticket.fields) like ${like} escape '\\'`,
        where.exists(
          where
            .selectFrom('participant')
            .select('participant.ticket_id')
            .whereRef('participant.ticket_id', '=', 'ticket.id')
            .where(sql<boolean>`lower(participant.address) like ${like} escape '\\'`),
        ),
        where.exists(
          where
            .selectFrom('partner')
            .select('partner.id')
            .whereRef('partner.id', '=', 'ticket.partner_id')
            .where(sql<boolean>`lower(partner.name) like ${like} escape '\\'`),
        ),
      ]),
    )
  }
  const rows = await query.execute()
  return Promise.all(rows.map((row) => ticketLine(db, row)))
}

/** Finds one ticket by `TG-n`, number or id; null when there is none. */
export async function findTicket(db: Kysely<Database>, word: string): Promise<TicketLine | null> {
  const number = /^(?:TG-)?(\d{1,9})$/i.exec(word)?.[1]
  const row = await db
    .selectFrom('ticket')
    .selectAll()
    .where((where) => (number === undefined ? where('id', '=', word) : where('number', '=', Number(number))))
    .executeTakeFirst()
  return row === undefined ? null : ticketLine(db, row)
}

async function ticketLine(db: Kysely<Database>, row: TicketRow): Promise<TicketLine> {
  const requester = await db
    .selectFrom('address')
    .select('address')
    .where('person_id', '=', row.requester_id)
    .orderBy('position')
    .executeTakeFirst()
  const partner =
    row.partner_id === null
      ? null
      : await db.selectFrom('partner').select('name').where('id', '=', row.partner_id).executeTakeFirst()
  return {
    id: row.id,
    number: `TG-${row.number}`,
    state: row.state,
    queue: row.queue,
    subject: row.subject_stem,
    requester: requester?.address ?? '',
    partner: partner?.name ?? null,
    assignee: await nameOf(db, row.assignee_id),
    phoneCode: row.phone_code,
    missing: jsonList(row.missing),
    fields: maskedFields(row.fields),
    promises: (await promisesOf(db, row.id)).map((promise) => ({
      kind: promise.kind,
      state: promise.state,
      startedAt: promise.startedAt.toISOString(),
      dueAt: promise.dueAt.toISOString(),
    })),
  }
}

async function nameOf(db: Kysely<Database>, personId: string | null): Promise<string | null> {
  const person = personId === null ? null : await personById(db, personId)
  return person === null ? null : (person.name ?? person.address)
}

function maskedFields(text: string): Readonly<Record<string, string>> {
  const fields = jsonObject(text) as Readonly<Record<string, StoredField>>
  return Object.fromEntries(
    Object.entries(fields).map(([name, field]) => [
      name,
      field.secretId === null ? field.value : field.value === '' ? MASK : `${field.value} / ${MASK}`,
    ]),
  )
}

export type OutboxLine = {
  readonly id: string
  readonly state: string
  readonly letter: string
  readonly ticket: string | null
  readonly to: string
  readonly messageId: string
  readonly subject: string
  readonly attempts: number
  readonly lastReply: string | null
  readonly unknown: boolean
  readonly nextAttemptAt: string | null
  readonly sentAt: string | null
  readonly bounced: boolean
  /** When and why it came back; `status` also of a report that it is delayed. */
  readonly bouncedAt: string | null
  readonly bounceStatus: string | null
}

export type OutboxWhole = OutboxLine & {
  readonly text: string
  readonly replyTo: string
  readonly returnPath: string
  readonly inReplyTo: string | null
}

/** Lists letters. */
export async function listOutbox(db: Kysely<Database>, ask: ListAsk): Promise<readonly OutboxLine[]> {
  let query = db
    .selectFrom('outbox')
    .leftJoin('ticket', 'ticket.id', 'outbox.ticket_id')
    .selectAll('outbox')
    .select('ticket.number')
    .orderBy('outbox.id', 'desc')
    .limit(ask.limit)
  if (ask.state !== null) query = query.where('outbox.state', '=', ask.state as OutboxRow['state'])
  return (await query.execute()).map((row) => outboxLine(row, row.number))
}

/** Finds one letter by id; null when there is none. */
export async function outboxById(db: Kysely<Database>, id: string): Promise<OutboxWhole | null> {
  const row = await db
    .selectFrom('outbox')
    .leftJoin('ticket', 'ticket.id', 'outbox.ticket_id')
    .selectAll('outbox')
    .select('ticket.number')
    .where('outbox.id', '=', id)
    .executeTakeFirst()
  if (row === undefined) return null
  return {
    ...outboxLine(row, row.number),
    text: row.text,
    replyTo: row.reply_to,
    returnPath: row.return_path,
    inReplyTo: row.in_reply_to,
  }
}

function outboxLine(row: OutboxRow, number: number | null): OutboxLine {
  return {
    id: row.id,
    state: row.state,
    letter: row.letter,
    ticket: number === null ? null : `TG-${number}`,
    to: row.to_address,
    messageId: row.message_id,
    subject: row.subject,
    attempts: row.attempts,
    lastReply: row.last_reply,
    unknown: row.unknown === 1,
    nextAttemptAt: row.state === 'queued' ? iso(row.next_attempt_at) : null,
    sentAt: row.sent_at === null ? null : iso(row.sent_at),
    bounced: row.bounced_at !== null,
    bouncedAt: row.bounced_at === null ? null : iso(row.bounced_at),
    bounceStatus: row.bounce_status,
  }
}

export type HistoryLine = {
  readonly at: string
  readonly kind: string
  readonly author: string
  readonly text: string
}

/** A ticket's posts, oldest first. */
export async function postsOf(db: Kysely<Database>, ticketId: string): Promise<readonly HistoryLine[]> {
  const rows = await db
    .selectFrom('post')
    .selectAll()
    .where('ticket_id', '=', ticketId)
    .orderBy('id')
    .execute()
  return rows.map((row) => ({
    at: iso(row.created_at),
    kind: row.kind,
    author: row.author ?? '',
    text: row.text,
  }))
}

export type EventLine = { readonly at: string; readonly kind: string; readonly detail: string }

/** Events of a ticket, of a mail or of a letter, oldest first. */
export async function eventsOf(
  db: Kysely<Database>,
  of: { readonly ticketId: string } | { readonly inboxId: string } | { readonly outboxId: string },
): Promise<readonly EventLine[]> {
  const query = db.selectFrom('event').select(['at', 'kind', 'detail']).orderBy('id')
  const rows = await ('ticketId' in of
    ? query.where('ticket_id', '=', of.ticketId)
    : 'inboxId' in of
      ? query.where('inbox_id', '=', of.inboxId)
      : query.where('outbox_id', '=', of.outboxId)
  ).execute()
  return rows.map((row) => ({ at: iso(row.at), kind: row.kind, detail: row.detail }))
}

/** Letters of a ticket, oldest first. */
export async function lettersOf(db: Kysely<Database>, ticketId: string): Promise<readonly OutboxLine[]> {
  const rows = await db
    .selectFrom('outbox')
    .selectAll()
    .where('ticket_id', '=', ticketId)
    .orderBy('id')
    .execute()
  return rows.map((row) => outboxLine(row, null))
}

/** The ledger: how many accepted mails are in which state with which outcome. Its sum is all that were accepted. */
export async function ledger(
  db: Kysely<Database>,
): Promise<readonly { readonly state: string; readonly outcome: string | null; readonly mails: number }[]> {
  const rows = await db
    .selectFrom('inbox')
    .select(['state', 'outcome'])
    .select((select) => select.fn.countAll<number | string>().as('mails'))
    .groupBy(['state', 'outcome'])
    .execute()
  return rows.map((row) => ({ state: row.state, outcome: row.outcome, mails: Number(row.mails) }))
}

function iso(at: number): string {
  return new Date(at).toISOString()
}
