/**
 * Parts that the plans share: the post of a mail, the people it brings, values to store, letters to the partner.
 * Fails: never. Pure; every text is masked with the reading's secrets.
 */
import { maskSecrets } from '../intake/mask.ts'
import type { Mail } from '../mail/mail.ts'
import { domainOf, normaliseAddress } from '../mail/mailbox.ts'
import { MAX_NAMED, namedIn } from './aside-keys.ts'
import type { Context, Ticket, TicketId } from './context.ts'
import type { Change, PostKind } from './effects.ts'
import type { Author, Circumstance, Judgement, PartnerAuthor } from './judgement.ts'

/** A partner's judgement with everything a plan for a ticket needs. */
export type PartnerJudgement = Judgement & {
  readonly author: PartnerAuthor
  readonly reading: NonNullable<Judgement['reading']>
  readonly merged: NonNullable<Judgement['merged']>
}

/** Language of letters when nobody's is known, and of the desk. */
export const DEFAULT_LANGUAGE = 'en'

/** Narrows a judgement to a partner's; anything else here is a fault of `decide`. */
export function partnerJudgement(judgement: Judgement): PartnerJudgement {
  const { author, reading, merged } = judgement
  if (author?.kind !== 'partner' || reading === null || merged === null) {
    throw new Error(`the verdict ${judgement.verdict.kind} needs a partner, a reading and merged fields`)
  }
  return { ...judgement, author, reading, merged }
}

/** Chooses the language of letters to the partner. */
export function languageOf(judgement: PartnerJudgement): string {
  const { author, ticket, reading, verdict } = judgement
  const sameTicket =
    verdict.kind !== 'new-ticket' && !(verdict.kind === 'incomplete' && verdict.draft === null)
  const threaded = sameTicket ? (ticket?.language ?? null) : null
  return author.person.language ?? author.partner.language ?? threaded ?? reading.language ?? DEFAULT_LANGUAGE
}

function masker(judgement: Judgement): (text: string) => string {
  const secrets = judgement.reading?.secrets ?? []
  return (text) => maskSecrets(text, secrets)
}

/**
 * Gives what the author wrote, masked: the new text without answers that are none, then the text of what was forwarded.
 * When nothing is left the whole body stands, so that no word is ever lost.
 */
export function wordsOf(judgement: Judgement, mail: Mail): string {
  const empty = judgement.reading?.emptyAnswers ?? []
  const typed = empty.length === 0 ? mail.newText : withoutLines(mail.newText, empty)
  const forwarded = mail.forwarded?.text ?? ''
  const parts = [typed, forwarded].map((part) => part.trim()).filter((part) => part !== '')
  return masker(judgement)(parts.length === 0 ? mail.text.trim() : parts.join('\n\n'))
}

function withoutLines(text: string, cut: readonly string[]): string {
  const kept = text.split('\n').filter((line) => !cut.includes(line.trim()))
  return kept.join('\n').replace(/\n{3,}/g, '\n\n')
}

/** What was cut is kept: the quote, and below it the answers that are none. */
function cutText(judgement: Judgement, mail: Mail): string | null {
  const empty = judgement.reading?.emptyAnswers ?? []
  if (empty.length === 0) return mail.quotedText
  return [mail.quotedText ?? '', ...empty].join('\n').trim()
}

/** Makes the post of a mail on a ticket. */
export function postChange(judgement: Judgement, mail: Mail, ticketId: TicketId, post: PostKind): Change {
  const mask = masker(judgement)
  const quotedText = cutText(judgement, mail)
  return {
    kind: 'add-post',
    ticketId,
    post,
    personId: judgement.author?.person.id ?? null,
    author: mail.from,
    text: wordsOf(judgement, mail),
    quotedText: quotedText === null ? null : mask(quotedText),
    signature: mail.signature === null ? null : mask(mail.signature),
    attachments: mail.attachments.map(({ fileName, contentType, size, inline }) => ({
      fileName: fileName === null ? null : mask(fileName),
      contentType,
      size,
      inline,
    })),
  }
}

/** Remembers the mail's own Message-ID, unless another mail used it before. */
export function rememberChanges(mail: Mail, ticketId: TicketId, context: Context): readonly Change[] {
  if (mail.messageId === null || context.earlier !== null) return []
  return [{ kind: 'remember-message-id', ticketId, messageId: mail.messageId }]
}

/** Registers the author when this mail is the first that we see of them. */
export function registerChanges(author: Author): readonly Change[] {
  if (author.kind === 'agent' || author.created === 'nothing') return []
  const { partner, person } = author
  const change: Change = {
    kind: 'create-person',
    personId: person.id,
    partnerId: partner.id,
    name: person.name,
    address: person.address,
  }
  if (author.created === 'person') return [change]
  return [
    { kind: 'create-partner', partnerId: partner.id, name: partner.name, domains: partner.domains },
    change,
  ]
}

