/**
 * Sender proof: how far the From of a mail can be believed, from how it came. A network that the configuration trusts
 * vouches for its senders; SPF, DKIM, DMARC and ARC are not looked at here, so anything else proves nothing.
 * Fails: never. Source: docs/architecture.md ("Who is it?").
 */
import type { Proof } from '../decide/context.ts'
import type { RawMail } from '../mail/mail.ts'
import type { Resolver } from './resolver.ts'

/** What is believed, as the configuration names it. */
export type Trust = {
  /** Names the trusted network of an address; null when it is none. */
  readonly trustOf: (ip: string) => string | null
  readonly authservId: string | null
  readonly arcSealers: readonly string[]
  readonly resolver: Resolver | null
  /** Our own authserv-id. */
  readonly hostName: string
}

/** Judges who vouches for the author of a mail that came in this envelope. */
export async function authenticate(
  { envelope }: Pick<RawMail, 'envelope' | 'content'>,
  trust: Trust,
): Promise<Proof> {
  const relay =
    envelope.trustedRelay ?? (envelope.clientIp === null ? null : trust.trustOf(envelope.clientIp))
  if (relay !== null) return { result: 'verified', by: `trusted network ${relay}` }
  return { result: 'none', by: 'no check configured' }
}
