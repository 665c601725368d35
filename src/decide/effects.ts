/**
 * What we WILL DO about a mail: rows to change and letters to send, as data. `decide/plan.ts` makes them,
 * `store/apply.ts` writes them inside the caller's transaction, in order. Texts here are already masked;
 * the only secret is in `seal-credentials`, which apply seals at once.
 */
import type { FieldName, Mode } from '../intake/policy.ts'
import type { ThreeRs } from '../intake/reading.ts'
import type {
  AcknowledgementModel,
  AgentAnswerModel,
  AgentNoticeModel,
  AgentQuestionModel,
  ChecklistModel,
  CommandResultModel,
  DraftExpiredModel,
  DraftReminderModel,
  FinishedModel,
  ForwardedModel,
  LeavingModel,
  PromiseWarningModel,
  ReopenedModel,
  TicketStatusModel,
} from '../letters/models.ts'
import type { InboxId, Mailbox } from '../mail/mail.ts'
import type { LetterId, PartnerId, PersonId, StoredField, TicketId, TicketState } from './context.ts'

export type PostKind = 'partner-mail' | 'agent-answer' | 'note' | 'automatic' | 'bounce'

export type Change =
  | {
      readonly kind: 'create-partner'
      readonly partnerId: PartnerId
      readonly name: string
      /** A domain that another partner has by now stays theirs. */
      readonly domains: readonly string[]
    }
  | {
      readonly kind: 'create-person'
      readonly personId: PersonId
      readonly partnerId: PartnerId
      readonly name: string | null
      readonly address: string
    }
  | {
      readonly kind: 'create-ticket'
      readonly ticketId: TicketId
      readonly state: 'draft' | 'open'
      readonly queue: string
      readonly partnerId: PartnerId
      readonly requesterId: PersonId
      readonly subjectStem: string
      readonly rootMessageId: string | null
      readonly mode: Mode
      readonly policyVersion: string
      readonly language: string
      readonly linkedTo: TicketId | null
      readonly createdAt: Date
      /** Null unless a draft. */
      readonly expiresAt: Date | null
    }
  | {
      readonly kind: 'update-ticket'
      readonly ticketId: TicketId
      readonly state?: TicketState
      /** Moves it to the end of this queue. */
      readonly queue?: string
      readonly assigneeId?: PersonId | null
      /** All values of the ticket, but those that a `seal-credentials` after this one brings. */
      readonly fields?: Readonly<Record<FieldName, StoredField>>
      readonly missing?: readonly FieldName[]
      readonly threeRs?: ThreeRs
      readonly warnings?: readonly string[]
      readonly checklistsSent?: number
      readonly expiresAt?: Date | null
      /** The new ticket that stands in for this draft. */
      readonly replacedBy?: TicketId
      /** The draft's reminder is done, sent or not. */
      readonly reminded?: true
    }
  /** Seals the credentials, stores them as the ticket's field `field`, source and user name in clear. */
  | {
      readonly kind: 'seal-credentials'
      readonly ticketId: TicketId
      readonly field: FieldName
      readonly username: string | null
      readonly password: string
      readonly source: string
    }
  | {
      readonly kind: 'add-post'
      readonly ticketId: TicketId
      readonly post: PostKind
      readonly personId: PersonId | null
      readonly author: Mailbox | null
      readonly text: string
      readonly quotedText: string | null
      readonly signature: string | null
      readonly attachments: readonly {
        readonly fileName: string | null
        readonly contentType: string
        readonly size: number
        readonly inline: boolean
      }[]
    }
  | {
      readonly kind: 'add-participant'
      readonly ticketId: TicketId
      readonly personId: PersonId | null
      readonly address: string
      readonly role: 'requester' | 'colleague' | 'agent' | 'observer'
    }
  /** Takes a person off the ticket; as its requester, `successor` follows (null: nobody is left, they stay in name). */
  | {
      readonly kind: 'leave-ticket'
      readonly ticketId: TicketId
      readonly personId: PersonId
      readonly address: string
      readonly successor: PersonId | null
    }
  /** Remembers that the requester was asked whether they really want to leave. */
  | { readonly kind: 'ask-to-leave'; readonly ticketId: TicketId; readonly personId: PersonId }
  /** Asks an agent for whom the mail is that they forwarded; written to their registered address, about no ticket. */
  | {
      readonly kind: 'ask-agent'
      readonly personId: PersonId
      /** The mail that waits for the answer. */
      readonly about: InboxId
      readonly model: AgentQuestionModel
      readonly inReplyTo: string | null
    }
  /** Writes to an agent at their registered address about no ticket. */
  | {
      readonly kind: 'tell-agent'
      readonly personId: PersonId
      readonly model: CommandResultModel
      readonly inReplyTo: string | null
    }
  /** Has a held mail decided anew, for the partner's person or domain that an agent named. */
  | { readonly kind: 'open-for'; readonly heldInboxId: InboxId; readonly address: string }
  | { readonly kind: 'remember-message-id'; readonly ticketId: TicketId; readonly messageId: string }
  | {
      readonly kind: 'start-promise'
      readonly ticketId: TicketId
      /** `first-response`; `next-response` when the partner wrote again after an answer. */
      readonly promise: string
      readonly queue: string
      readonly startedAt: Date
      readonly dueAt: Date
      readonly promisedMs: number
    }
  /** Ends what the ticket owes: kept when `at` is not after its due instant, else broken. `bankedMs` is all used time. */
  | {
      readonly kind: 'keep-promises'
      readonly ticketId: TicketId
      readonly at: Date
      readonly bankedMs: number
    }
  /** The partner's turn: the clock stops, the used time is banked. */
  | { readonly kind: 'pause-promises'; readonly ticketId: TicketId; readonly bankedMs: number }
  | {
      readonly kind: 'resume-promises'
      readonly ticketId: TicketId
      readonly at: Date
      readonly dueAt: Date
    }
  /** Nothing is owed any more, and nothing was kept: the ticket was merged or closed without an answer. */
  | {
      readonly kind: 'end-promises'
      readonly ticketId: TicketId
      readonly at: Date
      readonly bankedMs: number
    }
  /** The clock found that so much of the promise is used. */
  | {
      readonly kind: 'warn-promise'
      readonly ticketId: TicketId
      readonly percent: number
      readonly nextCheckAt: Date | null
      readonly broken: boolean
    }
  /** Keeps the ticket as it is now, for `#undo`; stands before what the mail changes. */
  | {
      readonly kind: 'log-command'
      readonly ticketId: TicketId
      readonly personId: PersonId
      readonly words: string
    }
  /** Brings the ticket back to what it was before a command, and recalls letters that the relay does not have. */
  | { readonly kind: 'undo-command'; readonly commandId: string; readonly ticketId: TicketId }
  /** A held answer goes on as it is: its agent says so. */
  | { readonly kind: 'send-held'; readonly heldInboxId: InboxId; readonly personId: PersonId }
  /** The address takes mail again: letters go to it as before. */
  | { readonly kind: 'lift-suppression'; readonly address: string }
  | {
      readonly kind: 'letter-bounced'
      readonly letterId: LetterId
      readonly outcome: 'bounced' | 'delayed' | 'delivered'
      /** The report proves that its address is dead: nothing is sent there for a while. */
      readonly suppresses: boolean
      readonly status: string | null
      readonly diagnosticCode: string | null
    }
  /** Remembers how a partner's mail stands among its author's letters from us (`decide/rounds.ts`). */
  | {
      readonly kind: 'record-round'
      readonly ticketId: TicketId
      readonly partnerId: PartnerId
      readonly address: string
      readonly idle: boolean
      /** The desk is told with this mail that letters have stopped. */
      readonly told: boolean
      readonly sameKey: string | null
      readonly alikeKey: string | null
    }
  | {
      readonly kind: 'record-event'
      readonly ticketId: TicketId | null
      readonly event: string
      readonly detail: string
    }

