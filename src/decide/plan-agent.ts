/**
 * Effects of an agent's own words: a post, and for an answer one letter to every participant. The first answer by a
 * person keeps the ticket's promises.
 * Fails: never. Pure. Source: docs/architecture.md (agents work by mail).
 */
import type { Mail } from '../mail/mail.ts'
import type { Context, Ticket } from './context.ts'
import type { Change, Effects, LetterOrder } from './effects.ts'
import type { Judgement } from './judgement.ts'
import { ticketNotice } from './notice.ts'
import { circumstanceEvents, eventChange, postChange, rememberChanges, wordsOf } from './plan-parts.ts'
import { clockStart } from './promise.ts'
import type { Verdict } from './verdict.ts'

type AgentVerdict = Extract<Verdict, { kind: 'agent-reply' }>

/** Time to recall an answer before the relay has it. */
const UNDO_SECONDS = 60

function answerLetter(judgement: Judgement, ticket: Ticket, mail: Mail, context: Context): LetterOrder {
  const person = judgement.author?.person
  if (person === undefined) throw new Error('an answer needs its agent')
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
    model: { agentName: person.name ?? context.brand.name, text: mail.newText.trim() },
  }
}

/** Effects of an agent's answer, direct answer or note. */
export function planAgentReply(
  judgement: Judgement,
  verdict: AgentVerdict,
  mail: Mail,
  context: Context,
): Effects {
  const { author, ticket } = judgement
  if (author?.kind !== 'agent' || ticket === null)
    throw new Error('an agent reply needs its agent and ticket')
  const { person } = author
  const isNote = verdict.as === 'note'
  const changes: Change[] = [
    postChange(judgement, mail, ticket.id, isNote ? 'note' : 'agent-answer'),
    ...rememberChanges(mail, ticket.id, context),
    ...circumstanceEvents(judgement, ticket.id, context),
  ]
  if (!ticket.participants.includes(person.id)) {
    const { address } = person
    changes.push({
      kind: 'add-participant',
      ticketId: ticket.id,
      personId: person.id,
      address,
      role: 'agent',
    })
  }
  if (isNote) return { changes, letters: [] }
  if (verdict.as === 'answered-directly') {
    changes.push({ kind: 'keep-promises', ticketId: ticket.id, at: context.envelope.receivedAt })
    return { changes, letters: [] }
  }
  const answer = answerLetter(judgement, ticket, mail, context)
  if (!answer.withheld) {
    changes.push({ kind: 'keep-promises', ticketId: ticket.id, at: clockStart(context) })
    return { changes, letters: [answer] }
  }
  // The agent must not believe that the partner has it.
  changes.push(eventChange(ticket.id, 'letter-withhold', 'observe'))
  const to = { kind: 'person' as const, personId: person.id }
  const text = wordsOf(judgement, mail)
  const about = { event: 'reply' as const, text, warnings: ['observe'], wouldHaveSent: 'agent-answer', to }
  return { changes, letters: [answer, ticketNotice(ticket, context, about)] }
}
