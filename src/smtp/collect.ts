/**
 * Collects the octets of one message: at once, bounded, never asking the stream to wait. Beyond the limit nothing is
 * kept; far beyond it the connection is cut. Bare CR and LF become CRLF, so that what is stored is unambiguous
 * (end of data is CRLF.CRLF only). Source: RFC 5321 §2.3.8 and §4.1.1.4.
 */
import type { Readable } from 'node:stream'

export type Collected =
  | { readonly kind: 'content'; readonly content: Uint8Array; readonly bareNewline: boolean }
  | { readonly kind: 'too-large' }
  /** The client went away before the end of data. */
  | { readonly kind: 'gone' }

/** A client that goes on to this multiple of the limit is not worth the traffic. */
const CUT_AT = 2

/** Reads a message to its end; `cut` ends the connection of a client that does not stop. */
export function collect(stream: Readable, limit: number, cut: () => void): Promise<Collected> {
  return new Promise((resolve) => {
    let chunks: Buffer[] = []
    let size = 0
    stream.on('data', (chunk: Buffer) => {
      size += chunk.byteLength
      if (size <= limit) chunks.push(chunk)
      else chunks = []
      if (size > limit * CUT_AT) cut()
    })
    stream.once('error', () => resolve({ kind: 'gone' }))
    stream.once('close', () => resolve({ kind: 'gone' }))
    stream.once('end', () => {
      if (size > limit) resolve({ kind: 'too-large' })
      else resolve({ kind: 'content', ...withCrlf(Buffer.concat(chunks, size)) })
    })
  })
}

const CR = 13
const LF = 10

/** Returns the content with every line end as CRLF; the same octets when they are so already. */
export function withCrlf(content: Buffer): { readonly content: Uint8Array; readonly bareNewline: boolean } {
  const bare = countBare(content)
  if (bare === 0) return { content, bareNewline: false }
  const out = Buffer.allocUnsafe(content.byteLength + bare)
  let at = 0
  for (let i = 0; i < content.byteLength; i++) {
    const octet = content[i] ?? 0
    const isBareLf = octet === LF && content[i - 1] !== CR
    const isBareCr = octet === CR && content[i + 1] !== LF
    if (isBareLf) out[at++] = CR
    out[at++] = octet
    if (isBareCr) out[at++] = LF
  }
  return { content: out.subarray(0, at), bareNewline: true }
}

function countBare(content: Buffer): number {
  let bare = 0
  for (let i = content.indexOf(LF); i >= 0; i = content.indexOf(LF, i + 1))
    if (content[i - 1] !== CR) bare += 1
  for (let i = content.indexOf(CR); i >= 0; i = content.indexOf(CR, i + 1))
    if (content[i + 1] !== LF) bare += 1
  return bare
}
