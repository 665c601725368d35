/**
 * Finds domains, URLs and mail addresses in text, and brings a labelled value to a domain or a URL.
 * Fails: never; linear, and bounded by MAX_TOKENS.
 * Source: RFC 1035 §2.3.4 (sizes), RFC 5890 (A-labels, U-labels), RFC 2606 and RFC 6761 (reserved names).
 */
import { domainToASCII, domainToUnicode } from 'node:url'
import { parse } from 'tldts'

export type Host = {
  readonly kind: 'domain' | 'url' | 'address'
  /** As written, without punctuation around it. */
  readonly text: string
  /** Lower case, U-labels, without port, path and user. */
  readonly domain: string
  /** Offset of `text` in the text searched. */
  readonly start: number
}

const MAX_TOKENS = 20_000
const MAX_TOKEN_CHARS = 500
const TOKEN = /[^\s<>()[\]{}"“”„«»|、。「」『』（），；]+/gu
const UNSPACED_RUN = /[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]+/u
const RESERVED_TLDS = new Set(['example', 'test', 'invalid', 'localhost', 'local', 'internal', 'lan', 'home'])
/** Public suffixes that in prose are far more often the end of a file name. */
const FILE_ENDINGS = new Set(['zip', 'py', 'md', 'sh', 'rs', 'pl', 'ps', 'mov', 'so', 'cc', 'ai'])

/** Outlook writes links twice: `guide@x.example<mailto:guide@x.example>`; one is enough. */
export function withoutAutolinks(text: string): string {
  return text.replace(/(?<=[^\s<>])<(?:mailto:|https?:\/\/)[^<>\s]{1,2000}>/giu, '')
}

/** Finds every domain, URL and address, in order. `strict` (prose) asks for a known top-level domain. */
export function findHosts(text: string, strict: boolean): Host[] {
  const hosts: Host[] = []
  let tokens = 0
  for (const match of text.matchAll(TOKEN)) {
    tokens += 1
    if (tokens > MAX_TOKENS) break
    for (const piece of piecesOf(match[0], match.index)) {
      const host = readHost(piece.text, piece.start, strict)
      if (host !== null) hosts.push(host)
    }
  }
  return hosts
}

type Piece = { readonly text: string; readonly start: number }

function piecesOf(token: string, start: number): Piece[] {
  if (token.length > MAX_TOKEN_CHARS || !token.includes('.')) return []
  const separators = /https?:\/\//iu.test(token) ? null : /[,;=]/u
  const split = (piece: Piece, by: RegExp | null): Piece[] => {
    if (by === null) return [piece]
    let at = piece.start
    return piece.text.split(new RegExp(`(${by.source})`, 'u')).flatMap((text) => {
      const found = { text, start: at }
      at += text.length
      return by.test(text) ? [] : [found]
    })
  }
  return split({ text: token, start }, separators).flatMap((piece) =>
    // `顧客foo.exampleの`: a name in Latin letters inside unspaced text ends where the other script begins.
    /[a-z0-9]\.[a-z]/iu.test(piece.text) ? split(piece, UNSPACED_RUN) : [piece],
  )
}

function readHost(piece: string, start: number, strict: boolean): Host | null {
  const lead = /^[^\p{L}\p{N}]+/u.exec(piece)?.[0].length ?? 0
  let text = piece.slice(lead).replace(/[.,;:!?*_'’`~^]+$/u, '')
  let at = start + lead
  const prefix = /^(?:mailto|url|domain|[\p{L}-]{2,30}):(?=[\p{L}\p{N}])/iu.exec(text)?.[0] ?? ''
  if (prefix !== '' && !/^https?:/iu.test(text)) {
    text = text.slice(prefix.length)
    at += prefix.length
  }
  const scheme = /^https?:\/\//iu.exec(text)?.[0] ?? ''
  const rest = text.slice(scheme.length)
  const authority = rest.split(/[/?#]/u, 1)[0] ?? ''
  const hostPort = authority.slice(scheme === '' ? 0 : authority.lastIndexOf('@') + 1)
  if (scheme === '' && hostPort.includes('@')) {
    const [local, host, ...more] = hostPort.split('@')
    const domain = more.length > 0 || !local ? null : normaliseDomain(host ?? '', strict)
    return domain === null ? null : { kind: 'address', text: hostPort, domain, start: at }
  }
  const [name = '', port] = hostPort.split(':')
  const isUrl = scheme !== '' || rest.length > hostPort.length || port !== undefined
  const domain = normaliseDomain(name, strict && !isUrl) ?? (scheme === '' ? null : bareHost(name))
  if (domain === null || (port !== undefined && !/^\d{1,5}$/u.test(port))) return null
  return { kind: isUrl ? 'url' : 'domain', text, domain, start: at }
}

/** `http://panel/` and `https://192.0.2.1/` have no dots to judge by, but a scheme says enough. */
function bareHost(name: string): string | null {
  return /^[a-z0-9][a-z0-9.-]{0,252}$/iu.test(name) ? name.toLowerCase() : null
}

/** Gives the domain in lower-case U-labels, or null when it is none. */
function normaliseDomain(name: string, strict: boolean): string | null {
  const trimmed = name.replace(/\.$/u, '')
  if (trimmed.length > 253 || !/^[\p{L}\p{N}][\p{L}\p{M}\p{N}.-]*$/u.test(trimmed)) return null
  const labels = trimmed.split('.')
  if (labels.length < 2 || labels.some((label) => label === '' || /^-|-$/u.test(label))) return null
  const top = labels.at(-1) ?? ''
  if (!/^(?:\p{L}{2,63}|xn--[a-z0-9-]{1,59})$/iu.test(top)) return null
  const ascii = domainToASCII(trimmed.toLowerCase())
  if (ascii === '' || ascii.split('.').some((label) => label.length > 63)) return null
  if (strict && !isLikelyDomain(trimmed, ascii)) return null
  return domainToUnicode(ascii)
}

function isLikelyDomain(written: string, ascii: string): boolean {
  const top = ascii.slice(ascii.lastIndexOf('.') + 1)
  // A full stop without a blank: `it works.Then` and `fine.It`.
  if (/\.\p{Lu}\p{Ll}+$/u.test(written) && !/^\p{Lu}/u.test(written)) return false
  if (FILE_ENDINGS.has(top)) return false
  // `e.g`, `i.e`, `u.a`: no label of more than one letter.
  if (written.split('.').every((label) => label.length <= 2)) return false
  return RESERVED_TLDS.has(top) || parse(ascii, { allowPrivateDomains: false }).isIcann === true
}

/** Brings a domain to the form in which domains are compared: lower-case A-labels without `www.`. */
export function comparable(domain: string): string {
  return domainToASCII(domain.toLowerCase()).replace(/^www\./u, '')
}

/** Tells whether one domain is the other or lies under it. */
export function isSameOrUnder(domain: string, parent: string): boolean {
  const one = comparable(domain)
  const other = comparable(parent)
  return one !== '' && (one === other || one.endsWith(`.${other}`))
}

/** Reads the domain that a labelled value gives: a name, a site's URL, or an address at the domain. */
export function domainValue(value: string): string | null {
  const hosts = findHosts(withoutAutolinks(value), false)
  const host = hosts.find((found) => found.kind === 'domain') ?? hosts[0]
  return host === undefined ? null : host.domain.replace(/^www\./u, '')
}

/** Reads the URL that a labelled value gives; a bare host name is one, an address is not. */
export function urlValue(value: string): string | null {
  const hosts = findHosts(withoutAutolinks(value), false)
  const host = hosts.find((found) => found.kind === 'url') ?? hosts.find((found) => found.kind === 'domain')
  return host?.text ?? null
}
