/**
 * A reply of one word: `leave` takes its author off the ticket (a requester is asked back first), `status` asks how the
 * ticket stands. Neither moves a state or a clock, nor is its word a value of the case.
 * Fails: never; null for every other reply. Source: docs/architecture.md (participants).
 */
import { oneWordOf } from '../intake/one-word.ts'
import { readSubmission } from '../intake/read.ts'
import type { Thread, Ticket } from './context.ts'
import { readingHints } from './hints.ts'
import { type Case, type Circumstance, type Judgement, judged, type PartnerAuthor } from './judgement.ts'
import { mergedOf } from './merge-fields.ts'

/** A question that was not answered for so long is asked anew. */
const ASKED_FOR_MS = 14 * 86_400_000

const REQUESTS: ReadonlySet<Circumstance> = new Set<Circumstance>([
  'asks-status',
  'leaves',
  'asks-to-leave',
  'requester-left',
  'nobody-left',
])

/** Tells which request a judgement is about; null when about none. */
export function requestOf(judgement: Judgement): Circumstance | null {
  return judgement.circumstances.find((one) => REQUESTS.has(one)) ?? null
}

function leaving(ticket: Ticket, author: PartnerAuthor, at: Case): Circumstance {
  if (ticket.requester.id !== author.person.id) return 'leaves'
  const asked = ticket.askedToLeaveAt
  const isAsked = asked !== null && at.context.now.getTime() - asked.getTime() < ASKED_FOR_MS
  if (!isAsked) return 'asks-to-leave'
  return ticket.colleagues.length > 0 ? 'requester-left' : 'nobody-left'
}

/** Decides a reply of one word. */
export function decideRequest(at: Case, author: PartnerAuthor, thread: Thread): Judgement | null {
  const { mail, context } = at
  if (mail.automatic !== null) return null
  const name = mail.from?.displayName ?? author.person.name
  const word = oneWordOf(mail.newText, context.policy, name)
  if (word === null) return null
  const { ticket, by } = thread
  const verdict = {
    kind: 'reply' as const,
    ticketId: ticket.id,
    by,
    fields: [],
    onlyThanks: false,
    reopens: false,
  }
  return judged(verdict, {
    author,
    ticket,
    // For its secrets: the quote may hold one.
    reading: readSubmission(mail, context.policy, readingHints(context, ticket)),
    merged: mergedOf(ticket),
    circumstances: [word === 'status' ? 'asks-status' : leaving(ticket, author, at)],
  })
}
