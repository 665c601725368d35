/**
 * What a mail is, once accepted (Envelope, RawMail) and once read (Mail, Unreadable): plain, cloneable data.
 * Nothing here knows tickets. Sizes and counts are bounded by `mail/limits.ts` before any of this is built.
 * Source: RFC 5321 §2.3 and §4.5.5 (envelope), RFC 5322 §3.6 (fields), RFC 3464 (reports), RFC 3834 (automatic mail).
 */

/** Identifies one row of the inbox; it is also the queue id told to the client. */
export type InboxId = string & { readonly __id: 'inbox' }

/** `address` is `localPart@domain`: domain in lower-case A-labels, local part as written, no angle brackets. */
export type Mailbox = { readonly displayName: string | null; readonly address: string }

export type Transport = 'smtp' | 'lmtp' | 'imap' | 'pipe'

/** How a mail came. Made by the wire at the instant of acceptance; the content cannot change it. */
export type Envelope = {
  /** null is the null reverse-path `<>` (RFC 5321 §4.5.5). */
  readonly reversePath: string | null
  readonly forwardPaths: readonly string[]
  readonly transport: Transport
  /** null when the mail did not come over the network. */
  readonly clientIp: string | null
  readonly ehloDomain: string | null
  readonly tls: boolean
  /** Where the listener stands: refusing is safe on `internet`; behind a `relay` policy never refuses. */
  readonly faces: 'internet' | 'relay'
  /** The trusted network or relay that vouches for the sender, as the configuration names it; else null. */
  readonly trustedRelay: string | null
  readonly receivedAt: Date
}

/** Exact octets as received (after dot-unstuffing), header and body. */
export type RawMail = { readonly inboxId: InboxId; readonly envelope: Envelope; readonly content: Uint8Array }

export type HeaderField = { readonly name: string; readonly value: string }

export type Attachment = {
  /** Safe to show and to use as a name; null when the mail gives none. */
  readonly fileName: string | null
  readonly contentType: string
  readonly size: number
  readonly inline: boolean
  /** Hex. */
  readonly sha256: string
  /** Decoded text of a readable attachment (text/plain, .txt, .log, .csv …), bounded; else null. */
  readonly text: string | null
}

/** The mail inside a forward, as far as its header block tells. */
export type Forwarded = {
  /** Some clients give a name and no address. */
  readonly from: Mailbox | { readonly displayName: string; readonly address: null } | null
  readonly subject: string | null
  readonly date: string | null
  readonly messageId: string | null
  /** The forwarded mail's own text. */
  readonly text: string
}

/** Why a mail counts as sent by a program; `evidence` is the field and value that say so. */
export type Automatic = {
  readonly reason:
    | 'null-reverse-path'
    | 'auto-submitted'
    | 'precedence'
    | 'list'
    | 'autoresponder-field'
    | 'loop-field'
    | 'report'
    | 'daemon-address'
    | 'subject'
  readonly evidence: string
  /** True for auto-generated machine mail that may be a real escalation (a partner's helpdesk), false for answers. */
  readonly mayBeSubmission: boolean
  /** Only the subject says so, and people write such subjects too. */
  readonly isWeak: boolean
}

/** A delivery status notification, a rejection in prose, or another report about a mail of ours (RFC 3464, RFC 6522). */
export type Bounce = {
  readonly recipients: readonly string[]
  /** RFC 3463 status `5.1.1`; null when the report gives none. */
  readonly status: string | null
  readonly action: 'failed' | 'delayed' | 'delivered' | 'relayed' | 'expanded' | null
  readonly diagnosticCode: string | null
  readonly originalMessageId: string | null
}

/** What kind of mail this is on the wire's evidence alone, before any desk knowledge. */
export type MailKind = 'ordinary' | 'automatic' | 'bounce' | 'report' | 'list'

export type Mail = {
  readonly kind: 'mail'
  readonly mailKind: MailKind
  /** Without angle brackets; null when absent or unreadable. */
  readonly messageId: string | null
  readonly inReplyTo: readonly string[]
  readonly references: readonly string[]
  readonly from: Mailbox | null
  /** Number of From mailboxes, over all From fields: anything but 1 is suspect (RFC 7489 §6.6.1). */
  readonly authorCount: number
  readonly sender: Mailbox | null
  readonly replyTo: readonly Mailbox[]
  readonly to: readonly Mailbox[]
  readonly cc: readonly Mailbox[]
  /** One line, decoded; null when absent. */
  readonly subject: string | null
  /** null when absent or unreadable, never "now". */
  readonly date: Date | null
  /** Full decoded body as text. */
  readonly text: string
  /** What the sender wrote new: `text` without quotes, forwards, signature and banners. */
  readonly newText: string
  readonly quotedText: string | null
  readonly signature: string | null
  readonly forwarded: Forwarded | null
  /** Rows of HTML tables, cell by cell as text: label/value tables survive here. */
  readonly tableRows: readonly (readonly string[])[]
  readonly attachments: readonly Attachment[]
  readonly automatic: Automatic | null
  /** The field by which the sender asks programs not to answer; people's mail carries it too. Else null. */
  readonly answersUnwanted: string | null
  readonly bounce: Bounce | null
  /** All header fields of the mail, in order, unfolded and decoded, bounded in number and size. */
  readonly headerFields: readonly HeaderField[]
  /** Short codes such as `text-truncated`, `charset-guessed`, `date-unreadable`. */
  readonly warnings: readonly string[]
}

/** A mail whose body could not be read within the limits; what its header gave is kept. */
export type Unreadable = {
  readonly kind: 'unreadable'
  readonly reason: string
  readonly messageId: string | null
  readonly from: Mailbox | null
  readonly subject: string | null
}
