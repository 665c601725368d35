/** Reads the database of a running gateway: whether anything is still to be decided or sent, and what was written. */
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { vi } from 'vitest'

type Place = { readonly folder: string }

export type WrittenLetter = {
  readonly letter: string
  readonly to: string
  readonly state: string
  readonly subject: string
}

function read({ folder }: Place, sql: string): readonly unknown[] {
  const db = new Database(join(folder, 'data', 'ticketgate.db'), { readonly: true })
  try {
    return db.prepare(sql).all()
  } finally {
    db.close()
  }
}

/** Every letter, in the order written. */
export function lettersIn(place: Place): readonly WrittenLetter[] {
  const sql = 'select letter, to_address as "to", state, subject from outbox order by id'
  return read(place, sql) as readonly WrittenLetter[]
}

/** Every outcome, in the order of acceptance. */
export function outcomesIn(place: Place): readonly string[] {
  const sql = 'select coalesce(outcome, state) as outcome from inbox order by id'
  return (read(place, sql) as readonly { outcome: string }[]).map((row) => row.outcome)
}

function openWork(place: Place): number {
  // A letter that was tried and put off is as good as sent: nobody answers it.
  const sql = `select (select count(*) from inbox where state = 'received')
    + (select count(*) from outbox where state = 'queued' and attempts = 0) as count`
  const [row] = read(place, sql) as readonly { count: number }[]
  return row?.count ?? 0
}

/** Resolves when nothing is under way anywhere, looked at twice since work may pass from one place to the other. */
export async function untilQuiet(places: readonly Place[], pending: () => number = () => 0): Promise<void> {
  const look = (): number => pending() + places.reduce((sum, place) => sum + openWork(place), 0)
  await vi.waitFor(
    () => {
      if (look() + look() > 0) throw new Error('mail is still under way')
    },
    { timeout: 25_000, interval: 100 },
  )
}
