/**
 * Who wrote: the table "Who is it?" of docs/architecture.md, from the registers' word on From and the sender proof.
 * Gives an author who may act, or the reason why a person must look.
 * Fails: never. Pure: new rows take the fresh ids of the context.
 */
import { getDomain } from 'tldts'
import type { Mailbox } from '../mail/mail.ts'
import { domainOf, normaliseAddress } from '../mail/mailbox.ts'
import type { Context, Partner, PartnerId, Person } from './context.ts'
import type { Author, Case } from './judgement.ts'
import { isPublicMailHost } from './public-mail-hosts.ts'
import type { HeldReason } from './verdict.ts'

export type AuthorOrReason = Author | { readonly kind: 'held'; readonly reason: HeldReason }

function newPerson(from: Mailbox, partnerId: PartnerId, context: Context): Person {
  return {
    id: context.fresh.personId,
    partnerId,
    role: null,
    name: from.displayName,
    address: normaliseAddress(from.address) ?? from.address,
    timeZone: null,
    language: null,
  }
}

/** A partner's domain is what they registered, not the host that this one person writes from. */
function registrableDomain(address: string): string {
  const domain = domainOf(address).toLowerCase()
  return getDomain(domain, { allowPrivateDomains: true }) ?? domain
}

function newPartner(from: Mailbox, context: Context): Partner {
  const domain = registrableDomain(from.address)
  const isPublic = isPublicMailHost(domain)
  // The host as well, so that the next person who writes from there is known.
  const domains = [...new Set([domain, domainOf(from.address)])]
  return {
    id: context.fresh.partnerId,
    name: isPublic ? (normaliseAddress(from.address) ?? from.address) : domain,
    domains: isPublic ? [] : domains,
    controlPanelUrl: null,
    timeZone: null,
    language: null,
    mode: null,
    machineMail: 'silent',
    state: 'active',
  }
}

function isOwnDomain(address: string, context: Context): boolean {
  return context.ownDomains.includes(domainOf(address).toLowerCase())
}

function strangerAuthor(at: Case, from: Mailbox): AuthorOrReason {
  const { context, facts } = at
  const welcome = context.partners === 'open' && facts.proof.result === 'verified'
  // Our own domain is never a partner, or the desk would write to itself.
  if (!welcome || isOwnDomain(from.address, context)) return { kind: 'held', reason: 'stranger' }
  const partner = newPartner(from, context)
  return { kind: 'partner', partner, person: newPerson(from, partner.id, context), created: 'partner' }
}

function personOf(partner: Partner, person: Person): AuthorOrReason {
  if (partner.state === 'suspended') return { kind: 'held', reason: 'partner-suspended' }
  return { kind: 'partner', partner, person, created: 'nothing' }
}

function partnerAuthor(at: Case, from: Mailbox, partner: Partner, person: Person | null): AuthorOrReason {
  if (person !== null) return personOf(partner, person)
  if (partner.state === 'suspended') return { kind: 'held', reason: 'partner-suspended' }
  // Without proof only a registered address is believed: an unknown one at the domain could be anybody's.
  if (at.facts.proof.result !== 'verified') return { kind: 'held', reason: 'stranger' }
  return { kind: 'partner', partner, person: newPerson(from, partner.id, at.context), created: 'person' }
}

/** Finds the author of a mail, or why nobody may act on it. */
export function authorOf(at: Case): AuthorOrReason {
  const { mail, facts, context } = at
  const named = context.resumed?.named === true ? context.sender : null
  if (named?.kind === 'partner' && named.person !== null) return personOf(named.partner, named.person)
  if (named?.kind === 'agent') return { kind: 'agent', person: named.person }
  if (mail.authorCount > 1) return { kind: 'held', reason: 'several-authors' }
  if (mail.from === null || mail.authorCount < 1) return { kind: 'held', reason: 'no-author' }
  // Forwarding breaks proof, so this comes first: a broken one says nothing about who wrote.
  if (context.sender.kind === 'stranger' && context.forwarder !== null)
    return { kind: 'held', reason: 'auto-forwarded' }
  if (facts.proof.result === 'failed') return { kind: 'held', reason: 'proof-failed' }
  if (facts.proof.result === 'temperror') return { kind: 'held', reason: 'proof-temporary' }
  const { sender } = context
  if (sender.kind === 'stranger') return strangerAuthor(at, mail.from)
  if (sender.kind === 'partner') return partnerAuthor(at, mail.from, sender.partner, sender.person)
  if (facts.proof.result !== 'verified') return { kind: 'held', reason: 'agent-unproven' }
  return { kind: 'agent', person: sender.person }
}
