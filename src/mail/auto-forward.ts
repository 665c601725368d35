/**
 * Traces that a mailbox forwarded a mail by itself: From stays its author's, other fields and the envelope tell through
 * whose mailbox it came. Whether a trace means anything is for who knows the domains.
 * Fails: never; bounded and linear. Source: RFC 5322 §3.6.6 (Resent-), RFC 5321 §4.4 (`for` in Received), RFC 8617 (ARC);
 * what Gmail, Exchange and SRS write.
 */
import type { Mail } from './mail.ts'
import { domainOf, normaliseAddress } from './mailbox.ts'

export type ForwardTraces = {
  /** Addresses of mailboxes that the mail may have come through, in comparison form. */
  readonly addresses: readonly string[]
  /** Domains alone, of a seal. */
  readonly domains: readonly string[]
}

/** Fields whose addresses are those of a mailbox that the mail came through. */
const ADDRESS_FIELDS: ReadonlySet<string> = new Set([
  'resent-from',
  'resent-sender',
  'resent-to',
  'x-forwarded-for',
  'x-forwarded-to',
  'delivered-to',
  'x-delivered-to',
  'x-original-to',
  'x-ms-exchange-forwardingloop',
  'x-ms-exchange-inbox-rules-loop',
])

/** A mail that was forwarded five times has few more than this. */
const MAX_FIELDS = 60
const MAX_VALUE_CHARACTERS = 1000
const MAX_TRACES = 20

/** Bounded on both sides of the @ (RFC 5321 §4.5.3.1). */
const ADDRESS = /[^\s<>@()[\]"',;:]{1,64}@[a-z0-9.-]{1,255}/giu
const RECEIVED_FOR = /\bfor\s{1,10}<?([^\s<>@()[\]"',;:]{1,64}@[a-z0-9.-]{1,255})/iu
const SEAL_DOMAIN = /(?:^|;)\s{0,10}d\s{0,5}=\s{0,5}([a-z0-9.-]{1,255})/iu

/** Collects the traces of a mail; the reverse path is one (SRS and list managers rewrite it to the forwarder's domain). */
export function forwardTraces(mail: Mail, reversePath: string | null): ForwardTraces {
  const addresses: string[] = reversePath === null ? [] : [reversePath]
  const domains: string[] = []
  let looked = 0
  for (const { name, value } of mail.headerFields) {
    const field = name.toLowerCase()
    const isReceived = field === 'received'
    const isSeal = field === 'arc-seal'
    if (!isReceived && !isSeal && !ADDRESS_FIELDS.has(field)) continue
    if ((looked += 1) > MAX_FIELDS) break
    const text = value.slice(0, MAX_VALUE_CHARACTERS)
    if (isReceived) addresses.push(...(RECEIVED_FOR.exec(text)?.slice(1, 2) ?? []))
    else if (isSeal) domains.push(...(SEAL_DOMAIN.exec(text)?.slice(1, 2) ?? []))
    else addresses.push(...(text.match(ADDRESS) ?? []))
  }
  const known = addresses.flatMap((address) => normaliseAddress(address) ?? [])
  return {
    addresses: [...new Set(known)].slice(0, MAX_TRACES),
    domains: [...new Set([...domains.map((one) => one.toLowerCase()), ...known.map(domainOf)])].slice(
      0,
      MAX_TRACES,
    ),
  }
}
