/**
 * The certificate that a client showed in its TLS handshake: what the configuration may trust it by.
 * Fails: null without TLS, without a certificate, or when the connection has gone.
 * Source: RFC 3207 §4.1, RFC 6125 §6.4.4 (the common name only where there are no alternative names).
 */
// oxlint-disable no-underscore-dangle -- this is the library's name
import { TLSSocket } from 'node:tls'
import type { SMTPConnection } from 'smtp-server/lib/smtp-connection.js'

export type ClientCertificate = {
  /** SHA-256, 64 lower-case hex digits. */
  readonly fingerprint: string
  /** Names in lower case; none when no authority that this machine knows has signed them. */
  readonly names: readonly string[]
}

/** Reads the certificate of a connection. */
export function clientCertificateOf(connection: SMTPConnection | null): ClientCertificate | null {
  const socket: unknown = connection?._socket
  if (!(socket instanceof TLSSocket)) return null
  const { fingerprint256, subjectaltname, subject } = socket.getPeerCertificate()
  // Without a certificate the library gives an empty object.
  if (typeof fingerprint256 !== 'string') return null
  const fingerprint = fingerprint256.replaceAll(':', '').toLowerCase()
  if (!socket.authorized) return { fingerprint, names: [] }
  const alternatives = (subjectaltname ?? '')
    .split(/,\s*/)
    .flatMap((one) => (one.startsWith('DNS:') ? [one.slice(4).toLowerCase()] : []))
  const common: unknown = subject.CN
  const names =
    alternatives.length > 0 ? alternatives : typeof common === 'string' ? [common.toLowerCase()] : []
  return { fingerprint, names }
}
