/**
 * The question to an agent for whom a forwarded mail is, and what their answer does: the held mail is decided anew.
 * Fails: faults of the database are thrown. An agent without an address, and a mail no longer held, change nothing.
 */
import type { PersonId } from '../decide/context.ts'
import type { Change } from '../decide/effects.ts'
import type { LetterHead, LetterName, RenderedLetter } from '../letters/models.ts'
import type { InboxId } from '../mail/mail.ts'
import type { ApplyCase } from './apply-deps.ts'
import { recordEvent, storable } from './event.ts'
import { takenUpAgain } from './inbox.ts'
import { insertLetter } from './insert-letter.ts'
import { personById } from './load-people.ts'

type Of<K extends Change['kind']> = Extract<Change, { kind: K }>

/** Letters to the desk are in its language, times in UTC unless the agent has a zone. */
const DESK_LANGUAGE = 'en'

/** Writes the question; `inbox_id` says which mail waits for the answer. */
export async function askAgent(change: Of<'ask-agent'>, at: ApplyCase): Promise<void> {
  const { personId, about, inReplyTo } = change
  await writeToAgent({ personId, about, inReplyTo }, at, (head) => ({
    letter: 'agent-question',
    words: at.deps.render('agent-question', change.model, head),
  }))
}

/** Tells an agent what became of a mail that is about no ticket. */
export async function tellAgent(change: Of<'tell-agent'>, at: ApplyCase): Promise<void> {
  const { personId, inReplyTo } = change
  await writeToAgent({ personId, about: at.inboxId, inReplyTo }, at, (head) => ({
    letter: 'command-result',
    words: at.deps.render('command-result', change.model, head),
  }))
}

type AboutNoTicket = {
  readonly personId: PersonId
  readonly about: InboxId | null
  readonly inReplyTo: string | null
}

async function writeToAgent(
  { personId, about, inReplyTo }: AboutNoTicket,
  at: ApplyCase,
  render: (head: LetterHead) => { readonly letter: LetterName; readonly words: RenderedLetter },
): Promise<void> {
  const { tx, now, deps } = at
  const person = await personById(tx, personId)
  if (person === null) return
  const queue = deps.firstQueue
  const replyTo = deps.queueAddress(queue)
  const { letter, words } = render({
    reference: null,
    subjectStem: '',
    recipientName: person.name,
    replyAddress: replyTo,
    timeZone: person.timeZone ?? 'UTC',
    language: person.language ?? DESK_LANGUAGE,
    now,
  })
  await insertLetter(
    tx,
    {
      letter,
      ticketId: null,
      inboxId: about,
      personId: person.id,
      to: { name: person.name, address: person.address },
      queue,
      replyTo,
      inReplyTo,
      references: inReplyTo === null ? [] : [inReplyTo],
      words,
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
    .set({ ...takenUpAgain(now), opens_for: storable(change.address) })
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
