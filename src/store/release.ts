/**
 * What a person decides about waiting mail: release it (they vouch for it, and may say who wrote it) or drop it. Each is
 * an event; nothing is deleted, and a dropped mail can be released later.
 * Fails: what leads nowhere is refused with a reason, and changes nothing; faults of the database are thrown.
 */
import type { Kysely } from 'kysely'
import type { Person, PersonId, Sender } from '../decide/context.ts'
import { releaseRule } from '../decide/held-reasons.ts'
import { domainOf, normaliseAddress } from '../mail/mailbox.ts'
import { dialectOf, lockRow } from './dialect.ts'
import { recordEvent } from './event.ts'
import { takenUpAgain } from './inbox.ts'
import { learnAddress } from './learn-address.ts'
import { loadNamedSender, loadSender } from './load-people.ts'
import { jsonObject } from './load-ticket.ts'
import type { IdSource } from './new-id.ts'
import type { Store } from './open.ts'
import type { Database, InboxRow } from './schema.ts'

export type ReleaseAt = {
  readonly now: Date
  readonly newId: IdSource
  readonly partners: 'open' | 'registered'
  readonly ownDomains: readonly string[]
}

/** Why a release was refused: each leads nowhere, or would give power that nobody may give. */
export type Refusal =
  | { readonly why: 'unknown' | 'not-waiting' | 'unreadable' | 'author-needed' | 'answer-anew' }
  | { readonly why: 'stranger' | 'own-domain' | 'address-ours'; readonly address: string }
  | { readonly why: 'suspended'; readonly partner: string }
  | { readonly why: 'address-taken'; readonly address: string; readonly owner: string }

export type Released =
  | { readonly kind: 'released'; readonly learned: string | null }
  | ({ readonly kind: 'refused' } & Refusal)

/** The transaction is undone: nothing of a refused release stays. */
class Refused extends Error {
  readonly refusal: Refusal
  constructor(refusal: Refusal) {
    super(refusal.why)
    this.refusal = refusal
  }
}

/**
 * Puts a waiting mail back to be decided as one that a person vouches for. `as` is who wrote it; their registered
 * addresses gain the mail's From.
 */
export async function releaseMail(
  store: Store,
  mail: { readonly inboxId: string; readonly as: Person | null },
  at: ReleaseAt,
): Promise<Released> {
  try {
    return await store.transact(async (tx) => {
      const row = await waitingRow(tx, mail.inboxId)
      await refuseHopeless(tx, { row, as: mail.as, at })
      const learned = mail.as === null ? null : await learn(tx, row, { person: mail.as, at })
      await putBack(tx, row.id, { now: at.now, released: 1, as: mail.as?.id ?? null })
      const whom = mail.as === null ? '' : `, written by ${mail.as.name ?? mail.as.address}`
      const detail = `a person vouches for it${whom}`
      const personId = mail.as?.id ?? null
      const { id: inboxId, ticket_id: ticketId } = row
      await recordEvent(tx, { kind: 'mail-released', detail, inboxId, ticketId, personId }, at)
      return { kind: 'released', learned }
    })
  } catch (error) {
    if (error instanceof Refused) return { kind: 'refused', ...error.refusal }
    throw error
  }
}

/** Ends the wait of a mail without any effect. Returns false when there is no such mail that waits. */
export async function dropMail(
  store: Store,
  mail: { readonly inboxId: string; readonly reason: string | null },
  at: { readonly now: Date; readonly newId: IdSource },
): Promise<boolean> {
  return store.transact(async (tx) => {
    const row = await lockedRow(tx, mail.inboxId)
    if (row?.state !== 'held' && row?.state !== 'failed') return false
    await tx
      .updateTable('inbox')
      .set({ state: 'done', outcome: 'dropped', decided_at: at.now.getTime() })
      .where('id', '=', row.id)
      .execute()
    const detail = mail.reason ?? 'no reason given'
    const { id: inboxId, ticket_id: ticketId } = row
    await recordEvent(tx, { kind: 'mail-dropped', detail, inboxId, ticketId }, at)
    return true
  })
}

/** Puts a held, failed or dropped mail back to be decided anew by the registers. Returns false when there is none. */
export async function retryMail(
  store: Store,
  inboxId: string,
  at: { readonly now: Date; readonly newId: IdSource },
): Promise<boolean> {
  return store.transact(async (tx) => {
    const row = await lockedRow(tx, inboxId)
    if (row === null || !isWaiting(row)) return false
    // A failed mail waited for us, and nobody stopped its clock.
    const waited = row.state !== 'failed' || row.resumed_at !== null
    await putBack(tx, inboxId, { now: at.now, released: 0, as: null, waited })
    const detail = 'put back to be decided anew'
    await recordEvent(tx, { kind: 'mail-retried', detail, inboxId, ticketId: row.ticket_id }, at)
    return true
  })
}

