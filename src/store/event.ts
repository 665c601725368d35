/** Events: what happened, when, to which row, in words for people; secrets never enter them. */
import type { Kysely } from 'kysely'
import type { IdSource } from './new-id.ts'
import type { Database } from './schema.ts'

export type NewEvent = {
  readonly kind: string
  readonly detail: string
  readonly inboxId?: string | null
  readonly ticketId?: string | null
  readonly outboxId?: string | null
  readonly personId?: string | null
}

/** Anything longer is evidence, not an event. */
const MAX_DETAIL_CHARACTERS = 2000

/** Writes one event. */
export async function recordEvent(
  tx: Kysely<Database>,
  event: NewEvent,
  at: { readonly now: Date; readonly newId: IdSource },
): Promise<void> {
  await tx
    .insertInto('event')
    .values({
      id: at.newId(at.now),
      at: at.now.getTime(),
      kind: event.kind,
      inbox_id: event.inboxId ?? null,
      ticket_id: event.ticketId ?? null,
      outbox_id: event.outboxId ?? null,
      person_id: event.personId ?? null,
      detail: storable(event.detail).slice(0, MAX_DETAIL_CHARACTERS),
    })
    .execute()
}

/** PostgreSQL refuses an index row above 2704 octets; no lawful Message-ID is longer than a line (RFC 5322 §2.1.1). */
const MAX_KEY_OCTETS = 998
const CUT_KEY_CHARACTERS = 240

/** A Message-ID as it is stored and looked up: one that is longer than lawful is cut. */
export function messageKey(messageId: string): string {
  const key = storable(messageId)
  return Buffer.byteLength(key) <= MAX_KEY_OCTETS ? key : key.slice(0, CUT_KEY_CHARACTERS).toWellFormed()
}

/** PostgreSQL's text holds no NUL and no half of a surrogate pair. */
export function storable(text: string): string {
  return text.replaceAll('\0', '\uFFFD').toWellFormed()
}
