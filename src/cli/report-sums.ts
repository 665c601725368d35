/**
 * Sums of the report: per partner, per queue and of all. Pure.
 */
import type { PromiseLine, ReportRows, TicketReportLine } from '../store/report.ts'

export type Sums = {
  /** `all`, a partner's or a queue's name. */
  readonly name: string
  readonly tickets: number
  readonly firstTimeComplete: number
  readonly kept: number
  readonly broken: number
  readonly running: number
  /** Hours of the queue until the first answer by a person: half were faster, nine of ten were faster. */
  readonly medianHours: number | null
  readonly ninetiethHours: number | null
}

export type Report = {
  readonly all: Sums
  readonly partners: readonly Sums[]
  readonly queues: readonly Sums[]
  readonly missed: readonly { readonly name: string; readonly count: number }[]
  readonly jumps: readonly { readonly queue: string; readonly detail: string }[]
  readonly passes: number
}

const HOUR_MS = 3_600_000

/** Adds up the rows of a span. */
export function sumReport(rows: ReportRows): Report {
  return {
    all: sumsOf('all', rows),
    partners: groups(rows, 'partner'),
    queues: groups(rows, 'queue'),
    missed: missedOf(rows.tickets),
    jumps: rows.turns
      .filter(({ kind }) => kind === 'queue-jump')
      .map(({ queue, detail }) => ({ queue, detail })),
    passes: rows.turns.filter(({ kind }) => kind === 'queue-pass').length,
  }
}

function groups(rows: ReportRows, by: 'partner' | 'queue'): readonly Sums[] {
  const names = [...new Set([...rows.tickets, ...rows.promises].map((row) => row[by]))].sort()
  return names.map((name) =>
    sumsOf(name, {
      ...rows,
      tickets: rows.tickets.filter((row) => row[by] === name),
      promises: rows.promises.filter((row) => row[by] === name),
    }),
  )
}

function sumsOf(name: string, { tickets, promises }: Pick<ReportRows, 'tickets' | 'promises'>): Sums {
  const times = firstResponses(promises)
  return {
    name,
    tickets: tickets.length,
    firstTimeComplete: tickets.filter((ticket) => ticket.firstTimeComplete).length,
    kept: promises.filter(({ state, broken }) => state === 'kept' && !broken).length,
    broken: promises.filter(({ broken }) => broken).length,
    running: promises.filter(({ state, broken }) => !broken && (state === 'running' || state === 'paused'))
      .length,
    medianHours: quantile(times, 0.5),
    ninetiethHours: quantile(times, 0.9),
  }
}

function firstResponses(promises: readonly PromiseLine[]): readonly number[] {
  return promises
    .filter(({ kind }) => kind === 'first-response')
    .flatMap(({ usedMs }) => (usedMs === null ? [] : [usedMs]))
    .sort((one, other) => one - other)
}

function quantile(sorted: readonly number[], share: number): number | null {
  const value = sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]
  return value === undefined ? null : Math.round((value / HOUR_MS) * 10) / 10
}

function missedOf(tickets: readonly TicketReportLine[]): Report['missed'] {
  const counts = new Map<string, number>()
  for (const name of tickets.flatMap(({ missed }) => missed)) counts.set(name, (counts.get(name) ?? 0) + 1)
  return [...counts]
    .map(([name, count]) => ({ name, count }))
    .sort((one, other) => other.count - one.count || (one.name < other.name ? -1 : 1))
}
