/**
 * Golden mails: exact octets beside what a fair reader finds in them, one folder per kind of situation.
 * Fails: a mail without its expectation, or the reverse, is named by `unpaired`.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Credentials } from '../../src/intake/reading.ts'

export type Phrases = { readonly contains: readonly string[]; readonly excludes: readonly string[] }

export type Golden = {
  /** `replies/bottom-post`. */
  readonly name: string
  readonly content: Uint8Array
  readonly expected: GoldenExpectation
}

export type GoldenExpectation = {
  /** The halves are kept apart: words and rules are tuned on `a`, `b` tells what they are worth. */
  readonly half: 'a' | 'b'
  /** As `inspect --json` names kinds. */
  readonly kind: string
  readonly fields: Readonly<Record<string, string | Phrases | Credentials | null>>
  readonly missing: readonly string[]
  /** Fields on which fair readers differ. */
  readonly either?: readonly string[]
  /** Further right values. */
  readonly accept?: Readonly<Record<string, readonly unknown[]>>
  readonly three_rs?: Readonly<Record<string, string | boolean | null>>
  /** A reply to a checklist: what was still missing. */
  readonly hints?: { readonly missing: readonly string[] }
  readonly tones?: readonly string[]
  readonly newText?: { readonly contains?: readonly string[]; readonly excludes?: readonly string[] }
  readonly warnings?: readonly string[]
  /** Must be found as secrets, and stand in no text that is kept. */
  readonly secrets?: readonly string[]
  readonly notes: string
}

const FOLDER = new URL('.', import.meta.url).pathname

function filesOf(ending: string): readonly string[] {
  return readdirSync(FOLDER, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith(ending))
    .map((name) => name.slice(0, -ending.length))
    .sort()
}

/** Lists mails without an expectation, and expectations without a mail. */
export function unpaired(): readonly string[] {
  const mails = new Set(filesOf('.eml'))
  const expectations = new Set(filesOf('.json'))
  return [...mails, ...expectations].filter((name) => !(mails.has(name) && expectations.has(name)))
}

/** Reads all golden mails, by name. */
export function readGoldens(): readonly Golden[] {
  return filesOf('.eml').map((name) => ({
    name,
    content: readFileSync(join(FOLDER, `${name}.eml`)),
    expected: JSON.parse(readFileSync(join(FOLDER, `${name}.json`), 'utf8')) as GoldenExpectation,
  }))
}
