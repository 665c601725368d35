/**
 * Shows rows to people as an aligned table, or to programs as one JSON object per line.
 * Fails: never; control characters in values are shown as `?`, so that a mail cannot drive the terminal.
 */
import type { Io } from './command.ts'

export type Column<Row> = { readonly title: string; readonly of: (row: Row) => string }

/** Replaces everything that could move the cursor or change colours. Tabs and line ends count. */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, '?')
}

/** Prints `rows`; `nothing` is the sentence for an empty list. */
export function printRows<Row>(
  io: Io,
  rows: readonly Row[],
  show: { readonly json: boolean; readonly columns: readonly Column<Row>[]; readonly nothing: string },
): void {
  if (show.json) {
    for (const row of rows) io.out(`${JSON.stringify(row)}\n`)
    return
  }
  if (rows.length === 0) {
    io.err(`${show.nothing}\n`)
    return
  }
  const cells = rows.map((row) => show.columns.map((column) => printable(column.of(row))))
  const widths = show.columns.map((column, i) =>
    Math.max(column.title.length, ...cells.map((row) => row[i]?.length ?? 0)),
  )
  const line = (row: readonly string[]): string =>
    `${row.map((cell, i) => (i === row.length - 1 ? cell : cell.padEnd(widths[i] ?? 0))).join('  ')}\n`
  io.out(line(show.columns.map((column) => column.title)))
  for (const row of cells) io.out(line(row))
}

/** Returns an instant as people at a terminal read it: `2026-01-31 09:30:00 UTC`. */
export function instant(at: Date | null): string {
  return at === null
    ? '–'
    : at
        .toISOString()
        .replace('T', ' ')
        .replace(/\.\d+Z$/, ' UTC')
}
