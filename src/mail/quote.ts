/**
 * Splits the text of a mail into what its sender typed, what was quoted or forwarded, and the signature.
 * Every line is in exactly one of the three, so no word is lost. Fails: never.
 * Work is linear: one pass over the lines, bounded look-ahead and look-back for each.
 */
import { type Attribution, attributionEndingAt, attributionInLine } from './attribution.ts'
import { bannerEnd, isReplyMarker } from './banner.ts'
import { separatorLine } from './client-words.ts'
import { readHeaderBlock } from './header-block.ts'
import { cleanLine, isBlank, nextFilled, quoteDepth, stripQuoteMarks } from './quoted-line.ts'
import { findSignature } from './signature.ts'

export type SplitText = {
  readonly newText: string
  readonly quotedText: string | null
  readonly signature: string | null
}

type LineKind = 'typed' | 'quoted' | 'signature'

type Marked = { readonly lines: readonly string[]; readonly kinds: LineKind[] }

// No client puts its header below so many lines; further down only quote marks count.
const MAX_LINES_LOOKED_AT = 20_000
// More blank lines between an attribution and its quote do not occur.
const MAX_BLANK_LINES_BEFORE_QUOTE = 8

/**
 * Splits `text` (LF lines, decoded); the parts keep the order and the words of the lines. `forwardAt` is the offset
 * where `findForwarded` saw a forward start: it is quoted even when no note stands above; a note below its `>` lines
 * stays typed.
 */
export function splitText(text: string, forwardAt: number | null = null): SplitText {
  const marked = markLines(text, forwardAt)
  return {
    newText: joinKind(marked, 'typed') ?? '',
    quotedText: joinKind(marked, 'quoted'),
    signature: joinKind(marked, 'signature'),
  }
}

/**
 * Pairs each answer typed below a quoted block with that block (quote marks removed), in order:
 * `> Customer domain:` / `a.example` gives `{ quoted: 'Customer domain:', answer: 'a.example' }`.
 */
export function interleaved(text: string): readonly { quoted: string; answer: string }[] {
  const { lines, kinds } = markLines(text)
  const pairs: { quoted: string; answer: string }[] = []
  let quoted: string[] = []
  let answer: string[] = []
  const close = (): void => {
    const typed = trimBlank(answer).join('\n')
    if (typed !== '' && quoted.length > 0) {
      pairs.push({ quoted: trimBlank(quoted).join('\n'), answer: typed })
      quoted = []
    }
    answer = []
  }
  for (const [index, line] of lines.entries()) {
    if (kinds[index] === 'quoted') {
      close()
      if (quoteDepth(line) > 0) quoted.push(stripQuoteMarks(line))
    } else if (kinds[index] === 'typed') {
      // A typed word before the first quote answers nothing.
      if (quoted.length > 0) answer.push(line)
    }
  }
  close()
  return pairs
}

function joinKind({ lines, kinds }: Marked, kind: LineKind): string | null {
  const part = trimBlank(lines.filter((_, index) => kinds[index] === kind))
  return part.length === 0 ? null : part.join('\n')
}

function trimBlank(lines: readonly string[]): string[] {
  let start = 0
  let end = lines.length
  while (start < end && isBlank(lines[start])) start += 1
  while (end > start && isBlank(lines[end - 1])) end -= 1
  const part = lines.slice(start, end)
  const last = part.pop()
  if (last !== undefined) part.push(last.trimEnd())
  return part
}

function markLines(text: string, forwardAt: number | null = null): Marked {
  const above =
    forwardAt === null || forwardAt === 0 ? [] : splitSharedLines(text.slice(0, forwardAt - 1).split('\n'))
  const below = text.slice(forwardAt ?? 0).split('\n')
  const lines = [...above, ...(forwardAt === null ? splitSharedLines(below) : below)]
  const kinds = markQuotes(lines, forwardAt === null ? null : above.length)
  markSignatures(lines, kinds)
  joinBlankLines(lines, kinds)
  return { lines, kinds }
}

