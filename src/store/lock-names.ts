/**
 * Makes transactions that are about the same name wait for each other on PostgreSQL: the same Message-ID, the same
 * sender's domain, the same register entry. Each then sees what the other did. On SQLite every write transaction waits
 * for every other anyway.
 * Fails: faults of the database are thrown (a deadlock among them: the work is tried again).
 */
import { createHash } from 'node:crypto'
import { type Kysely, sql } from 'kysely'
import { dialectOf } from './dialect.ts'
import type { Database } from './schema.ts'

/** Held until the transaction ends. Names are hashed, so two of them may in rare cases share a lock; that only waits. */
export async function lockNames(tx: Kysely<Database>, names: readonly string[]): Promise<void> {
  if (names.length === 0 || dialectOf(tx) !== 'postgres') return
  const keys = [...new Set(names.map(lockKey))]
  // In one order everywhere: two transactions never hold what the other one waits for.
  keys.sort((a, b) => (a < b ? -1 : 1))
  const locks = keys.map((key) => sql`pg_advisory_xact_lock(${key.toString()}::bigint)`)
  await sql`select ${sql.join(locks)}`.execute(tx)
}

function lockKey(name: string): bigint {
  return createHash('sha256').update(`ticketgate ${name}`).digest().readBigInt64BE(0)
}

/** What a sender's mail and the registers are about, by the domain. */
export function domainLock(domain: string): string {
  return `domain ${domain}`
}

/** What copies of one mail have in common. */
export function messageLock(messageId: string): string {
  return `message ${messageId}`
}
