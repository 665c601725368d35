/**
 * Tells the stored verdict and evidence of a mail in lines that a person understands without the source at hand.
 * Fails: never; what is not known is left out.
 */
import { assertNever } from './assert-never.ts'
import type { Evidence } from './explain.ts'
import type { HeldReason, Verdict } from './verdict.ts'

const HELD: Readonly<Record<HeldReason, string>> = {
  stranger:
    'The sender is not registered. Register the partner or person, then release the mail, or drop it.',
  'proof-failed': 'The sender could not be believed: the check of the From address failed.',
  'proof-temporary': 'The check of the From address did not come to an end; it may succeed later.',
  'agent-unproven': "It claims an agent's address, and nothing proves it.",
  'not-a-participant': 'It names a ticket that its sender has no part in.',
  'several-authors': 'It names more than one author in From.',
  'no-author': 'It names no author in From.',
  'partner-suspended': 'The partner is suspended.',
  'agent-mail-without-ticket': 'An agent wrote it, and it names no ticket.',
  'agent-without-signed-address':
    'An agent wrote it, but not to the address of a notice, so it is not certain that it is meant for the partner. Answer the notice itself, or write to the note address.',
  'agent-command': 'It holds a line that starts with "#", which must not reach a partner.',
  'agent-answer-empty': 'The answer holds no words of its own.',
  'agent-answer-secret': 'The answer holds a password, which must not be sent by mail.',
  'own-address': 'Its From is an address of the gateway itself, so an answer would come back.',
  'agent-answer-overtaken': 'A colleague has answered since the notice that this answer answers.',
  'agent-answer-quotes-notice': 'The answer still holds our notice, which the partner must not see.',
  'auto-forwarded':
    "A partner's mailbox forwarded it by itself, and somebody else wrote it, perhaps their customer. Nobody is answered; ask the partner.",
  'agent-for-whom':
    'An agent forwarded it, and its author is no partner. They were asked for whom it is; their answer opens it.',
}

/** Says why a mail is held. */
export function heldText(reason: HeldReason): string {
  return HELD[reason]
}

function listed(names: readonly string[]): string {
  return names.length === 0 ? 'nothing' : names.join(', ')
}

/** Says in a sentence what a verdict means. */
function verdictText(verdict: Verdict): string {
  switch (verdict.kind) {
    case 'new-ticket':
      return verdict.missing.length === 0
        ? 'A complete submission: it opened a ticket.'
        : `A submission, accepted although it lacks ${listed(verdict.missing)}: it opened a ticket.`
    case 'incomplete':
      return `A submission that still lacks ${listed(verdict.missing)}: no ticket is open yet.`
    case 'completes-draft':
      return 'A reply that completed its submission: the ticket is open.'
    case 'reply':
      return verdict.onlyThanks
        ? 'A reply that only thanks.'
        : `A reply to a ticket${verdict.reopens ? ', which it reopened' : ''}.`
    case 'agent-reply':
      return agentText(verdict.as)
    case 'command':
      if (!('of' in verdict)) return ORDERS[verdict.command]
      return verdict.command === 'opens-for'
        ? `An agent's answer for whom a forwarded mail is: ${verdict.of} is decided anew, for ${verdict.address ?? 'nobody'}.`
        : `An agent's answer about the forwarded mail ${verdict.of}; it names nobody in the register.`
    case 'bounce':
      return verdict.letter === null
        ? 'A delivery report about no letter of ours.'
        : `A delivery report about a letter to ${verdict.letter.recipient}: ${verdict.permanent ? 'it could not be delivered' : 'not final'}.`
    case 'automatic':
      return `Sent by a program (${verdict.reason}): kept and not answered.`
    case 'duplicate':
      return `The same mail as ${verdict.of}: it changed nothing.`
    case 'unreadable':
      return `It could not be read: ${verdict.reason}.`
    case 'held':
      return `Held for a person. ${HELD[verdict.reason]}`
    default:
      return assertNever(verdict)
  }
}

const ORDERS: Readonly<Record<'ran' | 'refused' | 'next', string>> = {
  ran: "An agent's commands: they were carried out, and the agent was told.",
  refused:
    "An agent's commands: something was wrong with one of them, so none was carried out, and the agent was told.",
  next: 'An agent asked for the next ticket of a queue.',
}

function agentText(as: 'answer' | 'answered-directly' | 'note'): string {
  if (as === 'note') return "An agent's internal note."
  return as === 'answer'
    ? "An agent's answer, sent on to the participants."
    : 'An answer that the agent sent to the partner directly.'
}

function senderText(evidence: Evidence): string {
  const who = evidence.person ?? 'nobody who may act'
  const of = evidence.partner === null ? '' : ` of ${evidence.partner}`
  return `sender: ${evidence.sender}, ${who}${of}`
}

/** Tells a verdict with its evidence, one line each. */
export function explainText(verdict: Verdict, evidence: Evidence): readonly string[] {
  const lines = [
    verdictText(verdict),
    `proof: ${evidence.proof.result} (${evidence.proof.by})`,
    ...(evidence.proof.checks ?? []).map((check) => `check: ${check}`),
    senderText(evidence),
  ]
  if (evidence.released !== null) {
    const { at, cameIn, named } = evidence.released
    const whom = named ? ', and named its author' : ''
    lines.push(`released: an operator vouched for it on ${at}${whom}; it had come in on ${cameIn}`)
  }
  if (evidence.automatic !== null) {
    lines.push(`automatic: ${evidence.automatic.reason} (${evidence.automatic.evidence})`)
  }
  if (evidence.thread !== null) lines.push(`thread: ${evidence.thread.ticket} by ${evidence.thread.by}`)
  for (const { field, value, source, gained } of evidence.fields) {
    const oneLine = value.replace(/\s+/gu, ' ')
    lines.push(`${field}: ${oneLine} (${source}${gained ? '' : ', known before'})`)
  }
  if (evidence.fields.length > 0 || evidence.missing.length > 0)
    lines.push(`missing: ${listed(evidence.missing)}`)
  for (const tone of evidence.tones) lines.push(`tone: ${tone.kind} ("${tone.words}")`)
  if (evidence.circumstances.length > 0) lines.push(`circumstances: ${listed(evidence.circumstances)}`)
  if (evidence.warnings.length > 0) lines.push(`warnings: ${listed(evidence.warnings)}`)
  lines.push(`mode: ${evidence.mode}, policy ${evidence.policyVersion.slice(0, 12)}`)
  return lines
}
