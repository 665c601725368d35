/**
 * Effects of a mail that an agent forwarded: a ticket for its author, with what the agent wrote above it as an internal
 * note; or a question to the agent, whose answer has the waiting mail decided anew.
 * Fails: never. Pure.
 */
import { maskSecrets } from '../intake/mask.ts'
import { forwardChain } from '../mail/forward-chain.ts'
import type { Mail } from '../mail/mail.ts'
import { originalMail } from './agent-forward.ts'
import type { Context, Person } from './context.ts'
import type { Change, Effects } from './effects.ts'
import type { Judgement } from './judgement.ts'
import { eventChange, rememberChanges } from './plan-parts.ts'
import { planOpenTicket } from './plan-submission.ts'
import type { Verdict } from './verdict.ts'

/** An agent who was asked so often needs a colleague, not another letter. */
const MAX_QUESTIONS = 3
/** As for letters to a partner: more a day are two machines talking. */
const MAX_QUESTIONS_PER_DAY = 20

function agentOf(context: Context): Person {
  if (context.sender.kind !== 'agent') throw new Error('only an agent forwards for somebody')
  return context.sender.person
}

function agentChanges(judgement: Judgement, mail: Mail, context: Context): readonly Change[] {
  const ticketId = context.fresh.ticketId
  const { id: personId, address } = agentOf(context)
  const words = maskSecrets(mail.newText.trim(), judgement.reading?.secrets ?? [])
  const note: Change = {
    kind: 'add-post',
    ticketId,
    post: 'note',
    personId,
    author: mail.from,
    text: words,
    quotedText: null,
    signature: null,
    attachments: [],
  }
  return [
    ...(words === '' ? [] : [note]),
    { kind: 'add-participant', ticketId, personId, address, role: 'agent' },
    ...rememberChanges(mail, ticketId, context),
  ]
}

/** Effects of a forwarded mail whose author is a partner's. */
export function planAgentForward(judgement: Judgement, mail: Mail, context: Context): Effects {
  const { onBehalf } = context
  if (onBehalf === null) throw new Error('a forwarded mail needs the partner whom it is for')
  const { changes, letters } = planOpenTicket(judgement, originalMail(mail, onBehalf), context)
  // Before the post of the mail itself, which is the newest.
  const at = changes.findIndex((change) => change.kind === 'add-post')
  return {
    changes: [...changes.slice(0, at), ...agentChanges(judgement, mail, context), ...changes.slice(at)],
    letters,
  }
}

/** Effects of a forwarded mail of nobody whom we know: it waits, and the agent is asked. */
export function planAskAgent(mail: Mail, context: Context): Effects {
  const { id: personId } = agentOf(context)
  const changes: Change[] = [eventChange(null, 'held', 'agent-for-whom')]
  if (context.lettersToday < MAX_QUESTIONS_PER_DAY) {
    const [outer] = forwardChain(mail)
    const author = outer?.from?.address ?? outer?.from?.displayName ?? ''
    const model = { author, subject: mail.subject ?? '', again: false }
    changes.push({ kind: 'ask-agent', personId, about: context.inboxId, model, inReplyTo: mail.messageId })
  }
  return { changes, letters: [] }
}

/** Effects of the agent's answer: the waiting mail is decided anew, or they are asked once more. */
export function planAnswerForWhom(
  verdict: Extract<Verdict, { kind: 'command'; of: unknown }>,
  mail: Mail,
  context: Context,
): Effects {
  const { of, address } = verdict
  if (address !== null) {
    return { changes: [{ kind: 'open-for', heldInboxId: of, address }], letters: [] }
  }
  const event = eventChange(null, 'agent-named-nobody', of)
  const { question } = context
  if (question === null || question.asked >= MAX_QUESTIONS) return { changes: [event], letters: [] }
  const { id: personId } = agentOf(context)
  const model = { author: '', subject: question.subject, again: true }
  const ask: Change = { kind: 'ask-agent', personId, about: of, model, inReplyTo: mail.messageId }
  return { changes: [event, ask], letters: [] }
}
