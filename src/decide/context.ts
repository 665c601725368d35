/**
 * Every fact a decision may use, loaded before it is made: who wrote, which ticket, what the policy is, what time it is.
 * Plain data; `store/context.ts` builds it, `decide/decide.ts` and `decide/plan.ts` read it.
 */
import type { FieldName, Mode, Policy } from '../intake/policy.ts'
import type { ThreeRs } from '../intake/reading.ts'
import type { LetterName } from '../letters/models.ts'
import type { Envelope, InboxId } from '../mail/mail.ts'

export type TicketId = string & { readonly __id: 'ticket' }
export type PersonId = string & { readonly __id: 'person' }
export type PartnerId = string & { readonly __id: 'partner' }
export type LetterId = string & { readonly __id: 'letter' }
export type SecretId = string & { readonly __id: 'secret' }

/**
 * Sender proof: how far the From of a mail can be believed. `verified` is aligned proof or a trusted relay's word;
 * `none` means that the domain publishes nothing to check; `temperror` is no failure.
 * Source: RFC 7489 §3.1 (alignment), RFC 8601 §2.7 (results).
 */
export type Proof = {
  readonly result: 'verified' | 'none' | 'failed' | 'temperror'
  /** Who says so, for people: `trusted network 127.0.0.0/8`. */
  readonly by: string
  /** Every check that was made, as Authentication-Results writes it: `spf=pass smtp.mailfrom=partner.example`. */
  readonly checks?: readonly string[]
  /** The author's domain that the checks were about; absent where a word for the whole mail was believed. */
  readonly domain?: string
}

/** What was looked up outside the mail before the transaction; stored with it as evidence. */
export type Facts = { readonly proof: Proof }

export type Role = 'support' | 'engineering' | 'lead'

/** What a forward path of ours turned out to be (see `trust/own-address.ts`). */
export type OwnAddress =
  | { readonly kind: 'base'; readonly queue: string }
  | {
      readonly kind: 'reply'
      readonly ticketNumber: number
      readonly personId: PersonId
      /** Whom we gave it to: only an agent's lets words pass to the partner. */
      readonly as: 'partner' | 'agent'
    }
  | { readonly kind: 'bounce'; readonly letterId: LetterId }
  | { readonly kind: 'note' }
  /** `support+next`: hands out the head of the queue. */
  | { readonly kind: 'next'; readonly queue: string }
  /** `support+open`: opens a ticket for a caller. */
  | { readonly kind: 'open'; readonly queue: string }

export type Partner = {
  readonly id: PartnerId
  readonly name: string
  readonly domains: readonly string[]
  readonly controlPanelUrl: string | null
  readonly timeZone: string | null
  readonly language: string | null
  readonly mode: Mode | null
  readonly machineMail: 'answer' | 'silent'
  readonly state: 'active' | 'suspended'
}

export type Person = {
  readonly id: PersonId
  readonly partnerId: PartnerId | null
  /** null unless the person is an agent. */
  readonly role: Role | null
  readonly name: string | null
  /** The address letters go to. */
  readonly address: string
  readonly timeZone: string | null
  readonly language: string | null
}

/** Who wrote, as From and the registers say; `proof` says how far to believe it. */
export type Sender =
  | { readonly kind: 'agent'; readonly person: Person }
  /** `person` is null when only the domain is the partner's: a colleague seen for the first time. */
  | { readonly kind: 'partner'; readonly partner: Partner; readonly person: Person | null }
  | { readonly kind: 'stranger' }

export type TicketState = 'draft' | 'open' | 'waiting' | 'resolved' | 'closed' | 'expired' | 'withdrawn'

/** A value stored on a ticket; a secret is only its id and user name. */
export type StoredField = {
  readonly value: string
  readonly source: string
  readonly inboxId: InboxId
  readonly secretId: SecretId | null
}

export type PromiseRow = {
  readonly kind: string
  readonly state: 'running' | 'paused' | 'kept' | 'broken' | 'ended'
  /** The queue that owes it. */
  readonly queue: string
  readonly startedAt: Date
  readonly dueAt: Date
  /** The time owed, in milliseconds of the queue's hours. */
  readonly promisedMs: number
  /** Used time of finished intervals. */
  readonly bankedMs: number
  /** Start of the running interval; null while paused or ended. */
  readonly runningSince: Date | null
  readonly brokenAt: Date | null
}

