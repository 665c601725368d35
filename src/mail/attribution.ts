/**
 * Finds attributions, the line or lines above a quote: "On Mon, 2 Jan 2025 at 10:00, Pat <pat@a.example> wrote:".
 * Found from their last line backwards, so that typed lines above are not taken along.
 * Fails: null. Looks at no more than MAX_ATTRIBUTION_LINES lines for one candidate.
 */
import { endsWithVerb, holdsVerb, startsAttribution } from './client-words.ts'
import { cleanLine, isBlank, quoteDepth } from './quoted-line.ts'

/** Lines `start` to `end` (exclusive) are the attribution; `text` is all of it in one line. */
export type Attribution = { readonly start: number; readonly end: number; readonly text: string }

// Clients wrap long names and addresses; more lines than this are prose.
const MAX_ATTRIBUTION_LINES = 5
const MAX_ATTRIBUTION_CHARS = 600

const YEAR_OR_DATE = /(?:19|20)\d\d|\d{1,2}[/.-]\s?\d{1,2}[/.-]/
const TIME = /\d{1,2}[:.h]\d{2}/
const LEADING_DATE = /^(?:\d{4}[-/.年]\s?\d{1,2}[-/.月]\s?\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4})/
const ANGLE_ADDRESS_END = /@[^\s<>@]{1,255}>{1,2}\s?[:：]$/
const BRACKET_ADDRESS = /[<([«][^\s<>@]{0,64}@/
const GROUPWISE = /^>{2,3} (?=.*\d)(?=.*[@/<"]|\S+ \S+).{3,300} >{2,3}$/
const DASHED_WROTE = /^[-_]{2,}.{3,300}[-_]{2,}$/

/** Answers whether the text holds something shaped like an address. */
export function hasAddress(text: string): boolean {
  for (let at = text.indexOf('@', 1); at > 0; at = text.indexOf('@', at + 1)) {
    if (/[\w'+)-]/.test(text[at - 1] ?? '') && /[\w[]/.test(text[at + 1] ?? '')) return true
  }
  return false
}

const hasDate = (text: string): boolean => YEAR_OR_DATE.test(text) || TIME.test(text)

/**
 * Finds the attribution whose last line is `end`; lines before `floor` are not looked at.
 * `quoteFollows` says that a `>` line comes next: then less evidence is enough.
 */
export function attributionEndingAt(
  lines: readonly string[],
  end: number,
  floor: number,
  quoteFollows: boolean,
): Attribution | null {
  const raw = lines[end] ?? ''
  const last = cleanLine(raw)
  if (last === '') return null
  if (isGroupWise(last)) return { start: end, end: end + 1, text: last }
  if (quoteDepth(raw) > 0 && !isWroteTail(last)) return null
  if (!mayEnd(last)) return null
  let text = ''
  for (let start = end; start >= Math.max(floor, end - MAX_ATTRIBUTION_LINES + 1); start -= 1) {
    const line = cleanLine(lines[start] ?? '')
    if (line === '' || (start < end && quoteDepth(lines[start] ?? '') > 0 && !line.endsWith('<'))) {
      return start === end ? null : looseAttribution(lines, end, floor)
    }
    text = text === '' ? line : `${line} ${text}`
    if (text.length > MAX_ATTRIBUTION_CHARS) return null
    if (isComplete(text, quoteFollows)) return extend(lines, { start, end: end + 1, text }, floor)
  }
  return null
}

// Cheap test before any joining: the last line closes with a colon, dashes, or is led by a date.
function mayEnd(line: string): boolean {
  return (
    /[:：]$/.test(line) ||
    DASHED_WROTE.test(line) ||
    LEADING_DATE.test(line) ||
    (line.endsWith('>') && hasAddress(line)) ||
    endsWithVerb(line)
  )
}

const isGroupWise = (line: string): boolean => line.startsWith('>>') && GROUPWISE.test(line)

const isWroteTail = (line: string): boolean =>
  /^>\s?\S/.test(line) && line.length < 40 && endsWithVerb(line) && /[:：]$/.test(line)

function isComplete(text: string, quoteFollows: boolean): boolean {
  if (opens(text, '<') < opens(text, '>') || opens(text, '(') < opens(text, ')')) return false
  const bare = text.replace(/^[-_\s*|>"]+/, '')
  const colon = /[:：]$/.test(text)
  const address = hasAddress(bare)
  // "Yesterday joe@a.example wrote:" is prose unless a quote follows; clients put the address in brackets.
  const mailbox = address && (quoteFollows || BRACKET_ADDRESS.test(bare))
  const dated = hasDate(bare)
  if (DASHED_WROTE.test(text) && endsWithVerb(text)) return true
  if (colon && endsWithVerb(bare)) {
    if (mailbox || /\byou wrote\W*$/i.test(bare)) return true
    if (startsAttribution(bare) && (YEAR_OR_DATE.test(bare) || (quoteFollows && /\d/.test(bare)))) return true
    if (dated && (quoteFollows || LEADING_DATE.test(bare))) return true
    return quoteFollows && bare.length < 80 && /\s/.test(bare)
  }
  if (colon && startsAttribution(bare) && holdsVerb(bare) && bare.length < 200) {
    // Thunderbird in German and Nordic words: the verb in the middle, a name and no address behind it.
    if (YEAR_OR_DATE.test(bare) && (quoteFollows || TIME.test(bare))) return true
  }
  // Some clients put no colon behind the verb; then the quote itself must follow.
  if (endsWithVerb(bare) && address && dated && quoteFollows) return true
  if (colon && mailbox && dated && holdsVerb(bare)) return true
  if (colon && address && /^(?:quoting|zitat von|citando|citeren|lainaus)\b/i.test(bare)) return true
  return isDateAndAddress(bare, { dated, quoteFollows })
}

// Gmail in several languages, Mail.ru, Japanese clients: a date and a mailbox, no verb.
function isDateAndAddress(text: string, has: { dated: boolean; quoteFollows: boolean }): boolean {
  if (text.length > 250 || !has.dated) return false
  if (ANGLE_ADDRESS_END.test(text)) return /\d/.test(text.slice(0, 30)) || startsAttribution(text)
  if (!LEADING_DATE.test(text)) return false
  if (/@[^\s<>@]{1,255}>$/.test(text)) return true
  return /^\d{4}-\d\d-\d\d \d{1,2}:\d\d (?:GMT|UTC)[+-]\d\d:?\d\d \S/.test(text) && text.length < 100
}

const opens = (text: string, char: string): number => text.split(char).length - 1

// "On Wed, Dec 9, Mister Example" / "<mister@a.example>" / "wrote:": take the lines that lead up to the mailbox.
function extend(lines: readonly string[], found: Attribution, floor: number): Attribution {
  if (isLead(found.text)) return found
  let text = found.text
  for (let start = found.start - 1; start >= Math.max(floor, found.end - MAX_ATTRIBUTION_LINES); start -= 1) {
    const line = cleanLine(lines[start] ?? '')
    // Made from HTML, the bracket of the address may stand alone, parted from the name by a blank line.
    if (line === '' && text.startsWith('<') && start === found.start - 1) continue
    if (line === '' || quoteDepth(lines[start] ?? '') > 0) return found
    text = `${line} ${text}`
    if (text.length > MAX_ATTRIBUTION_CHARS) return found
    if (isLead(line)) return { start, end: found.end, text }
  }
  return found
}

// A line that can open an attribution: "On Mon, …", "Am 2. Jan…", "2025-01-02 …", "pe 20. lokakuuta …", and no sentence.
function isLead(line: string): boolean {
  const bare = line.replace(/^[-_\s*|]+/, '')
  if (/[.!?]$/.test(bare) && bare.length > 60) return false
  const head = bare.slice(0, 40)
  if (LEADING_DATE.test(bare)) return true
  if (startsAttribution(bare) && /\d/.test(head)) return true
  return /^\p{L}{2,12}[.,]{0,2} \d{1,2}[. ]/u.test(bare) && hasDate(bare)
}

// Plain text made from HTML may part name, bracket and address by blank lines; then only a clear first line counts.
function looseAttribution(lines: readonly string[], end: number, floor: number): Attribution | null {
  let text = ''
  for (let start = end; start >= Math.max(floor, end - MAX_ATTRIBUTION_LINES); start -= 1) {
    if (isBlank(lines[start])) continue
    const line = cleanLine(lines[start] ?? '')
    text = `${line} ${text}`.trim()
    if (text.length > 300) return null
    const whole = startsAttribution(line) && YEAR_OR_DATE.test(line) && TIME.test(line)
    if (whole && endsWithVerb(text) && hasAddress(text)) return { start, end: end + 1, text }
  }
  return null
}

const SHARED_LINE =
  /[\s-](?=On (?:Mon|Tue|Wed|Thu|Fri|Sat|Sun|Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec|\d{1,4}[-/. ]))/

/** Finds where an attribution starts inside a line that also holds typed words ("Yes. On Mon, … wrote:"); 0 when nowhere. */
export function attributionInLine(line: string): number {
  if (line.length > 400 || !/wrote\s?:\s*$/.test(line)) return 0
  const at = SHARED_LINE.exec(line)?.index
  if (at === undefined) return 0
  const rest = line.slice(at + 1)
  return hasDate(rest) && hasAddress(rest) ? at + 1 : 0
}
