/**
 * Looks words of the mail client table up: header labels, attribution verbs, separators, subject prefixes.
 * Fails: never. Each look-up costs the length of one bounded line, whatever it holds.
 */
import { CLIENT_WORDS, type ClientWords } from './mail-client-table.ts'
import { stripEnd } from './quoted-line.ts'

export type HeaderRole = 'from' | 'date' | 'to' | 'cc' | 'subject' | 'other'

/** Lower case; the dot that stays above a lower-cased Turkish İ goes. */
const foldCase = (text: string): string => text.toLowerCase().replaceAll('\u0307', '')

const LABELS = new Map<string, HeaderRole>()
const VERB_ENDS = new Map<string, string[]>()
const CJK_VERBS: string[] = []
const STARTS = new Set<string>()
const ORIGINAL: string[] = []
const FORWARDED: string[] = []
const REPLY_PREFIXES = new Set<string>()
const FORWARD_PREFIXES = new Set<string>()

for (const words of CLIENT_WORDS) addWords(words)

function addWords(words: ClientWords): void {
  const roles: [HeaderRole, readonly string[]][] = [
    ['from', words.from],
    ['date', words.date],
    ['to', words.to],
    ['cc', words.cc],
    ['subject', words.subject],
    ['other', words.replyTo],
  ]
  for (const [role, labels] of roles) {
    for (const label of labels) if (!LABELS.has(foldCase(label))) LABELS.set(foldCase(label), role)
  }
  for (const verb of words.wrote) addVerb(verb)
  for (const start of words.starts) STARTS.add(start)
  ORIGINAL.push(...words.original.map(foldCase))
  FORWARDED.push(...words.forwarded.map(foldCase))
  for (const prefix of words.replyPrefixes) REPLY_PREFIXES.add(foldCase(prefix))
  for (const prefix of words.forwardPrefixes) FORWARD_PREFIXES.add(foldCase(prefix))
}

function addVerb(verb: string): void {
  // Chinese, Japanese, Korean and Thai write no space before the verb, so these match as an ending.
  if (/[\u0e00-\u0e7f\u3040-\u9fff\uac00-\ud7af]/.test(verb)) {
    CJK_VERBS.push(verb)
    return
  }
  const last = verb.slice(verb.lastIndexOf(' ') + 1)
  VERB_ENDS.set(last, [...(VERB_ENDS.get(last) ?? []), verb])
}

