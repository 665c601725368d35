/**
 * Reads a user name and a password from the value of a label: `user / pass`, `user: x password: y`, one below the other,
 * in parentheses, with a one-time link for the password. Fails: never; what cannot be told apart is null.
 */
import { findHosts, withoutAutolinks } from './find-hosts.ts'
import { fold } from './fold.ts'
import { looksLikeSecretLink } from './known-hosts.ts'
import type { Lexicon } from './lexicon.ts'
import { nonAnswer } from './non-answer.ts'
import { trimPassword } from './password.ts'
import { foldWords } from './phrase-set.ts'
import type { Credentials } from './reading.ts'

const MAX_VALUE_CHARS = 2000
const MAX_LINES = 6
const ADDRESS_FIRST = /^[\p{L}\p{N}._%+'-]{1,64}@[\p{L}\p{N}.-]{1,253}/u
/** What may stand between a user name and its password; the words are the same for any language that we read. */
const BETWEEN =
  /^\s*(?:\/\/|\/|\||\\|->|=>|→|–|—|-(?=\s)|:|：|,|;|&(?=\s)|\+(?=\s)|(?:and|with|und|mit|et|avec|y|con|e|com|en|met)(?=\s))\s*/u
const SPACED = /\s+(?:\/\/|\/|\||->|=>|→|–|—|-|:|：)\s+|\t+|\s*[,;]\s+|[/|：](?!\/)/u
const LEAD = /^\s*(?:[:：=＝]|->|=>|→|[-–—](?=\s))\s*/u
const IS = /^\s*(?:is|ist|lautet|est|es|è|é|wel|luidt|は)\s+(?=\S)/u
const NONE: Credentials = { username: null, password: null }

/** Reads the value of a credentials label (or of a user name's, when the password follows on the line). */
export function readCredentials(value: string, lexicon: Lexicon): Credentials {
  const lines = withoutAutolinks(value.slice(0, MAX_VALUE_CHARS))
    .split('\n')
    .map((line) => line.trim().replace(/^(?:[-*•·–]|\d{1,2}[.)])\s+/u, ''))
    .filter((line) => line !== '')
    .slice(0, MAX_LINES)
  const letters = LETTERS.test(lines[0] ?? '') ? null : lettersOf(lines)
  if (letters !== null) return readLine(letters, lexicon)
  const halves = lines.map((line) => readLine(line, lexicon))
  const link = secretLink(value)
  const merged = halves.reduce<Credentials>(
    (sofar, half) => ({
      username: sofar.username ?? half.username,
      password: sofar.password ?? half.password,
    }),
    NONE,
  )
  if (merged.password === null && lines.length > 1) return linesBelow(lines, merged, lexicon, link)
  return { username: merged.username, password: merged.password ?? link }
}

/** User name on one line, password alone on the next. */
function linesBelow(
  lines: readonly string[],
  merged: Credentials,
  lexicon: Lexicon,
  link: string | null,
): Credentials {
  const at = lines.findIndex((line) => usernameOf(line, lexicon) !== null)
  const next = lines[at + 1]
  if (at === -1 || next === undefined || link !== null) return { ...merged, password: link }
  return {
    username: merged.username ?? usernameOf(lines[at] ?? '', lexicon),
    password: usablePassword(next, lexicon),
  }
}

/** `U: a@b.example P: secret`: single letters say so only together. */
const LETTERS = /^[UL]\s?[:=]\s*(\S{1,128})[\s,;/|]+P[WD]{0,2}\s?[:=]\s*(.{1,256})$/iu

/** Reads `u: a@b.example p: secret` in running text. */
export function readLetters(line: string, lexicon: Lexicon): Credentials {
  const letters = LETTERS.exec(line.trim())
  return letters === null
    ? NONE
    : {
        username: usernameOf(letters[1] ?? '', lexicon),
        password: usablePassword(letters[2] ?? '', lexicon),
      }
}

/** The same on two lines, joined to one; null when they are not that. */
function lettersOf(lines: readonly string[]): string | null {
  const joined = lines.slice(0, 2).join(' ')
  return lines.length > 1 && /^P[WD]{0,2}\s?[:=]/iu.test(lines[1] ?? '') && LETTERS.test(joined)
    ? joined
    : null
}

