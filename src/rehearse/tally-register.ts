/**
 * Gathers the register that a mailbox proposes: who wrote, from which domains, and which panel URLs they gave. What it
 * keeps grows with the number of senders, not of mails.
 * Fails: never. Pure. Senders who would have been held for being unknown are proposed as well.
 */
import { getDomain } from 'tldts'
import { isPublicMailHost } from '../decide/public-mail-hosts.ts'
import { domainOf, normaliseAddress } from '../mail/mailbox.ts'
import { countOne, mostFirst } from './count.ts'
import type { Rehearsed } from './rehearsed.ts'
import type { ProposedPartner } from './report.ts'

type Person = { name: string | null; seen: number }
type Row = {
  seen: number
  lastSeen: Date | null
  readonly domains: Map<string, number>
  readonly people: Map<string, Person>
  readonly panels: Map<string, number>
  readonly stated: Map<string, number>
  readonly languages: Map<string, number>
}
export type RegisterTally = Map<string, Row>

const MAX_NAME_CHARS = 100

/** Adds one decided mail. `ownDomains` are the desk's: nobody there is a partner. */
export function tallyRegister(tally: RegisterTally, mail: Rehearsed, ownDomains: readonly string[]): void {
  const { evidence, from, date } = mail
  const address = from === null ? null : normaliseAddress(from.address)
  if (address === null || ownDomains.includes(domainOf(address))) return
  const isUnknown = mail.verdict.kind === 'held' && mail.verdict.reason === 'stranger'
  const name = evidence.partner ?? (isUnknown ? partnerNameOf(address) : null)
  if (name === null) return
  const row = tally.get(name) ?? newRow()
  tally.set(name, row)
  row.seen += 1
  if (date !== null && (row.lastSeen === null || date > row.lastSeen)) row.lastSeen = date
  for (const domain of domainsOf(address)) countOne(row.domains, domain)
  const person = row.people.get(address) ?? { name: null, seen: 0 }
  person.seen += 1
  person.name ??= from?.displayName?.slice(0, MAX_NAME_CHARS) ?? null
  row.people.set(address, person)
  if (evidence.language !== null) countOne(row.languages, evidence.language)
  for (const { field, value, gained } of evidence.fields) {
    if (!gained) continue
    const url = field === 'control_panel_url' ? plainUrl(value) : null
    if (url !== null) countOne(row.panels, url)
    if (field === 'partner_domain') countOne(row.stated, value.toLowerCase())
  }
}

/** Gives the proposal, the partner who wrote most first. */
export function registerOf(tally: RegisterTally): readonly ProposedPartner[] {
  const order = mostFirst(new Map([...tally].map(([name, row]) => [name, row.seen])))
  return order.flatMap(([name]) => {
    const row = tally.get(name)
    return row === undefined ? [] : [proposal(name, row)]
  })
}

function proposal(name: string, row: Row): ProposedPartner {
  const people = mostFirst(new Map([...row.people].map(([address, person]) => [address, person.seen])))
  return {
    name,
    seen: row.seen,
    lastSeen: row.lastSeen?.toISOString().slice(0, 10) ?? null,
    domains: mostFirst(row.domains).map(([domain, seen]) => ({ domain, seen })),
    people: people.map(([address, seen]) => ({ address, name: row.people.get(address)?.name ?? null, seen })),
    controlPanelUrls: mostFirst(row.panels).map(([url, seen]) => ({ url, seen })),
    statedDomains: mostFirst(row.stated)
      .filter(([domain]) => !row.domains.has(domain))
      .map(([domain, seen]) => ({ domain, seen })),
    language: mostFirst(row.languages)[0]?.[0] ?? null,
  }
}

function newRow(): Row {
  return {
    seen: 0,
    lastSeen: null,
    domains: new Map(),
    people: new Map(),
    panels: new Map(),
    stated: new Map(),
    languages: new Map(),
  }
}

/** As the gate would name a partner that it has not seen before. */
function partnerNameOf(address: string): string {
  const [domain] = domainsOf(address)
  return domain ?? address
}

/** The registered domain and the host that is written from; none when anybody can get a mailbox there. */
function domainsOf(address: string): readonly string[] {
  const host = domainOf(address)
  const domain = getDomain(host, { allowPrivateDomains: true }) ?? host
  return isPublicMailHost(domain) ? [] : [...new Set([domain, host])]
}

/** Without user, query and fragment, which may hold what is nobody else's. */
function plainUrl(value: string): string | null {
  const text = /^https?:\/\//i.test(value) ? value : `https://${value}`
  if (!URL.canParse(text)) return null
  const { protocol, host, pathname } = new URL(text)
  return `${protocol}//${host}${pathname === '/' ? '' : pathname}`
}
