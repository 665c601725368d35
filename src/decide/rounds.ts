/**
 * Rounds without progress: a letter of ours, answered by mail that brings nothing. One may be a person who asks back; at
 * the second, or at the same words again, no further letter goes out, since two programs would go on for ever.
 * Three honest rounds in an hour bring something each time and are never stopped.
 * Fails: never. Pure. Source: RFC 3834 §2 and §4; docs/loops.md.
 */
import type { Mail } from '../mail/mail.ts'
import type { Context } from './context.ts'
import { gainedPlainly } from './merge-fields.ts'
import { belongingTicket, type PartnerJudgement } from './plan-parts.ts'
import { subjectStem } from './subject.ts'

export type Bound = 'no-progress' | 'repeated-mail'

/** Somebody asks back once; a program answers every time. */
const MAX_IDLE_ROUNDS = 1
/** The same mail again, word for word, is somebody who is not sure that it arrived; a third one is a program. */
const MAX_SAME_WORDS = 1
/** A letter of ours names its ticket; a mail that starts anew seldom does. */
const OUR_REFERENCE = /\bTG-\d{4,12}\b/
/** More than this of one text tells nothing more. */
const MAX_WORDS_CHARACTERS = 65_536

/** What a mail's words are compared by; HMACs are made of both. `alike` is null when there are no words. */
export type ComparedWords = { readonly same: string; readonly alike: string | null }

/**
 * Gives the words of a mail for comparison: as they are with the subject, and without everything that a program counts up
 * (whatever holds a digit) and without the subject, which a helpdesk puts its own number in.
 */
export function comparedWords(mail: Mail): ComparedWords {
  const text = (mail.newText.trim() === '' ? mail.text : mail.newText).slice(0, MAX_WORDS_CHARACTERS)
  const words = text
    .toLowerCase()
    .split(/\s+/u)
    .filter((word) => word !== '')
  const alike = words.map((word) => (/\p{Nd}/u.test(word) ? '#' : word)).join(' ')
  return {
    same: `${subjectStem(mail.subject).toLowerCase()}\n${words.join(' ')}`,
    alike: /\p{L}/u.test(alike) ? alike : null,
  }
}

/** Did this mail answer a letter of ours and bring nothing? */
export function isIdleRound(judgement: PartnerJudgement, mail: Mail, context: Context): boolean {
  const { merged } = judgement
  const ticket = belongingTicket(judgement)
  if (ticket !== null) return ticket.checklistsSent > 0 && merged.gained.length === 0
  if (context.lettersToday === 0 || merged.missing.length === 0) return false
  // A new mail that holds a letter of ours: somebody's program opened a case of its own with it.
  return merged.gained.length === 0 || OUR_REFERENCE.test(mail.text.slice(0, MAX_WORDS_CHARACTERS))
}

/** Tells which bound this mail reaches; null while letters may go on. */
export function boundOf(judgement: PartnerJudgement, mail: Mail, context: Context): Bound | null {
  const { rounds } = context
  const { merged } = judgement
  if (context.sender.kind === 'agent') return null
  const isComplete = merged.missing.length === 0
  if (rounds.sameWords > MAX_SAME_WORDS && !isComplete) return 'repeated-mail'
  const brings = belongingTicket(judgement) === null ? gainedPlainly(merged) : merged.gained.length > 0
  if (rounds.wordsAlike > 0 && !brings) return 'repeated-mail'
  const ofTicket = belongingTicket(judgement) === null ? 0 : rounds.idleOfTicket
  const before = Math.max(rounds.idleOfAddress, ofTicket)
  return before >= MAX_IDLE_ROUNDS && isIdleRound(judgement, mail, context) ? 'no-progress' : null
}
