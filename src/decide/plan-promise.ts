/**
 * Effects of the clock on a running promise: a warning when half and most of it is used, and the break. Each once, also
 * over restarts: what was told stands in the row.
 * Fails: never. Pure.
 */
import type { Policy } from '../intake/policy.ts'
import type { Ticket } from './context.ts'
import type { Change, Effects, LetterOrder, Recipient } from './effects.ts'
import { DEFAULT_LANGUAGE, eventChange } from './plan-parts.ts'
import { instantOfPercent, owedPromise, owedPromiseModel, usedMs, WARNING_PERCENTS } from './promise.ts'

export type DuePromise = {
  readonly ticket: Ticket
  readonly now: Date
  readonly policy: Policy
  /** The greatest percentage that was told. */
  readonly warned: number
  readonly partnerName: string
}

/** Plans what is due now, and when to look again. */
export function planPromiseCheck(due: DuePromise): Effects {
  const { ticket, now, policy, warned, partnerName } = due
  const owed = owedPromise(ticket)
  const promise = owedPromiseModel(ticket)
  if (owed?.state !== 'running' || promise === null) return { changes: [], letters: [] }
  const used = usedMs(owed, now, policy)
  const reached = WARNING_PERCENTS.filter((percent) => used >= (owed.promisedMs * percent) / 100)
  // After a long pause of ours only the last is worth telling.
  const percent = Math.max(warned, ...reached)
  const next = WARNING_PERCENTS.find((one) => one > percent)
  const isBroken = percent >= 100 && warned < 100
  const changes: Change[] = [
    {
      kind: 'warn-promise',
      ticketId: ticket.id,
      percent,
      nextCheckAt: next === undefined ? null : instantOfPercent(owed, next, policy),
      broken: isBroken,
    },
  ]
  if (percent === warned) return { changes, letters: [] }
  changes.push(eventChange(ticket.id, isBroken ? 'promise-broken' : 'promise-warning', `${percent} %`))
  const base = {
    ticketId: ticket.id,
    withheld: false,
    notBefore: now,
    language: DEFAULT_LANGUAGE,
    automatic: true,
    inReplyTo: null,
  }
  const model = {
    percent,
    promise,
    partnerName,
    assignee: ticket.assignee === null ? null : (ticket.assignee.name ?? ticket.assignee.address),
    customer: ticket.fields['customer_domain']?.value ?? null,
  }
  const holder: Recipient =
    ticket.assignee === null
      ? { kind: 'queue', queue: ticket.queue }
      : { kind: 'person', personId: ticket.assignee.id }
  const letters: LetterOrder[] = isBroken
    ? [
        { ...base, to: { kind: 'leads' }, template: 'promise-broken', model },
        ...(ticket.assignee === null
          ? []
          : [{ ...base, to: holder, template: 'promise-broken' as const, model }]),
      ]
    : [{ ...base, to: holder, template: 'promise-warning', model }]
  return { changes, letters }
}
