/**
 * Writes what becomes of promises. Used time comes with the change, since only the policy knows a queue's hours.
 * Fails: faults of the database are thrown.
 */
import { assertNever } from '../decide/assert-never.ts'
import type { Change } from '../decide/effects.ts'
import type { ApplyCase } from './apply-deps.ts'

export type PromiseChange = Extract<
  Change,
  {
    kind:
      | 'start-promise'
      | 'keep-promises'
      | 'pause-promises'
      | 'resume-promises'
      | 'end-promises'
      | 'warn-promise'
  }
>
type Of<K extends Change['kind']> = Extract<Change, { kind: K }>

/** Applies one change of this group. */
export async function applyPromiseChange(change: PromiseChange, at: ApplyCase): Promise<void> {
  switch (change.kind) {
    case 'start-promise':
      return startPromise(change, at)
    case 'keep-promises':
      return endOwed(change, at, null)
    case 'end-promises':
      return endOwed(change, at, 'ended')
    case 'pause-promises':
      return pause(change, at)
    case 'resume-promises':
      return resume(change, at)
    case 'warn-promise':
      return warn(change, at)
    default:
      return assertNever(change)
  }
}

async function startPromise(change: Of<'start-promise'>, { tx, now, deps }: ApplyCase): Promise<void> {
  const startedAt = change.startedAt.getTime()
  await tx
    .insertInto('promise')
    .values({
      id: deps.newId(now),
      ticket_id: change.ticketId,
      kind: change.promise,
      queue: change.queue,
      state: 'running',
      started_at: startedAt,
      due_at: change.dueAt.getTime(),
      promised_ms: change.promisedMs,
      banked_ms: 0,
      running_since: startedAt,
      warned_percent: 0,
      // The clock works out when the first warning is due.
      next_check_at: startedAt,
    })
    .execute()
}

/** `state` null: kept when in time, else broken. */
async function endOwed(
  change: Of<'keep-promises'> | Of<'end-promises'>,
  { tx }: ApplyCase,
  state: 'ended' | null,
): Promise<void> {
  const at = change.at.getTime()
  const owed = await tx
    .selectFrom('promise')
    .select(['id', 'due_at', 'state', 'broken_at'])
    .where('ticket_id', '=', change.ticketId)
    .where('state', 'in', ['running', 'paused'])
    .execute()
  for (const promise of owed) {
    // While it was paused its instant may have passed; that breaks nothing.
    const isLate = promise.broken_at !== null || (promise.state === 'running' && at > promise.due_at)
    const brokenAt = isLate ? (promise.broken_at ?? promise.due_at) : null
    await tx
      .updateTable('promise')
      .set({
        state: state === null ? (isLate ? 'broken' : 'kept') : isLate ? 'broken' : state,
        banked_ms: change.bankedMs,
        running_since: null,
        ended_at: at,
        next_check_at: null,
        broken_at: brokenAt,
      })
      .where('id', '=', promise.id)
      .execute()
  }
}

async function pause({ ticketId, bankedMs }: Of<'pause-promises'>, { tx }: ApplyCase): Promise<void> {
  await tx
    .updateTable('promise')
    .set({ state: 'paused', banked_ms: bankedMs, running_since: null, next_check_at: null })
    .where('ticket_id', '=', ticketId)
    .where('state', '=', 'running')
    .execute()
}

async function resume({ ticketId, at, dueAt }: Of<'resume-promises'>, { tx }: ApplyCase): Promise<void> {
  const since = at.getTime()
  await tx
    .updateTable('promise')
    .set({ state: 'running', running_since: since, due_at: dueAt.getTime(), next_check_at: since })
    .where('ticket_id', '=', ticketId)
    .where('state', '=', 'paused')
    .execute()
}

async function warn(change: Of<'warn-promise'>, { tx, now }: ApplyCase): Promise<void> {
  await tx
    .updateTable('promise')
    .set({
      warned_percent: change.percent,
      next_check_at: change.nextCheckAt?.getTime() ?? null,
      ...(change.broken ? { broken_at: now.getTime() } : {}),
    })
    .where('ticket_id', '=', change.ticketId)
    .where('state', '=', 'running')
    .execute()
}
