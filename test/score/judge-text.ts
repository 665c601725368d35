/**
 * Judges what was cut out of a mail: reply text, signature, forwarded mail.
 * A judgement is null when right, else a line that says what is wrong.
 */
import type { Expectation } from './fixtures.ts'

export type CutMail = {
  readonly newText: string
  readonly quotedText: string | null
  readonly signature: string | null
}

export type ForwardSeen = {
  readonly from: { readonly displayName: string | null; readonly address: string | null } | null
  readonly subject: string | null
} | null

const bare = (text: string): string => text.replace(/\s+/g, '')

const words = (text: string): string[] => text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []

/** Gives the F1 of two texts by words, each word counted as often as it stands there. */
export function wordF1(expected: string, actual: string): number {
  const left = new Map<string, number>()
  for (const word of words(expected)) left.set(word, (left.get(word) ?? 0) + 1)
  const seen = words(actual)
  let common = 0
  for (const word of seen) {
    const count = left.get(word) ?? 0
    if (count > 0) {
      common += 1
      left.set(word, count - 1)
    }
  }
  const total = words(expected).length + seen.length
  return total === 0 ? 1 : (2 * common) / total
}

// HTML fixtures are compared by words, for white space and link targets differ from one converter to the next.
const HTML_FLOOR = 0.95

/** Judges the reply text; with `sig: keep` the signature may stay, so both readings are right. */
export function judgeReply(mail: CutMail, expected: Expectation): string | null {
  if (typeof expected['eq'] === 'string') {
    const eq = expected['eq']
    const kept = `${mail.newText}\n${mail.signature ?? ''}`
    const readings = expected['sig'] === 'keep' ? [mail.newText, kept] : [mail.newText]
    const right = readings.some((text) =>
      expected['html'] === true ? wordF1(eq, text) >= HTML_FLOOR : bare(text) === bare(eq),
    )
    return right
      ? null
      : `wanted ${short(eq)} got ${short(mail.newText)} signature ${short(mail.signature ?? '')}`
  }
  return (
    judgeList(expected['contains'], (text) => bare(mail.newText).includes(bare(text)), 'lacks') ??
    judgeList(expected['lacks'], (text) => !bare(mail.newText).includes(bare(text)), 'holds') ??
    judgeList(expected['match'], (text) => new RegExp(text, 'm').test(mail.newText), 'does not match') ??
    judgeList(expected['nomatch'], (text) => !new RegExp(text, 'm').test(mail.newText), 'matches') ??
    judgeList(
      expected['quoted_match'],
      (text) => new RegExp(text, 'm').test(mail.quotedText ?? ''),
      'quote lacks',
    )
  )
}

function judgeList(list: unknown, holds: (text: string) => boolean, complaint: string): string | null {
  if (!Array.isArray(list)) return null
  const wrong = (list as string[]).find((text) => !holds(text))
  return wrong === undefined ? null : `${complaint} ${short(wrong)}`
}

/** Judges the signature lines, white space ignored. */
export function judgeSignature(mail: CutMail, expected: Expectation): string | null {
  const wanted = typeof expected['signature'] === 'string' ? expected['signature'] : ''
  if (bare(mail.signature ?? '') === bare(wanted)) return null
  return `wanted ${short(wanted)} got ${short(mail.signature ?? '')}`
}

/** Judges whether a forward was seen, and its original address (or name) and subject. */
export function judgeForward(seen: ForwardSeen, expected: Expectation): string | null {
  if (expected['forwarded'] !== true)
    return seen === null ? null : `no forward, but saw ${short(seen.subject ?? '')}`
  if (seen === null) return 'forward not seen'
  const address = expected['address']
  const right =
    typeof address === 'string'
      ? seen.from?.address?.toLowerCase() === address.toLowerCase()
      : (seen.from?.displayName ?? null) === (expected['name'] ?? null)
  if (!right) return `from ${seen.from?.displayName ?? '-'} <${seen.from?.address ?? '-'}>`
  const subject = expected['subject']
  if (typeof subject === 'string' && bare(seen.subject ?? '') !== bare(subject))
    return `subject ${seen.subject ?? '-'}`
  return null
}

const short = (text: string): string =>
  JSON.stringify(text.length > 160 ? `${text.slice(0, 60)} … ${text.slice(-90)}` : text)
