/**
 * The commands of an agent's mail, a row for each: what it needs, what it does, whether it can be undone. A queue's own
 * name is a command as well (`#engineering REASON`): it moves the ticket there.
 * Fails: never; a command that does not fit gives the problem to tell.
 */
import { lexiconOf } from '../intake/lexicon.ts'
import { matchLabel } from '../intake/match-label.ts'
import type { Queue } from '../intake/policy.ts'
import type { CommandLine } from './command-lines.ts'
import type { Colleague, Context, Person, Ticket, TicketState } from './context.ts'
import type { Change, LetterOrder, Recipient } from './effects.ts'
import type { Merged } from './merge-fields.ts'
import { fieldTextsOf, guidanceOf, itemsOf } from './models-of.ts'
import { ticketNotice } from './notice.ts'
import type { OrderCase, ResultRow, Step, Work } from './orders.ts'
import { eventChange } from './plan-parts.ts'
import {
  clockStart,
  endPromises,
  keepPromises,
  owedPromise,
  owedPromiseModel,
  pausePromises,
  promiseOf,
  queueNamed,
  startPromise,
} from './promise.ts'

type Run = (line: CommandLine, work: Work, at: OrderCase) => Step

export type CommandRow = {
  readonly word: string
  /** What is written after it, for the help: `ADDRESS`, `[REASON]`; empty for nothing. */
  readonly argument: string
  /** `alone`: with no other command and no text. */
  readonly alone?: true
  readonly undo: 'yes' | 'no' | 'none'
  readonly run: Run
}

const FINISHED: ReadonlySet<TicketState> = new Set(['resolved', 'closed', 'expired', 'withdrawn'])

function problem(code: string, about = ''): Step {
  return { problem: { code, about } }
}

/** The work with more done: changes fold into the ticket by `patch`. */
function done(
  work: Work,
  row: ResultRow,
  more: {
    readonly patch?: Partial<Ticket>
    readonly changes?: readonly Change[]
    readonly letters?: readonly LetterOrder[]
  } = {},
): Work {
  return {
    ...work,
    ticket: { ...work.ticket, ...more.patch },
    changes: [...work.changes, ...(more.changes ?? [])],
    letters: [...work.letters, ...(more.letters ?? [])],
    rows: [...work.rows, row],
  }
}

function letterBase(work: Work, context: Context, to: Recipient) {
  const { ticket } = work
  return {
    to,
    ticketId: ticket.id,
    withheld: context.mode === 'observe',
    notBefore: new Date(context.now.getTime() + UNDO_SECONDS * 1000),
    language: ticket.language,
    automatic: true,
    inReplyTo: null,
  }
}

/** Time to recall what goes to a partner before the relay has it. */
export const UNDO_SECONDS = 60

const EVERYBODY: Recipient = { kind: 'participants', except: null }

function reference(ticket: { readonly number: number }): string {
  return `TG-${ticket.number}`
}

function colleagueOf({ id, name, address }: Person): Colleague {
  return { id, name, address }
}

function isSequential(context: Context, queue: string): boolean {
  return context.policy.queues.find((one) => one.name === queue)?.order === 'sequential'
}

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

const take: Run = (_line, work, at) => {
  const holder = work.ticket.assignee
  if (holder !== null && holder.id !== at.agent.id) return problem('taken-by', holder.name ?? holder.address)
  return assign(work, at.agent, { code: 'take', about: '' }, at)
}

