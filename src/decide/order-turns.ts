/**
 * Commands that say whose a ticket is and where it stands: `#take`, `#assign`, `#jump`, and the queues' own names.
 * Fails: never; what does not fit gives the problem to tell.
 */
import type { Queue } from '../intake/policy.ts'
import type { Person } from './context.ts'
import type { Change, LetterOrder } from './effects.ts'
import { ticketNotice } from './notice.ts'
import {
  colleagueOf,
  done,
  EVERYBODY,
  FINISHED,
  isSequential,
  letterBase,
  problem,
  type Run,
  reference,
  rowOf,
} from './order-steps.ts'
import type { OrderCase, ResultRow, Step, Work } from './orders.ts'
import { eventChange } from './plan-parts.ts'
import { clockStart, keepPromises, promiseOf, startPromise } from './promise.ts'

/** Nobody takes a ticket of a sequential queue out of its turn without saying why. */
function turnProblem(work: Work, { context }: OrderCase): Step | null {
  const { ticket, jump } = work
  const head = context.desk?.head ?? null
  if (!isSequential(context, ticket.queue) || head === null || head.id === ticket.id || jump !== null)
    return null
  return problem('not-head', reference(head))
}

function assign(work: Work, person: Person, row: ResultRow, at: OrderCase): Step {
  if (work.ticket.state === 'draft') return problem('is-draft')
  if (FINISHED.has(work.ticket.state)) return problem('is-finished', work.ticket.state)
  const outOfTurn = turnProblem(work, at)
  if (outOfTurn !== null) return outOfTurn
  const { ticket } = work
  return done(work, row, {
    patch: { assignee: colleagueOf(person) },
    changes: [
      { kind: 'update-ticket', ticketId: ticket.id, assigneeId: person.id },
      eventChange(ticket.id, 'assigned', person.name ?? person.address),
      ...passedEvents(work, at),
    ],
  })
}

/** What the report shows of a sequential queue: who was passed over while they were the partner's turn. */
function passedEvents({ ticket, jump }: Work, { context }: OrderCase): readonly Change[] {
  const passed = context.desk?.passedOver ?? []
  if (jump !== null || !isSequential(context, ticket.queue)) return []
  return passed.map((number) => eventChange(ticket.id, 'queue-pass', `TG-${number}`))
}

export const take: Run = (_line, work, at) => {
  const holder = work.ticket.assignee
  if (holder !== null && holder.id !== at.agent.id) return problem('taken-by', holder.name ?? holder.address)
  return assign(work, at.agent, { code: 'take', about: '' }, at)
}

export const assignTo: Run = ({ rest }, work, at) => {
  const wanted = rest.toLowerCase()
  if (wanted === '') return problem('needs-name')
  const agents = at.context.desk?.agents ?? []
  const exact = agents.filter((one) => one.address === wanted || one.name?.toLowerCase() === wanted)
  const found = exact.length > 0 ? exact : agents.filter((one) => one.name?.toLowerCase().includes(wanted))
  const [agent, another] = found
  if (agent === undefined || another !== undefined) return problem('no-agent', rest)
  const step = assign(work, agent, { code: 'assign', about: agent.name ?? agent.address }, at)
  if ('problem' in step || agent.id === at.agent.id) return step
  const notice = ticketNotice(step.ticket, at.context, {
    event: 'assigned',
    text: '',
    warnings: [],
    wouldHaveSent: null,
    to: { kind: 'person', personId: agent.id },
  })
  return { ...step, letters: [...step.letters, notice] }
}

export const jump: Run = ({ rest }, work, at) => {
  if (rest === '') return problem('needs-reason', '#jump')
  const { ticket } = work
  const head = at.context.desk?.head ?? null
  const isJump = isSequential(at.context, ticket.queue) && head !== null && head.id !== ticket.id
  const before = isJump ? [eventChange(ticket.id, 'queue-jump', `before ${reference(head)}: ${rest}`)] : []
  const jumped = done({ ...work, jump: rest }, { code: 'jump', about: rest }, { changes: before })
  const takes = at.words.some((word) => word === 'take' || word === 'assign')
  return takes ? jumped : take({ word: 'take', rest: '', line: '#take' }, jumped, at)
}

/** Moves a ticket to the end of another queue: what the old one owes ends, what the new one owes begins. */
export function moveTo(queue: Queue): Run {
  return ({ rest, word }, work, { context }) => {
    const { ticket } = work
    if (ticket.state === 'draft') return problem('is-draft')
    if (FINISHED.has(ticket.state)) return problem('is-finished', ticket.state)
    if (ticket.queue === queue.name) return problem('is-there', queue.name)
    const inTurn = queue.order === 'sequential'
    if (inTurn && rest === '') return problem('needs-reason', `#${word}`)
    const at = clockStart(context)
    const started = startPromise(ticket.id, 'first-response', queue, at)
    const promise = promiseOf(queue, at)
    const patch = {
      queue: queue.name,
      state: 'open' as const,
      assignee: null,
      promises: rowOf(started),
    }
    const told: LetterOrder = {
      ...letterBase(work, context, EVERYBODY),
      template: 'engineering-forwarded',
      model: { queue: queue.name, promise, position: (context.desk?.ahead ?? 0) + 1 },
    }
    const notice = ticketNotice({ ...ticket, ...patch }, context, {
      event: 'moved',
      text: rest,
      warnings: [],
      wouldHaveSent: null,
      to: { kind: 'queue', queue: queue.name },
    })
    return done(
      work,
      { code: 'moved', about: queue.name },
      {
        patch,
        changes: [
          ...keepPromises(ticket, at, context.policy),
          { kind: 'update-ticket', ticketId: ticket.id, queue: queue.name, assigneeId: null, state: 'open' },
          started,
          eventChange(ticket.id, 'moved', rest === '' ? queue.name : `${queue.name}: ${rest}`),
        ],
        letters: inTurn ? [told, notice] : [notice],
      },
    )
  }
}
