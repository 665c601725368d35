/**
 * Sender proof: how far the From of a mail can be believed. Whoever the configuration trusts is asked first: the word
 * of a network or of a relay's own Authentication-Results; then SPF, DKIM, DMARC and ARC.
 * Fails: never; a fault of the checks is `temperror`, so that the mail waits and a person sees it in the end.
 * Source: docs/architecture.md ("Who is it?"), RFC 8601 §5, RFC 7489 §6.6.1 (several authors).
 */
import { BlockList, isIPv6 } from 'node:net'
import type { Proof } from '../decide/context.ts'
import { allFields, bodyOffset, readRawFields } from '../mail/header-fields.ts'
import { MAX_HEADER_BYTES } from '../mail/limits.ts'
import type { Envelope, RawMail } from '../mail/mail.ts'
import { domainOf, normaliseAddress, parseMailboxes } from '../mail/mailbox.ts'
import { repairContent } from '../mail/repair.ts'
import { type AuthenticationResults, readAuthenticationResults } from './authentication-results.ts'
import { believeRelay } from './believe-relay.ts'
import { shareOfDns } from './cached-resolver.ts'
import { checkMail } from './checks.ts'
import { handOver } from './hand-over.ts'
import { judgeChecks } from './judge-checks.ts'
import type { Resolver } from './resolver.ts'

/** What is believed, as the configuration names it. */
export type Trust = {
  /** Names the trusted network of an address; null when it is none. */
  readonly trustOf: (ip: string) => string | null
  readonly authservId: string | null
  readonly arcSealers: readonly string[]
  readonly resolver: Resolver | null
  /** Our own authserv-id. */
  readonly hostName: string
  readonly ownDomains: readonly string[]
  readonly limits?: Partial<Limits>
}

type Limits = { readonly questions: number; readonly dnsMs: number; readonly wholeMs: number }

/** A fair mail asks 5 to 15 questions; 20 s is what a client can be asked to wait for its 250. */
const LIMITS: Limits = { questions: 40, dnsMs: 15_000, wholeMs: 20_000 }

/** Mail that a program of this machine hands in (`ingest`): believed as loopback is. */
export const THIS_MACHINE = 'this machine'

type Author = { readonly address: string; readonly domain: string }

/** Finds out who vouches for the author of a mail, and looks up what can be looked up. */
export async function authenticate(
  { envelope, content }: Pick<RawMail, 'envelope' | 'content'>,
  trust: Trust,
): Promise<Proof> {
  const relay = relayOf(envelope, trust)
  if (relay !== null && (trust.authservId === null || isPersonsWord(envelope))) {
    return {
      result: 'verified',
      by: `trusted ${relay.startsWith('client certificate') ? '' : 'network '}${relay}`,
    }
  }
  const mail = repairContent(content)
  const headerLength = bodyOffset(mail)
  if (headerLength > MAX_HEADER_BYTES)
    return { result: 'failed', by: 'its header is too large to be checked' }
  const fields = readRawFields(mail.subarray(0, headerLength))
  const authors = allFields(fields, 'from').flatMap(parseMailboxes)
  const [from] = authors
  if (from === undefined) return { result: 'none', by: 'it names no author', domain: '' }
  const domain = domainOf(from.address)
  if (authors.length > 1) return { result: 'failed', by: 'it names more than one author', domain }
  const author: Author = { address: normaliseAddress(from.address) ?? from.address, domain }
  const stamp = relay === null ? null : topmostStamp(allFields(fields, 'authentication-results'), trust)
  const word = stamp === null ? null : believeRelay({ stamp, author, ownDomains: trust.ownDomains })
  if (stamp !== null && word !== null) return { ...word, domain, checks: linesOf(stamp) }
  const found = await lookUp({ envelope, mail, headerLength, author, isRelayed: relay !== null }, trust)
  return { ...found, domain }
}

function relayOf({ trustedRelay, clientIp }: Envelope, { trustOf }: Trust): string | null {
  return trustedRelay ?? (clientIp === null ? null : trustOf(clientIp))
}

