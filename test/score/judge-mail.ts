/**
 * Judges a parsed mail as a whole: header fields, text, attachments, and its kind.
 * A judgement is null when right, else a line that says what is wrong.
 */
import type { Mail, Mailbox, Unreadable } from '../../src/mail/mail.ts'
import type { Expectation } from './fixtures.ts'
import { wordF1 } from './judge-text.ts'

type WantedAttachment = { filename?: string; size?: number; sha?: string[] }

const KIND_NAMES: Readonly<Record<Mail['mailKind'], string>> = {
  ordinary: 'submission',
  automatic: 'auto-reply',
  bounce: 'bounce',
  report: 'delivery-report',
  list: 'list',
}

/** Judges the kind against the list of right ones. */
export function judgeKind(mail: Mail | Unreadable, expected: Expectation): string | null {
  const accept = (expected['accept'] ?? []) as string[]
  const kind = mail.kind === 'mail' ? kindName(mail) : 'unreadable'
  return accept.includes(kind) ? null : `${kind}, wanted ${accept.join(' or ')}`
}

// A report that says "delivered" is no bounce; `inspect --json` names it so.
const kindName = (mail: Mail): string =>
  mail.mailKind === 'bounce' && mail.bounce?.action === 'delivered'
    ? KIND_NAMES.report
    : KIND_NAMES[mail.mailKind]

/** Judges the decoded parts that the expectation names. */
export function judgeDecode(mail: Mail | Unreadable, expected: Expectation): string | null {
  if (mail.kind !== 'mail') return `unreadable: ${mail.reason}`
  return (
    judgeSubject(mail, expected) ??
    judgeMailboxes('from', mail.from === null ? [] : [mail.from], expected['from']) ??
    judgeMailboxes('to', mail.to, expected['to']) ??
    judgeMailboxes('cc', mail.cc, expected['cc']) ??
    judgeStamp(mail, expected) ??
    judgeBody(mail, expected) ??
    judgeAttachments(mail, expected)
  )
}

const squeeze = (text: string): string => text.replace(/\s+/g, ' ').trim()

function judgeSubject(mail: Mail, expected: Expectation): string | null {
  if (typeof expected['subject'] !== 'string') return null
  if (squeeze(mail.subject ?? '') === squeeze(expected['subject'])) return null
  return `subject ${JSON.stringify(mail.subject)} wanted ${JSON.stringify(expected['subject'])}`
}

// Expectations list names and addresses in one row, in any order; names may be null.
function judgeMailboxes(field: string, seen: readonly Mailbox[], wanted: unknown): string | null {
  if (!Array.isArray(wanted)) return null
  const flat = seen.flatMap((box) => [box.displayName ?? '', box.address.toLowerCase()])
  const missing = (wanted as (string | null)[]).find((part) => {
    if (part === null || part === '') return false
    return !flat.includes(part.includes('@') ? part.toLowerCase() : part)
  })
  return missing == null ? null : `${field} lacks ${missing}, has ${flat.join(' ')}`
}

function judgeStamp(mail: Mail, expected: Expectation): string | null {
  if (typeof expected['messageId'] === 'string' && mail.messageId !== expected['messageId']) {
    return `messageId ${mail.messageId ?? 'null'} wanted ${expected['messageId']}`
  }
  if (typeof expected['date'] === 'number') {
    const seconds = mail.date === null ? null : Math.floor(mail.date.getTime() / 1000)
    if (seconds !== expected['date']) return `date ${seconds ?? 'null'} wanted ${expected['date']}`
  }
  return null
}

function judgeBody(mail: Mail, expected: Expectation): string | null {
  const everything = [mail.text, ...mail.attachments.map((part) => part.text ?? '')].join('\n')
  for (const part of (expected['text'] ?? []) as string[]) {
    if (!holdsWords(everything, part)) return `text lacks ${JSON.stringify(squeeze(part).slice(0, 80))}`
  }
  for (const [, word] of (expected['text_count'] ?? []) as [number, string][]) {
    if (!everything.includes(word)) return `text lacks ${JSON.stringify(word)}`
  }
  const exact = expected['text_exact']
  return typeof exact === 'string' && wordF1(exact, mail.text) < 0.98 ? 'text differs' : null
}

/** Answers whether every word of `part` stands in `text`; order and white space do not count. */
function holdsWords(text: string, part: string): boolean {
  const seen = new Set(text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [])
  const wanted =
    part
      .replace(/<[^>]*>/g, ' ')
      .toLowerCase()
      .match(/[\p{L}\p{N}]+/gu) ?? []
  const absent = wanted.filter((word) => !seen.has(word)).length
  return absent <= wanted.length * 0.02
}

function judgeAttachments(mail: Mail, expected: Expectation): string | null {
  for (const wanted of (expected['attachments'] ?? []) as WantedAttachment[]) {
    const found = mail.attachments.some(
      (part) =>
        (wanted.filename === undefined || part.fileName === wanted.filename) &&
        (wanted.sha === undefined
          ? wanted.size === undefined || part.size === wanted.size
          : wanted.sha.includes(part.sha256) || part.size === wanted.size),
    )
    if (!found) {
      const have = mail.attachments.map((part) => `${part.fileName ?? '-'} ${part.size}`).join(', ')
      return `no attachment ${wanted.filename ?? ''} ${wanted.size ?? ''}, has ${have}`
    }
  }
  return null
}
