/** Migrations: fresh, again, by several nodes at once, refused, copied before. */
import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import BetterSqlite3 from 'better-sqlite3'
import { sql } from 'kysely'
import { expect } from 'vitest'
import { up as first } from '../../migrations/0001-first.ts'
import { migrateStore, PROGRAM_SCHEMA, requireSchema, schemaNumber } from '../../src/store/migrate.ts'
import { type Store, StoreUnavailable } from '../../src/store/open.ts'
import { onEachDatabase } from './databases.ts'

const now = new Date('2026-11-24T09:12:00Z')

const TABLES = [
  'address',
  'attachment',
  'brand',
  'command',
  'content',
  'content_key',
  'event',
  'inbox',
  'message_reference',
  'migration',
  'outbox',
  'participant',
  'partner',
  'partner_domain',
  'person',
  'policy_version',
  'post',
  'promise',
  'round',
  'secret',
  'setting',
  'ticket',
]

async function tablesOf(store: Store): Promise<readonly string[]> {
  const tables = await store.db.introspection.getTables()
  // SQLite's counter is a sequence elsewhere.
  return tables.map((table) => table.name).filter((name) => name !== 'counter')
}

onEachDatabase(
  (test, dialect) => {
    test('a fresh database gets every table', async ({ place: { store } }) => {
      await expect(requireSchema(store)).rejects.toThrow('run: ticketgate migrate')
      expect(await migrateStore(store, now)).toEqual({ applied: ['0001-first', '0002-desk'], backup: null })
      expect((await tablesOf(store)).toSorted()).toEqual(TABLES)
      await requireSchema(store)
    })

    test('a second run changes nothing', async ({ place: { store } }) => {
      await migrateStore(store, now)
      expect(await migrateStore(store, now)).toEqual({ applied: [], backup: null })
      expect(await schemaNumber(store.db)).toBe(PROGRAM_SCHEMA)
    })

    test('two nodes that start at once migrate once', async ({ place: { store, openAgain } }) => {
      // Two handles on one SQLite file in one process would wait for each other for ever.
      const other = dialect === 'sqlite' ? store : await openAgain()
      const reports = await Promise.all([migrateStore(store, now), migrateStore(other, now)])
      expect(reports.flatMap((report) => report.applied)).toEqual(['0001-first', '0002-desk'])
    })

    test('what the first schema holds is brought along', async ({ place: { store } }) => {
      await migrateStore(store, now, [{ number: 1, name: '0001-first', up: first }])
      await sql`insert into person (id, brand_id, state, created_at) values ('p1', 'b', 'active', 0)`.execute(
        store.db,
      )
      await sql`insert into ticket (id, number, brand_id, requester_id, queue, state, subject_stem, fields, missing, three_rs,
        warnings, mode, policy_version, language, checklists_sent, created_at, opened_at, last_activity_at)
        values ('t1', 1001, 'b', 'p1', 'engineering', 'open', 'x', '{}', '[]', '{}', '[]', 'enforce', 'v', 'en', 0, 5, 7, 9)`.execute(
        store.db,
      )
      await sql`insert into promise (id, ticket_id, kind, state, started_at, due_at, banked_ms, running_since, warned_percent,
        next_check_at) values ('w1', 't1', 'first-response', 'running', 100, 1100, 0, 100, 0, 1100)`.execute(
        store.db,
      )
      expect(await migrateStore(store, now)).toMatchObject({ applied: ['0002-desk'] })
      expect(await store.db.selectFrom('promise').selectAll().executeTakeFirst()).toMatchObject({
        queue: 'engineering',
        promised_ms: 1000,
        broken_at: null,
        next_check_at: 1100,
      })
      expect(await store.db.selectFrom('ticket').select('queued_at').executeTakeFirst()).toEqual({
        queued_at: 7,
      })
      await requireSchema(store)
    })

    test('a newer schema is refused', async ({ place: { store } }) => {
      await migrateStore(store, now)
      await sql`insert into migration (number, name, applied_at) values (99, '0099-later', '')`.execute(
        store.db,
      )
      await expect(migrateStore(store, now)).rejects.toThrow(StoreUnavailable)
      await expect(requireSchema(store)).rejects.toThrow('belongs to a newer version')
    })

    test('a migration that fails leaves the schema as it was', async ({ place: { store } }) => {
      await sql`create table event (id text)`.execute(store.db)
      await expect(migrateStore(store, now)).rejects.toThrow(/event/)
      expect(await tablesOf(store)).toEqual(['event'])
      expect(await schemaNumber(store.db)).toBe(0)
    })
  },
  { migrated: false },
)

onEachDatabase((test, dialect) => {
  test('a migration of a database in use copies an SQLite file first', async ({ place }) => {
    const { store, folder } = place
    await store.db.insertInto('setting').values({ name: 'kept', value: 'yes' }).execute()
    const next = { number: PROGRAM_SCHEMA + 1, name: 'next', up: async () => undefined }
    const report = await migrateStore(store, now, [next])
    expect(report.applied).toEqual(['next'])
    expect(await schemaNumber(store.db)).toBe(PROGRAM_SCHEMA + 1)
    if (dialect === 'postgres') {
      expect(report.backup).toBeNull()
      return
    }
    const copies = readdirSync(folder).filter((name) => name.endsWith('.backup'))
    expect(copies.map((name) => join(folder, name))).toEqual([report.backup])
    const copy = join(folder, copies[0] ?? '')
    expect(statSync(copy).mode & 0o777).toBe(0o600)
    const old = new BetterSqlite3(copy, { readonly: true })
    expect(old.prepare("select value from setting where name = 'kept'").pluck().get()).toBe('yes')
    expect(old.prepare('select max(number) from migration').pluck().get()).toBe(PROGRAM_SCHEMA)
    old.close()
  })
})
