/**
 * Effects of a submission: a ticket that opens (or a draft that becomes one) with its promise, acknowledgement and
 * notice; or a draft with its next checklist.
 * Fails: never. Pure. Source: the support policy; docs/architecture.md (modes).
 */
import { maskSecrets } from '../intake/mask.ts'
import type { ChecklistModel, PromiseModel } from '../letters/models.ts'
import type { Mail } from '../mail/mail.ts'
import { normaliseAddress } from '../mail/mailbox.ts'
import type { Context, PersonId, TicketId } from './context.ts'
import type { Change, Effects, LetterOrder } from './effects.ts'
import type { Judgement } from './judgement.ts'
import { fieldTextsOf, guidanceOf, itemsOf } from './models-of.ts'
import { noticeOrder } from './notice.ts'
import {
  acknowledgementSending,
  checklistSending,
  type Sending,
  tellsDesk,
  unsent,
} from './partner-letter.ts'
import {
  belongingTicket,
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
import { clockStart, promiseOf, queueNamed, startPromise } from './promise.ts'
import { isIdleRound } from './rounds.ts'
import { subjectStem } from './subject.ts'
import { ticketWarnings } from './ticket-warnings.ts'

const MS_PER_DAY = 86_400_000

type Submission = {
  readonly judgement: PartnerJudgement
  readonly mail: Mail
  readonly context: Context
  readonly ticketId: TicketId
  readonly queue: string
  readonly language: string
  /** null while it stays a draft. */
  readonly promise: PromiseModel | null
  /** 1 for the first checklist. */
  readonly round: number
}

function submissionOf(given: Judgement, mail: Mail, context: Context, opens: boolean): Submission {
  const judgement = partnerJudgement(given)
  const ticket = belongingTicket(judgement)
  const queue = ticket?.queue ?? context.policy.firstQueue
  return {
    judgement,
    mail,
    context,
    ticketId: ticket?.id ?? context.fresh.ticketId,
    queue,
    language: languageOf(judgement),
    promise: opens ? promiseOf(queueNamed(context.policy, queue), clockStart(context)) : null,
    round: (ticket?.checklistsSent ?? 0) + 1,
  }
}

function draftEnd({ context, promise }: Submission): Date | null {
  return promise !== null
    ? null
    : new Date(context.now.getTime() + context.policy.draftExpiresDays * MS_PER_DAY)
}

function createChange(of: Submission): Change {
  const { judgement, mail, context, ticketId } = of
  const { author, reading, ticket } = judgement
  return {
    kind: 'create-ticket',
    ticketId,
    state: of.promise === null ? 'draft' : 'open',
    queue: of.queue,
    partnerId: author.partner.id,
    requesterId: author.person.id,
    subjectStem: maskSecrets(subjectStem(mail.subject), reading.secrets),
    rootMessageId: mail.messageId,
    mode: context.mode,
    policyVersion: context.policy.version,
    language: of.language,
    linkedTo: ticket?.id ?? judgement.replaces?.id ?? null,
    createdAt: context.envelope.receivedAt,
    expiresAt: draftEnd(of),
  }
}

function valueChanges(of: Submission, checklistWritten: boolean): readonly Change[] {
  const { judgement, ticketId } = of
  const isNew = belongingTicket(judgement) === null
  const state = of.promise === null ? ('draft' as const) : ('open' as const)
  return [
    {
      kind: 'update-ticket',
      ticketId,
      // A new ticket has its state and end from its first row.
      ...(isNew ? {} : { state, expiresAt: draftEnd(of) }),
      fields: judgement.merged.fields,
      missing: judgement.merged.missing,
      threeRs: judgement.merged.threeRs,
      warnings: ticketWarnings(judgement),
      ...(checklistWritten ? { checklistsSent: of.round } : {}),
    },
    ...sealChanges(judgement, ticketId),
  ]
}

function changesOf(of: Submission, sending: Sending, isChecklist: boolean): readonly Change[] {
  const { judgement, mail, context, ticketId, promise } = of
  const changes: Change[] = [...registerChanges(judgement.author)]
  if (belongingTicket(judgement) === null) changes.push(createChange(of))
  changes.push(
    ...valueChanges(of, isChecklist && sending.kind !== 'stop'),
    postChange(judgement, mail, ticketId, 'partner-mail'),
    ...participantChanges(judgement, mail, context),
    ...rememberChanges(mail, ticketId, context),
    ...circumstanceEvents(judgement, ticketId, context),
  )
  if (promise !== null) {
    const queue = queueNamed(context.policy, of.queue)
    changes.push(startPromise(ticketId, 'first-response', queue, clockStart(context)))
  }
  if (sending.kind !== 'send') {
    changes.push(eventChange(ticketId, `letter-${sending.kind}`, stopDetail(sending.why, context)))
  }
  changes.push(roundChange(of, sending), ...replacedChanges(of))
  return changes
}

/** The draft that the new ticket stands in for is done with; whoever still answers it is led to the new one. */
function replacedChanges({ judgement, ticketId }: Submission): readonly Change[] {
  const { replaces } = judgement
  if (replaces === null) return []
  return [
    {
      kind: 'update-ticket',
      ticketId: replaces.id,
      state: 'withdrawn',
      expiresAt: null,
      replacedBy: ticketId,
    },
    eventChange(replaces.id, 'replaced', 'a complete mail of its requester stands in for it'),
  ]
}

function replacedTag({ replaces }: Judgement): string | null {
  return replaces === null ? null : `TG-${replaces.number}`
}

/** `repeated-mail, 57 before` is the counter of mails that get no letter. */
function stopDetail(why: string, { rounds }: Context): string {
  const before = Math.max(rounds.sameWords, rounds.wordsAlike)
  return why === 'repeated-mail' ? `${why}, ${before} before` : why
}

function roundChange(of: Submission, sending: Sending): Change {
  const { judgement, mail, context, ticketId } = of
  const { partner, person } = judgement.author
  return {
    kind: 'record-round',
    ticketId,
    partnerId: partner.id,
    address: normaliseAddress(mail.from?.address ?? '') ?? person.address,
    idle: isIdleRound(judgement, mail, context),
    told: sending.kind === 'stop' && tellsDesk(sending, context),
    sameKey: context.rounds.sameKey,
    alikeKey: context.rounds.alikeKey,
  }
}

function checklistModel(of: Submission): ChecklistModel {
  const { judgement, context, language, promise } = of
  const { merged } = judgement
  const warnings = ticketWarnings(judgement)
  return {
    items: itemsOf(context.policy, merged, warnings),
    guidance: guidanceOf(context.policy, merged),
    fieldTexts: fieldTextsOf(context.policy, language),
    missing: merged.missing,
    round: of.round,
    ticketIsOpen: promise !== null,
    promise,
    expiresAt: draftEnd(of),
    severalCustomers: warnings.includes('several-customers'),
  }
}

/** Whoever wrote is answered, but for somebody of another partner: then the one who opened the ticket. */
function addresseeOf(judgement: PartnerJudgement): PersonId {
  const { author, ticket, circumstances } = judgement
  const isObserver = circumstances.includes('joins-as-observer')
  return isObserver && ticket !== null ? ticket.requester.id : author.person.id
}

function partnerLetter(of: Submission, sending: Sending): readonly LetterOrder[] {
  if (sending.kind === 'stop') return []
  const { judgement, context, language, promise } = of
  const base = {
    to: { kind: 'person' as const, personId: addresseeOf(judgement) },
    ticketId: of.ticketId,
    withheld: sending.kind === 'withhold',
    notBefore: context.now,
    language,
    automatic: true,
    inReplyTo: of.mail.messageId,
  }
  const checklist = checklistModel(of)
  if (promise === null || judgement.merged.missing.length > 0) {
    return [{ ...base, template: 'checklist', model: checklist }]
  }
  const { items, guidance, fieldTexts, severalCustomers } = checklist
  return [
    {
      ...base,
      template: 'acknowledgement',
      model: { items, guidance, fieldTexts, promise, severalCustomers, replaces: replacedTag(judgement) },
    },
  ]
}

/** Effects of a ticket that opens: fresh, or a draft that is complete now (or accepted as it is in mode `advise`). */
export function planOpenTicket(given: Judgement, mail: Mail, context: Context): Effects {
  const of = submissionOf(given, mail, context, true)
  const { judgement } = of
  const asks = judgement.merged.missing.length > 0
  const sending = asks
    ? checklistSending(judgement, mail, context)
    : acknowledgementSending(judgement, mail, context)
  const notice = noticeOrder(judgement, mail, context, {
    event: belongingTicket(judgement) === null ? 'new-ticket' : 'completed',
    ticketId: of.ticketId,
    queue: of.queue,
    state: 'open',
    promise: of.promise,
    warnings: sending.kind === 'send' ? [] : [sending.why],
    wouldHaveSent: unsent(sending, asks ? 'checklist' : 'acknowledgement'),
  })
  return { changes: changesOf(of, sending, asks), letters: [...partnerLetter(of, sending), notice] }
}

/** Why the desk should see a draft now; null while the partner is simply being asked. */
function draftNotice(of: Submission, sending: Sending): 'draft' | 'new-partner' | null {
  const { judgement, round } = of
  if (judgement.author.created === 'partner') return 'new-partner'
  const urgent = judgement.reading.tones.some((tone) => tone.kind === 'urgent')
  if (sending.kind !== 'send') return tellsDesk(sending, of.context) ? 'draft' : null
  // Once, at the second checklist: somebody struggles with it, and a phone call may be quicker.
  return round === 2 || urgent ? 'draft' : null
}

/** Effects of an incomplete submission: the draft grows, the checklist names exactly what is still missing. */
export function planIncomplete(given: Judgement, mail: Mail, context: Context): Effects {
  const of = submissionOf(given, mail, context, false)
  const { judgement } = of
  const sending = checklistSending(judgement, mail, context)
  const letters = [...partnerLetter(of, sending)]
  const event = draftNotice(of, sending)
  if (event !== null) {
    const warnings = sending.kind === 'send' ? [] : [sending.why]
    const wouldHaveSent = unsent(sending, 'checklist')
    const { ticketId, queue } = of
    const about = { event, ticketId, queue, state: 'draft', promise: null, warnings, wouldHaveSent }
    letters.push(noticeOrder(judgement, mail, context, about))
  }
  return { changes: changesOf(of, sending, true), letters }
}
