/** Opening: what an operator reads when the database cannot be had, and how both are set up once it can. */
import { spawn } from 'node:child_process'
import { mkdtempSync, statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { sql } from 'kysely'
import { test as alone, describe, expect, inject } from 'vitest'
import { openStore, StoreUnavailable } from '../../src/store/open.ts'
import { readSetting, writeSetting } from '../../src/store/setting.ts'
import { onEachDatabase } from './databases.ts'

const folder = mkdtempSync(join(inject('runFolder'), 'open-'))

async function refusal(url: string): Promise<StoreUnavailable> {
  const store = await openStore(url).catch((error: unknown) => error)
  if (!(store instanceof StoreUnavailable)) throw new Error(`not refused: ${String(store)}`)
  return store
}

/** A port that nobody listens on. */
function deadPort(): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 1))
    })
  })
}

describe('a database that cannot be had', () => {
  alone('names the hosts of an unreachable server, and no password', async () => {
    const dead = await deadPort()
    const error = await refusal(`postgres://gate:hush-hush@127.0.0.1:${dead}/desk`)
    expect(error.reason).toBe('unreachable')
    expect(error.message).toMatch(
      new RegExp(`^cannot reach PostgreSQL at 127\\.0\\.0\\.1:${dead}: .*ECONNREFUSED`),
    )
    expect(error.message).not.toContain('hush')
    expect(error.message).not.toContain('\n')
  })

  alone('gives up when none of several hosts answers', async () => {
    const [one, two] = [await deadPort(), await deadPort()]
    const error = await refusal(`postgres://gate:hush-hush@127.0.0.1:${one},localhost:${two}/desk`)
    expect(error.message).toContain(`at 127.0.0.1:${one}, localhost:${two}: `)
    expect(error.message).toContain('ECONNREFUSED')
  })

  alone('passes on why a server turned us away', async () => {
    const url = new URL(inject('postgresUrl'))
    url.pathname = '/no_such_database'
    const error = await refusal(url.href)
    expect(error.reason).toBe('unreachable')
    expect(error.message).toContain('database "no_such_database" does not exist')
  })

  alone.each([
    'postgres://gate:hush-hush@[::/desk',
    'postgres://gate:hush-hush@host:99999/desk',
    'nonsense hush-hush',
  ])('says so when the URL itself is wrong, and quotes no password of it: %s', async (url) => {
    const error = await refusal(url)
    expect(error.message).toContain('cannot reach PostgreSQL')
    expect(`${error.message} ${error.stack ?? ''} ${JSON.stringify(error.cause)}`).not.toContain('hush')
  })

  alone('names the file when its folder cannot be made', async () => {
    const file = join(folder, 'a-file')
    writeFileSync(file, '')
    const error = await refusal(`sqlite:${file}/data/ticketgate.sqlite`)
    expect(error.reason).toBe('unwritable')
    expect(error.message).toContain(`cannot open the database ${file}/data/ticketgate.sqlite: `)
  })

  alone('names the file when it is no database', async () => {
    const file = join(folder, 'letter.txt')
    writeFileSync(file, 'Dear Sir or Madam, '.repeat(100))
    expect((await refusal(`sqlite:${file}`)).message).toMatch(/letter\.txt: file is not a database$/)
  })
})

alone('of several hosts in a URL the one that answers is taken', async () => {
  const server = new URL(inject('postgresUrl'))
  const dead = await deadPort()
  const store = await openStore(`postgres://gate@127.0.0.1:${dead},127.0.0.1:${server.port}/postgres`)
  const rows = await Promise.all([1, 2, 3].map(() => sql<{ one: number }>`select 1 as one`.execute(store.db)))
  expect(rows.map((result) => result.rows)).toEqual([[{ one: 1 }], [{ one: 1 }], [{ one: 1 }]])
  await store.close()
})

onEachDatabase((test, dialect) => {
  test('a transaction that throws leaves nothing', async ({ place: { store } }) => {
    const work = store.transact(async (tx) => {
      await writeSetting(tx, 'half', 'done')
      throw new Error('stop')
    })
    await expect(work).rejects.toThrow('stop')
    expect(await readSetting(store.db, 'half')).toBeNull()
  })

  test('instants and octets come back as they were', async ({ place: { store } }) => {
    const octets = Buffer.from([0, 1, 2, 0xff, 0xfe])
    const at = Date.UTC(9999, 11, 31)
    await store.db
      .insertInto('content')
      .values({ id: 'one', size: 5, octets, blob_name: null, created_at: at })
      .execute()
    const row = await store.db.selectFrom('content').selectAll().executeTakeFirstOrThrow()
    expect(row).toMatchObject({ id: 'one', size: 5, created_at: at, blob_name: null })
    expect(Buffer.from(row.octets ?? []).equals(octets)).toBe(true)
  })

  test('a row that names no parent is refused', async ({ place: { store } }) => {
    const orphan = store.db
      .insertInto('content_key')
      .values({ content_id: 'nobody', key_id: 'k', salt: Buffer.alloc(1) })
      .execute()
    await expect(orphan).rejects.toThrow(/foreign key/i)
  })

  if (dialect !== 'sqlite') return

  test('the file and its log are for its owner only, and every commit reaches the disk', async ({
    place,
  }) => {
    const { store, folder: at } = place
    await writeSetting(store.db, 'a', 'b')
    for (const name of ['ticketgate.sqlite', 'ticketgate.sqlite-wal', 'ticketgate.sqlite-shm']) {
      expect(statSync(join(at, name)).mode & 0o777).toBe(0o600)
    }
    const pragma = async (name: string) => (await sql.raw(`pragma ${name}`).execute(store.db)).rows[0]
    expect(await pragma('journal_mode')).toEqual({ journal_mode: 'wal' })
    expect(await pragma('synchronous')).toEqual({ synchronous: 2 })
    expect(await pragma('foreign_keys')).toEqual({ foreign_keys: 1 })
    expect(await pragma('secure_delete')).toEqual({ secure_delete: 1 })
    expect(await pragma('busy_timeout')).toEqual({ timeout: 10_000 })
  })

  test('two processes that read and then write the same row lose no write', async ({
    place: { store, url },
  }) => {
    await writeSetting(store.db, 'count', '0')
    const program = new URL('./count-up.ts', import.meta.url).pathname
    const other = spawn(process.execPath, [program, url, '150'], { stdio: ['pipe', 'pipe', 'inherit'] })
    const ended = new Promise<number | null>((resolve) => other.on('exit', resolve))
    // Both are up before either counts.
    await new Promise<void>((resolve) =>
      createInterface({ input: other.stdout }).once('line', () => resolve()),
    )
    other.stdin.end('go\n')
    for (let i = 0; i < 150; i++) {
      await store.transact(async (tx) => {
        const count = Number(await readSetting(tx, 'count'))
        await writeSetting(tx, 'count', String(count + 1))
      })
      // Gives up the thread, as work on the wire does.
      await new Promise((resolve) => setImmediate(resolve))
    }
    expect(await ended).toBe(0)
    expect(await readSetting(store.db, 'count')).toBe('300')
  })
})
