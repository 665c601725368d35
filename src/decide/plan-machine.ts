/**
 * Effects of mail that nobody wrote (bounces, automatic mail, duplicates) and of mail that a person must look at. None
 * of it moves a state or a clock, and none of it is answered; a lasting bounce is told to the desk once.
 * Fails: never. Pure. Source: RFC 3464 (reports), RFC 3834 §2 (never answer a machine).
 */
import type { Mail, Unreadable } from '../mail/mail.ts'
import type { BouncedLetter, Context } from './context.ts'
import type { Change, Effects } from './effects.ts'
import type { Judgement } from './judgement.ts'
import { ticketNotice } from './notice.ts'
import { eventChange, postChange, rememberChanges } from './plan-parts.ts'
import type { Verdict } from './verdict.ts'

/** What the report says, on one line: never its body, which may quote anything. */
function reportText(mail: Mail, letter: BouncedLetter): string {
  const { bounce } = mail
  const recipients =
    bounce === null || bounce.recipients.length === 0 ? [letter.recipient] : bounce.recipients
  const parts = [recipients.join(', '), bounce?.action, bounce?.status, bounce?.diagnosticCode]
  return parts.filter((part) => part !== null && part !== undefined && part !== '').join(' · ')
}

/** Letters to the desk itself: a notice that one of these bounced would bounce as well. */
function isDeskLetter(letter: BouncedLetter): boolean {
  return letter.letter === 'agent-notice' || letter.letter === 'held-digest'
}

/** Effects of a delivery report: the letter is marked, the ticket shows it, the desk hears of a lasting one once. */
export function planBounce(
  judgement: Judgement,
  verdict: Extract<Verdict, { kind: 'bounce' }>,
  mail: Mail,
  context: Context,
): Effects {
  const { letter, permanent } = verdict
  if (letter === null) return { changes: [eventChange(null, 'bounce-unmatched', '')], letters: [] }
  const text = reportText(mail, letter)
  const status = mail.bounce?.status ?? null
  const diagnosticCode = mail.bounce?.diagnosticCode ?? null
  const changes: Change[] = [
    { kind: 'letter-bounced', letterId: letter.letterId, permanent, status, diagnosticCode },
    eventChange(letter.ticketId, permanent ? 'letter-bounced' : 'letter-delayed', text),
  ]
  if (letter.ticketId !== null) {
    changes.push({
      kind: 'add-post',
      ticketId: letter.ticketId,
      post: 'bounce',
      personId: null,
      author: mail.from,
      text,
      quotedText: null,
      signature: null,
      attachments: [],
    })
  }
  const tells = permanent && !letter.bouncedBefore && !isDeskLetter(letter)
  const ticket = tells ? judgement.ticket : null
  if (ticket === null) return { changes, letters: [] }
  const to = { kind: 'queue' as const, queue: ticket.queue }
  return {
    changes,
    letters: [
      ticketNotice(ticket, context, { event: 'bounce', text, warnings: [], wouldHaveSent: null, to }),
    ],
  }
}

/** Effects of automatic mail: kept on its ticket when it has one, and nothing else. */
export function planAutomatic(judgement: Judgement, mail: Mail, context: Context): Effects {
  const { ticket } = judgement
  const event = eventChange(ticket?.id ?? null, 'automatic', mail.automatic?.reason ?? '')
  if (ticket === null) return { changes: [event], letters: [] }
  const post = postChange(judgement, mail, ticket.id, 'automatic')
  return { changes: [post, ...rememberChanges(mail, ticket.id, context), event], letters: [] }
}

/** Effects of mail that changes nothing but the record of its outcome. */
export function planRecord(verdict: Verdict, mail: Mail | Unreadable): Effects {
  switch (verdict.kind) {
    case 'duplicate':
      return { changes: [eventChange(verdict.ticketId, 'duplicate', verdict.of)], letters: [] }
    case 'held':
      return { changes: [eventChange(verdict.ticketId, 'held', verdict.reason)], letters: [] }
    case 'unreadable':
      return { changes: [eventChange(null, 'unreadable', verdict.reason)], letters: [] }
    default:
      throw new Error(`the verdict ${verdict.kind} of a ${mail.kind} needs a plan of its own`)
  }
}
