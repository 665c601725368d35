/**
 * What is a sentence for: does it say that something is wrong, that something was tried, or neither (a greeting, a
 * request, a promise, an introduction)? Decided by words, with negation and future understood.
 * Fails: never; a sentence in doubt is `neutral`.
 */
import type { Lexicon } from './lexicon.ts'
import { plainNonAnswer } from './non-answer.ts'
import { type Folded, foldWords, type PhraseHit } from './phrase-set.ts'

export type SentenceKind = 'step' | 'no-step' | 'trouble' | 'request' | 'empty' | 'neutral'

/** A negation so many words before a verb turns it round: `we have not yet checked`. */
const NEGATION_REACH = 4
/** `no se pueden`: a negation right before a request makes it a statement. */
const NEGATED_REQUEST_REACH = 2
/** Words of a short sentence that may be a promise and nothing else. */
const MAX_PROMISE_WORDS = 12

/** Judges one sentence. */
export function judgeSentence(sentence: string, lexicon: Lexicon): SentenceKind {
  const folded = foldWords(sentence)
  if (plainNonAnswer(sentence, folded, lexicon) !== null) return 'empty'
  const promised = isPromise(folded, lexicon)
  if (promised && !lexicon.sets.tried.has(folded)) return 'empty'
  const step = judgeSteps(sentence, folded, lexicon)
  if (step !== null) return step
  if (promised) return 'empty'
  const trouble = hasTrouble(folded, lexicon)
  if (isRequest(folded, lexicon) && !hasStrongTrouble(folded, lexicon)) return 'request'
  return trouble ? 'trouble' : 'neutral'
}

/** `pueden ayudarnos` asks, `no se pueden abrir` tells. */
function isRequest(folded: Folded, lexicon: Lexicon): boolean {
  const negations = lexicon.sets.negations.all(folded)
  return lexicon.sets.requests
    .all(folded)
    .some((hit) => !negations.some((no) => no.at < hit.at && hit.at - no.at <= NEGATED_REQUEST_REACH))
}

/** A short sentence with a promise or an excuse, and no trouble: `will follow tomorrow`, `we did nothing`. */
function isPromise(folded: Folded, lexicon: Lexicon): boolean {
  if (folded.words.length > MAX_PROMISE_WORDS) return false
  // A single word (`unknown`) promises only when there is hardly anything beside it.
  const promises = lexicon.sets.deferrals
    .all(folded)
    .filter((hit) => hit.length > 1 || folded.words.length <= 3)
  if (promises.length === 0) return false
  const weak = new Set(lexicon.sets.negations.all(folded).map((hit) => hit.phrase))
  return !lexicon.sets.trouble
    .all(folded)
    .some((hit) => !weak.has(hit.phrase) && !promises.some((promise) => overlaps(hit, promise)))
}

function overlaps(one: PhraseHit, other: PhraseHit): boolean {
  return one.at < other.at + other.length && other.at < one.at + one.length
}

/** Tells whether a text has words of trouble, plain negations included: `cannot`, `does not`. */
function hasTrouble(folded: Folded, lexicon: Lexicon): boolean {
  return lexicon.sets.trouble.has(folded)
}

/** Tells whether a text names a trouble by more than a `not`. */
export function hasStrongTrouble(folded: Folded, lexicon: Lexicon): boolean {
  const weak = new Set(lexicon.sets.negations.all(folded).map((hit) => hit.phrase))
  return lexicon.sets.trouble.all(folded).some((hit) => !weak.has(hit.phrase))
}

/** A clause ends a negation's reach: `cannot send, tried OWA too`. */
const CLAUSE = /[,;:()–—]|\s-\s/u
const MAX_CLAUSES = 40

/** Judges whether something was done: `step`, `no-step` (said that it was not), or null when it is not about that. */
function judgeSteps(sentence: string, whole: Folded, lexicon: Lexicon): 'step' | 'no-step' | null {
  const ours = lexicon.sets.firstPerson.has(whole)
  const clauses = sentence.split(CLAUSE).slice(0, MAX_CLAUSES)
  const judged = clauses.map((clause, at) =>
    judgeClause(foldWords(clause), { ours, first: at === 0 }, lexicon),
  )
  if (judged.includes('step')) return 'step'
  return judged.includes('no-step') ? 'no-step' : null
}

function judgeClause(
  folded: Folded,
  where: { readonly ours: boolean; readonly first: boolean },
  lexicon: Lexicon,
): 'step' | 'no-step' | null {
  const tried = lexicon.sets.tried.all(folded)
  // Without a subject the verb comes first: `Deleted the profile`, but not `Deleted mails come back`.
  const leads = where.first && !hasTrouble(folded, lexicon)
  const acted = lexicon.sets.acted.all(folded).filter((hit) => where.ours || (leads && hit.at === 0))
  const hits = [...tried, ...acted]
  if (hits.length === 0) return null
  const negations = lexicon.sets.negations.all(folded)
  const futures = lexicon.sets.future.all(folded)
  const stands = hits.some(
    (hit) => startsWithNegation(hit, negations) || !(isTurned(hit, negations) || isTurned(hit, futures)),
  )
  if (stands) return 'step'
  return hits.some((hit) => isTurned(hit, negations)) && tried.length > 0 ? 'no-step' : null
}

/** `could not reproduce` is a step by itself: its own words hold the negation. */
function startsWithNegation(hit: PhraseHit, negations: readonly PhraseHit[]): boolean {
  return (
    hit.length > 1 && negations.some((negation) => negation.at >= hit.at && negation.at < hit.at + hit.length)
  )
}

function isTurned(hit: PhraseHit, turners: readonly PhraseHit[]): boolean {
  return turners.some((turner) => turner.at < hit.at && hit.at - turner.at <= NEGATION_REACH)
}
