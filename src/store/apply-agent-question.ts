/**
 * The question to an agent for whom a forwarded mail is, and what their answer does: the held mail is decided anew.
 * Fails: faults of the database are thrown. An agent without an address, and a mail no longer held, change nothing.
 */
import type { Change } from '../decide/effects.ts'
import type { LetterHead } from '../letters/models.ts'
import type { ApplyCase } from './apply-deps.ts'
import { recordEvent, storable } from './event.ts'
import { insertLetter } from './insert-letter.ts'
import { personById } from './load-people.ts'

type Of<K extends Change['kind']> = Extract<Change, { kind: K }>

/** Letters to the desk are in its language, times in UTC unless the agent has a zone. */
const DESK_LANGUAGE = 'en'

/** Writes the letter; `inbox_id` says which mail waits for the answer. */
export async function askAgent(change: Of<'ask-agent'>, at: ApplyCase): Promise<void> {
  const { tx, now, deps } = at
  const person = await personById(tx, change.personId)
  if (person === null) return
  const queue = deps.firstQueue
  const replyTo = deps.queueAddress(queue)
  const head: LetterHead = {
    reference: null,
    subjectStem: '',
    recipientName: person.name,
    replyAddress: replyTo,
    timeZone: person.timeZone ?? 'UTC',
    language: person.language ?? DESK_LANGUAGE,
    now,
  }
  const { inReplyTo } = change
  await insertLetter(
    tx,
    {
      letter: 'agent-question',
      ticketId: null,
      inboxId: change.about,
      personId: person.id,
      to: { name: person.name, address: person.address },
      queue,
      replyTo,
      inReplyTo,
      references: inReplyTo === null ? [] : [inReplyTo],
      words: deps.render('agent-question', change.model, head),
      autoSubmitted: 'auto-replied',
      rated: false,
      state: 'queued',
      notBefore: now,
    },
    at,
  )
}

/** Puts the held mail back, to be decided anew for whom the agent named. */
export async function openFor(change: Of<'open-for'>, at: ApplyCase): Promise<void> {
  const { tx, now, deps } = at
  const done = await tx
    .updateTable('inbox')
    .set({
      state: 'received',
      opens_for: storable(change.address),
      attempts: 0,
      next_attempt_at: now.getTime(),
      lease_owner: null,
      lease_until: null,
    })
    .where('id', '=', change.heldInboxId)
    .where('state', '=', 'held')
    .executeTakeFirst()
  if (done.numUpdatedRows !== 1n) return
  const detail = `an agent named ${change.address}`
  await recordEvent(
    tx,
    { kind: 'mail-opened-for', detail, inboxId: change.heldInboxId },
    { now, newId: deps.newId },
  )
}