/** Blank lines between two lines of one part belong to that part, so that it reads as it stood there. */
function joinBlankLines(lines: readonly string[], kinds: LineKind[]): void {
  let last = -1
  for (const [index, line] of lines.entries()) {
    if (isBlank(line)) continue
    const kind = kinds[index]
    if (last >= 0 && kind !== undefined && kind === kinds[last]) kinds.fill(kind, last + 1, index)
    last = index
  }
}

function splitSharedLines(lines: readonly string[]): string[] {
  const result: string[] = []
  for (const line of lines) {
    const at = attributionInLine(line)
    if (at === 0) result.push(line)
    else {
      const typed = line.slice(0, at).trimEnd()
      const dashes = /[-–—]{2,}$/.exec(typed)?.[0].length ?? 0
      result.push(
        typed.slice(0, typed.length - dashes),
        `${'-'.repeat(dashes)} ${line.slice(at)}`.trimStart(),
      )
    }
  }
  return result
}

function markQuotes(lines: readonly string[], forwardLine: number | null): LineKind[] {
  const kinds = lines.map((): LineKind => 'typed')
  const banner = bannerEnd(lines)
  kinds.fill('signature', 0, banner)
  let typedAbove = false
  let index = banner
  while (index < lines.length) {
    const line = lines[index] ?? ''
    const clean = cleanLine(line)
    const forward: Cut | null =
      index === forwardLine ? { start: index, end: index + 1, kind: 'header' } : null
    const cut =
      clean === '' || index > MAX_LINES_LOOKED_AT ? forward : (cutAt(lines, index, banner) ?? forward)
    if (cut !== null) {
      const filled = nextFilled(lines, cut.end, MAX_BLANK_LINES_BEFORE_QUOTE)
      const quoteEnd = quoteDepth(lines[filled] ?? '') > 0 ? cut.end : barredEnd(lines, filled, cut.end)
      kinds.fill('quoted', cut.start, quoteEnd ?? cut.end)
      // Without quote marks the rest of the mail is the quote, unless nothing was typed above a bare attribution.
      const bare = forward === null && (cut.kind === 'attribution' || cut.kind === 'marker')
      if (quoteEnd === null && (!bare || hasTyped(lines, kinds, cut.start, typedAbove))) {
        kinds.fill('quoted', cut.end)
        return kinds
      }
      index = quoteEnd ?? cut.end
      continue
    }
    if (clean !== '') {
      if (quoteDepth(line) > 0 || isWrappedQuote(lines, kinds, index)) kinds[index] = 'quoted'
      else typedAbove = true
    }
    index += 1
  }
  return kinds
}

// Some clients mark a quote with bars; a bar alone is no quote mark, for tables are drawn with them.
function barredEnd(lines: readonly string[], filled: number, cutEnd: number): number | null {
  const isBarred = (at: number): boolean => /^ {0,3}\|/.test(lines[at] ?? '')
  if (!isBarred(filled) && !isBarred(cutEnd - 1)) return null
  let end = isBarred(filled) ? filled : cutEnd
  while (end < lines.length && isBarred(end)) end += 1
  return end
}

function hasTyped(
  lines: readonly string[],
  kinds: readonly LineKind[],
  before: number,
  seen: boolean,
): boolean {
  if (!seen) return false
  for (let at = before - 1; at >= 0; at -= 1) if (kinds[at] === 'typed' && !isBlank(lines[at])) return true
  return false
}

type Cut = {
  readonly start: number
  readonly end: number
  readonly kind: 'attribution' | 'header' | 'marker'
}

