/**
 * The notice to the desk about one mail: what happened, everything needed to answer, what the partner was or would have
 * been told.
 * Fails: never. Pure; `history` is filled in by apply from the ticket's posts.
 */
import type { AgentNoticeModel, PromiseModel } from '../letters/models.ts'
import type { Mail } from '../mail/mail.ts'
import type { Context, Ticket, TicketId } from './context.ts'
import type { LetterOrder, Recipient } from './effects.ts'
import { mergedOf } from './merge-fields.ts'
import { fieldTextsOf, guidanceOf, itemsOf } from './models-of.ts'
import { DEFAULT_LANGUAGE, observersIn, type PartnerJudgement, wordsOf } from './plan-parts.ts'
import { owedPromiseModel } from './promise.ts'
import { ticketWarnings } from './ticket-warnings.ts'

export type NoticeAbout = {
  readonly event: AgentNoticeModel['event']
  readonly ticketId: TicketId
  readonly queue: string
  readonly state: string
  readonly promise: PromiseModel | null
  /** Further codes beside the reading's own. */
  readonly warnings: readonly string[]
  readonly wouldHaveSent: string | null
}

/** Shows a person as `Fenella <fenella@partner.example>`. */
function personText(person: { readonly name: string | null; readonly address: string }): string {
  return person.name === null ? person.address : `${person.name} <${person.address}>`
}

function modelOf(
  judgement: PartnerJudgement,
  mail: Mail,
  context: Context,
  about: NoticeAbout,
): AgentNoticeModel {
  const { merged, author } = judgement
  const ofTicket = ticketWarnings(judgement)
  const warnings = [...ofTicket, ...judgement.circumstances, ...about.warnings]
  if (author.created === 'partner') warnings.push('new-partner')
  return {
    event: about.event,
    partnerName: author.partner.name,
    requester: personText(author.person),
    queue: about.queue,
    state: about.state,
    promise: about.promise,
    items: itemsOf(context.policy, merged, ofTicket),
    guidance: guidanceOf(context.policy, merged),
    fieldTexts: fieldTextsOf(context.policy, DEFAULT_LANGUAGE),
    missing: merged.missing,
    newText: wordsOf(judgement, mail),
    observers: observersIn(judgement, mail, context),
    attachments: mail.attachments.map(({ fileName, contentType, size }) => ({
      fileName: fileName ?? contentType,
      contentType,
      size,
    })),
    warnings: [...new Set(warnings)],
    history: [],
    wouldHaveSent: about.wouldHaveSent,
  }
}

function noticeHead(ticketId: TicketId, context: Context) {
  return {
    ticketId,
    withheld: false,
    notBefore: context.now,
    language: DEFAULT_LANGUAGE,
    automatic: true,
    inReplyTo: null,
  }
}

/** Orders the notice about a partner's mail for the queue's people. */
export function noticeOrder(
  judgement: PartnerJudgement,
  mail: Mail,
  context: Context,
  about: NoticeAbout,
): LetterOrder {
  const model = modelOf(judgement, mail, context, about)
  const to = { kind: 'queue' as const, queue: about.queue }
  return { ...noticeHead(about.ticketId, context), to, template: 'agent-notice', model }
}

export type TicketNoticeAbout = {
  readonly event: AgentNoticeModel['event']
  readonly text: string
  readonly warnings: readonly string[]
  readonly wouldHaveSent: string | null
  readonly to: Recipient
}

/** Orders a notice about a ticket that no partner's mail stands behind: a bounce, an answer that was not sent. */
export function ticketNotice(ticket: Ticket, context: Context, about: TicketNoticeAbout): LetterOrder {
  const { fields, missing } = ticket
  const known = mergedOf(ticket)
  const model: AgentNoticeModel = {
    event: about.event,
    partnerName: fields['partner_domain']?.value ?? ticket.requester.address,
    requester: personText(ticket.requester),
    queue: ticket.queue,
    state: ticket.state,
    promise: owedPromiseModel(ticket),
    items: itemsOf(context.policy, known, ticket.warnings),
    guidance: guidanceOf(context.policy, known),
    fieldTexts: fieldTextsOf(context.policy, DEFAULT_LANGUAGE),
    missing,
    newText: about.text,
    observers: ticket.observers,
    attachments: [],
    warnings: about.warnings,
    history: [],
    wouldHaveSent: about.wouldHaveSent,
  }
  return { ...noticeHead(ticket.id, context), to: about.to, template: 'agent-notice', model }
}
