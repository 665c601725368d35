/**
 * Drafts that the clock has work for: found by index, each taken in a transaction of its own and looked at again there,
 * so that of several nodes one does it, and once.
 * Fails: faults of the database are thrown; one draft's fault stops none of the others.
 */
import type { Kysely } from 'kysely'
import type { Ticket } from '../decide/context.ts'
import type { Effects } from '../decide/effects.ts'
import type { Mode } from '../intake/policy.ts'
import { applyEffects } from './apply.ts'
import type { ApplyDeps } from './apply-deps.ts'
import { partnerById } from './load-people.ts'
import { ticketById } from './load-ticket.ts'
import type { Store } from './open.ts'
import type { Database } from './schema.ts'

export type DraftWork = 'remind' | 'expire'

export type DraftCase = { readonly ticket: Ticket; readonly isTold: boolean }

export type DraftClock = {
  readonly now: Date
  readonly deskMode: Mode
  readonly deps: ApplyDeps
  readonly plan: (work: DraftWork, draft: DraftCase) => Effects
  readonly onFault: (error: unknown, ticketId: string) => void
}

/** One look takes no more; the next look goes on. */
const BATCH = 100

/** Does what is due. Returns how many drafts were dealt with. */
export async function workDueDrafts(store: Store, clock: DraftClock): Promise<number> {
  let done = 0
  // The end first: nobody is reminded of what has just expired.
  for (const work of ['expire', 'remind'] as const) {
    for (const ticketId of await dueDrafts(store.db, work, clock.now)) {
      try {
        if (await store.transact((tx) => workOne(tx, { work, ticketId }, clock))) done += 1
      } catch (error) {
        clock.onFault(error, ticketId)
      }
    }
  }
  return done
}

function dueColumn(work: DraftWork): 'expires_at' | 'remind_at' {
  return work === 'expire' ? 'expires_at' : 'remind_at'
}

async function dueDrafts(db: Kysely<Database>, work: DraftWork, now: Date): Promise<readonly string[]> {
  const column = dueColumn(work)
  const rows = await db
    .selectFrom('ticket')
    .select('id')
    .where('state', '=', 'draft')
    .where(column, '<=', now.getTime())
    .orderBy(column)
    .limit(BATCH)
    .execute()
  return rows.map((row) => row.id)
}

async function workOne(
  tx: Kysely<Database>,
  { work, ticketId }: { readonly work: DraftWork; readonly ticketId: string },
  clock: DraftClock,
): Promise<boolean> {
  // Locks the row: a reply that completes it, or another node, comes before or after, never between.
  const ticket = await ticketById(tx, ticketId)
  const due = await tx
    .selectFrom('ticket')
    .select('id')
    .where('id', '=', ticketId)
    .where('state', '=', 'draft')
    .where(dueColumn(work), '<=', clock.now.getTime())
    .executeTakeFirst()
  if (ticket === null || due === undefined) return false
  const isTold = await isToldOf(tx, ticket, clock.deskMode)
  const effects = clock.plan(work, { ticket, isTold })
  await applyEffects(tx, { effects, inboxId: null, now: clock.now }, clock.deps)
  return true
}

/** A letter about letters that were never sent would puzzle its reader. */
async function isToldOf(tx: Kysely<Database>, ticket: Ticket, deskMode: Mode): Promise<boolean> {
  if (!ticket.participants.includes(ticket.requester.id)) return false
  const partner = ticket.partnerId === null ? null : await partnerById(tx, ticket.partnerId)
  if (partner === null || partner.state === 'suspended') return false
  if ((partner.mode ?? deskMode) === 'observe') return false
  const newest = await tx
    .selectFrom('outbox')
    .select('state')
    .where('ticket_id', '=', ticket.id)
    .where('letter', '=', 'checklist')
    .orderBy('id', 'desc')
    .executeTakeFirst()
  return newest !== undefined && newest.state !== 'withheld'
}
