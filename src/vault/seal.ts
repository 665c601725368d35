/**
 * Sealing: octets that only this key ring can open, and only where they belong. Each content has a key of its own,
 * derived from the ring, a random salt and its binding (`content:01j…`): without the salt's row it is lost for ever,
 * and under another row's binding it does not open.
 * Fails: open throws for a missing key, a changed octet, a wrong binding; never returns unproven octets.
 * Source: NIST SP 800-38D (AES-GCM, 96-bit random nonce).
 */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import type { KeyRing, Random } from './key-ring.ts'

export type Sealed = { readonly keyId: string; readonly salt: Uint8Array; readonly octets: Uint8Array }

/** First octet of sealed octets; another layout takes another number. */
const VERSION = 1
const CIPHER = 'aes-256-gcm'
const NONCE_BYTES = 12
const TAG_BYTES = 16
const SALT_BYTES = 32
const HEADER_BYTES = 1 + NONCE_BYTES

/** Seals `plain` to its place. Octets are version (1), nonce (12), cipher text, tag (16): 29 more than `plain`. */
export function seal(
  ring: KeyRing,
  plain: Uint8Array,
  binding: string,
  random: Random = randomBytes,
): Sealed {
  const keyId = ring.currentKeyId
  const salt = random(SALT_BYTES)
  const header = Buffer.concat([Buffer.from([VERSION]), random(NONCE_BYTES)])
  const cipher = createCipheriv(CIPHER, contentKey(ring, { keyId, salt }, binding), header.subarray(1), {
    authTagLength: TAG_BYTES,
  })
  cipher.setAAD(boundData(keyId, binding))
  const octets = Buffer.concat([header, cipher.update(plain), cipher.final(), cipher.getAuthTag()])
  return { keyId, salt, octets }
}

/** Opens what `seal` made for the same binding. Throws when the ring, the octets or the binding do not fit. */
export function open(ring: KeyRing, sealed: Sealed, binding: string): Uint8Array {
  const { keyId, salt } = sealed
  const octets = Buffer.from(sealed.octets.buffer, sealed.octets.byteOffset, sealed.octets.byteLength)
  if (octets.byteLength < HEADER_BYTES + TAG_BYTES)
    throw new Error(`sealed octets of ${binding} are cut short`)
  const version = octets[0]
  if (version !== VERSION) {
    throw new Error(`sealed octets of ${binding} have version ${version}; this program knows ${VERSION}`)
  }
  const key = contentKey(ring, { keyId, salt }, binding)
  const decipher = createDecipheriv(CIPHER, key, octets.subarray(1, HEADER_BYTES), {
    authTagLength: TAG_BYTES,
  })
  decipher.setAAD(boundData(keyId, binding))
  decipher.setAuthTag(octets.subarray(octets.byteLength - TAG_BYTES))
  const head = decipher.update(octets.subarray(HEADER_BYTES, octets.byteLength - TAG_BYTES))
  try {
    return Buffer.concat([head, decipher.final()])
  } catch (error) {
    throw new Error(
      `sealed octets of ${binding} do not open: changed, moved, or sealed by another key ring`,
      {
        cause: error,
      },
    )
  }
}

function contentKey(ring: KeyRing, place: { keyId: string; salt: Uint8Array }, binding: string): Uint8Array {
  return ring.derive(place.keyId, 'seal', [place.salt, Buffer.from(binding, 'utf8')])
}

function boundData(keyId: string, binding: string): Uint8Array {
  // JSON frames the parts: no key id and binding can be read as another pair.
  return Buffer.from(JSON.stringify([VERSION, keyId, binding]), 'utf8')
}
