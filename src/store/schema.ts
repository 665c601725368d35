/**
 * The tables, one type per table, as both databases hold them. Portable by rule: instants are integer milliseconds
 * since the epoch (UTC), flags are 0 or 1, JSON and ids are text, sealed octets are blobs. NUL never enters a text
 * column (PostgreSQL refuses it). Rows never leave `store/`.
 */
import type { Selectable } from 'kysely'

type Instant = number
type Flag = 0 | 1
type Json = string
type Octets = Uint8Array

/** Names and marks of the whole database: key fingerprints, digest clocks. */
export type SettingTable = { name: string; value: string }

export type BrandTable = { id: string; name: string; domain: string; created_at: Instant }

export type PartnerTable = {
  id: string
  brand_id: string
  name: string
  control_panel_url: string | null
  time_zone: string | null
  language: string | null
  mode: string | null
  machine_mail: string
  state: string
  created_at: Instant
}

/** `domain` is unique: one partner per domain, in A-labels. */
export type PartnerDomainTable = { domain: string; partner_id: string }

/** `role` is null unless the person is an agent. */
export type PersonTable = {
  id: string
  brand_id: string
  partner_id: string | null
  role: string | null
  name: string | null
  time_zone: string | null
  language: string | null
  state: string
  created_at: Instant
}

/** `address` is the comparison form: lower case, A-labels. The first address of a person is where letters go. */
export type AddressTable = {
  address: string
  person_id: string
  position: number
  suppressed_until: Instant | null
  created_at: Instant
}

export type PolicyVersionTable = { version: string; content: Json; created_at: Instant }

/** Sealed octets: in the row when small, else in the blob store under `blob_name`. */
export type ContentTable = {
  id: string
  size: number
  octets: Octets | null
  blob_name: string | null
  created_at: Instant
}

/** Deleting this one small row makes the content unreadable for ever. */
export type ContentKeyTable = { content_id: string; key_id: string; salt: Octets }

export type InboxTable = {
  id: string
  brand_id: string
  /** HMAC of canonical content and reverse path, hex: one mail is one row. */
  dedupe_key: string
  state: 'received' | 'done' | 'held' | 'failed'
  outcome: string | null
  content_id: string
  transport: string
  reverse_path: string | null
  forward_paths: Json
  client_ip: string | null
  ehlo_domain: string | null
  tls: Flag
  faces: string
  trusted_relay: string | null
  /** Sender proof as JSON, where it was looked up before the mail was decided. */
  proof: Json | null
  received_at: Instant
  message_id: string | null
  /** HMAC of author and new text, hex: the same words under another route. */
  text_key: string | null
  /** Author and subject, masked, for lists; null until read. */
  from_address: string | null
  subject: string | null
  ticket_id: string | null
  /** Whom an agent named for this forwarded mail of theirs: an address or a domain of a partner. */
  opens_for: string | null
  /** Verdict and masked evidence as JSON, for `explain`. */
  verdict: Json | null
  evidence: Json | null
  duplicates: number
  attempts: number
  next_attempt_at: Instant
  lease_owner: string | null
  lease_until: Instant | null
  last_fault: string | null
  decided_at: Instant | null
  /** The end of a wait for a person: promises of the mail start here. */
  resumed_at: Instant | null
  /** 1 when a person vouched for the mail; `released_as` is who wrote it, null for whom the registers name. */
  released: Flag
  released_as: string | null
  /** 1 when the agent who wrote it said that it goes to the partner as it is. */
  sent_as_is: Flag
  /** When a digest first told of it; null while it is news. */
  told_at: Instant | null
}

export type TicketTable = {
  id: string
  number: number
  brand_id: string
  partner_id: string | null
  requester_id: string
  queue: string
  state: string
  subject_stem: string
  root_message_id: string | null
  /** Every Message-ID of our letters' chain, oldest first, as JSON; trimmed when written to a header. */
  fields: Json
  missing: Json
  three_rs: Json
  warnings: Json
  mode: string
  policy_version: string
  language: string
  checklists_sent: number
  linked_to: string | null
  /** The ticket that stands in for this withdrawn draft. */
  replaced_by: string | null
  assignee_id: string | null
  /** Since when it stands in its queue; null while it never was open. */
  queued_at: Instant | null
  /** Six digits by which a caller is matched to it. */
  phone_code: string | null
  created_at: Instant
  opened_at: Instant | null
  waiting_since: Instant | null
  resolved_at: Instant | null
  closed_at: Instant | null
  expires_at: Instant | null
  /** When a draft's requester is reminded; null once that is done. */
  remind_at: Instant | null
  reminded_at: Instant | null
  last_activity_at: Instant
}

export type PostTable = {
  id: string
  ticket_id: string
  kind: string
  inbox_id: string | null
  person_id: string | null
  author: string | null
  /** Masked. */
  text: string
  quoted_text: string | null
  signature: string | null
  created_at: Instant
}

