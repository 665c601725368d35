/**
 * Opens the database that a URL names: `sqlite:FILE` or `postgres://host1,host2/name`. The only place where the two are
 * told apart by name; what differs afterwards is in `dialect.ts`.
 * Fails: StoreUnavailable with one line for people when the file, the folder or the server cannot be had.
 */
import { Kysely, sql, type Transaction } from 'kysely'
import { PostgresJSDialect } from 'kysely-postgres-js'
import postgres from 'postgres'
import type { DialectName } from './dialect.ts'
import { connectToFirst, hostsOf } from './postgres-hosts.ts'
import type { Database } from './schema.ts'
import { openSqlite } from './sqlite.ts'

export type Store = {
  readonly db: Kysely<Database>
  readonly dialect: DialectName
  /** The file of an SQLite database; null for a server. */
  readonly file: string | null
  /** Runs `work` in one write transaction: all of it happens, or nothing. */
  transact<T>(work: (tx: Transaction<Database>) => Promise<T>): Promise<T>
  close(): Promise<void>
}

/** The database cannot be had; the message is one line for an operator and holds no password. */
export class StoreUnavailable extends Error {
  readonly reason: 'unreachable' | 'unwritable' | 'unfit'
  constructor(reason: 'unreachable' | 'unwritable' | 'unfit', message: string, options?: ErrorOptions) {
    super(message, options)
    this.reason = reason
  }
}

const CONNECTIONS = 10
const CONNECT_TIMEOUT_SECONDS = 10
const CLOSE_TIMEOUT_SECONDS = 2
/** For each of several hosts, so that a dead one does not hold up the others. */
const HOST_TIMEOUT_MS = 3_000
/** PostgreSQL's type id of bigint; instants and counters stay below 2^53. */
const BIGINT = 20

/** Opens the store and asks it one question. */
export async function openStore(url: string): Promise<Store> {
  const file = url.startsWith('sqlite:') ? url.slice('sqlite:'.length) : null
  return file === null ? openPostgres(url) : openFile(file)
}

function openFile(file: string): Store {
  try {
    const db = openSqlite(file)
    return storeOf({ db, close: () => db.destroy() }, 'sqlite', file)
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    throw new StoreUnavailable('unwritable', `cannot open the database ${file}: ${why}`, { cause: error })
  }
}

async function openPostgres(url: string): Promise<Store> {
  let opened: { readonly db: Kysely<Database>; readonly close: () => Promise<void> } | null = null
  try {
    opened = connect(url)
    await sql`select 1`.execute(opened.db)
  } catch (error) {
    await opened?.close()
    throw new StoreUnavailable(
      'unreachable',
      `cannot reach PostgreSQL at ${namesOf(url)}: ${reasonOf(error)}`,
      opened === null ? {} : { cause: error },
    )
  }
  return storeOf(opened, 'postgres', null)
}

/** Throws on a URL that is none, in words that quote it, password and all: they go no further. */
function connect(url: string): { readonly db: Kysely<Database>; readonly close: () => Promise<void> } {
  const hosts = hostsOf(url)
  const [first] = hosts
  const client = postgres(url, {
    ...(hosts.length > 1 && first !== undefined
      ? { ...first, socket: () => connectToFirst(hosts, HOST_TIMEOUT_MS) }
      : {}),
    max: CONNECTIONS,
    connect_timeout: CONNECT_TIMEOUT_SECONDS,
    onnotice: () => undefined,
    types: { bigint: { to: BIGINT, from: [BIGINT], serialize: String, parse: Number } },
  })
  const db = new Kysely<Database>({ dialect: new PostgresJSDialect({ postgres: client }) })
  const close = async (): Promise<void> => {
    // Kysely's own way to end it waits without limit for a connection that is just being refused.
    await client.end({ timeout: CLOSE_TIMEOUT_SECONDS })
    await db.destroy()
  }
  return { db, close }
}

function namesOf(url: string): string {
  const names = hostsOf(url).map(({ host, port }) => `${host}:${port}`)
  return names.length === 0 ? 'its host' : names.join(', ').slice(0, 200)
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const code = 'code' in error ? String(error.code) : error.name
  if (code === 'ERR_INVALID_URL') return 'this is no URL'
  // A host with several addresses gives one error for all of them, without a message.
  return error.message === '' ? code : error.message
}

function storeOf(
  opened: { readonly db: Kysely<Database>; readonly close: () => Promise<void> },
  dialect: DialectName,
  file: string | null,
): Store {
  const { db, close } = opened
  return {
    db,
    dialect,
    file,
    transact: (work) => db.transaction().execute(work),
    close,
  }
}
