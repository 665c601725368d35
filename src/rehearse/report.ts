/**
 * What a rehearsal found out, as plain data: the JSON that programs get, and what the pages for people are made of.
 * Nothing in it is secret: subjects are masked, and of a sender only the domain is shown in examples.
 */

import type { Outcome } from '../decide/verdict.ts'
import type { FieldName } from '../intake/policy.ts'

/** A mail as people find it again. */
export type Example = {
  /** Path inside the folder, or `mail 17` of an mbox. */
  readonly place: string
  readonly from: string | null
  readonly subject: string | null
}

/** Mails that no submission or answer came of, by reason. */
export type SetAside = {
  readonly outcome: 'held' | 'automatic' | 'bounce' | 'unreadable' | 'left-out'
  readonly reason: string
  /** The reason as a sentence. */
  readonly words: string
  readonly mails: number
  readonly examples: readonly Example[]
}

/** Threads that began with a partner's submission, by what would have become of them. */
export type Threads = {
  readonly found: number
  /** Complete with the first mail. */
  readonly acceptedAtOnce: number
  /** Complete with a later mail. */
  readonly acceptedAfterAsking: number
  /** The first mail lacked something: accepted later, withdrawn, or never complete. */
  readonly askedBack: number
  readonly withdrawn: number
  readonly neverComplete: number
  /** `acceptedAtOnce` as a part of `found`, 0 to 1; null without any thread. */
  readonly firstTimeComplete: number | null
}

export type PartnerLine = Threads & {
  readonly name: string
  readonly mails: number
  /** Items that its first mails lacked, most missed first. */
  readonly missed: readonly MissedItem[]
}

export type MissedItem = { readonly field: FieldName; readonly title: string; readonly threads: number }

export type ProposedPartner = {
  readonly name: string
  readonly seen: number
  /** Day of the newest mail, `2026-03-02`; null when no mail told one. */
  readonly lastSeen: string | null
  readonly domains: readonly { readonly domain: string; readonly seen: number }[]
  readonly people: readonly {
    readonly address: string
    readonly name: string | null
    readonly seen: number
  }[]
  readonly controlPanelUrls: readonly { readonly url: string; readonly seen: number }[]
  /** What its mails call the partner's domain: only a hint, since anybody can write anything. */
  readonly statedDomains: readonly { readonly domain: string; readonly seen: number }[]
  readonly language: string | null
}

export type Report = {
  readonly format: 1
  readonly mailbox: string
  readonly kind: 'folder' | 'mbox' | 'mail'
  /** `open`: every sender was taken for a partner; `registered`: only whom the register knows. */
  readonly partnersAre: 'open' | 'registered'
  readonly brand: string
  /** Of the oldest and the newest mail; null when no mail tells a date. */
  readonly since: string | null
  readonly until: string | null
  readonly mails: {
    readonly found: number
    /** Decided, each with one outcome. */
    readonly decided: number
    /** Written by the old desk itself: skipped. */
    readonly ownReplies: number
    /** The same octets once more: skipped. */
    readonly copies: number
    readonly leftOut: number
    /** Faults of this program: not decided. */
    readonly faults: number
  }
  readonly threads: Threads
  readonly outcomes: readonly { readonly outcome: Outcome; readonly mails: number }[]
  readonly missed: readonly MissedItem[]
  readonly partners: readonly PartnerLine[]
  readonly setAside: readonly SetAside[]
  /** Sentences for whoever reads the report: what may be wrong with the way it was asked for. */
  readonly hints: readonly string[]
}
