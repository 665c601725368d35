/**
 * The sentences of one language: the `letters` part of templates/words/<language>.yaml, as dotted keys such as
 * `checklist.title`. A word may hold {placeholders}; a map of plural forms (`one`, `other`) is chosen by `count`.
 * Fails: a missing word or value is a fault that names the file and the word; the check at load finds it before a letter does.
 */
import { pluralForm } from './show-instant.ts'

export type Words = {
  readonly language: string
  readonly file: string
  readonly entries: ReadonlyMap<string, string>
}

export type WordValues = Readonly<Record<string, string | number>>

const PLACEHOLDER = /\{([a-zA-Z]{1,40})\}/g
const PLURAL_END = /\.(?:zero|one|two|few|many)$/

/** Flattens the tree of words; `problems` gets a line for whatever is no text. */
export function readWords(tree: unknown, language: string, file: string, problems: Set<string>): Words {
  const entries = new Map<string, string>()
  const visit = (node: unknown, key: string): void => {
    if (typeof node === 'string' && node.trim() !== '') {
      entries.set(key, node.trim())
      if (/[{}]/.test(node.replace(PLACEHOLDER, ''))) {
        problems.add(`${file}: letters.${key} has a { or } that belongs to no {placeholder}`)
      }
    } else if (isMap(node)) {
      for (const [name, value] of Object.entries(node)) visit(value, key === '' ? name : `${key}.${name}`)
    } else problems.add(`${file}: letters.${key} must be a text`)
  }
  visit(tree, '')
  return { language, file, entries }
}

function isMap(node: unknown): node is Record<string, unknown> {
  return node !== null && typeof node === 'object' && !Array.isArray(node)
}

/** Names the placeholders of a word. */
export function placeholdersOf(word: string): readonly string[] {
  return [...word.matchAll(PLACEHOLDER)].map((match) => match[1] ?? '')
}

/** Gives the keys of a word: itself, or its plural forms; none when the word is not there. */
export function keysOf(words: Words, key: string): readonly string[] {
  if (words.entries.has(key)) return [key]
  if (!words.entries.has(`${key}.other`)) return []
  return [...words.entries.keys()].filter(
    (candidate) =>
      candidate === `${key}.other` || (candidate.startsWith(`${key}.`) && isPluralKey(candidate)),
  )
}

/** Languages differ in the plural forms that they have, all but `other`. */
export function isPluralKey(key: string): boolean {
  return PLURAL_END.test(key)
}

/** Gives the sentence with its values filled in, once: a value with braces stays what it is. */
export function say(words: Words, key: string, values: WordValues): string {
  const { count } = values
  const plural =
    typeof count === 'number' ? words.entries.get(`${key}.${pluralForm(count, words.language)}`) : undefined
  const word = plural ?? words.entries.get(key) ?? words.entries.get(`${key}.other`)
  if (word === undefined) throw new Error(`${words.file}: the word letters.${key} is missing`)
  return word.replace(PLACEHOLDER, (_whole, name: string) => {
    const value = values[name]
    if (value === undefined)
      throw new Error(`${words.file}: letters.${key} needs {${name}}, which is not given`)
    return String(value)
  })
}
