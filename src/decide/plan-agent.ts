/**
 * Effects of an agent's own words: a post, for an answer one letter to every participant, and what the commands of the
 * mail come to, told by a result. The first answer by a person keeps the ticket's promises.
 * Fails: never. Pure. Source: docs/architecture.md (agents work by mail).
 */
import { maskSecrets } from '../intake/mask.ts'
import type { CommandResultModel } from '../letters/models.ts'
import type { Mail } from '../mail/mail.ts'
import { splitCommands } from './command-lines.ts'
import { commandRows, promiseAfter } from './command-table.ts'
import type { Context, Person, Ticket, TicketId } from './context.ts'
import type { Change, Effects, LetterOrder } from './effects.ts'
import type { Judgement } from './judgement.ts'
import { ticketNotice } from './notice.ts'
import { mayTell, UNDO_SECONDS } from './order-steps.ts'
import {
  circumstanceEvents,
  DEFAULT_LANGUAGE,
  eventChange,
  postChange,
  rememberChanges,
  wordsOf,
} from './plan-parts.ts'
import { clockStart, keepPromises } from './promise.ts'
import type { Verdict } from './verdict.ts'

type AgentVerdict = Extract<Verdict, { kind: 'agent-reply' }>

const MAX_SHOWN_CHARACTERS = 20_000

function agentOf(judgement: Judgement): Person {
  const { author } = judgement
  if (author?.kind !== 'agent') throw new Error("an agent's mail needs its agent")
  return author.person
}

/** What goes to the partner: no commands, no secrets. */
function answerText(judgement: Judgement, mail: Mail): string {
  return maskSecrets(splitCommands(mail.newText).text, judgement.reading?.secrets ?? [])
}

function answerLetter(judgement: Judgement, ticket: Ticket, mail: Mail, context: Context): LetterOrder {
  const person = agentOf(judgement)
  const { orders } = judgement
  return {
    to: { kind: 'participants', except: person.id },
    ticketId: ticket.id,
    withheld: context.mode === 'observe',
    notBefore: new Date(context.now.getTime() + UNDO_SECONDS * 1000),
    language: ticket.language,
    // A person wrote it: marked as automatic, a partner's helpdesk would drop it (RFC 3834 §5).
    automatic: false,
    inReplyTo: null,
    template: 'agent-answer',
    model: {
      agentName: person.name ?? context.brand.name,
      text: answerText(judgement, mail),
      closing: orders?.kind === 'done' ? orders.work.closing : null,
    },
  }
}

/** Effects of an agent's answer, direct answer or note, with the commands beside it. */
export function planAgentReply(
  judgement: Judgement,
  verdict: AgentVerdict,
  mail: Mail,
  context: Context,
): Effects {
  const { ticket, orders } = judgement
  if (ticket === null) throw new Error('an agent reply needs its ticket')
  const person = agentOf(judgement)
  const isNote = verdict.as === 'note'
  const changes: Change[] = [
    ...(verdict.as === 'answered-directly' ? [] : [logChange(ticket, person, orders?.words ?? '')]),
    postChange(judgement, mail, ticket.id, isNote ? 'note' : 'agent-answer'),
    ...rememberChanges(mail, ticket.id, context),
    ...circumstanceEvents(judgement, ticket.id, context),
    ...joinChanges(ticket, person),
  ]
  const leavesFiles = verdict.as === 'answer' && filesOf(mail) > 0
  const tells = (orders !== null || leavesFiles) && mayTell(context)
  const result = tells ? [resultLetter(judgement, ticket, mail, context)] : []
  const ordered = orders?.kind === 'done' ? orders.work : { changes: [], letters: [] }
  if (isNote) return { changes: [...changes, ...ordered.changes], letters: [...ordered.letters, ...result] }
  const at = clockStart(context)
  if (verdict.as === 'answered-directly') {
    changes.push(...keepPromises(ticket, context.envelope.receivedAt, context.policy))
    return { changes, letters: [] }
  }
  const answer = answerLetter(judgement, ticket, mail, context)
  const letters = [answer, ...ordered.letters, ...result]
  if (!answer.withheld) {
    changes.push(...keepPromises(ticket, at, context.policy), ...ordered.changes)
    return { changes, letters }
  }
  // The agent must not believe that the partner has it.
  changes.push(eventChange(ticket.id, 'letter-withhold', 'observe'), ...ordered.changes)
  const to = { kind: 'person' as const, personId: person.id }
  const text = wordsOf(judgement, mail)
  const about = { event: 'reply' as const, text, warnings: ['observe'], wouldHaveSent: 'agent-answer', to }
  return { changes, letters: [...letters, ticketNotice(ticket, context, about)] }
}

