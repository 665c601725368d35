/**
 * Promises: when an answer is due. The clock starts when the completing mail was accepted by SMTP, not when it was
 * read, so that a backlog of ours never costs the partner time.
 * Fails: a queue that the policy does not name is a fault. Source: the support policy (24 and 72 hours).
 */
import type { Policy, Queue } from '../intake/policy.ts'
import type { PromiseModel } from '../letters/models.ts'
import type { Context, PromiseRow, Ticket } from './context.ts'

const MS_PER_HOUR = 3_600_000

/** Finds a queue of the policy by its name. */
export function queueNamed(policy: Policy, name: string): Queue {
  const queue = policy.queues.find((row) => row.name === name)
  if (queue === undefined) throw new Error(`the policy has no queue "${name}"`)
  return queue
}

/** The instant at which this mail starts a promise: its acceptance, or the end of its wait for a person. */
export function clockStart(context: Context): Date {
  return context.resumed?.at ?? context.envelope.receivedAt
}

/** Makes the promise of a queue that starts at this instant. */
export function promiseOf(queue: Queue, startedAt: Date): PromiseModel {
  const dueAt = new Date(startedAt.getTime() + queue.promiseHours * MS_PER_HOUR)
  return { queue: queue.name, hours: queue.promiseHours, dueAt }
}

/** The promise that a ticket still owes; null when nothing is owed. */
export function owedPromise(ticket: Ticket): PromiseRow | null {
  return ticket.promises.find((row) => row.state === 'running' || row.state === 'paused') ?? null
}

/** Shows a ticket's owed promise in a letter; its queue may have left the policy since. */
export function owedPromiseModel(ticket: Ticket, policy: Policy): PromiseModel | null {
  const row = owedPromise(ticket)
  if (row === null) return null
  const queue = policy.queues.find((candidate) => candidate.name === ticket.queue)
  const hours =
    queue?.promiseHours ?? Math.round((row.dueAt.getTime() - row.startedAt.getTime()) / MS_PER_HOUR)
  return { queue: ticket.queue, hours, dueAt: row.dueAt }
}
