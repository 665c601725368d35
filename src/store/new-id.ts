/**
 * Row ids: 16 characters of lower-case Crockford base 32, 42 bits of milliseconds and 38 of randomness, so that ids sort
 * by the time they were made and rows of one moment lie together in an index. Within a process they only ever ascend.
 * Fails: never.
 */

const DIGITS = '0123456789abcdefghjkmnpqrstvwxyz'
const RANDOM_BITS = 38n
const RANDOM_MASK = (1n << RANDOM_BITS) - 1n
const ID_LENGTH = 16

export type IdSource = (now: Date) => string

/** Makes a source of ids; `random(n)` gives n random octets. */
export function makeIdSource(random: (size: number) => Uint8Array): IdSource {
  let last = 0n
  return (now) => {
    const octets = Buffer.from(random(5))
    const fresh = (BigInt(now.getTime()) << RANDOM_BITS) | (BigInt(octets.readUIntBE(0, 5)) & RANDOM_MASK)
    // A clock that stands still or steps back must not make ids descend.
    last = fresh > last ? fresh : last + 1n
    return encode(last)
  }
}

function encode(value: bigint): string {
  let rest = value
  let id = ''
  for (let i = 0; i < ID_LENGTH; i++) {
    id = `${DIGITS[Number(rest & 31n)] ?? '0'}${id}`
    rest >>= 5n
  }
  return id
}
