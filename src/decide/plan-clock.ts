/**
 * Effects of the clock on a draft: one reminder halfway to its end, and the end itself, told kindly. A requester who never
 * got our letters (observe, a silent program), who left, or whose partner is suspended is not written to.
 * Fails: never. Pure.
 */
import type { Policy } from '../intake/policy.ts'
import type { Ticket } from './context.ts'
import type { Change, Effects, LetterOrder } from './effects.ts'
import { mergedOf } from './merge-fields.ts'
import { fieldTextsOf, itemsOf } from './models-of.ts'
import { eventChange } from './plan-parts.ts'

export type DueDraft = {
  readonly ticket: Ticket
  readonly now: Date
  readonly policy: Policy
  /** Does its requester take part, and did they get a checklist that may be spoken of? */
  readonly isTold: boolean
}

function modelOf({ ticket, policy }: DueDraft) {
  const { missing, warnings } = ticket
  const known = mergedOf(ticket)
  return {
    items: itemsOf(policy, known, warnings),
    fieldTexts: fieldTextsOf(policy, ticket.language),
    missing,
  }
}

function letterTo({ ticket, now }: DueDraft) {
  return {
    to: { kind: 'person' as const, personId: ticket.requester.id },
    ticketId: ticket.id,
    withheld: false,
    notBefore: now,
    language: ticket.language,
    automatic: true,
    inReplyTo: null,
  }
}

/** Effects of a draft that is halfway to its end. */
export function planDraftReminder(due: DueDraft): Effects {
  const { ticket, isTold } = due
  const done: Change = { kind: 'update-ticket', ticketId: ticket.id, reminded: true }
  if (!isTold || ticket.expiresAt === null) return { changes: [done], letters: [] }
  const letter: LetterOrder = {
    ...letterTo(due),
    template: 'draft-reminder',
    model: { ...modelOf(due), expiresAt: ticket.expiresAt },
  }
  return { changes: [done, eventChange(ticket.id, 'draft-reminder', '')], letters: [letter] }
}

/** Effects of a draft that has come to its end. */
export function planDraftExpiry(due: DueDraft): Effects {
  const { ticket, isTold } = due
  const changes: readonly Change[] = [
    { kind: 'update-ticket', ticketId: ticket.id, state: 'expired', expiresAt: null },
    eventChange(ticket.id, 'draft-expired', ''),
  ]
  if (!isTold) return { changes, letters: [] }
  return { changes, letters: [{ ...letterTo(due), template: 'draft-expired', model: modelOf(due) }] }
}
