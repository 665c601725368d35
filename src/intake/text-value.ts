/**
 * The text of a labelled field (details, steps taken): without the sender's name at its end, and judged whether it says
 * anything: details need a symptom, steps an action. Fails: never.
 */
import { judgeSentence } from './judge-sentence.ts'
import type { Lexicon } from './lexicon.ts'
import { nonAnswer, plainNonAnswer } from './non-answer.ts'
import { foldWords } from './phrase-set.ts'
import type { FieldRow } from './policy.ts'
import { sentencesOf } from './sentences.ts'

type TextValue =
  | { readonly kind: 'answer'; readonly text: string }
  | { readonly kind: 'none' }
  | { readonly kind: 'pointer' }
  | { readonly kind: 'empty' }

const MAX_TEXT_CHARS = 50_000

/** Judges the lines below a label. */
export function labelledText(lines: readonly string[], row: FieldRow, lexicon: Lexicon): TextValue {
  const text = withoutNameAtEnd(lines).join('\n').trim().slice(0, MAX_TEXT_CHARS)
  if (text === '') return { kind: 'empty' }
  const folded = foldWords(text.slice(0, 2000))
  const plain =
    plainNonAnswer(text, folded, lexicon) ?? (folded.words.length <= 6 ? nonAnswerOf(text, lexicon) : null)
  if (plain !== null) return { kind: plain }
  if (row.group === 'submission' && row.kind === 'text' && !saysAnything(text, row, lexicon))
    return { kind: 'none' }
  return { kind: 'answer', text }
}

/** A short text in parentheses or quotation marks may be a promise: `(will follow)`. */
function nonAnswerOf(text: string, lexicon: Lexicon): 'none' | 'pointer' | 'empty' | null {
  return judgeSentence(text, lexicon) === 'empty' || /^[("'“]/u.test(text) ? nonAnswer(text, lexicon) : null
}

function saysAnything(text: string, row: FieldRow, lexicon: Lexicon): boolean {
  const nothing = new Set(row.name === 'steps_taken' ? ['empty', 'no-step', 'request'] : ['empty', 'request'])
  const sentences = sentencesOf(text.split('\n'))
  return sentences.some((sentence) => {
    if (nothing.has(judgeSentence(sentence, lexicon))) return false
    return !isOnlyUrgent(sentence, lexicon)
  })
}

function isOnlyUrgent(sentence: string, lexicon: Lexicon): boolean {
  const folded = foldWords(sentence)
  return folded.words.length <= 3 && lexicon.sets.urgent.has(folded)
}

/** `… always the same.\n\nCarys`: a last paragraph of up to three capitalised words is a name. */
function withoutNameAtEnd(lines: readonly string[]): readonly string[] {
  const last = lines.findLastIndex((line) => line.trim() !== '')
  const line = lines[last]?.trim() ?? ''
  if (last < 2 || (lines[last - 1] ?? '').trim() !== '') return lines
  return /^\p{Lu}[\p{L}'-]+(?: \p{Lu}[\p{L}'.-]*){0,2}$/u.test(line) ? lines.slice(0, last) : lines
}
