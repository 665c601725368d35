/**
 * Octets to text, whatever the mail says its charset is: declared, undeclared, or declared wrongly.
 * Fails: never; an unknown charset is guessed, and `guessed` says so.
 * Source: RFC 2046 §4.1.2, RFC 6532 §3.2; names by the WHATWG Encoding Standard (TextDecoder).
 */
import { createDecodeStream, decode as decodeByName } from 'libmime/lib/charset.js'

export type DecodedText = { readonly text: string; readonly guessed: boolean }

/** Charsets in which an octet above 0x7f often is really UTF-8 or windows-1252: the label is a default, not a choice. */
const DEFAULT_LABELS: ReadonlySet<string> = new Set([
  '',
  'us-ascii',
  'ascii',
  'ansi_x3.4-1968',
  'iso-8859-1',
  'latin1',
  'windows-1252',
  'unknown-8bit',
  'x-unknown',
  'unknown',
  'default',
  'default_charset',
  'binary',
  '8bit',
])

/** Decodes `octets` by the declared charset, or by what the octets themselves show when that cannot be right. */
export function decodeCharset(octets: Uint8Array, declared: string | null): DecodedText {
  const marked = byteOrderMark(octets)
  if (marked !== null)
    return { text: decodeStrictly(octets, marked) ?? decodeLoosely(octets, marked), guessed: false }
  const label = (declared ?? '')
    .slice(0, 100)
    .trim()
    .toLowerCase()
    .replace(/^["']+|["']+$/g, '')
  if (DEFAULT_LABELS.has(label)) return decodeUndeclared(octets, label)
  if (/^(?:x-)?(?:unicode-1-1-)?utf-?7$/.test(label)) return { text: decodeUtf7(octets), guessed: false }
  if (/^utf-?(?:16|32)/.test(label))
    return { text: decodeLoosely(octets, wideLabel(octets, label)), guessed: false }
  const known = decodeStrictly(octets, label)
  if (known !== null) return { text: known, guessed: false }
  if (isKnownLabel(label)) return decodeMislabelled(octets, label)
  // Names that the WHATWG does not know, such as the code pages of DOS.
  if (/^[\w.:+-]{1,40}$/.test(label) && createDecodeStream(label).supported) {
    const byName = decodeByName(Buffer.from(octets), label)
    if (!byName.includes('\ufffd')) return { text: byName, guessed: false }
  }
  return { ...decodeUndeclared(octets, ''), guessed: true }
}

/** Decodes a header value that may hold raw octets above 0x7f (RFC 6532 says UTF-8; old programs differ). */
export function decodeHeaderOctets(octets: Uint8Array): string {
  return decodeUndeclared(octets, '').text
}

function decodeUndeclared(octets: Uint8Array, label: string): DecodedText {
  const ascii = isAscii(octets)
  if (ascii) {
    const latin = Buffer.from(octets).toString('latin1')
    // ESC $ B and its like are ISO-2022-JP even when nobody says so.
    if (!/\x1b\$[@B]|\x1b\([JI]/.test(latin)) return { text: latin, guessed: false }
    return { text: decodeLoosely(octets, 'iso-2022-jp'), guessed: true }
  }
  const utf8 = decodeStrictly(octets, 'utf-8')
  if (utf8 !== null) return { text: utf8, guessed: label !== '' }
  if (label === '' || label === 'us-ascii' || label === 'ascii' || label.includes('unknown')) {
    return { text: decodeLoosely(octets, guessEightBit(octets)), guessed: true }
  }
  return { text: decodeLoosely(octets, 'windows-1252'), guessed: false }
}

/** The label is real but the octets break its rules: UTF-8 if it fits, else a few bad octets are shown as U+FFFD. */
function decodeMislabelled(octets: Uint8Array, label: string): DecodedText {
  const utf8 = decodeStrictly(octets, 'utf-8')
  if (utf8 !== null) return { text: utf8, guessed: true }
  const loose = decodeLoosely(octets, label)
  const bad = loose.split('\ufffd').length - 1
  const foreign = octets.reduce((count, octet) => count + (octet > 0x7f ? 1 : 0), 0)
  if (bad * 4 <= foreign) return { text: loose, guessed: false }
  return { text: decodeLoosely(octets, guessEightBit(octets)), guessed: true }
}

/** Tells Cyrillic, Chinese/Japanese and Western single octets apart by how often letters fall where. */
function guessEightBit(octets: Uint8Array): string {
  const sample = octets.subarray(0, 20_000)
  let high = 0
  let upperHalf = 0
  let pairs = 0
  for (let at = 0; at < sample.length; at++) {
    const octet = sample[at] ?? 0
    if (octet < 0x80) continue
    high++
    if (octet >= 0xc0) upperHalf++
    if ((sample[at + 1] ?? 0) >= 0x80) pairs++
  }
  const letters = sample.reduce((count, octet) => count + (isAsciiLetter(octet) ? 1 : 0), 0)
  // Western text has lone accents between ASCII letters; Cyrillic and CJK have runs.
  if (high < 8 || letters > high || pairs * 2 < high) return 'windows-1252'
  for (const label of ['shift_jis', 'euc-jp', 'gb18030', 'big5', 'euc-kr']) {
    const text = decodeStrictly(sample.length === octets.length ? sample : octets, label)
    if (text !== null && looksEastAsian(text)) return label
  }
  if (upperHalf * 10 < high * 8) return 'windows-1252'
  // KOI8-R has its lower-case letters at 0xc0–0xdf, windows-1251 at 0xe0–0xff.
  const low = sample.reduce((count, octet) => count + (octet >= 0xc0 && octet < 0xe0 ? 1 : 0), 0)
  return low * 2 > upperHalf ? 'koi8-r' : 'windows-1251'
}

/** True when kana or the most frequent Chinese and Korean letters are there, which wrong decodings lack. */
function looksEastAsian(text: string): boolean {
  const common = text.match(
    /[\u3040-\u30ff\u3001\u3002\uff0c\u7684\u662f\u4e00\u4e0d\u5728\u6709\u6211\uac00\uc774\ub2e4\ub294]/g,
  )
  const rare = text.match(/[\uff61-\uff9f\ue000-\uf8ff]/g)
  return (common?.length ?? 0) * 12 > text.length * 0.5 && (rare?.length ?? 0) * 4 < text.length
}

function isAsciiLetter(octet: number): boolean {
  return (octet >= 0x41 && octet <= 0x5a) || (octet >= 0x61 && octet <= 0x7a)
}

function isAscii(octets: Uint8Array): boolean {
  return octets.every((octet) => octet < 0x80)
}

function byteOrderMark(octets: Uint8Array): string | null {
  const [first, second, third] = octets
  if (first === 0xef && second === 0xbb && third === 0xbf) return 'utf-8'
  if (first === 0xff && second === 0xfe) return 'utf-16le'
  if (first === 0xfe && second === 0xff) return 'utf-16be'
  return null
}

/** UTF-16 without a mark is big-endian by RFC 2781 §4.3, but where the zero octets are decides. */
function wideLabel(octets: Uint8Array, label: string): string {
  if (label.endsWith('le') || label.endsWith('be'))
    return label.startsWith('utf16') ? `utf-16${label.slice(-2)}` : label
  const head = octets.subarray(0, 2000)
  const even = head.filter((octet, at) => octet === 0 && at % 2 === 0).length
  const odd = head.filter((octet, at) => octet === 0 && at % 2 === 1).length
  if (even === 0 && odd === 0) return 'utf-8'
  return odd > even ? 'utf-16le' : 'utf-16be'
}

function isKnownLabel(label: string): boolean {
  try {
    return new TextDecoder(label).encoding !== ''
  } catch {
    return false
  }
}

function decodeStrictly(octets: Uint8Array, label: string): string | null {
  try {
    return new TextDecoder(label, { fatal: true }).decode(octets)
  } catch {
    return null
  }
}

function decodeLoosely(octets: Uint8Array, label: string): string {
  return isKnownLabel(label)
    ? new TextDecoder(label).decode(octets)
    : decodeByName(Buffer.from(octets), label)
}

/** UTF-7 (RFC 2152) is read as text only, after which it is text like any other: no markup filter stands before us. */
function decodeUtf7(octets: Uint8Array): string {
  return Buffer.from(octets)
    .toString('latin1')
    .replace(/\+([A-Za-z0-9+/]{0,8000})-?/g, (_all, run: string) => {
      if (run === '') return '+'
      const wide = Buffer.from(run, 'base64')
      return wide
        .subarray(0, wide.length - (wide.length % 2))
        .swap16()
        .toString('utf16le')
    })
}