/** Somebody of the partner who takes part in a ticket. */
export type Colleague = Pick<Person, 'id' | 'name' | 'address'>

export type Ticket = {
  readonly id: TicketId
  readonly number: number
  readonly state: TicketState
  readonly queue: string
  /** The agent who took it; null while nobody has. */
  readonly assignee: Colleague | null
  readonly partnerId: PartnerId | null
  readonly requester: Person
  readonly participants: readonly PersonId[]
  /** People of the partner among them, but for the requester: who has taken part longest comes first. */
  readonly colleagues: readonly Colleague[]
  /** Every address of those participants (no observers), in comparison form. */
  readonly participantAddresses: readonly string[]
  /** Addresses that are only named on the ticket, in comparison form. */
  readonly observers: readonly string[]
  /** As the partner wrote it, without reply prefixes and tag; secrets masked. */
  readonly subjectStem: string
  readonly fields: Readonly<Record<FieldName, StoredField>>
  readonly threeRs: ThreeRs
  readonly missing: readonly FieldName[]
  /** Codes such as `several-customers`, `register-mismatch:partner_domain`. */
  readonly warnings: readonly string[]
  readonly checklistsSent: number
  /** Language of the letters to its partner. */
  readonly language: string
  readonly promises: readonly PromiseRow[]
  readonly createdAt: Date
  /** Draft's end; null when it is none. */
  readonly expiresAt: Date | null
  /** The ticket that stands in for this withdrawn draft; else null. */
  readonly replacedBy: TicketId | null
  /** When its requester was asked whether they really want to leave; null when they were not. */
  readonly askedToLeaveAt: Date | null
}

/** A draft of the author that waits for its answer, as far as a fresh mail may replace it. */
export type WaitingDraft = {
  readonly id: TicketId
  readonly number: number
  readonly customerDomain: string | null
}

/** Somebody in To and Cc whom the registers know. */
export type NamedPerson = {
  /** Comparison form. */
  readonly address: string
  readonly partnerId: PartnerId | null
  readonly isAgent: boolean
}

/** The partner that an agent's mail, or a program's forward, speaks for. */
export type OnBehalf = {
  readonly partner: Partner
  readonly person: Person | null
  readonly address: string | null
}

/** How a mail was found to belong to a ticket, strongest first. */
export type ThreadEvidence =
  | 'signed-address'
  | 'our-message-id'
  | 'foreign-message-id'
  | 'subject-tag'
  | 'bounce-path'

export type Thread = { readonly ticket: Ticket; readonly by: ThreadEvidence }

export type BouncedLetter = {
  readonly letterId: LetterId
  readonly ticketId: TicketId | null
  readonly recipient: string
  /** Its template: a notice about a bounced notice would bounce as well. */
  readonly letter: LetterName
  /** A bounce of this letter, or of another one to the same address about the same ticket, was told lately. */
  readonly bouncedBefore: boolean
  /** What ties the report to the letter: only what we signed proves that its sender had the letter. */
  readonly by: 'return-path' | 'message-id' | 'alias'
}

/**
 * A person of the desk took the mail out of its wait. `vouched` says that they vouch for it: its author is then the
 * person they named (`sender` holds them), or whom the registers name, and counts as proven.
 */
export type Resumed = {
  readonly at: Date
  readonly vouched: boolean
  /** Was the author named by the operator? */
  readonly named: boolean
  /** The agent who wrote it said that it goes to the partner as it is; no operator's release says so. */
  readonly asIs: boolean
}

/** A mail that an agent forwarded and that waits until they say for whom it is. */
export type AgentQuestion = {
  readonly inboxId: InboxId
  readonly subject: string
  /** It was asked so many times; a person must decide when it does not help. */
  readonly asked: number
  /** The address or domain in the first line of the answer; null when the register knows nobody by it. */
  readonly names: string | null
}

/** What an agent's mail may need of the desk; loaded for agents alone. */
export type DeskFacts = {
  /** Everybody who answers by mail. */
  readonly agents: readonly Person[]
  /** The ticket that `#merge` names; null when there is none. */
  readonly other: Ticket | null
  /** The head of the ticket's queue, or of the queue whose next ticket is asked for; null when nobody waits there. */
  readonly head: Ticket | null
  /** How many tickets of the queue stand before this one, or before a new one. */
  readonly ahead: number
  /** Numbers of tickets that wait on the partner and keep their place before the head. */
  readonly passedOver: readonly number[]
  /** A colleague's answer since the notice that this mail answers; null when there was none. */
  readonly answeredSince: string | null
  /** The mail of this agent that waits for `#send`, when this mail answers our letter about it. */
  readonly heldAnswer: InboxId | null
  /** The last thing that was done on the ticket by mail; null when there is none, or much has happened since. */
  readonly lastCommand: LastCommand | null
  /** The person whom `#cc` names, as the register knows them; null when it knows nobody. */
  readonly named: Sender | null
  /** Results that the agent got within a day; and those among them about no ticket. */
  readonly resultsToday: number
  readonly strayResultsToday: number
}