function logChange(ticket: Ticket, person: Person, words: string): Change {
  return { kind: 'log-command', ticketId: ticket.id, personId: person.id, words }
}

function joinChanges(ticket: Ticket, { id: personId, address }: Person): readonly Change[] {
  if (ticket.participants.includes(personId)) return []
  return [{ kind: 'add-participant', ticketId: ticket.id, personId, address, role: 'agent' }]
}

/** Effects of commands alone, run or refused. */
export function planCommands(judgement: Judgement, mail: Mail, context: Context): Effects {
  const { ticket, orders } = judgement
  if (ticket === null || orders === null) throw new Error('commands need their ticket and what came of them')
  const result = mayTell(context) ? [resultLetter(judgement, ticket, mail, context)] : []
  const remember = rememberChanges(mail, ticket.id, context)
  if (orders.kind === 'refused') {
    const detail = orders.problems.map(({ command, code }) => `${command ?? ''} ${code}`).join(', ')
    return { changes: [...remember, eventChange(ticket.id, 'command-refused', detail)], letters: result }
  }
  // What `#undo` and `#send` do is no step to go back to.
  const log = orders.undo === 'yes' ? [logChange(ticket, agentOf(judgement), orders.words)] : []
  return {
    changes: [...log, ...remember, eventChange(ticket.id, 'command', orders.words), ...orders.work.changes],
    letters: [...orders.work.letters, ...result],
  }
}

function resultBase(person: Person, mail: Mail, context: Context, ticketId: TicketId) {
  return {
    to: { kind: 'person' as const, personId: person.id },
    ticketId,
    withheld: false,
    notBefore: context.now,
    language: DEFAULT_LANGUAGE,
    automatic: true,
    inReplyTo: mail.messageId,
    template: 'command-result' as const,
  }
}

/** Files that the agent attached on purpose; pictures of a signature are none. */
function filesOf(mail: Mail): number {
  return mail.attachments.filter(({ inline }) => !inline).length
}

/** Tells the agent what was done, or what is wrong. */
function resultLetter(judgement: Judgement, ticket: Ticket, mail: Mail, context: Context): LetterOrder {
  const { orders } = judgement
  const isRefused = orders?.kind === 'refused'
  const did = orders === null ? [] : orders.kind === 'refused' ? orders.problems : orders.work.rows
  const isAnswer = judgement.verdict.kind === 'agent-reply' && judgement.verdict.as === 'answer'
  const files = isAnswer ? filesOf(mail) : 0
  // An answer that speaks of a file should not go without it unseen.
  const rows = files === 0 ? did : [...did, { code: 'files-stay', about: String(files) }]
  const after = orders?.kind === 'done' ? orders.work.ticket : ticket
  const wantsHelp = rows.some(({ code }) => code === 'help' || code.startsWith('unknown'))
  const model: CommandResultModel = {
    kind: isRefused ? 'refused' : 'done',
    rows,
    state: stateOf(after),
    undo: orders?.kind === 'done' ? orders.undo : files > 0 ? 'yes' : 'none',
    text: isRefused ? answerText(judgement, mail).slice(0, MAX_SHOWN_CHARACTERS) : '',
    help: wantsHelp ? helpRows(context) : [],
  }
  return { ...resultBase(agentOf(judgement), mail, context, ticket.id), model }
}

function stateOf(ticket: Ticket): CommandResultModel['state'] {
  return {
    queue: ticket.queue,
    state: ticket.state,
    assignee: ticket.assignee === null ? null : (ticket.assignee.name ?? ticket.assignee.address),
    promise: promiseAfter(ticket),
  }
}

function helpRows({ policy }: Context): CommandResultModel['help'] {
  const queues = new Set(policy.queues.map(({ name }) => name))
  return commandRows(policy.queues).map(({ word, argument, undo }) => ({
    usage: `#${word}${argument === '' ? '' : ` ${argument}`}`,
    code: queues.has(word) ? 'queue' : word,
    about: word,
    undo,
  }))
}

