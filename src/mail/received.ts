/**
 * The trace of a mail: how many hops it has behind it, and the field that tells of ours.
 * Fails: never. Source: RFC 5321 §4.4 and §6.3 (loops), RFC 3848 (protocol words).
 */
import { bodyOffset, FIELD_START, readRawFields } from './header-fields.ts'
import type { Envelope } from './mail.ts'

export type TraceFacts = {
  readonly envelope: Envelope
  readonly queueId: string
  readonly hostName: string
  /** Named only when there is exactly one recipient, so that blind copies stay blind; else null. */
  readonly forwardPath: string | null
}

/** Counts the Received fields; many mean that the mail goes in circles. */
export function countReceived(content: Uint8Array): number {
  return readRawFields(content.subarray(0, bodyOffset(content))).filter(({ key }) => key === 'received')
    .length
}

/**
 * Puts our Received field on top of a mail. Content that does not begin with a field is returned as it is: the reader
 * repairs such mail, and a field on top would hide from it what is wrong.
 */
export function withTrace(content: Uint8Array, facts: TraceFacts): Uint8Array {
  const start = Buffer.from(content.buffer, content.byteOffset, Math.min(content.byteLength, 256)).toString(
    'latin1',
  )
  return FIELD_START.test(start)
    ? Buffer.concat([Buffer.from(receivedField(facts), 'latin1'), content])
    : content
}

/** Writes the Received field of our hop, folded, ending in CRLF. */
export function receivedField({ envelope, queueId, hostName, forwardPath }: TraceFacts): string {
  const from =
    envelope.ehloDomain === null
      ? ''
      : `from ${token(envelope.ehloDomain)}${addressLiteral(envelope.clientIp)}\r\n\t`
  const to = forwardPath === null ? '' : `\r\n\tfor <${token(forwardPath)}>`
  return `Received: ${from}by ${token(hostName)} with ${protocolWord(envelope)} id ${token(queueId)}${to};\r\n\t${rfcDate(envelope.receivedAt)}\r\n`
}

function addressLiteral(clientIp: string | null): string {
  if (clientIp === null) return ''
  return clientIp.includes(':') ? ` ([IPv6:${clientIp}])` : ` ([${clientIp}])`
}

/** RFC 3848: `S` for TLS. Mail that was fetched or piped has no such word; `local` is what programs write. */
function protocolWord({ transport, tls }: Envelope): string {
  if (transport === 'smtp') return tls ? 'ESMTPS' : 'ESMTP'
  if (transport === 'lmtp') return tls ? 'LMTPS' : 'LMTP'
  return transport === 'imap' ? 'IMAP' : 'local'
}

/** Drops what could end a field or a comment: the client chose some of these words. */
function token(text: string): string {
  return text.replace(/[^\x21-\x7e]|[()<>;\\]/g, '').slice(0, 255)
}

/** RFC 5322 §3.3 in UTC: `Thu, 01 Jan 2026 00:00:00 +0000`. */
function rfcDate(date: Date): string {
  return date.toUTCString().replace('GMT', '+0000')
}
