/**
 * The notice to the desk about one mail: what happened, everything needed to answer, what the partner was or would have
 * been told.
 * Fails: never. Pure; `history` is filled in by apply from the ticket's posts.
 */
import type { AgentNoticeModel, PromiseModel } from '../letters/models.ts'
import type { Mail } from '../mail/mail.ts'
import type { Context, TicketId } from './context.ts'
import type { LetterOrder } from './effects.ts'
import { fieldTextsOf, guidanceOf, itemsOf } from './models-of.ts'
import { DEFAULT_LANGUAGE, observersIn, type PartnerJudgement, wordsOf } from './plan-parts.ts'

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
export function personText(person: { readonly name: string | null; readonly address: string }): string {
  return person.name === null ? person.address : `${person.name} <${person.address}>`
}

function modelOf(
  judgement: PartnerJudgement,
  mail: Mail,
  context: Context,
  about: NoticeAbout,
): AgentNoticeModel {
  const { merged, reading, author } = judgement
  const warnings = [...reading.warnings, ...judgement.circumstances, ...about.warnings]
  if (author.created === 'partner') warnings.push('new-partner')
  return {
    event: about.event,
    partnerName: author.partner.name,
    requester: personText(author.person),
    queue: about.queue,
    state: about.state,
    promise: about.promise,
    items: itemsOf(context.policy, merged, reading.warnings),
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

/** Orders the notice about a partner's mail for the queue's people. */
export function noticeOrder(
  judgement: PartnerJudgement,
  mail: Mail,
  context: Context,
  about: NoticeAbout,
): LetterOrder {
  return {
    to: { kind: 'queue', queue: about.queue },
    ticketId: about.ticketId,
    withheld: false,
    notBefore: context.now,
    language: DEFAULT_LANGUAGE,
    automatic: true,
    inReplyTo: null,
    template: 'agent-notice',
    model: modelOf(judgement, mail, context, about),
  }
}
