/**
 * Samples of letters about the desk's own work; between them they take every branch of the templates.
 */
import type {
  CommandResultModel,
  FinishedModel,
  ForwardedModel,
  PromiseModel,
  PromiseWarningModel,
} from './models.ts'
import { BARE_HEAD, HEAD, LATE, PROMISE, type Sample } from './sample-parts.ts'

const FINISHED: FinishedModel = { agentName: 'Mara Lind' }
const ENGINEERING: PromiseModel = { ...PROMISE, queue: 'engineering', hours: 72 }
const FORWARDED: ForwardedModel = { queue: 'engineering', promise: ENGINEERING, position: 3 }

/** Makes the samples of the letters that a ticket is over. */
export function finished(): readonly { title: string; model: FinishedModel; head: typeof HEAD }[] {
  return [{ title: 'without-words', model: FINISHED, head: HEAD }]
}

/** Makes the samples of one letter. */
export function forwarded(): readonly Sample<'engineering-forwarded'>[] {
  return [{ title: 'third-in-line', model: FORWARDED, head: HEAD }]
}

/** Makes the samples of one letter. */
export function results(): readonly Sample<'command-result'>[] {
  const done: CommandResultModel = {
    kind: 'done',
    rows: [
      { command: '#take', code: 'take', about: '' },
      { command: '#engineering', code: 'moved', about: 'engineering' },
    ],
    state: { queue: 'engineering', state: 'open', assignee: 'Mara Lind', promise: ENGINEERING },
    undo: 'yes',
    text: '',
    help: [],
  }
  const refused: CommandResultModel = {
    ...done,
    kind: 'refused',
    rows: [
      { command: '#resolv', code: 'unknown-near', about: '#resolve' },
      { command: '#wait', code: 'wait-needs-question', about: '' },
    ],
    state: { queue: 'support', state: 'open', assignee: null, promise: null },
    undo: 'none',
    text: 'Please restart Outlook and try once more.',
    help: [
      { usage: '#take', code: 'take', about: 'take', undo: 'yes' },
      { usage: '#engineering REASON', code: 'queue', about: 'engineering', undo: 'yes' },
    ],
  }
  const held: CommandResultModel = {
    ...refused,
    kind: 'held',
    rows: [{ code: 'agent-answer-overtaken', about: 'Tomas Reed' }],
    help: [],
  }
  const nobody: CommandResultModel = {
    ...done,
    rows: [{ code: 'nobody-waits', about: '' }],
    state: null,
    undo: 'none',
  }
  return [
    { title: 'done', model: done, head: HEAD },
    { title: 'refused', model: refused, head: HEAD },
    { title: 'held-back', model: held, head: HEAD },
    { title: 'nobody-waits', model: nobody, head: { ...BARE_HEAD, reference: null } },
  ]
}

const WARNING: PromiseWarningModel = {
  percent: 80,
  promise: PROMISE,
  partnerName: 'Nordwind IT',
  assignee: 'Mara Lind',
  customer: 'baeckerei-sommer.example',
}

/** Makes the samples of one letter. */
export function draftDigests(): readonly Sample<'draft-digest'>[] {
  const row = {
    reference: 'TG-1042',
    partner: 'Nordwind IT',
    missing: ['credentials', 'steps_taken'],
    since: PROMISE.dueAt,
    checklists: 2,
  }
  const head = { ...BARE_HEAD, reference: null }
  return [
    { title: 'one', model: { rows: [row], total: 1 }, head },
    {
      title: 'cut',
      model: { rows: [row, { ...row, reference: 'TG-1043', checklists: 1 }], total: 60 },
      head,
    },
  ]
}

/** Makes the samples of warnings and of broken promises. */
export function promiseWarnings(): readonly {
  title: string
  model: PromiseWarningModel
  head: typeof HEAD
}[] {
  return [
    { title: 'taken', model: WARNING, head: HEAD },
    { title: 'nobodys', model: { ...WARNING, percent: 100, promise: LATE, assignee: null }, head: HEAD },
  ]
}