const assignTo: Run = ({ rest }, work, at) => {
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

const jump: Run = ({ rest }, work, at) => {
  if (rest === '') return problem('needs-reason', '#jump')
  const { ticket } = work
  const head = at.context.desk?.head ?? null
  const isJump = isSequential(at.context, ticket.queue) && head !== null && head.id !== ticket.id
  const before = isJump ? [eventChange(ticket.id, 'queue-jump', `before ${reference(head)}: ${rest}`)] : []
  const jumped = done({ ...work, jump: rest }, { code: 'jump', about: rest }, { changes: before })
  const takes = at.words.some((word) => word === 'take' || word === 'assign')
  return takes ? jumped : take({ word: 'take', rest: '', line: '#take' }, jumped, at)
}

const need: Run = ({ rest }, work, at) => {
  if (FINISHED.has(work.ticket.state)) return problem('is-finished', work.ticket.state)
  const { context } = at
  const found = fieldsNamed(rest, context)
  if (found.unknown !== null) return problem('no-field', found.unknown)
  const { ticket } = work
  const missing = context.policy.fields
    .map(({ name }) => name)
    .filter((name) => ticket.missing.includes(name) || found.names.includes(name))
  const fields = Object.fromEntries(
    Object.entries(ticket.fields).filter(([name]) => !found.names.includes(name)),
  )
  const known: Merged = { fields, seals: [], threeRs: ticket.threeRs, missing, gained: [] }
  const isOpen = ticket.state !== 'draft'
  const to: Recipient = { kind: 'person', personId: ticket.requester.id }
  const letter: LetterOrder = {
    ...letterBase(work, context, to),
    template: 'checklist',
    model: {
      items: itemsOf(context.policy, known, ticket.warnings),
      guidance: guidanceOf(context.policy, known),
      fieldTexts: fieldTextsOf(context.policy, ticket.language),
      missing,
      round: ticket.checklistsSent + 1,
      ticketIsOpen: isOpen,
      promise: isOpen ? owedPromiseModel(ticket) : null,
      expiresAt: isOpen ? null : ticket.expiresAt,
      severalCustomers: false,
    },
  }
  return {
    ...done(
      work,
      { code: 'need', about: found.names.join(', ') },
      {
        patch: { missing, checklistsSent: ticket.checklistsSent + 1 },
        changes: [
          {
            kind: 'update-ticket',
            ticketId: ticket.id,
            missing,
            checklistsSent: ticket.checklistsSent + 1,
          },
          eventChange(ticket.id, 'asked-for', found.names.join(' ')),
        ],
        letters: [letter],
      },
    ),
    asks: true,
  }
}

/** Fields by name or by any label that partners may write: `#need password, steps`. */
function fieldsNamed(
  rest: string,
  { policy }: Context,
): { readonly names: readonly string[]; readonly unknown: string | null } {
  const lexicon = lexiconOf(policy)
  const credentials = policy.fields.find((row) => row.kind === 'credentials')?.name ?? null
  const nameOf = (word: string): string | null => {
    const row = policy.fields.find(({ name }) => name === word.toLowerCase())
    if (row !== undefined) return row.name
    const target = matchLabel(word, lexicon, { left: 1 })?.target
    if (target?.kind === 'field') return target.row.name
    return target?.kind === 'username' || target?.kind === 'password' ? credentials : null
  }
  const parts = rest.split(/[,;]/u).map((part) => part.trim())
  const words = parts.flatMap((part) => (nameOf(part) === null ? part.split(/\s+/u) : [part]))
  const wanted = words.filter((word) => word !== '')
  const unknown = wanted.length === 0 ? '' : (wanted.find((word) => nameOf(word) === null) ?? null)
  return { names: [...new Set(wanted.flatMap((word) => nameOf(word) ?? []))], unknown }
}

const accept: Run = ({ rest }, work, { context }) => {
  const { ticket } = work
  if (ticket.state !== 'draft') return problem('is-no-draft')
  if (rest === '') return problem('needs-reason', '#accept')
  const queue = queueNamed(context.policy, ticket.queue)
  const startedAt = clockStart(context)
  const known: Merged = {
    fields: ticket.fields,
    seals: [],
    threeRs: ticket.threeRs,
    missing: ticket.missing,
    gained: [],
  }
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

/** A started promise as the ticket will show it. */
function rowOf(change: Change): Ticket['promises'] {
  if (change.kind !== 'start-promise') return []
  const { promise, queue, startedAt, dueAt, promisedMs } = change
  return [
    {
      kind: promise,
      queue,
      state: 'running',
      startedAt,
      dueAt,
      promisedMs,
      bankedMs: 0,
      runningSince: startedAt,
      brokenAt: null,
    },
  ]
}

/** Moves a ticket to the end of another queue: what the old one owes ends, what the new one owes begins. */
function moveTo(queue: Queue): Run {
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

const wait: Run = (_line, work, { context, hasAnswer }) => {
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

function finish(state: 'resolved' | 'closed'): Run {
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

const reopen: Run = (_line, work, { context }) => {
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

const merge: Run = ({ rest }, work, { context }) => {
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

const cc: Run = ({ rest }, work, { context }) => {
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

const remove: Run = ({ rest }, work, { context }) => {
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

const history: Run = (_line, work, { context, agent }) =>
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

const undo: Run = (_line, work, { context, agent }) => {
  const last = context.desk?.lastCommand ?? null
  if (last === null) return problem('nothing-to-undo')
  if (last.by !== agent.id && agent.role !== 'lead') return problem('not-yours')
  if (last.overtaken) return problem('overtaken')
  const code = last.words === '' ? (last.recallable > 0 ? 'undo-answer' : 'undo-late') : 'undo'
  if (code === 'undo-late') return problem('answer-is-out')
  return done(
    work,
    { code, about: last.words },
    {
      changes: [{ kind: 'undo-command', commandId: last.id, ticketId: work.ticket.id }],
    },
  )
}

const send: Run = (_line, work, { context, agent }) => {
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

const note: Run = (_line, work) => done({ ...work, isNote: true }, { code: 'note', about: '' })
const help: Run = (_line, work) => done(work, { code: 'help', about: '' })
const credentials: Run = (_line, work) => problem('no-reveal', reference(work.ticket))

const ROWS: readonly CommandRow[] = [
  { word: 'note', argument: '', undo: 'none', run: note },
  { word: 'take', argument: '', undo: 'yes', run: take },
  { word: 'jump', argument: 'REASON', undo: 'yes', run: jump },
  { word: 'assign', argument: 'NAME', undo: 'yes', run: assignTo },
  { word: 'need', argument: 'FIELD, FIELD', undo: 'yes', run: need },
  { word: 'accept', argument: 'REASON', undo: 'yes', run: accept },
  { word: 'wait', argument: '', undo: 'yes', run: wait },
  { word: 'resolve', argument: '', undo: 'yes', run: finish('resolved') },
  { word: 'close', argument: '', undo: 'yes', run: finish('closed') },
  { word: 'reopen', argument: '', undo: 'yes', run: reopen },
  { word: 'merge', argument: 'TG-1042', undo: 'yes', run: merge },
  { word: 'cc', argument: 'ADDRESS', undo: 'yes', run: cc },
  { word: 'remove', argument: 'ADDRESS', undo: 'yes', run: remove },
  { word: 'history', argument: '', undo: 'none', run: history },
  { word: 'credentials', argument: '', undo: 'none', run: credentials },
  { word: 'send', argument: '', alone: true, undo: 'no', run: send },
  { word: 'undo', argument: '', alone: true, undo: 'no', run: undo },
  { word: 'help', argument: '', undo: 'none', run: help },
]

/** The commands of a desk: the table, and its queues by their names. */
export function commandRows(queues: readonly Queue[]): readonly CommandRow[] {
  const known = new Set(ROWS.map((row) => row.word))
  const moves = queues
    .filter(({ name }) => !known.has(name))
    .map((queue) => ({
      word: queue.name,
      argument: queue.order === 'sequential' ? 'REASON' : '[REASON]',
      undo: 'yes' as const,
      run: moveTo(queue),
    }))
  return [...ROWS.slice(0, 6), ...moves, ...ROWS.slice(6)]
}

/** Is anything still owed on the ticket as it will be? For the result's state line. */
export function promiseAfter(ticket: Ticket): ReturnType<typeof owedPromiseModel> {
  return owedPromise(ticket) === null ? null : owedPromiseModel(ticket)
}
