/**
 * What a mail was read to say about the policy's fields: values, where each came from, what is missing.
 * Plain data between `intake/read.ts`, `decide/` and `inspect`.
 */
import type { FieldName } from './policy.ts'

export type Credentials = { readonly username: string | null; readonly password: string | null }

export type FieldSource =
  | 'label'
  | 'table'
  | 'inline-answer'
  | 'inferred'
  | 'attachment'
  | 'subject'
  | 'account'

/** Which text `start` and `end` (UTF-16 offsets) point into. */
export type Place = {
  readonly within: 'text' | 'new-text' | 'subject' | 'attachment' | 'table'
  readonly start: number
  readonly end: number
}

export type FieldValue =
  | {
      readonly kind: 'plain'
      readonly value: string
      readonly source: FieldSource
      readonly place: Place | null
    }
  | {
      readonly kind: 'credentials'
      readonly value: Credentials
      readonly source: FieldSource
      readonly place: Place | null
    }

export type ThreeRs = {
  readonly os: string | null
  readonly mail_client: string | null
  readonly reproducible: boolean | null
  readonly services: string | null
  readonly dns_checked: boolean | null
  readonly owa_checked: boolean | null
  readonly server_rules_checked: boolean | null
  readonly local_rules_checked: boolean | null
  readonly kb_searched: boolean | null
  readonly seen_before: boolean | null
}

/** What a reply says beside fields; `words` are the sender's own, as evidence. */
export type Tone = {
  readonly kind: 'thanks-only' | 'solved' | 'urgent' | 'withdrawn'
  readonly words: string
}

export type Reading = {
  /** A field with a usable value, or credentials with a user name alone (which stay missing). */
  readonly fields: Readonly<Record<FieldName, FieldValue>>
  readonly threeRs: ThreeRs
  /** Required fields without an answer, in the policy's order. */
  readonly missing: readonly FieldName[]
  /** Every string of this mail that must be cut out before anything is stored in clear. */
  readonly secrets: readonly string[]
  /** Lines typed under a quoted item that answer nothing (`kommt gleich`), trimmed: no words for a ticket's history. */
  readonly emptyAnswers: readonly string[]
  readonly tones: readonly Tone[]
  /** Language code that most of the new text is written in; null when too short to tell. */
  readonly language: string | null
  /** Codes such as `several-customers`, `non-answer:steps_taken`, `credentials-by-link`. */
  readonly warnings: readonly string[]
}

/** What is known before this mail is read: an open draft's missing fields, the partner's register entry. */
export type ReadingHints = {
  /** Required fields still missing on the ticket this mail replies to; null for a first mail. */
  readonly missing: readonly FieldName[] | null
  /** Domains known to be the partner's own. */
  readonly partnerDomains: readonly string[]
  /** Our own domains and addresses: never a customer's. */
  readonly ownDomains: readonly string[]
}
