/**
 * What the templates of letters about a case's course may use: reminder, end of a draft, reopening, leaving, status, and
 * the question to an agent whom a forwarded mail is for.
 * Fails: never. Pure.
 */
import { cutText, type HeadView } from './head-view.ts'
import { type ItemView, itemViews, titlesOf } from './item-view.ts'
import type {
  AgentQuestionModel,
  DraftExpiredModel,
  DraftReminderModel,
  LeavingModel,
  LetterHead,
  PromiseModel,
  ReopenedModel,
  TicketStatusModel,
  TraceRow,
} from './models.ts'
import { type ReplyView, readyReply } from './partner-views.ts'

const DRAFT_STATES: ReadonlySet<string> = new Set(['draft', 'expired', 'withdrawn'])
/** The newest of a long story; the rest is counted. */
const MAX_TRACE_ROWS = 30
/** An address and a subject are shown, never read in full. */
const MAX_LINE_CHARACTERS = 120

export type DraftExpiredView = { readonly items: readonly ItemView[]; readonly reply: ReplyView }
export type DraftReminderView = DraftExpiredView & { readonly expiresAt: Date }
export type ReopenedView = { readonly promise: PromiseModel }
export type LeavingView = LeavingModel
export type AgentQuestionView = AgentQuestionModel

type TraceView = {
  readonly at: Date
  readonly isMail: boolean
  /** Author of a mail, reader of a letter. */
  readonly who: string
  /** Outcome of a mail, template of a letter. */
  readonly what: string
  readonly fate: string
}

export type TicketStatusView = {
  /** A draft has a reference, and is no ticket. */
  readonly isTicket: boolean
  readonly state: string
  readonly queue: string
  readonly promise: PromiseModel | null
  readonly isLate: boolean
  readonly position: number | null
  readonly missingTitles: readonly string[]
  readonly expiresAt: Date | null
  readonly trace: readonly TraceView[]
  readonly older: number
}

/** Makes what the end of a draft shows: only what is missing. */
export function draftExpiredView(
  model: DraftExpiredModel,
  _head: LetterHead,
  shared: HeadView,
): DraftExpiredView {
  const items = itemViews(model.items, model.fieldTexts).filter((item) => !item.isGiven)
  return { items, reply: readyReply(titlesOf(model.missing, model.fieldTexts), shared) }
}

/** Makes what the reminder shows. */
export function draftReminderView(
  model: DraftReminderModel,
  head: LetterHead,
  shared: HeadView,
): DraftReminderView {
  return { ...draftExpiredView(model, head, shared), expiresAt: model.expiresAt }
}

/** Makes what the letter about a reopened ticket shows. */
export function reopenedView(model: ReopenedModel): ReopenedView {
  return { promise: model.promise }
}

/** Makes what the letter about leaving shows. */
export function leavingView(model: LeavingModel): LeavingView {
  const { asks, hasSuccessor, successor } = model
  return {
    asks,
    hasSuccessor,
    successor: successor === null ? null : cutText(successor, MAX_LINE_CHARACTERS),
  }
}

function traceView(row: TraceRow): TraceView {
  const isMail = row.kind === 'mail'
  return {
    at: row.at,
    isMail,
    who: cutText(isMail ? row.from : row.to, MAX_LINE_CHARACTERS),
    what: isMail ? row.outcome : row.letter,
    fate: isMail ? '' : row.fate,
  }
}

/** Makes what the answer to `status` shows. */
export function ticketStatusView(model: TicketStatusModel, head: LetterHead): TicketStatusView {
  const { state, queue, promise, position, expiresAt, trace } = model
  return {
    isTicket: !DRAFT_STATES.has(state),
    state,
    queue,
    promise,
    isLate: promise !== null && promise.dueAt < head.now,
    position,
    missingTitles: titlesOf(model.missing, model.fieldTexts),
    expiresAt,
    trace: trace.slice(-MAX_TRACE_ROWS).map(traceView),
    older: Math.max(0, trace.length - MAX_TRACE_ROWS),
  }
}

/** Makes what the question to an agent shows. */
export function agentQuestionView(model: AgentQuestionModel): AgentQuestionView {
  return {
    author: cutText(model.author, MAX_LINE_CHARACTERS),
    subject: cutText(model.subject, MAX_LINE_CHARACTERS),
    again: model.again,
  }
}
