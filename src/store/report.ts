/**
 * What the report is made of: promises, tickets and their first mails within a span, read plainly; sums are made of
 * these rows and nothing else.
 * Fails: faults of the database are thrown.
 */
import type { Kysely } from 'kysely'
import { jsonObject } from './load-ticket.ts'
import type { Database } from './schema.ts'

export type Span = { readonly from: Date; readonly to: Date }

export type PromiseLine = {
  readonly partner: string
  readonly queue: string
  readonly kind: string
  readonly state: string
  readonly broken: boolean
  /** Used time until the answer, in milliseconds; null while nobody has answered. */
  readonly usedMs: number | null
}

export type TicketReportLine = {
  readonly partner: string
  readonly queue: string
  /** Its first mail was complete. */
  readonly firstTimeComplete: boolean
  /** What its first mail lacked. */
  readonly missed: readonly string[]
}

export type TurnLine = {
  readonly queue: string
  readonly kind: 'queue-jump' | 'queue-pass'
  readonly detail: string
}

export type ReportRows = {
  readonly promises: readonly PromiseLine[]
  readonly tickets: readonly TicketReportLine[]
  readonly turns: readonly TurnLine[]
}

const NOBODY = '–'

/** Loads the rows of a span: promises that began in it, tickets whose first mail came in it, jumps and passes in it. */
export async function loadReport(db: Kysely<Database>, { from, to }: Span): Promise<ReportRows> {
  const promises = await db
    .selectFrom('promise')
    .innerJoin('ticket', 'ticket.id', 'promise.ticket_id')
    .leftJoin('partner', 'partner.id', 'ticket.partner_id')
    .select([
      'partner.name',
      'promise.queue',
      'promise.kind',
      'promise.state',
      'promise.broken_at',
      'promise.banked_ms',
    ])
    .select('promise.ended_at')
    .where('promise.started_at', '>=', from.getTime())
    .where('promise.started_at', '<', to.getTime())
    .execute()
  const tickets = await db
    .selectFrom('ticket')
    .leftJoin('partner', 'partner.id', 'ticket.partner_id')
    .select(['ticket.id', 'partner.name', 'ticket.queue'])
    .where('ticket.created_at', '>=', from.getTime())
    .where('ticket.created_at', '<', to.getTime())
    .orderBy('ticket.number')
    .execute()
  const turns = await db
    .selectFrom('event')
    .innerJoin('ticket', 'ticket.id', 'event.ticket_id')
    .select(['ticket.queue', 'event.kind', 'event.detail'])
    .where('event.kind', 'in', ['queue-jump', 'queue-pass'])
    .where('event.at', '>=', from.getTime())
    .where('event.at', '<', to.getTime())
    .orderBy('event.id')
    .execute()
  const missed = await firstMissed(db, { from, to })
  return {
    promises: promises.map((row) => ({
      partner: row.name ?? NOBODY,
      queue: row.queue,
      kind: row.kind,
      state: row.state,
      broken: row.state === 'broken' || row.broken_at !== null,
      usedMs: row.ended_at === null || row.state === 'ended' ? null : row.banked_ms,
    })),
    tickets: tickets.map((row) => ({
      partner: row.name ?? NOBODY,
      queue: row.queue,
      firstTimeComplete: !missed.has(row.id),
      missed: missed.get(row.id) ?? [],
    })),
    turns: turns.map((row) => ({ queue: row.queue, kind: row.kind as TurnLine['kind'], detail: row.detail })),
  }
}

/** What the first mail of each ticket lacked, by its stored verdict; tickets whose first mail was complete are left out. */
async function firstMissed(
  db: Kysely<Database>,
  { from, to }: Span,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const rows = await db
    .selectFrom('inbox')
    .innerJoin('ticket', 'ticket.id', 'inbox.ticket_id')
    .select(['inbox.ticket_id', 'inbox.verdict'])
    .where('ticket.created_at', '>=', from.getTime())
    .where('ticket.created_at', '<', to.getTime())
    .where('inbox.outcome', 'in', ['incomplete', 'new-ticket'])
    .orderBy('inbox.id')
    .execute()
  const missed = new Map<string, readonly string[]>()
  const seen = new Set<string>()
  for (const { ticket_id: ticketId, verdict } of rows) {
    if (ticketId === null || verdict === null || seen.has(ticketId)) continue
    seen.add(ticketId)
    const { missing } = jsonObject(verdict)
    const names = Array.isArray(missing) ? missing.filter((one) => typeof one === 'string') : []
    if (names.length > 0) missed.set(ticketId, names)
  }
  return missed
}
