/**
 * Effects of a partner's reply on a ticket: a post, values it corrects, the state it changes, a notice to the desk. Its
 * author gets a letter only when it reopens the ticket: there is a new promise to tell.
 * Fails: never. Pure. Source: docs/architecture.md (states).
 */

import type { PromiseModel } from '../letters/models.ts'
import type { Mail } from '../mail/mail.ts'
import type { Context, Ticket, TicketState } from './context.ts'
import type { Change, Effects, LetterOrder } from './effects.ts'
import type { Judgement } from './judgement.ts'
import { noticeOrder } from './notice.ts'
import { acknowledgementSending, type Sending, unsent } from './partner-letter.ts'
import {
  circumstanceEvents,
  eventChange,
  languageOf,
  type PartnerJudgement,
  participantChanges,
  partnerJudgement,
  postChange,
  registerChanges,
  rememberChanges,
  sealChanges,
} from './plan-parts.ts'
import { planRequest } from './plan-request.ts'
import {
  clockStart,
  owedPromise,
  owedPromiseModel,
  promiseOf,
  queueNamed,
  resumePromises,
  startPromise,
} from './promise.ts'
import { requestOf } from './request.ts'
import { ticketWarnings } from './ticket-warnings.ts'
import type { Verdict } from './verdict.ts'

type ReplyVerdict = Extract<Verdict, { kind: 'reply' }>

function stateAfter(ticket: Ticket, verdict: ReplyVerdict, judgement: Judgement): TicketState {
  if (judgement.circumstances.includes('withdraws-draft')) return 'withdrawn'
  if (verdict.reopens) return 'open'
  // The partner was asked and has written: it is our turn again.
  return ticket.state === 'waiting' && !verdict.onlyThanks ? 'open' : ticket.state
}

function valueChanges(judgement: PartnerJudgement, ticket: Ticket, state: TicketState): readonly Change[] {
  const { merged, reading } = judgement
  const gained = merged.gained.length > 0
  return [
    {
      kind: 'update-ticket',
      ticketId: ticket.id,
      ...(state === ticket.state ? {} : { state }),
      ...(gained ? { fields: merged.fields, missing: merged.missing } : {}),
      threeRs: merged.threeRs,
      ...(gained || reading.warnings.length > 0 ? { warnings: ticketWarnings(judgement) } : {}),
    },
    ...sealChanges(judgement, ticket.id),
  ]
}

/** A question after the last answer is owed an answer of its own. */
function promiseChanges(
  ticket: Ticket,
  state: TicketState,
  verdict: ReplyVerdict,
  context: Context,
): readonly Change[] {
  const isOpen = state === 'open' || state === 'waiting'
  if (!isOpen || verdict.onlyThanks) return []
  const at = clockStart(context)
  if (owedPromise(ticket) !== null) return resumePromises(ticket, at, context.policy)
  return [startPromise(ticket.id, 'next-response', queueNamed(context.policy, ticket.queue), at)]
}

/**
 * Thanks on a finished ticket are kept and need nobody, nor does a draft that was only thanked for. A withdrawn draft is
 * shown: should its words have been misread, nobody else would ever look at it.
 */
function eventOf(state: TicketState, verdict: ReplyVerdict, judgement: Judgement): 'reply' | 'draft' | null {
  if (judgement.circumstances.includes('withdraws-draft')) return 'draft'
  return !verdict.onlyThanks && (state === 'open' || state === 'waiting') ? 'reply' : null
}

/** Tells the author that the ticket is open again, and by when it is answered. */
function reopenedLetter(
  judgement: PartnerJudgement,
  mail: Mail,
  context: Context,
  of: { readonly ticket: Ticket; readonly promise: PromiseModel; readonly sending: Sending },
): readonly LetterOrder[] {
  if (of.sending.kind === 'stop') return []
  return [
    {
      to: { kind: 'person', personId: judgement.author.person.id },
      ticketId: of.ticket.id,
      withheld: of.sending.kind === 'withhold',
      notBefore: context.now,
      language: languageOf(judgement),
      automatic: true,
      inReplyTo: mail.messageId,
      template: 'reopened',
      model: { promise: of.promise },
    },
  ]
}

/** What is owed once the promises are as planned. */
function promiseAfter(ticket: Ticket, started: readonly Change[], context: Context): PromiseModel | null {
  const [change] = started
  const owed = owedPromiseModel(ticket)
  if (change?.kind === 'resume-promises' && owed !== null) return { ...owed, dueAt: change.dueAt }
  if (change === undefined) return owed
  return promiseOf(queueNamed(context.policy, ticket.queue), clockStart(context))
}

/** Effects of a reply to a ticket that stays what it is, or is reopened or withdrawn by it. */
export function planReply(given: Judgement, verdict: ReplyVerdict, mail: Mail, context: Context): Effects {
  const request = requestOf(given)
  if (request !== null) return planRequest(given, request, mail, context)
  const judgement = partnerJudgement(given)
  const { ticket } = judgement
  if (ticket === null) throw new Error('a reply needs its ticket')
  const state = stateAfter(ticket, verdict, judgement)
  const started = promiseChanges(ticket, state, verdict, context)
  const changes: readonly Change[] = [
    ...registerChanges(judgement.author),
    ...valueChanges(judgement, ticket, state),
    postChange(judgement, mail, ticket.id, 'partner-mail'),
    ...participantChanges(judgement, mail, context),
    ...rememberChanges(mail, ticket.id, context),
    ...circumstanceEvents(judgement, ticket.id, context),
    ...started,
  ]
  const letters: LetterOrder[] = []
  const event = eventOf(state, verdict, judgement)
  const promise = promiseAfter(ticket, started, context)
  const sending = verdict.reopens ? acknowledgementSending(judgement, mail, context) : null
  const isTold = sending === null || sending.kind === 'send'
  if (sending !== null && promise !== null)
    letters.push(...reopenedLetter(judgement, mail, context, { ticket, promise, sending }))
  if (event !== null) {
    letters.push(
      noticeOrder(judgement, mail, context, {
        event,
        ticketId: ticket.id,
        queue: ticket.queue,
        state,
        promise,
        warnings: [...(verdict.reopens ? ['reopened'] : []), ...(isTold ? [] : [sending.why])],
        wouldHaveSent: sending === null ? null : unsent(sending, 'reopened'),
      }),
    )
  }
  return {
    changes: isTold ? changes : [...changes, eventChange(ticket.id, `letter-${sending.kind}`, sending.why)],
    letters,
  }
}
