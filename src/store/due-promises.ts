/**
 * Running promises that the clock must look at: found by index, each in a transaction of its own, so that of several
 * nodes one tells, and once.
 * Fails: faults of the database are thrown; one ticket's fault stops none of the others.
 */
import type { Kysely } from 'kysely'
import type { Ticket } from '../decide/context.ts'
import type { Effects } from '../decide/effects.ts'
import { applyEffects } from './apply.ts'
import type { ApplyDeps } from './apply-deps.ts'
import { partnerById } from './load-people.ts'
import { ticketById } from './load-ticket.ts'
import type { Store } from './open.ts'
import type { Database } from './schema.ts'

export type PromiseClock = {
  readonly now: Date
  readonly deps: ApplyDeps
  readonly plan: (due: {
    readonly ticket: Ticket
    readonly warned: number
    readonly partnerName: string
  }) => Effects
  readonly onFault: (error: unknown, ticketId: string) => void
}

/** One look takes no more; the next look goes on. */
const BATCH = 100

/** Looks at what is due. Returns how many warnings and breaks were told. */
export async function workDuePromises(store: Store, clock: PromiseClock): Promise<number> {
  const rows = await store.db
    .selectFrom('promise')
    .select('ticket_id')
    .where('state', '=', 'running')
    .where('next_check_at', '<=', clock.now.getTime())
    .orderBy('next_check_at')
    .limit(BATCH)
    .execute()
  let told = 0
  for (const { ticket_id: ticketId } of rows) {
    try {
      if (await store.transact((tx) => workOne(tx, ticketId, clock))) told += 1
    } catch (error) {
      clock.onFault(error, ticketId)
    }
  }
  return told
}

async function workOne(tx: Kysely<Database>, ticketId: string, clock: PromiseClock): Promise<boolean> {
  // Locks the row: an answer comes before or after, never between.
  const ticket = await ticketById(tx, ticketId)
  const due = await tx
    .selectFrom('promise')
    .select('warned_percent')
    .where('ticket_id', '=', ticketId)
    .where('state', '=', 'running')
    .where('next_check_at', '<=', clock.now.getTime())
    .executeTakeFirst()
  if (ticket === null || due === undefined) return false
  const partner = ticket.partnerId === null ? null : await partnerById(tx, ticket.partnerId)
  const partnerName = partner?.name ?? ticket.requester.address
  const effects = clock.plan({ ticket, warned: due.warned_percent, partnerName })
  await applyEffects(tx, { effects, inboxId: null, now: clock.now }, clock.deps)
  return effects.letters.length > 0
}
