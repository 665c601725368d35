/**
 * A set of phrases to look for in folded text: runs of words, `begin*` for every word that begins so, and phrases of
 * languages without blanks. Fails: never; each look-up is linear in the words of the text.
 */
import { fold, isUnspaced, wordsOf } from './fold.ts'

export type PhraseHit = { readonly at: number; readonly length: number; readonly phrase: string }

/** Folded text with its words, made once and searched by many sets. */
export type Folded = { readonly text: string; readonly words: readonly string[] }

export type PhraseSet = {
  /** Finds every phrase, by word position; phrases without blanks, by character. */
  readonly all: (folded: Folded) => PhraseHit[]
  readonly has: (folded: Folded) => boolean
  /** Tells whether the whole text is one phrase of the set. */
  readonly is: (folded: Folded) => boolean
}

type Entry = { readonly words: readonly string[]; readonly phrase: string }

/** Prefix phrases are indexed by so many first letters. */
const PREFIX_KEY_CHARS = 3

/** Folds a text once for any number of look-ups. */
export function foldWords(text: string): Folded {
  const folded = fold(text)
  return { text: folded, words: wordsOf(folded) }
}

/** Builds the set; phrases are written as in templates/words. */
export function phraseSet(phrases: Iterable<string>): PhraseSet {
  const whole = new Set<string>()
  const byFirst = new Map<string, Entry[]>()
  const byPrefix = new Map<string, Entry[]>()
  const unspaced: string[] = []
  for (const phrase of phrases) {
    const parts = phrase.split(/\s+/u).map((part) => fold(part) + (part.endsWith('*') ? '*' : ''))
    const words = parts.flatMap((part) => wordsOf(part.trim())).filter((word) => word !== '*')
    const first = words[0]
    if (first === undefined) continue
    whole.add(words.join(' '))
    if (isUnspaced(phrase)) unspaced.push(words.join(' ').replaceAll('*', ''))
    else if (first.endsWith('*')) addTo(byPrefix, first.slice(0, PREFIX_KEY_CHARS), { words, phrase })
    else addTo(byFirst, first, { words, phrase })
  }
  const all = (folded: Folded): PhraseHit[] => {
    const hits: PhraseHit[] = []
    for (const [at, word] of folded.words.entries()) {
      for (const index of [byFirst.get(word), byPrefix.get(word.slice(0, PREFIX_KEY_CHARS))]) {
        for (const entry of index ?? []) {
          if (matchesAt(folded.words, at, entry.words)) {
            hits.push({ at, length: entry.words.length, phrase: entry.phrase })
          }
        }
      }
    }
    if (isUnspaced(folded.text)) {
      for (const phrase of unspaced) {
        const at = folded.text.indexOf(phrase)
        if (at !== -1) hits.push({ at, length: phrase.length, phrase })
      }
    }
    return hits
  }
  const has = (folded: Folded): boolean =>
    folded.words.some((word, at) => {
      const fits = (entry: Entry): boolean => matchesAt(folded.words, at, entry.words)
      return (
        byFirst.get(word)?.some(fits) === true ||
        byPrefix.get(word.slice(0, PREFIX_KEY_CHARS))?.some(fits) === true
      )
    }) ||
    (isUnspaced(folded.text) && unspaced.some((phrase) => folded.text.includes(phrase)))
  return { all, has, is: (folded) => whole.has(folded.text) }
}

function addTo(index: Map<string, Entry[]>, key: string, entry: Entry): void {
  const entries = index.get(key)
  if (entries === undefined) index.set(key, [entry])
  else entries.push(entry)
}

function matchesAt(words: readonly string[], at: number, wanted: readonly string[]): boolean {
  return wanted.every((want, step) => {
    const word = words[at + step]
    if (word === undefined) return false
    return want.endsWith('*') ? word.startsWith(want.slice(0, -1)) : word === want
  })
}
