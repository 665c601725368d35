/**
 * Whose are the domains and URLs in running text: the partner's own, the customer's, the panel's, or nobody's here? Told by
 * the words before and after each, then by what is known of the sender.
 * Fails: never; a domain in doubt is left out, the sender's is never assumed.
 */
import { findHosts, type Host, isSameOrUnder } from './find-hosts.ts'
import { isThirdParty, looksLikeMailHost, looksLikePanel, looksLikeSecretLink } from './known-hosts.ts'
import type { Lexicon } from './lexicon.ts'
import { type Folded, foldWords, type PhraseSet } from './phrase-set.ts'

type Roles = {
  readonly partner: string | null
  readonly panel: string | null
  readonly customer: string | null
  /** Every domain that plainly is a customer's. */
  readonly customers: readonly string[]
}

type KnownDomains = {
  readonly senderDomain: string | null
  readonly partnerDomains: readonly string[]
  readonly ownDomains: readonly string[]
  /** Of fields read by their labels. */
  readonly labelledPartner: string | null
  /** Of the mailbox that the mail gives access to: of several domains the customer's. */
  readonly userDomain: string | null
}

const MAX_SENTENCES = 400
const MAX_HOSTS_PER_SENTENCE = 20
/** A role word stands this near to its domain. */
const WORDS_BEFORE = 7
const WORDS_AFTER = 4
/** Fewer for an address, which may as well be somebody's whom the customer writes to. */
const WORDS_BEFORE_ADDRESS = 3
/** What stands before an address that is only written to or comes from: `to`, `from`. */
const PREPOSITIONS = new Set([
  'to',
  'from',
  'by',
  'an',
  'von',
  'nach',
  'à',
  'a',
  'de',
  'par',
  'para',
  'por',
  'da',
  'aan',
  'van',
  'naar',
])
/** `and`, `und`, `sowie`, `et`, `y`: no word of a list is longer. */
const MAX_AND_CHARS = 5
const MARK = 'qhostq'

type Role = 'partner' | 'panel' | 'customer'
type Sighting = {
  readonly host: Host
  readonly role: Role | null
  /** An address that the words right before it call the customer's: `our customer's user rosie@…`. */
  readonly isCustomers: boolean
  /** `from a@x.example`, `to a@x.example`. */
  readonly isWrittenTo: boolean
}

/** Gives the roles of the domains in sentences. */
export function domainRoles(sentences: readonly string[], known: KnownDomains, lexicon: Lexicon): Roles {
  const sightings = sentences
    .slice(0, MAX_SENTENCES)
    .flatMap((sentence) => sightingsIn(sentence, lexicon))
    .filter(({ host }) => !known.ownDomains.some((own) => isSameOrUnder(host.domain, own)))
    .filter(({ host }) => !isThirdParty(host.domain))
  const isPartners = (domain: string): boolean =>
    [known.senderDomain, known.labelledPartner, ...known.partnerDomains].some(
      (own) => own !== null && !isThirdParty(own) && isSameOrUnder(domain, own),
    )
  const urls = sightings.filter(({ host }) => host.kind === 'url' && !looksLikeSecretLink(host.text))
  const panel =
    urls.find(({ host, role }) => role === 'panel' && !looksLikeMailHost(host.text)) ??
    urls.find(({ host }) => looksLikePanel(host.text) && !looksLikeMailHost(host.text)) ??
    // `How do I … in the panel? Jo, partner.example` names no panel.
    sightings.find(
      ({ host, role }) => role === 'panel' && host.kind === 'domain' && host.domain !== known.senderDomain,
    ) ??
    // `northwind.example / cp.northwind.example`: by its name, when it stands under the partner's.
    sightings.find(
      ({ host }) => host.kind === 'domain' && looksLikePanel(host.text) && isPartners(host.domain),
    )
  const names = sightings.filter(({ host }) => host.kind === 'domain' && host !== panel?.host)
  const partner =
    names.find(({ host, role }) => role === 'partner' && isPartners(host.domain)) ??
    names.find(({ role }) => role === 'partner') ??
    names.find(({ host, role }) => role !== 'customer' && isPartners(host.domain)) ??
    // `northwind.example` beside `https://cp.northwind.example`: the panel stands under the partner's name.
    names.find(({ host, role }) => role === null && isUnderPanel(host, panel?.host)) ??
    names.find(({ host }) => isPartners(host.domain))
  const others = names.filter(
    ({ host }) =>
      !isPartners(host.domain) && host.domain !== partner?.host.domain && !isUnderPanel(host, panel?.host),
  )
  const customers = others.filter(({ role }) => role === 'customer')
  const customer =
    others.find(({ host }) => host.domain === known.userDomain) ??
    customers[0] ??
    others.find(({ role }) => role === null) ??
    urls.find(({ host, role }) => role === 'customer' && !isPartners(host.domain) && host !== panel?.host) ??
    sightings.find(({ host, isCustomers }) => isCustomers && !isPartners(host.domain)) ??
    onlyMailbox(sightings.filter(({ host }) => !isPartners(host.domain)))
  return {
    partner: plainDomain(partner?.host),
    panel: panel?.host.text ?? null,
    customer: plainDomain(customer?.host),
    customers: [...new Set(customers.map(({ host }) => plainDomain(host) ?? ''))],
  }
}