/** What was attached; the octets stay in the sealed raw mail until a later version stores them apart. */
export type AttachmentTable = {
  id: string
  post_id: string
  ticket_id: string
  position: number
  file_name: string | null
  content_type: string
  size: number
  inline: Flag
  content_id: string | null
}

export type ParticipantTable = {
  ticket_id: string
  /** Comparison form; observers have no person. */
  address: string
  person_id: string | null
  role: string
  joined_at: Instant
  left_at: Instant | null
  /** When this requester was asked whether they really want to leave. */
  asked_to_leave_at: Instant | null
}

export type PromiseTable = {
  id: string
  ticket_id: string
  kind: string
  /** The queue that owes it. */
  queue: string
  state: string
  started_at: Instant
  /** While paused: what it was when the pause began. */
  due_at: Instant
  /** The time owed, in milliseconds of the queue's hours. */
  promised_ms: number
  /** Used time of finished intervals, in milliseconds. */
  banked_ms: number
  /** Start of the running interval; null while paused or ended. */
  running_since: Instant | null
  ended_at: Instant | null
  warned_percent: number
  next_check_at: Instant | null
  /** When it was found to be broken; it stays owed until somebody answers. */
  broken_at: Instant | null
}

/** What an agent had done by one mail, and the ticket as it was before: what `#undo` goes back to. */
export type CommandTable = {
  id: string
  ticket_id: string
  person_id: string
  inbox_id: string | null
  at: Instant
  /** The commands as they were written: `#take #resolve`; empty for an answer alone. */
  words: string
  snapshot: Json
  undone_at: Instant | null
}

/** Message-IDs that lead to a ticket. `kind`: ours, foreign, alias (a relay's own id for our letter). */
export type MessageReferenceTable = {
  message_id: string
  ticket_id: string
  kind: 'ours' | 'foreign' | 'alias'
  outbox_id: string | null
  inbox_id: string | null
  created_at: Instant
}

export type SecretTable = {
  id: string
  brand_id: string
  ticket_id: string
  field: string
  key_id: string
  salt: Octets | null
  octets: Octets | null
  created_at: Instant
  shredded_at: Instant | null
}

export type OutboxTable = {
  id: string
  brand_id: string
  ticket_id: string | null
  /** The mail that caused this letter. */
  inbox_id: string | null
  person_id: string | null
  letter: string
  state: 'queued' | 'sent' | 'failed' | 'withheld'
  to_address: string
  to_name: string | null
  from_address: string
  from_name: string
  reply_to: string
  return_path: string
  message_id: string
  in_reply_to: string | null
  reference_ids: Json
  subject: string
  text: string
  html: string
  /** Further header fields as JSON pairs. */
  header_fields: Json
  /** 1 for a letter to somebody outside that a program decided on: the breaker counts and stops these. */
  rated: Flag
  /** The letter's Date. */
  dated_at: Instant
  not_before: Instant
  attempts: number
  next_attempt_at: Instant
  lease_owner: string | null
  lease_until: Instant | null
  /** The remote server's last words, or the last error. */
  last_reply: string | null
  /** 1 when the last attempt may have been delivered although no reply came. */
  unknown: Flag
  sent_at: Instant | null
  bounced_at: Instant | null
  bounce_status: string | null
  /** When a digest told that this notice reached nobody. */
  told_at: Instant | null
  created_at: Instant
}

export type EventTable = {
  id: string
  at: Instant
  kind: string
  inbox_id: string | null
  ticket_id: string | null
  outbox_id: string | null
  person_id: string | null
  /** Masked, for people. */
  detail: string
}

/** How a partner's mail stood among its author's letters from us: the guard against loops (`store/rounds.ts`). */
export type RoundTable = {
  id: string
  at: Instant
  address: string
  partner_id: string
  ticket_id: string
  /** HMACs of its words: as they are, and without numbers. */
  same_key: string | null
  alike_key: string | null
  /** 1 when it answered a letter of ours and brought nothing. */
  idle: Flag
  /** 1 when the desk was told with it that letters have stopped. */
  told: Flag
}

/** SQLite's counter for ticket numbers; PostgreSQL uses a sequence (`store/dialect.ts`). */
export type CounterTable = { name: string; value: number }

export type Database = {
  setting: SettingTable
  brand: BrandTable
  partner: PartnerTable
  partner_domain: PartnerDomainTable
  person: PersonTable
  address: AddressTable
  policy_version: PolicyVersionTable
  content: ContentTable
  content_key: ContentKeyTable
  inbox: InboxTable
  ticket: TicketTable
  post: PostTable
  attachment: AttachmentTable
  participant: ParticipantTable
  promise: PromiseTable
  command: CommandTable
  message_reference: MessageReferenceTable
  secret: SecretTable
  outbox: OutboxTable
  event: EventTable
  round: RoundTable
  counter: CounterTable
}

export type InboxRow = Selectable<InboxTable>
export type TicketRow = Selectable<TicketTable>
export type OutboxRow = Selectable<OutboxTable>
