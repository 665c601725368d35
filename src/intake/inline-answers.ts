/**
 * Answers typed between the lines of a quoted checklist: the label is quoted, the value below it is not.
 * Fails: never.
 */
import type { Lexicon } from './lexicon.ts'
import { unquoteLine } from './mail-lines.ts'
import { matchLabel, type TypoBudget } from './match-label.ts'
import type { Segment } from './segment.ts'

type InlineAnswers = {
  readonly segments: readonly Segment[]
  /** The answers' lines, trimmed: they are not prose. */
  readonly used: ReadonlySet<string>
}

const MAX_LINES = 5000

/** Finds the answers in the full text, quotes included. */
export function inlineAnswers(
  lines: readonly string[],
  lexicon: Lexicon,
  budget: TypoBudget,
  isEnd: (line: string) => boolean,
): InlineAnswers {
  const segments: { target: Segment['target']; lines: string[] }[] = []
  const used = new Set<string>()
  let open: { target: Segment['target']; lines: string[] } | null = null
  for (const line of lines.slice(0, MAX_LINES)) {
    const { depth, text } = unquoteLine(line)
    if (depth > 0) {
      // An empty quoted line between the label and the answer does not end it.
      if (text.trim() === '' && open !== null && open.lines.every((known) => known.trim() === '')) continue
      open = labelOnly(text, lexicon, budget)
      if (open !== null) segments.push(open)
    } else if (open !== null) {
      if (isEnd(text)) open = null
      else {
        open.lines.push(text)
        if (text.trim() !== '') used.add(text.trim())
      }
    }
  }
  return { segments: segments.filter((segment) => segment.lines.some((line) => line.trim() !== '')), used }
}

/** A quoted line that is a label without a value: `- User Credentials`, `Customer Domain Name: ______`. */
function labelOnly(
  text: string,
  lexicon: Lexicon,
  budget: TypoBudget,
): { target: Segment['target']; lines: string[] } | null {
  const bare = text
    .trim()
    .replace(/^(?:[-–*•·+☐☒✗✘❌✓✔✅]|\[[ xX]?\]|\d{1,2}[.)])\s*/u, '')
    .replace(/[\s:：=._*?-]+$/u, '')
    .replace(/^[\s*_]+/u, '')
  const found = matchLabel(bare, lexicon, budget)
  return found === null || found.target.kind === 'other' ? null : { target: found.target, lines: [] }
}
