/**
 * A partner's mail: a fresh submission, an answer to a draft's checklist, or a reply to a ticket; by the state of the
 * ticket that it belongs to.
 * Fails: never. Source: docs/architecture.md (states).
 */
import { readSubmission } from '../intake/read.ts'
import type { Reading, Tone } from '../intake/reading.ts'
import { assertNever } from './assert-never.ts'
import type { Context, Thread, ThreadEvidence, Ticket, WaitingDraft } from './context.ts'
import { readingHints } from './hints.ts'
import {
  type Case,
  type Circumstance,
  held,
  type Judgement,
  judged,
  type PartnerAuthor,
} from './judgement.ts'
import {
  gainedPlainly,
  inheritedFrom,
  type Known,
  knownOf,
  knownOfPartner,
  type Merged,
  mergeFields,
  NOTHING_KNOWN,
  withRegister,
} from './merge-fields.ts'
import { decideRequest } from './request.ts'
import { standsApart } from './stands-apart.ts'
import { belongingOf, takesPart, usableThread } from './thread.ts'
import type { Verdict } from './verdict.ts'

/** What links a new submission to an older ticket. */
type Link = {
  readonly ticket: Ticket
  readonly known: Known
  readonly circumstances: readonly Circumstance[]
}

function says(reading: Reading, kind: Tone['kind']): boolean {
  return reading.tones.some((tone) => tone.kind === kind)
}

function freshSubmission(at: Case, author: PartnerAuthor, link: Link | null): Judgement {
  const { mail, context } = at
  const reading = readSubmission(mail, context.policy, readingHints(context, null))
  const register = knownOfPartner(author.partner, context.policy, context.inboxId)
  const known = withRegister(link?.known ?? NOTHING_KNOWN, register)
  const merged = mergeFields(known, reading, context.policy, context.inboxId)
  const { missing } = merged
  const opens = missing.length === 0 || context.mode === 'advise'
  const replaces = link === null && missing.length === 0 ? replacedDraft(merged, context) : null
  const linkedTo = link?.ticket.id ?? replaces?.id ?? null
  const verdict: Verdict = opens
    ? { kind: 'new-ticket', missing, linkedTo }
    : { kind: 'incomplete', missing, draft: null }
  const circumstances = replaces === null ? (link?.circumstances ?? []) : ['replaces-draft' as const]
  return judged(verdict, { author, reading, merged, ticket: link?.ticket ?? null, circumstances, replaces })
}

/** Reads a mail as its author's first about a case, whatever it names. */
export function submissionOf(at: Case, author: PartnerAuthor): Judgement {
  return freshSubmission(at, author, null)
}

/** The author's newest waiting draft about the same customer: they wrote the whole anew instead of answering. */
function replacedDraft(merged: Merged, context: Context): WaitingDraft | null {
  const customer = merged.fields['customer_domain']?.value.toLowerCase() ?? null
  if (customer === null) return null
  return context.waitingDrafts.find((draft) => draft.customerDomain?.toLowerCase() === customer) ?? null
}

/** The partner takes a draft back, says that it works again, or only thanks: there is nothing to ask for. */
function draftNeedsNothing(reading: Reading, merged: Merged): 'withdrawn' | 'thanks' | null {
  if (gainedPlainly(merged)) return null
  if (says(reading, 'withdrawn') || says(reading, 'solved')) return 'withdrawn'
  return says(reading, 'thanks-only') && merged.gained.length === 0 ? 'thanks' : null
}

type Reply = {
  readonly ticket: Ticket
  readonly by: ThreadEvidence
  readonly reading: Reading
  readonly merged: Merged
  readonly circumstances: readonly Circumstance[]
}

function replyVerdict(reply: Reply, reopens: boolean): Verdict {
  return {
    kind: 'reply',
    ticketId: reply.ticket.id,
    by: reply.by,
    fields: reply.merged.gained,
    onlyThanks: says(reply.reading, 'thanks-only'),
    reopens,
  }
}

