/**
 * Effects of a reply of one word: `status` gets a letter about the ticket, `leave` takes a person off it. Neither moves
 * a state or a clock; the desk hears of it only when nobody of the partner is left.
 * Fails: never. Pure; `position` and `trace` of the status letter are filled in by apply.
 */
import type { LeavingModel, TicketStatusModel } from '../letters/models.ts'
import type { Mail } from '../mail/mail.ts'
import type { Colleague, Context, Person, Ticket } from './context.ts'
import type { Change, Effects, LetterOrder } from './effects.ts'
import type { Circumstance, Judgement } from './judgement.ts'
import { fieldTextsOf } from './models-of.ts'
import { noticeOrder } from './notice.ts'
import { requestSending, type Sending } from './partner-letter.ts'
import {
  circumstanceEvents,
  eventChange,
  languageOf,
  type PartnerJudgement,
  partnerJudgement,
  postChange,
  registerChanges,
  rememberChanges,
} from './plan-parts.ts'
import { owedPromiseModel } from './promise.ts'

type Request = {
  readonly judgement: PartnerJudgement
  readonly ticket: Ticket
  readonly mail: Mail
  readonly context: Context
  readonly asks: Circumstance
  readonly sending: Sending
}

function base({ judgement, ticket, mail, context, sending }: Request) {
  return {
    to: { kind: 'person' as const, personId: judgement.author.person.id },
    ticketId: ticket.id,
    withheld: sending.kind === 'withhold',
    notBefore: context.now,
    language: languageOf(judgement),
    automatic: true,
    inReplyTo: mail.messageId,
  }
}

function statusLetter(of: Request): LetterOrder {
  const { ticket, context } = of
  const model: TicketStatusModel = {
    state: ticket.state,
    queue: ticket.queue,
    promise: owedPromiseModel(ticket),
    expiresAt: ticket.state === 'draft' ? ticket.expiresAt : null,
    fieldTexts: fieldTextsOf(context.policy, languageOf(of.judgement)),
    missing: ticket.missing,
    position: null,
    trace: [],
  }
  return { ...base(of), template: 'ticket-status', model }
}

function nameOf(person: Colleague | undefined): string | null {
  return person === undefined ? null : (person.name ?? person.address)
}

function leavingLetter(of: Request): LetterOrder {
  const { ticket, asks } = of
  const hasSuccessor = ticket.colleagues.length > 0
  const model: LeavingModel = {
    asks: asks === 'asks-to-leave',
    hasSuccessor,
    successor: asks === 'requester-left' ? nameOf(ticket.colleagues[0]) : null,
  }
  return { ...base(of), template: 'leaving', model }
}

function leaveChanges({ judgement, ticket, asks, sending }: Request): readonly Change[] {
  const { id: personId, address }: Person = judgement.author.person
  switch (asks) {
    case 'asks-to-leave':
      // Who never got the question was never asked.
      return sending.kind === 'send' ? [{ kind: 'ask-to-leave', ticketId: ticket.id, personId }] : []
    case 'leaves':
    case 'nobody-left':
      return [{ kind: 'leave-ticket', ticketId: ticket.id, personId, address, successor: null }]
    case 'requester-left': {
      const successor = ticket.colleagues[0]?.id ?? null
      return [{ kind: 'leave-ticket', ticketId: ticket.id, personId, address, successor }]
    }
    default:
      return []
  }
}

/** Effects of a request that `decideRequest` found. */
export function planRequest(given: Judgement, asks: Circumstance, mail: Mail, context: Context): Effects {
  const judgement = partnerJudgement(given)
  const { ticket } = judgement
  if (ticket === null) throw new Error('a request needs its ticket')
  const of: Request = { judgement, ticket, mail, context, asks, sending: requestSending(judgement, context) }
  const changes: Change[] = [
    ...registerChanges(judgement.author),
    postChange(judgement, mail, ticket.id, 'partner-mail'),
    ...rememberChanges(mail, ticket.id, context),
    ...circumstanceEvents(judgement, ticket.id, context),
    ...leaveChanges(of),
  ]
  if (of.sending.kind !== 'send')
    changes.push(eventChange(ticket.id, `letter-${of.sending.kind}`, of.sending.why))
  const letters: LetterOrder[] = []
  if (of.sending.kind !== 'stop') letters.push(asks === 'asks-status' ? statusLetter(of) : leavingLetter(of))
  if (asks === 'nobody-left') {
    letters.push(
      noticeOrder(judgement, mail, context, {
        event: 'reply',
        ticketId: ticket.id,
        queue: ticket.queue,
        state: ticket.state,
        promise: owedPromiseModel(ticket),
        warnings: [],
        wouldHaveSent: null,
      }),
    )
  }
  return { changes, letters }
}
