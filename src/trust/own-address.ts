/**
 * Our own addresses: base addresses of the queues, the note address, and addresses that we signed. A reply address
 * says which ticket and to whom we wrote; a return path says which letter. Tells forged, unknown and foreign apart.
 * Fails: never on what comes in; signing throws when the configured local part leaves no room.
 * Source: RFC 5233 (subaddresses), RFC 5321 §4.5.3.1.1 (local part at most 64 octets), §4.5.1 (postmaster), §4.5.5.
 */
import type { LetterId, OwnAddress, PersonId } from '../decide/context.ts'
import {
  DAY_CHARACTERS,
  dayOf,
  decodeDay,
  decodeNumber,
  encodeDay,
  encodeNumber,
  isSealOf,
  makeSeal,
  ROW_ID,
  splitSeal,
  type TokenKeys,
} from './token.ts'

/** `queues` maps a queue's name to its base local part: `{ support: 'support' }`. */
export type Addressing = {
  readonly domain: string
  readonly queues: Readonly<Record<string, string>>
  readonly note: string
  readonly bounce: string
  /** `plus`: `support+r…@domain`; `subdomain`: `r…@support.domain`; `catch-all`: `r…@domain`. */
  readonly form: 'plus' | 'subdomain' | 'catch-all'
  readonly separator: string
  /** After this many days a reply address counts as the base address. */
  readonly replyDays: number
}

/** What signing and resolving need to know. */
export type Signing = {
  readonly addressing: Addressing
  /** An address of one brand is forged at another. */
  readonly brandId: string
  readonly keys: TokenKeys
}

/** Which ticket a reply belongs to, and which person the letter went to; `queue` only picks the base address. */
export type ReplyTarget = {
  readonly queue: string
  readonly ticketNumber: number
  readonly personId: PersonId
  /** An agent's address lets words pass to the partner, so that a partner's can never stand in for it. */
  readonly as: 'partner' | 'agent'
}

export type ResolvedAddress = OwnAddress | { readonly kind: 'unknown' | 'foreign' | 'forged' }

const MAX_LOCAL_PART_OCTETS = 64
/** RFC 5321 §4.5.3.1.3: a path of 256 octets, less its angle brackets. */
const MAX_ADDRESS_OCTETS = 254
/** First letter of each token: purpose and layout; another layout later takes another letter. */
const PURPOSES = { r: 'partner', a: 'agent' } as const
const RETURN_PATH = 'b'
/** Purpose, mark of the key, day, claims and seal: nothing shorter is taken for a token. */
const TOKEN_SHAPE = /^[rab][0-9a-hjkmnp-tv-z]{36,43}$/
const PERSON_ID_CHARACTERS = 16
/** The longest token: purpose, mark, three of the day, seven of the ticket number, 16 of the person, 16 of the seal. */
const LONGEST_TOKEN = 44
/** Within these days one person sees one address on one ticket, so that address books stay small. */
const SAME_ADDRESS_DAYS = 28
/** RFC 5321 §4.5.4.1: senders give up after 4 to 5 days; a report may take its time, a month is no report. */
const RETURN_PATH_DAYS = 30

/** Puts a token into an address. */
function withToken(base: string, token: string, { domain, form, separator }: Addressing): string {
  if (form === 'catch-all') return `${token}@${domain}`
  if (form === 'subdomain') return `${token}@${base}.${domain}`
  const whole = base + separator + token
  if (Buffer.byteLength(whole) > MAX_LOCAL_PART_OCTETS)
    throw new Error(`the local part "${base}" is too long to be signed: ${whole.length} octets of 64`)
  return `${whole}@${domain}`
}

function sealed(
  claims: string,
  head: { readonly letter: string; readonly day: number },
  by: Signing,
): string {
  const { mark, mac } = by.keys.current
  const day = encodeDay(head.day)
  const seal = makeSeal([by.brandId, by.addressing.domain, day, claims], purposeOf(head.letter), mac)
  return head.letter + mark + day + claims + seal
}

function purposeOf(letter: string): string {
  return letter === RETURN_PATH ? 'return-path' : `${letter === 'a' ? 'agent' : 'reply'}-address`
}

/** Makes the address that one person answers to on one ticket. */
export function signReplyAddress(target: ReplyTarget, at: Date, by: Signing): string {
  const localPart = by.addressing.queues[target.queue]
  if (localPart === undefined) throw new Error(`the queue "${target.queue}" has no address`)
  const day = dayOf(at)
  const claims = encodeNumber(target.ticketNumber) + target.personId
  const letter = target.as === 'agent' ? 'a' : 'r'
  const token = sealed(claims, { letter, day: day - (day % SAME_ADDRESS_DAYS) }, by)
  return withToken(localPart, token, by.addressing)
}

/** Makes the reverse path of one letter: a report to it names the letter by itself. */
export function signReturnPath(letterId: LetterId, at: Date, by: Signing): string {
  const token = sealed(letterId, { letter: RETURN_PATH, day: dayOf(at) }, by)
  return withToken(by.addressing.bounce, token, by.addressing)
}

type Token = { readonly letter: string; readonly day: number; readonly claims: string }

/** Reads a token that we made; null when we did not. */
function readToken(text: string, by: Signing): Token | null {
  if (!TOKEN_SHAPE.test(text)) return null
  const letter = text.charAt(0)
  const parts = splitSeal(text.slice(2))
  if (parts === null) return null
  const day = parts.claims.slice(0, DAY_CHARACTERS)
  const claims = parts.claims.slice(DAY_CHARACTERS)
  const sealedClaims = [by.brandId, by.addressing.domain, day, claims]
  const genuine = by.keys.all.some(
    ({ mark, mac }) => mark === text.charAt(1) && isSealOf(parts.seal, sealedClaims, purposeOf(letter), mac),
  )
  return genuine ? { letter, day: decodeDay(day), claims } : null
}

