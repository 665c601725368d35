/**
 * The digest of held mail to the operator: at most once an hour, and at least once a day while anything waits. What
 * could not be read and what failed stands there as well: nobody waits unseen.
 * Fails: faults of the database are thrown.
 */
import type { Kysely } from 'kysely'
import type { HeldDigestModel, LetterHead } from '../letters/models.ts'
import type { ApplyDeps } from './apply-deps.ts'
import { recordEvent } from './event.ts'
import { type FinishedLetter, insertLetter } from './insert-letter.ts'
import { jsonObject } from './load-ticket.ts'
import { lockNames } from './lock-names.ts'
import type { Store } from './open.ts'
import type { Database } from './schema.ts'
import { readSetting, writeSetting } from './setting.ts'

const HOUR_MS = 60 * 60 * 1000
const DAY_MS = 24 * HOUR_MS
/** A longer list is a list on the command line. */
const MAX_ROWS = 50
const SENT_AT = 'held-digest-at'

export type DigestDeps = ApplyDeps & { readonly firstQueue: string; readonly language: string }

/** Puts a digest into the outbox when one is due. Returns how many mails it names; 0 when none was due. */
export async function writeHeldDigest(store: Store, deps: DigestDeps, now: Date): Promise<number> {
  if ((await waitingSince(store.db, now)) === null) return 0
  return store.transact(async (tx) => {
    // Of several nodes one writes it.
    await lockNames(tx, [SENT_AT])
    const since = await waitingSince(tx, now)
    if (since === null) return 0
    const rows = await heldRows(tx)
    if (rows.length === 0) return 0
    await writeSetting(tx, SENT_AT, String(now.getTime()))
    await writeDigest(tx, { rows }, { deps, now })
    await recordEvent(tx, { kind: 'held-digest', detail: `${rows.length} mails` }, { now, newId: deps.newId })
    return rows.length
  })
}

/** The instant of the last digest (0 for none) when another is due; null when not, or when nothing waits. */
async function waitingSince(db: Kysely<Database>, now: Date): Promise<number | null> {
  const last = Number((await readSetting(db, SENT_AT)) ?? 0)
  if (now.getTime() - last < HOUR_MS) return null
  const waiting = await db
    .selectFrom('inbox')
    .select((select) => select.fn.max('decided_at').as('newest'))
    .where('state', 'in', ['held', 'failed'])
    .executeTakeFirst()
  // No row, or an aggregate of none.
  if (waiting?.newest == null) return null
  return waiting.newest > last || now.getTime() - last >= DAY_MS ? last : null
}

async function heldRows(tx: Kysely<Database>): Promise<HeldDigestModel['rows']> {
  const rows = await tx
    .selectFrom('inbox')
    .leftJoin('ticket', 'ticket.id', 'inbox.ticket_id')
    .selectAll('inbox')
    .select('ticket.number')
    .where('inbox.state', 'in', ['held', 'failed'])
    .orderBy('inbox.id', 'desc')
    .limit(MAX_ROWS)
    .execute()
  return rows.map((row) => ({
    inboxId: row.id,
    receivedAt: new Date(row.received_at),
    from: row.from_address ?? '',
    subject: row.subject ?? '',
    reason: row.state === 'failed' ? 'failed' : reasonOf(row.verdict),
    ticket: row.number === null ? null : `TG-${row.number}`,
  }))
}

function reasonOf(verdict: string | null): string {
  const read = verdict === null ? {} : jsonObject(verdict)
  if (read['kind'] === 'unreadable') return 'unreadable'
  return typeof read['reason'] === 'string' ? read['reason'] : 'unreadable'
}

async function writeDigest(
  tx: Kysely<Database>,
  model: HeldDigestModel,
  at: { readonly deps: DigestDeps; readonly now: Date },
): Promise<void> {
  const { deps, now } = at
  const replyTo = deps.queueAddress(deps.firstQueue)
  const head: LetterHead = {
    reference: null,
    subjectStem: '',
    recipientName: null,
    replyAddress: replyTo,
    timeZone: 'UTC',
    language: deps.language,
    now,
  }
  const digest: FinishedLetter = {
    letter: 'held-digest',
    ticketId: null,
    inboxId: null,
    personId: null,
    to: { name: null, address: deps.operatorAddress },
    queue: deps.firstQueue,
    replyTo,
    inReplyTo: null,
    references: [],
    words: deps.render('held-digest', model, head),
    autoSubmitted: 'auto-generated',
    state: 'queued',
    notBefore: now,
  }
  await insertLetter(tx, digest, at)
}
