/**
 * Classifies what nodemailer says of a delivery that did not end in a 250. Only a 5xx about this letter is final; what is
 * not known is tried again.
 * Fails: never. Source: RFC 5321 §4.2.1. The library gives the same error for a connection lost after the dot and one lost
 * before it; test/smtp holds what it says of each.
 */
import type { DeliveryResult } from './outgoing.ts'

type Failure = {
  readonly code: string
  readonly command: string
  readonly responseCode: number | null
  readonly reply: string
}

/** These are about us and the relay, not about the letter: every other letter would fail alike. */
const ROUTE_CODES: ReadonlySet<number> = new Set([421, 454, 530, 534, 535, 538])
/** A refusal at these is one of the connection: no letter was spoken of yet. */
const ROUTE_COMMANDS = /^(?:CONN|EHLO|HELO|LHLO|STARTTLS|AUTH)\b/
/** The library's words when a connection ended before an octet of the letter was sent. */
const NOTHING_SENT =
  /ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|Greeting never received|Connection timeout|TLS handshake timed out|Reached maximum number of retries/i

/** Turns an error of `sendMail` into a result. */
export function classifyFailure(error: unknown): DeliveryResult {
  const failure = failureOf(error)
  const { code, command, responseCode, reply } = failure
  if (code === 'EAUTH' || code === 'ENOAUTH' || (responseCode !== null && ROUTE_CODES.has(responseCode))) {
    return { kind: 'deferred', reply, routeTrouble: true }
  }
  if (responseCode !== null && ROUTE_COMMANDS.test(command)) {
    return { kind: 'deferred', reply, routeTrouble: true }
  }
  if (responseCode !== null && responseCode >= 500 && responseCode < 600) return { kind: 'failed', reply }
  if (responseCode !== null) return { kind: 'deferred', reply, routeTrouble: false }
  // The library itself refuses an address that no server could take.
  if (code === 'EENVELOPE') return { kind: 'failed', reply }
  if (mayHaveArrived(failure)) return { kind: 'unknown', reply }
  return { kind: 'deferred', reply, routeTrouble: true }
}

/** Only before the connection stood is it certain that nothing was delivered. */
function mayHaveArrived({ code, command, reply }: Failure): boolean {
  if (code === 'EDNS' || code === 'ETLS' || NOTHING_SENT.test(reply)) return false
  return (
    command === 'CONN' ||
    command === 'DATA' ||
    code === 'ETIMEDOUT' ||
    code === 'ECONNECTION' ||
    code === 'ESOCKET'
  )
}

function failureOf(error: unknown): Failure {
  if (!(error instanceof Error)) return { code: '', command: '', responseCode: null, reply: String(error) }
  const field = (name: string): unknown =>
    name in error ? (error as unknown as Record<string, unknown>)[name] : undefined
  const responseCode = field('responseCode')
  const response = field('response')
  return {
    code: textOf(field('code')),
    command: textOf(field('command')),
    responseCode: typeof responseCode === 'number' ? responseCode : null,
    reply: oneLine(typeof response === 'string' && response !== '' ? response : error.message),
  }
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

/** A remote server's words are hostile input as well. */
export function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ').slice(0, 500)
}
