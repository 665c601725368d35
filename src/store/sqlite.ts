/**
 * Kysely over one SQLite file: write transactions begin IMMEDIATE (a plain `begin` that reads and then writes fails
 * with SQLITE_BUSY_SNAPSHOT beside a second writer, whatever the busy timeout), and statements are prepared once.
 * Fails: the file cannot be opened or is no database: an Error that names it.
 */
import { chmodSync, mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import BetterSqlite3 from 'better-sqlite3'
import {
  CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  Kysely,
  SqliteAdapter,
  type SqliteDatabase,
  SqliteDriver,
  SqliteIntrospector,
  SqliteQueryCompiler,
  type SqliteStatement,
} from 'kysely'
import type { Database } from './schema.ts'

/** Longest wait for another writer, such as a command beside a running gateway. */
const BUSY_TIMEOUT_MS = 10_000
/** The path of a mail has some sixty different statements; commands have more. */
const PREPARED_STATEMENTS = 400

class ImmediateDriver extends SqliteDriver {
  override async beginTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('begin immediate'))
  }
}

class ImmediateDialect implements Dialect {
  readonly #database: SqliteDatabase
  constructor(database: SqliteDatabase) {
    this.#database = database
  }
  createAdapter(): SqliteAdapter {
    return new SqliteAdapter()
  }
  createDriver(): Driver {
    return new ImmediateDriver({ database: this.#database })
  }
  createIntrospector(db: Kysely<unknown>): SqliteIntrospector {
    return new SqliteIntrospector(db)
  }
  createQueryCompiler(): SqliteQueryCompiler {
    return new SqliteQueryCompiler()
  }
}

/** Opens (and makes, when there is none) the database file. `:memory:` is for tests. */
export function openSqlite(file: string): Kysely<Database> {
  if (file !== ':memory:') mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
  const handle = new BetterSqlite3(file, { timeout: BUSY_TIMEOUT_MS })
  // Its WAL takes the same mode; umask alone would let others read.
  if (file !== ':memory:') chmodSync(file, 0o600)
  handle.pragma('journal_mode = WAL')
  handle.pragma('synchronous = FULL')
  handle.pragma('foreign_keys = ON')
  // Freed pages are overwritten: what was shredded is gone from the file as well.
  handle.pragma('secure_delete = ON')
  handle.pragma('trusted_schema = OFF')
  return new Kysely<Database>({ dialect: new ImmediateDialect(withPreparedOnce(handle)) })
}

/** Keeps the statements that were prepared; the oldest goes when there are too many. */
function withPreparedOnce(handle: BetterSqlite3.Database): SqliteDatabase {
  const prepared = new Map<string, SqliteStatement>()
  return {
    prepare: (sql) => {
      const known = prepared.get(sql)
      if (known !== undefined) return known
      const made = handle.prepare(sql)
      const statement: SqliteStatement = {
        reader: made.reader,
        all: (parameters) => made.all(...parameters),
        run: (parameters) => made.run(...parameters),
        iterate: (parameters) => made.iterate(...parameters),
      }
      // Schema changes and transaction control are said once; only questions and rows repeat.
      if (/^(select|insert|update|delete|with)\b/i.test(sql)) {
        const oldest = prepared.keys().next()
        if (prepared.size >= PREPARED_STATEMENTS && oldest.done !== true) prepared.delete(oldest.value)
        prepared.set(sql, statement)
      }
      return statement
    },
    close: () => handle.close(),
  }
}
