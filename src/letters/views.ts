/**
 * One view per letter: the model and the head, made ready to be shown. Templates may use a view's properties and
 * nothing else; the check at load holds them to it.
 */
import {
  type AgentQuestionView,
  agentQuestionView,
  type DraftExpiredView,
  type DraftReminderView,
  draftExpiredView,
  draftReminderView,
  type LeavingView,
  leavingView,
  type ReopenedView,
  reopenedView,
  type TicketStatusView,
  ticketStatusView,
} from './case-views.ts'
import {
  type CommandResultView,
  commandResultView,
  type DraftDigestView,
  draftDigestView,
  type FinishedView,
  type ForwardedView,
  type PromiseWarningView,
} from './command-views.ts'
import { type AgentNoticeView, agentNoticeView, type HeldDigestView, heldDigestView } from './desk-views.ts'
import { type HeadView, headView } from './head-view.ts'
import type { BrandLook, LetterHead, LetterName, LettersStoppedModel, Models } from './models.ts'
import {
  type AcknowledgementView,
  type AgentAnswerView,
  acknowledgementView,
  agentAnswerView,
  type ChecklistView,
  checklistView,
} from './partner-views.ts'

type OwnViews = {
  readonly checklist: ChecklistView
  readonly acknowledgement: AcknowledgementView
  readonly 'agent-notice': AgentNoticeView
  readonly 'agent-answer': AgentAnswerView
  readonly 'held-digest': HeldDigestView
  readonly 'letters-stopped': LettersStoppedModel
  readonly 'draft-digest': DraftDigestView
  readonly 'draft-reminder': DraftReminderView
  readonly 'draft-expired': DraftExpiredView
  readonly reopened: ReopenedView
  readonly leaving: LeavingView
  readonly 'ticket-status': TicketStatusView
  readonly 'agent-question': AgentQuestionView
  readonly resolved: FinishedView
  readonly closed: FinishedView
  readonly 'engineering-forwarded': ForwardedView
  readonly 'command-result': CommandResultView
  readonly 'promise-warning': PromiseWarningView
  readonly 'promise-broken': PromiseWarningView
}

type ViewMakers = {
  readonly [N in LetterName]: (model: Models[N], head: LetterHead, shared: HeadView) => OwnViews[N]
}

const VIEW_MAKERS: ViewMakers = {
  checklist: checklistView,
  acknowledgement: acknowledgementView,
  'agent-notice': agentNoticeView,
  'agent-answer': agentAnswerView,
  'held-digest': heldDigestView,
  'letters-stopped': (model) => model,
  'draft-digest': draftDigestView,
  'draft-reminder': draftReminderView,
  'draft-expired': draftExpiredView,
  reopened: reopenedView,
  leaving: leavingView,
  'ticket-status': ticketStatusView,
  'agent-question': agentQuestionView,
  resolved: (model) => model,
  closed: (model) => model,
  'engineering-forwarded': (model) => model,
  'command-result': commandResultView,
  'promise-warning': (model) => model,
  'promise-broken': (model) => model,
}

export const LETTER_NAMES: readonly LetterName[] = [
  'checklist',
  'acknowledgement',
  'agent-notice',
  'agent-answer',
  'held-digest',
  'letters-stopped',
  'draft-digest',
  'draft-reminder',
  'draft-expired',
  'reopened',
  'leaving',
  'ticket-status',
  'agent-question',
  'resolved',
  'closed',
  'engineering-forwarded',
  'command-result',
  'promise-warning',
  'promise-broken',
]

/** Makes a letter's view; `language` is the one that it is really written in. */
export function makeView<N extends LetterName>(
  name: N,
  model: Models[N],
  head: LetterHead,
  look: { readonly brand: BrandLook; readonly language: string },
): HeadView & OwnViews[N] {
  const shared = headView(head, look.brand, look.language)
  return { ...shared, ...VIEW_MAKERS[name](model, head, shared) }
}
