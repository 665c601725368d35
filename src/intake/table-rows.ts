/**
 * Labels and values in the rows of HTML tables: two cells, pairs of cells, or a row of labels above a row of values.
 * Fails: never; bounded by MAX_ROWS and MAX_CELLS.
 */
import { withoutAutolinks } from './find-hosts.ts'
import { cleanText } from './fold.ts'
import type { Lexicon, Target } from './lexicon.ts'
import { matchLabel, type TypoBudget } from './match-label.ts'
import type { Segment } from './segment.ts'

const MAX_ROWS = 500
const MAX_CELLS = 20
const MAX_CELL_CHARS = 20_000

/** Segments the rows; cells without a label are left to the text, which holds them too. */
export function segmentRows(
  rows: readonly (readonly string[])[],
  lexicon: Lexicon,
  budget: TypoBudget,
): Segment[] {
  const clean = rows
    .slice(0, MAX_ROWS)
    .map((row) =>
      row
        .slice(0, MAX_CELLS)
        .map((cell) => withoutAutolinks(cleanText(cell.slice(0, MAX_CELL_CHARS))).trim()),
    )
  const segments: Segment[] = []
  for (let at = 0; at < clean.length; at += 1) {
    const row = clean[at] ?? []
    const targets = row.map((cell) => labelOf(cell, lexicon, budget))
    const next = clean[at + 1]
    if (isHeading(targets, next, lexicon, budget)) {
      for (const [column, target] of targets.entries()) {
        if (target !== null) segments.push({ target, lines: (next?.[column] ?? '').split('\n') })
      }
      at += 1
    } else segments.push(...pairs(row, targets))
  }
  return segments
}

function labelOf(cell: string, lexicon: Lexicon, budget: TypoBudget): Target | null {
  const found = matchLabel(cell.replace(/^[\s*_•·-]+|[\s:：*_?]+$/gu, ''), lexicon, budget)
  return found?.target ?? null
}

/** Two labels side by side, with no label right below them. */
function isHeading(
  targets: readonly (Target | null)[],
  next: readonly string[] | undefined,
  lexicon: Lexicon,
  budget: TypoBudget,
): boolean {
  const labels = targets.filter((target) => target !== null && target.kind !== 'other').length
  if (labels < 2 || labels < targets.length - 1 || next === undefined) return false
  return next.length === targets.length && next.every((cell) => labelOf(cell, lexicon, budget) === null)
}

function pairs(row: readonly string[], targets: readonly (Target | null)[]): Segment[] {
  const segments: Segment[] = []
  for (let at = 0; at < row.length; at += 1) {
    const target = targets[at]
    if (target === null || target === undefined) continue
    segments.push({ target, lines: (row[at + 1] ?? '').split('\n') })
    at += 1
  }
  return segments
}
