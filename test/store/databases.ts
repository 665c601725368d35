/**
 * Every test of the store runs on each database: an SQLite file in a temporary folder, and PostgreSQL. Each test gets a
 * migrated database of its own, copied from one that is made once a file; all of it is removed afterwards.
 */
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import postgres from 'postgres'
import { test as baseTest, describe, inject } from 'vitest'
import type { DialectName } from '../../src/store/dialect.ts'
import { migrateStore } from '../../src/store/migrate.ts'
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
  if (dialect === 'postgres') return makePostgres(migrated ? await migratedPostgres() : 'template1')
  const file = join(folder, 'ticketgate.sqlite')
  if (migrated) copyFileSync(await migratedFile(), file)
  return { url: `sqlite:${file}`, drop: async () => undefined }
}

let serial = 0

/** Makes a database on the run's server as a copy of `template`. */
async function makePostgres(template: string): Promise<Made> {
  serial += 1
  const name = `t${process.pid}_${serial}`
  const server = inject('postgresUrl')
  await command(server, `create database ${name} template ${template}`)
  return {
    url: databaseUrl(server, name),
    drop: () => command(server, `drop database ${name} with (force)`),
  }
}

/** The URL of another database on the same server. */
function databaseUrl(server: string, name: string): string {
  const url = new URL(server)
  url.pathname = `/${name}`
  return url.href
}

async function command(server: string, text: string): Promise<void> {
  const sql = postgres(server, { max: 1, onnotice: () => undefined })
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
    const file = join(inject('runFolder'), `template-${process.pid}.sqlite`)
    rmSync(file, { force: true })
    await migrate(`sqlite:${file}`)
    return file
  })()
  return filePromise
}

function migratedPostgres(): Promise<string> {
  databasePromise ??= (async () => {
    const name = `template_${process.pid}`
    const server = inject('postgresUrl')
    await command(server, `drop database if exists ${name}`)
    await command(server, `create database ${name} template template1`)
    await migrate(databaseUrl(server, name))
    return name
  })()
  return databasePromise
}

async function migrate(url: string): Promise<void> {
  const store = await openStore(url)
  try {
    await migrateStore(store, new Date('2026-11-24T09:00:00Z'))
  } finally {
    await store.close()
  }
}
