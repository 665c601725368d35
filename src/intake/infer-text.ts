/**
 * What running text says is wrong, and what it says was tried, when no label says so.
 * Fails: never.
 */

import { findHosts } from './find-hosts.ts'
import { hasStrongTrouble, judgeSentence, type SentenceKind } from './judge-sentence.ts'
import type { Lexicon } from './lexicon.ts'
import { foldWords } from './phrase-set.ts'

type InferredText = { readonly details: string | null; readonly stepsTaken: string | null }

/** A sentence without a word of trouble must say at least so much to be a description. */
const MIN_NEUTRAL_WORDS = 5

type Judged = { readonly text: string; readonly kind: SentenceKind }

/** Sorts sentences into details and steps; null for what they do not give. */
export function inferText(
  sentences: readonly string[],
  lexicon: Lexicon,
  password: string | null = null,
): InferredText {
  const judged = sentences
    .map((text) => ({ text, kind: judgeSentence(text, lexicon) }))
    // A sentence that hands over the password, and says nothing else, describes nothing.
    .filter(({ text, kind }) => password === null || kind !== 'neutral' || !text.includes(password))
  const firstStep = judged.findIndex((one) => one.kind === 'step')
  const steps = firstStep === -1 ? [] : stepsFrom(judged)
  const troubles = judged.some((one) => one.kind === 'trouble')
  const details = troubles
    ? judged.filter((one) => one.kind === 'trouble' || (one.kind === 'neutral' && isContent(one.text, 3)))
    : describing(judged, lexicon)
  return { details: joined(details), stepsTaken: joined(steps) }
}

/** So many sentences after a step may tell what came of it. */
const OUTCOME_SENTENCES = 3

/** A step's outcome follows it: `I set up her account. In OWA they are all there.` */
function stepsFrom(judged: readonly Judged[]): Judged[] {
  return judged.filter((one, at) => {
    if (one.kind === 'step') return true
    if ((one.kind !== 'neutral' && one.kind !== 'trouble') || !isContent(one.text, 3)) return false
    const before = judged.slice(Math.max(0, at - OUTCOME_SENTENCES), at)
    const step = before.findLastIndex((other) => other.kind === 'step')
    return step !== -1 && before.slice(step + 1).every((other) => other.kind !== 'request')
  })
}

/** No sentence of plain trouble: a step that tells of one, or a sentence that tells something. */
function describing(judged: readonly Judged[], lexicon: Lexicon): Judged[] {
  const told = judged.filter((one) => one.kind === 'step' && hasStrongTrouble(foldWords(one.text), lexicon))
  if (told.length > 0) return told
  return judged.filter((one) => one.kind === 'neutral' && isContent(one.text, MIN_NEUTRAL_WORDS))
}

/** Counts words that are no domains or addresses: `Partner a.example, panel https://…` says nothing of a trouble. */
function isContent(text: string, minWords: number): boolean {
  const words = text.split(/\s+/u).filter((word) => /\p{L}{2}/u.test(word)).length
  const hosts = findHosts(text, false).length
  return words - hosts * 3 >= minWords
}

function joined(judged: readonly Judged[]): string | null {
  return judged.length === 0 ? null : judged.map((one) => one.text).join(' ')
}
