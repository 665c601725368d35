/**
 * Mail that names a ticket and yet is a case of its own: the forward of an old thread, and a new case written to an old
 * reply address, as address books offer it.
 * Fails: never. Pure. Source: docs/architecture.md (threading). Prefixes such as FW or TR differ by language and collide,
 * so the forwarded mail itself tells, never the subject.
 */
import { readSubmission } from '../intake/read.ts'
import type { Reading } from '../intake/reading.ts'
import type { Thread, Ticket } from './context.ts'
import { readingHints } from './hints.ts'
import type { Case, Circumstance } from './judgement.ts'
import { subjectStem, tagNumbers } from './subject.ts'

/** States in which a forward of the thread may bring what was asked for. */
const WAITS_FOR_ANSWER: ReadonlySet<Ticket['state']> = new Set(['draft', 'open', 'waiting'])
/** So many of the required items in one mail are a submission, not an answer. */
const SUBMISSION_ITEMS = 3

/** Tells why a mail that may join the ticket is a case of its own; null when it belongs to the ticket. */
export function standsApart(at: Case, thread: Thread, isParticipant: boolean): Circumstance | null {
  if (at.mail.forwarded !== null) return bringsAnswer(thread, isParticipant) ? null : 'forwards-thread'
  return isNewCase(at, thread) ? 'new-case-at-old-address' : null
}

/** The partner asked the customer, and passes the answer on: the thread names a letter of ours. */
function bringsAnswer({ ticket, by }: Thread, isParticipant: boolean): boolean {
  const namesOurLetter = by === 'signed-address' || by === 'our-message-id'
  return namesOurLetter && isParticipant && WAITS_FOR_ANSWER.has(ticket.state)
}

/** Only the address names the ticket: no thread, another subject, and a submission in the text. */
function isNewCase(at: Case, { ticket, by }: Thread): boolean {
  const { mail, context } = at
  if (by !== 'signed-address' || mail.inReplyTo.length + mail.references.length > 0) return false
  // Whoever names the ticket means it; a helpdesk that repeats our letter under a subject of its own does, too.
  if (tagNumbers(mail.subject).includes(ticket.number) || mail.text.includes(`TG-${ticket.number}`))
    return false
  const stem = subjectStem(mail.subject).toLowerCase()
  if (stem === '' || stem === ticket.subjectStem.toLowerCase()) return false
  return tellsNewCase(readSubmission(mail, context.policy, readingHints(context, null)), ticket, at)
}

function tellsNewCase(reading: Reading, ticket: Ticket, { context }: Case): boolean {
  const read = reading.fields['customer_domain']
  const customer = read?.kind === 'plain' ? read.value.toLowerCase() : null
  const before = ticket.fields['customer_domain']?.value.toLowerCase() ?? null
  if (customer !== null && before !== null && customer !== before) return true
  // A draft waits for just such items.
  if (ticket.state === 'draft') return false
  const given = context.policy.fields.filter(
    ({ name, required }) => required && !reading.missing.includes(name),
  )
  return given.length >= SUBMISSION_ITEMS
}