/**
 * Who gets a letter: a person of the registers (the address is looked up there, never taken from a mail), or a
 * desk address of the configuration.
 */
export type Recipient =
  | { readonly kind: 'person'; readonly personId: PersonId }
  | { readonly kind: 'queue'; readonly queue: string }
  /** Whoever leads the desk; the operator where nobody does. */
  | { readonly kind: 'leads' }
  | { readonly kind: 'participants'; readonly except: PersonId | null }

export type LetterOrder = {
  readonly to: Recipient
  readonly ticketId: TicketId
  /** In mode `observe` letters to partners are stored as `withheld` and never sent. */
  readonly withheld: boolean
  readonly notBefore: Date
  readonly language: string
  /** True when a program decided to send it (RFC 3834 §5). */
  readonly automatic: boolean
  /** Header addresses of the mail that this answers. */
  readonly inReplyTo: string | null
} & (
  | { readonly template: 'checklist'; readonly model: ChecklistModel }
  | { readonly template: 'acknowledgement'; readonly model: AcknowledgementModel }
  | { readonly template: 'agent-notice'; readonly model: AgentNoticeModel }
  | { readonly template: 'agent-answer'; readonly model: AgentAnswerModel }
  | { readonly template: 'draft-reminder'; readonly model: DraftReminderModel }
  | { readonly template: 'draft-expired'; readonly model: DraftExpiredModel }
  | { readonly template: 'reopened'; readonly model: ReopenedModel }
  | { readonly template: 'resolved'; readonly model: FinishedModel }
  | { readonly template: 'closed'; readonly model: FinishedModel }
  | { readonly template: 'engineering-forwarded'; readonly model: ForwardedModel }
  | { readonly template: 'command-result'; readonly model: CommandResultModel }
  | { readonly template: 'promise-warning'; readonly model: PromiseWarningModel }
  | { readonly template: 'promise-broken'; readonly model: PromiseWarningModel }
  | { readonly template: 'leaving'; readonly model: LeavingModel }
  | { readonly template: 'ticket-status'; readonly model: TicketStatusModel }
)

export type Effects = { readonly changes: readonly Change[]; readonly letters: readonly LetterOrder[] }
