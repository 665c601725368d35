/**
 * Bare values in a reply to a checklist: when the thread tells what is still missing, two lines may be the credentials, a
 * URL the panel's, a sentence the steps. Fails: never; a value that fits two open fields is left alone.
 */
import type { Collected } from './collect.ts'
import { isAnswer } from './complete.ts'
import { readCredentials } from './credentials.ts'
import { domainValue, findHosts, urlValue } from './find-hosts.ts'
import { judgeSentence } from './judge-sentence.ts'
import { looksLikeSecretLink } from './known-hosts.ts'
import type { Lexicon } from './lexicon.ts'
import { nonAnswer } from './non-answer.ts'
import { looksLikePassword } from './password.ts'
import { type Folded, foldWords } from './phrase-set.ts'
import type { FieldRow } from './policy.ts'
import type { ReadingHints } from './reading.ts'
import { sentencesOf } from './sentences.ts'
import { labelledText } from './text-value.ts'

type BareTools = { readonly collected: Collected; readonly hints: ReadingHints }

const MAX_LINES = 40
const MIN_TEXT_WORDS = 2
const MIN_UNREAD_WORDS = 4
const MAX_NEGATION_WORDS = 3

/** Fills open fields from bare values; changes `tools.collected`. */
export function bareAnswers(lexicon: Lexicon, tools: BareTools): void {
  const { collected, hints } = tools
  if (hints.missing === null) return
  const open = hints.missing
    .filter((name) => !isAnswer(collected.fields.get(name)) && !collected.refused.has(name))
    .flatMap((name) => lexicon.rows.get(name) ?? [])
  const lines = collected.proseLines
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .slice(0, MAX_LINES)
  if (open.length === 0 || lines.length === 0) return
  const only = (kind: FieldRow['kind']): FieldRow | null => {
    const rows = open.filter((row) => row.kind === kind)
    return rows.length === 1 ? (rows[0] ?? null) : null
  }
  const credentials = only('credentials')
  if (credentials !== null)
    bareCredentials(lines, credentials, lexicon, { collected, alone: open.length === 1 })
  const url = only('url')
  const domain = only('domain')
  for (const line of lines) {
    if (
      url !== null &&
      findHosts(line, true).some((host) => host.kind === 'url' && !looksLikeSecretLink(host.text))
    ) {
      set(collected, url, urlValue(line))
    } else if (url !== null && open.length === 1) set(collected, url, urlValue(line))
    if (domain !== null && isBareDomain(line, open.length === 1)) set(collected, domain, domainValue(line))
  }
  const text = only('text')
  const rest = lines.filter((line) => findHosts(line, true).length === 0 || line.split(/\s+/u).length > 4)
  if (text !== null && (open.length === 1 || rest.length > 0))
    bareText(open.length === 1 ? lines : rest, text, lexicon, collected)
}

function set(collected: Collected, row: FieldRow, value: string | null): void {
  if (value === null || collected.fields.has(row.name)) return
  collected.fields.set(row.name, { kind: 'plain', value, source: 'inferred', place: null })
}

/** A line that is hardly more than the domain; in a sentence only when nothing else is asked for. */
function isBareDomain(line: string, alone: boolean): boolean {
  const domains = findHosts(line, true).filter((host) => host.kind === 'domain')
  return domains.length === 1 && (alone || line.split(/\s+/u).length <= 4)
}

/** An URL or a domain is no user name and no password, whatever stands around its slashes. */
function isOnlyHost(line: string): boolean {
  const hosts = findHosts(line, true)
  return (
    hosts.some((host) => host.kind !== 'address') &&
    hosts.every((host) => host.kind !== 'address' && !looksLikeSecretLink(host.text))
  )
}

function bareCredentials(
  written: readonly string[],
  row: FieldRow,
  lexicon: Lexicon,
  how: { readonly collected: Collected; readonly alone: boolean },
): void {
  const { collected } = how
  const lines = written.filter((line) => !isOnlyHost(line))
  if (lines.length === 0) return
  const before = collected.fields.get(row.name)
  const known = before?.kind === 'credentials' ? before.value.username : null
  const read =
    [lines.join('\n'), ...lines.map((_, at) => lines.slice(at, at + 2).join('\n'))]
      .map((text) => readCredentials(text, lexicon))
      .find((one) => one.password !== null && one.username !== null) ??
    readCredentials(lines.join('\n'), lexicon)
  if (read.password !== null && !isSentence(read.password)) {
    collected.fields.set(row.name, {
      kind: 'credentials',
      value: { username: known ?? read.username, password: read.password },
      source: 'inferred',
      place: null,
    })
    return
  }
  // The user name is known from before, or comes as a bare address; a lone token that looks like it is the password.
  const token = lines.length === 1 ? (lines[0] ?? '') : ''
  if (
    how.alone &&
    looksLikePassword(token) &&
    !/\s/u.test(token) &&
    !token.includes('@') &&
    nonAnswer(token, lexicon) === null
  ) {
    const value = { username: known, password: token }
    collected.fields.set(row.name, { kind: 'credentials', value, source: 'inferred', place: null })
  }
}

function isSentence(text: string): boolean {
  return text.split(/\s+/u).length > 5
}

function bareText(lines: readonly string[], row: FieldRow, lexicon: Lexicon, collected: Collected): void {
  if (collected.fields.has(row.name)) return
  const text = labelledText(lines, row, lexicon)
  if (text.kind !== 'answer' || text.text.split(/\s+/u).length < MIN_TEXT_WORDS) return
  if (row.group === 'submission' && !tells(text.text, row, lexicon)) return
  set(collected, row, text.text)
}

/** Without a label a text answers only what it plainly tells of: `Which ones?` and `Just fix it` are no steps. */
function tells(text: string, row: FieldRow, lexicon: Lexicon): boolean {
  const told = sentencesOf(text.split('\n')).filter((sentence) => !/[?？]["”')]?\s*$/u.test(sentence))
  if (row.name !== 'steps_taken') return told.length > 0
  return told.some((sentence) => {
    const kind = judgeSentence(sentence, lexicon)
    if (kind === 'step') return true
    if (kind !== 'neutral' && kind !== 'trouble') return false
    const folded = foldWords(sentence)
    // `OWA is the same, phone too`: what was looked at is named, or what was done, by whomever.
    return (
      saysDone(folded, lexicon) ||
      Object.values(lexicon.checks).some((topic) => topic.has(folded)) ||
      !isKnownLanguage(sentence, lexicon)
    )
  })
}

/** In a language that we do not read, nothing tells an answer from a question but its mark. */
function isKnownLanguage(sentence: string, lexicon: Lexicon): boolean {
  const { words } = foldWords(sentence)
  return (
    words.length < MIN_UNREAD_WORDS ||
    words.some((word) => [...lexicon.commonByLanguage.values()].some((common) => common.has(word)))
  )
}

/** `cache emptied`, but not `did not try`: something was done, and not said to be left undone. */
function saysDone(folded: Folded, lexicon: Lexicon): boolean {
  const negations = lexicon.sets.negations.all(folded)
  return lexicon.sets.acted
    .all(folded)
    .some((hit) => !negations.some((no) => Math.abs(no.at - hit.at) <= MAX_NEGATION_WORDS))
}
