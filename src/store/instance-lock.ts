/**
 * One gateway per SQLite file: a side file that is held with an exclusive database lock. The operating system frees it
 * when the process dies, however it dies.
 * Fails: StoreUnavailable when another gateway holds it.
 */
import BetterSqlite3 from 'better-sqlite3'
import { StoreUnavailable } from './open.ts'

export type InstanceLock = { readonly release: () => void }

/** Takes the lock of the database file, or throws at once. */
export function takeInstanceLock(file: string): InstanceLock {
  const handle = new BetterSqlite3(`${file}.lock`, { timeout: 0 })
  try {
    handle.pragma('locking_mode = EXCLUSIVE')
    handle.exec('begin exclusive')
  } catch (error) {
    handle.close()
    throw new StoreUnavailable('unwritable', `another gateway runs on ${file} already`, { cause: error })
  }
  return { release: () => handle.close() }
}
