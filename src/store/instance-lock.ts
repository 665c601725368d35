/**
 * One gateway per SQLite file: a side file that is held with an exclusive database lock. The operating system frees it
 * when the process dies, however it dies.
 * Fails: StoreUnavailable when another gateway holds it, or when the side file cannot be had.
 */
import BetterSqlite3 from 'better-sqlite3'
import type { Kysely } from 'kysely'
import { StoreUnavailable } from './open.ts'
import type { Database } from './schema.ts'

export type InstanceLock = { readonly release: () => void }

/** Keeps the handles alive: one that is collected is closed, and its lock is gone although the process runs. */
const HELD = new Set<BetterSqlite3.Database>()

/** Takes the lock of the database file, or throws at once. */
export function takeInstanceLock(file: string): InstanceLock {
  let handle: BetterSqlite3.Database | null = null
  try {
    handle = new BetterSqlite3(`${file}.lock`, { timeout: 0 })
    handle.pragma('locking_mode = EXCLUSIVE')
    handle.exec('begin exclusive')
    const held = handle
    HELD.add(held)
    return {
      release: () => {
        HELD.delete(held)
        held.close()
      },
    }
  } catch (error) {
    handle?.close()
    const code = error instanceof Error && 'code' in error ? String(error.code) : ''
    if (code.startsWith('SQLITE_BUSY')) {
      throw new StoreUnavailable('unreachable', `another gateway runs on ${file} already`, { cause: error })
    }
    const message = `cannot lock ${file}: ${error instanceof Error ? error.message : String(error)}`
    throw new StoreUnavailable('unwritable', message, { cause: error })
  }
}

/**
 * Frees what a gateway that died had claimed, so that it need not wait for the leases to run out. Only for the holder of
 * the lock: nobody else can be at work.
 */
export async function freeLeases(db: Kysely<Database>): Promise<void> {
  const free = { lease_owner: null, lease_until: null }
  await db
    .updateTable('inbox')
    .set(free)
    .where('state', '=', 'received')
    .where('lease_until', 'is not', null)
    .execute()
  await db
    .updateTable('outbox')
    .set(free)
    .where('state', '=', 'queued')
    .where('lease_until', 'is not', null)
    .execute()
}
