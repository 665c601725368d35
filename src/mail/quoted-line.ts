/**
 * One line of a mail's text: how deep it is quoted, its text without quote marks, its comparison form.
 * Fails: never; looks at no more than MAX_LINE_CHARS of a line, so that work stays linear in the text.
 */

/** Longer than any attribution, label or closing; the rest of a line is never looked at. */
const MAX_LINE_CHARS = 600

/** Counts the quote marks (`>`) in front of a line; up to three spaces may stand before the first. */
export function quoteDepth(line: string): number {
  let depth = 0
  let spaces = 0
  for (let index = 0; index < line.length && index < MAX_LINE_CHARS; index += 1) {
    const char = line[index]
    if (char === '>' || char === '＞') {
      depth += 1
      spaces = 0
    } else if (char === ' ' && spaces < (depth === 0 ? 3 : 1)) spaces += 1
    else break
  }
  return depth
}

/** Removes `levels` quote marks (all without a number) and one space after the last. */
export function stripQuoteMarks(line: string, levels = Number.POSITIVE_INFINITY): string {
  let left = Math.min(levels, quoteDepth(line))
  if (left === 0) return line
  let index = 0
  while (left > 0) {
    if (line[index] === '>' || line[index] === '＞') left -= 1
    index += 1
  }
  return line.slice(line[index] === ' ' ? index + 1 : index)
}

// Marks that clients leave at line starts: byte order mark, zero-width characters, direction marks, object replacement.
const INVISIBLE = /[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff\ufffc]/g

/** Gives the line as it looks: without invisible characters and outer white space, bounded. */
export function cleanLine(line: string): string {
  if (line === '') return ''
  return line.slice(0, MAX_LINE_CHARS).replace(INVISIBLE, '').replaceAll('\u00a0', ' ').trim()
}

/** Removes white space and the given marks from the end; a loop, for `[…]+$` takes quadratic time on long runs. */
export function stripEnd(text: string, marks: string): string {
  let end = text.length
  while (end > 0) {
    const char = text[end - 1] ?? ''
    if (!marks.includes(char) && char.trim() !== '') break
    end -= 1
  }
  return text.slice(0, end)
}

export function isBlank(line: string | undefined): boolean {
  return line === undefined || line === '' || cleanLine(line) === ''
}

/** Finds the first line at or after `index` that is not blank; `lines.length` when there is none. Looks `reach` lines far. */
export function nextFilled(
  lines: readonly string[],
  index: number,
  reach = Number.POSITIVE_INFINITY,
): number {
  const end = Math.min(lines.length, index + reach)
  let at = index
  while (at < end && isBlank(lines[at])) at += 1
  return at < end ? at : lines.length
}
