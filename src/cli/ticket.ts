/** `ticketgate ticket list|show`: tickets and drafts. */
import { eventsOf, findTicket, lettersOf, listTickets, postsOf, searchTickets } from '../store/list.ts'
import { type WaitLine, waitsOf } from '../store/list-waits.ts'
import {
  CONFIG_OPTION,
  type Command,
  choiceOption,
  countOption,
  EXIT,
  ExitError,
  JSON_OPTION,
  oneWord,
  UsageError,
} from './command.ts'
import { withDesk } from './open-desk.ts'
import { instant, printable, printRows } from './table.ts'

export const LIMIT_OPTION = {
  limit: { type: 'string', value: 'N', help: 'at most N rows, newest first (default 50)' },
} as const

const STATES = ['draft', 'open', 'waiting', 'resolved', 'closed', 'expired', 'withdrawn'] as const

export const ticketList: Command = {
  name: 'ticket list',
  summary: 'list tickets and drafts',
  usage: '',
  details: 'A draft has a reference already, but no ticket is open for it and no promise runs.',
  options: {
    ...CONFIG_OPTION,
    ...JSON_OPTION,
    ...LIMIT_OPTION,
    state: {
      type: 'string',
      value: 'STATE',
      help: `one of ${STATES.join(', ')}`,
    },
  },
  run: async (call, io) => {
    const ask = { state: choiceOption(call, 'state', STATES), limit: countOption(call, 'limit', 50) }
    return withDesk(call, io, async (desk) => {
      const rows = await listTickets(desk.store.db, ask)
      printRows(io, rows, {
        json: call.options['json'] === true,
        nothing: 'there is no ticket',
        columns: [
          { title: 'NUMBER', of: (row) => row.number },
          { title: 'STATE', of: (row) => row.state },
          { title: 'QUEUE', of: (row) => row.queue },
          { title: 'DUE', of: (row) => dueOf(row.promises) },
          { title: 'PARTNER', of: (row) => row.partner ?? '–' },
          { title: 'MISSING', of: (row) => row.missing.join(' ') || '–' },
          { title: 'SUBJECT', of: (row) => row.subject },
        ],
      })
      return EXIT.ok
    })
  },
}

function dueOf(promises: readonly { readonly state: string; readonly dueAt: string }[]): string {
  const running = promises.find((promise) => promise.state === 'running')
  return running === undefined ? '–' : instant(new Date(running.dueAt))
}

/** How long a mail waited for a person: its promise started only then. */
function waitLine(wait: WaitLine): string {
  const came = new Date(wait.receivedAt)
  const resumed = new Date(wait.resumedAt)
  const how = wait.released ? 'released' : 'decided anew'
  return `Waited     ${duration(resumed.getTime() - came.getTime())}: ${wait.inboxId} came in ${instant(came)}, was ${how} ${instant(resumed)}`
}

function duration(ms: number): string {
  const minutes = Math.round(ms / 60_000)
  const hours = Math.floor(minutes / 60)
  return hours === 0 ? `${minutes} min` : `${hours} h ${minutes % 60} min`
}

export const ticketFind: Command = {
  name: 'ticket find',
  summary: 'find the tickets of a caller: by phone code, domain, address or words',
  usage: 'CODE|DOMAIN|ADDRESS|WORDS',
  details:
    'Says at once how each stands: state, time promised, what is still missing. Several words must all be there.',
  options: { ...CONFIG_OPTION, ...JSON_OPTION },
  run: (call, io) =>
    withDesk(call, io, async (desk) => {
      if (call.words.length === 0)
        throw new UsageError('ticket find needs a code, a domain, an address or words')
      const rows = await searchTickets(
        desk.store.db,
        call.words.flatMap((word) => word.split(/\s+/)),
      )
      printRows(io, rows, {
        json: call.options['json'] === true,
        nothing: 'no ticket fits; to open one for the caller, write to the address of a queue with +open',
        columns: [
          { title: 'NUMBER', of: (row) => row.number },
          { title: 'CODE', of: (row) => row.phoneCode ?? '–' },
          { title: 'STATE', of: (row) => row.state },
          { title: 'DUE', of: (row) => dueOf(row.promises) },
          { title: 'WITH', of: (row) => row.assignee ?? '–' },
          { title: 'PARTNER', of: (row) => row.partner ?? '–' },
          { title: 'MISSING', of: (row) => row.missing.join(' ') || '–' },
          { title: 'SUBJECT', of: (row) => row.subject },
        ],
      })
      return rows.length === 0 ? EXIT.fault : EXIT.ok
    }),
}

export const ticketShow: Command = {
  name: 'ticket show',
  summary: 'show one ticket with its history',
  usage: 'TG-N',
  details: '',
  options: { ...CONFIG_OPTION, ...JSON_OPTION },
  run: (call, io) =>
    withDesk(call, io, async (desk) => {
      const word = oneWord(call, 'TG-N')
      const { db } = desk.store
      const ticket = await findTicket(db, word)
      if (ticket === null) throw new ExitError(EXIT.fault, `there is no ticket "${printable(word)}"`)
      const posts = await postsOf(db, ticket.id)
      const letters = await lettersOf(db, ticket.id)
      const events = await eventsOf(db, { ticketId: ticket.id })
      const waits = await waitsOf(db, ticket.id)
      if (call.options['json'] === true) {
        io.out(`${JSON.stringify({ ...ticket, posts, letters, events, waits })}\n`)
        return EXIT.ok
      }
      const lines = [
        `${ticket.number}  ${ticket.state}  ${ticket.queue}`,
        `Subject    ${printable(ticket.subject)}`,
        `Requester  ${ticket.requester}${ticket.partner === null ? '' : ` (${printable(ticket.partner)})`}`,
        ...(ticket.assignee === null ? [] : [`With       ${printable(ticket.assignee)}`]),
        ...(ticket.phoneCode === null ? [] : [`Phone code ${ticket.phoneCode}`]),
        ...ticket.promises.map(
          (one) =>
            `Promise    ${one.kind}: ${one.state}, since ${instant(new Date(one.startedAt))}, due ${instant(new Date(one.dueAt))}`,
        ),
        ...waits.map(waitLine),
        ...(ticket.missing.length === 0 ? [] : [`Missing    ${ticket.missing.join(', ')}`]),
        '',
        ...Object.entries(ticket.fields).map(([name, value]) => `  ${name.padEnd(22)}${printable(value)}`),
        '',
        ...posts.flatMap((post) => [
          `── ${instant(new Date(post.at))}  ${post.kind}  ${printable(post.author)}`,
          ...post.text.split('\n').map((line) => `   ${printable(line)}`),
          '',
        ]),
        ...letters.map(
          (letter) =>
            `letter  ${letter.letter.padEnd(16)}${letter.state.padEnd(9)}${letter.to}${letter.bounced ? `  came back ${letter.bounceStatus ?? ''}`.trimEnd() : ''}`,
        ),
        ...events.map(
          (event) => `event   ${instant(new Date(event.at))}  ${event.kind}  ${printable(event.detail)}`,
        ),
      ]
      io.out(`${lines.join('\n')}\n`)
      return EXIT.ok
    }),
}
