/**
 * The support policy as data: what a complete submission is, the queues with their promises, the mode.
 * Shipped defaults come from `intake/field-table.ts` and `templates/words/*.yaml`; an operator edits them in the
 * configuration. Each ticket remembers the version (content hash) of the policy that judged it.
 * Source: the support policy, docs/architecture.md.
 */

export type FieldName = string

export type FieldKind =
  | 'domain'
  | 'url'
  | 'credentials'
  | 'text'
  | 'address'
  | 'choice'
  | 'number'
  | 'date'
  | 'yes-no'

/** Words of one language: how partners write a field's label, and how letters show it. */
export type FieldWords = {
  /** As shown in letters: "Customer Domain Name". */
  readonly title: string
  /** Further ways to write the label, lower case. */
  readonly labels: readonly string[]
  readonly hint: string
  readonly example: string
}

export type FieldRow = {
  readonly name: FieldName
  readonly kind: FieldKind
  /** A submission is complete when every required row has a value. */
  readonly required: boolean
  /** The three R's are guidance: asked for, never demanded unless an operator sets `required`. */
  readonly group: 'submission' | 'replicate' | 'review' | 'research'
  /** May the partner register fill it in? The policy demands the mail. */
  readonly acceptFrom: readonly ('mail' | 'account')[]
  /** Allowed values of a `choice`; null otherwise. */
  readonly choices: readonly string[] | null
  /** A linear regular expression that a value must match; null: no more than the kind asks. */
  readonly pattern: string | null
  /** By language code; `en` is always there. */
  readonly words: Readonly<Record<string, FieldWords>>
}

/** Reading data of one language that belongs to no single field. */
export type ReadingWords = {
  /** Whole answers that are none: `tbd`, `see above`, `kommt gleich`. */
  readonly nonAnswers: readonly string[]
  /** Whole replies that only thank or close: `thanks, works again`. */
  readonly thanks: readonly string[]
  readonly urgent: readonly string[]
  readonly withdrawn: readonly string[]
  readonly solved: readonly string[]
  /** A whole reply that leaves the ticket; that asks how it stands. Single words. */
  readonly leave: readonly string[]
  readonly status: readonly string[]
  /** Words that introduce a user name, a password. */
  readonly username: readonly string[]
  readonly password: readonly string[]
  /** What a password may be said to be without being told: `the password is wrong`. */
  readonly passwordStates: readonly string[]
  /** Words of prose that say something was tried; that something is wrong. */
  readonly tried: readonly string[]
  readonly trouble: readonly string[]
  readonly negations: readonly string[]
  /** Words around a domain that say whose it is. */
  readonly customer: readonly string[]
  readonly partner: readonly string[]
  readonly panel: readonly string[]
  /** Openers and closers of a mail, never details. */
  readonly greetings: readonly string[]
  readonly closings: readonly string[]
  /** Phrases of an answer that only promises one: `will send`, `by phone`. */
  readonly deferrals: readonly string[]
  /** Phrases that point to an answer elsewhere: `see below`, `im Anhang`. */
  readonly pointers: readonly string[]
  /** Sentences that only ask us to act: `please check`. */
  readonly requests: readonly string[]
  /** Verbs that say something was tried only when we are who did it: `deleted`, `changed`. */
  readonly acted: readonly string[]
  readonly firstPerson: readonly string[]
  /** What has not happened yet: `will`, `going to`. */
  readonly future: readonly string[]
  /** Words that may stand in a label without changing what it asks: `of the`, `your`. */
  readonly fillers: readonly string[]
  /** Labels of no field, which end the value before them: `phone`, `priority`. */
  readonly otherLabels: readonly string[]
  /** The commonest small words, to tell the language. */
  readonly common: readonly string[]
  readonly yes: readonly string[]
  readonly no: readonly string[]
  /** Words of prose for the three R's, by topic. */
  readonly checks: Readonly<Record<CheckTopic, readonly string[]>>
}

/** What prose about the three R's is looked through for. */
export type CheckTopic =
  | 'dns'
  | 'owa'
  | 'serverRules'
  | 'localRules'
  | 'anyRules'
  | 'knowledgeBase'
  | 'reproduced'
  | 'notReproduced'
  | 'seenBefore'
  | 'neverSeen'

export type QueueOrder = 'earliest-due' | 'sequential'

/** When a queue's clock runs. Minutes of the day in the zone's wall clock; a day that is not named is free. */
export type WorkingHours = {
  readonly timeZone: string
  /** By weekday, 0 is Sunday: spans such as [540, 1020], in order. */
  readonly days: Readonly<Record<number, readonly (readonly [number, number])[]>>
  /** Free days, `2026-12-25`. */
  readonly holidays: readonly string[]
}

export type Queue = {
  readonly name: string
  /** The promise, in hours of the queue's own. */
  readonly promiseHours: number
  /** null: around the clock. */
  readonly hours: WorkingHours | null
  readonly order: QueueOrder
  /** `agents` (all agents whose role serves this queue), or addresses. */
  readonly notify: readonly string[]
}

/** How strictly the gate acts: see docs/architecture.md. */
export type Mode = 'observe' | 'advise' | 'enforce'

export type Policy = {
  /** Hex hash of everything below: the version a ticket remembers. */
  readonly version: string
  readonly fields: readonly FieldRow[]
  readonly reading: Readonly<Record<string, ReadingWords>>
  /** What our letters say of a case, in every language: never a sender's words, even without quote marks. */
  readonly letterSentences: readonly string[]
  readonly queues: readonly Queue[]
  /** Name of the queue that new tickets enter. */
  readonly firstQueue: string
  readonly draftExpiresDays: number
}
