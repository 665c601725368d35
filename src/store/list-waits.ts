/**
 * How long mails of a ticket waited for a person before they were decided: both instants, for `ticket show` and reports.
 * Fails: faults of the database are thrown.
 */
import type { Kysely } from 'kysely'
import type { Database } from './schema.ts'

export type WaitLine = {
  readonly inboxId: string
  readonly receivedAt: string
  /** When a person released it, or put it back; its promise started here. */
  readonly resumedAt: string
  readonly released: boolean
}

/** Lists the waits of a ticket's mails, oldest first. */
export async function waitsOf(db: Kysely<Database>, ticketId: string): Promise<readonly WaitLine[]> {
  const rows = await db
    .selectFrom('inbox')
    .select(['id', 'received_at', 'resumed_at', 'released'])
    .where('ticket_id', '=', ticketId)
    .where('resumed_at', 'is not', null)
    .orderBy('id')
    .execute()
  return rows.map((row) => ({
    inboxId: row.id,
    receivedAt: new Date(row.received_at).toISOString(),
    resumedAt: new Date(row.resumed_at ?? row.received_at).toISOString(),
    released: row.released === 1,
  }))
}
