/**
 * The daily digest of drafts: cases that wait for their partner, so that nobody waits unseen. Goes to the people of the
 * first queue, at most once a day, and only while there are drafts that were there a day ago.
 * Fails: faults of the database are thrown.
 */
import type { Kysely } from 'kysely'
import type { DraftDigestModel } from '../letters/models.ts'
import { queuePeople } from './apply-letter.ts'
import { jsonList } from './inbox.ts'
import { lockNames } from './lock-names.ts'
import type { Store } from './open.ts'
import { type OperatorLetterDeps, writeToReader } from './operator-letter.ts'
import type { Database } from './schema.ts'
import { readSetting, writeSetting } from './setting.ts'

const DAY_MS = 24 * 60 * 60 * 1000
const SENT_AT = 'draft-digest-at'
/** A longer list is a list on the command line. */
const MAX_ROWS = 50

/** Writes the digest when one is due. Returns how many drafts it names. */
export async function writeDraftDigest(store: Store, deps: OperatorLetterDeps, now: Date): Promise<number> {
  if (!(await isDue(store.db, now))) return 0
  return store.transact(async (tx) => {
    // Of several nodes one writes it.
    await lockNames(tx, [SENT_AT])
    if (!(await isDue(tx, now))) return 0
    await writeSetting(tx, SENT_AT, String(now.getTime()))
    const model = await modelOf(tx, now)
    if (model.total === 0) return 0
    for (const reader of await queuePeople(deps.firstQueue, { tx, inboxId: null, now, deps }))
      await writeToReader(tx, { letter: 'draft-digest', model }, reader, { deps, now })
    return model.total
  })
}

async function isDue(db: Kysely<Database>, now: Date): Promise<boolean> {
  if (now.getTime() - Number((await readSetting(db, SENT_AT)) ?? 0) < DAY_MS) return false
  const old = await drafts(db, now).select('ticket.id').limit(1).executeTakeFirst()
  return old !== undefined
}

function drafts(db: Kysely<Database>, now: Date) {
  return db
    .selectFrom('ticket')
    .leftJoin('partner', 'partner.id', 'ticket.partner_id')
    .where('ticket.state', '=', 'draft')
    .where('ticket.created_at', '<', now.getTime() - DAY_MS)
}

async function modelOf(tx: Kysely<Database>, now: Date): Promise<DraftDigestModel> {
  const rows = await drafts(tx, now)
    .select([
      'ticket.number',
      'partner.name',
      'ticket.missing',
      'ticket.created_at',
      'ticket.checklists_sent',
    ])
    .orderBy('ticket.number')
    .limit(MAX_ROWS)
    .execute()
  const counted = await drafts(tx, now)
    .select((select) => select.fn.countAll<number | string>().as('count'))
    .executeTakeFirst()
  return {
    rows: rows.map((row) => ({
      reference: `TG-${row.number}`,
      partner: row.name ?? '',
      missing: jsonList(row.missing),
      since: new Date(row.created_at),
      checklists: row.checklists_sent,
    })),
    total: Number(counted?.count ?? 0),
  }
}