/** The one domain that is spoken of, by a mailbox that nobody only writes to or hears from. */
function onlyMailbox(sightings: readonly Sighting[]): Sighting | undefined {
  const named = sightings.filter(({ host }) => host.kind !== 'url')
  const domains = new Set(named.map(({ host }) => host.domain))
  return domains.size === 1 && named.every(({ isWrittenTo }) => !isWrittenTo) ? named[0] : undefined
}

function plainDomain(host: Host | undefined): string | null {
  return host === undefined ? null : host.domain.replace(/^www\./u, '')
}

function isUnderPanel(host: Host, panel: Host | undefined): boolean {
  return panel !== undefined && isSameOrUnder(panel.domain, host.domain)
}

function sightingsIn(sentence: string, lexicon: Lexicon): Sighting[] {
  const hosts = findHosts(sentence, true).slice(0, MAX_HOSTS_PER_SENTENCE)
  if (hosts.length === 0) return []
  let marked = ''
  let from = 0
  for (const [at, host] of hosts.entries()) {
    marked += `${sentence.slice(from, host.start)} ${MARK}${at} `
    from = host.start + host.text.length
  }
  const folded = foldWords(marked + sentence.slice(from))
  const roles = rolesByPosition(folded, lexicon)
  let before: Role | null = null
  return hosts.map((host, at) => {
    const position = folded.words.indexOf(`${MARK}${at}`)
    const own = roleAt(folded, position, roles)
    // `our customers a.example, b.example and c.example`: a list shares the role of its first.
    const role = own ?? (isListed(folded, position) ? before : null)
    before = role
    return {
      host,
      role,
      isCustomers: host.kind === 'address' && isCustomersAt(folded, position, roles),
      isWrittenTo: PREPOSITIONS.has(folded.words[position - 1] ?? ''),
    }
  })
}

/** `… of our customer, info@x.example`; but not `our customer cannot send to bob@y.example`. */
function isCustomersAt(folded: Folded, at: number, roles: readonly RoleSpan[]): boolean {
  const before = folded.words[at - 1] ?? ''
  if (at === -1 || PREPOSITIONS.has(before)) return false
  return roles.some(
    (span) =>
      span.role === 'customer' &&
      span.end <= at &&
      at - span.end <= WORDS_BEFORE_ADDRESS &&
      !isBetween(folded, span.end, at) &&
      !folded.words.slice(span.end, at).some((word) => PREPOSITIONS.has(word)),
  )
}

type RoleSpan = { readonly at: number; readonly end: number; readonly role: Role }

function rolesByPosition(folded: Folded, lexicon: Lexicon): RoleSpan[] {
  const spans = (set: PhraseSet, role: Role): RoleSpan[] =>
    set.all(folded).map((hit) => ({ at: hit.at, end: hit.at + hit.length, role }))
  return [
    ...spans(lexicon.sets.partner, 'partner'),
    ...spans(lexicon.sets.panel, 'panel'),
    ...spans(lexicon.sets.customer, 'customer'),
  ]
}

/** The nearest role word before wins, unless another domain stands between; then the nearest right after. */
function roleAt(folded: Folded, at: number, roles: readonly RoleSpan[]): Role | null {
  if (at === -1) return null
  const before = roles
    .filter((span) => span.end <= at && at - span.end < WORDS_BEFORE && !isBetween(folded, span.end, at))
    // The nearest; of two that end at the same word the longer: `control panel` over `panel`, `our domain` over `domain`.
    .sort((one, other) => other.end - one.end || one.at - other.at)[0]
  if (before !== undefined) return before.role
  const after = roles
    .filter((span) => span.at > at && span.at - at <= reachAfter(span) && !isBetween(folded, at + 1, span.at))
    .sort((one, other) => one.at - other.at)[0]
  return after?.role ?? null
}

/** `x.example is our partner domain`, but not `x.example, where the senior partner …`. */
function reachAfter({ role, at, end }: RoleSpan): number {
  return role === 'partner' && end - at === 1 ? WORDS_AFTER / 2 : WORDS_AFTER
}

/** Stands this host right after another, with at most an `and` between? */
function isListed(folded: Folded, at: number): boolean {
  const [two = '', one = ''] = folded.words.slice(Math.max(0, at - 2), at)
  if (at <= 0) return false
  return (one === '' ? two : one).startsWith(MARK) || (two.startsWith(MARK) && one.length <= MAX_AND_CHARS)
}

function isBetween(folded: Folded, from: number, to: number): boolean {
  return folded.words.slice(from, to).some((word) => word.startsWith(MARK))
}
