/**
 * Our own checklist pasted into a mail without quote marks: its sentences, hints and examples are not the sender's words.
 * What was filled in between them stays. Found by letters and digits alone, so that wrapping, bullets and quote marks
 * do not matter.
 * Fails: never; only the beginning of a long text is searched.
 */
import type { Mail } from '../mail/mail.ts'
import { isUnspaced } from './fold.ts'
import type { Lexicon } from './lexicon.ts'
import type { Policy } from './policy.ts'

/** A letter of ours is shorter. */
const MAX_SEARCHED_CHARS = 50_000
/** A person may happen to write one sentence of ours; this much of them is the letter. */
const MIN_PASTED_CHARS = 80
const MIN_PASTED_SENTENCES = 2
/** What a letter fills into a sentence: a date, a number. */
const MAX_FILLED_CHARS = 60
/** Letters of a sentence that is searched for inside lines; unspaced languages say more with fewer. */
const MIN_SENTENCE = 12
const MIN_UNSPACED_SENTENCE = 6

/** What our checklist says, as it is searched: letters and digits alone. */
export type LetterWords = {
  /** Each in its pieces between what a letter fills in. */
  readonly sentences: readonly (readonly string[])[]
  /** Said by a whole line, or after a title; too short to be searched for inside one. */
  readonly lines: ReadonlySet<string>
  /** Titles of fields: of a submission's, which stay as labels, and of guidance, which go when nothing stands after them. */
  readonly titles: { readonly asked: readonly string[]; readonly guidance: readonly string[] }
}

type Squeezed = { readonly text: string; readonly offsets: readonly number[] }

/** Prepares what our checklist says for searching. */
export function letterWords({ letterSentences, fields }: Policy): LetterWords {
  const sentences = letterSentences.map((sentence) =>
    sentence
      .split(/\{[a-zA-Z]{1,40}\}/u)
      .map((piece) => squeezed(piece).text)
      .filter((piece) => piece !== ''),
  )
  const titles = (isAsked: boolean): string[] =>
    fields
      .filter((row) => (row.group === 'submission') === isAsked)
      .flatMap((row) => Object.values(row.words).map(({ title }) => squeezed(title).text))
  return {
    sentences: sentences.filter((pieces) => isLong(pieces.join(''))),
    lines: new Set(['', ...sentences.map((pieces) => pieces.join(''))]),
    titles: { asked: titles(true), guidance: titles(false) },
  }
}

function isLong(sentence: string): boolean {
  return sentence.length >= (isUnspaced(sentence) ? MIN_UNSPACED_SENTENCE : MIN_SENTENCE)
}

/** Gives the mail without the sentences of our letter; the same mail when it holds none. */
export function withoutOurLetter(mail: Mail, { letterWords: words }: Lexicon): Mail {
  const searched = squeezed(mail.newText.slice(0, MAX_SEARCHED_CHARS))
  const ours = new Uint8Array(searched.text.length)
  let found = 0
  for (const sentence of words.sentences) found += mark(sentence, searched.text, ours)
  const chars = ours.reduce((sum, one) => sum + one, 0)
  if (found < MIN_PASTED_SENTENCES || chars < MIN_PASTED_CHARS) return mail
  const text = cut(mail.newText, searched, ours)
  // Cells of its tables stand in the text as well.
  return { ...mail, newText: text.replace(/[^\n\t]+/gu, (part) => withoutMarks(part, words)), tableRows: [] }
}

/** `Partner Domain (received)` becomes its label; a heading, or guidance without an answer, becomes nothing. */
function withoutMarks(part: string, { lines, titles }: LetterWords): string {
  const { text, offsets } = squeezed(part)
  if (lines.has(text)) return ''
  const after = (title: string): boolean => text.startsWith(title) && lines.has(text.slice(title.length))
  if (titles.guidance.some(after)) return ''
  const title = titles.asked.find(after)
  return title === undefined || title.length === text.length
    ? part
    : `${part.slice(0, offsets[title.length]).replace(/[^\p{L}\p{N}]+$/u, '')}:`
}

/** Marks where a sentence stands, with what is filled into it. Returns how often it was found. */
function mark([first = '', ...more]: readonly string[], text: string, ours: Uint8Array): number {
  let found = 0
  for (let at = text.indexOf(first); at !== -1; at = text.indexOf(first, at + first.length)) {
    let end = at + first.length
    for (const piece of more) {
      const next = text.slice(end, end + MAX_FILLED_CHARS + piece.length).indexOf(piece)
      if (next === -1) break
      end += next + piece.length
    }
    if (!isLong(text.slice(at, end))) continue
    ours.fill(1, at, end)
    found += 1
  }
  return found
}

function squeezed(text: string): Squeezed {
  const offsets: number[] = []
  let kept = ''
  for (const { 0: character, index } of text.matchAll(/[\p{L}\p{N}]/gu)) {
    const lower = character.toLowerCase()
    kept += lower
    for (let unit = 0; unit < lower.length; unit += 1) offsets.push(index)
  }
  return { text: kept, offsets }
}

/** Takes our characters out, with the marks between and right after them; line ends stay. */
function cut(text: string, { offsets }: Squeezed, ours: Uint8Array): string {
  let kept = ''
  let from = 0
  for (let at = 0; at < ours.length; ) {
    const end = ours[at] === 1 ? endOf(ours, at) : at + 1
    if (ours[at] === 1) {
      const start = offsets[at] ?? text.length
      const next = closed(text, (offsets[end - 1] ?? text.length) + 1)
      kept += text.slice(from, start) + text.slice(start, next).replace(/[^\n]+/gu, '')
      from = next
    }
    at = end
  }
  return kept + text.slice(from)
}

function endOf(ours: Uint8Array, from: number): number {
  const end = ours.indexOf(0, from)
  return end === -1 ? ours.length : end
}

/** The marks that close a sentence go with it. */
function closed(text: string, from: number): number {
  return from + (/^(?:[^\p{L}\p{N}\s]|[^\S\n][?!:;»])*/u.exec(text.slice(from, from + 20))?.[0].length ?? 0)
}
