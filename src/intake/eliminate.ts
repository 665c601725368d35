/**
 * A form with a label that we do not know: when every other item has its label, and one of details and steps is left, the
 * line whose label or value speaks of it is the answer: `Prove fatte: Thunderbird e webmail`.
 * Fails: never; a form with several such lines, or one that speaks of neither, is left as it is.
 */
import type { Collected } from './collect.ts'
import type { Lexicon } from './lexicon.ts'
import { matchLabel } from './match-label.ts'
import { nonAnswer } from './non-answer.ts'
import { type Folded, foldWords } from './phrase-set.ts'
import type { FieldName } from './policy.ts'

const MIN_LABELS = 4
const MIN_VALUE_WORDS = 3
const MAX_LINES = 200
const LABELLED = /^\s*(?:[-*•·]\s+|\d{1,2}[.)]\s+)?([\p{L}][\p{L}\p{M}\s'’/()-]{2,60}?)\s*[:：~=]\s+(\S.*)$/u

/** Gives the field that is left with the value of the one line that can be its answer; null when nothing can. */
export function eliminate(
  lines: readonly string[],
  collected: Collected,
  lexicon: Lexicon,
): { readonly name: FieldName; readonly value: string; readonly line: string } | null {
  const labels = [...collected.labelled].filter((name) => lexicon.rows.get(name)?.group === 'submission')
  if (labels.length < MIN_LABELS) return null
  const left = [...lexicon.rows.values()].filter(
    ({ name, kind, group }) =>
      kind === 'text' &&
      group === 'submission' &&
      !collected.fields.has(name) &&
      !collected.labelled.has(name),
  )
  const [row] = left
  if (row === undefined || left.length > 1) return null
  const answers = lines.slice(0, MAX_LINES).flatMap((line) => {
    const [, label = '', value = ''] = LABELLED.exec(line) ?? []
    if (label === '' || matchLabel(label, lexicon, { left: 0 }) !== null) return []
    const isAnswer = value.split(/\s+/u).length >= MIN_VALUE_WORDS && nonAnswer(value, lexicon) === null
    return isAnswer && speaksOf(row.name, foldWords(label), foldWords(value), lexicon)
      ? [{ line, value }]
      : []
  })
  const [answer] = answers
  return answer === undefined || answers.length > 1 ? null : { name: row.name, ...answer }
}

function speaksOf(name: FieldName, label: Folded, value: Folded, { sets, keyWords }: Lexicon): boolean {
  const asks = label.words.some((word) => {
    const target = keyWords.get(word)
    return target?.kind === 'field' && target.row.name === name
  })
  if (asks) return true
  const did = sets.tried.has(label) || sets.acted.has(label) || sets.firstPerson.has(label)
  if (name === 'steps_taken') return did || sets.tried.has(value)
  return !did && sets.trouble.has(value)
}
