/**
 * Copies the registers (partners, domains, people, addresses) of one store into another, empty one, for a rehearsal.
 * Only reads the first. Modes of single partners stay behind: the rehearsal has its own.
 * Fails: faults of either database are thrown; a register that is half there is never left.
 */
import type { Store } from './open.ts'

/** Rows in one statement; SQLite takes 32,766 values. */
const ROWS_AT_ONCE = 500

/** Copies the registers of `from` into `to`. Returns the number of partners. */
export async function copyRegisters(from: Store, to: Store): Promise<number> {
  const partners = await from.db.selectFrom('partner').selectAll().execute()
  const domains = await from.db.selectFrom('partner_domain').selectAll().execute()
  const people = await from.db.selectFrom('person').selectAll().execute()
  const addresses = await from.db.selectFrom('address').selectAll().execute()
  await to.transact(async (tx) => {
    for (const rows of chunks(partners.map((partner) => ({ ...partner, mode: null })))) {
      await tx.insertInto('partner').values(rows).execute()
    }
    for (const rows of chunks(domains)) await tx.insertInto('partner_domain').values(rows).execute()
    for (const rows of chunks(people)) await tx.insertInto('person').values(rows).execute()
    for (const rows of chunks(addresses)) await tx.insertInto('address').values(rows).execute()
  })
  return partners.length
}

function chunks<Row>(rows: readonly Row[]): Row[][] {
  return Array.from({ length: Math.ceil(rows.length / ROWS_AT_ONCE) }, (_, i) =>
    rows.slice(i * ROWS_AT_ONCE, (i + 1) * ROWS_AT_ONCE),
  )
}
