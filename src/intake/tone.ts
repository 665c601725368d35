/**
 * What a reply says beside fields: only thanks, that the trouble is over, that it is urgent, that the request is
 * withdrawn. The sender's own words are kept as evidence. Fails: never.
 */
import type { Lexicon } from './lexicon.ts'
import { foldWords } from './phrase-set.ts'
import type { Tone } from './reading.ts'

/** A longer text says more than thanks. */
const MAX_THANKS_WORDS = 40
const MAX_THANKS_SENTENCE_WORDS = 12
const MAX_SHORT_WORDS = 5
const MAX_SENTENCES = 100

/** Reads the tones of the sentences that the sender wrote new. */
export function readTones(sentences: readonly string[], lexicon: Lexicon): Tone[] {
  const parts = sentences.slice(0, MAX_SENTENCES)
  const tones: Tone[] = []
  if (isThanksOnly(parts, lexicon)) tones.push({ kind: 'thanks-only', words: parts.join(' ').slice(0, 300) })
  const add = (kind: 'solved' | 'urgent' | 'withdrawn'): void => {
    const words = parts.find((part) => says(part, kind, lexicon))
    if (words !== undefined) tones.push({ kind, words: words.slice(0, 300) })
  }
  add('solved')
  add('urgent')
  add('withdrawn')
  return tones
}

function says(sentence: string, kind: 'solved' | 'urgent' | 'withdrawn', lexicon: Lexicon): boolean {
  const folded = foldWords(sentence)
  // `works` alone says so in a short sentence only: `the import works with small files` is no relief.
  const hits = lexicon.sets[kind]
    .all(folded)
    .filter((hit) => hit.length > 1 || kind !== 'solved' || folded.words.length <= MAX_SHORT_WORDS)
  if (kind === 'urgent') return hits.length > 0
  if (/[?？]\s*$/u.test(sentence)) return false
  const negations = lexicon.sets.negations.all(folded)
  const troubled = kind === 'solved' && hits.length > 0 && isTroubled(folded, lexicon)
  return !troubled && hits.some((hit) => !negations.some((no) => no.at < hit.at && hit.at - no.at <= 4))
}

/** `not solved`, `works again but now …`: words of trouble that are not the thanks themselves. */
function isTroubled(folded: ReturnType<typeof foldWords>, lexicon: Lexicon): boolean {
  const covered = [...lexicon.sets.solved.all(folded), ...lexicon.sets.withdrawn.all(folded)]
  return lexicon.sets.trouble
    .all(folded)
    .some((hit) => !covered.some((cover) => hit.at >= cover.at && hit.at < cover.at + cover.length))
}

function isThanksOnly(sentences: readonly string[], lexicon: Lexicon): boolean {
  const parts = sentences
    .flatMap((sentence) => sentence.split(/[!.;/。！]+|\s[-–—]\s/u))
    .filter((part) => /\p{L}/u.test(part))
  if (parts.length === 0 || sentences.some((sentence) => /[?？]/u.test(sentence))) return false
  if (sentences.join(' ').split(/\s+/u).length > MAX_THANKS_WORDS) return false
  return parts.every((part) => {
    const folded = foldWords(part)
    if (lexicon.sets.withdrawn.has(folded)) return false
    const thankful = lexicon.sets.thanks.has(folded) || lexicon.sets.solved.has(folded)
    return thankful && folded.words.length <= MAX_THANKS_SENTENCE_WORDS && !isTroubled(folded, lexicon)
  })
}
