/**
 * A mail that an agent forwards to the desk: it becomes the ticket of the partner who wrote it, or the agent is asked for
 * whom it is. The agent vouches for its author, so it opens as it is; its own From proves the agent alone.
 * Fails: never. Source: docs/architecture.md (forwards).
 */
import { forwardChain, forwardInside } from '../mail/forward-chain.ts'
import type { Forwarded, Mail } from '../mail/mail.ts'
import { normaliseAddress } from '../mail/mailbox.ts'
import type { Context, OnBehalf } from './context.ts'
import { type Author, type Case, held, type Judgement, judged, type PartnerAuthor } from './judgement.ts'
import { submissionOf } from './partner.ts'

type AgentAuthor = Extract<Author, { kind: 'agent' }>

function authorAddress({ from }: Forwarded): string | null {
  return from === null || from.address === null ? null : normaliseAddress(from.address)
}

/** Gives the mail as its author wrote it: their words, their subject, nobody else on it. */
export function originalMail(mail: Mail, onBehalf: OnBehalf): Mail {
  const chain = forwardChain(mail)
  const at = Math.max(
    0,
    chain.findIndex((level) => authorAddress(level) === onBehalf.address),
  )
  const level = chain[at]
  if (level === undefined) return { ...mail, to: [], cc: [] }
  const address = onBehalf.person?.address ?? onBehalf.address ?? ''
  const { subject, messageId, text } = level
  const inner = forwardInside(text)
  return {
    ...mail,
    from: { displayName: onBehalf.person?.name ?? level.from?.displayName ?? null, address },
    to: [],
    cc: [],
    subject: subject ?? mail.subject,
    messageId,
    inReplyTo: [],
    references: [],
    text,
    newText: inner === null ? text : inner.noteAbove,
    quotedText: null,
    signature: null,
    forwarded: inner,
  }
}

function partnerAuthor(mail: Mail, onBehalf: OnBehalf, context: Context): PartnerAuthor {
  const { partner, person, address } = onBehalf
  if (person !== null) return { kind: 'partner', partner, person, created: 'nothing' }
  const fresh = {
    id: context.fresh.personId,
    partnerId: partner.id,
    role: null,
    name: originalMail(mail, onBehalf).from?.displayName ?? null,
    address: address ?? '',
    timeZone: null,
    language: null,
  }
  return { kind: 'partner', partner, person: fresh, created: 'person' }
}

function opensFor(at: Case, onBehalf: OnBehalf): Judgement {
  const { mail, context } = at
  if (onBehalf.partner.state === 'suspended') return held('partner-suspended', null)
  const author = partnerAuthor(mail, onBehalf, context)
  const { partner, person } = onBehalf
  const original: Case = {
    ...at,
    mail: originalMail(mail, onBehalf),
    context: { ...context, sender: { kind: 'partner', partner, person } },
  }
  const read = submissionOf(original, author)
  const missing = read.merged?.missing ?? []
  return {
    ...read,
    verdict: { kind: 'new-ticket', missing, linkedTo: null },
    circumstances: ['agent-forward'],
  }
}

/** The caller's words as the agent took them down: the first line names the caller. */
function callersMail(mail: Mail, onBehalf: OnBehalf): Mail {
  const lines = mail.newText.split('\n')
  const first = lines.findIndex((line) => line.trim() !== '')
  const newText = lines.slice(first + 1).join('\n')
  const from = {
    displayName: onBehalf.person?.name ?? null,
    address: onBehalf.person?.address ?? onBehalf.address ?? '',
  }
  return {
    ...mail,
    from,
    to: [],
    cc: [],
    inReplyTo: [],
    references: [],
    newText,
    text: newText,
    forwarded: null,
  }
}

/** Decides a mail to `support+open`: a ticket for a caller, or a draft whose checklist goes to their address. */
export function decideOpen(at: Case, author: AgentAuthor): Judgement | null {
  const { mail, context } = at
  if (!context.ownAddresses.some(({ kind }) => kind === 'open')) return null
  const { onBehalf } = context
  if (onBehalf === null) return { ...held('agent-for-whom', null), author }
  if (onBehalf.partner.state === 'suspended') return held('partner-suspended', null)
  const { partner, person } = onBehalf
  const caller: Case = {
    ...at,
    mail: callersMail(mail, onBehalf),
    context: { ...context, sender: { kind: 'partner', partner, person } },
  }
  const read = submissionOf(caller, partnerAuthor(mail, onBehalf, context))
  return { ...read, circumstances: [...read.circumstances, 'opened-for-caller'] }
}

/** Decides an agent's mail that names no ticket. */
export function decideForward(at: Case, author: AgentAuthor): Judgement {
  const { mail, context } = at
  const { question, onBehalf } = context
  if (question !== null) {
    const { names } = question
    const command = names === null ? ('asked-again' as const) : ('opens-for' as const)
    return judged({ kind: 'command', command, of: question.inboxId, address: names }, { author })
  }
  if (onBehalf !== null) return opensFor(at, onBehalf)
  if (mail.forwarded === null) return held('agent-mail-without-ticket', null)
  return { ...held('agent-for-whom', null), author }
}