/** Effects of an agent's mail that waits: its agent is told why, and how it goes on. */
export function planHeldAnswer(judgement: Judgement, mail: Mail, context: Context): Effects {
  const { verdict, ticket } = judgement
  const reason = verdict.kind === 'held' ? verdict.reason : ''
  const changes = [eventChange(ticket?.id ?? null, 'held', reason)]
  if (judgement.author?.kind !== 'agent' || !mayTell(context)) return { changes, letters: [] }
  const { person } = judgement.author
  const about = reason === 'agent-answer-overtaken' ? (context.desk?.answeredSince ?? '') : ''
  const model: CommandResultModel = {
    kind: 'held',
    rows: [{ code: reason, about }],
    state: ticket === null ? null : stateOf(ticket),
    undo: 'none',
    // What was not read for its secrets is not repeated.
    text:
      judgement.reading === null
        ? ''
        : maskSecrets(mail.newText.trim(), judgement.reading.secrets).slice(0, MAX_SHOWN_CHARACTERS),
    help: [],
  }
  if (ticket !== null)
    return { changes, letters: [{ ...resultBase(person, mail, context, ticket.id), model }] }
  const tell: Change = { kind: 'tell-agent', personId: person.id, model, inReplyTo: mail.messageId }
  return { changes: [...changes, tell], letters: [] }
}

/** Tells an agent the number of the ticket, or the reference of the draft, that they opened for a caller. */
export function openedLetter(judgement: Judgement, agent: Person, mail: Mail, context: Context): LetterOrder {
  const isDraft = judgement.verdict.kind === 'incomplete'
  const about = judgement.author?.person.address ?? ''
  const model: CommandResultModel = {
    kind: 'done',
    rows: [{ code: isDraft ? 'opened-draft' : 'opened', about }],
    state: null,
    undo: 'none',
    text: '',
    help: [],
  }
  const { ticketId } = context.fresh
  return { ...resultBase(agent, mail, context, ticketId), model }
}

/** Whose mail it is, nobody knows: the agent whose address it bears is told that it came, once a day, and nothing of it. */
export function planUnprovenAgent(person: Person, context: Context): Effects {
  const changes: Change[] = [eventChange(null, 'held', 'agent-unproven')]
  if ((context.desk?.strayResultsToday ?? 0) > 0) return { changes, letters: [] }
  const rows = [{ code: 'agent-unproven', about: person.address }]
  const model: CommandResultModel = { kind: 'held', rows, state: null, undo: 'none', text: '', help: [] }
  changes.push({ kind: 'tell-agent', personId: person.id, model, inReplyTo: null })
  return { changes, letters: [] }
}

/** Effects of asking for the next ticket: the head of the queue, or word that nobody waits. */
export function planNext(judgement: Judgement, mail: Mail, context: Context): Effects {
  const { ticket } = judgement
  const person = agentOf(judgement)
  if (ticket === null) {
    const model: CommandResultModel = {
      kind: 'done',
      rows: [{ code: 'nobody-waits', about: '' }],
      state: null,
      undo: 'none',
      text: '',
      help: [],
    }
    const tell: Change = { kind: 'tell-agent', personId: person.id, model, inReplyTo: mail.messageId }
    return { changes: mayTell(context) ? [tell] : [], letters: [] }
  }
  const assignee = { id: person.id, name: person.name, address: person.address }
  const passed = (context.desk?.passedOver ?? []).map((number) =>
    eventChange(ticket.id, 'queue-pass', `TG-${number}`),
  )
  const notice = ticketNotice({ ...ticket, assignee }, context, {
    event: 'handed-out',
    text: '',
    warnings: [],
    wouldHaveSent: null,
    to: { kind: 'person', personId: person.id },
  })
  return {
    changes: [
      logChange(ticket, person, '+next'),
      { kind: 'update-ticket', ticketId: ticket.id, assigneeId: person.id },
      eventChange(ticket.id, 'assigned', person.name ?? person.address),
      ...passed,
      ...joinChanges(ticket, person),
    ],
    letters: [notice],
  }
}