/** Writes down that somebody looked at the raw mail. */
export async function noteRawShown(
  store: Store,
  inboxId: string,
  at: { readonly now: Date; readonly newId: IdSource },
): Promise<void> {
  const detail = 'the mail was shown as it came'
  await store.transact((tx) => recordEvent(tx, { kind: 'raw-shown', detail, inboxId }, at))
}

function isWaiting(row: InboxRow): boolean {
  return row.state === 'held' || row.state === 'failed' || row.outcome === 'dropped'
}

async function lockedRow(tx: Kysely<Database>, inboxId: string): Promise<InboxRow | null> {
  const row = await tx
    .selectFrom('inbox')
    .selectAll()
    .where('id', '=', inboxId)
    .modifyEnd(lockRow(dialectOf(tx)))
    .executeTakeFirst()
  return row ?? null
}

async function waitingRow(tx: Kysely<Database>, inboxId: string): Promise<InboxRow> {
  const row = await lockedRow(tx, inboxId)
  if (row === null) throw new Refused({ why: 'unknown' })
  if (!isWaiting(row)) throw new Refused({ why: 'not-waiting' })
  return row
}

type Putting = {
  readonly now: Date
  readonly released: 0 | 1
  readonly as: PersonId | null
  readonly waited?: boolean
}

async function putBack(tx: Kysely<Database>, inboxId: string, how: Putting): Promise<void> {
  await tx
    .updateTable('inbox')
    .set({
      ...takenUpAgain(how.now),
      outcome: null,
      // A vouched mail keeps what was found; else DNS and the configuration may say otherwise by now.
      ...(how.released === 1 ? {} : { proof: null }),
      resumed_at: how.waited === false ? null : how.now.getTime(),
      released: how.released,
      released_as: how.as,
      // Should it be held again, that is news.
      told_at: null,
    })
    .where('id', '=', inboxId)
    .execute()
}

type Case = { readonly row: InboxRow; readonly as: Person | null; readonly at: ReleaseAt }

/** Throws Refused when the mail would only be held again. */
async function refuseHopeless(tx: Kysely<Database>, { row, as, at }: Case): Promise<void> {
  const verdict = row.verdict === null ? {} : jsonObject(row.verdict)
  if (verdict['kind'] === 'unreadable') throw new Refused({ why: 'unreadable' })
  const rule = typeof verdict['reason'] === 'string' ? releaseRule(verdict['reason']) : null
  if (rule === 'answer-anew') throw new Refused({ why: 'answer-anew' })
  if (rule === 'name-author' && as === null) throw new Refused({ why: 'author-needed' })
  const sender = as === null ? await loadSender(tx, fromOf(row)) : await loadNamedSender(tx, as.id)
  if (sender !== null) refuseSender(sender, { row, as, at })
}

function refuseSender(sender: Sender, { row, at }: Case): void {
  if (sender.kind === 'partner' && sender.partner.state === 'suspended')
    throw new Refused({ why: 'suspended', partner: sender.partner.name })
  // A mail that failed before it was read names nobody yet: its decision will.
  const address = fromOf(row)
  if (sender.kind !== 'stranger' || address === null) return
  if (at.ownDomains.includes(domainOf(address))) throw new Refused({ why: 'own-domain', address })
  if (at.partners === 'registered') throw new Refused({ why: 'stranger', address })
}

/** Makes the mail's From one more address of the person. Returns it when it is new to them. */
async function learn(
  tx: Kysely<Database>,
  row: InboxRow,
  { person, at }: { readonly person: Person; readonly at: ReleaseAt },
): Promise<string | null> {
  const address = isOddFrom(row) ? null : fromOf(row)
  if (address === null) return null
  if (at.ownDomains.includes(domainOf(address))) throw new Refused({ why: 'address-ours', address })
  const done = await learnAddress(tx, { address, person, inboxId: row.id }, at)
  if (done.kind === 'taken') throw new Refused({ why: 'address-taken', address, owner: done.owner })
  return done.kind === 'learned' ? address : null
}

/** Of several authors none is the person's for certain; what a mailbox forwarded by itself was written by another. */
function isOddFrom(row: InboxRow): boolean {
  const verdict = row.verdict === null ? {} : jsonObject(row.verdict)
  return ['several-authors', 'no-author', 'auto-forwarded'].includes(String(verdict['reason']))
}

function fromOf(row: InboxRow): string | null {
  return row.from_address === null ? null : normaliseAddress(row.from_address)
}
