/**
 * Opens a database only to read it: nothing is made, migrated or written, whatever is asked of it afterwards on SQLite.
 * Fails: StoreUnavailable with one line for people when there is none yet, or its schema is not this program's.
 */
import { existsSync } from 'node:fs'
import { sql } from 'kysely'
import { requireSchema } from './migrate.ts'
import { openStore, type Store, StoreUnavailable } from './open.ts'

/** Opens the store of `url` for reading. */
export async function openStoreForReading(url: string): Promise<Store> {
  const file = url.startsWith('sqlite:') ? url.slice('sqlite:'.length) : null
  if (file !== null && !existsSync(file)) {
    throw new StoreUnavailable('unreachable', `there is no database ${file} yet`)
  }
  const store = await openStore(url)
  try {
    if (store.dialect === 'sqlite') await sql`pragma query_only = on`.execute(store.db)
    await requireSchema(store)
    return store
  } catch (error) {
    await store.close()
    throw error
  }
}