function readLine(line: string, lexicon: Lexicon): Credentials {
  if (LETTERS.test(line)) return readLetters(line, lexicon)
  const marker = findMarker(line, lexicon.passwordWords)
  if (marker !== null) {
    const before = line.slice(0, marker.start).replace(/[\s(,;/|&+-]+$/u, '')
    const password = usablePassword(afterMarker(line.slice(marker.end)), lexicon)
    return { username: usernameOf(before, lexicon), password }
  }
  const text = withoutUserLabel(line, lexicon)
  // The slashes of a URL part no user name from a password.
  if (/^https?:\/\//iu.test(text)) return { username: null, password: secretLink(text) }
  const address = ADDRESS_FIRST.exec(text)?.[0]
  if (address !== undefined) {
    const username = address.replace(/[.'-]+$/u, '')
    return { username, password: passwordBeside(text.slice(username.length), lexicon) }
  }
  const gap = SPACED.exec(text)
  if (gap !== null && gap.index > 0) {
    const username = usernameOf(text.slice(0, gap.index), lexicon)
    const password = usablePassword(text.slice(gap.index + gap[0].length), lexicon)
    return username === null ? NONE : { username, password }
  }
  return { username: usernameOf(text, lexicon), password: null }
}

/** What follows an address on its line: a separator and the password, or one more token. */
function passwordBeside(rest: string, lexicon: Lexicon): string | null {
  if (rest.trim() === '') return null
  const between = BETWEEN.exec(rest)
  if (between !== null && between[0].trim() !== '')
    return usablePassword(rest.slice(between[0].length), lexicon)
  const inside = /^\s*\((.{1,256})\)\.?$/u.exec(rest)?.[1]
  if (inside !== undefined) return usablePassword(inside.replace(LEAD, ''), lexicon)
  const token = rest.trim()
  return /^\S+$/u.test(token) && /^\s/u.test(rest) ? usablePassword(token, lexicon) : null
}

/** Gives the password that a text is, or null when it is a mask, a promise or another non-answer. */
export function usablePassword(raw: string, lexicon: Lexicon): string | null {
  const link = secretLink(raw)
  if (link !== null) return link
  const bare = raw.trim().replace(IS, '')
  const password = trimPassword(bare)
  if (password === '' || isMask(password)) return null
  // `Secret!7` and `n/a#` have signs that no promise has: whatever their letters say, they are passwords.
  if (!/\s/u.test(password) && /[^\p{L}\p{M}\s.,()/'"?<>[\]{}%$•*-]/u.test(password)) return password
  if (nonAnswer(password, lexicon) !== null || nonAnswer(bare, lexicon) !== null) return null
  return isExcuse(password, lexicon) ? null : password
}

/** `*****`, `••••`, `xxxx`, `…`: what stands where a password was. */
function isMask(text: string): boolean {
  return /^(?:[*•●·.…_?#\s-]{1,64}|[xX]{1,64})$/u.test(text)
}

/** `the customer changed it`: words of a sentence, where a passphrase has none. */
function isExcuse(text: string, lexicon: Lexicon): boolean {
  if (!/^[\p{L}\p{M}\s',.!()]+$/u.test(text)) return false
  const { words } = foldWords(text)
  const common = [...lexicon.commonByLanguage.values()]
  return words.length >= 3 && words.some((word) => common.some((set) => set.has(word)))
}

/** Gives the one-time link in a text, if there is one. */
export function secretLink(text: string): string | null {
  if (!text.includes('://')) return null
  const url = findHosts(text, false).find((host) => host.kind === 'url' && looksLikeSecretLink(host.text))
  return url?.text ?? null
}

function afterMarker(rest: string): string {
  let text = rest
  // `password for anna@x.example is …`
  const whose = /^\s*(?:for|of|für|von|de|du|di|da|do|van|voor|para|pour|per)\s+\S+@\S+?(?=[\s:=])/u.exec(
    text,
  )
  if (whose !== null) text = text.slice(whose[0].length)
  return text.replace(LEAD, '').replace(IS, '')
}

export type Marker = { readonly start: number; readonly end: number; readonly separated: boolean }

const MAX_MARKER_WORDS = 4

const beginnings = new WeakMap<ReadonlySet<string>, ReadonlySet<string>>()

/** The first one and two letters of every phrase of a set: most words of a text begin none of them. */
function beginningsOf(words: ReadonlySet<string>): ReadonlySet<string> {
  const known =
    beginnings.get(words) ?? new Set([...words].flatMap((word) => [word.slice(0, 1), word.slice(0, 2)]))
  beginnings.set(words, known)
  return known
}

/** Finds the first phrase of a set in a line (`mot de passe`), with its separator; it must stand by itself. */
export function findMarker(line: string, words: ReadonlySet<string>, from = 0): Marker | null {
  const found = [...line.slice(from).matchAll(/[\p{L}\p{M}]+/gu)].map((match) => ({
    start: from + match.index,
    end: from + match.index + match[0].length,
  }))
  const begins = beginningsOf(words)
  for (const [at, first] of found.entries()) {
    if (!begins.has(fold(line.slice(first.start, first.end)).slice(0, 2))) continue
    for (let count = Math.min(MAX_MARKER_WORDS, found.length - at); count > 0; count -= 1) {
      const end = found[at + count - 1]?.end ?? first.end
      const phrase = line.slice(first.start, end)
      if (phrase.length > 40 || !/^[\p{L}\p{M}\s.'’-]+$/u.test(phrase) || !words.has(fold(phrase))) continue
      const after = line.slice(end, end + 40)
      const before = line.slice(Math.max(0, first.start - 3), first.start)
      const standsAlone =
        /^[*_"“]{0,3}$|[\s(（[,;/|“:：&+、。-][*_"“]{0,2}$/u.test(before) &&
        /^(?:[\s:：=＝(*_,-]|['’]s\s|$)/u.test(after)
      const isHyphenated = /[^\s-]-$/u.test(before) && /^-\S/u.test(after)
      if (!standsAlone || isHyphenated || isInsideToken(line, first.start)) continue
      return { start: first.start, end, separated: /^\s*(?:\([^()]{0,30}\)\s*)?[:：=＝]/u.test(after) }
    }
  }
  return null
}

/** `pass` in `user@pass.example` or `https://x.example/password` is part of a name. */
function isInsideToken(line: string, at: number): boolean {
  const start = Math.max(line.lastIndexOf(' ', at), line.lastIndexOf('\n', at), at - 300) + 1
  return /@|:\/\//u.test(line.slice(start, at))
}

/** Gives the user name that a text is: an address in it, or a single token that is no promise. */
export function usernameOf(raw: string, lexicon: Lexicon): string | null {
  const text = withoutUserLabel(withoutAutolinks(raw).trim(), lexicon)
    .replace(/[\s,;:/|]+$/u, '')
    .trim()
  const address = findHosts(text, false).find((host) => host.kind === 'address')
  if (address !== undefined) return address.text
  const bare = text.replace(/^["'“(]+|["'”)]+$/gu, '')
  if (!/^[^\s:/]{2,64}$/u.test(bare) || nonAnswer(bare, lexicon) !== null) return null
  const folded = foldWords(bare)
  if (lexicon.usernameWords.has(folded.text) || lexicon.passwordWords.has(folded.text)) return null
  if (/[*•]{3}/u.test(bare) || findHosts(bare, true).length > 0) return null
  return /[\p{L}\p{N}]/u.test(bare) ? bare : null
}

function withoutUserLabel(text: string, lexicon: Lexicon): string {
  const label = /^([\p{L}\p{M}][\p{L}\p{M}\s'’-]{0,30}?)\s*(?:[:：=＝]|\s(?=\S+@))\s*/u.exec(text)
  if (label?.[1] === undefined) return text
  const folded = fold(label[1])
  const known =
    lexicon.usernameWords.has(folded) ||
    lexicon.labels.has(folded) ||
    lexicon.usernameWords.has(folded.split(' ').at(-1) ?? '')
  return known ? text.slice(label[0].length) : text
}
