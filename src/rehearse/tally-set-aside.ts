/**
 * Counts mails that no submission or answer came of, by reason, and keeps a few of each as examples.
 * Fails: never. Pure; reasons and examples are bounded in number and length.
 */
import { assertNever } from '../decide/assert-never.ts'
import { domainOf } from '../mail/mailbox.ts'
import { AUTOMATIC_WORDS, BOUNCE_WORDS, HELD_WORDS, OWN_DOMAIN_WORDS } from './reason-words.ts'
import type { Rehearsed } from './rehearsed.ts'
import type { Example, SetAside } from './report.ts'

const EXAMPLES_OF_A_REASON = 3
/** Reasons are a handful; only those of unreadable mail are written freely. What is beyond counts as `other`. */
const MAX_REASONS = 60
const MAX_REASON_CHARS = 160
const MAX_SUBJECT_CHARS = 120

const ORDER: readonly SetAside['outcome'][] = ['held', 'unreadable', 'left-out', 'automatic', 'bounce']

type Row = Omit<SetAside, 'mails' | 'examples'> & { mails: number; readonly examples: Example[] }
export type SetAsideTally = Map<string, Row>

type Reason = Pick<SetAside, 'outcome' | 'reason' | 'words'>

/** Adds one decided mail, if it was set aside. `partnersAre` says what a held stranger is. */
export function tallySetAside(
  tally: SetAsideTally,
  mail: Rehearsed,
  partnersAre: 'open' | 'registered',
): void {
  const reason = reasonOf(mail, partnersAre)
  if (reason === null) return
  add(tally, reason, {
    place: mail.place,
    from: mail.from === null ? null : `…@${domainOf(mail.from.address)}`,
    subject: mail.subject === null ? null : cut(mail.subject, MAX_SUBJECT_CHARS),
  })
}

/** Adds a mail that could not be had at all. */
export function tallyLeftOut(tally: SetAsideTally, place: string, reason: string): void {
  add(tally, { outcome: 'left-out', reason, words: reason }, { place, from: null, subject: null })
}

/** Gives the reasons, outcome by outcome, those that need a person first; of one outcome the most frequent first. */
export function setAsideOf(tally: SetAsideTally): readonly SetAside[] {
  const rank = (row: Row): number => ORDER.indexOf(row.outcome)
  return [...tally.values()].toSorted((one, other) => rank(one) - rank(other) || other.mails - one.mails)
}

function reasonOf({ verdict }: Rehearsed, partnersAre: 'open' | 'registered'): Reason | null {
  switch (verdict.kind) {
    case 'held': {
      const isOwn = verdict.reason === 'stranger' && partnersAre === 'open'
      const words = isOwn ? OWN_DOMAIN_WORDS : HELD_WORDS[verdict.reason]
      return { outcome: 'held', reason: verdict.reason, words }
    }
    case 'automatic': {
      const words = AUTOMATIC_WORDS[verdict.reason] ?? verdict.reason
      return { outcome: 'automatic', reason: verdict.reason, words }
    }
    case 'bounce':
      return { outcome: 'bounce', reason: 'bounce', words: BOUNCE_WORDS }
    case 'unreadable': {
      const reason = cut(verdict.reason, MAX_REASON_CHARS)
      return { outcome: 'unreadable', reason, words: reason }
    }
    case 'new-ticket':
    case 'incomplete':
    case 'completes-draft':
    case 'reply':
    case 'agent-reply':
    case 'command':
    case 'duplicate':
      return null
    default:
      return assertNever(verdict)
  }
}

function add(tally: SetAsideTally, reason: Reason, example: Example): void {
  const key = `${reason.outcome} ${reason.reason}`
  const known = tally.get(key)
  if (known === undefined && tally.size >= MAX_REASONS && reason.reason !== 'other') {
    add(tally, { ...reason, reason: 'other', words: 'other reasons' }, example)
    return
  }
  const row = known ?? { ...reason, mails: 0, examples: [] }
  row.mails += 1
  if (row.examples.length < EXAMPLES_OF_A_REASON) row.examples.push(example)
  tally.set(key, row)
}

function cut(text: string, length: number): string {
  const one = text.replace(/\s+/gu, ' ').trim()
  return one.length <= length ? one : `${one.slice(0, length - 1)}…`
}
