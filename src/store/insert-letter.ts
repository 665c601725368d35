/**
 * Writes one finished letter as a row of the outbox: rendered words, fixed Message-ID, signed return path. A retry
 * sends the same.
 * Fails: faults of the database are thrown.
 */
import type { Kysely } from 'kysely'
import type { LetterId, PersonId } from '../decide/context.ts'
import type { LetterName, RenderedLetter } from '../letters/models.ts'
import type { InboxId } from '../mail/mail.ts'
import type { ApplyDeps } from './apply-deps.ts'
import { storable } from './event.ts'
import type { Database, OutboxRow } from './schema.ts'

export type FinishedLetter = {
  readonly letter: LetterName
  readonly ticketId: string | null
  /** The mail that caused it. */
  readonly inboxId: InboxId | null
  readonly personId: PersonId | null
  readonly to: { readonly name: string | null; readonly address: string }
  readonly queue: string
  readonly replyTo: string
  readonly inReplyTo: string | null
  readonly references: readonly string[]
  readonly words: RenderedLetter
  /** RFC 3834 §5: what a program sent in answer, what it sent by itself, or a person's own words (null). */
  readonly autoSubmitted: 'auto-replied' | 'auto-generated' | null
  /** A program decided to write to somebody outside: the breaker counts and stops these. */
  readonly rated: boolean
  readonly state: OutboxRow['state']
  readonly notBefore: Date
}

/** Inserts the row. Returns the letter's id and Message-ID. */
export async function insertLetter(
  tx: Kysely<Database>,
  letter: FinishedLetter,
  at: { readonly deps: ApplyDeps; readonly now: Date },
): Promise<{ readonly letterId: LetterId; readonly messageId: string }> {
  const { deps, now } = at
  const letterId = deps.newId(now) as LetterId
  const messageId = deps.messageId(letterId)
  await tx
    .insertInto('outbox')
    .values({
      id: letterId,
      brand_id: deps.brand.id,
      ticket_id: letter.ticketId,
      inbox_id: letter.inboxId,
      person_id: letter.personId,
      letter: letter.letter,
      state: letter.state,
      to_address: letter.to.address,
      to_name: letter.to.name === null ? null : storable(letter.to.name),
      from_address: deps.queueAddress(letter.queue),
      from_name: deps.brand.fromName,
      reply_to: letter.replyTo,
      return_path: deps.returnPath(letterId, now),
      message_id: messageId,
      in_reply_to: letter.inReplyTo === null ? null : storable(letter.inReplyTo),
      reference_ids: JSON.stringify(letter.references),
      subject: storable(letter.words.subject),
      text: storable(letter.words.text),
      html: storable(letter.words.html),
      header_fields: JSON.stringify([...automaticFields(letter.autoSubmitted), deps.loopField(letterId)]),
      rated: letter.rated ? 1 : 0,
      dated_at: now.getTime(),
      not_before: letter.notBefore.getTime(),
      attempts: 0,
      next_attempt_at: letter.notBefore.getTime(),
      unknown: 0,
      created_at: now.getTime(),
    })
    .execute()
  return { letterId, messageId }
}

/** The second field keeps Exchange from answering. */
function automaticFields(
  autoSubmitted: FinishedLetter['autoSubmitted'],
): readonly { readonly name: string; readonly value: string }[] {
  if (autoSubmitted === null) return []
  return [
    { name: 'Auto-Submitted', value: autoSubmitted },
    { name: 'X-Auto-Response-Suppress', value: 'All' },
  ]
}
