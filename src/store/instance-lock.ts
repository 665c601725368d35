/**
 * One gateway per SQLite file: a side file that is held with an exclusive database lock. The operating system frees it
 * when the process dies, however it dies.
 * Fails: StoreUnavailable when another gateway holds it, or when the side file cannot be had.
 */
import BetterSqlite3 from 'better-sqlite3'
import { StoreUnavailable } from './open.ts'

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
    const message = code.startsWith('SQLITE_BUSY')
      ? `another gateway runs on ${file} already`
      : `cannot lock ${file}: ${error instanceof Error ? error.message : String(error)}`
    throw new StoreUnavailable('unwritable', message, { cause: error })
  }
}
