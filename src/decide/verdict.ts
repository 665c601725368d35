/**
 * What a mail IS, with the evidence. One case per outcome that `inbox list` and `explain` show.
 * Stored with the mail as JSON, secrets masked, so that every outcome explains itself.
 */
import type { FieldName } from '../intake/policy.ts'
import type { InboxId } from '../mail/mail.ts'
import type { BouncedLetter, ThreadEvidence, TicketId } from './context.ts'

export type HeldReason =
  | 'stranger'
  | 'proof-failed'
  | 'proof-temporary'
  | 'agent-unproven'
  | 'not-a-participant'
  | 'several-authors'
  | 'no-author'
  | 'partner-suspended'
  | 'agent-mail-without-ticket'
  /** An agent wrote without the signed address of a notice: it could be meant for the partner, so a person decides. */
  | 'agent-without-signed-address'
  /** Lines of the form `#word`, which must never reach a partner. */
  | 'agent-command'
  /** An answer with no words of its own, or one that repeats a secret. */
  | 'agent-answer-empty'
  | 'agent-answer-secret'
  /** An answer that still holds our notice among its own words: it would show the partner what is internal. */
  | 'agent-answer-quotes-notice'
  /** A colleague has answered since the notice that this one answers. */
  | 'agent-answer-overtaken'
  /** A partner's mailbox forwarded it by itself, so that its From is somebody else's, often the end customer's. */
  | 'auto-forwarded'
  /** An agent forwarded a mail of no partner, and was asked for whom it is. */
  | 'agent-for-whom'
  /** From is an address of the gateway itself, so an answer would come back to us. */
  | 'own-address'

export type Verdict =
  /** Complete, or accepted as it is in mode `advise`. */
  | {
      readonly kind: 'new-ticket'
      readonly missing: readonly FieldName[]
      readonly linkedTo: TicketId | null
    }
  /** A draft was opened, or a draft still lacks items. */
  | { readonly kind: 'incomplete'; readonly missing: readonly FieldName[]; readonly draft: TicketId | null }
  | { readonly kind: 'completes-draft'; readonly ticketId: TicketId; readonly by: ThreadEvidence }
  | {
      readonly kind: 'reply'
      readonly ticketId: TicketId
      readonly by: ThreadEvidence
      /** Fields that the reply fills in or corrects. */
      readonly fields: readonly FieldName[]
      readonly onlyThanks: boolean
      readonly reopens: boolean
    }
  /**
   * An agent's own words on a ticket. `as` says what becomes of them: an answer that we send to every participant
   * (signed agent address), an answer that the agent already sent to them, or an internal note.
   */
  | {
      readonly kind: 'agent-reply'
      readonly ticketId: TicketId
      readonly by: ThreadEvidence
      readonly as: 'answer' | 'answered-directly' | 'note'
    }
  /** An agent's order to the desk. `opens-for`: the forwarded mail `of` is decided anew, for whom the agent named. */
  | {
      readonly kind: 'command'
      readonly command: 'opens-for' | 'asked-again'
      readonly of: InboxId
      readonly address: string | null
    }
  /** Commands without words for the partner: they ran, were refused as a whole, or asked for the next ticket. */
  | {
      readonly kind: 'command'
      readonly command: 'ran' | 'refused' | 'next'
      readonly ticketId: TicketId | null
    }
  | { readonly kind: 'bounce'; readonly letter: BouncedLetter | null; readonly permanent: boolean }
  | { readonly kind: 'automatic'; readonly reason: string; readonly ticketId: TicketId | null }
  | { readonly kind: 'duplicate'; readonly of: InboxId; readonly ticketId: TicketId | null }
  | { readonly kind: 'unreadable'; readonly reason: string }
  | { readonly kind: 'held'; readonly reason: HeldReason; readonly ticketId: TicketId | null }

/** `dropped` is what a person made of a held mail. */
export type Outcome = Verdict['kind'] | 'dropped'
