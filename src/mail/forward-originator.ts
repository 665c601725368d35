/**
 * Reads who wrote a forwarded mail, from the From line of its header block or from an attribution.
 * Clients repeat and decorate addresses: `A<mailto:a@b> <a@b<mailto:a@b>> on behalf of c@d`, `a@b [a@b]`, `A [mailto:a@b]`.
 * Fails: null for what is not there.
 */
import type { Forwarded } from './mail.ts'
import { stripEnd } from './quoted-line.ts'

type Originator = { readonly from: Forwarded['from']; readonly date: string | null }

const MAX_FROM_CHARS = 1000
// Bounded on both sides of the @ (RFC 5321 §4.5.3.1), so that each step of the search is bounded too.
const ADDRESS = /(?:mailto:)?([^\s<>@()[\]"',;:«»“”„]{1,64}@[^\s<>@()[\]"',;:«»“”„]{1,255})/

/** Reads the originator from a From value, or from the text of an attribution when there is no value. */
export function readOriginator(value: string | null, attribution: string | null): Originator {
  if (value !== null) return { from: readFrom(value), date: null }
  if (attribution !== null) return readAttribution(attribution)
  return { from: null, date: null }
}

function readFrom(value: string): Forwarded['from'] {
  const text = value.slice(0, MAX_FROM_CHARS)
  const address = text.includes('@') ? normalise(ADDRESS.exec(text)?.[1] ?? null) : null
  const head = text.split(/[<[(]|\bmailto:/, 1)[0] ?? ''
  const name = cleanName(head, address) ?? nameInParentheses(text)
  if (address === null) return name === null ? null : { displayName: name, address: null }
  return { displayName: name, address }
}

function normalise(address: string | null): string | null {
  if (address === null) return null
  const trimmed = address.replace(/[.>]+$/, '')
  const at = trimmed.lastIndexOf('@')
  return `${trimmed.slice(0, at)}@${trimmed.slice(at + 1).toLowerCase()}`
}

function cleanName(text: string, address: string | null): string | null {
  const quotes = `"'«»“”„*,:`
  const bare = stripEnd(text.replace(/^[\s"'«»“”„*,:]+/, ''), quotes)
  const name = bare.replace(
    / (?:via|on behalf of|im auftrag von|de la part de|en nombre de|por conta de|namens) .{0,200}$/i,
    '',
  )
  if (name === '' || name.toLowerCase() === address?.toLowerCase() || name.includes('@')) return null
  return name
}

const nameInParentheses = (text: string): string | null => {
  const match = /@[^\s()]{1,255} \(([^()@]{2,80})\)/.exec(text)
  return match?.[1]?.trim() ?? null
}

// Where the date of an attribution ends and the name starts, or the other way round: at a comma, a quote, a verb.
const DATE_PART =
  /(?:\p{L}{2,12}\.?,?\s)?\d{1,4}[-./年]\s?\d{1,2}[-./月]\s?\d{2,4}日?,?(?:\s\S{1,3})?\s?\d{0,2}[:.]?\d{0,2}/u

function readAttribution(text: string): Originator {
  const bounded = text.slice(0, MAX_FROM_CHARS)
  const date =
    DATE_PART.exec(bounded)?.[0]
      .replace(/[\s,]+$/, '')
      .trim() ?? null
  const address = bounded.includes('@') ? normalise(ADDRESS.exec(bounded)?.[1] ?? null) : null
  const name = attributionName(bounded, date)
  if (address === null) return { from: name === null ? null : { displayName: name, address: null }, date }
  return { from: { displayName: name, address }, date }
}

const NAME_LEAD =
  /^(?:.{0,3}\s)?(?:skrev|schrieb|heeft|používateľ|uživatel|odesílatel|użytkownik|пользователь|користувач|időpontban|utente|usuario|o usuário|the user|korisnik)\s/i

function attributionName(text: string, date: string | null): string | null {
  const quotedName = /["«“„]\s?([^"«»“”„<>@]{1,100}?)\s?["»“”]\s?[<([]/.exec(text)?.[1]
  if (quotedName !== undefined) return quotedName.trim()
  const head = text.split(/[<([]/, 1)[0] ?? ''
  const afterDate = date !== null && head.includes(date) ? head.slice(head.indexOf(date) + date.length) : head
  const bare = afterDate
    .replace(/^[\s,]+/, '')
    .replace(/^(?:AM|PM|Uhr|kl\.?|klo|at|um|o)\b\s?/i, '')
    .replace(/^[\s,]+/, '')
  const name = cleanName(bare.replace(NAME_LEAD, ''), null)
  return name === null || name.length > 80 ? null : name
}
