/** One mail of the old desk as the gate decided it: what a tally may know of it, nothing secret in it. */
import type { Evidence } from '../decide/explain.ts'
import type { Verdict } from '../decide/verdict.ts'
import type { Mailbox } from '../mail/mail.ts'

export type Rehearsed = {
  readonly place: string
  readonly date: Date | null
  readonly from: Mailbox | null
  /** Masked. */
  readonly subject: string | null
  /** Addresses of To and Cc. */
  readonly recipients: readonly string[]
  /** `TG-1042`: the ticket or draft that it belongs to. */
  readonly ticket: string | null
  readonly verdict: Verdict
  readonly evidence: Evidence
}
