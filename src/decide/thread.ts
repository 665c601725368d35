/**
 * Whose ticket: a key says which ticket, From says who. A partner's mail belongs to the ticket it names only when its
 * author has a part in it; what a stranger could copy (Message-IDs of third parties, a tag) proves less than what we signed.
 * Fails: never. Source: docs/architecture.md (threading); RFC 5322 §3.6.4.
 */
import type { Context, Proof, Thread, ThreadEvidence, Ticket } from './context.ts'
import type { PartnerAuthor } from './judgement.ts'

/** `held` waits on that ticket for a person; `claims` opens a new ticket that is linked to it and shows nothing of it. */
export type Belonging = 'belongs' | 'held' | 'claims'

/** Made by us, for one recipient; whoever has it got it from us or from them. */
const STRONG: ReadonlySet<ThreadEvidence> = new Set(['signed-address', 'our-message-id', 'bounce-path'])

export function isStrong(evidence: ThreadEvidence): boolean {
  return STRONG.has(evidence)
}

/** Is the author of this mail a party to the ticket already? */
export function takesPart(ticket: Ticket, author: PartnerAuthor): boolean {
  return ticket.requester.id === author.person.id || ticket.participants.includes(author.person.id)
}

/** Tells whether a partner's mail may join the ticket that it names. */
export function belongingOf(
  thread: Thread,
  author: PartnerAuthor,
  proof: Proof,
  released: boolean,
): Belonging {
  const samePartner = thread.ticket.partnerId === author.partner.id
  const isParticipant = takesPart(thread.ticket, author)
  // A person of the desk has seen which ticket it names, and released it there.
  if (isStrong(thread.by)) return samePartner || isParticipant || released ? 'belongs' : 'held'
  return isParticipant || (samePartner && proof.result === 'verified') ? 'belongs' : 'claims'
}

/**
 * Finds the thread that a mail may use. A Message-ID seen before with other words is a copy or a broken client: then
 * only the signed address counts.
 */
export function usableThread(context: Context): Thread | null {
  const reused = context.earlier !== null && !context.earlier.sameText
  return reused && context.thread?.by !== 'signed-address' ? null : context.thread
}

/**
 * May a program's mail be kept on the ticket that it names? Only when its From is a party to it; what anybody could copy
 * needs proof besides, as for any other mail.
 */
export function automaticBelongs(thread: Thread, context: Context, proof: Proof): boolean {
  if (proof.result === 'failed' || proof.result === 'temperror') return false
  const { sender } = context
  const isProven = proof.result === 'verified'
  if (sender.kind === 'agent') return isProven
  if (sender.kind !== 'partner' || sender.partner.id !== thread.ticket.partnerId) return false
  return isProven || isStrong(thread.by)
}
