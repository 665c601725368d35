/**
 * Line ends of a message: CR and LF only as a pair, so that nobody downstream sees other lines than we did (the SMTP
 * smuggling family). Bare ones become CRLF; a NUL stays where it is, and both are told.
 * Fails: never. Linear, since a message may be nothing but line ends.
 * Source: RFC 5321 §2.3.8 and §4.1.1.4, RFC 5322 §2.3.
 */

export type NormalContent = {
  readonly content: Buffer
  /** It had a CR or an LF by itself; those are CRLF now. */
  readonly bareNewline: boolean
  readonly hasNul: boolean
}

const NUL = 0
const LF = 10
const CR = 13

/** Returns the content with every line end as CRLF; the same octets when they are so already. */
export function normaliseLineEnds(content: Buffer): NormalContent {
  const { bare, hasNul } = countBare(content)
  if (bare === 0) return { content, bareNewline: false, hasNul }
  const out = Buffer.allocUnsafe(content.byteLength + bare)
  let at = 0
  for (let i = 0; i < content.byteLength; i++) {
    const octet = content[i] ?? 0
    if (octet === LF && content[i - 1] !== CR) out[at++] = CR
    out[at++] = octet
    if (octet === CR && content[i + 1] !== LF) out[at++] = LF
  }
  return { content: out, bareNewline: true, hasNul }
}

function countBare(content: Buffer): { readonly bare: number; readonly hasNul: boolean } {
  let bare = 0
  let hasNul = false
  for (let i = 0; i < content.byteLength; i++) {
    const octet = content[i]
    if (octet === NUL) hasNul = true
    else if (octet === LF && content[i - 1] !== CR) bare += 1
    else if (octet === CR && content[i + 1] !== LF) bare += 1
  }
  return { bare, hasNul }
}
