/**
 * Waiting mail in words for an operator: why it waits, which command comes next, why a release was refused.
 * Fails: never.
 */
import { assertNever } from '../decide/assert-never.ts'
import { heldText } from '../decide/explain-text.ts'
import { type HeldAction, heldActions, releaseRule } from '../decide/held-reasons.ts'
import type { HeldReason } from '../decide/verdict.ts'
import type { InboxLine } from '../store/list.ts'
import type { Refusal } from '../store/release.ts'

/** Says why a mail waits for a person. */
export function whyItWaits(line: Pick<InboxLine, 'state' | 'outcome' | 'reason' | 'lastFault'>): string {
  if (line.state === 'failed')
    return `Something of ours went wrong each time it was tried: ${line.lastFault ?? 'not known'}`
  const { reason } = line
  if (line.outcome === 'unreadable') return `It could not be read: ${reason ?? 'not known'}.`
  return reason !== null && releaseRule(reason) !== null ? heldText(reason as HeldReason) : (reason ?? '')
}

const ACTION_WORDS: Readonly<Record<HeldAction, (id: string) => readonly [string, string]>> = {
  release: (id) => ['Vouch for it', `ticketgate inbox release ${id}`],
  'release-as': (id) => ['Say who wrote it', `ticketgate inbox release ${id} --as PERSON`],
  retry: (id) => ['Decide it anew', `ticketgate inbox retry ${id}`],
  drop: (id) => ['Set it aside', `ticketgate inbox drop ${id} --reason TEXT`],
}

/** Names what can be done about a waiting mail, each with its command. */
export function nextCommands(
  line: InboxLine,
  around: { readonly isStranger: boolean; readonly partners: 'open' | 'registered' },
): readonly (readonly [string, string])[] {
  if (line.outcome === 'dropped')
    return [['Take it up again', `ticketgate inbox retry ${line.id}`], ACTION_WORDS.release(line.id)]
  if (line.state !== 'held' && line.state !== 'failed') return []
  const actions = heldActions({ state: line.state, reason: line.reason, ...around })
  return actions.map((action) => ACTION_WORDS[action](line.id))
}

/** Says why a mail was not released, and what to do instead. */
export function refusalText(refusal: Refusal, id: string): string {
  switch (refusal.why) {
    case 'unknown':
      return `there is no accepted mail "${id}"`
    case 'not-waiting':
      return `${id} does not wait for anybody; see: ticketgate explain ${id}`
    case 'unreadable':
      return `${id} could not be read, so nobody can vouch for what it says; look at it (ticketgate inbox show ${id} --raw), then retry or drop it`
    case 'author-needed':
      return `${id} does not name one author; say who wrote it: --as PERSON`
    case 'answer-anew':
      return `${id} holds an agent's words that must not reach a partner as they are; ask the agent to answer the notice again, and drop this one`
    case 'stranger':
      return `${refusal.address} is in no register; register them first (ticketgate partner add) and retry it, or say whose address it is: --as PERSON`
    case 'own-domain':
      return `${refusal.address} is of our own domain and nobody's there; register the agent first (ticketgate agent add), or drop it`
    case 'address-ours':
      return `${refusal.address} is of our own domain, so it cannot become anybody's further address`
    case 'suspended':
      return `the partner ${refusal.partner} is suspended; make it active again first, then retry the mail`
    case 'address-taken':
      return `${refusal.address} belongs to ${refusal.owner} already, so it cannot be learned; release it without --as, or drop it`
    default:
      return assertNever(refusal)
  }
}
