/**
 * The inbox: one row per accepted mail, each with exactly one current outcome. `received → done | held | failed`; a
 * lease is no state. Source: docs/architecture.md (states), RFC 5321 §6.1 (a lost 250 makes the client send again).
 * Fails: faults of the database are thrown; the same mail again is a value.
 */
import type { Kysely } from 'kysely'
import type { Proof } from '../decide/context.ts'
import type { Evidence } from '../decide/explain.ts'
import type { Verdict } from '../decide/verdict.ts'
import type { Envelope, InboxId, RawMail } from '../mail/mail.ts'
import { type Blobs, dropBlob, insertContent, openContent, prepareContent, type Sealing } from './content.ts'
import { lockRow, skipLocked } from './dialect.ts'
import { messageKey, recordEvent, storable } from './event.ts'
import type { IdSource } from './new-id.ts'
import type { Store } from './open.ts'
import type { Database, InboxRow } from './schema.ts'

export type InboxDeps = {
  readonly sealing: Sealing
  readonly blobs: Blobs
  readonly newId: IdSource
  readonly brandId: string
}

export type PutMail = { readonly inboxId: InboxId; readonly duplicate: boolean }

/** Tries a fault this many times, over about three hours: a person must look well before a promise of 24 is broken. */
const MAX_ATTEMPTS = 12
const FIRST_RETRY_MS = 5_000
const LONGEST_RETRY_MS = 4 * 60 * 60 * 1000

/**
 * Commits an accepted mail; only after this may the client be told 250. The same mail again (same `dedupeKey`) keeps the
 * first row: its recipients are merged, it is counted, nothing else changes.
 */
export async function putMail(
  store: Store,
  arrival: {
    readonly envelope: Envelope
    readonly content: Uint8Array
    readonly dedupeKey: string
    readonly now: Date
    /** Its queue id, when it was needed before: the Received field names it. */
    readonly inboxId?: InboxId
    /** Sender proof that was looked up before the 250, and when to try again what could not be looked up. */
    readonly checked?: { readonly proof: Proof; readonly tryAgainAt: Date | null } | null
  },
  deps: InboxDeps,
): Promise<PutMail> {
  const { envelope, dedupeKey, now, checked = null } = arrival
  const inboxId = arrival.inboxId ?? (deps.newId(now) as InboxId)
  const known = await store.db
    .selectFrom('inbox')
    .select('id')
    .where('dedupe_key', '=', dedupeKey)
    .executeTakeFirst()
  if (known !== undefined) return countAgain(store, known.id as InboxId, { envelope, now, newId: deps.newId })
  const content = await prepareContent(arrival.content, deps.newId(now), deps)
  const inserted = await store
    .transact(async (tx) => {
      await insertContent(tx, content, now)
      const row = await tx
        .insertInto('inbox')
        .values(newRow(inboxId, content.contentId, { envelope, dedupeKey, checked, brandId: deps.brandId }))
        .onConflict((conflict) => conflict.column('dedupe_key').doNothing())
        .returning('id')
        .executeTakeFirst()
      if (row === undefined) throw new AlreadyThere()
      return true
    })
    .catch(async (error: unknown) => {
      // After any other fault the commit may have happened all the same: the file stays, and is swept if it did not.
      if (!(error instanceof AlreadyThere)) throw error
      await dropBlob(deps.blobs, content)
      return false
    })
  if (inserted) return { inboxId, duplicate: false }
  const first = await store.db
    .selectFrom('inbox')
    .select('id')
    .where('dedupe_key', '=', dedupeKey)
    .executeTakeFirstOrThrow()
  return countAgain(store, first.id as InboxId, { envelope, now, newId: deps.newId })
}

/** Another connection put the same mail first: the transaction is undone. */
class AlreadyThere extends Error {}

function newRow(
  inboxId: string,
  contentId: string,
  more: {
    readonly envelope: Envelope
    readonly dedupeKey: string
    readonly checked: { readonly proof: Proof; readonly tryAgainAt: Date | null } | null
    readonly brandId: string
  },
) {
  const { envelope, checked } = more
  return {
    id: inboxId,
    brand_id: more.brandId,
    dedupe_key: more.dedupeKey,
    state: 'received' as const,
    content_id: contentId,
    transport: envelope.transport,
    reverse_path: envelope.reversePath === null ? null : storable(envelope.reversePath),
    forward_paths: JSON.stringify(envelope.forwardPaths),
    client_ip: envelope.clientIp,
    ehlo_domain: envelope.ehloDomain === null ? null : storable(envelope.ehloDomain),
    tls: envelope.tls ? (1 as const) : (0 as const),
    faces: envelope.faces,
    trusted_relay: envelope.trustedRelay,
    proof: checked === null ? null : storable(JSON.stringify(checked.proof)),
    received_at: envelope.receivedAt.getTime(),
    duplicates: 0,
    attempts: 0,
    next_attempt_at: (checked?.tryAgainAt ?? envelope.receivedAt).getTime(),
    released: 0 as const,
    sent_as_is: 0 as const,
  }
}

