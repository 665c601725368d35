/**
 * Effects of mail that nobody wrote (bounces, automatic mail, duplicates) and of mail that a person must look at. None
 * of it moves a state or a clock, and none of it is answered; a lasting bounce is told to the desk once.
 * Fails: never. Pure. Source: RFC 3464 (reports), RFC 3834 §2 (never answer a machine).
 */
import type { Mail, Unreadable } from '../mail/mail.ts'
import { normaliseAddress } from '../mail/mailbox.ts'
import { assertNever } from './assert-never.ts'
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
  return ['agent-notice', 'held-digest', 'letters-stopped', 'agent-question'].includes(letter.letter)
}

/** What the report says became of the letter. */
function reportOutcome(mail: Mail, permanent: boolean): 'bounced' | 'delayed' | 'delivered' {
  if (permanent) return 'bounced'
  const action = mail.bounce?.action ?? null
  return action === 'delivered' || action === 'relayed' || action === 'expanded' ? 'delivered' : 'delayed'
}

/**
 * RFC 3463 §3.2: these say that the recipient's address does not exist or takes no mail. Of the others, X.1.7 and X.1.8
 * speak of our address, X.1.4 and X.1.9 of no dead one.
 */
const DEAD_ADDRESS = /^5\.1\.(?:0|1|2|3|6|10)$/

/**
 * Is the letter's own address dead, and does the report prove that its sender had the letter? Anybody can write a report;
 * only the letter bears the return path and Message-ID that we signed. A report by Message-ID alone must name the address.
 */
function provesDeadAddress(bounce: Mail['bounce'], letter: BouncedLetter): boolean {
  if (bounce === null || !DEAD_ADDRESS.test(bounce.status ?? '')) return false
  const named = bounce.recipients.map((address) => normaliseAddress(address))
  const isNamed = named.includes(normaliseAddress(letter.recipient))
  switch (letter.by) {
    case 'return-path':
      // A mailbox that forwards to a dead one is not dead itself.
      return named.length === 0 || isNamed
    case 'message-id':
      return isNamed
    case 'alias':
      return false
    default:
      return assertNever(letter.by)
  }
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
  const suppresses = permanent && provesDeadAddress(mail.bounce, letter)
  const changes: Change[] = [
    {
      kind: 'letter-bounced',
      letterId: letter.letterId,
      outcome: reportOutcome(mail, permanent),
      suppresses,
      status,
      diagnosticCode,
    },
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
  const warnings = suppresses ? ['address-spared'] : []
  return {
    changes,
    letters: [ticketNotice(ticket, context, { event: 'bounce', text, warnings, wouldHaveSent: null, to })],
  }
}

/** Effects of automatic mail: kept on its ticket when it has one, and nothing else. */
export function planAutomatic(judgement: Judgement, mail: Mail, context: Context): Effects {
  const { ticket } = judgement
  const { verdict } = judgement
  const reason = verdict.kind === 'automatic' ? verdict.reason : ''
  const event = eventChange(ticket?.id ?? null, 'automatic', reason)
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