/** What a genuine token at this base says now. An expired reply is one to the queue; nothing else outlives its time. */
function resolveToken(
  token: Token,
  queue: string | null,
  today: number,
  { addressing }: Signing,
): ResolvedAddress {
  const age = today - token.day
  if (token.letter === RETURN_PATH) {
    if (queue !== null || !ROW_ID.test(token.claims) || age > RETURN_PATH_DAYS) return { kind: 'forged' }
    return { kind: 'bounce', letterId: token.claims as LetterId }
  }
  const ticketNumber = decodeNumber(token.claims.slice(0, -PERSON_ID_CHARACTERS))
  const personId = token.claims.slice(-PERSON_ID_CHARACTERS)
  if (queue === null || ticketNumber === null || !ROW_ID.test(personId)) return { kind: 'forged' }
  const as = PURPOSES[token.letter === 'a' ? 'a' : 'r']
  if (age <= addressing.replyDays + SAME_ADDRESS_DAYS)
    return { kind: 'reply', ticketNumber, personId: personId as PersonId, as }
  return as === 'agent' ? { kind: 'forged' } : { kind: 'base', queue }
}

/** A token in the place where this configuration puts them, with the queue that it stands at (null: bounce). */
function findToken(
  localPart: string,
  domain: string,
  { domain: own, form, separator, queues, bounce }: Addressing,
): { readonly text: string; readonly queue: string | null } | null {
  const bases: readonly (readonly [string | null, string])[] = [...Object.entries(queues), [null, bounce]]
  for (const [queue, base] of bases) {
    const name = base.toLowerCase()
    if (form === 'subdomain' && domain === `${name}.${own.toLowerCase()}`) return { text: localPart, queue }
    if (form !== 'plus' || domain !== own.toLowerCase()) continue
    const start = name + separator
    if (!localPart.startsWith(start)) continue
    const text = localPart.slice(start.length)
    // A name that begins with another name and the separator: only a token ends the search.
    if (queue === null || TOKEN_SHAPE.test(text)) return { text, queue }
  }
  const isCatchAll = form === 'catch-all' && domain === own.toLowerCase() && TOKEN_SHAPE.test(localPart)
  if (!isCatchAll) return null
  return {
    text: localPart,
    queue: localPart.startsWith(RETURN_PATH) ? null : (Object.keys(queues)[0] ?? null),
  }
}

function resolveBase(
  localPart: string,
  { queues, note, bounce, separator }: Addressing,
): ResolvedAddress | null {
  if (localPart === note.toLowerCase()) return { kind: 'note' }
  // Only our own letters carry this address, and always signed: anything else on it was made up.
  if (localPart === bounce.toLowerCase()) return { kind: 'forged' }
  for (const [queue, base] of Object.entries(queues)) {
    if (localPart === base.toLowerCase()) return { kind: 'base', queue }
    for (const kind of ['next', 'open'] as const)
      if (localPart === `${base.toLowerCase()}${separator}${kind}`) return { kind, queue }
  }
  // RFC 5321 §4.5.1: the postmaster must be reachable; the first queue's people are.
  const [first] = Object.keys(queues)
  return localPart === 'postmaster' && first !== undefined ? { kind: 'base', queue: first } : null
}

/**
 * Resolves an address: one of ours (what it says), `unknown` (our domain, no such local part), `forged` (a token that
 * we did not make or that is over, or the bounce address without one), `foreign` (another domain). Case never matters.
 */
export function resolveOwnAddress(address: string, at: Date, by: Signing): ResolvedAddress {
  const { addressing } = by
  const sign = address.lastIndexOf('@')
  const domain = address.slice(sign + 1).toLowerCase()
  if (sign <= 0 || !ownDomainsOf(addressing).includes(domain)) return { kind: 'foreign' }
  if (Buffer.byteLength(address) > MAX_ADDRESS_OCTETS) return { kind: 'unknown' }
  const localPart = address.slice(0, sign).toLowerCase()
  const isMain = domain === addressing.domain.toLowerCase()
  const base = isMain ? resolveBase(localPart, addressing) : null
  if (base !== null) return base
  const found = findToken(localPart, domain, addressing)
  if (found === null) return { kind: 'unknown' }
  const token = readToken(found.text, by)
  return token === null ? { kind: 'forged' } : resolveToken(token, found.queue, dayOf(at), by)
}

/** The domains that mail for us comes to, in comparison form. */
export function ownDomainsOf({ domain, form, queues, bounce }: Addressing): readonly string[] {
  const main = domain.toLowerCase()
  if (form !== 'subdomain') return [main]
  return [main, ...[...Object.values(queues), bounce].map((base) => `${base.toLowerCase()}.${main}`)]
}

/**
 * Names what is wrong with configured local parts: too long to be signed, or the same one used twice. Empty when
 * all is well; the configuration shows the list at start.
 */
export function addressingProblems(addressing: Addressing): readonly string[] {
  const problems: string[] = []
  const seen = new Set<string>()
  for (const localPart of [...Object.values(addressing.queues), addressing.note, addressing.bounce]) {
    const key = localPart.toLowerCase()
    if (seen.has(key)) problems.push(`the address "${localPart}" is used for two purposes`)
    seen.add(key)
    const longest = Buffer.byteLength(localPart + addressing.separator) + LONGEST_TOKEN
    if (addressing.form === 'plus' && longest > MAX_LOCAL_PART_OCTETS)
      problems.push(`the address "${localPart}" is too long to be signed`)
  }
  return problems
}
