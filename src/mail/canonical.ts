/**
 * What makes two deliveries the same mail: reverse path, the fields its author wrote, and the body. Fields that a
 * relay adds or renews are left out, so a mail that comes by another route gives the same chunks.
 * Fails: never. The caller makes a keyed hash over the chunks. Source: RFC 1047, RFC 5321 §6.1.
 */
import { bodyOffset, FIELD_START, readRawFields } from './header-fields.ts'
import { MAX_FIELD_CHARS, MAX_HEADER_FIELDS } from './limits.ts'

const AUTHORED =
  /^(?:from|to|cc|subject|date|message-id|in-reply-to|references|content-[a-z-]{1,60}|mime-version)$/

/** Returns the octets to hash, in order; each header chunk says its own length, so that chunks cannot run together. */
export function canonicalContent(content: Uint8Array, reversePath: string | null): Uint8Array[] {
  const offset = bodyOffset(content)
  const header = content.subarray(0, offset)
  const fields = readRawFields(header, latin1)
    .filter(({ key }) => AUTHORED.test(key))
    // Relays refold and reorder; blanks inside a value are no difference, the order of equal names is.
    .map(({ key, value }, at) => ({ key, at, line: `${key}:${value.replace(/\s+/g, ' ').trim()}` }))
    .sort((left, right) => (left.key < right.key ? -1 : left.key > right.key ? 1 : left.at - right.at))
    .map(({ line }) => line)
  const chunks = [`path:${reversePath ?? '<>'}`, ...fields].map((line) =>
    lengthFirst(Buffer.from(line, 'utf8')),
  )
  const body = crlfBody(content.subarray(offset))
  return isWellFormed(header, content.length) ? [...chunks, body] : [...chunks, lengthFirst(header), body]
}

/**
 * A header that ends, is not huge, and holds fields only. In any other every octet counts: taking two mails for one
 * would lose one, while taking one for two only asks twice.
 */
function isWellFormed(header: Uint8Array, contentLength: number): boolean {
  if (header.length === contentLength || header.length > MAX_FIELD_CHARS) return false
  const lines = latin1(header).split(/\r?\n/)
  return (
    lines.length < MAX_HEADER_FIELDS &&
    lines.every(
      (line) => line === '' || (!line.includes('\r') && (/^[ \t]/.test(line) || FIELD_START.test(line))),
    )
  )
}

function latin1(octets: Uint8Array): string {
  return Buffer.from(octets.buffer, octets.byteOffset, octets.byteLength).toString('latin1')
}

function lengthFirst(octets: Uint8Array): Uint8Array {
  return Buffer.concat([Buffer.from(`${octets.length}:`), octets])
}

/** The body with CRLF line ends and without empty lines at its end, which relays add and drop. */
function crlfBody(body: Uint8Array): Uint8Array {
  let end = body.length
  while (end > 0 && (body[end - 1] === 0x0a || body[end - 1] === 0x0d)) end--
  const lines: number = countLineEnds(body, end)
  const canonical = new Uint8Array(end + lines)
  let length = 0
  for (let at = 0; at < end; at++) {
    const octet = body[at] ?? 0
    if (octet === 0x0a || (octet === 0x0d && body[at + 1] !== 0x0a)) {
      canonical[length++] = 0x0d
      canonical[length++] = 0x0a
    } else if (octet !== 0x0d) canonical[length++] = octet
  }
  return canonical.subarray(0, length)
}

function countLineEnds(body: Uint8Array, end: number): number {
  let count = 0
  for (let at = 0; at < end; at++) if (body[at] === 0x0a || body[at] === 0x0d) count++
  return count
}
