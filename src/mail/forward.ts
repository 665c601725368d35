/**
 * Finds the mail inside a forward: its From, Subject, Date and text, whatever client and language wrote it.
 * The outermost forwarded mail is the one; a reply's history is no forward.
 * Fails: null when nothing is forwarded. Work is linear as in `quote.ts`.
 */
import { attributionEndingAt } from './attribution.ts'
import { type SubjectIntent, separatorLine, subjectIntent } from './client-words.ts'
import { readOriginator } from './forward-originator.ts'
import { type HeaderBlock, readHeaderBlock, splitInlineHeader } from './header-block.ts'
import type { Forwarded } from './mail.ts'
import { cleanLine, nextFilled, quoteDepth, stripQuoteMarks } from './quoted-line.ts'

/** Where the forwarded mail stands: `start` is the offset of its separator or header block in the text. */
export type ForwardFound = Forwarded & { readonly noteAbove: string; readonly start: number }

type Found = {
  readonly line: number
  readonly block: HeaderBlock | null
  readonly body: number
  readonly attribution: string | null
}

const MAX_BLANK_LINES_BEFORE_BLOCK = 8
// No client puts a forward below so many lines; nothing further down is looked at.
const MAX_LINES_LOOKED_AT = 20_000

/** Finds the outermost forwarded mail in `text` (LF lines); `subject` tells a forward from a reply's history. */
export function findForwarded(text: string, subject: string | null): ForwardFound | null {
  const lines = text.split('\n')
  const { intent, stem } = subjectIntent(subject)
  const found = locate(lines, intent)
  if (found === null) return null
  const originator = readOriginator(found.block?.from ?? null, found.attribution)
  const body = bodyText(lines, found)
  let start = 0
  for (let index = 0; index < found.line; index += 1) start += (lines[index] ?? '').length + 1
  return {
    from: originator.from,
    subject: found.block?.subject ?? (found.block === null && intent === 'forward' ? stem : null),
    date: found.block?.date ?? originator.date,
    messageId: null,
    text: body,
    noteAbove: text.slice(0, start).trim(),
    start,
  }
}

function locate(lines: readonly string[], intent: SubjectIntent): Found | null {
  for (let index = 0; index < Math.min(lines.length, MAX_LINES_LOOKED_AT); index += 1) {
    const raw = lines[index] ?? ''
    const clean = cleanLine(stripQuoteMarks(raw))
    if (clean === '') continue
    const separator = separatorLine(clean)
    if (separator !== null) {
      if (separator.kind === 'original' && intent === 'reply') return null
      const found = afterSeparator(lines, index, separator.rest)
      if (found !== null && (separator.kind === 'forwarded' || intent === 'forward' || found.block !== null))
        return found
    }
    const block = readHeaderBlock(lines, index, false)
    if (block !== null)
      return isHistory(block, intent)
        ? null
        : { line: ruleAbove(lines, index), block, body: block.end, attribution: null }
    const attribution = quoteDepth(raw) > 0 && !clean.startsWith('>>') ? null : attributionBelow(lines, index)
    if (attribution !== null) {
      if (intent === 'forward')
        return { line: attribution.start, block: null, body: attribution.end, attribution: attribution.text }
      const next = nextFilled(lines, attribution.end, MAX_BLANK_LINES_BEFORE_BLOCK)
      if (quoteDepth(lines[next] ?? '') === 0) return null
      index = skipQuote(lines, next) - 1
    }
  }
  return null
}

// "VS:" is an answer when a Finnish client wrote the header, a forward when a Danish or Norwegian one did.
function isHistory(block: HeaderBlock, intent: SubjectIntent): boolean {
  return intent === 'reply' || (intent === 'either' && block.fromLabel === 'lähettäjä')
}

function attributionBelow(lines: readonly string[], index: number): ReturnType<typeof attributionEndingAt> {
  const next = nextFilled(lines, index + 1, MAX_BLANK_LINES_BEFORE_BLOCK)
  return attributionEndingAt(lines, index, 0, quoteDepth(lines[next] ?? '') > 0)
}

function skipQuote(lines: readonly string[], start: number): number {
  let index = start
  while (index < lines.length && (quoteDepth(lines[index] ?? '') > 0 || cleanLine(lines[index] ?? '') === ''))
    index += 1
  return index
}

function afterSeparator(lines: readonly string[], index: number, rest: string): Found | null {
  if (rest !== '') {
    const virtual = splitInlineHeader(rest)
    const block = readHeaderBlock(virtual, 0, true)
    if (block?.from != null || block?.subject != null)
      return { line: index, block, body: index + 1, attribution: null }
  }
  const filled = nextText(lines, index + 1)
  if (filled >= lines.length) return null
  const block = readHeaderBlock(lines, filled, true)
  if (block !== null) return { line: index, block, body: block.end, attribution: null }
  const inline = splitInlineHeader(cleanLine(stripQuoteMarks(lines[filled] ?? '')))
  if (inline.length > 1) {
    const squeezed = readHeaderBlock(inline, 0, true)
    if (squeezed !== null) return { line: index, block: squeezed, body: filled + 1, attribution: null }
  }
  return { line: index, block: null, body: filled, attribution: null }
}

// Apple Mail quotes the blank line below its separator too: "> ".
function nextText(lines: readonly string[], index: number): number {
  for (let at = index; at < Math.min(lines.length, index + MAX_BLANK_LINES_BEFORE_BLOCK); at += 1) {
    if (cleanLine(stripQuoteMarks(lines[at] ?? '')) !== '') return at
  }
  return lines.length
}

function ruleAbove(lines: readonly string[], index: number): number {
  for (let at = index - 1; at >= Math.max(0, index - 3); at -= 1) {
    const clean = cleanLine(stripQuoteMarks(lines[at] ?? ''))
    if (/^[-_=*─–—]{3,}$/.test(clean)) return at
    if (clean !== '') break
  }
  return index
}

/** The forwarded mail's own text: to the end of its quote when it is quoted, else to the end of the mail. */
function bodyText(lines: readonly string[], found: Found): string {
  const first = nextFilled(lines, found.body)
  const quoted = quoteDepth(lines[first] ?? '') > 0
  if (!quoted) return lines.slice(found.body).join('\n').trim()
  let end = first
  for (let index = first; index < lines.length; index += 1)
    if (quoteDepth(lines[index] ?? '') > 0) end = index + 1
  return lines
    .slice(found.body, end)
    .map((line) => stripQuoteMarks(line, 1))
    .join('\n')
    .trim()
}
