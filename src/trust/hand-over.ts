/**
 * Makes the copy of a mail that the signature checks may see: at most 8 DKIM signatures, ARC only where a sealer is
 * believed, no field so long or header so large that reading it takes more than a moment.
 * Fails: null when the header as a whole is too large to be checked. Source: RFC 6376 §6.1 (a verifier may limit).
 */
import { MAX_HEADER_BYTES } from '../mail/limits.ts'

/** More are no help to a fair sender, and each costs a question and a signature check. */
const MAX_SIGNATURES = 8
/** A signature that lists every field twice stays below 4 KiB. */
const MAX_SIGNATURE_CHARS = 16 * 1024
/** The library joins folded lines one by one, which is quadratic. */
const MAX_HEADER_LINES = 3000

/** As mailauth finds the start of a field: a fold may stand before the colon. */
const FIELD_START = /^([\x21-\x39\x3b-\x7e]+)[ \t\r\n]*:/
const SIGNATURE = /^(?:dkim-signature|arc-seal|arc-message-signature|arc-authentication-results)$/

export type HandedOver = {
  readonly content: Uint8Array
  /** DKIM signatures that the mail has, and how many of them are left out. */
  readonly signatures: number
  readonly leftOut: number
}

/** Cuts `content`, whose body starts at `headerLength`, down to what may be checked. */
export function handOver(
  content: Uint8Array,
  headerLength: number,
  options: { readonly arc: boolean },
): HandedOver | null {
  if (headerLength > MAX_HEADER_BYTES) return null
  const header = Buffer.from(content.buffer, content.byteOffset, headerLength).toString('latin1')
  const lines = header.split(/(?<=\n)/)
  let signatures = 0
  let leftOut = 0
  const kept = fieldsOf(lines).filter((field) => {
    const name = FIELD_START.exec(field)?.[1]?.toLowerCase() ?? ''
    if (!SIGNATURE.test(name)) return true
    if (name !== 'dkim-signature') return options.arc && field.length <= MAX_SIGNATURE_CHARS
    signatures += 1
    const fits = signatures - leftOut <= MAX_SIGNATURES && field.length <= MAX_SIGNATURE_CHARS
    if (!fits) leftOut += 1
    return fits
  })
  const whole = kept.join('')
  if (whole.split('\n').length > MAX_HEADER_LINES) return null
  if (whole.length === header.length) return { content, signatures, leftOut }
  return {
    content: Buffer.concat([Buffer.from(whole, 'latin1'), content.subarray(headerLength)]),
    signatures,
    leftOut,
  }
}

function fieldsOf(lines: readonly string[]): readonly string[] {
  const fields: string[] = []
  for (const [at, line] of lines.entries()) {
    const next = lines[at + 1] ?? ''
    const starts = FIELD_START.test(line) || (!FIELD_START.test(next) && FIELD_START.test(line + next))
    if (starts || fields.length === 0) fields.push(line)
    else fields[fields.length - 1] += line
  }
  return fields
}
