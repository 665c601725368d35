/**
 * Commands about who takes part, and about the agent's own view: `#cc`, `#remove`, `#history`, `#undo`, `#send`, `#note`, `#help`.
 * Fails: never; what does not fit gives the problem to tell.
 */
import { ticketNotice } from './notice.ts'
import { done, problem, type Run, reference } from './order-steps.ts'

export const cc: Run = ({ rest }, work, { context }) => {
  const named = context.desk?.named ?? null
  const { ticket } = work
  // The service is private label: nobody but the partner's own people is written to.
  if (named?.kind !== 'partner' || named.partner.id !== ticket.partnerId) return problem('not-partners', rest)
  const { person } = named
  if (person === null) return problem('not-registered', rest)
  if (ticket.participants.includes(person.id)) return problem('is-there-already', person.address)
  return done(
    work,
    { code: 'cc', about: person.address },
    {
      patch: { participants: [...ticket.participants, person.id] },
      changes: [
        {
          kind: 'add-participant',
          ticketId: ticket.id,
          personId: person.id,
          address: person.address,
          role: 'colleague',
        },
      ],
    },
  )
}

export const remove: Run = ({ rest }, work, { context }) => {
  const { ticket } = work
  const named = context.desk?.named ?? null
  const person = named?.kind === 'partner' ? named.person : null
  if (person === null || !ticket.participants.includes(person.id)) return problem('not-there', rest)
  const isRequester = ticket.requester.id === person.id
  const successor = isRequester ? (ticket.colleagues[0]?.id ?? null) : null
  if (isRequester && successor === null) return problem('last-one', person.address)
  return done(
    work,
    { code: 'remove', about: person.address },
    {
      patch: { participants: ticket.participants.filter((id) => id !== person.id) },
      changes: [
        {
          kind: 'leave-ticket',
          ticketId: ticket.id,
          personId: person.id,
          address: person.address,
          successor,
        },
      ],
    },
  )
}

export const history: Run = (_line, work, { context, agent }) =>
  done(
    work,
    { code: 'history', about: '' },
    {
      letters: [
        ticketNotice(work.ticket, context, {
          event: 'history',
          text: '',
          warnings: [],
          wouldHaveSent: null,
          to: { kind: 'person', personId: agent.id },
        }),
      ],
    },
  )

export const undo: Run = (_line, work, { context, agent }) => {
  const last = context.desk?.lastCommand ?? null
  if (last === null) return problem('nothing-to-undo')
  if (last.by !== agent.id && agent.role !== 'lead') return problem('not-yours')
  if (last.overtaken) return problem('overtaken')
  // The partner has been answered: what that kept cannot be owed again.
  if (last.answered === 'left') return problem('answer-is-out')
  const code = last.words === '' ? 'undo-answer' : 'undo'
  return done(
    work,
    { code, about: last.words },
    {
      changes: [{ kind: 'undo-command', commandId: last.id, ticketId: work.ticket.id }],
    },
  )
}

export const send: Run = (_line, work, { context, agent }) => {
  const heldAnswer = context.desk?.heldAnswer ?? null
  if (heldAnswer === null) return problem('nothing-held')
  return done(
    work,
    { code: 'send', about: '' },
    {
      changes: [{ kind: 'send-held', heldInboxId: heldAnswer, personId: agent.id }],
    },
  )
}

export const note: Run = (_line, work) => done({ ...work, isNote: true }, { code: 'note', about: '' })
export const help: Run = (_line, work) => done(work, { code: 'help', about: '' })
export const credentials: Run = (_line, work) => problem('no-reveal', reference(work.ticket))
