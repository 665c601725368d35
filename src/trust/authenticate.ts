/**
 * Sender proof: how far the From of a mail can be believed, from how it came. A network that the configuration trusts
 * vouches for its senders; SPF, DKIM, DMARC and ARC are not looked at here, so anything else proves nothing.
 * Fails: never. Source: docs/architecture.md ("Who is it?").
 */
import type { Proof } from '../decide/context.ts'
import type { Envelope } from '../mail/mail.ts'

/** The part of `node:net` BlockList that is asked. */
export type Networks = { check(address: string, family?: 'ipv4' | 'ipv6'): boolean }

/** An IPv4 client on a dual-stack socket shows as `::ffff:192.0.2.1`. */
function isTrusted(clientIp: string, networks: Networks): boolean {
  const plain = clientIp.toLowerCase().startsWith('::ffff:') ? clientIp.slice(7) : clientIp
  return networks.check(plain, plain.includes(':') ? 'ipv6' : 'ipv4')
}

/** Judges who vouches for the author of a mail that came in this envelope. */
export function authenticate(envelope: Envelope, trust: { readonly networks: Networks }): Proof {
  if (envelope.trustedRelay !== null) {
    return { result: 'verified', by: `trusted network ${envelope.trustedRelay}` }
  }
  if (envelope.clientIp !== null && isTrusted(envelope.clientIp, trust.networks)) {
    return { result: 'verified', by: `trusted network ${envelope.clientIp}` }
  }
  return { result: 'none', by: 'no check configured' }
}
