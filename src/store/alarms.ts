/**
 * What an operator must hear of by another way than mail: broken promises, stopped letters, silence, a relay that takes
 * nothing. What was raised is remembered, so that one cause is one alarm.
 * Fails: faults of the database are thrown.
 */
import type { Kysely } from 'kysely'
import type { Store } from './open.ts'
import type { Database } from './schema.ts'
import { readSetting, writeSetting } from './setting.ts'

export type Alarm = {
  readonly kind: 'promise-broken' | 'letters-stopped' | 'no-mail' | 'relay-refuses'
  readonly text: string
  readonly at: Date
  /** What it is about; the same cause is raised once. */
  readonly cause: string
}

const HOUR_MS = 3_600_000
/** A relay that failed this often, and took nothing meanwhile, refuses us. */
const REFUSED_ATTEMPTS = 3
const REFUSED_MS = HOUR_MS / 2
/** At the first look nothing older is news. */
const NEWS_MS = 24 * HOUR_MS
const MAX_ALARMS = 20

/** Gives the alarms that were not raised yet. */
export async function dueAlarms(
  db: Kysely<Database>,
  { now, silentHours }: { readonly now: Date; readonly silentHours: number | null },
): Promise<readonly Alarm[]> {
  const silence = silentHours === null ? null : await silenceOf(db, now, silentHours)
  const refused = await refusalOf(db, now)
  return [...(await eventAlarms(db, now)), ...(silence ?? []), ...(refused ?? [])]
}

/** Remembers that an alarm was taken. */
export async function rememberAlarm(store: Store, { kind, cause }: Alarm): Promise<void> {
  await store.transact((tx) => writeSetting(tx, settingOf(kind), cause))
}

function settingOf(kind: Alarm['kind']): string {
  return `alarm-${kind}`
}

const EVENT_KINDS = ['promise-broken', 'letters-stopped'] as const

async function eventAlarms(db: Kysely<Database>, now: Date): Promise<readonly Alarm[]> {
  const found: Alarm[] = []
  for (const kind of EVENT_KINDS) {
    const seen = (await readSetting(db, settingOf(kind))) ?? ''
    const rows = await db
      .selectFrom('event')
      .leftJoin('ticket', 'ticket.id', 'event.ticket_id')
      .select(['event.id', 'event.at', 'event.detail', 'ticket.number'])
      .where('event.kind', '=', kind)
      .where('event.id', '>', seen)
      .where('event.at', '>', now.getTime() - NEWS_MS)
      .orderBy('event.id')
      .limit(MAX_ALARMS)
      .execute()
    for (const row of rows)
      found.push({
        kind,
        at: new Date(row.at),
        cause: row.id,
        text:
          kind === 'promise-broken'
            ? `The promise of TG-${row.number ?? '?'} broke: nobody has answered.`
            : `Automatic letters are stopped: ${row.detail}.`,
      })
  }
  return found
}

async function silenceOf(db: Kysely<Database>, now: Date, hours: number): Promise<readonly Alarm[] | null> {
  const last = await db
    .selectFrom('inbox')
    .select(['id', 'received_at'])
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst()
  if (last === undefined || now.getTime() - last.received_at < hours * HOUR_MS) return null
  if ((await readSetting(db, settingOf('no-mail'))) === last.id) return null
  const text = `No mail has come for ${hours} hours; the last one at ${new Date(last.received_at).toISOString()}.`
  return [{ kind: 'no-mail', at: now, cause: last.id, text }]
}

async function refusalOf(db: Kysely<Database>, now: Date): Promise<readonly Alarm[] | null> {
  const stuck = await db
    .selectFrom('outbox')
    .select(['id', 'last_reply'])
    .where('state', '=', 'queued')
    .where('attempts', '>=', REFUSED_ATTEMPTS)
    .orderBy('id')
    .limit(1)
    .executeTakeFirst()
  if (stuck === undefined) return null
  const sent = await db
    .selectFrom('outbox')
    .select('id')
    .where('state', '=', 'sent')
    .where('sent_at', '>', now.getTime() - REFUSED_MS)
    .limit(1)
    .executeTakeFirst()
  if (sent !== undefined || (await readSetting(db, settingOf('relay-refuses'))) === stuck.id) return null
  const text = `The relay takes no letters: ${stuck.last_reply ?? 'no reply'}.`
  return [{ kind: 'relay-refuses', at: now, cause: stuck.id, text }]
}