/** Only the registered domain itself: a partner may well run a customer's mail on a host below it. */
function isPartnerDomain(domain: string, domains: readonly string[]): boolean {
  return domains.includes(domain)
}

/** An agent is never a party of the partner's; everybody else is of the partner by the register, or by the domain. */
function roleOf(address: string, author: PartnerAuthor, context: Context): 'colleague' | 'observer' | null {
  const known = context.namedPeople.find((person) => person.address === address)
  if (known?.isAgent === true) return null
  if (known !== undefined) return known.partnerId === author.partner.id ? 'colleague' : 'observer'
  return isPartnerDomain(domainOf(address), author.partner.domains) ? 'colleague' : 'observer'
}

/** Names the ticket's observers, and those this mail adds: neither ours nor the partner's. They are never written to. */
export function observersIn(judgement: PartnerJudgement, mail: Mail, context: Context): readonly string[] {
  const ticket = belongingTicket(judgement)
  const known = ticket?.participantAddresses ?? []
  const named = namedIn(mail, context.ownDomains).filter(
    (address) => roleOf(address, judgement.author, context) === 'observer' && !known.includes(address),
  )
  return [...new Set([...(ticket?.observers ?? []), ...named])]
}

/** The ticket that the mail itself joins; null for a new one, even when that is linked to another. */
export function belongingTicket(judgement: Judgement): Ticket | null {
  const { verdict, ticket } = judgement
  if (verdict.kind === 'new-ticket') return null
  return verdict.kind === 'incomplete' && verdict.draft === null ? null : ticket
}

/** Adds the author and whoever else is named in To and Cc. */
export function participantChanges(
  judgement: PartnerJudgement,
  mail: Mail,
  context: Context,
): readonly Change[] {
  const { author } = judgement
  const ticket = belongingTicket(judgement)
  const ticketId = ticket?.id ?? context.fresh.ticketId
  const known = new Set([...(ticket?.participantAddresses ?? []), ...(ticket?.observers ?? [])])
  const changes: Change[] = []
  // Who left and writes again takes part again.
  const isObserver = judgement.circumstances.includes('joins-as-observer')
  if (ticket === null || (!isObserver && !ticket.participants.includes(author.person.id))) {
    const isRequester = ticket === null || ticket.requester.id === author.person.id
    const role = isRequester ? 'requester' : 'colleague'
    changes.push({
      kind: 'add-participant',
      ticketId,
      personId: author.person.id,
      address: author.person.address,
      role,
    })
  }
  if (isObserver) {
    const { address } = author.person
    changes.push({ kind: 'add-participant', ticketId, personId: null, address, role: 'observer' })
  }
  const room = MAX_NAMED - known.size
  const others = namedIn(mail, context.ownDomains).filter((address) => !known.has(address))
  for (const address of others.slice(0, Math.max(0, room))) {
    const role = roleOf(address, author, context)
    if (role !== null) changes.push({ kind: 'add-participant', ticketId, personId: null, address, role })
  }
  return changes
}

/** Orders the passwords of this mail to be sealed. */
export function sealChanges(judgement: PartnerJudgement, ticketId: TicketId): readonly Change[] {
  return judgement.merged.seals.map(({ field, username, password, source }) => ({
    kind: 'seal-credentials',
    ticketId,
    field,
    username,
    password,
    source,
  }))
}

/** Makes an event of a mail. */
export function eventChange(ticketId: TicketId | null, event: string, detail: string): Change {
  return { kind: 'record-event', ticketId, event, detail }
}

/** Makes an event of each circumstance that a person may later want to know. */
export function circumstanceEvents(
  judgement: Judgement,
  ticketId: TicketId | null,
  context: Context,
): readonly Change[] {
  return judgement.circumstances.map((circumstance) =>
    eventChange(ticketId, circumstance, circumstanceDetail(circumstance, judgement, context)),
  )
}

/** Circumstances by which a new ticket is linked to another. */
const LINKING: ReadonlySet<Circumstance> = new Set([
  'claims-ticket',
  'forwards-thread',
  'new-case-at-old-address',
])

function circumstanceDetail(circumstance: Circumstance, judgement: Judgement, context: Context): string {
  if (LINKING.has(circumstance)) return `TG-${judgement.ticket?.number ?? 0}`
  if (circumstance === 'replaces-draft') return `TG-${judgement.replaces?.number ?? 0}`
  if (circumstance !== 'released' || context.resumed === null) return ''
  const came = context.envelope.receivedAt.toISOString()
  return `came in ${came}, waited until ${context.resumed.at.toISOString()}`
}

/** A dead address from which its proven author writes is not dead. */
export function addressChanges(judgement: Judgement, mail: Mail): readonly Change[] {
  const from = mail.from === null ? null : normaliseAddress(mail.from.address)
  if (from === null || !judgement.circumstances.includes('address-works-again')) return []
  return [{ kind: 'lift-suppression', address: from }]
}
