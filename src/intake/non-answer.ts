/**
 * Is this value no answer at all? `tbd`, `*****`, `{{login}}`, `will follow`, `see above`, our own example repeated.
 * Fails: never; a value in doubt is an answer.
 */
import type { Lexicon } from './lexicon.ts'
import { type Folded, foldWords } from './phrase-set.ts'

/** `pointer` says that the answer is elsewhere, so it may be looked for there; `none` that there is none. */
type NonAnswer = 'empty' | 'none' | 'pointer'

/** Longer texts say something, whatever else they promise. */
const MAX_DEFERRAL_WORDS = 9
const MAX_POINTER_WORDS = 9

/** Judges a short value of any kind but text. */
export function nonAnswer(value: string, lexicon: Lexicon): NonAnswer | null {
  const text = unwrap(value)
  if (text === '') return 'empty'
  const folded = foldWords(text)
  const plain = plainNonAnswer(text, folded, lexicon)
  if (plain !== null) return plain
  return folded.words.length <= MAX_DEFERRAL_WORDS && isDeferred(folded, lexicon) ? 'none' : null
}

/** Judges a piece of prose: only what is wholly a non-answer, so that a real answer may contain such words. */
export function plainNonAnswer(text: string, folded: Folded, lexicon: Lexicon): NonAnswer | null {
  if (text.trim() === '') return 'empty'
  if (folded.text === '' || isPlaceholder(text) || /^(?:x{1,20}|\d)$/u.test(folded.text)) return 'none'
  if (lexicon.sets.nonAnswers.is(folded) || lexicon.ownWords.has(folded.text)) return 'none'
  // `Below 5 MB mails arrive`: one word points elsewhere only when there is hardly anything beside it.
  if (folded.words.length > MAX_POINTER_WORDS) return null
  const pointsElsewhere =
    lexicon.sets.pointers
      .all(folded)
      .some((hit) => hit.at <= 1 && (hit.length > 1 || folded.words.length <= 3)) ||
    pointsFar(folded, lexicon)
  return pointsElsewhere ? 'pointer' : null
}

/** `see the customer's mail below`: the first word and the last of `see below`, with others between. */
function pointsFar({ words }: Folded, lexicon: Lexicon): boolean {
  const [first, last] = [words[0], words.at(-1)]
  if (words.length < 3 || first === undefined || last === undefined) return false
  return lexicon.sets.pointers.is({ text: `${first} ${last}`, words: [first, last] })
}

/** Tells whether words promise the answer for later. A single word must be a non-answer by itself. */
function isDeferred(folded: Folded, lexicon: Lexicon): boolean {
  return (folded.words.length > 1 || folded.text.length > 12) && lexicon.sets.deferrals.has(folded)
}

/** Tells whether a value is a blank nobody filled in: `{{login}}`, `<password>`, `[your password]`, `%PASS%`, `____`, and boxes without values. */
export function isPlaceholder(text: string): boolean {
  const trimmed = text.trim()
  return (
    /^(?:\{{1,3}[^{}]{0,80}\}{1,3}|<\/?[^<>@:]{1,80}>|\[[^[\]]{0,80}\]|%[A-Z_]{2,40}%|\$\{?[A-Za-z_]{2,40}\}?)$/u.test(
      trimmed,
    ) || /^<script\b/iu.test(trimmed)
  )
}

/** Takes off bullets, boxes, quotation marks and parentheses around the whole value. */
function unwrap(value: string): string {
  let text = value.trim().replace(/^(?:\[[ xX✓✔]?\]|[☐☑☒✓✔✗✘])\s*/u, '')
  for (let round = 0; round < 3; round += 1) {
    const inner = /^(?:\(([^()]{0,300})\)|"([^"]{0,300})"|'([^']{0,300})'|“([^“”]{0,300})”)[.!]?$/u.exec(text)
    if (inner === null) break
    text = (inner[1] ?? inner[2] ?? inner[3] ?? inner[4] ?? '').trim()
  }
  return text
}
