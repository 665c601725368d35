/**
 * Finds user names with passwords in running text: `her account (a@b.example, password Meter_7)`, `Login: a@b / Lamp4`,
 * `the password is "two words"`. Also what must be masked anywhere in a mail, quoted or not.
 * Fails: never; bounded by MAX_MARKERS for each paragraph.
 */
import { findMarker, readLetters, secretLink, usablePassword } from './credentials.ts'
import { findHosts, withoutAutolinks } from './find-hosts.ts'
import type { Lexicon } from './lexicon.ts'
import { nonAnswer } from './non-answer.ts'
import { looksLikePassword, trimPassword, trimProsePassword } from './password.ts'
import { foldWords } from './phrase-set.ts'
import type { Credentials } from './reading.ts'

const MAX_MARKERS = 50
const MAX_PARAGRAPH_CHARS = 20_000
/** An address and its password stand in the same sentence or the next. */
const MAX_STRONG_REACH = 250
/** A password's owner is named this close to it. */
const NEAR_CHARS = 160
const QUOTED =
  /^\s*(?:"([^"\n]{1,128})"|“([^”\n]{1,128})”|„([^“”\n]{1,128})[“”]|'([^'\n]{1,128})'(?=[\s.,;)]|$)|`([^`\n]{1,128})`)/u
