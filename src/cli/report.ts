/** `ticketgate report`: promises kept and broken, first answers, what first mails lacked, who was taken out of turn. */
import { writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { loadReport } from '../store/report.ts'
import {
  type Call,
  CONFIG_OPTION,
  type Command,
  EXIT,
  JSON_OPTION,
  textOption,
  UsageError,
} from './command.ts'
import { asExitError } from './exit-error.ts'
import { withDesk } from './open-desk.ts'
import { reportPage, share } from './report-page.ts'
import { type Report, type Sums, sumReport } from './report-sums.ts'
import { printRows } from './table.ts'

const DAY_MS = 86_400_000
const DEFAULT_DAYS = 30

export const report: Command = {
  name: 'report',
  summary: 'promises kept and broken, first answers, what first mails lacked',
  usage: '',
  details: `Days are UTC; --to is not in the span. Counted are promises that began and tickets that came within it. A
promise that broke counts as broken, also while nobody has answered yet.`,
  options: {
    ...CONFIG_OPTION,
    ...JSON_OPTION,
    from: { type: 'string', value: 'DATE', help: 'first day, such as 2026-11-01 (default: 30 days ago)' },
    to: { type: 'string', value: 'DATE', help: 'the day after the last (default: tomorrow)' },
    csv: { type: 'boolean', help: 'print CSV, a row for each partner and queue' },
    html: { type: 'string', value: 'FILE', help: 'write one page with plots' },
  },
  run: (call, io) =>
    withDesk(call, io, async (desk) => {
      const today = Math.floor(desk.clock().getTime() / DAY_MS) * DAY_MS
      const to = dayOption(call, 'to') ?? new Date(today + DAY_MS)
      const from = dayOption(call, 'from') ?? new Date(to.getTime() - DEFAULT_DAYS * DAY_MS)
      if (from >= to) throw new UsageError('--from must be before --to')
      const sums = sumReport(await loadReport(desk.store.db, { from, to }))
      const file = textOption(call, 'html')
      if (file !== null) {
        const path = resolve(io.cwd, file)
        write(path, reportPage(sums, `${isoDay(from)} to ${isoDay(new Date(to.getTime() - DAY_MS))}`))
        io.out(`written to ${path}\n`)
        return EXIT.ok
      }
      if (call.options['csv'] === true) io.out(csvOf(sums))
      else if (call.options['json'] === true) io.out(`${JSON.stringify({ from, to, ...sums })}\n`)
      else printReport(io, sums, `${isoDay(from)} to ${isoDay(new Date(to.getTime() - DAY_MS))}`)
      return EXIT.ok
    }),
}

function dayOption(call: Call, name: string): Date | null {
  const word = textOption(call, name)
  if (word === null) return null
  const day = /^\d{4}-\d{2}-\d{2}$/.test(word) ? new Date(`${word}T00:00:00Z`) : new Date(Number.NaN)
  if (Number.isNaN(day.getTime())) throw new UsageError(`--${name} takes a day such as 2026-11-01`)
  return day
}

function isoDay(at: Date): string {
  return at.toISOString().slice(0, 10)
}

function write(path: string, page: string): void {
  try {
    writeFileSync(path, page)
  } catch (error) {
    throw asExitError(error)
  }
}

type Io = Parameters<Command['run']>[1]

function printReport(io: Io, { all, partners, queues, missed, jumps, passes }: Report, span: string): void {
  io.out(`${span}\n\n`)
  const columns = [
    { title: '', of: (row: Sums) => row.name },
    { title: 'TICKETS', of: (row: Sums) => String(row.tickets) },
    { title: 'AT ONCE', of: (row: Sums) => share(row.firstTimeComplete, row.tickets) },
    { title: 'KEPT', of: (row: Sums) => String(row.kept) },
    { title: 'BROKEN', of: (row: Sums) => String(row.broken) },
    { title: 'RUNNING', of: (row: Sums) => String(row.running) },
    { title: 'HALF ANSWERED', of: (row: Sums) => hours(row.medianHours) },
    { title: '90 % ANSWERED', of: (row: Sums) => hours(row.ninetiethHours) },
  ]
  printRows(io, [all], { json: false, nothing: '', columns })
  io.out('\nQueues\n')
  printRows(io, queues, { json: false, nothing: 'none', columns })
  io.out('\nPartners\n')
  printRows(io, partners, { json: false, nothing: 'none', columns })
  const lacked = missed.map(({ name, count }) => `${name} ${count}`).join(', ')
  io.out(`\nFirst mails lacked: ${lacked === '' ? 'nothing' : lacked}\n`)
  io.out(`Out of turn: ${jumps.length} taken, ${passes} passed over\n`)
  for (const { queue, detail } of jumps) io.out(`  ${queue}: ${detail}\n`)
}

function hours(value: number | null): string {
  return value === null ? '–' : `${value} h`
}

function csvOf({ all, partners, queues }: Report): string {
  const head = 'kind,name,tickets,first_time_complete,kept,broken,running,median_hours,ninetieth_hours'
  const line = (kind: string, row: Sums): string =>
    [
      kind,
      quoted(row.name),
      row.tickets,
      row.firstTimeComplete,
      row.kept,
      row.broken,
      row.running,
      row.medianHours ?? '',
      row.ninetiethHours ?? '',
    ].join(',')
  return `${[head, line('all', all), ...queues.map((row) => line('queue', row)), ...partners.map((row) => line('partner', row))].join('\r\n')}\r\n`
}

/** RFC 4180; a cell that a spreadsheet would take for a formula is marked as text. */
function quoted(value: string): string {
  const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value
  return `"${safe.replaceAll('"', '""')}"`
}
