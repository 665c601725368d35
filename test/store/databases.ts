/**
 * Every test of the store runs on each database: an SQLite file in a temporary folder, and PostgreSQL. Each test finds
 * a migrated database without a row; on PostgreSQL each file of tests has one of its own. All of it goes with the run.
 */
import { randomBytes } from 'node:crypto'
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import postgres from 'postgres'
import { test as baseTest, describe, inject } from 'vitest'
import type { DialectName } from '../../src/store/dialect.ts'
import { migrateStore, PROGRAM_SCHEMA } from '../../src/store/migrate.ts'
import { openStore, type Store } from '../../src/store/open.ts'

export type Place = {
  /** `sqlite:` or `postgres:` URL of this test's own database. */
  readonly url: string
  /** A temporary folder, for blobs and whatever else a test needs. */
  readonly folder: string
  readonly store: Store
  /** Opens the same database once more, as another node does; closed after the test. */
  readonly openAgain: () => Promise<Store>
}

const storeTest = baseTest.extend<{ dialect: DialectName; migrated: boolean; place: Place }>({
  dialect: 'sqlite',
  migrated: true,
  place: async ({ dialect, migrated }, use) => {
    const folder = mkdtempSync(join(inject('runFolder'), 'store-'))
    const opened: Store[] = []
    const made = await makeDatabase(dialect, folder, migrated)
    const openAgain = async (): Promise<Store> => {
      const store = await openStore(made.url)
      opened.push(store)
      return store
    }
    try {
      await use({ url: made.url, folder, store: await openAgain(), openAgain })
    } finally {
      for (const store of opened) await store.close()
      await made.drop()
      rmSync(folder, { recursive: true, force: true })
    }
  },
})

export type StoreTest = typeof storeTest

/** Runs `define` for each database with a `test` whose `place` is a fresh database there. */
export function onEachDatabase(
  define: (test: StoreTest, dialect: DialectName) => void,
  options: { readonly migrated: boolean } = { migrated: true },
): void {
  for (const dialect of ['sqlite', 'postgres'] as const) {
    describe(dialect, () => define(storeTest.extend({ dialect, migrated: options.migrated }), dialect))
  }
}

type Made = { readonly url: string; readonly drop: () => Promise<void> }

async function makeDatabase(dialect: DialectName, folder: string, migrated: boolean): Promise<Made> {
  if (dialect === 'postgres') return migrated ? emptiedPostgres() : freshPostgres()
  const file = join(folder, 'ticketgate.sqlite')
  if (migrated) copyFileSync(await migratedFile(), file)
  return { url: `sqlite:${file}`, drop: async () => undefined }
}

/** Makes a database on the run's server. */
async function freshPostgres(): Promise<Made> {
  const server = inject('postgresUrl')
  const name = `t${randomBytes(8).toString('hex')}`
  await command(server, `create database ${name}`)
  const url = new URL(server)
  url.pathname = `/${name}`
  return { url: url.href, drop: () => command(server, `drop database ${name} with (force)`) }
}

/** One database for a file's tests, emptied after each: to copy one takes ten times as long. */
async function emptiedPostgres(): Promise<Made> {
  databasePromise ??= freshPostgres().then(async ({ url }) => {
    await migrate(url)
    return url
  })
  const url = await databasePromise
  return { url, drop: () => command(url, EMPTY) }
}

const EMPTY = `
select pg_terminate_backend(pid) from pg_stat_activity
  where datname = current_database() and pid <> pg_backend_pid();
set session_replication_role = replica;
do $$ declare name text; begin
  for name in select tablename from pg_tables where schemaname = 'public' and tablename <> 'migration' loop
    execute format('delete from %I', name);
  end loop;
end $$;
delete from migration where number > ${PROGRAM_SCHEMA};
alter sequence ticket_number restart;`

async function command(url: string, text: string): Promise<void> {
  const sql = postgres(url, { max: 1, onnotice: () => undefined })
  try {
    await sql.unsafe(text)
  } finally {
    await sql.end()
  }
}

let filePromise: Promise<string> | null = null
let databasePromise: Promise<string> | null = null

function migratedFile(): Promise<string> {
  filePromise ??= (async () => {
    const file = join(mkdtempSync(join(inject('runFolder'), 'template-')), 'template.sqlite')
    await migrate(`sqlite:${file}`)
    return file
  })()
  return filePromise
}

async function migrate(url: string): Promise<void> {
  const store = await openStore(url)
  try {
    await migrateStore(store, new Date('2026-11-24T09:00:00Z'))
  } finally {
    await store.close()
  }
}
