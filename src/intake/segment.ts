/**
 * Cuts a text into labelled values and the prose between them: labels at line start, in bullets and numbers, in bold,
 * several on a line, values on the line or on the lines below.
 * Fails: never; bounded by MAX_LINES and the typo budget, linear otherwise.
 */
import { readCredentials } from './credentials.ts'
import { domainValue, urlValue } from './find-hosts.ts'
import type { Lexicon, Target } from './lexicon.ts'
import { type LabelMatch, MAX_LABEL_CHARS, matchLabel, type TypoBudget } from './match-label.ts'
import { nonAnswer } from './non-answer.ts'

export type Segment = {
  /** null is prose. */
  readonly target: Target | null
  /** Lines of the value, the label's own line first; may be empty. */
  readonly lines: readonly string[]
}

const MAX_LINES = 5000
/** A value below its label may be this many empty lines away. */
const MAX_GAP_LINES = 2
const MAX_TYPO_SEARCHES = 300
/** Bullets, numbers, boxes, heading marks; not quotes, which the caller has taken off. */
const DECORATION =
  /^\s*(?:(?:[-–—*•·▪◦‣⁃○●■□➢➤►»+#]{1,6}|\(?\d{1,2}[.):]|\(?[a-zA-Z][.)]|\[[ xX✓✔✗✘]?\]|[☐☑☒✓✔✗✘❌✅])\s+|#{1,6}\s*|[•·▪◦‣●■□►☐☑☒✓✔✗✘❌✅]\s*)*/u
const SEPARATORS = /[:：=＝\t|?]|\s~\s|\s\/\s|\s[-–—]\s|\s?->\s|\s?=>\s|\s?→\s|\s?\.{4,}\s|\s{3,}/gu
const MAX_SEPARATORS = 3

/** Makes a budget for one mail's search of typing slips. */
export function typoBudget(): TypoBudget {
  return { left: MAX_TYPO_SEARCHES }
}

type Labelled = { readonly target: Target; readonly value: string }

type Open = { target: Target | null; lines: string[] }

/** Segments a text that has been cleaned of quotes, signature and odd characters. */
export function segmentLines(
  lines: readonly string[],
  lexicon: Lexicon,
  budget: TypoBudget,
  isEnd: (line: string) => boolean,
): Segment[] {
  let current: Open = { target: null, lines: [] }
  const segments: Open[] = [current]
  const begin = (target: Target | null, line: string): void => {
    current = { target, lines: [line] }
    segments.push(current)
  }
  for (const line of lines.slice(0, MAX_LINES)) {
    const parts = isEnd(line) ? [] : labelledParts(line, openTarget(current), lexicon, budget)
    const [first] = parts
    if (isEnd(line)) begin(null, line)
    else if (first === undefined) {
      if (current.target === null || takesLine(current, line, lexicon)) current.lines.push(line)
      else begin(null, line)
    } else if (parts.length === 1 && staysInText(current, first.target, line)) {
      current.lines.push(line)
      if (first.target.kind === 'field' && first.target.row.group !== 'submission') {
        segments.push({ target: first.target, lines: [first.value] })
      }
    } else {
      if (first.before !== undefined && first.before.trim() !== '') {
        if (current.target === null || takesLine(current, first.before, lexicon))
          current.lines.push(first.before)
        else begin(null, first.before)
      }
      for (const part of parts) begin(part.target, part.value)
    }
  }
  return segments
}

/** A domain or URL that has its value takes no more: what follows is read as if nothing were open. */
function openTarget({ target, lines }: Open): Target | null {
  const isFilled = lines.some((line) => line.trim() !== '')
  const takesOne = target?.kind === 'field' && (target.row.kind === 'domain' || target.row.kind === 'url')
  return isFilled && takesOne ? null : target
}

/** Inside the text of a field, some labels are part of the text: `Error: 550`, `Time: 10:15`, `- DNS: fine`. */
function staysInText(current: Open, target: Target, line: string): boolean {
  if (current.target?.kind !== 'field' || current.target.row.kind !== 'text') return false
  if (current.target.row.group !== 'submission') return false
  const filled = current.lines.some((known) => known.trim() !== '')
  const gap = (current.lines.at(-1) ?? '').trim() === ''
  if (target.kind === 'other') return filled && !gap
  if (target.kind !== 'field') return false
  if (target.row.name === current.target.row.name) return filled
  const isBullet = /^\s*[-*•·▪‣–+]\s/u.test(line)
  return target.row.group !== 'submission' && ((!filled && current.lines.length === 1) || isBullet)
}

/** Does the value so far go on with this line? */
function takesLine(current: Open, line: string, lexicon: Lexicon): boolean {
  const { target, lines } = current
  if (target === null || target.kind === 'other') return false
  const filled = lines.filter((known) => known.trim() !== '').length
  const gap = lines.length - 1 - lines.findLastIndex((known) => known.trim() !== '')
  if (line.trim() === '') return true
  if (filled > 0 && target.kind === 'field' && target.row.kind === 'text') return true
  if (filled === 0 && gap > MAX_GAP_LINES + 1) return false
  if (target.kind !== 'field' || target.row.kind === 'credentials')
    return takesCredentialLine(filled, gap, line) && !isWhole(current, lexicon)
  if (filled > 0) return false
  switch (target.row.kind) {
    case 'domain':
      return line.length <= 200 && (domainValue(line) !== null || nonAnswer(line, lexicon) !== null)
    case 'url':
      return line.length <= 400 && (urlValue(line) !== null || nonAnswer(line, lexicon) !== null)
    default:
      return true
  }
}

/** A user name with its password takes nothing more, other than another pair of them. */
function isWhole({ target, lines }: Open, lexicon: Lexicon): boolean {
  if (target === null || target.kind === 'other' || lines.every((line) => line.trim() === '')) return false
  const { username, password } = readCredentials(lines.join('\n'), lexicon)
  return username !== null && password !== null
}

/** A password stands right below its user name; a sentence there is not one. */
function takesCredentialLine(filled: number, gap: number, line: string): boolean {
  if (filled === 0) return line.length <= 300
  return filled < 4 && gap === 0 && line.length <= 200 && line.trim().split(/\s+/u).length <= 8
}

type Part = Labelled & { readonly before?: string }

/** Finds the labels of a line with their values; none when the line is a value or prose. */
function labelledParts(line: string, open: Target | null, lexicon: Lexicon, budget: TypoBudget): Part[] {
  const start = labelAtStart(line, open, lexicon, budget)
  if (start === null) return labelsInside(line, open, lexicon)
  const rest = labelsInside(start.value, start.target, lexicon)
  if (rest.length === 0) return [start]
  return [
    { target: start.target, value: rest[0]?.before ?? '' },
    ...rest.map(({ target, value }) => ({ target, value })),
  ]
}

function labelAtStart(
  line: string,
  open: Target | null,
  lexicon: Lexicon,
  budget: TypoBudget,
): Labelled | null {
  const lead = DECORATION.exec(line)?.[0].length ?? 0
  const text = line.slice(lead)
  if (text.trim() === '') return null
  const named = /^(\S{1,256})\s+\(([^()]{2,60})\)\s*$/u.exec(text)
  if (named?.[1] !== undefined && named[2] !== undefined) {
    const found = matchLabel(named[2], lexicon, { left: 0 })
    if (found?.exact === true && found.target.kind !== 'other')
      return { target: found.target, value: named[1] }
  }
  const bracketed = /^[[【]([^[\]【】]{2,60})[\]】]\s*[:：–-]?\s*/u.exec(text)
  if (bracketed?.[1] !== undefined) {
    const found = matchLabel(bracketed[1], lexicon, { left: 0 })
    if (found?.exact === true && found.target.kind !== 'other')
      return { target: found.target, value: text.slice(bracketed[0].length).trim() }
  }
  const bold = /^([*_]{1,3})([^*_]{2,60})\1[^\S\n]+(?=\S)/u.exec(text)
  if (bold?.[2] !== undefined) {
    const found = matchLabel(bold[2], lexicon, { left: 0 })
    if (
      found?.exact === true &&
      found.target.kind !== 'other' &&
      !/^[:：=–-]/u.test(text.slice(bold[0].length))
    )
      return { target: found.target, value: text.slice(bold[0].length).trim() }
  }
  SEPARATORS.lastIndex = 0
  let tries = 0
  for (const match of text.slice(0, MAX_LABEL_CHARS + 4).matchAll(SEPARATORS)) {
    // `Login / password: …` is one label; `Steps taken / …` is a label and its value.
    if (match[0].includes('/') && !/^\S+\s+\S[^:：]*$/u.test(text.slice(0, match.index))) continue
    if (match[0].includes('/') && /[:：]\s/u.test(text)) continue
    tries += 1
    if (tries > MAX_SEPARATORS) break
    const value = text.slice(match.index + match[0].length)
    if (/^[:：]$/u.test(match[0]) && value.startsWith('//')) break
    const found = matchLabel(text.slice(0, match.index), lexicon, isColon(match[0]) ? budget : { left: 0 })
    if (found !== null && separates(match[0], found)) {
      return { target: found.target, value: tidyValue(text.slice(0, match.index), value) }
    }
  }
  if (text.length > MAX_LABEL_CHARS) return null
  const whole = matchLabel(text.replace(/[:：?\s*_]+$/u, ''), lexicon, { left: 0 })
  return whole !== null && standsAlone(whole, text, lead > 0, open)
    ? { target: whole.target, value: '' }
    : null
}

function isColon(separator: string): boolean {
  return /[:：=＝\t]/u.test(separator)
}

/** A dash or blanks separate only after a label that is certain. */
function separates(separator: string, found: LabelMatch): boolean {
  return /[:：=＝\t|]/u.test(separator) || (found.exact && found.target.kind !== 'other')
}

/** A line that is nothing but a label: its value follows below. One word in a running text is no heading. */
function standsAlone(found: LabelMatch, text: string, decorated: boolean, open: Target | null): boolean {
  if (found.target.kind === 'other' || !found.exact) return false
  if (/[:：?]\s*[*_]*\s*$/u.test(text)) return true
  if (/[.!,;]\s*$/u.test(text)) return false
  const words = text.trim().split(/\s+/u).length
  if (words >= 2 || decorated || open === null) return true
  return /^\p{Lu}/u.test(text.trim()) || !/[a-z]/u.test(text)
}

/** Takes off what belongs to a bold label: `*Label:* value`, `**Label**: value`, `*Label: value*`. */
function tidyValue(label: string, value: string): string {
  const mark = /^\s*([*_]{1,3})/u.exec(label)?.[1]
  if (mark === undefined || label.trim().endsWith(mark)) return value.trim()
  const trimmed = value.trim()
  if (trimmed.startsWith(mark)) return trimmed.slice(mark.length).trim()
  return trimmed.endsWith(mark) ? trimmed.slice(0, -mark.length).trim() : trimmed
}

const INSIDE =
  /(^|[\s,;|/(（、。])((?:[\p{L}\p{M}][\p{L}\p{M}'’-]{0,29})(?: (?:[\p{L}\p{M}][\p{L}\p{M}'’-]{0,29})){0,5}) ?([:：=])(?!\/\/)/gu
const MAX_INSIDE = 12

/** Finds labels further on in a line: `Partner: a.example, CP: https://…, customer: b.example`. */
function labelsInside(line: string, open: Target | null, lexicon: Lexicon): Part[] {
  const cuts: { at: number; valueAt: number; target: Target }[] = []
  let target = open
  for (const match of line.slice(0, 4000).matchAll(INSIDE)) {
    if (cuts.length >= MAX_INSIDE) break
    const label = longestLabel(match[2] ?? '', lexicon)
    if (label === null) continue
    const at = match.index + (match[1] ?? '').length + (match[2] ?? '').length - label.text.length
    const valueAt = match.index + match[0].length
    const fits = splitsHere(line, { at, valueAt, words: label.words }, { from: target, to: label.target })
    if (!fits) continue
    cuts.push({ at, valueAt, target: label.target })
    target = label.target
  }
  return cuts.map((cut, index) => {
    const value = line.slice(cut.valueAt, cuts[index + 1]?.at ?? line.length)
    const before = index === 0 ? { before: line.slice(0, cut.at).replace(/[\s,;|(、]+$/u, '') } : {}
    return { target: cut.target, value: value.replace(/[\s,;|、]+$/u, '').trim(), ...before }
  })
}

/** The label is the longest run of words before the colon that is exactly one. */
function longestLabel(run: string, lexicon: Lexicon): { text: string; target: Target; words: number } | null {
  const words = run.split(' ')
  for (let first = 0; first < words.length; first += 1) {
    const text = words.slice(first).join(' ')
    const found = matchLabel(text, lexicon, { left: 0 })
    if (found?.exact === true) return { text, target: found.target, words: words.length - first }
  }
  return null
}

type Spot = { readonly at: number; readonly valueAt: number; readonly words: number }

/** Inside a text value only a new sentence, or a value that fits its field, begins another field. */
function splitsHere(line: string, spot: Spot, change: { from: Target | null; to: Target }): boolean {
  const { from, to } = change
  if (to.kind === 'other' || isSameField(from, to)) return false
  // A password may begin as a label does: `Password: Problem: None?`.
  if (from?.kind === 'password' && line.slice(0, spot.at).trim() === '') return false
  const isHalf = to.kind === 'username' || to.kind === 'password'
  const inCredentials = from !== null && (from.kind !== 'field' || from.row.kind === 'credentials')
  if (isHalf && (inCredentials || from === null)) return false
  const value = line.slice(spot.valueAt).trim()
  const fits = to.kind === 'field' && valueFits(to.row.kind, value)
  if (from !== null && from.kind === 'field' && from.row.kind !== 'text') return true
  const before = line.slice(0, spot.at).trimEnd()
  const newSentence = before === '' || /[.!?;|。]$/u.test(before)
  if (isHalf) return newSentence || before.endsWith(',')
  if (to.kind === 'field' && to.row.group !== 'submission' && from === null) return false
  if (fits) return true
  return newSentence && (from !== null || spot.words >= 1)
}

function valueFits(kind: string, value: string): boolean {
  const first = value.split(/\s+/u, 1)[0] ?? ''
  return (kind === 'domain' && domainValue(first) !== null) || (kind === 'url' && urlValue(first) !== null)
}

function isSameField(one: Target | null, other: Target): boolean {
  return one?.kind === 'field' && other.kind === 'field' && one.row.name === other.row.name
}
