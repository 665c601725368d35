/**
 * What `decide` hands to `plan`: the verdict with everything that was found out on the way to it. Lives only inside
 * one transaction: `reading` and `merged` hold passwords in clear, so this is never stored or logged as it is
 * (`evidenceOf` makes the masked form).
 */
import type { Reading } from '../intake/reading.ts'
import type { Mail } from '../mail/mail.ts'
import { assertNever } from './assert-never.ts'
import type { Context, Facts, Partner, Person, Ticket, TicketId, WaitingDraft } from './context.ts'
import type { Merged } from './merge-fields.ts'
import type { Orders } from './orders.ts'
import type { HeldReason, Verdict } from './verdict.ts'

/** Who wrote, once registers and proof allow to believe it. `created` says what the registers gain by this mail. */
export type Author =
  | { readonly kind: 'agent'; readonly person: Person }
  | {
      readonly kind: 'partner'
      readonly partner: Partner
      readonly person: Person
      readonly created: 'nothing' | 'person' | 'partner'
    }

export type PartnerAuthor = Extract<Author, { kind: 'partner' }>

/** Circumstances that the verdict itself does not name. */
export type Circumstance =
  /** The Message-ID was seen before with other words: such a mail never threads by its header. */
  | 'message-id-reused'
  /** It names a ticket that its author has no part in. */
  | 'claims-ticket'
  /** It forwards an old thread: a case of its own, linked to the ticket of that thread. */
  | 'forwards-thread'
  /** A new case written to an old reply address, as address books offer it. */
  | 'new-case-at-old-address'
  /** Someone of the partner writes on this ticket for the first time. */
  | 'colleague-joins'
  /** The partner takes the draft back. */
  | 'withdraws-draft'
  /** A person of the desk released it from its wait. */
  | 'released'
  /** It was released onto a ticket of another partner: its author is named there, and not written to. */
  | 'joins-as-observer'
  /** Its proven author writes from an address that had come back as dead. */
  | 'address-works-again'
  /** The author left the ticket; the requester was asked back; left, and a colleague took over; left as the last one. */
  | 'leaves'
  | 'asks-to-leave'
  | 'requester-left'
  | 'nobody-left'
  /** The author asked how the ticket stands. */
  | 'asks-status'
  /** A complete mail stands in for the author's waiting draft about the same customer. */
  | 'replaces-draft'
  /** An agent opened it for a caller. */
  | 'opened-for-caller'
  /** An agent forwarded it for the author. */
  | 'agent-forward'
  /** Sent by a partner's program, yet treated like any other mail of theirs. */
  | 'machine-mail'
  /** Only its subject looks like a program's. */
  | 'looks-automatic'
  /** It asks programs not to answer. */
  | 'answers-unwanted'

export type Judgement = {
  readonly verdict: Verdict
  /** null when nobody acts: held, unreadable, automatic, bounce, duplicate. */
  readonly author: Author | null
  /** The ticket that the mail belongs to, or that a new one is linked to. */
  readonly ticket: Ticket | null
  readonly reading: Reading | null
  readonly merged: Merged | null
  readonly circumstances: readonly Circumstance[]
  /** The waiting draft that the new ticket stands in for. */
  readonly replaces: WaitingDraft | null
  /** What an agent's commands come to; null when there are none. */
  readonly orders: Orders | null
}

/** All that one check looks at. */
export type Case = { readonly mail: Mail; readonly facts: Facts; readonly context: Context }

/** Makes a judgement out of a verdict alone; `more` adds what was found out. */
export function judged(verdict: Verdict, more: Partial<Omit<Judgement, 'verdict'>> = {}): Judgement {
  return {
    verdict,
    author: null,
    ticket: null,
    reading: null,
    merged: null,
    circumstances: [],
    replaces: null,
    orders: null,
    ...more,
  }
}

/** Judges that a person must look: `ticket` is the one that the mail seems to belong to. */
export function held(reason: HeldReason, ticket: Ticket | null): Judgement {
  return judged({ kind: 'held', reason, ticketId: ticket?.id ?? null }, { ticket })
}

/** Names the ticket that the mail's inbox row belongs to once its effects are written; null when it has none. */
export function ticketIdOf(verdict: Verdict, context: Context): TicketId | null {
  switch (verdict.kind) {
    case 'new-ticket':
      return context.fresh.ticketId
    case 'incomplete':
      return verdict.draft ?? context.fresh.ticketId
    case 'bounce':
      return verdict.letter?.ticketId ?? null
    case 'unreadable':
      return null
    case 'command':
      return 'ticketId' in verdict ? verdict.ticketId : null
    case 'completes-draft':
    case 'reply':
    case 'agent-reply':
    case 'automatic':
    case 'duplicate':
    case 'held':
      return verdict.ticketId
    default:
      return assertNever(verdict)
  }
}
