/**
 * The outbox: letters on their way. `queued → sent | failed | withheld`; a lease is no state. At least once, under one
 * Message-ID: after a lost reply the same letter goes again, marked as possibly delivered.
 * Fails: faults of the database are thrown.
 */
import type { Kysely } from 'kysely'
import { skipLocked } from './dialect.ts'
import { messageKey, recordEvent, storable } from './event.ts'
import { jsonList } from './inbox.ts'
import type { IdSource } from './new-id.ts'
import type { Store } from './open.ts'
import type { Database, OutboxRow } from './schema.ts'

export type ClaimedLetter = { readonly row: OutboxRow; readonly owner: string }

/** Takes up to `limit` due letters under a lease, oldest first. */
export async function claimLetters(
  store: Store,
  claim: {
    readonly owner: string
    readonly now: Date
    readonly leaseMs: number
    readonly limit: number
    /** True while the breaker keeps back what programs write to partners. */
    readonly stopped?: boolean
  },
): Promise<readonly ClaimedLetter[]> {
  const now = claim.now.getTime()
  const due = (db: Kysely<Database>) =>
    db
      .selectFrom('outbox')
      .select('id')
      .where('state', '=', 'queued')
      .$if(claim.stopped === true, (query) => query.where('rated', '=', 0))
      .where('next_attempt_at', '<=', now)
      .where((where) => where.or([where('lease_until', 'is', null), where('lease_until', '<', now)]))
      .orderBy('next_attempt_at')
      .orderBy('id')
      .limit(claim.limit)
  if ((await due(store.db).execute()).length === 0) return []
  const rows = await store.transact(async (tx) => {
    // Two statements, as in the inbox.
    const taken = await due(tx).modifyEnd(skipLocked(store.dialect)).execute()
    if (taken.length === 0) return []
    return tx
      .updateTable('outbox')
      .set({ lease_owner: claim.owner, lease_until: now + claim.leaseMs })
      .where(
        'id',
        'in',
        taken.map((row) => row.id),
      )
      .returningAll()
      .execute()
  })
  return rows.toSorted((a, b) => (a.id < b.id ? -1 : 1)).map((row) => ({ row, owner: claim.owner }))
}

/** What became of one attempt, in this room's words; the reply is the remote server's, or the error. */
export type Attempt =
  | { readonly kind: 'sent'; readonly reply: string }
  | { readonly kind: 'failed'; readonly reply: string }
  /** `unknown`: it may have been delivered although no reply came. */
  | { readonly kind: 'deferred' | 'unknown'; readonly reply: string }

export type AttemptFacts = {
  readonly attempt: Attempt
  readonly now: Date
  readonly newId: IdSource
  /** Message-IDs that the relay may have given the letter instead of ours. */
  readonly aliases?: readonly string[]
  /** From 0 to 1, drawn for this attempt: spreads retries. */
  readonly jitter: number
}

const MINUTE_MS = 60_000
/** Minutes between attempts: quick at first, since most troubles are short; then every four hours. */
const WAIT_MINUTES = [1, 2, 5, 10, 20, 40, 60, 120, 240]
/** RFC 5321 §4.5.4.1: at least 4 to 5 days. */
const GIVE_UP_MS = 5 * 24 * 60 * MINUTE_MS
const JITTER_SHARE = 0.2

/** Writes down what became of an attempt; an undeliverable letter becomes an event on its ticket. */
export async function markLetter(
  store: Store,
  claimed: ClaimedLetter,
  facts: AttemptFacts,
): Promise<OutboxRow['state']> {
  const { row } = claimed
  const { attempt } = facts
  const now = facts.now.getTime()
  const attempts = row.attempts + 1
  const since = Math.max(row.created_at, row.not_before)
  const gaveUp = attempt.kind !== 'sent' && attempt.kind !== 'failed' && now - since > GIVE_UP_MS
  const state = attempt.kind === 'sent' ? 'sent' : attempt.kind === 'failed' || gaveUp ? 'failed' : 'queued'
  const wait = (WAIT_MINUTES[Math.min(attempts, WAIT_MINUTES.length) - 1] ?? 240) * MINUTE_MS
  await store.transact(async (tx) => {
    let update = tx
      .updateTable('outbox')
      .set({
        state,
        attempts,
        last_reply: storable(attempt.reply).slice(0, 500),
        next_attempt_at:
          state === 'queued'
            ? now + Math.round(wait * (1 + JITTER_SHARE * facts.jitter))
            : row.next_attempt_at,
        sent_at: state === 'sent' ? now : null,
        unknown: attempt.kind === 'unknown' || row.unknown === 1 ? 1 : 0,
        lease_owner: null,
        lease_until: null,
      })
      .where('id', '=', row.id)
      .where('state', '=', 'queued')
    // That it went out is true whoever holds the lease by now; anything else is the holder's to say.
    if (state !== 'sent') update = update.where('lease_owner', '=', claimed.owner)
    const done = await update.executeTakeFirst()
    if (state === 'sent' && done.numUpdatedRows === 1n) await rememberAliases(tx, row, facts)
    if (state !== 'failed' || done.numUpdatedRows !== 1n) return
    await recordEvent(
      tx,
      {
        kind: 'letter-failed',
        detail: attempt.reply,
        outboxId: row.id,
        ticketId: row.ticket_id,
        personId: row.person_id,
      },
      facts,
    )
  })
  return state
}

/** A reply may name the letter by the id that the relay gave it. What leads to another ticket already stays there. */
async function rememberAliases(
  tx: Kysely<Database>,
  row: OutboxRow,
  { aliases = [], now }: AttemptFacts,
): Promise<void> {
  const { ticket_id: ticketId } = row
  if (ticketId === null || aliases.length === 0) return
  await tx
    .insertInto('message_reference')
    .values(
      aliases.map((alias) => ({
        message_id: messageKey(alias),
        ticket_id: ticketId,
        kind: 'alias' as const,
        outbox_id: row.id,
        created_at: now.getTime(),
      })),
    )
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}

/** Queues a failed or withheld letter again. Returns false when there is no such letter in that state. */
export async function retryLetter(
  store: Store,
  letterId: string,
  at: { readonly now: Date; readonly newId: IdSource },
): Promise<boolean> {
  return store.transact(async (tx) => {
    const done = await tx
      .updateTable('outbox')
      .set({
        state: 'queued',
        // Counts anew until it is given up.
        not_before: at.now.getTime(),
        next_attempt_at: at.now.getTime(),
        lease_owner: null,
        lease_until: null,
      })
      .where('id', '=', letterId)
      .where('state', 'in', ['failed', 'withheld'])
      .executeTakeFirst()
    if (done.numUpdatedRows !== 1n) return false
    await recordEvent(tx, { kind: 'letter-retried', detail: 'queued again', outboxId: letterId }, at)
    return true
  })
}

/** The chain of a row for its References field. */
export function referencesOfRow(row: OutboxRow): readonly string[] {
  return jsonList(row.reference_ids)
}

/** The further header fields of a row. */
export function headerFieldsOfRow(
  row: OutboxRow,
): readonly { readonly name: string; readonly value: string }[] {
  const read: unknown = JSON.parse(row.header_fields)
  if (!Array.isArray(read)) return []
  return read.flatMap((one: unknown) =>
    typeof one === 'object' && one !== null && 'name' in one && 'value' in one
      ? [{ name: String(one.name), value: String(one.value) }]
      : [],
  )
}
