/**
 * Decide: what a mail is. Small checks in a fixed order, the first that applies judges; what is left over is a
 * partner's submission or reply, or an agent's words.
 * Fails: never on what a mail says. Pure: no clock, no random, no I/O.
 */
import { readSubmission } from '../intake/read.ts'
import type { Mail, Unreadable } from '../mail/mail.ts'
import { decideAgent } from './agent.ts'
import { authorOf } from './author.ts'
import type { Context, Facts, Ticket } from './context.ts'
import { readingHints } from './hints.ts'
import { type Case, type Circumstance, held, type Judgement, judged } from './judgement.ts'
import { decidePartner } from './partner.ts'
import { isSameWithFooter } from './same-mail.ts'
import { subjectStem } from './subject.ts'
import { automaticBelongs, isStrong, usableThread } from './thread.ts'

type Check = (at: Case) => Judgement | null

/** A report about a mail of ours, whoever sent it: matched by its signed return path or the Message-ID inside. */
function checkBounce({ mail, context }: Case): Judgement | null {
  if (mail.bounce === null && mail.mailKind !== 'bounce') return null
  const letter = context.bounced
  const ticket =
    context.thread !== null && context.thread.ticket.id === letter?.ticketId ? context.thread.ticket : null
  return judged({ kind: 'bounce', letter, permanent: isPermanent(mail) }, { ticket })
}

/** RFC 3464 §2.3.3: `failed` means that they gave up, whatever the status class. An unclear report counts as lasting. */
function isPermanent(mail: Mail): boolean {
  const action = mail.bounce?.action ?? null
  if (action !== null) return action === 'failed'
  const status = mail.bounce?.status ?? null
  return status === null || status.startsWith('5')
}

/** The same words under the same Message-ID, by another route or in another copy. */
function checkDuplicate({ mail, context }: Case): Judgement | null {
  const { earlier } = context
  if (earlier === null || !(earlier.sameText || isSameWithFooter(mail, earlier.post))) return null
  return judged({ kind: 'duplicate', of: earlier.inboxId, ticketId: earlier.ticketId })
}

/** A verified partner's helpdesk may escalate by program; an answer by program is never a submission. */
function isMachineSubmission({ mail, facts, context }: Case): boolean {
  const mayBe = mail.automatic?.mayBeSubmission === true && !context.isFromOurselves
  return mayBe && context.sender.kind === 'partner' && facts.proof.result === 'verified'
}

/** A letter of ours that came back: forwarded, through a list, by a mailbox wired to itself. Ours is ours to keep. */
function checkReturned({ context }: Case): Judgement | null {
  if (context.returnedLetterId === null) return null
  return judged({ kind: 'automatic', reason: 'own-letter', ticketId: null })
}

/** Whoever wrote under our own address, an answer would come back here: a person looks instead. */
function checkOwnAddress({ mail, context }: Case): Judgement | null {
  const isReleased = context.resumed?.vouched === true
  return context.isFromOurselves && mail.automatic === null && !isReleased ? held('own-address', null) : null
}

/**
 * A vacation program puts its words before the subject that it answers. A ticket about absence notices has them in its
 * own subject, and a new mail with such a subject is a person's as likely as not.
 */
function isPersonsSubject({ mail }: Case, ticket: Ticket | null): boolean {
  if (ticket === null) return true
  return subjectStem(mail.subject).toLowerCase() === ticket.subjectStem.toLowerCase()
}

function checkAutomatic(at: Case): Judgement | null {
  const { mail, facts, context } = at
  if (mail.automatic === null || (!mail.automatic.isWeak && isMachineSubmission(at))) return null
  const thread = usableThread(context)
  const ticket = thread !== null && automaticBelongs(thread, context, facts.proof) ? thread.ticket : null
  if (mail.automatic.isWeak && isPersonsSubject(at, ticket)) return null
  // Read for its secrets alone: an autoresponder may quote the password that it was sent.
  const reading = ticket === null ? null : readSubmission(mail, context.policy, readingHints(context, ticket))
  const verdict = { kind: 'automatic' as const, reason: mail.automatic.reason, ticketId: ticket?.id ?? null }
  return judged(verdict, { ticket, reading })
}

const CHECKS: readonly Check[] = [checkReturned, checkBounce, checkDuplicate, checkOwnAddress, checkAutomatic]

/** Held mail is shown beside the ticket that it names; a stranger's needs what only we could have given out. */
function holdFor(at: Case, reason: Parameters<typeof held>[0]): Judgement {
  const thread = at.context.thread
  if (thread === null || !isStrong(thread.by)) return held(reason, null)
  return held(reason === 'stranger' ? 'not-a-participant' : reason, thread.ticket)
}

/** A released mail counts as proven: a person of the desk said whose it is. */
function vouched(facts: Facts, { resumed }: Context): Facts {
  return resumed?.vouched === true ? { proof: { result: 'verified', by: 'released by an operator' } } : facts
}

function circumstancesOf(at: Case): readonly Circumstance[] {
  const { earlier, resumed, suppressed } = at.context
  const found: Circumstance[] = []
  if (earlier !== null && !earlier.sameText) found.push('message-id-reused')
  const { automatic, answersUnwanted } = at.mail
  if (automatic !== null) found.push(automatic.isWeak ? 'looks-automatic' : 'machine-mail')
  if (answersUnwanted !== null) found.push('answers-unwanted')
  if (resumed?.vouched === true) found.push('released')
  if (suppressed && at.facts.proof.result === 'verified') found.push('address-works-again')
  return found
}

function withCircumstances(judgement: Judgement, at: Case): Judgement {
  return { ...judgement, circumstances: [...circumstancesOf(at), ...judgement.circumstances] }
}

/** Decides what a mail is. `facts` were gathered before; `context` is all that the registers and tickets say. */
export function decide(mail: Mail | Unreadable, facts: Facts, context: Context): Judgement {
  if (mail.kind === 'unreadable') return judged({ kind: 'unreadable', reason: mail.reason })
  const at = { mail, facts, context }
  for (const check of CHECKS) {
    const judgement = check(at)
    if (judgement !== null) return judgement
  }
  // Only now: that a person vouches for a mail never makes a program's mail more than it is.
  const believed = { ...at, facts: vouched(facts, context) }
  const author = authorOf(believed)
  if (author.kind === 'held') return holdFor(believed, author.reason)
  const judgement = author.kind === 'agent' ? decideAgent(believed, author) : decidePartner(believed, author)
  return withCircumstances(judgement, believed)
}
