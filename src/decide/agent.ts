/**
 * An agent's mail: an answer to send on, an answer that the agent already sent, or an internal note. Only the signed
 * address of the agent's own notice makes words public; whatever else could be meant for the partner waits for a person.
 * Fails: never. Source: docs/architecture.md (agents work by mail).
 */
import { readSubmission } from '../intake/read.ts'
import type { Reading } from '../intake/reading.ts'
import type { Mail } from '../mail/mail.ts'
import { normaliseAddress } from '../mail/mailbox.ts'
import { decideForward } from './agent-forward.ts'
import type { Thread, Ticket } from './context.ts'
import { readingHints } from './hints.ts'
import { type Author, type Case, held, type Judgement, judged } from './judgement.ts'
import { usableThread } from './thread.ts'
import type { Verdict } from './verdict.ts'

type AgentAuthor = Extract<Author, { kind: 'agent' }>

/** A line of its own that starts with `#word`: no blank after `#`, so that `# of users` stays text. */
const COMMAND_LINE = /^[ \t]{0,8}#[a-z]/im

/** Starts and ends the line that our notices put between an answer and what is internal (`letters/notice-marker.ts`). */
const NOTICE_MARKER = '=-=-='

function hasNoteAddress({ context }: Case): boolean {
  return context.ownAddresses.some((address) => address.kind === 'note')
}

/** The reply address of this agent's own notice on this ticket. */
function hasOwnSignedAddress({ context }: Case, author: AgentAuthor, ticket: Ticket): boolean {
  return context.ownAddresses.some(
    (address) =>
      address.kind === 'reply' &&
      address.as === 'agent' &&
      address.ticketNumber === ticket.number &&
      address.personId === author.person.id,
  )
}

/** The agent's own mail client brought the mail to someone who takes part in the ticket. */
function wentToParticipant(mail: Mail, ticket: Ticket, author: AgentAuthor): boolean {
  const own = normaliseAddress(author.person.address)
  const reached = [...mail.to, ...mail.cc].map((mailbox) => normaliseAddress(mailbox.address))
  const partners = [...ticket.participantAddresses, normaliseAddress(ticket.requester.address)]
  return reached.some((address) => address !== null && address !== own && partners.includes(address))
}

function decideAnswer(at: Case, author: AgentAuthor, thread: Thread, reading: Reading): Judgement {
  const { newText } = at.mail
  if (COMMAND_LINE.test(newText)) return held('agent-command', thread.ticket)
  if (newText.trim() === '') return held('agent-answer-empty', thread.ticket)
  if (reading.secrets.some((secret) => secret !== '' && newText.includes(secret))) {
    return held('agent-answer-secret', thread.ticket)
  }
  if (newText.includes(NOTICE_MARKER)) return held('agent-answer-quotes-notice', thread.ticket)
  return judged(agentVerdict(thread, 'answer'), { author, ticket: thread.ticket, reading })
}

function agentVerdict(thread: Thread, as: 'answer' | 'answered-directly' | 'note'): Verdict {
  return { kind: 'agent-reply', ticketId: thread.ticket.id, by: thread.by, as }
}

/** Decides a verified agent's mail. */
export function decideAgent(at: Case, author: AgentAuthor): Judgement {
  const thread = usableThread(at.context)
  if (thread === null) {
    if (hasNoteAddress(at)) return held('agent-mail-without-ticket', null)
    return COMMAND_LINE.test(at.mail.newText) ? held('agent-command', null) : decideForward(at, author)
  }
  const { ticket } = thread
  const reading = readSubmission(at.mail, at.context.policy, readingHints(at.context, ticket))
  const more = { author, ticket, reading }
  if (hasNoteAddress(at)) return judged(agentVerdict(thread, 'note'), more)
  // Before the signed address: words that already reached the partner must not reach them twice.
  if (wentToParticipant(at.mail, ticket, author))
    return judged(agentVerdict(thread, 'answered-directly'), more)
  if (hasOwnSignedAddress(at, author, ticket)) return decideAnswer(at, author, thread, reading)
  return held('agent-without-signed-address', ticket)
}
