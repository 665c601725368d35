/**
 * Promises: when an answer is due. The clock starts when the completing mail was accepted by SMTP, not when it was
 * read, so that a backlog of ours never costs the partner time. While the partner is asked it stands still, and what was
 * used is banked.
 * Fails: a queue that the policy does not name is a fault. Source: the support policy (24 and 72 hours).
 */
import type { Policy, Queue } from '../intake/policy.ts'
import type { PromiseModel } from '../letters/models.ts'
import type { Context, PromiseRow, Ticket, TicketId } from './context.ts'
import type { Change } from './effects.ts'
import { addWorkingMs, workingMs } from './working-hours.ts'

const MS_PER_HOUR = 3_600_000
/** The desk is warned when so much of a promise is used; the last is the break. */
export const WARNING_PERCENTS = [50, 80, 100] as const

/** Finds a queue of the policy by its name. */
export function queueNamed(policy: Policy, name: string): Queue {
  const queue = policy.queues.find((row) => row.name === name)
  if (queue === undefined) throw new Error(`the policy has no queue "${name}"`)
  return queue
}

function hoursOf(policy: Policy, queue: string) {
  return policy.queues.find((row) => row.name === queue)?.hours ?? null
}

/** The instant at which this mail starts a promise: its acceptance, or the end of its wait for a person. */
export function clockStart(context: Context): Date {
  return context.resumed?.at ?? context.envelope.receivedAt
}

/** Makes the promise of a queue that starts at this instant. */
export function promiseOf(queue: Queue, startedAt: Date): PromiseModel {
  const dueAt = addWorkingMs(startedAt, queue.promiseHours * MS_PER_HOUR, queue.hours)
  return { queue: queue.name, hours: queue.promiseHours, dueAt }
}

/** Starts the promise of a queue on a ticket. */
export function startPromise(
  ticketId: TicketId,
  kind: 'first-response' | 'next-response',
  queue: Queue,
  startedAt: Date,
): Change {
  const { dueAt } = promiseOf(queue, startedAt)
  const promisedMs = queue.promiseHours * MS_PER_HOUR
  return { kind: 'start-promise', ticketId, promise: kind, queue: queue.name, startedAt, dueAt, promisedMs }
}

/** The promise that a ticket still owes; null when nothing is owed. */
export function owedPromise(ticket: Ticket): PromiseRow | null {
  return ticket.promises.find((row) => row.state === 'running' || row.state === 'paused') ?? null
}

/** How much of a promise is used at an instant, in milliseconds of its queue's hours. */
export function usedMs(row: PromiseRow, at: Date, policy: Policy): number {
  const running = row.runningSince === null ? 0 : workingMs(row.runningSince, at, hoursOf(policy, row.queue))
  return row.bankedMs + running
}

/** An answer by a person keeps what is owed; a late one breaks it. */
export function keepPromises(ticket: Ticket, at: Date, policy: Policy): readonly Change[] {
  const owed = owedPromise(ticket)
  if (owed === null) return []
  return [{ kind: 'keep-promises', ticketId: ticket.id, at, bankedMs: usedMs(owed, at, policy) }]
}

/** It is the partner's turn: nothing is used while they think. */
export function pausePromises(ticket: Ticket, at: Date, policy: Policy): readonly Change[] {
  const owed = owedPromise(ticket)
  if (owed?.state !== 'running') return []
  return [{ kind: 'pause-promises', ticketId: ticket.id, bankedMs: usedMs(owed, at, policy) }]
}

/** It is our turn again: what is left of the promise runs on. */
export function resumePromises(ticket: Ticket, at: Date, policy: Policy): readonly Change[] {
  const owed = owedPromise(ticket)
  if (owed?.state !== 'paused') return []
  return [{ kind: 'resume-promises', ticketId: ticket.id, at, dueAt: resumedDue(owed, at, policy) }]
}

/** When a paused promise is due, should it run on from this instant. */
function resumedDue(row: PromiseRow, at: Date, policy: Policy): Date {
  return addWorkingMs(at, row.promisedMs - row.bankedMs, hoursOf(policy, row.queue))
}

/** Nothing is owed any more. */
export function endPromises(ticket: Ticket, at: Date, policy: Policy): readonly Change[] {
  const owed = owedPromise(ticket)
  if (owed === null) return []
  return [{ kind: 'end-promises', ticketId: ticket.id, at, bankedMs: usedMs(owed, at, policy) }]
}

/** When so much of a running promise will be used. */
export function instantOfPercent(row: PromiseRow, percent: number, policy: Policy): Date {
  const left = (row.promisedMs * percent) / 100 - row.bankedMs
  return addWorkingMs(row.runningSince ?? row.startedAt, left, hoursOf(policy, row.queue))
}

/** Shows a ticket's owed promise in a letter; its queue may have left the policy since. */
export function owedPromiseModel(ticket: Ticket): PromiseModel | null {
  const row = owedPromise(ticket)
  if (row === null) return null
  const hours = Math.round(row.promisedMs / MS_PER_HOUR)
  return { queue: ticket.queue, hours, dueAt: row.dueAt }
}
