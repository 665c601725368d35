/**
 * Which of the policy's languages is a text written in? Counts each language's commonest small words.
 * Fails: never; null when too short or too close to tell.
 */
import { fold, wordsOf } from './fold.ts'
import type { Lexicon } from './lexicon.ts'

const MAX_CHARS = 5000
const MIN_HITS = 2

/** Guesses the language of a text. */
export function guessLanguage(text: string, lexicon: Lexicon): string | null {
  const start = text.slice(0, MAX_CHARS)
  const kana = start.match(/[\u3040-\u30ff]/gu)?.length ?? 0
  if (kana >= 5 && lexicon.commonByLanguage.has('ja')) return 'ja'
  const words = wordsOf(fold(start))
  const scores = [...lexicon.commonByLanguage]
    .map(([language, common]) => ({ language, hits: words.filter((word) => common.has(word)).length }))
    .sort((one, other) => other.hits - one.hits)
  const [first, second] = scores
  if (first === undefined || first.hits < MIN_HITS || first.hits === second?.hits) return null
  return first.language
}
