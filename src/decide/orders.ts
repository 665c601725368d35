/**
 * What an agent's commands come to: run one after another on the ticket as the one before left it, all or none.
 * Shapes shared by the command table and its runner.
 */
import type { CommandResultModel } from '../letters/models.ts'
import type { Context, Person, Ticket } from './context.ts'
import type { Change, LetterOrder } from './effects.ts'

/** One line of the result: `code` has words in the letter, `about` is what it is about. */
export type ResultRow = CommandResultModel['rows'][number]

/** The desk while commands run. */
export type Work = {
  /** As it will be. */
  readonly ticket: Ticket
  readonly changes: readonly Change[]
  readonly letters: readonly LetterOrder[]
  readonly rows: readonly ResultRow[]
  /** The partner is asked something, by the text or by a checklist. */
  readonly asks: boolean
  readonly isNote: boolean
  /** The answer ends the ticket. */
  readonly closing: 'resolved' | 'closed' | null
  /** Somebody may take a ticket out of its turn, and says why. */
  readonly jump: string | null
}

/** All that a command looks at besides the work so far. */
export type OrderCase = {
  readonly agent: Person
  readonly context: Context
  /** The agent's text goes to the partner with this mail. */
  readonly hasAnswer: boolean
  /** Further commands of the same mail, without `#`. */
  readonly words: readonly string[]
}

export type Step = Work | { readonly problem: ResultRow }

/** What came of all commands of a mail: the work, or what is wrong with them. */
export type Orders =
  | {
      readonly kind: 'done'
      readonly work: Work
      readonly words: string
      readonly undo: 'yes' | 'no' | 'none'
    }
  | { readonly kind: 'refused'; readonly problems: readonly ResultRow[]; readonly words: string }
