/**
 * The breaker: when programs of ours have written to partners more often within an hour than the operator allows, such
 * letters wait in the outbox; nothing is lost. The operator is told, and it closes by itself once the hour is quiet again.
 * People's answers and notices to the desk are never stopped.
 * Fails: faults of the database are thrown.
 */
import type { Kysely } from 'kysely'
import { recordEvent } from './event.ts'
import { lockNames } from './lock-names.ts'
import type { IdSource } from './new-id.ts'
import type { Store } from './open.ts'
import { type OperatorLetterDeps, writeToOperator } from './operator-letter.ts'
import type { Database } from './schema.ts'
import { readSetting, writeSetting } from './setting.ts'

const HOUR_MS = 60 * 60 * 1000
const DAY_MS = 24 * HOUR_MS
/** Closes when this share of the hour's letters is left, or it would open and close with every letter. */
const CLOSES_AT = 0.5
/** A longer count tells the operator nothing more. */
const MAX_COUNTED = 10_000

const STOPPED_AT = 'letters-stopped-at'
const RESUMED_AT = 'letters-resumed-at'
const TOLD_AT = 'letters-stopped-told-at'

export type BreakerDeps = OperatorLetterDeps
export type BreakerAt = { readonly now: Date; readonly perHour: number }

/** Tells whether letters that programs decided on must wait now; opens and closes the breaker as the rate asks. */
export async function areLettersStopped(store: Store, deps: BreakerDeps, at: BreakerAt): Promise<boolean> {
  const isOpen = await isBreakerOpen(store.db)
  const sent = await sentWithinHour(store.db, at)
  if (isOpen === wantsOpen(isOpen, sent, at.perHour)) return isOpen
  return store.transact(async (tx) => {
    // Of several nodes one opens or closes it.
    await lockNames(tx, [STOPPED_AT])
    const before = await isBreakerOpen(tx)
    const after = wantsOpen(before, await sentWithinHour(tx, at), at.perHour)
    if (before && !after) await close(tx, { now: at.now, newId: deps.newId }, 'the last hour was quiet')
    if (!before && after) await open(tx, deps, at)
    return after
  })
}

/** Do letters wait because of the breaker? */
export async function isBreakerOpen(db: Kysely<Database>): Promise<boolean> {
  return ((await readSetting(db, STOPPED_AT)) ?? '') !== ''
}

/** Lets letters go on: what was sent before counts no longer. Returns false when none were stopped. */
export async function resumeLetters(
  store: Store,
  at: { readonly now: Date; readonly newId: IdSource },
): Promise<boolean> {
  return store.transact(async (tx) => {
    await lockNames(tx, [STOPPED_AT])
    if (!(await isBreakerOpen(tx))) return false
    await close(tx, at, 'by an operator')
    await writeSetting(tx, RESUMED_AT, String(at.now.getTime()))
    return true
  })
}

function wantsOpen(isOpen: boolean, sent: number, perHour: number): boolean {
  return isOpen ? sent > perHour * CLOSES_AT : sent >= perHour
}

async function sentWithinHour(db: Kysely<Database>, { now, perHour }: BreakerAt): Promise<number> {
  const resumed = Number((await readSetting(db, RESUMED_AT)) ?? 0)
  const rows = await db
    .selectFrom('outbox')
    .select('id')
    .where('rated', '=', 1)
    .where('sent_at', '>', Math.max(now.getTime() - HOUR_MS, resumed))
    .limit(perHour)
    .execute()
  return rows.length
}

async function open(tx: Kysely<Database>, deps: BreakerDeps, { now, perHour }: BreakerAt): Promise<void> {
  await writeSetting(tx, STOPPED_AT, String(now.getTime()))
  await recordEvent(
    tx,
    { kind: 'letters-stopped', detail: `${perHour} letters within an hour` },
    { now, newId: deps.newId },
  )
  const told = Number((await readSetting(tx, TOLD_AT)) ?? 0)
  if (now.getTime() - told < DAY_MS) return
  await writeSetting(tx, TOLD_AT, String(now.getTime()))
  await tellOperator(tx, deps, { now, perHour })
}

async function close(
  tx: Kysely<Database>,
  at: { readonly now: Date; readonly newId: IdSource },
  detail: string,
): Promise<void> {
  await writeSetting(tx, STOPPED_AT, '')
  await recordEvent(tx, { kind: 'letters-resumed', detail }, at)
}

async function tellOperator(
  tx: Kysely<Database>,
  deps: BreakerDeps,
  { now, perHour }: BreakerAt,
): Promise<void> {
  const waiting = await tx
    .selectFrom('outbox')
    .select('id')
    .where('state', '=', 'queued')
    .where('rated', '=', 1)
    .limit(MAX_COUNTED)
    .execute()
  const model = { perHour, waiting: waiting.length }
  await writeToOperator(tx, { letter: 'letters-stopped', model }, { deps, now })
}
