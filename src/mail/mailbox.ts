/**
 * Addresses: reading them from header fields, and the one form in which two addresses are compared.
 * Fails: never; what is no address is left out or null.
 * Source: RFC 5322 §3.4 (groups are flattened), RFC 5890 (A-labels), RFC 5321 §2.4 (local parts keep their case).
 */
import { domainToASCII } from 'node:url'
import addressparser from 'nodemailer/lib/addressparser'
import { cleanLine } from './clean-text.ts'
import { decodeWords } from './encoded-words.ts'
import { MAX_FIELD_CHARS, MAX_MAILBOXES } from './limits.ts'
import type { Mailbox } from './mail.ts'

/** RFC 5321 §4.5.3.1: 64 octets of local part, 255 of domain. */
const MAX_ADDRESS_CHARS = 320

/** Reads the comparison form of an address: lower case, domain in A-labels; null when it is no address. */
export function normaliseAddress(address: string): string | null {
  return readAddress(address.trim().toLowerCase())?.toLowerCase() ?? null
}

/** Returns the domain of an address in lower-case A-labels; empty when there is none. */
export function domainOf(address: string): string {
  const at = address.lastIndexOf('@')
  return at < 0 ? '' : asciiDomain(address.slice(at + 1, at + 1 + MAX_ADDRESS_CHARS).replace(/>$/, ''))
}

/** Parses the mailboxes of an address field (From, To, Cc, Reply-To …) from its still encoded value. */
export function parseMailboxes(value: string): Mailbox[] {
  const bounded = value.slice(0, MAX_FIELD_CHARS)
  return addressparser(bounded, { flatten: true })
    .slice(0, MAX_MAILBOXES)
    .flatMap((entry) => {
      const address = readAddress(decodeWords(entry.address))
      if (address === null) return []
      const name = displayName(entry.name)
      return [{ displayName: name === '' || name === address ? null : name, address }]
    })
}

function displayName(name: string): string {
  const plain = cleanLine(decodeWords(name)).replace(/\s{2,}/g, ' ')
  const quoted = /^(['"])(.*)\1$/.exec(plain)
  return quoted?.[2]?.trim() ?? plain
}

/** Local part as written, domain in lower-case A-labels. */
function readAddress(text: string): string | null {
  const bare = cleanLine(text.slice(0, 2 * MAX_ADDRESS_CHARS))
    .replace(/\ufffd/g, '')
    .replace(/^<+|>+$/g, '')
  const at = bare.lastIndexOf('@')
  if (at < 1 || bare.length > MAX_ADDRESS_CHARS) return null
  const domain = asciiDomain(bare.slice(at + 1))
  const localPart = bare.slice(0, at)
  // Blanks and angle brackets belong only inside quotes (RFC 5322 §3.2.3).
  if (domain === '' || (/[\s<>]/.test(localPart) && !/^".*"$/.test(localPart))) return null
  return `${localPart}@${domain}`
}

/** Reads a domain into lower-case A-labels; empty when it is none. */
export function asciiDomain(domain: string): string {
  const bare = domain.trim().toLowerCase().replace(/\.+$/, '')
  if (/^[a-z0-9._-]+$/.test(bare) || /^\[[0-9a-f.:a-z]+\]$/.test(bare)) return bare
  // What ends a host in a URL would silently cut the name.
  if (/[\s@<>()[\]",;:\\/?#%]/.test(bare)) return ''
  const ascii = domainToASCII(bare).replace(/\.+$/, '')
  return /^[a-z0-9._-]+$/.test(ascii) ? ascii : ''
}
