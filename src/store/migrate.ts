/**
 * Brings a database to the schema of this program: numbered migrations, each once, in order, under a lock. An SQLite
 * file that already holds something is copied first. A newer schema than the program's is refused.
 * Fails: StoreUnavailable('unfit') for a newer schema; a failing migration leaves the schema as it was.
 */
import { writeFileSync } from 'node:fs'
import { type Kysely, sql } from 'kysely'
import { up as first } from '../../migrations/0001-first.ts'
import { up as desk } from '../../migrations/0002-desk.ts'
import type { DialectName } from './dialect.ts'
import { type Store, StoreUnavailable } from './open.ts'
import type { Database } from './schema.ts'

export type Migration = {
  readonly number: number
  readonly name: string
  readonly up: (db: Kysely<Database>, dialect: DialectName) => Promise<void>
}

const MIGRATIONS: readonly Migration[] = [
  { number: 1, name: '0001-first', up: first },
  { number: 2, name: '0002-desk', up: desk },
]

/** Any number does, as long as no other program on the server locks it: `tgat` in ASCII. */
const POSTGRES_LOCK = 0x74_67_61_74

export type MigrationReport = {
  readonly applied: readonly string[]
  /** The copy made before; null when there was nothing to copy. */
  readonly backup: string | null
}

/** Returns the number of the newest migration that the database has; 0 for an empty one. */
export async function schemaNumber(db: Kysely<Database>): Promise<number> {
  const tables = await db.introspection.getTables()
  if (!tables.some((table) => table.name === 'migration')) return 0
  const found = await sql<{ number: number | null }>`select max(number) as number from migration`.execute(db)
  return found.rows[0]?.number ?? 0
}

/** The schema that this program works with. */
export const PROGRAM_SCHEMA = MIGRATIONS.at(-1)?.number ?? 0

/** Throws when the database is not at this program's schema. */
export async function requireSchema(store: Store): Promise<void> {
  const number = await schemaNumber(store.db)
  if (number > PROGRAM_SCHEMA) throw newerSchema(number)
  if (number < PROGRAM_SCHEMA) {
    throw new StoreUnavailable(
      'unfit',
      'the database is not ready for this program yet; run: ticketgate migrate',
    )
  }
}

/**
 * Applies what is missing. Safe to call at every start, and by several nodes at once. `migrations` is the program's own
 * list, in order; tests hand in another.
 */
export async function migrateStore(
  store: Store,
  now: Date,
  migrations: readonly Migration[] = MIGRATIONS,
): Promise<MigrationReport> {
  const newest = migrations.at(-1)?.number ?? 0
  const before = await schemaNumber(store.db)
  if (before > newest) throw newerSchema(before)
  if (before === newest) return { applied: [], backup: null }
  const backup = (await isEmpty(store.db)) ? null : await copyFile(store, before, now)
  const applied = await store.transact(async (tx) => {
    if (store.dialect === 'postgres') await sql`select pg_advisory_xact_lock(${POSTGRES_LOCK})`.execute(tx)
    await sql`create table if not exists migration (number integer primary key, name text not null, applied_at text not null)`.execute(
      tx,
    )
    const at = await schemaNumber(tx)
    const names: string[] = []
    for (const migration of migrations.filter((one) => one.number > at)) {
      await migration.up(tx, store.dialect)
      await sql`insert into migration (number, name, applied_at) values (${migration.number}, ${migration.name}, ${now.toISOString()})`.execute(
        tx,
      )
      names.push(migration.name)
    }
    return names
  })
  return { applied, backup }
}

function newerSchema(number: number): StoreUnavailable {
  return new StoreUnavailable(
    'unfit',
    `the database has schema ${number}, this program knows ${PROGRAM_SCHEMA}: it belongs to a newer version; start that one`,
  )
}

async function isEmpty(db: Kysely<Database>): Promise<boolean> {
  return (await db.introspection.getTables()).length === 0
}

/** Copies an SQLite file as it is at this moment; a server's database is its operator's to back up. */
async function copyFile(store: Store, schema: number, now: Date): Promise<string | null> {
  if (store.file === null || store.file === ':memory:') return null
  const stamp = now.toISOString().replace(/[:.]/g, '-')
  const copy = `${store.file}.schema-${schema}-${stamp}.backup`
  // Made before it is filled, since umask alone would let others read it; SQLite takes an empty file as none.
  writeFileSync(copy, '', { mode: 0o600 })
  await sql`vacuum into ${copy}`.execute(store.db)
  return copy
}