/** Addresses that no sender of the Internet has (RFC 6890). */
const PRIVATE = new BlockList()
for (const [address, prefix] of [
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
] as const)
  PRIVATE.addSubnet(address, prefix, 'ipv4')
for (const [address, prefix] of [
  ['::1', 128],
  ['fc00::', 7],
  ['fe80::', 10],
] as const)
  PRIVATE.addSubnet(address, prefix, 'ipv6')

/**
 * Is the client the sender's own server? Behind a relay of ours it is the relay, trusted or not, and SPF would judge
 * that: LMTP is never spoken across the Internet, and who comes from next door has not come from there.
 */
function isSendersServer({ clientIp, faces, transport }: Envelope): boolean {
  if (clientIp === null || transport === 'lmtp') return false
  return faces === 'internet' || !PRIVATE.check(clientIp, isIPv6(clientIp) ? 'ipv6' : 'ipv4')
}

/** A mail that came over no network was handed in with somebody's word for this very mail. */
function isPersonsWord({ clientIp, trustedRelay }: Envelope): boolean {
  return clientIp === null && trustedRelay !== null && trustedRelay !== THIS_MACHINE
}

/** RFC 8601 §5: each server writes above what was there, so the topmost field of that name is the relay's own. */
function topmostStamp(values: readonly string[], { authservId }: Trust): AuthenticationResults | null {
  for (const value of values) {
    const read = readAuthenticationResults(value)
    if (read !== null && read.authservId === authservId) return read
  }
  return null
}

function linesOf({ authservId, results }: AuthenticationResults): readonly string[] {
  return results.slice(0, 20).map(({ method, result, properties }) => {
    const told = Object.entries(properties).map(([name, value]) => ` ${name}=${value}`)
    return `${method}=${result}${told.join('')} (${authservId})`.slice(0, 300)
  })
}

type LookUp = {
  readonly envelope: Envelope
  readonly mail: Uint8Array
  readonly headerLength: number
  readonly author: Author
  readonly isRelayed: boolean
}

async function lookUp(at: LookUp, trust: Trust): Promise<Proof> {
  if (trust.resolver === null) return { result: 'none', by: 'DNS is not asked, so nothing can be checked' }
  const arc = trust.arcSealers.length > 0
  const copy = handOver(at.mail, at.headerLength, { arc })
  if (copy === null) return { result: 'failed', by: 'its header is too large to be checked' }
  const limits = { ...LIMITS, ...trust.limits }
  const dns = shareOfDns(trust.resolver, { questions: limits.questions, ms: limits.dnsMs })
  const work = checkMail({
    content: copy.content,
    envelope: at.envelope,
    withSpf: !at.isRelayed && isSendersServer(at.envelope),
    dns,
    hostName: trust.hostName,
  })
  const checks = await inTime(work, limits.wholeMs).catch((error: unknown) => asText(error))
  if (checks === null) return { result: 'temperror', by: 'the checks took too long' }
  if (typeof checks === 'string') return { result: 'temperror', by: `the checks broke off: ${checks}` }
  const others = checks.authorDomains.filter((one) => one !== at.author.domain)
  if (others.length > 0) return { result: 'failed', by: 'its From can be read in two ways' }
  const judged = judgeChecks({
    checks,
    author: at.author.domain,
    arcSealers: trust.arcSealers,
    unanswered: dns.unanswered,
    isExhausted: dns.isExhausted(),
  })
  const left =
    copy.leftOut === 0 ? [] : [`dkim=policy (${copy.leftOut} of ${copy.signatures} signatures not looked at)`]
  return { ...judged, checks: [...checks.lines, ...left] }
}

/** Resolves with null when the time is over; what then fails in the background fails for nobody. */
async function inTime<T>(work: Promise<T>, ms: number): Promise<T | null> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), ms)
  })
  return Promise.race([work, late]).finally(() => clearTimeout(timer))
}

function asText(error: unknown): string {
  return error instanceof Error ? error.message.slice(0, 200) : String(error)
}
