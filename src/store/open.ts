/**
 * Opens the database that a URL names: `sqlite:FILE` or `postgres://host1,host2/name`. The only place where the two are
 * told apart by name; what differs afterwards is in `dialect.ts`.
 * Fails: StoreUnavailable with one line for people when the file, the folder or the server cannot be had.
 */
import { Kysely, sql, type Transaction } from 'kysely'
import { PostgresJSDialect } from 'kysely-postgres-js'
import postgres from 'postgres'
import type { DialectName } from './dialect.ts'
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
/** PostgreSQL's type id of bigint; instants and counters stay below 2^53. */
const BIGINT = 20

/** Opens the store and asks it one question. */
export async function openStore(url: string): Promise<Store> {
  const file = url.startsWith('sqlite:') ? url.slice('sqlite:'.length) : null
  return file === null ? openPostgres(url) : openFile(file)
}

function openFile(file: string): Store {
  try {
    return storeOf(openSqlite(file), 'sqlite', file)
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    throw new StoreUnavailable('unwritable', `cannot open the database ${file}: ${why}`, { cause: error })
  }
}

async function openPostgres(url: string): Promise<Store> {
  const client = postgres(url, {
    max: CONNECTIONS,
    connect_timeout: CONNECT_TIMEOUT_SECONDS,
    onnotice: () => undefined,
    types: { bigint: { to: BIGINT, from: [BIGINT], serialize: String, parse: Number } },
  })
  const db = new Kysely<Database>({ dialect: new PostgresJSDialect({ postgres: client }) })
  try {
    await sql`select 1`.execute(db)
  } catch (error) {
    await db.destroy()
    throw new StoreUnavailable(
      'unreachable',
      `cannot reach PostgreSQL at ${hostsOf(url)}: ${error instanceof Error ? error.message || String(error) : String(error)}`,
      { cause: error },
    )
  }
  return storeOf(db, 'postgres', null)
}

function storeOf(db: Kysely<Database>, dialect: DialectName, file: string | null): Store {
  return {
    db,
    dialect,
    file,
    transact: (work) => db.transaction().execute(work),
    close: () => db.destroy(),
  }
}

/** The hosts of a URL, without user and password. */
function hostsOf(url: string): string {
  const rest = url.replace(/^[a-z]+:\/\//i, '')
  return (rest.slice(rest.lastIndexOf('@') + 1).split(/[/?]/)[0] ?? '').slice(0, 200)
}
