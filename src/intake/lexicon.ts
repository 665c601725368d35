/**
 * Everything the reading knows of words, over all languages at once, compiled once per policy: labels to fields, single
 * words that a label may be made of, and sets of phrases. Fails: never.
 */
import { letterMarks } from './edit-distance.ts'
import { fold, isUnspaced, wordsOf } from './fold.ts'
import { type LetterWords, letterWords } from './our-letter.ts'
import { type PhraseSet, phraseSet } from './phrase-set.ts'
import type { CheckTopic, FieldName, FieldRow, Policy, ReadingWords } from './policy.ts'

/** What a label asks for. `other` belongs to no field, and only ends the value before it. */
export type Target =
  | { readonly kind: 'field'; readonly row: FieldRow }
  | { readonly kind: 'username' }
  | { readonly kind: 'password' }
  | { readonly kind: 'other' }

type PhraseList = Exclude<keyof ReadingWords, 'checks'>
type SetName =
  | Exclude<PhraseList, 'fillers' | 'otherLabels' | 'username' | 'password'>
  | 'username'
  | 'password'

/** A label with its `letterMarks`. */
export type SlipLabel = { readonly label: string; readonly marks: number; readonly target: Target }

/** Shorter labels are too close to ordinary words to allow slips. */
export const MIN_TYPO_CHARS = 5

export type Lexicon = {
  readonly labels: ReadonlyMap<string, Target>
  /** Labels without their filler words: `domain of the customer` is `customer`. */
  readonly bareLabels: ReadonlyMap<string, Target>
  readonly keyWords: ReadonlyMap<string, Target>
  readonly fillers: ReadonlySet<string>
  /** Labels that may be written with slips, by length. */
  readonly byLength: ReadonlyMap<number, readonly SlipLabel[]>
  readonly sets: Readonly<Record<SetName, PhraseSet>>
  readonly checks: Readonly<Record<CheckTopic, PhraseSet>>
  readonly passwordWords: ReadonlySet<string>
  readonly usernameWords: ReadonlySet<string>
  /** Folded hints and examples of our own letters: repeated back, they answer nothing. */
  readonly ownWords: ReadonlySet<string>
  readonly letterWords: LetterWords
  readonly commonByLanguage: ReadonlyMap<string, ReadonlySet<string>>
  readonly rows: ReadonlyMap<FieldName, FieldRow>
}

const SET_NAMES: readonly SetName[] = [
  'nonAnswers',
  'deferrals',
  'pointers',
  'requests',
  'thanks',
  'leave',
  'status',
  'urgent',
  'withdrawn',
  'solved',
  'username',
  'password',
  'passwordStates',
  'tried',
  'acted',
  'firstPerson',
  'future',
  'trouble',
  'negations',
  'customer',
  'partner',
  'panel',
  'greetings',
  'closings',
  'common',
  'yes',
  'no',
]

const TOPICS: readonly CheckTopic[] = [
  'dns',
  'owa',
  'serverRules',
  'localRules',
  'anyRules',
  'knowledgeBase',
  'reproduced',
  'notReproduced',
  'seenBefore',
  'neverSeen',
]

const compiled = new WeakMap<Policy, Lexicon>()

/** Gives the policy's lexicon, compiled at its first use. */
export function lexiconOf(policy: Policy): Lexicon {
  const known = compiled.get(policy)
  if (known !== undefined) return known
  const lexicon = compileLexicon(policy)
  compiled.set(policy, lexicon)
  return lexicon
}

function compileLexicon(policy: Policy): Lexicon {
  const languages = Object.values(policy.reading)
  const list = (name: PhraseList): string[] => languages.flatMap((words) => words[name])
  const fillers = new Set(list('fillers').flatMap((filler) => wordsOf(fold(filler))))
  const labels = labelMap(policy, list)
  const bareLabels = new Map<string, Target>()
  const keyWords = new Map<string, Target>()
  for (const [label, target] of labels) {
    const bare = wordsOf(label).filter((word) => !fillers.has(word))
    if (bare.length > 0 && target.kind !== 'other' && !bareLabels.has(bare.join(' '))) {
      bareLabels.set(bare.join(' '), target)
    }
    if (!label.includes(' ') && !fillers.has(label) && target.kind !== 'other') keyWords.set(label, target)
  }
  return {
    labels,
    bareLabels,
    keyWords,
    fillers,
    byLength: slipLabels(labels),
    sets: Object.fromEntries(SET_NAMES.map((name) => [name, phraseSet(list(name))])) as Lexicon['sets'],
    checks: Object.fromEntries(
      TOPICS.map((topic) => [topic, phraseSet(languages.flatMap((words) => words.checks[topic]))]),
    ) as Lexicon['checks'],
    passwordWords: new Set(list('password').map(fold)),
    usernameWords: new Set(list('username').map(fold)),
    ownWords: ownWords(policy),
    letterWords: letterWords(policy),
    commonByLanguage: new Map(
      Object.entries(policy.reading).map(([code, words]) => [code, new Set(words.common.map(fold))]),
    ),
    rows: new Map(policy.fields.map((row) => [row.name, row])),
  }
}

function slipLabels(labels: ReadonlyMap<string, Target>): Map<number, SlipLabel[]> {
  const byLength = new Map<number, SlipLabel[]>()
  for (const [label, target] of labels) {
    if (target.kind === 'other' || label.length < MIN_TYPO_CHARS) continue
    const entry = { label, marks: letterMarks(label), target }
    const same = byLength.get(label.length)
    if (same === undefined) byLength.set(label.length, [entry])
    else same.push(entry)
  }
  return byLength
}

/** First come, first served: titles before synonyms, fields before user name and password, these before the rest. */
function labelMap(policy: Policy, list: (name: PhraseList) => string[]): Map<string, Target> {
  const labels = new Map<string, Target>()
  const add = (label: string, target: Target): void => {
    const folded = fold(label)
    const key = isUnspaced(folded) ? folded.replaceAll(' ', '') : folded
    if (key !== '' && !labels.has(key)) labels.set(key, target)
  }
  for (const row of policy.fields) {
    for (const words of Object.values(row.words)) add(words.title, { kind: 'field', row })
    add(row.name, { kind: 'field', row })
  }
  for (const word of list('password')) add(word, { kind: 'password' })
  for (const word of list('username')) add(word, { kind: 'username' })
  for (const row of policy.fields) {
    for (const words of Object.values(row.words)) {
      for (const label of words.labels) add(label, { kind: 'field', row })
    }
  }
  for (const word of list('otherLabels')) add(word, { kind: 'other' })
  return labels
}

function ownWords(policy: Policy): Set<string> {
  const own = new Set<string>()
  for (const row of policy.fields.filter((one) => one.group === 'submission')) {
    for (const words of Object.values(row.words)) {
      for (const text of [words.hint, words.example, words.title]) {
        if (fold(text) !== '') own.add(fold(text))
      }
    }
  }
  return own
}
