/**
 * Prepares the texts of a mail for reading: bounded, cleaned, cut into lines; tells greetings, closings, names and
 * banners from content. Fails: never.
 */
import type { Mail } from '../mail/mail.ts'
import { withoutAutolinks } from './find-hosts.ts'
import { cleanText, fold, wordsOf } from './fold.ts'
import type { Lexicon } from './lexicon.ts'
import { foldWords } from './phrase-set.ts'

/** More text than this is a log or an attack: a person's submission stands at its beginning. */
const MAX_READ_CHARS = 200_000
const MAX_LINE_CHARS = 20_000
const MAX_NAME_WORDS = 4
/** Words that may follow a closing on its line: `Regards, Appleyard Desk`. */
const MAX_WORDS_AFTER_CLOSING = 4
const NOISE =
  /^\s*(?:caution\b|warning: external|\[?external\]?\s*(?:e-?mail|sender|:)|##-.*-##|this (?:e-?mail|message|ticket) (?:is a service|was sent|originated|came)|delivered by \S+$|sent from (?:my|outlook|mail|yahoo|gmail)|von meinem |gesendet von|envoyé de|enviado desde|enviado do|inviato da|verzonden (?:vanaf|met)|get outlook for)/iu
const DISCLAIMER =
  /(?:confidential|privileged|vertraulich|confidentiel|confidencial|riservat|vertrouwelijk).{0,200}(?:e-?mail|message|recipient|empfänger|destinata|nachricht|bericht)|(?:e-?mail|message|nachricht|mensaje|messaggio|bericht).{0,120}(?:confidential|privileged|vertraulich|confidentiel|confidencial|riservat|vertrouwelijk)/iu

export type LineTest = (line: string) => boolean

/** Cuts a text to what is read of it, as clean lines. */
export function readLines(text: string): string[] {
  return withoutAutolinks(cleanText(text.slice(0, MAX_READ_CHARS)))
    .split('\n')
    .map((line) => line.slice(0, MAX_LINE_CHARS).trimEnd())
}

/** Takes the `>` marks off a line and counts them. */
export function unquoteLine(line: string): { depth: number; text: string } {
  const marks = /^(?:\s?>){1,50}\s?/u.exec(line)?.[0] ?? ''
  return { depth: marks.split('>').length - 1, text: line.slice(marks.length) }
}

/** Makes the test for a line that ends a value: a closing, the sender's name, a signature mark, a banner. */
export function endTest(mail: Pick<Mail, 'from'>, lexicon: Lexicon): LineTest {
  const names = new Set([
    ...wordsOf(fold(mail.from?.displayName ?? '')),
    ...wordsOf(fold(mail.from?.address.split('@')[0] ?? '')),
  ])
  return (line) => {
    const trimmed = line.trim()
    if (trimmed === '') return false
    if (/^(?:--|__+|==+|~~+|[-–—]{2,})$/u.test(trimmed) || isNoise(trimmed)) return true
    if (trimmed.length > 80 || trimmed.includes(':')) return false
    const folded = foldWords(trimmed)
    if (folded.words.length === 0) return false
    if (folded.words.length <= MAX_NAME_WORDS && folded.words.every((word) => names.has(word))) return true
    return isClosing(trimmed, lexicon)
  }
}

/** Tells whether a line is the closing of a mail: `Kind regards`, `Gracias, Inés`. */
function isClosing(line: string, lexicon: Lexicon): boolean {
  const folded = foldWords(line)
  return lexicon.sets.closings
    .all(folded)
    .some((hit) => hit.at === 0 && folded.words.length <= hit.length + MAX_WORDS_AFTER_CLOSING)
}

/** Tells whether a line only greets: `Hello support,`. */
function isGreeting(line: string, lexicon: Lexicon): boolean {
  const folded = foldWords(line)
  if (/[.@]\p{L}{2}/u.test(line)) return false
  const greeting = lexicon.sets.greetings.all(folded).filter((hit) => hit.at === 0)
  return greeting.some((hit) => folded.words.length <= hit.length + 3) && !lexicon.sets.trouble.has(folded)
}

/** Tells whether a line was put there by a program: banners, disclaimers, footers. */
function isNoise(line: string): boolean {
  return NOISE.test(line) || DISCLAIMER.test(line.slice(0, 1000))
}

/** Keeps of prose what the sender says: no greetings, nothing after the closing, no banners. */
export function contentLines(lines: readonly string[], lexicon: Lexicon, isEnd: LineTest): string[] {
  const kept: string[] = []
  let closed = false
  for (const line of lines) {
    const words = line.trim() === '' ? 0 : line.trim().split(/\s+/u).length
    // After the closing only a paragraph of its own counts (`P.S. …`), not the lines of a signature.
    if (closed && words >= 7 && !isNoise(line)) closed = false
    if (isEnd(line)) closed = true
    else if (!closed && !isGreeting(line, lexicon)) kept.push(withoutGreeting(line, lexicon))
  }
  return kept
}

/** `Hi, the customer cannot …` becomes `the customer cannot …`. */
function withoutGreeting(line: string, lexicon: Lexicon): string {
  const comma = /^\s*([^,!.:]{2,30})[,!]\s+/u.exec(line)
  if (comma?.[1] === undefined) return line
  const folded = foldWords(comma[1])
  const greets = lexicon.sets.greetings.all(folded).some((hit) => hit.at === 0)
  return greets && folded.words.length <= 4 ? line.slice(comma[0].length) : line
}