/** Finds where a quote starts at this line; a separator or rule above a header block belongs to it. */
function cutAt(lines: readonly string[], index: number, floor: number): Cut | null {
  const clean = cleanLine(lines[index] ?? '')
  if (isReplyMarker(clean)) return { start: index, end: index + 1, kind: 'marker' }
  const depth = quoteDepth(lines[index] ?? '')
  if (depth === 0) {
    const separator = separatorLine(clean)
    if (separator !== null) {
      const filled = nextFilled(lines, index + 1, MAX_BLANK_LINES_BEFORE_QUOTE)
      const block = filled < lines.length ? readHeaderBlock(lines, filled, true) : null
      return { start: index, end: block?.end ?? index + 1, kind: 'header' }
    }
    const block = readHeaderBlock(lines, index, false)
    if (block !== null) return { start: ruleAbove(lines, index, floor), end: block.end, kind: 'header' }
  }
  const attribution = attributionAt(lines, index, floor)
  return attribution === null ? null : { ...attribution, kind: 'attribution' }
}

function attributionAt(lines: readonly string[], end: number, floor: number): Attribution | null {
  const filled = nextFilled(lines, end + 1, MAX_BLANK_LINES_BEFORE_QUOTE)
  const next = lines[filled] ?? ''
  return attributionEndingAt(lines, end, floor, quoteDepth(next) > 0 || next.startsWith('|'))
}

// Outlook draws a line of underscores above its header block.
function ruleAbove(lines: readonly string[], index: number, floor: number): number {
  for (let at = index - 1; at >= Math.max(floor, index - 3); at -= 1) {
    const clean = cleanLine(lines[at] ?? '')
    if (/^[-_=*─–—]{3,}$/.test(clean)) return at
    if (clean !== '') break
  }
  return index
}

// A quoted line that was wrapped a second time leaves its last words without a mark. Only where the words would not
// have fitted on the line above, and never when they may be an answer to a label: a lost answer is worse.
const MIN_WRAPPED_CHARS = 60
const WRAP_COLUMN = 70

function isWrappedQuote(lines: readonly string[], kinds: readonly LineKind[], index: number): boolean {
  const above = lines[index - 1] ?? ''
  if (index === 0 || kinds[index - 1] !== 'quoted' || quoteDepth(above) === 0) return false
  if (quoteDepth(lines[index + 1] ?? '') === 0) return false
  const line = cleanLine(lines[index] ?? '')
  const words = line.split(' ')
  if (words.length < 2 || line.length > 60 || !/^\p{Ll}/u.test(line) || /[@\d:/=]|\S\.\S/.test(line))
    return false
  const length = above.trimEnd().length
  return (
    length >= MIN_WRAPPED_CHARS &&
    length + 1 + (words[0]?.length ?? 0) >= WRAP_COLUMN &&
    !/[:：?)]$/.test(above.trimEnd())
  )
}

type Run = { start: number; end: number; afterQuote: boolean }

/** Marks signatures from the last typed run up; the first run that is not all signature is the last one looked at. */
function markSignatures(lines: readonly string[], kinds: LineKind[]): void {
  const runs = typedRuns(lines, kinds)
  for (let at = runs.length - 1; at >= 0; at -= 1) {
    const run = runs[at]
    if (run === undefined) break
    const typedBefore = at > 0 ? 10 : 0
    const spans = findSignature(lines.slice(run.start, run.end), { typedBefore, afterQuote: run.afterQuote })
    for (const span of spans) kinds.fill('signature', run.start + span.start, run.start + span.end)
    let typed = false
    for (let line = run.start; line < run.end && !typed; line += 1)
      typed = kinds[line] === 'typed' && !isBlank(lines[line])
    if (typed) break
  }
}

function typedRuns(lines: readonly string[], kinds: readonly LineKind[]): Run[] {
  const runs: Run[] = []
  let start = -1
  let quoted = false
  for (let index = 0; index <= lines.length; index += 1) {
    const typed = index < lines.length && (kinds[index] === 'typed' || (start >= 0 && isBlank(lines[index])))
    if (typed && start < 0 && !isBlank(lines[index])) start = index
    if (!typed && start >= 0) {
      runs.push({ start, end: index, afterQuote: quoted })
      start = -1
    }
    if (index < lines.length && kinds[index] === 'quoted') quoted = true
  }
  return runs
}