export type LastCommand = {
  readonly id: string
  readonly by: PersonId
  readonly words: string
  /** Was an answer part of it, and does the relay have it? */
  readonly answered: 'no' | 'recallable' | 'left'
  /** Something happened on the ticket after it: going back would undo that as well. */
  readonly overtaken: boolean
}

export type Brand = { readonly id: string; readonly name: string }

/** See `decide/rounds.ts`. Counts go back a day, `idleOfTicket` to the last mail that brought something. */
export type Rounds = {
  /** Mails of this address that answered a letter of ours and brought nothing. */
  readonly idleOfAddress: number
  readonly idleOfTicket: number
  /** Earlier mails of this partner with the same words; and with words that differ in numbers at most. */
  readonly sameWords: number
  readonly wordsAlike: number
  /** The desk was told today that letters to this address, to this ticket, or against these words have stopped. */
  readonly told: boolean
  /** HMACs of the mail's words, to be remembered with it; null when there are none. */
  readonly sameKey: string | null
  readonly alikeKey: string | null
}

export type Context = {
  readonly now: Date
  /** The mail's own inbox row. */
  readonly inboxId: InboxId
  /** How the mail came; a promise starts at its `receivedAt`. */
  readonly envelope: Envelope
  readonly policy: Policy
  /** The partner's own mode, else the desk's. */
  readonly mode: Mode
  readonly brand: Brand
  /** Are unknown but verified senders made partners? */
  readonly partners: 'open' | 'registered'
  readonly sender: Sender
  /** All of our addresses among envelope, To and Cc, resolved. */
  readonly ownAddresses: readonly OwnAddress[]
  readonly ownDomains: readonly string[]
  readonly thread: Thread | null
  readonly bounced: BouncedLetter | null
  /** An earlier mail with this Message-ID: the same words again, or others under a used id. */
  readonly earlier: {
    readonly inboxId: InboxId
    readonly ticketId: TicketId | null
    readonly sameText: boolean
    /** What was kept of it, masked: the same mail may come again with a footer. null when nothing was. */
    readonly post: { readonly from: string | null; readonly text: string } | null
  } | null
  /** null for a mail that never waited for a person, or failed by our own fault: its clock never stopped. */
  readonly resumed: Resumed | null
  /** The author's own address came back as dead a while ago, and is not written to. */
  readonly suppressed: boolean
  /** Letters that programs decided to send to the author's address in the last 24 h. */
  readonly lettersToday: number
  /** Registered people among To and Cc, the author's own address left out. */
  readonly namedPeople: readonly NamedPerson[]
  /** The author's waiting drafts, newest first; loaded for a mail that names no ticket. */
  readonly waitingDrafts: readonly WaitingDraft[]
  /** The partner whose mailbox seems to have forwarded a stranger's mail by itself; else null. */
  readonly forwarder: Partner | null
  /**
   * For an agent's mail that names no ticket: whom it is to be opened for, by the agent's own word or by who wrote what
   * they forward. null when no partner of the register is named.
   */
  readonly onBehalf: OnBehalf | null
  /** The agent's forwarded mail that this mail answers our question about; else null. */
  readonly question: AgentQuestion | null
  /** null unless an agent wrote. */
  readonly desk: DeskFacts | null
  /** How letters to this author, on this ticket and to this partner fared lately: the guard against loops. */
  readonly rounds: Rounds
  /** The letter of ours that this mail is, come back by whatever way: its sealed marker or Message-ID says so. */
  readonly returnedLetterId: LetterId | null
  /** From is an address that takes mail here: never a partner, never answered. */
  readonly isFromOurselves: boolean
  /** Ids for rows this mail may create: randomness is an argument. */
  readonly fresh: { readonly ticketId: TicketId; readonly personId: PersonId; readonly partnerId: PartnerId }
}
