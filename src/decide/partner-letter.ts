/**
 * Whether a letter to the partner goes out: sent, stored as withheld, or not written at all because a bound is reached.
 * Whatever does not go out is told to the desk, so that nobody waits unseen.
 * Fails: never. Source: RFC 3834 §2 (limits for automatic answers), docs/architecture.md (promise 4).
 */
import type { Context } from './context.ts'
import type { PartnerJudgement } from './plan-parts.ts'

/** `withhold` stores the letter unsent; `stop` writes none, and `why` goes to the desk as a warning code. */
export type Sending =
  | { readonly kind: 'send' }
  | { readonly kind: 'withhold'; readonly why: 'observe' | 'machine-mail-silent' }
  | { readonly kind: 'stop'; readonly why: 'too-many-letters' | 'no-progress' }

/** One partner's desk asks for a few tickets an hour; more checklists a day than this are two machines talking. */
const MAX_CHECKLISTS_PER_DAY = 20
/** A complete submission is work done by somebody, so its acknowledgement is bounded only against a machine. */
const MAX_ACKNOWLEDGEMENTS_PER_DAY = 100
/** Three honest rounds are the mission; a fourth checklist that nothing was gained from helps nobody. */
const MAX_ROUNDS_WITHOUT_PROGRESS = 3

function withheldBy(judgement: PartnerJudgement, context: Context): Sending | null {
  if (context.mode === 'observe') return { kind: 'withhold', why: 'observe' }
  const silent = judgement.author.partner.machineMail === 'silent'
  if (silent && judgement.circumstances.includes('machine-mail'))
    return { kind: 'withhold', why: 'machine-mail-silent' }
  return null
}

/** May a checklist go out? `round` counts from 1. */
export function checklistSending(judgement: PartnerJudgement, context: Context, round: number): Sending {
  const gained = judgement.merged.gained.length > 0
  if (round > MAX_ROUNDS_WITHOUT_PROGRESS && !gained) return { kind: 'stop', why: 'no-progress' }
  if (context.lettersToday >= MAX_CHECKLISTS_PER_DAY) return { kind: 'stop', why: 'too-many-letters' }
  return withheldBy(judgement, context) ?? { kind: 'send' }
}

/** May an acknowledgement go out? */
export function acknowledgementSending(judgement: PartnerJudgement, context: Context): Sending {
  if (context.lettersToday >= MAX_ACKNOWLEDGEMENTS_PER_DAY) return { kind: 'stop', why: 'too-many-letters' }
  return withheldBy(judgement, context) ?? { kind: 'send' }
}

/** May the answer to `leave` or `status` go out? Bounded as checklists are. */
export function requestSending(judgement: PartnerJudgement, context: Context): Sending {
  if (context.lettersToday >= MAX_CHECKLISTS_PER_DAY) return { kind: 'stop', why: 'too-many-letters' }
  return withheldBy(judgement, context) ?? { kind: 'send' }
}

/** The withheld or unwritten letter's name, for the desk; null when it is sent. */
export function unsent(
  sending: Sending,
  letter: 'checklist' | 'acknowledgement' | 'reopened',
): string | null {
  return sending.kind === 'withhold' ? letter : null
}
