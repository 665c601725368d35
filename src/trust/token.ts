/**
 * Tokens: short case-insensitive texts that only we can make, for signed addresses and Message-IDs.
 * Shape: one letter for the purpose, the claims in Crockford base32, then 80 bits of HMAC-SHA256 over purpose,
 * domain and claims. Fails: never; a wrong seal is simply not ours. Source: RFC 2104 §5 (truncation),
 * RFC 5321 §2.4 (local parts may lose their case on the way, so case carries nothing).
 */
import { timingSafeEqual } from 'node:crypto'

/** HMAC-SHA256 under a subkey of the key ring for that purpose (`vault/key-ring.ts`). */
export type Mac = (purpose: string, chunks: readonly Uint8Array[]) => Uint8Array

/** Crockford's base 32: no letter that is easily taken for a digit. */
const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz'
/** 80 bits is RFC 2104's floor, and enough where every guess costs one SMTP command. */
const SEAL_OCTETS = 10
const SEAL_CHARACTERS = (SEAL_OCTETS * 8) / 5

/** Row ids of ours inside tokens: 16 characters of the alphabet. */
export const ROW_ID = /^[0-9a-hjkmnp-tv-z]{16}$/

function encodeBase32(octets: Uint8Array): string {
  let text = ''
  let bits = 0
  let held = 0
  for (const octet of octets) {
    held = (held << 8) | octet
    bits += 8
    while (bits >= 5) {
      bits -= 5
      text += ALPHABET[(held >> bits) & 31]
    }
    held &= (1 << bits) - 1
  }
  return text
}

/** Makes the seal over claims: 16 characters. */
export function makeSeal(claims: readonly string[], purpose: string, mac: Mac): string {
  // Each claim ends with a line feed, which no claim can hold: no two lists of claims give the same octets.
  const chunks = claims.map((claim) => new TextEncoder().encode(`${claim}\n`))
  return encodeBase32(mac(purpose, chunks).subarray(0, SEAL_OCTETS))
}

/** Writes a ticket number for a token: lower-case base 32, `1042` is `10j`. */
export function encodeNumber(number: number): string {
  let text = ''
  for (let rest = number; rest > 0; rest = Math.floor(rest / 32)) text = (ALPHABET[rest % 32] ?? '') + text
  return text
}

/** Reads a number written by `encodeNumber`; null when it is none or could not be exact. */
export function decodeNumber(text: string): number | null {
  if (!/^[1-9a-hjkmnp-tv-z][0-9a-hjkmnp-tv-z]{0,8}$/.test(text)) return null
  let number = 0
  for (const character of text) number = number * 32 + ALPHABET.indexOf(character)
  return number
}

const DAY_MS = 24 * 60 * 60 * 1000
/** Days are counted from here: three characters last until 2109. */
const FIRST_DAY_MS = Date.UTC(2020, 0, 1)
export const DAY_CHARACTERS = 3

/** Counts the days up to an instant. */
export function dayOf(at: Date): number {
  return Math.max(0, Math.floor((at.getTime() - FIRST_DAY_MS) / DAY_MS))
}

/** Writes a day for a token: always three characters. */
export function encodeDay(day: number): string {
  return encodeNumber(day).padStart(DAY_CHARACTERS, '0')
}

/** Reads a day written by `encodeDay`. */
export function decodeDay(text: string): number {
  let day = 0
  for (const character of text) day = day * 32 + ALPHABET.indexOf(character)
  return day
}

/** One key that signs tokens; `mark` is the character by which a token names it. */
export type TokenKey = { readonly mark: string; readonly mac: Mac }

/** Keys change without a day on which old addresses fail: the current one signs, every one of the ring is believed. */
export type TokenKeys = { readonly current: TokenKey; readonly all: readonly TokenKey[] }

/** Makes the token keys of a key ring (`vault/key-ring.ts`). */
export function tokenKeysOf(ring: {
  readonly currentKeyId: string
  readonly keyIds: readonly string[]
  readonly macUnder: (keyId: string, purpose: string, chunks: readonly Uint8Array[]) => Uint8Array
}): TokenKeys {
  const keyOf = (keyId: string): TokenKey => {
    const mac: Mac = (purpose, chunks) => ring.macUnder(keyId, purpose, chunks)
    const [octet = 0] = mac('token-mark', [])
    return { mark: ALPHABET[octet & 31] ?? '0', mac }
  }
  return { current: keyOf(ring.currentKeyId), all: ring.keyIds.map(keyOf) }
}

/** Splits a token body into its claims' text and its seal; null when it is too short to hold one. */
export function splitSeal(body: string): { readonly claims: string; readonly seal: string } | null {
  if (body.length <= SEAL_CHARACTERS) return null
  return { claims: body.slice(0, -SEAL_CHARACTERS), seal: body.slice(-SEAL_CHARACTERS) }
}

/** Is this the seal over these claims? Takes the same time whichever character is wrong. */
export function isSealOf(seal: string, claims: readonly string[], purpose: string, mac: Mac): boolean {
  const expected = Buffer.from(makeSeal(claims, purpose, mac))
  const given = Buffer.from(seal)
  return given.length === expected.length && timingSafeEqual(given, expected)
}
