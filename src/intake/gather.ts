/**
 * Collects what the labels of one text say: a value for each field, fields that were answered with a non-answer, halves
 * of credentials, and the prose that is left. Fails: never.
 */
import { readCredentials, secretLink, usablePassword, usernameOf } from './credentials.ts'
import { domainValue, findHosts, urlValue } from './find-hosts.ts'
import { isThirdParty } from './known-hosts.ts'
import type { Lexicon } from './lexicon.ts'
import { isPlaceholder, nonAnswer } from './non-answer.ts'
import type { FieldName, FieldRow } from './policy.ts'
import type { Credentials } from './reading.ts'
import type { Segment } from './segment.ts'
import { labelledText } from './text-value.ts'

export type Gathered = {
  readonly values: Map<FieldName, string>
  readonly credentials: Credentials[]
  /** Fields that have a label here, with or without a value. */
  readonly labelled: Set<FieldName>
  /** Fields whose label was answered with a non-answer: nothing is guessed for them. */
  readonly refused: Set<FieldName>
  readonly invalid: Set<FieldName>
  /** Every customer domain that a label gives. */
  readonly customers: Set<string>
  readonly passwords: Set<string>
  readonly prose: string[]
}

/** A value of so many words more than it should have is prose that happens to begin with a label. */
const MIN_PROSE_WORDS = 4

/** Makes an empty collection. */
export function emptyGathered(): Gathered {
  return {
    values: new Map(),
    credentials: [],
    labelled: new Set(),
    refused: new Set(),
    invalid: new Set(),
    customers: new Set(),
    passwords: new Set(),
    prose: [],
  }
}

/** Collects the segments of one text. */
export function gather(segments: readonly Segment[], lexicon: Lexicon): Gathered {
  const gathered = emptyGathered()
  const credentialsRow = [...lexicon.rows.values()].find((row) => row.kind === 'credentials')
  for (const { target, lines } of segments) {
    const value = lines.join('\n').trim()
    if (target === null) gathered.prose.push(...lines, '')
    else if (target.kind === 'other') keepProse(gathered, value)
    else if (target.kind === 'field' && target.row.kind !== 'credentials') {
      gathered.labelled.add(target.row.name)
      gatherField(gathered, target.row, lines, lexicon)
    } else if (credentialsRow !== undefined) {
      gathered.labelled.add(credentialsRow.name)
      if (target.kind === 'password') gatherPassword(gathered, credentialsRow, value, lexicon)
      else
        gatherCredentials(gathered, { row: credentialsRow, half: target.kind === 'username' }, value, lexicon)
    }
  }
  return gathered
}

function keepProse(gathered: Gathered, value: string): void {
  if (value.split(/\s+/u).length >= MIN_PROSE_WORDS) gathered.prose.push(value, '')
}

function gatherField(gathered: Gathered, row: FieldRow, lines: readonly string[], lexicon: Lexicon): void {
  const value = lines.join('\n').trim()
  const named = findHosts(value, false).some((host) => host.kind !== 'address')
  const judged =
    row.kind !== 'text' && row.kind !== 'yes-no' && !(named && (row.kind === 'url' || row.kind === 'domain'))
  const refusal = isPlaceholder(value) ? 'none' : judged ? nonAnswer(value, lexicon) : null
  if (refusal !== null) {
    if (refusal === 'none') gathered.refused.add(row.name)
    return
  }
  switch (row.kind) {
    case 'text': {
      const text = labelledText(lines, row, lexicon)
      if (text.kind === 'answer') append(gathered, row.name, text.text)
      else if (text.kind === 'none') gathered.refused.add(row.name)
      return
    }
    case 'domain':
      gatherDomain(gathered, row, value)
      return
    case 'url':
      keepFirst(gathered, row, urlValue(value), value)
      return
    default:
      keepFirst(gathered, row, otherValue(row, value), value)
  }
}

function gatherDomain(gathered: Gathered, row: FieldRow, value: string): void {
  const domain = domainValue(value)
  if (domain !== null && row.name === 'customer_domain') {
    const hosts = findHosts(value, false).filter(
      (host) => host.kind === 'domain' && !isThirdParty(host.domain),
    )
    for (const host of hosts) gathered.customers.add(host.domain.replace(/^www\./u, ''))
    gathered.customers.add(domain)
  }
  keepFirst(gathered, row, domain, value)
}

