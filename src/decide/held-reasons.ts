/**
 * What a person can do about mail that waits for one, by the reason why it waits. The command line refuses what would
 * lead nowhere by it, and the digest names the commands.
 * Fails: never; the compiler asks for a row when there is a new reason.
 */
import type { HeldReason } from './verdict.ts'

/**
 * `vouch`: releasing it is enough. `name-author`: a person must say who wrote it. `serve-again`: the partner must be
 * made active first. `answer-anew`: an agent's words; nobody's release makes them fit to reach a partner.
 */
export type ReleaseRule = 'vouch' | 'name-author' | 'serve-again' | 'answer-anew'

const RULES: Readonly<Record<HeldReason, ReleaseRule>> = {
  stranger: 'vouch',
  'proof-failed': 'vouch',
  'proof-temporary': 'vouch',
  'agent-unproven': 'vouch',
  'not-a-participant': 'vouch',
  'own-address': 'name-author',
  'several-authors': 'name-author',
  'no-author': 'name-author',
  'partner-suspended': 'serve-again',
  'agent-mail-without-ticket': 'answer-anew',
  'agent-without-signed-address': 'answer-anew',
  'agent-command': 'answer-anew',
  'agent-answer-empty': 'answer-anew',
  'agent-answer-secret': 'answer-anew',
  'agent-answer-quotes-notice': 'answer-anew',
  'agent-answer-overtaken': 'answer-anew',
  'auto-forwarded': 'name-author',
  'agent-for-whom': 'answer-anew',
}

/** Every reason, for what must have words for each. */
export const HELD_REASONS = Object.keys(RULES) as readonly HeldReason[]

/** Tells what a release needs; null for a word that is no reason, such as that of a mail that could not be read. */
export function releaseRule(reason: string): ReleaseRule | null {
  return Object.entries(RULES).find(([name]) => name === reason)?.[1] ?? null
}

/** What waits: a held mail with its reason, one that nobody could read, or one that failed by a fault of ours. */
export type Waiting = {
  readonly state: 'held' | 'failed'
  /** A HeldReason, `unreadable`, or null when it was never decided. */
  readonly reason: string | null
  /** Is its author in no register? */
  readonly isStranger: boolean
  readonly partners: 'open' | 'registered'
}

/** `release-as` takes a person behind it; `retry` decides by the registers, which may have changed. */
export type HeldAction = 'release' | 'release-as' | 'retry' | 'drop'

/** Lists what a person can do about a waiting mail, the likeliest first. */
export function heldActions({ state, reason, isStranger, partners }: Waiting): readonly HeldAction[] {
  const rule = state === 'failed' || reason === null ? null : releaseRule(reason)
  switch (rule) {
    case 'vouch':
      return isStranger && partners === 'registered'
        ? ['release-as', 'retry', 'drop']
        : reason === 'proof-temporary'
          ? ['retry', 'release', 'drop']
          : ['release', 'drop']
    case 'name-author':
      return ['release-as', 'drop']
    case 'answer-anew':
      return ['drop']
    case 'serve-again':
    case null:
      return ['retry', 'drop']
    default:
      return rule satisfies never
  }
}