function draftReply(at: Case, author: PartnerAuthor, reply: Reply): Judgement {
  const { ticket, merged, reading } = reply
  const nothing = draftNeedsNothing(reading, merged)
  if (nothing !== null) {
    const withdraws = nothing === 'withdrawn' && ticket.state === 'draft'
    const circumstances = withdraws
      ? [...reply.circumstances, 'withdraws-draft' as const]
      : reply.circumstances
    return judged(replyVerdict(reply, false), { author, ...reply, circumstances })
  }
  const opens = merged.missing.length === 0 || at.context.mode === 'advise'
  const verdict: Verdict = opens
    ? { kind: 'completes-draft', ticketId: ticket.id, by: reply.by }
    : { kind: 'incomplete', missing: merged.missing, draft: ticket.id }
  return judged(verdict, { author, ...reply })
}

/** What a new submission takes over from the closed ticket that it answers: nothing of another partner's. */
function closedLink(ticket: Ticket, isOutsider: boolean): Link {
  return isOutsider
    ? { ticket, known: NOTHING_KNOWN, circumstances: ['claims-ticket'] }
    : { ticket, known: inheritedFrom(ticket), circumstances: [] }
}

/** How an author who had no part in the ticket so far gets one. */
function joiningOf(ticket: Ticket, author: PartnerAuthor): readonly Circumstance[] {
  if (takesPart(ticket, author)) return []
  return [ticket.partnerId === author.partner.id ? 'colleague-joins' : 'joins-as-observer']
}

/** A reply on the ticket that it belongs to. */
function replyTo(at: Case, author: PartnerAuthor, thread: Thread): Judgement {
  const { ticket, by } = thread
  const { mail, context } = at
  const request = decideRequest(at, author, thread)
  if (request !== null) return request
  const reading = readSubmission(mail, context.policy, readingHints(context, ticket))
  const isOutsider = ticket.partnerId !== author.partner.id
  const register = knownOfPartner(author.partner, context.policy, context.inboxId)
  // What is registered for another partner says nothing about this ticket.
  const known = isOutsider ? knownOf(ticket) : withRegister(knownOf(ticket), register)
  const merged = mergeFields(known, reading, context.policy, context.inboxId)
  const circumstances = joiningOf(ticket, author)
  const reply = { ticket, by, reading, merged, circumstances }
  switch (ticket.state) {
    case 'draft':
    case 'expired':
    case 'withdrawn':
      return draftReply(at, author, reply)
    case 'closed':
      if (!says(reading, 'thanks-only')) {
        return freshSubmission(at, author, closedLink(ticket, isOutsider))
      }
      return judged(replyVerdict(reply, false), { author, ...reply })
    case 'resolved':
      return judged(replyVerdict(reply, !says(reading, 'thanks-only')), { author, ...reply })
    case 'open':
    case 'waiting':
      return judged(replyVerdict(reply, false), { author, ...reply })
    default:
      return assertNever(ticket.state)
  }
}

/** Decides a partner's mail. */
export function decidePartner(at: Case, author: PartnerAuthor): Judgement {
  const thread = usableThread(at.context)
  if (thread === null) return freshSubmission(at, author, null)
  const released = at.context.resumed?.vouched === true
  const belonging = belongingOf(thread, author, at.facts.proof, released)
  switch (belonging) {
    case 'belongs': {
      const apart = released ? null : standsApart(at, thread, takesPart(thread.ticket, author))
      if (apart === null) return replyTo(at, author, thread)
      return freshSubmission(at, author, {
        ticket: thread.ticket,
        known: NOTHING_KNOWN,
        circumstances: [apart],
      })
    }
    case 'held':
      return held('not-a-participant', thread.ticket)
    case 'claims': {
      const circumstances = ['claims-ticket' as const]
      return freshSubmission(at, author, { ticket: thread.ticket, known: NOTHING_KNOWN, circumstances })
    }
    default:
      return assertNever(belonging)
  }
}
