/**
 * A reply of one word that asks something of the desk: to leave the ticket, or how it stands. Its author may sign it.
 * Fails: never; whatever says more is a reply like any other.
 */

import { lexiconOf } from './lexicon.ts'
import { foldWords } from './phrase-set.ts'
import type { Policy } from './policy.ts'

export type OneWord = 'leave' | 'status'

/** A word, a closing and a name. */
const MAX_CHARACTERS = 200
const MAX_LINES = 4

/** Reads the one word of a reply, in any language of the policy; null when it says anything else. */
export function oneWordOf(text: string, policy: Policy, authorName: string | null): OneWord | null {
  if (text.length > MAX_CHARACTERS) return null
  const lines = text.split('\n').filter((line) => /[\p{L}\p{N}]/u.test(line))
  const [first, ...rest] = lines
  if (first === undefined || lines.length > MAX_LINES) return null
  const { sets } = lexiconOf(policy)
  const isSigned = rest.every((line) => sets.closings.is(foldWords(line)) || isName(line, authorName))
  if (!isSigned) return null
  const word = foldWords(first)
  if (sets.leave.is(word)) return 'leave'
  return sets.status.is(word) ? 'status' : null
}

function isName(line: string, authorName: string | null): boolean {
  const known = foldWords(authorName ?? '').words
  return foldWords(line).words.every((word) => known.includes(word))
}
