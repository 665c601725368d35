/**
 * Everything in which the two databases differ, in one file: column types, ticket numbers, taking due rows, errors.
 * Nothing outside `store/` and `migrations/` knows which database it is.
 */
import { type Kysely, PostgresAdapter, type RawBuilder, sql } from 'kysely'
import type { Database } from './schema.ts'

export type DialectName = 'sqlite' | 'postgres'

/** Tells which database a connection or transaction speaks to. */
export function dialectOf(db: Kysely<Database>): DialectName {
  return db.getExecutor().adapter instanceof PostgresAdapter ? 'postgres' : 'sqlite'
}

/** Column types of the portable schema. */
export type ColumnTypes = {
  readonly instant: RawBuilder<unknown>
  readonly octets: RawBuilder<unknown>
}

export function columnTypes(dialect: DialectName): ColumnTypes {
  return dialect === 'sqlite'
    ? { instant: sql`integer`, octets: sql`blob` }
    : { instant: sql`bigint`, octets: sql`bytea` }
}

/** First ticket number: four digits, so that a number looks like one from the first day on. */
const FIRST_TICKET_NUMBER = 1001

/** Makes what `nextTicketNumber` draws from. For migrations. */
export async function createTicketNumbers(db: Kysely<Database>, dialect: DialectName): Promise<void> {
  if (dialect === 'postgres') {
    await sql`create sequence ticket_number start with ${sql.lit(FIRST_TICKET_NUMBER)}`.execute(db)
    return
  }
  await db.schema
    .createTable('counter')
    .addColumn('name', 'text', (column) => column.primaryKey())
    .addColumn('value', 'integer', (column) => column.notNull())
    .execute()
  await sql`insert into counter (name, value) values ('ticket', ${sql.lit(FIRST_TICKET_NUMBER - 1)})`.execute(
    db,
  )
}

/** Draws the next ticket number: ascending; a rolled back transaction may leave a hole. */
export async function nextTicketNumber(db: Kysely<Database>, dialect: DialectName): Promise<number> {
  const drawn =
    dialect === 'postgres'
      ? await sql<{ value: number | string }>`select nextval('ticket_number') as value`.execute(db)
      : await sql<{
          value: number
        }>`update counter set value = value + 1 where name = 'ticket' returning value`.execute(db)
  const value = drawn.rows[0]?.value
  if (value === undefined) throw new Error('the database gave no ticket number')
  return Number(value)
}

/** Ends a query that takes due rows: other nodes' rows are passed over. SQLite has one writer at a time anyway. */
export function skipLocked(dialect: DialectName): RawBuilder<unknown> {
  return dialect === 'postgres' ? sql`for update skip locked` : sql``
}

/** Ends a query of a row that is read to be changed: SQLite's write transactions come one after the other anyway. */
export function lockRow(dialect: DialectName): RawBuilder<unknown> {
  return dialect === 'postgres' ? sql`for update` : sql``
}

/** Tells a full disk from every other fault of the database. */
export function isFull(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  return code === 'SQLITE_FULL' || code === '53100' || code === 'ENOSPC'
}
