/**
 * Counts what became of the threads that partners began. Of a thread only its partner, its state and what it first
 * lacked is kept.
 * Fails: never. Pure.
 */
import { assertNever } from '../decide/assert-never.ts'
import type { FieldName } from '../intake/policy.ts'
import { countOne, mostFirst } from './count.ts'
import type { Rehearsed } from './rehearsed.ts'
import type { MissedItem, PartnerLine, Threads } from './report.ts'

type Thread = {
  readonly partner: string
  readonly missing: readonly FieldName[]
  state: 'accepted-at-once' | 'accepted-later' | 'asked' | 'withdrawn'
}

export type ThreadTally = {
  readonly threads: Map<string, Thread>
  /** Mails of each partner. */
  readonly mails: Map<string, number>
}

/** Starts an empty tally. */
export function newThreadTally(): ThreadTally {
  return { threads: new Map(), mails: new Map() }
}

/** Adds one decided mail. */
export function tallyThread(tally: ThreadTally, { verdict, evidence, ticket }: Rehearsed): void {
  const { partner } = evidence
  if (partner === null) return
  countOne(tally.mails, partner)
  if (ticket === null) return
  const known = tally.threads.get(ticket)
  switch (verdict.kind) {
    case 'new-ticket':
      tally.threads.set(ticket, { partner, missing: verdict.missing, state: 'accepted-at-once' })
      break
    case 'incomplete':
      if (known === undefined)
        tally.threads.set(ticket, { partner, missing: verdict.missing, state: 'asked' })
      else known.state = 'asked'
      break
    case 'completes-draft':
      if (known !== undefined) known.state = 'accepted-later'
      break
    case 'reply':
      if (known !== undefined && evidence.circumstances.includes('withdraws-draft')) known.state = 'withdrawn'
      break
    case 'agent-reply':
    case 'command':
    case 'automatic':
    case 'bounce':
    case 'duplicate':
    case 'held':
    case 'unreadable':
      break
    default:
      assertNever(verdict)
  }
}

/** Sums up all threads. */
export function threadsOf(tally: ThreadTally): Threads {
  return sumUp([...tally.threads.values()])
}

/** Counts what the first mails of threads lacked, most missed first. */
export function missedOf(tally: ThreadTally, titleOf: (field: FieldName) => string): readonly MissedItem[] {
  return missed([...tally.threads.values()], titleOf)
}

/** Sums up the threads of each partner, the partner of most mails first. */
export function partnersOf(
  tally: ThreadTally,
  titleOf: (field: FieldName) => string,
): readonly PartnerLine[] {
  const byPartner = Map.groupBy(tally.threads.values(), (thread) => thread.partner)
  return mostFirst(tally.mails).map(([name, mails]) => {
    const threads = byPartner.get(name) ?? []
    return { name, mails, ...sumUp(threads), missed: missed(threads, titleOf) }
  })
}

function sumUp(threads: readonly Thread[]): Threads {
  const inState = (state: Thread['state']): number =>
    threads.filter((thread) => thread.state === state).length
  const found = threads.length
  const acceptedAtOnce = inState('accepted-at-once')
  return {
    found,
    acceptedAtOnce,
    acceptedAfterAsking: inState('accepted-later'),
    askedBack: found - acceptedAtOnce,
    withdrawn: inState('withdrawn'),
    neverComplete: inState('asked'),
    firstTimeComplete: found === 0 ? null : acceptedAtOnce / found,
  }
}

function missed(threads: readonly Thread[], titleOf: (field: FieldName) => string): readonly MissedItem[] {
  const counts = new Map<FieldName, number>()
  for (const thread of threads) for (const field of thread.missing) countOne(counts, field)
  return mostFirst(counts).map(([field, times]) => ({ field, title: titleOf(field), threads: times }))
}
