/**
 * The digest of held mail to the operator: at most once an hour, and at least once a day while anything waits. What
 * could not be read and what failed stands there as well: nobody waits unseen.
 * Fails: faults of the database are thrown.
 */
import { type Kysely, sql } from 'kysely'
import { heldActions } from '../decide/held-reasons.ts'
import type { HeldDigestModel } from '../letters/models.ts'
import { recordEvent } from './event.ts'
import { jsonObject } from './load-ticket.ts'
import { lockNames } from './lock-names.ts'
import type { Store } from './open.ts'
import { type OperatorLetterDeps, writeToOperator } from './operator-letter.ts'
import type { Database } from './schema.ts'
import { readSetting, writeSetting } from './setting.ts'

const HOUR_MS = 60 * 60 * 1000
const DAY_MS = 24 * HOUR_MS
/** A longer list is a list on the command line. */
const MAX_ROWS = 50
/** Older reports were told long ago. */
const UNSEEN_MS = 7 * DAY_MS
const SENT_AT = 'held-digest-at'
const WAITING = ['held', 'failed'] as const

export type DigestDeps = OperatorLetterDeps & {
  readonly partners: 'open' | 'registered'
}

/** Puts a digest into the outbox when one is due. Returns how many mails it names; 0 when none was due. */
export async function writeHeldDigest(store: Store, deps: DigestDeps, now: Date): Promise<number> {
  if (!(await isDue(store.db, now))) return 0
  return store.transact(async (tx) => {
    // Of several nodes one writes it.
    await lockNames(tx, [SENT_AT])
    if (!(await isDue(tx, now))) return 0
    const rows = await heldRows(tx, deps.partners)
    const total = await tellAll(tx, now)
    const unseen = await tellUnseen(tx, now)
    if (total + unseen.length === 0) return 0
    await writeSetting(tx, SENT_AT, String(now.getTime()))
    const model = { rows, total, unseen }
    await writeToOperator(tx, { letter: 'held-digest', model }, { deps, now })
    const notices = unseen.length === 0 ? '' : `, ${unseen.length} notices that reached nobody`
    const detail = `${total} mails${notices}`
    await recordEvent(tx, { kind: 'held-digest', detail }, { now, newId: deps.newId })
    return total + unseen.length
  })
}

/** New mail is told within the hour, whatever still waits once a day. */
async function isDue(db: Kysely<Database>, now: Date): Promise<boolean> {
  const since = now.getTime() - Number((await readSetting(db, SENT_AT)) ?? 0)
  if (since < HOUR_MS) return false
  // By a mark on each mail, not by its instant: another node may end one while this digest is written.
  let waiting = db.selectFrom('inbox').select('id').where('state', 'in', WAITING).limit(1)
  if (since < DAY_MS) waiting = waiting.where('told_at', 'is', null)
  if ((await waiting.executeTakeFirst()) !== undefined) return true
  return (await unseenNotices(db, now)).length > 0
}

/** What was not told yet comes first, then the newest. */
async function heldRows(
  tx: Kysely<Database>,
  partners: DigestDeps['partners'],
): Promise<HeldDigestModel['rows']> {
  const rows = await tx
    .selectFrom('inbox')
    .leftJoin('ticket', 'ticket.id', 'inbox.ticket_id')
    .selectAll('inbox')
    .select('ticket.number')
    .where('inbox.state', 'in', WAITING)
    .orderBy(sql`case when inbox.told_at is null then 0 else 1 end`)
    .orderBy('inbox.id', 'desc')
    .limit(MAX_ROWS)
    .execute()
  return rows.map((row) => {
    const state = row.state === 'failed' ? ('failed' as const) : ('held' as const)
    const reason = state === 'failed' ? 'failed' : reasonOf(row.verdict)
    const isStranger = row.evidence !== null && jsonObject(row.evidence)['sender'] === 'stranger'
    return {
      inboxId: row.id,
      receivedAt: new Date(row.received_at),
      from: row.from_address ?? '',
      subject: row.subject ?? '',
      reason,
      ticket: row.number === null ? null : `TG-${row.number}`,
      actions: heldActions({ state, reason, isStranger, partners }),
    }
  })
}

/**
 * Notices that came back, or that no relay took, of which no copy reached anybody: nobody may know of that ticket. A
 * report about a notice makes no notice, so they are told here, once.
 */
async function unseenNotices(db: Kysely<Database>, now: Date) {
  const rows = await db
    .selectFrom('outbox')
    .innerJoin('ticket', 'ticket.id', 'outbox.ticket_id')
    .select(['outbox.id', 'outbox.inbox_id', 'outbox.to_address', 'ticket.number', 'ticket.subject_stem'])
    .where('outbox.letter', '=', 'agent-notice')
    .where('outbox.told_at', 'is', null)
    .where((where) =>
      where.or([
        where('outbox.bounced_at', '>', now.getTime() - UNSEEN_MS),
        where('outbox.state', '=', 'failed'),
      ]),
    )
    .orderBy('outbox.id')
    .limit(MAX_ROWS)
    .execute()
  const reached = await Promise.all(rows.map((row) => wasSeen(db, row.inbox_id)))
  return rows.filter((_, at) => reached[at] === false)
}

/** Did a copy of the notice about this mail go out, and not come back? */
async function wasSeen(db: Kysely<Database>, inboxId: string | null): Promise<boolean> {
  if (inboxId === null) return false
  const seen = await db
    .selectFrom('outbox')
    .select('id')
    .where('inbox_id', '=', inboxId)
    .where('letter', '=', 'agent-notice')
    .where('state', 'in', ['sent', 'queued'])
    .where('bounced_at', 'is', null)
    .limit(1)
    .executeTakeFirst()
  return seen !== undefined
}

async function tellUnseen(tx: Kysely<Database>, now: Date): Promise<HeldDigestModel['unseen']> {
  const rows = await unseenNotices(tx, now)
  const ids = rows.map((row) => row.id)
  if (ids.length > 0)
    await tx.updateTable('outbox').set({ told_at: now.getTime() }).where('id', 'in', ids).execute()
  return rows.map((row) => ({
    ticket: `TG-${row.number}`,
    subject: row.subject_stem,
    address: row.to_address,
  }))
}

/** Marks all that wait as told. Returns how many there are. */
async function tellAll(tx: Kysely<Database>, now: Date): Promise<number> {
  const done = await tx
    .updateTable('inbox')
    .set((mark) => ({ told_at: mark.fn.coalesce('told_at', mark.val(now.getTime())) }))
    .where('state', 'in', WAITING)
    .executeTakeFirst()
  return Number(done.numUpdatedRows)
}

function reasonOf(verdict: string | null): string {
  const read = verdict === null ? {} : jsonObject(verdict)
  if (read['kind'] === 'unreadable') return 'unreadable'
  return typeof read['reason'] === 'string' ? read['reason'] : 'unreadable'
}
