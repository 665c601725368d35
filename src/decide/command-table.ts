/**
 * The commands of an agent's mail, a row for each: what it needs, what it does, whether it can be undone. A queue's own
 * name is a command as well (`#engineering REASON`): it moves the ticket there.
 * Fails: never; a command that does not fit gives the problem to tell.
 */
import type { Queue } from '../intake/policy.ts'
import type { Ticket } from './context.ts'
import { need } from './order-asks.ts'
import { cc, credentials, help, history, note, remove, send, undo } from './order-people.ts'
import { accept, finish, merge, reopen, wait } from './order-states.ts'
import type { Run } from './order-steps.ts'
import { assignTo, jump, moveTo, take } from './order-turns.ts'
import { owedPromise, owedPromiseModel } from './promise.ts'

export type CommandRow = {
  readonly word: string
  /** What is written after it, for the help: `ADDRESS`, `[REASON]`; empty for nothing. */
  readonly argument: string
  /** `alone`: with no other command and no text. */
  readonly alone?: true
  readonly undo: 'yes' | 'no' | 'none'
  readonly run: Run
}

const ROWS: readonly CommandRow[] = [
  { word: 'note', argument: '', undo: 'none', run: note },
  { word: 'take', argument: '', undo: 'yes', run: take },
  { word: 'jump', argument: 'REASON', undo: 'yes', run: jump },
  { word: 'assign', argument: 'NAME', undo: 'yes', run: assignTo },
  { word: 'need', argument: 'FIELD, FIELD', undo: 'yes', run: need },
  { word: 'accept', argument: 'REASON', undo: 'yes', run: accept },
  { word: 'wait', argument: '', undo: 'yes', run: wait },
  { word: 'resolve', argument: '', undo: 'yes', run: finish('resolved') },
  { word: 'close', argument: '', undo: 'yes', run: finish('closed') },
  { word: 'reopen', argument: '', undo: 'yes', run: reopen },
  { word: 'merge', argument: 'TG-1042', undo: 'yes', run: merge },
  { word: 'cc', argument: 'ADDRESS', undo: 'yes', run: cc },
  { word: 'remove', argument: 'ADDRESS', undo: 'yes', run: remove },
  { word: 'history', argument: '', undo: 'none', run: history },
  { word: 'credentials', argument: '', undo: 'none', run: credentials },
  { word: 'send', argument: '', alone: true, undo: 'no', run: send },
  { word: 'undo', argument: '', alone: true, undo: 'no', run: undo },
  { word: 'help', argument: '', undo: 'none', run: help },
]

/** The commands of a desk: the table, and its queues by their names. */
export function commandRows(queues: readonly Queue[]): readonly CommandRow[] {
  const known = new Set(ROWS.map((row) => row.word))
  const moves = queues
    .filter(({ name }) => !known.has(name))
    .map((queue) => ({
      word: queue.name,
      argument: queue.order === 'sequential' ? 'REASON' : '[REASON]',
      undo: 'yes' as const,
      run: moveTo(queue),
    }))
  return [...ROWS.slice(0, 6), ...moves, ...ROWS.slice(6)]
}

/** Is anything still owed on the ticket as it will be? For the result's state line. */
export function promiseAfter(ticket: Ticket): ReturnType<typeof owedPromiseModel> {
  return owedPromise(ticket) === null ? null : owedPromiseModel(ticket)
}
