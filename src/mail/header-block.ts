/**
 * Reads the header block that clients put above a quoted or forwarded mail: From, Sent, To, Subject in any language.
 * Fails: null when the lines are no such block. Looks at no more than MAX_BLOCK_LINES lines.
 */
import { type HeaderRole, headerLine, rowsOfFromLabel } from './client-words.ts'
import { cleanLine, quoteDepth, stripQuoteMarks } from './quoted-line.ts'

export type HeaderBlock = {
  /** First line after the block. */
  readonly end: number
  readonly from: string | null
  readonly date: string | null
  readonly to: string | null
  readonly subject: string | null
  readonly fromLabel: string | null
}

// Room for four fields and a long wrapped recipient list.
const MAX_BLOCK_LINES = 40
const MAX_FOLDED_RECIPIENT_LINES = 12
const MAX_FOLDED_LINES = 2

// Half translated clients mix these with their own labels.
const ENGLISH = { date: ['date', 'sent'], to: ['to'], cc: ['cc'], subject: ['subject'] }

type Found = { values: Map<HeaderRole, string>; fromLabel: string | null }

/**
 * Reads a block that starts at `start`. After a separator (`lax`) blank lines may part the fields and two fields are
 * enough; without one it takes From, two more of Date, To, Subject, and an address or a date with digits.
 */
export function readHeaderBlock(lines: readonly string[], start: number, lax: boolean): HeaderBlock | null {
  const first = lines[start] ?? ''
  if (headerLine(cleanLine(stripQuoteMarks(first))) === null) return null
  const depth = quoteDepth(first)
  const found: Found = { values: new Map(), fromLabel: null }
  const limit = Math.min(lines.length, start + MAX_BLOCK_LINES)
  let last: HeaderRole | null = null
  let folded = 0
  let end = start
  for (let index = start; index < limit; index += 1) {
    const raw = lines[index] ?? ''
    const text = cleanLine(stripQuoteMarks(raw))
    if (text === '') {
      if (!lax || !fieldFollows(lines, index + 1, 2, found)) break
      continue
    }
    if (depth === 0 ? quoteDepth(raw) > 0 : quoteDepth(raw) === 0) break
    const field = headerLine(text)
    if (field !== null) {
      if (field.role !== 'other' && found.values.has(field.role) && field.role !== 'cc') break
      if (field.role === 'from') found.fromLabel = field.label
      found.values.set(field.role, field.value)
      last = field.role
      folded = 0
    } else {
      folded += 1
      if (last === null || !isFolded(lines, index, { last, folded, found })) break
      found.values.set(last, `${found.values.get(last) ?? ''} ${text}`.trim())
    }
    end = index + 1
  }
  return accept(found, end, lax)
}

function fieldFollows(lines: readonly string[], index: number, reach: number, found: Found): boolean {
  for (let at = index; at < Math.min(lines.length, index + reach); at += 1) {
    const field = headerLine(cleanLine(stripQuoteMarks(lines[at] ?? '')))
    if (field !== null && (field.role === 'other' || !found.values.has(field.role))) return true
  }
  return false
}

function isFolded(
  lines: readonly string[],
  index: number,
  state: { last: HeaderRole; folded: number; found: Found },
): boolean {
  const recipients = state.last === 'to' || state.last === 'cc'
  const value = state.found.values.get(state.last) ?? ''
  // Outlook breaks "From: Name" before the address; the label then stands alone or with the name only.
  if (state.folded === 1 && (value === '' || (state.last === 'from' && !value.includes('@')))) {
    return /@/.test(lines[index] ?? '') || fieldFollows(lines, index + 1, 1, state.found)
  }
  if (recipients) {
    if (state.folded > MAX_FOLDED_RECIPIENT_LINES) return false
    return /@|;/.test((lines[index] ?? '').slice(0, 400)) || fieldFollows(lines, index + 1, 3, state.found)
  }
  return state.folded <= MAX_FOLDED_LINES && fieldFollows(lines, index + 1, MAX_FOLDED_LINES, state.found)
}

function accept(found: Found, end: number, lax: boolean): HeaderBlock | null {
  const from = found.values.get('from') ?? null
  const date = found.values.get('date') ?? null
  const to = found.values.get('to') ?? null
  const subject = found.values.get('subject') ?? null
  const count = [from, date, to, subject].filter((value) => value !== null).length
  if (lax ? count === 0 || (count === 1 && from === null) : from === null || count < 2) return null
  // From and Date alone are a header only when both are complete.
  if (!lax && count === 2 && !(/@/.test(from ?? '') && /(?:19|20)\d\d.*\d:\d\d/.test(date ?? ''))) return null
  if (!lax && !/@/.test(`${from} ${to ?? ''}`) && !/\d/.test(date ?? '')) return null
  return { end, from, date, to, subject, fromLabel: found.fromLabel }
}

/** Parts a header block that stands in one line (`From: A <a@b>To: B …Subject: C`, as Yahoo writes) into lines. */
export function splitInlineHeader(text: string): string[] {
  const rows = rowsOfFromLabel(text)
  if (rows.length === 0) return [text]
  const lower = text.toLowerCase()
  const cuts = new Set<number>([0])
  for (const words of [...rows, ENGLISH]) {
    for (const labels of [words.date, words.to, words.cc, words.subject]) {
      const at = labels.map((label) => labelAt(lower, label)).filter((index) => index > 0)
      if (at.length > 0) cuts.add(Math.min(...at))
    }
  }
  const order = [...cuts].sort((a, b) => a - b)
  return order.map((cut, index) => text.slice(cut, order[index + 1]).trim())
}

// A one-letter label ("A:") counts only behind `>` or a space, longer ones also right behind a word ("CETOggetto:").
function labelAt(lower: string, label: string): number {
  for (const mark of [`${label}:`, `${label} :`]) {
    const at = lower.indexOf(mark, 1)
    if (at > 0 && (label.length > 2 || /[>\s\d]/.test(lower[at - 1] ?? ''))) return at
  }
  return -1
}
