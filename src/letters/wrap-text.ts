/**
 * Wraps the text part to a terminal's width: words stay whole, continuation lines hang under the text of their first
 * line, wide East Asian characters count as two columns and may be parted without a blank.
 * Fails: never; a word longer than the line (an address, a URL) stays whole on a line of its own.
 * Source: RFC 5322 §2.1.1 (78 characters), Unicode TR 11 (width), JIS X 4051 (line starts).
 */

/** RFC 5322 §2.1.1 asks for no more, so that quoted lines still fit a terminal of 80 columns. */
export const MAX_COLUMNS = 78

const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\uffe0-\uffe6]|[\u{1f300}-\u{1faff}]/u
const NO_COLUMN = /\p{Mn}/u
/** May not start a line. */
const NO_LINE_START = /[、。，．・：；？！ー」』）】〕〉》’”…ゃゅょっァィゥェォャュョッ]/u
/** Blanks and a mark (tick, cross, dash, number) in front of the text. */
const LEAD = /^ {0,40}(?:(?:[-*•✓✗|]|\d{1,2}\.) {1,4})?/u

/** Its blank makes it a separator that mail clients know (RFC 3676 §4.3). */
const SIGNATURE = '-- '

function charColumns(char: string): number {
  if (NO_COLUMN.test(char)) return 0
  return WIDE.test(char) ? 2 : 1
}

/** Counts the columns that a text takes in a terminal. */
export function columnsOf(text: string): number {
  let columns = 0
  for (const char of text) columns += charColumns(char)
  return columns
}

/** Parts a line into pieces that a line end may stand between; a blank belongs to the piece before it. */
function piecesOf(text: string): readonly string[] {
  const pieces: string[] = []
  let piece = ''
  for (const char of text) {
    const breaks = piece.endsWith(' ')
      ? char !== ' '
      : piece !== '' && WIDE.test(char) && !NO_LINE_START.test(char)
    const afterWide = piece !== '' && WIDE.test(piece.slice(-1)) && char !== ' ' && !NO_LINE_START.test(char)
    if (breaks || afterWide) {
      pieces.push(piece)
      piece = ''
    }
    piece += char
  }
  if (piece !== '') pieces.push(piece)
  return pieces
}

function wrapLine(line: string, width: number): readonly string[] {
  if (columnsOf(line) <= width) return [line]
  const lead = LEAD.exec(line)?.[0] ?? ''
  const hang = ' '.repeat(columnsOf(lead))
  const lines: string[] = []
  let current = lead
  let isEmpty = true
  for (const piece of piecesOf(line.slice(lead.length))) {
    if (!isEmpty && columnsOf(current) + columnsOf(piece.trimEnd()) > width) {
      lines.push(current.trimEnd())
      current = hang
    }
    current += piece
    isEmpty = false
  }
  lines.push(current.trimEnd())
  return lines
}

/** Wraps every line that is too long; all other lines, and empty ones, stay as they are. */
export function wrapText(text: string, width: number = MAX_COLUMNS): string {
  return text
    .split('\n')
    .flatMap((line) => (line === SIGNATURE ? [line] : wrapLine(line.trimEnd(), width)))
    .join('\n')
}
