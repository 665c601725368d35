/**
 * Names and networks of the configuration: is this a domain, which network is this, and does it hold that address?
 * Fails: never; null or false for what is none.
 * Source: RFC 1035 §2.3.1 (names), RFC 4632 (CIDR), RFC 4291 §2.5.5.2 (IPv4-mapped IPv6).
 */
import { BlockList, isIP } from 'node:net'
import { domainToASCII } from 'node:url'

const LABEL = /^[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?$/

export type Network = { readonly address: string; readonly prefix: number; readonly family: 'ipv4' | 'ipv6' }

/** Returns a domain in lower-case A-labels, or null when it is none. */
export function asciiDomain(value: string): string | null {
  // The URL rules would cut a port or path and take an address for a name: nothing of that may be in it.
  if (value.length > 253 || /[\s:/?#@%[\]\\]/.test(value)) return null
  const ascii = domainToASCII(value)
  if (ascii === '' || ascii.length > 253 || isIP(ascii) !== 0) return null
  return ascii.split('.').every((label) => LABEL.test(label)) ? ascii : null
}

/** Is this a domain name, in Unicode or A-labels? */
export function isDomain(value: string): boolean {
  return asciiDomain(value) !== null
}

/** Reads `192.0.2.0/24`, `2001:db8::/32` or a single address; null when it is neither. */
export function parseNetwork(value: string): Network | null {
  const [address = '', prefix, ...rest] = value.split('/')
  const version = isIP(address)
  // A zone (`fe80::1%eth0`) belongs to one machine's interfaces, not to a network.
  if (version === 0 || rest.length > 0 || address.includes('%')) return null
  const bits = version === 4 ? 32 : 128
  if (prefix !== undefined && (!/^\d{1,3}$/.test(prefix) || Number(prefix) > bits)) return null
  return {
    address,
    prefix: prefix === undefined ? bits : Number(prefix),
    family: version === 4 ? 'ipv4' : 'ipv6',
  }
}

/**
 * Makes the question "which trusted network holds this address?". The answer is the first network that does, as it was
 * written, or null. An IPv4 address counts the same when a dual-stack socket reports it as `::ffff:192.0.2.1`.
 */
export function makeTrust(networks: readonly string[]): (ip: string) => string | null {
  const rows = networks.flatMap((name) => {
    const network = parseNetwork(name)
    if (network === null) return []
    const list = new BlockList()
    list.addSubnet(network.address, network.prefix, network.family)
    return [{ name, list }]
  })
  return (ip) => {
    const address = ip.split('%', 1)[0] ?? ''
    const version = isIP(address)
    if (version === 0) return null
    const family = version === 4 ? 'ipv4' : 'ipv6'
    return rows.find((row) => row.list.check(address, family))?.name ?? null
  }
}
