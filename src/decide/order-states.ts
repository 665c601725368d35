/**
 * Commands that change what a ticket is: `#accept`, `#wait`, `#resolve`, `#close`, `#reopen`, `#merge`.
 * Fails: never; what does not fit gives the problem to tell.
 */
import type { Change, LetterOrder, Recipient } from './effects.ts'
import { mergedOf } from './merge-fields.ts'
import { fieldTextsOf, guidanceOf, itemsOf } from './models-of.ts'
import {
  colleagueOf,
  done,
  EVERYBODY,
  FINISHED,
  letterBase,
  problem,
  type Run,
  reference,
  rowOf,
} from './order-steps.ts'
import { eventChange } from './plan-parts.ts'
import {
  clockStart,
  endPromises,
  keepPromises,
  pausePromises,
  promiseOf,
  queueNamed,
  startPromise,
} from './promise.ts'

export const accept: Run = ({ rest }, work, { context }) => {
  const { ticket } = work
  if (ticket.state !== 'draft') return problem('is-no-draft')
  if (rest === '') return problem('needs-reason', '#accept')
  const queue = queueNamed(context.policy, ticket.queue)
  const startedAt = clockStart(context)
  const known = mergedOf(ticket)
  const to: Recipient = { kind: 'person', personId: ticket.requester.id }
  const letter: LetterOrder = {
    ...letterBase(work, context, to),
    template: 'acknowledgement',
    model: {
      items: itemsOf(context.policy, known, ticket.warnings),
      guidance: guidanceOf(context.policy, known),
      fieldTexts: fieldTextsOf(context.policy, ticket.language),
      promise: promiseOf(queue, startedAt),
      severalCustomers: false,
      replaces: null,
    },
  }
  const promise = startPromise(ticket.id, 'first-response', queue, startedAt)
  return done(
    work,
    { code: 'accept', about: rest },
    {
      patch: { state: 'open', expiresAt: null, promises: [...ticket.promises, ...rowOf(promise)] },
      changes: [
        { kind: 'update-ticket', ticketId: ticket.id, state: 'open', expiresAt: null },
        promise,
        eventChange(ticket.id, 'accepted', rest),
      ],
      letters: [letter],
    },
  )
}

export const wait: Run = (_line, work, { context, hasAnswer }) => {
  const { ticket } = work
  if (ticket.state === 'draft') return problem('is-draft')
  if (FINISHED.has(ticket.state)) return problem('is-finished', ticket.state)
  if (!work.asks && (!hasAnswer || work.isNote)) return problem('wait-needs-question')
  return done(
    work,
    { code: 'wait', about: '' },
    {
      patch: { state: 'waiting' },
      changes: [
        ...pausePromises(ticket, clockStart(context), context.policy),
        { kind: 'update-ticket', ticketId: ticket.id, state: 'waiting' },
      ],
    },
  )
}

export function finish(state: 'resolved' | 'closed'): Run {
  return (_line, work, { context, hasAnswer }) => {
    const { ticket } = work
    if (ticket.state === state) return problem('is-finished', state)
    if (state === 'resolved' && ticket.state === 'draft') return problem('is-draft')
    if (state === 'resolved' && FINISHED.has(ticket.state)) return problem('is-finished', ticket.state)
    const at = clockStart(context)
    const ended =
      state === 'resolved'
        ? keepPromises(ticket, at, context.policy)
        : endPromises(ticket, at, context.policy)
    const letter: LetterOrder = {
      ...letterBase(work, context, EVERYBODY),
      template: state,
      model: { agentName: context.brand.name },
    }
    // With an answer its own letter says it; two letters at once would be one too many.
    const isSaid = hasAnswer && !work.isNote
    return {
      ...done(
        work,
        { code: state, about: '' },
        {
          patch: { state, promises: [] },
          changes: [...ended, { kind: 'update-ticket', ticketId: ticket.id, state, expiresAt: null }],
          letters: isSaid ? [] : [letter],
        },
      ),
      closing: state,
    }
  }
}

export const reopen: Run = (_line, work, { context }) => {
  const { ticket } = work
  if (ticket.state !== 'resolved' && ticket.state !== 'closed') return problem('is-open')
  const queue = queueNamed(context.policy, ticket.queue)
  const at = clockStart(context)
  const started = startPromise(ticket.id, 'next-response', queue, at)
  const to: Recipient = { kind: 'person', personId: ticket.requester.id }
  const letter: LetterOrder = {
    ...letterBase(work, context, to),
    template: 'reopened',
    model: { promise: promiseOf(queue, at) },
  }
  return done(
    work,
    { code: 'reopen', about: '' },
    {
      patch: { state: 'open', promises: rowOf(started) },
      changes: [{ kind: 'update-ticket', ticketId: ticket.id, state: 'open' }, started],
      letters: [letter],
    },
  )
}

export const merge: Run = ({ rest }, work, { context }) => {
  const { ticket } = work
  const other = context.desk?.other ?? null
  if (other === null) return problem('no-ticket', rest)
  if (other.id === ticket.id) return problem('same-ticket')
  if (other.partnerId !== ticket.partnerId) return problem('other-partner', reference(other))
  if (other.state === 'closed' || other.replacedBy !== null) return problem('is-finished', reference(other))
  const people = [colleagueOf(ticket.requester), ...ticket.colleagues].filter(
    (one) => !other.participants.includes(one.id),
  )
  const joins: readonly Change[] = people.map(({ id, address }) => ({
    kind: 'add-participant',
    ticketId: other.id,
    personId: id,
    address,
    role: 'colleague',
  }))
  return done(
    work,
    { code: 'merge', about: reference(other) },
    {
      patch: { state: 'closed', replacedBy: other.id, promises: [] },
      changes: [
        ...endPromises(ticket, clockStart(context), context.policy),
        {
          kind: 'update-ticket',
          ticketId: ticket.id,
          state: 'closed',
          expiresAt: null,
          replacedBy: other.id,
        },
        ...joins,
        eventChange(ticket.id, 'merged-into', reference(other)),
        eventChange(other.id, 'merged-from', reference(ticket)),
      ],
    },
  )
}
