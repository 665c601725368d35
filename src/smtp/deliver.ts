/**
 * The wire out: one letter to one recipient through the configured relay, over pooled connections.
 * Fails: every failure of the relay is a value (see classify.ts); only a fault of ours is thrown.
 */
import { createTransport } from 'nodemailer'
import { buildMessage, isPlainMailbox } from './build-message.ts'
import { classifyFailure, oneLine } from './classify.ts'
import { within } from './guard.ts'
import type { Courier } from './outgoing.ts'

export type RelayOptions = {
  readonly host: string
  readonly port: number
  readonly tls: 'opportunistic' | 'required' | 'implicit' | 'none'
  readonly auth: { readonly user: string; readonly password: string } | null
  readonly dkim: { readonly domain: string; readonly selector: string; readonly privateKey: string } | null
  readonly connections: number
  /** Name in our EHLO. */
  readonly hostName: string
  /** For each step of a delivery: connecting, the greeting, a silent connection. */
  readonly timeoutMs?: number
}

const TIMEOUT_MS = 60_000
/** The library never calls back for a connection that a stop has closed; all steps of one delivery fit in this. */
const DELIVERY_TIMEOUT_MS = 4 * 60_000
/** Some relays refuse more mails than this on one connection. */
const MESSAGES_PER_CONNECTION = 100

/** Opens the way to the relay; connections are made when letters go. */
export function openRelay(options: RelayOptions): Courier {
  const { auth, dkim, tls, timeoutMs = TIMEOUT_MS } = options
  const transport = createTransport({
    host: options.host,
    port: options.port,
    name: options.hostName,
    pool: true,
    maxConnections: options.connections,
    maxMessages: MESSAGES_PER_CONNECTION,
    // The outbox owns every retry.
    maxRequeues: 0,
    secure: tls === 'implicit',
    requireTLS: tls === 'required',
    ignoreTLS: tls === 'none',
    // Opportunistic TLS takes any certificate: without it the letter would go in clear (RFC 7435).
    tls: { minVersion: 'TLSv1.2', rejectUnauthorized: tls === 'required' || tls === 'implicit' },
    ...(auth === null ? {} : { auth: { user: auth.user, pass: auth.password } }),
    ...(dkim === null
      ? {}
      : { dkim: { domainName: dkim.domain, keySelector: dkim.selector, privateKey: dkim.privateKey } }),
    // The last one says least of what happened, so it must not be the first to end.
    connectionTimeout: timeoutMs / 2,
    greetingTimeout: timeoutMs / 2,
    socketTimeout: timeoutMs,
    disableFileAccess: true,
    disableUrlAccess: true,
    logger: false,
    debug: false,
  })
  return {
    deliver: async (letter) => {
      if (!isPlainMailbox(letter.to.address)) {
        return { kind: 'failed', reply: 'This is no address that a letter can be sent to' }
      }
      try {
        const done = await within(DELIVERY_TIMEOUT_MS, transport.sendMail(buildMessage(letter)))
        if (done === null) return { kind: 'unknown', reply: 'The relay did not come to an end in time' }
        return { kind: 'sent', reply: oneLine(done.response) }
      } catch (error) {
        return classifyFailure(error)
      }
    },
    close: () => {
      transport.close()
      return Promise.resolve()
    },
  }
}