/** Reads `Label: value` when the label is one of a mail header in any language; also `*Label:*` and `Label：`. */
export function headerLine(line: string): { role: HeaderRole; label: string; value: string } | null {
  const colon = line.search(/[:：]/)
  // No label of the table is longer; a colon further on belongs to the value.
  if (colon < 1 || colon > 32) return null
  const label = line
    .slice(0, colon)
    .replace(/^[\s*_#|]+/, '')
    .replace(/[\s*_]+$/, '')
  const role = LABELS.get(foldCase(label))
  if (role === undefined) return null
  const value = stripEnd(line.slice(colon + 1).replace(/^[\s*_]+/, ''), '*')
  return { role, label: foldCase(label), value }
}

const afterVerb = (text: string): string => stripEnd(text, ':：)-–—').toLowerCase()

/** Answers whether the text ends with a verb such as "wrote", colon and dashes aside. */
export function endsWithVerb(text: string): boolean {
  const bare = afterVerb(text)
  const last = bare.slice(Math.max(bare.lastIndexOf(' '), bare.lastIndexOf('>'), bare.lastIndexOf('\t')) + 1)
  if (VERB_ENDS.get(last)?.some((verb) => bare.endsWith(verb)) === true) return true
  return CJK_VERBS.some((verb) => bare.endsWith(verb))
}

/** Answers whether a verb such as "wrote" stands anywhere in the text. */
export function holdsVerb(text: string): boolean {
  const bare = text.toLowerCase()
  const tokens = bare.split(/[\s<>:]+/)
  if (tokens.some((token) => VERB_ENDS.get(token)?.some((verb) => bare.includes(verb)) === true)) return true
  return CJK_VERBS.some((verb) => bare.includes(verb))
}

/** Answers whether the text starts as attributions do: "On", "Am", "Le", "W dniu" …, one or two words. */
export function startsAttribution(text: string): boolean {
  const [first = '', second = ''] = text.slice(0, 40).toLowerCase().split(/\s+/, 2)
  if (/^[在于\u0e00-\u0e7f\u05d1]/.test(first)) return true
  return STARTS.has(first) || STARTS.has(first.replace(/,$/, '')) || STARTS.has(`${first} ${second}`)
}

export type SeparatorKind = 'original' | 'forwarded'

/**
 * Reads a separator line: `-----Original Message-----`, `---------- Forwarded message ---------`,
 * `Begin forwarded message:`. `rest` is what stands behind it on the line (Yahoo puts the header there).
 */
export function separatorLine(line: string): { kind: SeparatorKind; rest: string } | null {
  const dashed = /^[-_=~*─–—]{2,}/.exec(line)
  if (dashed !== null) return dashedSeparator(line.slice(dashed[0].length))
  if (line.length > 80 || !/[:：]$/.test(line)) return null
  const phrase = foldCase(line.replace(/[\s:：*]+$/, '').replace(/^\*+/, ''))
  return FORWARDED.includes(phrase) ? { kind: 'forwarded', rest: '' } : null
}

function dashedSeparator(text: string): { kind: SeparatorKind; rest: string } | null {
  const inner = foldCase(text.trimStart())
  const kind = startsWithPhrase(inner, FORWARDED)
    ? 'forwarded'
    : startsWithPhrase(inner, ORIGINAL)
      ? 'original'
      : null
  if (kind === null) return null
  const closing = /[-_=~*─–—]{2,}/.exec(text)
  // Without dashes at the end it is a heading or a sentence, unless nothing or a colon follows the words.
  if (closing === null) {
    const alone = (kind === 'forwarded' ? FORWARDED : ORIGINAL).includes(stripEnd(inner, ''))
    return alone || (text.length < 60 && /[:：]\s*$/.test(text)) ? { kind, rest: '' } : null
  }
  return { kind, rest: text.slice(closing.index + closing[0].length).replace(/^[-\s]+/, '') }
}

const startsWithPhrase = (text: string, phrases: readonly string[]): boolean =>
  phrases.some((phrase) => text.startsWith(phrase) && !/^\p{L}/u.test(text.slice(phrase.length)))

export type SubjectIntent = 'reply' | 'forward' | 'either' | 'none'

/** Reads the first prefix of a subject; `either` is "VS:", an answer in Finnish and a forward in Danish. */
export function subjectIntent(subject: string | null): { intent: SubjectIntent; stem: string } {
  const bare = withoutTags((subject ?? '').slice(0, 1000))
  const match = /^(\p{L}[\p{L}\u0307. ]{0,14}?)\s?(?:\[\d{1,3}\]|\(\d{1,3}\)|\^\d{1,3})?\s?[:：]\s*/u.exec(
    bare,
  )
  if (match?.[1] === undefined) return { intent: 'none', stem: bare }
  const prefix = foldCase(match[1]).replace(/\.$/, '').trim()
  const reply = REPLY_PREFIXES.has(prefix)
  const forward = FORWARD_PREFIXES.has(prefix)
  if (!reply && !forward) return { intent: 'none', stem: bare }
  const stem = bare.slice(match[0].length)
  return { intent: reply && forward ? 'either' : reply ? 'reply' : 'forward', stem }
}

// Gateways and trackers put tags in front: "[EXTERNAL] [#1042] Fwd: …".
function withoutTags(subject: string): string {
  let text = subject.trim()
  for (let count = 0; count < 5 && text.startsWith('['); count += 1) {
    const end = text.indexOf(']')
    if (end < 0 || end > 60) break
    text = text.slice(end + 1).trimStart()
  }
  return text
}

/** Finds the rows whose "From:" label starts the text, for header blocks squeezed into one line. */
export function rowsOfFromLabel(text: string): readonly ClientWords[] {
  const lower = text.slice(0, 40).toLowerCase()
  return CLIENT_WORDS.filter((words) =>
    words.from.some((label) => lower.startsWith(`${label}:`) || lower.startsWith(`${label} :`)),
  )
}
