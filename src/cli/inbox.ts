/** `ticketgate inbox list`: accepted mails and their outcomes. */
import { type InboxLine, ledger, listInbox } from '../store/list.ts'
import { CONFIG_OPTION, type Command, choiceOption, countOption, EXIT, JSON_OPTION } from './command.ts'
import { whyItWaits } from './held-words.ts'
import { withDesk } from './open-desk.ts'
import { type Column, instant, printRows } from './table.ts'
import { LIMIT_OPTION } from './ticket.ts'

const STATES = ['received', 'done', 'held', 'failed'] as const

const COLUMNS: readonly Column<InboxLine>[] = [
  { title: 'ID', of: (row) => row.id },
  { title: 'RECEIVED', of: (row) => instant(new Date(row.receivedAt)) },
  { title: 'OUTCOME', of: (row) => outcomeOf(row) },
  { title: 'TICKET', of: (row) => row.ticket ?? '–' },
  { title: 'AGAIN', of: (row) => (row.duplicates === 0 ? '–' : String(row.duplicates)) },
  { title: 'FROM', of: (row) => row.from ?? row.reversePath ?? '<>' },
  { title: 'SUBJECT', of: (row) => row.subject ?? '' },
]

/** For mail that waits: why, in words. */
const HELD_COLUMNS: readonly Column<InboxLine>[] = [
  ...COLUMNS.filter(({ title }) => title !== 'OUTCOME' && title !== 'AGAIN'),
  { title: 'WHY', of: (row) => whyItWaits(row) },
]

export const inboxList: Command = {
  name: 'inbox list',
  summary: 'list accepted mails and their outcomes',
  usage: '',
  details: 'Every mail that got a 250 has one row here and exactly one current outcome.',
  options: {
    ...CONFIG_OPTION,
    ...JSON_OPTION,
    ...LIMIT_OPTION,
    held: { type: 'boolean', help: 'only mails that wait for a person, with the reason' },
    state: { type: 'string', value: 'STATE', help: `one of ${STATES.join(', ')}` },
    ledger: { type: 'boolean', help: 'only count: how many mails had which outcome' },
  },
  run: async (call, io) => {
    const json = call.options['json'] === true
    const state = call.options['held'] === true ? 'held' : choiceOption(call, 'state', STATES)
    const ask = { state, limit: countOption(call, 'limit', 50) }
    return withDesk(call, io, async (desk) => {
      if (call.options['ledger'] === true) {
        printRows(io, await ledger(desk.store.db), {
          json,
          nothing: 'no mail was accepted yet',
          columns: [
            { title: 'STATE', of: (row) => row.state },
            { title: 'OUTCOME', of: (row) => row.outcome ?? '–' },
            { title: 'MAILS', of: (row) => String(row.mails) },
          ],
        })
        return EXIT.ok
      }
      printRows(io, await listInbox(desk.store.db, ask), {
        json,
        nothing: state === 'held' ? 'nothing is held' : 'no mail was accepted yet',
        columns: state === 'held' ? HELD_COLUMNS : COLUMNS,
      })
      return EXIT.ok
    })
  },
}

/** Names a mail's outcome: `reply`, `held: stranger`, `dropped`; while it has none, its state. */
export function outcomeOf(row: InboxLine): string {
  if (row.state === 'done') return row.outcome ?? ''
  return row.state === 'held' ? `${row.outcome ?? 'held'}: ${row.reason ?? ''}` : row.state
}