function keepFirst(gathered: Gathered, row: FieldRow, read: string | null, value: string): void {
  if (read === null || !matchesPattern(row, read)) gathered.invalid.add(row.name)
  else if (!gathered.values.has(row.name)) gathered.values.set(row.name, read)
  // `Customer: bakery.example, they cannot send since Monday` says more than its field asks for.
  const saysMore = value.split(/\s+/u).length >= MIN_PROSE_WORDS || findHosts(value, false).length > 1
  if (saysMore) gathered.prose.push(...value.split('\n'), '')
}

function matchesPattern(row: FieldRow, value: string): boolean {
  return row.pattern === null || new RegExp(row.pattern, 'u').test(value.slice(0, 500))
}

function append(gathered: Gathered, name: FieldName, text: string): void {
  const before = gathered.values.get(name)
  if (before === undefined) gathered.values.set(name, text)
  else if (!before.includes(text) && before.length < 50_000) gathered.values.set(name, `${before}\n${text}`)
}

function otherValue(row: FieldRow, value: string): string | null {
  switch (row.kind) {
    case 'address':
      return findHosts(value, false).find((host) => host.kind === 'address')?.text ?? null
    case 'choice':
      return row.choices?.find((choice) => choice.toLowerCase() === value.toLowerCase()) ?? null
    case 'number':
      return /-?\d{1,15}(?:[.,]\d{1,10})?/u.exec(value)?.[0] ?? null
    case 'date':
      return /\d/u.test(value) && value.length <= 60 ? value : null
    default:
      return value
  }
}

function gatherPassword(gathered: Gathered, row: FieldRow, value: string, lexicon: Lexicon): void {
  const first = value.split('\n').find((line) => line.trim() !== '') ?? ''
  // `User / password` folds to `user password`, but an address before a separator is a user name.
  // `Masala@2026` is no address: it has no domain.
  if (/^\S+@[^\s@/|,;]+\.\p{L}{2,}(?:\s*[/|,;]|\s+\S)/u.test(first)) {
    gatherCredentials(gathered, { row, half: false }, value, lexicon)
    return
  }
  const password = usablePassword(first, lexicon)
  if (password === null) {
    if (first !== '') gathered.refused.add(row.name)
    return
  }
  gathered.passwords.add(password)
  gathered.credentials.push({ username: null, password })
}

function gatherCredentials(
  gathered: Gathered,
  what: { readonly row: FieldRow; readonly half: boolean },
  value: string,
  lexicon: Lexicon,
): void {
  if (value === '') return
  const refusal = nonAnswer(value, lexicon)
  // `a@b.example / will follow`: the user name counts, though the password is still to come.
  const named = findHosts(value, false).some((host) => host.kind === 'address')
  if (refusal !== null && !named && secretLink(value) === null) {
    if (refusal === 'none') gathered.refused.add(what.row.name)
    return
  }
  const read = readCredentials(value, lexicon)
  if (read.username === null && read.password === null) {
    if (value.split(/\s+/u).length >= MIN_PROSE_WORDS) gathered.prose.push(...value.split('\n'), '')
    else if (what.half) gathered.credentials.push({ username: usernameOf(value, lexicon), password: null })
    return
  }
  // A user name of several plain words is a sentence about a user: `User cannot sign in`.
  if (read.password !== null) gathered.passwords.add(read.password)
  gathered.credentials.push(read)
  const rest = read.password === null ? '' : afterPassword(value, read.password)
  if (rest !== '') gathered.prose.push(...rest.split('\n'), '')
}

/** `a@x.example / Sky5. Partner domain y.example`: the sentence after a password is prose. */
function afterPassword(value: string, password: string): string {
  const after = value.slice(value.indexOf(password) + password.length)
  return value.includes(password) ? (/^["”')]?[.;]\s+(\p{Lu}[^]*)$/u.exec(after)?.[1] ?? '') : ''
}

/** Puts halves together in order: a user name, then its password. The first whole pair wins. */
export function joinCredentials(halves: readonly Credentials[]): Credentials | null {
  const whole = halves.find((half) => half.username !== null && half.password !== null)
  const username = halves.find((half) => half.username !== null)?.username ?? null
  const password = halves.find((half) => half.password !== null)?.password ?? null
  const joined = whole ?? { username, password }
  return joined.username === null && joined.password === null ? null : joined
}
