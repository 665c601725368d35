/**
 * Is this short text the label of a field? Exact first, then without filler words, then by the words it is made of, then
 * with typing slips. Fails: never; the search for slips is bounded per mail by the budget handed in.
 */
import { isWithinEdits, letterMarks, mayBeWithinEdits } from './edit-distance.ts'
import { fold, isUnspaced, wordsOf } from './fold.ts'
import { type Lexicon, MIN_TYPO_CHARS, type Target } from './lexicon.ts'

export const MAX_LABEL_CHARS = 80
/** Signs that stand in passwords and code, never in a label. */
const NO_LABEL = /[$^~%\\<>{}]|[\p{L}\p{N}][=+!]+[\p{L}\p{N}]/u
const MAX_LABEL_WORDS = 10
const LONG_LABEL_CHARS = 10

/** How many more labels of this mail may be searched with typing slips. */
export type TypoBudget = { left: number }

export type LabelMatch = { readonly target: Target; readonly exact: boolean }

/** Matches a label's text, without its separator; null when it is none. */
export function matchLabel(raw: string, lexicon: Lexicon, budget: TypoBudget): LabelMatch | null {
  if (raw.length > MAX_LABEL_CHARS || NO_LABEL.test(raw)) return null
  const folded = fold(withoutRemarks(raw))
  if (folded === '') return null
  const exact = lexicon.labels.get(folded) ?? lexicon.labels.get(fold(raw)) ?? unspacedLabel(folded, lexicon)
  if (exact !== undefined) return { target: exact, exact: true }
  const words = wordsOf(folded)
  if (words.length > MAX_LABEL_WORDS || isUnspaced(folded)) return null
  const bare = words.filter((word) => !lexicon.fillers.has(word) && !/^\d+$/u.test(word))
  const target =
    lexicon.bareLabels.get(bare.join(' ')) ??
    combineKeyWords(bare, lexicon) ??
    findSlip(folded, lexicon, budget)
  return target === null || target === undefined ? null : { target, exact: false }
}

/** Blanks mean nothing in a label of a language without them: `コントロールパネル URL`. */
function unspacedLabel(folded: string, lexicon: Lexicon): Target | undefined {
  return isUnspaced(folded) ? lexicon.labels.get(folded.replaceAll(' ', '')) : undefined
}

/** Drops `(optional)`, `[required]` and the like. */
function withoutRemarks(raw: string): string {
  return raw.replace(/\([^()]{0,80}\)|\[[^[\]]{0,80}\]/gu, (remark) =>
    /\w\.\w|@|:\/\//u.test(remark) ? remark : ' ',
  )
}

/** The more telling part wins: `problem of the customer` is about the problem. */
const PRECEDENCE: readonly ((target: Target) => boolean)[] = [
  (target) => isField(target, 'steps_taken'),
  (target) => isField(target, 'details'),
  (target) => isField(target, 'credentials'),
  (target) => target.kind === 'password',
  (target) => target.kind === 'username',
  (target) => isField(target, 'control_panel_url'),
  (target) => isField(target, 'customer_domain'),
  (target) => isField(target, 'partner_domain'),
]

function isField(target: Target, name: string): boolean {
  return target.kind === 'field' && target.row.name === name
}

function combineKeyWords(bare: readonly string[], lexicon: Lexicon): Target | null {
  if (bare.length === 0 || bare.length > 5) return null
  const targets = bare.map((word) => lexicon.keyWords.get(word))
  if (targets.includes(undefined)) return null
  const known = targets.filter((target) => target !== undefined)
  const credentials = [...lexicon.rows.values()].find((row) => row.kind === 'credentials')
  const kinds = new Set(known.map((target) => target.kind))
  if (kinds.has('username') && kinds.has('password') && credentials !== undefined) {
    return { kind: 'field', row: credentials }
  }
  for (const wins of PRECEDENCE) {
    const target = known.find(wins)
    if (target !== undefined) return target
  }
  return known.length === 1 ? (known[0] ?? null) : null
}

function findSlip(folded: string, lexicon: Lexicon, budget: TypoBudget): Target | null {
  if (folded.length < MIN_TYPO_CHARS || budget.left <= 0) return null
  budget.left -= 1
  const marks = letterMarks(folded)
  const limit = folded.length >= LONG_LABEL_CHARS ? 2 : 1
  for (let length = folded.length - limit; length <= folded.length + limit; length += 1) {
    for (const one of lexicon.byLength.get(length) ?? []) {
      if (!mayBeWithinEdits(marks, one.marks, limit)) continue
      if (isWithinEdits(folded, one.label, limit)) return one.target
    }
  }
  return null
}
