/**
 * Our own addresses: base addresses of the queues, the note address, and addresses that we signed. A reply address
 * says which ticket and to whom we wrote; a return path says which letter. Tells forged, unknown and foreign apart.
 * Fails: never on what comes in; signing throws when the configured local part leaves no room.
 * Source: RFC 5233 (subaddresses), RFC 5321 §4.5.3.1.1 (local part at most 64 octets), RFC 5321 §4.5.5 (return paths).
 */
import type { LetterId, OwnAddress, PersonId } from '../decide/context.ts'
import type { Mac } from './token.ts'
import { decodeNumber, encodeNumber, isSealOf, makeSeal, ROW_ID, splitSeal } from './token.ts'

/** `queues` maps a queue's name to its base local part: `{ support: 'support' }`. */
export type Addressing = {
  readonly domain: string
  readonly queues: Readonly<Record<string, string>>
  readonly note: string
  readonly bounce: string
  readonly separator: string
}

/** Which ticket a reply belongs to, and which person the letter went to; `queue` only picks the base address. */
export type ReplyTarget = {
  readonly queue: string
  readonly ticketNumber: number
  readonly personId: PersonId
}

export type ResolvedAddress = OwnAddress | { readonly kind: 'unknown' | 'foreign' | 'forged' }

const MAX_LOCAL_PART_OCTETS = 64
/** RFC 5321 §4.5.3.1.3: a path of 256 octets, less its angle brackets. */
const MAX_ADDRESS_OCTETS = 254
/** First letter of each token: purpose and layout; another layout later takes another letter. */
const REPLY = 'r'
const RETURN_PATH = 'b'
/** Claims and seal of a token, with the purpose letter in front: nothing shorter is taken for a token. */
const TOKEN_SHAPE = /^[rb][0-9a-hjkmnp-tv-z]{32,41}$/
const PERSON_ID_CHARACTERS = 16

function signed(localPart: string, token: string, addressing: Addressing): string {
  const whole = localPart + addressing.separator + token
  if (Buffer.byteLength(whole) > MAX_LOCAL_PART_OCTETS) {
    throw new Error(`the local part "${localPart}" is too long to be signed: ${whole.length} octets of 64`)
  }
  return `${whole}@${addressing.domain}`
}

/** Makes the address that one person answers to on one ticket: `support+r…@domain`. */
export function signReplyAddress(target: ReplyTarget, addressing: Addressing, mac: Mac): string {
  const localPart = addressing.queues[target.queue]
  if (localPart === undefined) throw new Error(`the queue "${target.queue}" has no address`)
  const number = encodeNumber(target.ticketNumber)
  const seal = makeSeal([addressing.domain, number, target.personId], 'reply-address', mac)
  return signed(localPart, REPLY + number + target.personId + seal, addressing)
}

/** Makes the reverse path of one letter: `bounce+b…@domain`. A report to it names the letter by itself. */
export function signReturnPath(letterId: LetterId, addressing: Addressing, mac: Mac): string {
  const seal = makeSeal([addressing.domain, letterId], 'return-path', mac)
  return signed(addressing.bounce, RETURN_PATH + letterId + seal, addressing)
}

function readReplyToken(body: string, domain: string, mac: Mac): OwnAddress | null {
  const parts = splitSeal(body)
  if (parts === null) return null
  const number = parts.claims.slice(0, -PERSON_ID_CHARACTERS)
  const personId = parts.claims.slice(-PERSON_ID_CHARACTERS)
  const ticketNumber = decodeNumber(number)
  if (ticketNumber === null || !ROW_ID.test(personId)) return null
  if (!isSealOf(parts.seal, [domain, number, personId], 'reply-address', mac)) return null
  return { kind: 'reply', ticketNumber, personId: personId as PersonId }
}

function readReturnPathToken(body: string, domain: string, mac: Mac): OwnAddress | null {
  const parts = splitSeal(body)
  if (parts === null || !ROW_ID.test(parts.claims)) return null
  if (!isSealOf(parts.seal, [domain, parts.claims], 'return-path', mac)) return null
  return { kind: 'bounce', letterId: parts.claims as LetterId }
}

/** The part after the base local part and separator; null when the address has another base. */
function tokenAfter(base: string, localPart: string, separator: string): string | null {
  const start = base.toLowerCase() + separator.toLowerCase()
  return localPart.startsWith(start) ? localPart.slice(start.length) : null
}

function resolveBase(localPart: string, addressing: Addressing): ResolvedAddress | null {
  if (localPart === addressing.note.toLowerCase()) return { kind: 'note' }
  for (const [queue, base] of Object.entries(addressing.queues)) {
    if (localPart === base.toLowerCase()) return { kind: 'base', queue }
  }
  return null
}

function resolveSigned(localPart: string, addressing: Addressing, mac: Mac): ResolvedAddress | null {
  const domain = addressing.domain
  for (const base of Object.values(addressing.queues)) {
    const token = tokenAfter(base, localPart, addressing.separator)
    if (token === null || !TOKEN_SHAPE.test(token) || !token.startsWith(REPLY)) continue
    return readReplyToken(token.slice(REPLY.length), domain, mac) ?? { kind: 'forged' }
  }
  // Only our own letters carry this address, and always signed: anything else on it was made up.
  const token = tokenAfter(addressing.bounce, localPart, addressing.separator)
  if (token !== null) {
    const genuine = TOKEN_SHAPE.test(token) && token.startsWith(RETURN_PATH)
    return (
      (genuine ? readReturnPathToken(token.slice(RETURN_PATH.length), domain, mac) : null) ?? {
        kind: 'forged',
      }
    )
  }
  return localPart === addressing.bounce.toLowerCase() ? { kind: 'forged' } : null
}

/**
 * Resolves an address: one of ours (what it says), `unknown` (our domain, no such local part), `forged` (a token that
 * we did not make, or the bounce address without one), `foreign` (another domain). Case never matters.
 */
export function resolveOwnAddress(address: string, addressing: Addressing, mac: Mac): ResolvedAddress {
  const at = address.lastIndexOf('@')
  const domain = address.slice(at + 1).toLowerCase()
  if (at <= 0 || domain !== addressing.domain.toLowerCase()) return { kind: 'foreign' }
  if (Buffer.byteLength(address) > MAX_ADDRESS_OCTETS) return { kind: 'unknown' }
  const localPart = address.slice(0, at).toLowerCase()
  return (
    resolveBase(localPart, addressing) ?? resolveSigned(localPart, addressing, mac) ?? { kind: 'unknown' }
  )
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
    // Nine characters of ticket number at most, 16 of person, 16 of seal, one of purpose.
    const longest = Buffer.byteLength(localPart + addressing.separator) + 42
    if (longest > MAX_LOCAL_PART_OCTETS) problems.push(`the address "${localPart}" is too long to be signed`)
  }
  return problems
}
