/**
 * What the templates of letters about the desk's own work may use: the result of commands, warnings of promises, letters
 * that a ticket is over or went to another queue.
 * Fails: never. Pure.
 */
import type { HeadView } from './head-view.ts'
import type {
  CommandResultModel,
  DraftDigestModel,
  FinishedModel,
  ForwardedModel,
  LetterHead,
  PromiseModel,
  PromiseWarningModel,
} from './models.ts'

/** Held back for these, an answer may go all the same when its agent says so. */
const SENDABLE: ReadonlySet<string> = new Set([
  'agent-answer-secret',
  'agent-answer-quotes-notice',
  'agent-answer-overtaken',
  'agent-command',
])

type ResultRow = { readonly command: string; readonly code: string; readonly about: string }

export type CommandResultView = {
  readonly kind: string
  readonly rows: readonly ResultRow[]
  readonly isDone: boolean
  readonly isSendable: boolean
  readonly hasState: boolean
  readonly state: string
  readonly queue: string
  readonly assignee: string | null
  readonly promise: PromiseModel | null
  readonly undo: string
  readonly words: string
  readonly help: readonly { readonly usage: string; readonly code: string; readonly about: string }[]
}
export type FinishedView = FinishedModel
export type ForwardedView = ForwardedModel
export type PromiseWarningView = PromiseWarningModel

export type DraftDigestView = {
  readonly rows: readonly {
    readonly reference: string
    readonly partner: string
    readonly missing: string
    readonly since: Date
    readonly checklists: number
  }[]
  readonly rowCount: number
  readonly more: number
}

/** Makes what the digest of drafts shows; fields by their plain names, since it is about many partners at once. */
export function draftDigestView({ rows, total }: DraftDigestModel): DraftDigestView {
  return {
    rows: rows.map((row) => ({ ...row, missing: row.missing.join(', ').replaceAll('_', ' ') })),
    rowCount: total,
    more: Math.max(0, total - rows.length),
  }
}

/** Makes what a command's result shows. */
export function commandResultView(
  model: CommandResultModel,
  head: LetterHead,
  _shared: HeadView,
): CommandResultView {
  const { state } = model
  const isAboutTicket = head.reference !== null
  return {
    kind: model.kind,
    rows: model.rows.map(({ command = '', code, about }) => ({ command, code, about })),
    isDone: model.kind === 'done' && isAboutTicket,
    isSendable: model.kind === 'held' && isAboutTicket && model.rows.some(({ code }) => SENDABLE.has(code)),
    hasState: state !== null,
    state: state?.state ?? '',
    queue: state?.queue ?? '',
    assignee: state?.assignee ?? null,
    promise: state?.promise ?? null,
    undo: model.undo,
    words: model.text,
    help: model.help.map(({ usage, code, about }) => ({ usage, code, about })),
  }
}
