/**
 * Rounds: one small row for each partner's mail that may get a letter, so that the next one knows how the letters before
 * it fared. Every look-up is by an index and bounded; an address's rows of more than a month ago go when it writes again.
 * Fails: faults of the database are thrown.
 */
import type { Kysely } from 'kysely'
import type { PartnerId, Rounds, TicketId } from '../decide/context.ts'
import type { Change } from '../decide/effects.ts'
import type { ApplyCase } from './apply-deps.ts'
import type { Database } from './schema.ts'

const DAY_MS = 24 * 60 * 60 * 1000
const KEEP_MS = 30 * DAY_MS
/** The bounds are far below; what is beyond only counts on for people. */
const MAX_ROWS = 1000

export type RoundKeys = {
  /** Author's address in comparison form. */
  readonly address: string | null
  readonly partnerId: PartnerId | null
  readonly ticketId: TicketId | null
  readonly sameKey: string | null
  readonly alikeKey: string | null
  readonly now: Date
}

/** Loads what earlier mails tell about letters to this author. */
export async function loadRounds(db: Kysely<Database>, keys: RoundKeys): Promise<Rounds> {
  const ofAddress = await roundsOfAddress(db, keys)
  const alike = await roundsAlike(db, keys)
  const ofTicket = await roundsOfTicket(db, keys)
  const lastGain = ofTicket.findIndex((row) => row.idle === 0)
  const idleOfTicket = lastGain === -1 ? ofTicket.length : lastGain
  const { sameKey, alikeKey } = keys
  const since = keys.now.getTime() - DAY_MS
  const recent = ofTicket.filter((row) => row.at > since)
  return {
    idleOfAddress: ofAddress.filter((row) => row.idle === 1).length,
    idleOfTicket,
    sameWords: alike.filter((row) => row.same_key === sameKey).length,
    wordsAlike: alikeKey === null ? 0 : alike.length,
    told: [...ofAddress, ...alike, ...recent].some((row) => row.told === 1),
    sameKey,
    alikeKey,
  }
}

async function roundsOfAddress(db: Kysely<Database>, { address, now }: RoundKeys) {
  if (address === null) return []
  return db
    .selectFrom('round')
    .select(['idle', 'told'])
    .where('address', '=', address)
    .where('at', '>', now.getTime() - DAY_MS)
    .limit(MAX_ROWS)
    .execute()
}

/** Of the whole partner: some helpdesks write from an address of its own for each case. */
async function roundsAlike(db: Kysely<Database>, { partnerId, alikeKey, now }: RoundKeys) {
  if (partnerId === null || alikeKey === null) return []
  return db
    .selectFrom('round')
    .select(['same_key', 'told'])
    .where('partner_id', '=', partnerId)
    .where('alike_key', '=', alikeKey)
    .where('at', '>', now.getTime() - DAY_MS)
    .limit(MAX_ROWS)
    .execute()
}

/** Newest first. */
async function roundsOfTicket(db: Kysely<Database>, { ticketId }: RoundKeys) {
  if (ticketId === null) return []
  return db
    .selectFrom('round')
    .select(['idle', 'told', 'at'])
    .where('ticket_id', '=', ticketId)
    .orderBy('id', 'desc')
    .limit(MAX_ROWS)
    .execute()
}

/** Remembers one mail. */
export async function recordRound(
  change: Extract<Change, { kind: 'record-round' }>,
  { tx, now, deps }: ApplyCase,
): Promise<void> {
  const { ticketId, partnerId, address, sameKey, alikeKey } = change
  await tx
    .deleteFrom('round')
    .where('address', '=', address)
    .where('at', '<', now.getTime() - KEEP_MS)
    .execute()
  await tx
    .insertInto('round')
    .values({
      id: deps.newId(now),
      at: now.getTime(),
      address,
      partner_id: partnerId,
      ticket_id: ticketId,
      same_key: sameKey,
      alike_key: alikeKey,
      idle: change.idle ? 1 : 0,
      told: change.told ? 1 : 0,
    })
    .execute()
}
