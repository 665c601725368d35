/**
 * An agent's mail: an answer to send on, an answer that the agent already sent, an internal note, commands to the desk, in
 * any mixture. Only the signed address of the agent's own notice makes words public or runs what changes anything;
 * whatever else could be meant for the partner waits, and its agent is told why.
 * Fails: never. Source: docs/architecture.md (agents work by mail).
 */
import { maskSecrets } from '../intake/mask.ts'
import { readSubmission } from '../intake/read.ts'
import type { Reading } from '../intake/reading.ts'
import type { Mail } from '../mail/mail.ts'
import { normaliseAddress } from '../mail/mailbox.ts'
import { decideForward, decideOpen } from './agent-forward.ts'
import { type CommandLine, splitCommands, type WrittenLines } from './command-lines.ts'
import type { Thread, Ticket } from './context.ts'
import { readingHints } from './hints.ts'
import { type Author, type Case, held, type Judgement, judged } from './judgement.ts'
import { mayTell } from './order-steps.ts'
import { runCommands } from './run-commands.ts'
import { usableThread } from './thread.ts'
import type { HeldReason, Verdict } from './verdict.ts'

type AgentAuthor = Extract<Author, { kind: 'agent' }>

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

/** Why these words must not go to the partner as they are; null when they may. */
function holdBack(at: Case, written: WrittenLines, reading: Reading): HeldReason | null {
  const { newText } = at.mail
  if (written.text === '') return 'agent-answer-empty'
  if (reading.secrets.some((secret) => secret !== '' && written.text.includes(secret)))
    return 'agent-answer-secret'
  if (newText.includes(NOTICE_MARKER)) return 'agent-answer-quotes-notice'
  if (written.inText.length > 0) return 'agent-command'
  return (at.context.desk?.answeredSince ?? null) === null ? null : 'agent-answer-overtaken'
}

/** The answer was held back, and its agent lets it go as it is. */
function isSentAsIs({ context }: Case): boolean {
  return context.resumed?.asIs === true
}

type OnTicket = {
  readonly author: AgentAuthor
  readonly thread: Thread
  readonly reading: Reading
  readonly written: WrittenLines
}

/** A reason may hold a password, and is kept and told in clear. */
function masked(written: WrittenLines, { secrets }: Reading): WrittenLines {
  const mask = (line: CommandLine): CommandLine => ({
    ...line,
    rest: maskSecrets(line.rest, secrets),
    line: maskSecrets(line.line, secrets),
  })
  return { ...written, commands: written.commands.map(mask) }
}

function decideOnTicket(at: Case, of: OnTicket): Judgement {
  const { author, thread, reading } = of
  const written = masked(of.written, reading)
  const { ticket } = thread
  const isNote = hasNoteAddress(at)
  const more = { author, ticket, reading }
  const hasCommands = written.commands.length > 0
  // Before the signed address: words that already reached the partner must not reach them twice.
  if (!isNote && wentToParticipant(at.mail, ticket, author))
    return judged(agentVerdict(thread, 'answered-directly'), more)
  const isSigned = hasOwnSignedAddress(at, author, ticket)
  if (!isSigned && (hasCommands || !isNote))
    return { ...held('agent-without-signed-address', ticket), ...more }
  const hasText = written.text !== ''
  const orders = hasCommands
    ? runCommands({ commands: written.commands, hasText, isNote }, ticket, author.person, at.context)
    : null
  // Words that nobody would be told of wait for an operator.
  if (orders?.kind === 'refused' && !mayTell(at.context)) return { ...held('agent-command', ticket), ...more }
  if (orders?.kind === 'refused')
    return judged({ kind: 'command', command: 'refused', ticketId: ticket.id }, { ...more, orders })
  const isInternal = isNote || orders?.work.isNote === true
  if (isInternal) {
    if (!hasText && orders !== null) return ran(orders, more)
    return judged(agentVerdict(thread, 'note'), { ...more, orders })
  }
  if (!hasText && orders !== null) return ran(orders, more)
  const why = isSentAsIs(at) && hasText ? null : holdBack(at, written, reading)
  if (why !== null) return { ...held(why, ticket), ...more }
  return judged(agentVerdict(thread, 'answer'), { ...more, orders })
}

function ran(orders: Judgement['orders'], more: Partial<Judgement> & { readonly ticket: Ticket }): Judgement {
  return judged({ kind: 'command', command: 'ran', ticketId: more.ticket.id }, { ...more, orders })
}

function agentVerdict(thread: Thread, as: 'answer' | 'answered-directly' | 'note'): Verdict {
  return { kind: 'agent-reply', ticketId: thread.ticket.id, by: thread.by, as }
}

/** Mail to `support+next` is about the queue alone, whatever else it says. */
function decideNext(at: Case, author: AgentAuthor): Judgement | null {
  if (!at.context.ownAddresses.some(({ kind }) => kind === 'next')) return null
  const head = at.context.desk?.head ?? null
  return judged({ kind: 'command', command: 'next', ticketId: head?.id ?? null }, { author, ticket: head })
}

/** Decides a verified agent's mail. */
export function decideAgent(at: Case, author: AgentAuthor): Judgement {
  const asked = decideNext(at, author) ?? decideOpen(at, author)
  if (asked !== null) return asked
  const written = splitCommands(at.mail.newText)
  const thread = usableThread(at.context)
  if (thread === null) {
    if (hasNoteAddress(at)) return { ...held('agent-mail-without-ticket', null), author }
    return written.commands.length > 0
      ? { ...held('agent-command', null), author }
      : decideForward(at, author)
  }
  const reading = readSubmission(at.mail, at.context.policy, readingHints(at.context, thread.ticket))
  return decideOnTicket(at, { author, thread, reading, written })
}
