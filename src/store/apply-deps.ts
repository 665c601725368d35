/** What writing effects needs from other rooms, as functions; and the case that the parts of `apply` share. */
import type { Kysely } from 'kysely'
import type { LetterId, PersonId } from '../decide/context.ts'
import type { LetterHead, LetterName, Models, RenderedLetter } from '../letters/models.ts'
import type { InboxId } from '../mail/mail.ts'
import type { Sealing } from './content.ts'
import type { DialectName } from './dialect.ts'
import type { IdSource } from './new-id.ts'
import type { Database } from './schema.ts'

export type ApplyDeps = {
  readonly dialect: DialectName
  readonly newId: IdSource
  readonly sealing: Sealing
  readonly brand: { readonly id: string; readonly fromName: string }
  readonly policy: { readonly version: string; readonly content: string }
  /** Renders a letter; synchronous and pure. */
  readonly render: <N extends LetterName>(name: N, model: Models[N], head: LetterHead) => RenderedLetter
  /** The queue that letters about no ticket come from. */
  readonly firstQueue: string
  /** The plain address of a queue. */
  readonly queueAddress: (queue: string) => string
  /** The signed address under which this person answers on this ticket. */
  readonly replyAddress: (
    target: {
      readonly queue: string
      readonly ticketNumber: number
      readonly personId: PersonId
      readonly as: 'partner' | 'agent'
    },
    at: Date,
  ) => string
  readonly returnPath: (letterId: LetterId, at: Date) => string
  readonly messageId: (letterId: LetterId) => string
  /** The sealed field by which the letter is known again should it come back. */
  readonly loopField: (letterId: LetterId) => { readonly name: string; readonly value: string }
  /** Whom a queue notifies: `agents`, or addresses. */
  readonly queueNotify: (queue: string) => readonly string[]
  /** Gets what nobody else would: a notice of a queue without agents, digests. Who is configured, and the last resort. */
  readonly operator: { readonly address: string | null; readonly postmaster: string }
}

export type ApplyCase = {
  readonly tx: Kysely<Database>
  readonly inboxId: InboxId | null
  readonly now: Date
  readonly deps: ApplyDeps
}
