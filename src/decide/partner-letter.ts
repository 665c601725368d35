/**
 * Whether a letter to the partner goes out: sent, stored as withheld, or not written at all because a bound is reached.
 * Whatever does not go out is told to the desk, so that nobody waits unseen.
 * Fails: never. Source: RFC 3834 §2 (limits for automatic answers), docs/architecture.md (promise 4).
 */
import type { Mail } from '../mail/mail.ts'
import type { Context } from './context.ts'
import { gainedPlainly } from './merge-fields.ts'
import type { PartnerJudgement } from './plan-parts.ts'
import { type Bound, boundOf } from './rounds.ts'

type Withheld = 'observe' | 'machine-mail-silent' | 'answers-unwanted' | 'looks-automatic'

/** `withhold` stores the letter unsent; `stop` writes none, and `why` goes to the desk as a warning code. */
export type Sending =
  | { readonly kind: 'send' }
  | { readonly kind: 'withhold'; readonly why: Withheld }
  | { readonly kind: 'stop'; readonly why: 'too-many-letters' | Bound }

/** One partner's desk asks for a few tickets an hour; more checklists a day than this are two machines talking. */
const MAX_CHECKLISTS_PER_DAY = 20
/** A complete submission is work done by somebody, so its acknowledgement is bounded only against a machine. */
const MAX_ACKNOWLEDGEMENTS_PER_DAY = 100

/** `machineMail: answer` is the partner's wish to be answered whatever their programs and mail servers add. */
function withheldBy(judgement: PartnerJudgement, context: Context): Sending | null {
  if (context.mode === 'observe') return { kind: 'withhold', why: 'observe' }
  const { author, circumstances, merged } = judgement
  if (author.partner.machineMail === 'answer') return null
  if (circumstances.includes('machine-mail')) return { kind: 'withhold', why: 'machine-mail-silent' }
  if (circumstances.includes('answers-unwanted')) return { kind: 'withhold', why: 'answers-unwanted' }
  // Whoever names our items wrote this mail for us, whatever its subject begins with.
  const doubtful = circumstances.includes('looks-automatic') && !gainedPlainly(merged)
  return doubtful ? { kind: 'withhold', why: 'looks-automatic' } : null
}

/** May a letter that a program decided on go to the author of this mail? `perDay` bounds those to one address. */
function letterSending(judgement: PartnerJudgement, mail: Mail, context: Context, perDay: number): Sending {
  const bound = boundOf(judgement, mail, context)
  if (bound !== null) return { kind: 'stop', why: bound }
  if (context.lettersToday >= perDay) return { kind: 'stop', why: 'too-many-letters' }
  return withheldBy(judgement, context) ?? { kind: 'send' }
}

/** May a checklist go out? */
export function checklistSending(judgement: PartnerJudgement, mail: Mail, context: Context): Sending {
  return letterSending(judgement, mail, context, MAX_CHECKLISTS_PER_DAY)
}

/** May an acknowledgement go out? */
export function acknowledgementSending(judgement: PartnerJudgement, mail: Mail, context: Context): Sending {
  return letterSending(judgement, mail, context, MAX_ACKNOWLEDGEMENTS_PER_DAY)
}

/** May the answer to `leave` or `status` go out? Bounded as checklists are. */
export function requestSending(judgement: PartnerJudgement, context: Context): Sending {
  if (context.lettersToday >= MAX_CHECKLISTS_PER_DAY) return { kind: 'stop', why: 'too-many-letters' }
  return withheldBy(judgement, context) ?? { kind: 'send' }
}

/** Names the withheld letter for the desk; null when it is sent or not written. */
export function unsent(
  sending: Sending,
  letter: 'checklist' | 'acknowledgement' | 'reopened',
): string | null {
  return sending.kind === 'withhold' ? letter : null
}

/** That letters stopped is told once a day for an address, a ticket or the same words; a mail each would be a flood. */
export function tellsDesk(sending: Sending, context: Context): boolean {
  return sending.kind === 'withhold' || (sending.kind === 'stop' && !context.rounds.told)
}
