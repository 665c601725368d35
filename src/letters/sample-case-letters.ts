/**
 * Samples of letters about a case's course; between them they take every branch of the templates.
 */
import type { DraftReminderModel, FieldText, LeavingModel, TicketStatusModel, TraceRow } from './models.ts'
import {
  BARE_HEAD,
  EXPIRES_AT,
  HEAD,
  HOUR_MS,
  LATE,
  NOW,
  PROMISE,
  type Sample,
  sampleItems,
} from './sample-parts.ts'

function waiting(fieldTexts: readonly FieldText[]): DraftReminderModel {
  const missing = ['credentials', 'steps_taken']
  const items = sampleItems({ missing, problems: { credentials: 'password-missing' } })
  return { items, fieldTexts, missing, expiresAt: EXPIRES_AT }
}

/** Makes the samples of one letter. */
export function drafts(fieldTexts: readonly FieldText[]): readonly Sample<'draft-reminder'>[] {
  return [
    { title: 'halfway', model: waiting(fieldTexts), head: HEAD },
    { title: 'bare', model: waiting(fieldTexts), head: BARE_HEAD },
  ]
}

/** Makes the samples of one letter. */
export function expired(fieldTexts: readonly FieldText[]): readonly Sample<'draft-expired'>[] {
  const { items, missing } = waiting(fieldTexts)
  return [{ title: 'expired', model: { items, fieldTexts, missing }, head: HEAD }]
}

/** Makes the samples of one letter. */
export function reopenings(): readonly Sample<'reopened'>[] {
  return [
    { title: 'reopened', model: { promise: PROMISE }, head: HEAD },
    { title: 'one-hour', model: { promise: { ...PROMISE, hours: 1 } }, head: BARE_HEAD },
  ]
}

/** Makes the samples of one letter. */
export function leavings(): readonly Sample<'leaving'>[] {
  const asks: LeavingModel = { asks: true, hasSuccessor: true, successor: null }
  return [
    { title: 'asks', model: asks, head: HEAD },
    { title: 'asks-the-last', model: { ...asks, hasSuccessor: false }, head: HEAD },
    { title: 'left', model: { asks: false, hasSuccessor: false, successor: null }, head: HEAD },
    {
      title: 'handed-over',
      model: { asks: false, hasSuccessor: true, successor: 'Quill Marten' },
      head: BARE_HEAD,
    },
  ]
}

const ANNA = 'fenella@nordwind.example'

function ago(hours: number): Date {
  return new Date(NOW.getTime() - hours * HOUR_MS)
}

const TRACE: readonly TraceRow[] = [
  { kind: 'mail', at: ago(26), from: ANNA, outcome: 'incomplete' },
  { kind: 'letter', at: ago(26), to: ANNA, letter: 'checklist', fate: 'sent' },
  { kind: 'mail', at: ago(20), from: ANNA, outcome: 'completes-draft' },
  { kind: 'letter', at: ago(20), to: ANNA, letter: 'acknowledgement', fate: 'sent' },
  { kind: 'mail', at: ago(19), from: 'quill@nordwind.example', outcome: 'reply' },
  { kind: 'letter', at: ago(3), to: ANNA, letter: 'agent-answer', fate: 'bounced' },
  { kind: 'letter', at: ago(3), to: 'quill@nordwind.example', letter: 'agent-answer', fate: 'queued' },
]

/** Makes the samples of one letter. */
export function statuses(fieldTexts: readonly FieldText[]): readonly Sample<'ticket-status'>[] {
  const open: TicketStatusModel = {
    state: 'open',
    queue: 'support',
    promise: PROMISE,
    expiresAt: null,
    fieldTexts,
    missing: [],
    position: 3,
    trace: TRACE,
  }
  const draft: TicketStatusModel = {
    ...open,
    state: 'draft',
    promise: null,
    position: null,
    missing: ['credentials', 'steps_taken'],
    expiresAt: EXPIRES_AT,
    trace: TRACE.slice(0, 2),
  }
  return [
    { title: 'open', model: open, head: HEAD },
    { title: 'head-and-late', model: { ...open, promise: LATE, position: 1 }, head: HEAD },
    { title: 'draft', model: draft, head: BARE_HEAD },
    { title: 'resolved', model: { ...open, state: 'resolved', promise: null, position: null }, head: HEAD },
    { title: 'without-trace', model: { ...draft, missing: [], expiresAt: null, trace: [] }, head: HEAD },
    {
      title: 'long-story',
      model: { ...open, trace: Array.from({ length: 6 }, () => TRACE).flat() },
      head: HEAD,
    },
  ]
}
