/**
 * Comma-separated values: reading and writing rows of text.
 * Fails: a quote that never closes is an Error with its line. Source: RFC 4180.
 */

/** A row with the number of its first line, from 1. */
export type CsvRow = { readonly line: number; readonly cells: readonly string[] }

/** Reads rows; empty lines are left out. Throws an Error for a quote that never closes. */
export function readCsv(text: string): readonly CsvRow[] {
  const rows: CsvRow[] = []
  let cells: string[] = []
  let line = 1
  let start = 1
  let at = text.charCodeAt(0) === 0xfeff ? 1 : 0
  const endRow = (): void => {
    if (cells.some((cell) => cell !== '')) rows.push({ line: start, cells })
    cells = []
    start = line
  }
  while (at < text.length) {
    const cell = text[at] === '"' ? quotedCell(text, at, line) : plainCell(text, at)
    cells.push(cell.value)
    line += cell.lines
    at = cell.end
    const end = /^\r?\n/.exec(text.slice(at, at + 2))?.[0]
    if (end !== undefined) {
      line += 1
      at += end.length
      endRow()
    } else if (text[at] === ',') {
      at += 1
      if (at === text.length) cells.push('')
    } else if (at < text.length) throw new Error(`line ${line}: something stands behind a closing quote`)
  }
  endRow()
  return rows
}

type Cell = { readonly value: string; readonly end: number; readonly lines: number }

function plainCell(text: string, from: number): Cell {
  let end = from
  while (end < text.length && !',\n\r'.includes(text.charAt(end))) end += 1
  return { value: text.slice(from, end).trim(), end, lines: 0 }
}

function quotedCell(text: string, from: number, line: number): Cell {
  let value = ''
  for (let at = from + 1; at < text.length; at++) {
    if (text[at] !== '"') value += text.charAt(at)
    else if (text[at + 1] === '"') {
      value += '"'
      at += 1
    } else return { value, end: at + 1, lines: value.split('\n').length - 1 }
  }
  throw new Error(`line ${line}: a quote is never closed`)
}

/** Writes rows with the line ends of RFC 4180; every cell that needs quotes gets them. */
export function writeCsv(rows: readonly (readonly string[])[]): string {
  const quoted = (cell: string): string =>
    /[",\r\n]|^\s|\s$/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell
  return rows.map((row) => `${row.map(quoted).join(',')}\r\n`).join('')
}
