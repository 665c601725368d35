/**
 * The report as people read it on a terminal: sentences, tables, bars.
 * Fails: never; control characters of mails are shown as `?`, so that a mail cannot drive the terminal.
 */

import type { PartnerLine, Report, SetAside } from './report.ts'
import { acceptedSentence, count, day, mailsSentence, percent } from './report-words.ts'

const BAR_WIDTH = 24
const MAX_PARTNERS = 15
const MAX_NAME = 32
const MAX_SUBJECT = 60

/** Writes the report as text. */
export function reportText(report: Report): string {
  const { threads } = report
  const parts = [
    headText(report),
    ...(threads.found === 0
      ? ['No partner submitted anything in these mails.']
      : [acceptedText(report), missedText(report), partnersText(report)]),
    setAsideText(report.setAside),
    ...report.hints.map((hint) => `Note: ${hint}`),
  ]
  return `\n${parts
    .filter((part) => part !== '')
    .join('\n\n')
    .split('\n')
    .map((line) => printable(line).trimEnd())
    .join('\n')}\n\n`
}

function headText(report: Report): string {
  const { since, until } = report
  const days = since === null || until === null ? '' : `, ${day(since)} to ${day(until)}`
  return [`Rehearsal of ${report.mailbox}${days}`, ...mailsSentence(report)].join('\n')
}

function acceptedText({ threads }: Report): string {
  const rows: readonly (readonly [string, number])[] = [
    ['accepted at once', threads.acceptedAtOnce],
    ['accepted after asking', threads.acceptedAfterAsking],
    ['never complete', threads.neverComplete],
    ['withdrawn', threads.withdrawn],
  ]
  return [
    acceptedSentence(threads),
    '',
    ...rows.map(([name, times]) => barLine(name, times, threads.found, 22)),
  ].join('\n')
}

function missedText({ missed, threads }: Report): string {
  if (missed.length === 0) return ''
  const width = Math.max(...missed.map((one) => one.title.length)) + 1
  const rows = missed.map((one) => barLine(one.title, one.threads, threads.askedBack, width))
  return [`What was missing in the ${count(threads.askedBack, 'thread')} asked back`, '', ...rows].join('\n')
}

function barLine(name: string, times: number, of: number, width: number): string {
  const part = of === 0 ? 0 : times / of
  const full = times === 0 ? 0 : Math.max(1, Math.round(part * BAR_WIDTH))
  const bar = '█'.repeat(full).padEnd(BAR_WIDTH, '·')
  return `  ${name.padEnd(width)} ${bar} ${String(times).padStart(5)}  ${percent(part).padStart(5)}`
}

function partnersText({ partners }: Report): string {
  const active = partners.filter((one) => one.found > 0)
  if (active.length === 0) return ''
  const shown = active.slice(0, MAX_PARTNERS)
  const cells = [
    ['PARTNER', 'MAILS', 'THREADS', 'AT ONCE', 'AFTER ASKING', 'NEVER', 'MOST MISSED'],
    ...shown.map(partnerCells),
  ]
  const widths = [0, 1, 2, 3, 4, 5, 6].map((i) => Math.max(...cells.map((row) => row[i]?.length ?? 0)))
  const lines = cells.map(
    (row) =>
      `  ${row.map((cell, i) => (i === 0 || i === 6 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0))).join('  ')}`,
  )
  const more = active.length - shown.length
  return [
    'By partner',
    '',
    ...lines,
    ...(more > 0 ? [`  … and ${more} more; --json and --html list them`] : []),
  ].join('\n')
}

function partnerCells(one: PartnerLine): readonly string[] {
  return [
    cut(one.name, MAX_NAME),
    String(one.mails),
    String(one.found),
    String(one.acceptedAtOnce),
    String(one.acceptedAfterAsking),
    String(one.neverComplete),
    one.missed[0]?.title ?? '–',
  ]
}

function setAsideText(rows: readonly SetAside[]): string {
  if (rows.length === 0) return ''
  const lines = rows.flatMap((row) => [
    `  ${String(row.mails).padStart(5)}  ${row.outcome}: ${row.words}`,
    ...row.examples.map(
      (one) =>
        `           ${one.place}${one.from === null ? '' : `, ${one.from}`}${one.subject === null ? '' : `: ${cut(one.subject, MAX_SUBJECT)}`}`,
    ),
  ])
  return ['Mails that nothing comes of by themselves, with examples', '', ...lines].join('\n')
}

function cut(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 1)}…`
}

function printable(line: string): string {
  return line.replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, '?')
}
