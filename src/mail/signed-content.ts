/**
 * Finds the MIME content inside an opaque S/MIME signature. Nothing is verified: reading is not trusting.
 * Fails: never; null when the octets are no signed data that we can walk.
 * Source: RFC 5652 §5 (SignedData), §5.2 (EncapsulatedContentInfo); BER as X.690 §8.
 */

type Element = { readonly tag: number; readonly body: Uint8Array; readonly end: number }

/** Context tag [0], constructed: explicit content. */
const EXPLICIT = 0xa0
const SEQUENCE = 0x30
const OCTET_STRING = 0x04
const MAX_DEPTH = 12

/** Returns the signed content of a ContentInfo, or null. */
export function signedContent(octets: Uint8Array): Uint8Array | null {
  const contentInfo = readElement(octets, 0, 0)
  if (contentInfo?.tag !== SEQUENCE) return null
  const explicit = children(contentInfo.body).find((child) => child.tag === EXPLICIT)
  const signedData = explicit === undefined ? undefined : children(explicit.body)[0]
  if (signedData?.tag !== SEQUENCE) return null
  // version, digestAlgorithms (a set), then encapContentInfo.
  const encapsulated = children(signedData.body).find((child) => child.tag === SEQUENCE)
  if (encapsulated === undefined) return null
  const content = children(encapsulated.body).find((child) => child.tag === EXPLICIT)
  const inner = content === undefined ? undefined : children(content.body)[0]
  return inner === undefined ? null : octetString(inner, 0)
}

/** Joins an octet string; BER lets it be cut into pieces. */
function octetString(element: Element, depth: number): Uint8Array | null {
  if (element.tag === OCTET_STRING) return element.body
  if (element.tag !== 0x24 || depth > MAX_DEPTH) return null
  const pieces = children(element.body).map((child) => octetString(child, depth + 1))
  return Buffer.concat(pieces.filter((piece) => piece !== null))
}

function children(body: Uint8Array): Element[] {
  const found: Element[] = []
  for (let at = 0; at < body.length && found.length < 100_000; ) {
    const element = readElement(body, at, 0)
    if (element === null || element.tag === 0) break
    found.push(element)
    at = element.end
  }
  return found
}

function readElement(octets: Uint8Array, at: number, depth: number): Element | null {
  const tag = octets[at]
  const first = octets[at + 1]
  if (tag === undefined || first === undefined || depth > MAX_DEPTH) return null
  if (first === 0x80) return readIndefinite(octets, at, depth)
  const lengthOctets = first < 0x80 ? 0 : first & 0x7f
  if (lengthOctets > 4) return null
  let length = lengthOctets === 0 ? first : 0
  for (let index = 0; index < lengthOctets; index++) length = length * 256 + (octets[at + 2 + index] ?? 0)
  const start = at + 2 + lengthOctets
  return { tag, body: octets.subarray(start, start + length), end: start + length }
}

/** BER's indefinite length: elements until two zero octets. */
function readIndefinite(octets: Uint8Array, at: number, depth: number): Element | null {
  let next = at + 2
  while (next < octets.length && !(octets[next] === 0 && octets[next + 1] === 0)) {
    const inner = readElement(octets, next, depth + 1)
    if (inner === null) return null
    next = inner.end
  }
  return { tag: octets[at] ?? 0, body: octets.subarray(at + 2, next), end: next + 2 }
}