async function countAgain(
  store: Store,
  inboxId: InboxId,
  again: { readonly envelope: Envelope; readonly now: Date; readonly newId: IdSource },
): Promise<PutMail> {
  await store.transact(async (tx) => {
    const row = await tx
      .selectFrom('inbox')
      .select(['forward_paths', 'duplicates'])
      .where('id', '=', inboxId)
      .modifyEnd(lockRow(store.dialect))
      .executeTakeFirstOrThrow()
    const merged = [...new Set([...jsonList(row.forward_paths), ...again.envelope.forwardPaths])]
    await tx
      .updateTable('inbox')
      .set({ forward_paths: JSON.stringify(merged), duplicates: row.duplicates + 1 })
      .where('id', '=', inboxId)
      .execute()
    await recordEvent(tx, { kind: 'delivered-again', detail: 'the same mail came again', inboxId }, again)
  })
  return { inboxId, duplicate: true }
}

export type ClaimedMail = { readonly row: InboxRow; readonly owner: string }

/** Takes up to `limit` due mails under a lease, oldest first. */
export async function claimInbox(
  store: Store,
  claim: { readonly owner: string; readonly now: Date; readonly leaseMs: number; readonly limit: number },
): Promise<readonly ClaimedMail[]> {
  const now = claim.now.getTime()
  const due = (db: Kysely<Database>) =>
    db
      .selectFrom('inbox')
      .select('id')
      .where('state', '=', 'received')
      .where('next_attempt_at', '<=', now)
      .where((where) => where.or([where('lease_until', 'is', null), where('lease_until', '<', now)]))
      .orderBy('next_attempt_at')
      .orderBy('id')
      .limit(claim.limit)
  // Most looks find nothing: they must not take the write lock.
  if ((await due(store.db).execute()).length === 0) return []
  const rows = await store.transact(async (tx) => {
    // Not as a sub-query of the update: PostgreSQL may run that more than once, and take more than the limit.
    const taken = await due(tx).modifyEnd(skipLocked(store.dialect)).execute()
    if (taken.length === 0) return []
    return tx
      .updateTable('inbox')
      .set({ lease_owner: claim.owner, lease_until: now + claim.leaseMs })
      .where(
        'id',
        'in',
        taken.map((row) => row.id),
      )
      .returningAll()
      .execute()
  })
  return rows.toSorted((a, b) => (a.id < b.id ? -1 : 1)).map((row) => ({ row, owner: claim.owner }))
}

/** Opens the sealed content of a claimed mail. */
export async function openClaimed(
  store: Store,
  claimed: ClaimedMail,
  deps: { readonly sealing: Sealing; readonly blobs: Blobs },
): Promise<RawMail> {
  const { row } = claimed
  const content = await openContent(store.db, row.content_id, deps)
  return { inboxId: row.id as InboxId, envelope: envelopeOf(row), content }
}

/** Opens the sealed content of a mail by its id. */
export async function openRaw(
  store: Store,
  inboxId: string,
  deps: { readonly sealing: Sealing; readonly blobs: Blobs },
): Promise<Uint8Array> {
  const row = await store.db
    .selectFrom('inbox')
    .select('content_id')
    .where('id', '=', inboxId)
    .executeTakeFirstOrThrow()
  return openContent(store.db, row.content_id, deps)
}

/** Rebuilds the envelope of a row. */
function envelopeOf(row: InboxRow): Envelope {
  return {
    reversePath: row.reverse_path,
    forwardPaths: jsonList(row.forward_paths),
    transport: row.transport as Envelope['transport'],
    clientIp: row.client_ip,
    ehloDomain: row.ehlo_domain,
    tls: row.tls === 1,
    faces: row.faces as Envelope['faces'],
    trustedRelay: row.trusted_relay,
    receivedAt: new Date(row.received_at),
  }
}