/** `I reset the password to "Gravel.5"`: what follows must look like one by itself, since `to default` is none. */
const SET_TO = /^\s+(?:to|auf|à|naar|op)\s+/u
const IS =
  /^(?:['’]s\s+|\s*(?:(?:is|ist|lautet|was|est|es|è|é|luidt|heisst|heißt|は|(?:for|of)\s+(?:\S+\s+){1,3}is|(?:für|von)\s+(?:\S+\s+){1,3}(?:ist|lautet)|(?:de|pour|para|di|per|do|da|van|voor)\s+(?:\S+\s+){1,3}(?:est|es|è|é|is))\s+))/u

/** Finds the credentials that a paragraph gives, in order. */
export function findCredentials(paragraph: string, lexicon: Lexicon): Credentials[] {
  const text = withoutAutolinks(paragraph.slice(0, MAX_PARAGRAPH_CHARS))
  const addresses = findHosts(text, false).filter((host) => host.kind === 'address')
  const found: Credentials[] = []
  let from = 0
  for (let count = 0; count < MAX_MARKERS; count += 1) {
    const marker = findMarker(text, lexicon.passwordWords, from)
    if (marker === null) break
    from = marker.end
    const isNamed = addresses.length > 0 || findMarker(text, lexicon.usernameWords) !== null
    const password =
      passwordAt(text, marker.end, marker.separated, lexicon) ??
      (isNamed && !marker.separated ? plainWordAt(text, marker, lexicon) : null)
    if (password === null) continue
    const near = addresses
      .map((host) => ({ host, distance: distance(host, marker.start, marker.end + password.length) }))
      .filter((entry) => entry.distance <= NEAR_CHARS)
      .sort((one, other) => one.distance - other.distance)[0]
    const username = near?.host.text ?? tokenBefore(text.slice(0, marker.start), lexicon)
    found.push({ username, password })
  }
  for (const host of addresses) {
    const rest = text.slice(host.start + host.text.length)
    const password =
      passwordBeside(rest, lexicon) ?? passwordOfLogin(text.slice(0, host.start), rest, lexicon)
    if (password !== null && !found.some((one) => one.password === password)) {
      found.push({ username: host.text, password })
    }
  }
  for (const line of text.split('\n').slice(0, MAX_MARKERS)) {
    const letters = readLetters(line, lexicon)
    const pair = letters.password === null ? pairOnLine(line, lexicon) : letters
    if (pair !== null && pair.username !== null && !found.some((one) => one.password === pair.password))
      found.push(pair)
  }
  const late = found.length === 0 ? (lateAnswer(text, lexicon) ?? strongToken(text, addresses)) : null
  if (late !== null) {
    const before = addresses.findLast((host) => host.start < text.indexOf(late))
    found.push({ username: before?.text ?? null, password: late })
  }
  const link = secretLink(text)
  if (link !== null && !found.some((one) => one.password === link)) {
    const before = addresses.findLast((host) => host.start < text.indexOf(link))
    found.push({ username: (before ?? addresses[0])?.text ?? null, password: link })
  }
  return found
}

/** `We reset the password, the old one still works. Old one: Brew.Strong1`: after a colon, at the end of its line. */
function lateAnswer(text: string, lexicon: Lexicon): string | null {
  const marker = findMarker(text, lexicon.passwordWords)
  if (marker === null) return null
  for (const [, token = ''] of text
    .slice(marker.end)
    .matchAll(/[:：=][^\S\n]+(\S{6,128})[^\S\n]*(?:\n|$)/gu)) {
    const isMixed = /\p{Lu}/u.test(token) && /\p{Ll}/u.test(token) && /\d/u.test(token)
    if (isMixed && findHosts(token, false).length === 0)
      return usablePassword(trimProsePassword(token), lexicon)
  }
  return null
}

/** `Ctrl+Shift+F5`, `Outlook_2021`, a path, a tag: mixed as a password is, but none. */
const NO_PASSWORD = /[/\\<>]|^\p{L}+[_-]\d+$|^(?:ctrl|strg|alt|shift|cmd|win|fn)\+/iu

/** `I set it to "Petal 99 Red!"`: the words before it say that something was given a value. */
const SET_TO_QUOTED = /\s(?:to|auf|à|a|en|su|in|op|naar|para)\s+(?:"([^"\n]{6,40})"|[“„]([^“”\n]{6,40})[“”])/u

/** `She may be signed in with Sky!Blue5`: what can hardly be anything else, after the address that it belongs to. */
function strongToken(text: string, addresses: readonly { readonly start: number }[]): string | null {
  const [address] = addresses
  if (address === undefined) return null
  const set = SET_TO_QUOTED.exec(text.slice(address.start, address.start + MAX_STRONG_REACH))
  const quoted = set?.[1] ?? set?.[2] ?? ''
  if (/\p{Lu}/u.test(quoted) && /\p{Ll}/u.test(quoted) && isPlainlyPassword(quoted)) return quoted
  for (const [, raw = ''] of text
    .slice(address.start, address.start + MAX_STRONG_REACH)
    .matchAll(/\s(\S{9,64})/gu)) {
    const token = trimProsePassword(raw)
    const isMixed = /\p{Lu}/u.test(token) && /\p{Ll}/u.test(token) && isPlainlyPassword(token)
    if (isMixed && !NO_PASSWORD.test(token) && findHosts(token, true).length === 0) return token
  }
  return null
}

/** An address before the password is closer than one after it at the same distance. */
function distance(host: { start: number; text: string }, start: number, end: number): number {
  return host.start < start ? start - host.start - host.text.length : (host.start - end) * 2
}

function passwordAt(text: string, at: number, separated: boolean, lexicon: Lexicon): string | null {
  let rest = text.slice(at, at + 400)
  // After a colon the password stands on the line; the next line has a label of its own.
  if (separated) rest = rest.replace(/^\s*(?:\([^()]{0,30}\)\s*)?[:：=＝][^\S\n]*/u, '')
  if (separated && rest.startsWith('\n')) return null
  const is = separated ? null : (IS.exec(rest) ?? SET_TO.exec(rest))
  if (is !== null) rest = rest.slice(is[0].length).replace(/^[:：]\s*/u, '')
  const quoted = QUOTED.exec(rest)
  if (quoted !== null) {
    const inner = quoted.slice(1).find((group) => group !== undefined) ?? ''
    return (separated || is !== null || looksLikePassword(inner)) && !isSentence(inner)
      ? usablePassword(inner, lexicon)
      : null
  }
  const inner = separated ? toClosingParenthesis(text, at, rest) : null
  if (inner !== null) return usablePassword(inner, lexicon)
  const token = trimProsePassword(/^\s*(\S{1,128})/u.exec(rest)?.[1] ?? '')
  if (token === '' || /^[/([]/u.test(token)) return null
  if (findHosts(token, false).length > 0 && !looksLikePassword(token)) return null
  if (!separated && !looksLikePassword(token)) return null
  if (findHosts(token, true).some((host) => host.text === token && host.kind !== 'url')) return null
  // After a colon more words may say that there is none: `Pass: see password safe`.
  const clause = trimPassword(rest.split(/\n|[.;](?:\s|$)/u, 1)[0] ?? '')
  if (separated && nonAnswer(clause, lexicon) !== null) return null
  return usablePassword(token, lexicon)
}

/** `(pass: Needle 4 Needle)`: a few words up to the end of the parenthesis, unless they go on as a sentence does. */
function toClosingParenthesis(text: string, at: number, rest: string): string | null {
  const before = text.slice(Math.max(0, at - 300), at)
  if (before.lastIndexOf('(') <= Math.max(before.lastIndexOf(')'), before.lastIndexOf('\n'))) return null
  const inner = /^\s*([^\s()]{1,64}(?: [^\s(),;]{1,64}){1,5})\)/u.exec(rest)?.[1]
  if (inner === undefined) return null
  const [, ...more] = inner.split(' ')
  return more.some((word) => /\p{N}|^\p{Lu}|[^\p{L}\p{N}.'’-]/u.test(word)) ? inner : null
}

const BESIDE_ADDRESS =
  /\S@\S{1,253}?["'”]?[\s,;/|(]{1,4}(?:(?:and|with|und|mit|et|avec|y|con|e|com|en|met|the|das|le|la|el|il|a|het)\s){0,2}$/iu

/**
 * `the password is sunshine.`: a plain word that ends its clause and says nothing of the password itself, as `wrong` or
 * `expired` would; without `is` only right after the address that it belongs to.
 */
function plainWordAt(
  text: string,
  marker: { readonly start: number; readonly end: number },
  lexicon: Lexicon,
): string | null {
  const rest = text.slice(marker.end, marker.end + 400)
  const is = IS.exec(rest)
  if (is === null && !BESIDE_ADDRESS.test(text.slice(Math.max(0, marker.start - 300), marker.start)))
    return null
  const word = /^\s+(\p{L}{4,64})(?=[.,;!)]*(?:\s*\n|\s*$)|[.;,!)]+\s)/u.exec(
    ` ${rest.slice(is?.[0].length ?? 0).trimStart()}`,
  )?.[1]
  if (word === undefined) return null
  const folded = foldWords(word)
  const { sets } = lexicon
  const says = [sets.passwordStates, sets.trouble, sets.tried, sets.acted, sets.common, sets.no, sets.yes]
  if (says.some((set) => set.has(folded)) || lexicon.passwordWords.has(folded.text)) return null
  return usablePassword(word, lexicon)
}

/** Finds the address that a text calls a user's, for a mail that gives no password: `Username oven@x.example`. */
export function findUsername(paragraph: string, lexicon: Lexicon): string | null {
  const text = withoutAutolinks(paragraph.slice(0, MAX_PARAGRAPH_CHARS))
  for (const host of findHosts(text, false)) {
    if (host.kind !== 'address') continue
    const before = text.slice(Math.max(0, host.start - 40), host.start)
    const marker = findMarker(before, lexicon.usernameWords)
    if (marker !== null && before.slice(marker.end).trim().split(/\s+/u).length <= 2) return host.text
  }
  return null
}

function isSentence(text: string): boolean {
  return text.split(/\s+/u).length > 6
}

/** `a@b.example / Lamp4` and `(a@b.example, Lamp4)`: an address, a separator, something like a password. */
function passwordBeside(rest: string, lexicon: Lexicon): string | null {
  const next =
    /^[^\S\n]+(\S{8,128})(?=\s*(?:$|\n|[-–|]\s))/u.exec(rest)?.[1] ??
    /^[^\S\n]*\n[^\S\n]*(\S{6,128})[^\S\n]*(?:\n|$)/u.exec(rest)?.[1] ??
    ''
  if (isPlainlyPassword(next) && findHosts(next, true).length === 0) return usablePassword(next, lexicon)
  const beside = /^\s*(\/{1,2}|\||:|,|;|->|=>|-|–|and|und|et|y|e|en|with|mit|\()\s*(\S{4,128})/u.exec(rest)
  const token = trimProsePassword(beside?.[2] ?? '')
  if (beside === null || !looksLikePassword(token) || findHosts(token, true).length > 0) return null
  // `anna@x.example, 2 mails` and `a@x.example - 10:30`: with weak separators ask for more than a number.
  const weak = !/^(?:\/{1,2}|\||->|=>)$/u.test(beside[1] ?? '')
  if (weak && !(/\d/u.test(token) && /\p{L}/u.test(token) && token.length >= 6)) return null
  // In parentheses stands anything: ask for a sign, too.
  if (beside[1] === '(' && !(token.length >= 8 && /\p{L}[^\p{L}\p{N}\s]|[^\p{L}\p{N}\s]\p{L}/u.test(token)))
    return null
  return usablePassword(token, lexicon)
}

/** `login a@x.example Sky!Blue5 panel …`: right after the address of a login, whatever follows. */
function passwordOfLogin(before: string, rest: string, lexicon: Lexicon): string | null {
  const marker = findMarker(before.slice(-40), lexicon.usernameWords)
  if (marker === null || !/^[\s:=]*(?:is\s)?$/u.test(before.slice(-40).slice(marker.end))) return null
  const token = trimProsePassword(/^[^\S\n]+(\S{8,128})(?=\s|$)/u.exec(rest)?.[1] ?? '')
  return isPlainlyPassword(token) && findHosts(token, true).length === 0
    ? usablePassword(token, lexicon)
    : null
}

/** A letter, a digit and a sign that no word, date or version has. */
function isPlainlyPassword(token: string): boolean {
  return /\d/u.test(token) && /\p{L}/u.test(token) && /[^\p{L}\p{N}.,:;()/'"-]|;\S/u.test(token)
}

const PAIR = /^([\p{L}\p{N}._\\-]{2,64})\s+[/|]\s+(\S{8,128})$/u

/** `jdoe / Lamp;Post4` alone on a line: no words say what it is, so the second must plainly be a password. */
function pairOnLine(line: string, lexicon: Lexicon): Credentials | null {
  const [, username = '', token = ''] = PAIR.exec(line.trim()) ?? []
  if (!isPlainlyPassword(token) || findHosts(`${username} ${token}`, true).length > 0) return null
  const password = usablePassword(token, lexicon)
  return password === null ? null : { username, password }
}

/** `user jdoe, password …`: the token after a user word right before the password. */
function tokenBefore(before: string, lexicon: Lexicon): string | null {
  const tail = before.slice(-80)
  const marker = findMarker(tail, lexicon.usernameWords)
  if (marker === null) return null
  const token =
    /^\s*(?:[:：=＝]|is|ist|est|es|è|é)?\s*["“']?([\p{L}\p{N}._\\-]{2,64})["”']?\s*[,;/(]?\s*(?:and|und|et|y|e|en|with|mit|the|das)?\s*$/u.exec(
      tail.slice(marker.end),
    )?.[1]
  return token ?? null
}
