/** `ticketgate inbox list|show|retry`: accepted mails and their outcomes. */

import { retryInbox } from '../store/inbox.ts'
import { eventsOf, type InboxLine, inboxById, ledger, listInbox } from '../store/list.ts'
import {
  CONFIG_OPTION,
  type Command,
  choiceOption,
  countOption,
  EXIT,
  ExitError,
  JSON_OPTION,
  oneWord,
} from './command.ts'
import { withDesk } from './open-desk.ts'
import { instant, printable, printRows } from './table.ts'
import { LIMIT_OPTION } from './ticket.ts'

const STATES = ['received', 'done', 'held', 'failed'] as const

export const inboxList: Command = {
  name: 'inbox list',
  summary: 'list accepted mails and their outcomes',
  usage: '',
  details: 'Every mail that got a 250 has one row here and exactly one current outcome.',
  options: {
    ...CONFIG_OPTION,
    ...JSON_OPTION,
    ...LIMIT_OPTION,
    held: { type: 'boolean', help: 'only mails that wait for a person' },
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
        columns: [
          { title: 'ID', of: (row) => row.id },
          { title: 'RECEIVED', of: (row) => instant(new Date(row.receivedAt)) },
          { title: 'OUTCOME', of: (row) => outcomeOf(row) },
          { title: 'TICKET', of: (row) => row.ticket ?? '–' },
          { title: 'AGAIN', of: (row) => (row.duplicates === 0 ? '–' : String(row.duplicates)) },
          { title: 'FROM', of: (row) => row.from ?? row.reversePath ?? '<>' },
          { title: 'SUBJECT', of: (row) => row.subject ?? '' },
        ],
      })
      return EXIT.ok
    })
  },
}

function outcomeOf(row: InboxLine): string {
  if (row.state === 'done') return row.outcome ?? ''
  return row.state === 'held' ? `${row.outcome ?? 'held'}: ${row.reason ?? ''}` : row.state
}

export const inboxShow: Command = {
  name: 'inbox show',
  summary: 'show one accepted mail',
  usage: 'ID',
  details: 'Shows how it came and what became of it. Why: ticketgate explain ID.',
  options: { ...CONFIG_OPTION, ...JSON_OPTION },
  run: (call, io) =>
    withDesk(call, io, async (desk) => {
      const id = oneWord(call, 'ID')
      const line = await inboxById(desk.store.db, id)
      if (line === null) throw new ExitError(EXIT.fault, `there is no accepted mail "${printable(id)}"`)
      const events = await eventsOf(desk.store.db, { inboxId: id })
      if (call.options['json'] === true) {
        io.out(`${JSON.stringify({ ...line, events })}\n`)
        return EXIT.ok
      }
      const lines = [
        `Id          ${line.id}`,
        `Received    ${instant(new Date(line.receivedAt))}`,
        `Outcome     ${outcomeOf(line)}`,
        `Ticket      ${line.ticket ?? '–'}`,
        `From        ${printable(line.from ?? '–')}`,
        `Subject     ${printable(line.subject ?? '–')}`,
        `Message-ID  ${printable(line.messageId ?? '–')}`,
        `Envelope    ${printable(line.reversePath ?? '<>')} → ${printable(line.forwardPaths.join(', '))}`,
        `Came again  ${line.duplicates === 1 ? '1 time' : `${line.duplicates} times`}`,
        ...(line.lastFault === null ? [] : [`Last fault  ${printable(line.lastFault)}`]),
        ...events.map(
          (event) => `Event       ${instant(new Date(event.at))}  ${event.kind}  ${printable(event.detail)}`,
        ),
        ...(line.state === 'held' || line.state === 'failed'
          ? ['', `Decide it anew (after registering the sender, say): ticketgate inbox retry ${line.id}`]
          : []),
      ]
      io.out(`${lines.join('\n')}\n`)
      return EXIT.ok
    }),
}

export const inboxRetry: Command = {
  name: 'inbox retry',
  summary: 'decide a held or failed mail anew',
  usage: 'ID',
  details: 'With the registers and tickets as they are now; a running gateway does it at once.',
  options: CONFIG_OPTION,
  run: (call, io) =>
    withDesk(call, io, async (desk) => {
      const id = oneWord(call, 'ID')
      const done = await retryInbox(desk.store, id, { now: desk.clock(), newId: desk.applyDeps.newId })
      if (!done) throw new ExitError(EXIT.fault, `"${printable(id)}" is no held or failed mail`)
      io.out('put back; it will be decided anew\n')
      return EXIT.ok
    }),
}