/** Sender proof that was stored with the mail; null when it must be looked up. */
export function proofOf({ row }: ClaimedMail): Proof | null {
  if (row.proof === null) return null
  const proof = JSON.parse(row.proof) as Proof
  return proof.result === 'temperror' ? null : proof
}

/** Leaves a mail whose sender could not be checked as it is, to be tried again. Returns false when the lease was lost. */
export async function awaitProof(
  store: Store,
  claimed: ClaimedMail,
  wait: { readonly proof: Proof; readonly until: Date },
): Promise<boolean> {
  const done = await store.db
    .updateTable('inbox')
    .set({
      proof: storable(JSON.stringify(wait.proof)),
      next_attempt_at: wait.until.getTime(),
      lease_owner: null,
      lease_until: null,
      last_fault: storable(`the sender cannot be checked yet: ${wait.proof.by}`).slice(0, 500),
    })
    .where('id', '=', claimed.row.id)
    .where('lease_owner', '=', claimed.owner)
    .where('state', '=', 'received')
    .executeTakeFirst()
  return done.numUpdatedRows === 1n
}

export type MailEnd = {
  readonly verdict: Verdict
  readonly evidence: Evidence
  readonly ticketId: string | null
  readonly messageId: string | null
  readonly textKey: string | null
  readonly from: string | null
  /** Masked. */
  readonly subject: string | null
  readonly now: Date
}

/**
 * Ends a mail's row, inside the transaction of its effects. Returns false when the lease was lost to another node: the
 * transaction must then be undone, since that node does the same work.
 */
export async function finishInbox(
  tx: Kysely<Database>,
  claimed: ClaimedMail,
  end: MailEnd,
): Promise<boolean> {
  const done = await tx
    .updateTable('inbox')
    .set({
      // What nobody could read waits for a person as well.
      state: end.verdict.kind === 'held' || end.verdict.kind === 'unreadable' ? 'held' : 'done',
      outcome: end.verdict.kind,
      ticket_id: end.ticketId,
      message_id: end.messageId === null ? null : messageKey(end.messageId),
      text_key: end.textKey,
      from_address: end.from === null ? null : storable(end.from),
      subject: end.subject === null ? null : storable(end.subject),
      verdict: storable(JSON.stringify(end.verdict)),
      evidence: storable(JSON.stringify(end.evidence)),
      lease_owner: null,
      lease_until: null,
      last_fault: null,
      decided_at: end.now.getTime(),
    })
    .where('id', '=', claimed.row.id)
    .where('lease_owner', '=', claimed.owner)
    .where('state', '=', 'received')
    .executeTakeFirst()
  return done.numUpdatedRows === 1n
}

/** Notes a fault: the mail is tried again later, and in the end waits for a person as `failed`. */
export async function postponeInbox(
  store: Store,
  claimed: ClaimedMail,
  fault: { readonly text: string; readonly now: Date; readonly newId: IdSource },
): Promise<'again' | 'failed'> {
  const attempts = claimed.row.attempts + 1
  const failed = attempts >= MAX_ATTEMPTS
  const wait = Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** (attempts - 1))
  await store.transact(async (tx) => {
    const done = await tx
      .updateTable('inbox')
      .set({
        state: failed ? 'failed' : 'received',
        attempts,
        next_attempt_at: fault.now.getTime() + wait,
        lease_owner: null,
        lease_until: null,
        last_fault: storable(fault.text).slice(0, 500),
        // When it began to wait for a person.
        ...(failed ? { decided_at: fault.now.getTime() } : {}),
      })
      .where('id', '=', claimed.row.id)
      .where('lease_owner', '=', claimed.owner)
      .where('state', '=', 'received')
      .executeTakeFirst()
    // Else another node has it by now.
    if (failed && done.numUpdatedRows === 1n) {
      await recordEvent(tx, { kind: 'mail-failed', detail: fault.text, inboxId: claimed.row.id }, fault)
    }
  })
  return failed ? 'failed' : 'again'
}

/** Reads a JSON list of texts that this room wrote. */
export function jsonList(text: string): readonly string[] {
  const read: unknown = JSON.parse(text)
  return Array.isArray(read) ? read.filter((one): one is string => typeof one === 'string') : []
}

/** What a mail that is decided anew begins with. */
export function takenUpAgain(now: Date) {
  return {
    state: 'received',
    attempts: 0,
    next_attempt_at: now.getTime(),
    lease_owner: null,
    lease_until: null,
  } as const
}
