/**
 * Runs the commands of an agent's mail: each on what the one before left, all or none. A word that is no command is told
 * with the nearest that is.
 * Fails: never; whatever is wrong with any of them, none runs.
 */
import { isWithinEdits } from '../intake/edit-distance.ts'
import type { CommandLine } from './command-lines.ts'
import { type CommandRow, commandRows } from './command-table.ts'
import type { Context, Person, Ticket } from './context.ts'
import type { OrderCase, Orders, ResultRow, Work } from './orders.ts'

/** A word further off was hardly meant. */
const MAX_SLIPS = 2

type Mail = {
  readonly commands: readonly CommandLine[]
  /** There are words besides the commands. */
  readonly hasText: boolean
  /** The mail is internal as a whole, by its address. */
  readonly isNote: boolean
}

/** Runs them on the ticket; `agent` wrote the mail. */
export function runCommands(mail: Mail, ticket: Ticket, agent: Person, context: Context): Orders {
  const { commands } = mail
  const rows = commandRows(context.policy.queues)
  const words = commands.map(({ word }) => word)
  const isNote = mail.isNote || words.includes('note')
  const hasAnswer = mail.hasText && !isNote
  const at: OrderCase = { agent, context, hasAnswer, words }
  const known = commands.map((line) => ({ line, row: rows.find(({ word }) => word === line.word) ?? null }))
  const shown = commands.map(({ line }) => line).join('  ')
  const problems: ResultRow[] = known.flatMap(({ line, row }) => {
    if (row === null) return [unknown(line, rows)]
    if (row.alone === true && (commands.length > 1 || mail.hasText))
      return [{ code: 'alone', about: `#${row.word}` }]
    return []
  })
  // `#jump` first: it says why the others may.
  const order = known.toSorted((one, other) => rank(one.row) - rank(other.row))
  let work: Work = {
    // The answer of the same mail keeps what is owed.
    ticket: hasAnswer ? { ...ticket, promises: [] } : ticket,
    changes: [],
    letters: [],
    rows: [],
    asks: false,
    isNote,
    closing: null,
    jump: null,
  }
  for (const { line, row } of problems.length > 0 ? [] : order) {
    const step = row?.run(line, work, at) ?? work
    if ('problem' in step) problems.push({ ...step.problem, command: `#${line.word}` })
    else work = { ...step, rows: step.rows.map((one) => ({ command: `#${line.word}`, ...one })) }
  }
  if (problems.length > 0) return { kind: 'refused', problems, words: shown }
  const undos = known.map(({ row }) => row?.undo ?? 'none')
  const undo = undos.includes('yes') ? 'yes' : undos.includes('no') ? 'no' : 'none'
  return { kind: 'done', work, words: shown, undo }
}

/** `#note` and `#jump` change what the others mean; `#wait` needs to know what was asked. */
function rank(row: CommandRow | null): number {
  if (row?.word === 'note' || row?.word === 'jump') return 0
  return row?.word === 'wait' ? 2 : 1
}

function unknown({ word }: CommandLine, rows: readonly CommandRow[]): ResultRow {
  const near = [1, MAX_SLIPS]
    .flatMap((limit) => rows.filter((row) => isWithinEdits(word, row.word, limit)))
    .find((row) => row.word.length > MAX_SLIPS)
  return near === undefined
    ? { command: `#${word}`, code: 'unknown', about: '' }
    : { command: `#${word}`, code: 'unknown-near', about: `#${near.word}` }
}
