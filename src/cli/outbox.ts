/** `ticketgate outbox list|show|retry`: letters and what became of them. */

import { isBreakerOpen, resumeLetters } from '../store/breaker.ts'
import { eventsOf, listOutbox, outboxById } from '../store/list.ts'
import { retryLetter } from '../store/outbox.ts'
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

const STATES = ['queued', 'sent', 'failed', 'withheld'] as const

const STOPPED_NOTE =
  'automatic letters to partners wait: the limit of an hour was reached (letters.perHour); see: ticketgate outbox resume\n'

export const outboxList: Command = {
  name: 'outbox list',
  summary: 'list letters and what became of them',
  usage: '',
  details:
    'A letter marked “perhaps” was sent again after the relay gave no last word: it may have arrived twice.',
  options: {
    ...CONFIG_OPTION,
    ...JSON_OPTION,
    ...LIMIT_OPTION,
    state: { type: 'string', value: 'STATE', help: `one of ${STATES.join(', ')}` },
  },
  run: async (call, io) => {
    const ask = { state: choiceOption(call, 'state', STATES), limit: countOption(call, 'limit', 50) }
    return withDesk(call, io, async (desk) => {
      const rows = await listOutbox(desk.store.db, ask)
      if (await isBreakerOpen(desk.store.db)) io.err(STOPPED_NOTE)
      printRows(io, rows, {
        json: call.options['json'] === true,
        nothing: 'no letter was written yet',
        columns: [
          { title: 'ID', of: (row) => row.id },
          {
            title: 'STATE',
            of: (row) => `${row.state}${row.unknown ? ' (perhaps)' : ''}${row.bounced ? ', came back' : ''}`,
          },
          { title: 'LETTER', of: (row) => row.letter },
          { title: 'TICKET', of: (row) => row.ticket ?? '–' },
          { title: 'TO', of: (row) => row.to },
          { title: 'TRIES', of: (row) => String(row.attempts) },
          { title: 'LAST REPLY', of: (row) => row.lastReply ?? '–' },
        ],
      })
      return EXIT.ok
    })
  },
}

export const outboxShow: Command = {
  name: 'outbox show',
  summary: 'show one letter',
  usage: 'ID',
  details: '',
  options: { ...CONFIG_OPTION, ...JSON_OPTION },
  run: (call, io) =>
    withDesk(call, io, async (desk) => {
      const id = oneWord(call, 'ID')
      const letter = await outboxById(desk.store.db, id)
      if (letter === null) throw new ExitError(EXIT.fault, `there is no letter "${printable(id)}"`)
      const events = await eventsOf(desk.store.db, { outboxId: letter.id })
      if (call.options['json'] === true) {
        io.out(`${JSON.stringify({ ...letter, events })}\n`)
        return EXIT.ok
      }
      const lines = [
        `Id          ${letter.id}`,
        `State       ${letter.state}, ${letter.attempts} tries${letter.nextAttemptAt === null ? '' : `, next ${letter.nextAttemptAt}`}`,
        `Last reply  ${printable(letter.lastReply ?? '–')}`,
        ...(letter.bouncedAt === null
          ? []
          : [`Came back   ${instant(new Date(letter.bouncedAt))}  ${letter.bounceStatus ?? ''}`.trimEnd()]),
        `To          ${letter.to}`,
        `Reply-To    ${letter.replyTo}`,
        `Message-ID  ${letter.messageId}`,
        `Subject     ${printable(letter.subject)}`,
        ...events.map(
          (event) => `Event       ${instant(new Date(event.at))}  ${event.kind}  ${printable(event.detail)}`,
        ),
        '',
        ...letter.text.split('\n').map(printable),
      ]
      io.out(`${lines.join('\n')}\n`)
      return EXIT.ok
    }),
}

export const outboxRetry: Command = {
  name: 'outbox retry',
  summary: 'send a failed or withheld letter again',
  usage: 'ID',
  details: 'The same letter under the same Message-ID; a running gateway does it at once.',
  options: CONFIG_OPTION,
  run: (call, io) =>
    withDesk(call, io, async (desk) => {
      const id = oneWord(call, 'ID')
      const done = await retryLetter(desk.store, id, { now: desk.clock(), newId: desk.applyDeps.newId })
      if (!done) throw new ExitError(EXIT.fault, `"${printable(id)}" is no failed or withheld letter`)
      io.out('queued again\n')
      return EXIT.ok
    }),
}

export const outboxResume: Command = {
  name: 'outbox resume',
  summary: 'let automatic letters go on after the limit of an hour stopped them',
  usage: '',
  details:
    'The hour is counted anew from now. Without this they go on by themselves when the last hour was quiet.',
  options: CONFIG_OPTION,
  run: (call, io) =>
    withDesk(call, io, async (desk) => {
      const resumed = await resumeLetters(desk.store, { now: desk.clock(), newId: desk.applyDeps.newId })
      io.out(resumed ? 'automatic letters go on\n' : 'no letters were stopped\n')
      return EXIT.ok
    }),
}
