/**
 * What the commands of an agent's mail share: a step that was done, a problem that stops it, the head of a letter that can
 * still be recalled.
 * Fails: never. Pure.
 */
import type { CommandLine } from './command-lines.ts'
import type { Colleague, Context, Person, Ticket, TicketState } from './context.ts'
import type { Change, LetterOrder, Recipient } from './effects.ts'
import type { OrderCase, ResultRow, Step, Work } from './orders.ts'

export type Run = (line: CommandLine, work: Work, at: OrderCase) => Step

export const FINISHED: ReadonlySet<TicketState> = new Set(['resolved', 'closed', 'expired', 'withdrawn'])

export function problem(code: string, about = ''): Step {
  return { problem: { code, about } }
}

/** The work with more done: changes fold into the ticket by `patch`. */
export function done(
  work: Work,
  row: ResultRow,
  more: {
    readonly patch?: Partial<Ticket>
    readonly changes?: readonly Change[]
    readonly letters?: readonly LetterOrder[]
  } = {},
): Work {
  return {
    ...work,
    ticket: { ...work.ticket, ...more.patch },
    changes: [...work.changes, ...(more.changes ?? [])],
    letters: [...work.letters, ...(more.letters ?? [])],
    rows: [...work.rows, row],
  }
}

export function letterBase(work: Work, context: Context, to: Recipient) {
  const { ticket } = work
  return {
    to,
    ticketId: ticket.id,
    withheld: context.mode === 'observe',
    notBefore: new Date(context.now.getTime() + UNDO_SECONDS * 1000),
    language: ticket.language,
    automatic: true,
    inReplyTo: null,
  }
}

/** Time to recall what goes to a partner before the relay has it. */
export const UNDO_SECONDS = 60

export const EVERYBODY: Recipient = { kind: 'participants', except: null }

export function reference(ticket: { readonly number: number }): string {
  return `TG-${ticket.number}`
}

export function colleagueOf({ id, name, address }: Person): Colleague {
  return { id, name, address }
}

export function isSequential(context: Context, queue: string): boolean {
  return context.policy.queues.find((one) => one.name === queue)?.order === 'sequential'
}

/** A started promise as the ticket will show it. */
export function rowOf(change: Change): Ticket['promises'] {
  if (change.kind !== 'start-promise') return []
  const { promise, queue, startedAt, dueAt, promisedMs } = change
  return [
    {
      kind: promise,
      queue,
      state: 'running',
      startedAt,
      dueAt,
      promisedMs,
      bankedMs: 0,
      runningSince: startedAt,
      brokenAt: null,
    },
  ]
}

/** More results a day are two machines talking. */
const MAX_RESULTS_PER_DAY = 100

/** May the agent be told once more? An autoresponder that marks nothing answers every result. */
export function mayTell({ desk }: Context): boolean {
  return (desk?.resultsToday ?? 0) < MAX_RESULTS_PER_DAY
}
