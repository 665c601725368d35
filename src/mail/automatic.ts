/**
 * Automatic mail: was this sent by a program? If so a machine's answer to it could start a loop.
 * Fails: never; an unknown value of Auto-Submitted counts as automatic.
 * Source: RFC 3834 §2 and §5, RFC 5230 §4.5, RFC 2919 (List-Id), RFC 5321 §4.5.5 (null reverse-path).
 */
import { AUTORESPONDER_FIELDS, DAEMON_LOCAL_PART, LOOP_FIELDS, VACATION_SUBJECT } from './automatic-table.ts'
import { allFields, firstField, type RawField } from './header-fields.ts'
import type { Automatic, Mailbox } from './mail.ts'

/** What the judgement looks at. */
export type AutomaticEvidence = {
  readonly fields: readonly RawField[]
  readonly reversePath: string | null
  readonly from: Mailbox | null
  readonly sender: Mailbox | null
  readonly subject: string | null
  /** True for delivery reports, receipts and feedback reports. */
  readonly isReport: boolean
}

type Sign = { readonly reason: Automatic['reason']; readonly evidence: string; readonly isAnswer: boolean }

/** Decides whether a program sent this mail, and whether it may be a real escalation all the same. */
export function findAutomatic(evidence: AutomaticEvidence): Automatic | null {
  const signs = [
    reportSign(evidence),
    autoSubmittedSign(evidence.fields),
    autoresponderSign(evidence.fields),
    vacationSign(evidence),
    loopSign(evidence.fields),
    nullPathSign(evidence),
    daemonSign(evidence),
    listSign(evidence.fields),
    precedenceSign(evidence.fields),
  ].filter((sign) => sign !== null)
  const [first] = signs
  if (first === undefined) return null
  const { reason } = first
  // People write such subjects too: alone it proves nothing.
  const isWeak = signs.every((sign) => sign.reason === 'subject')
  const mayBeSubmission = isWeak || !signs.some((sign) => sign.isAnswer)
  return { reason, evidence: first.evidence, mayBeSubmission, isWeak }
}

/**
 * Finds the sender's wish that no program answers, as evidence; null when there is none. Exchange puts it on people's mail
 * too, so it says nothing about who wrote. `DR`, `NDR`, `RN` and `NRN` speak of reports alone ([MS-OXCMAIL]).
 */
export function findAnswersUnwanted(fields: readonly RawField[]): string | null {
  const value = allFields(fields, 'x-auto-response-suppress').find((one) =>
    /\b(?:all|autoreply|oof)\b/i.test(one.slice(0, 200)),
  )
  return value === undefined ? null : shown('X-Auto-Response-Suppress', value)
}

/**
 * Tells whether the mail went through a mailing list (RFC 2919, RFC 2369). Lists without list fields show themselves
 * by `Precedence: list`, or by a Reply-To that is where the mail was sent beside some other sign.
 */
export function isListMail(fields: readonly RawField[]): boolean {
  if (listSign(fields) !== null || firstField(fields, 'precedence')?.trim().toLowerCase() === 'list')
    return true
  if (loopSign(fields) === null && precedenceSign(fields) === null) return false
  const replyTo = firstField(fields, 'reply-to')
  return replyTo !== null && replyTo.toLowerCase() === firstField(fields, 'to')?.toLowerCase()
}

function reportSign({ isReport, fields }: AutomaticEvidence): Sign | null {
  if (!isReport) return null
  return {
    reason: 'report',
    evidence: shown('Content-Type', firstField(fields, 'content-type')),
    isAnswer: true,
  }
}

/** `no` in any case, with or without parameters or comments, is a human's mail (RFC 3834 §5.2). */
function autoSubmittedSign(fields: readonly RawField[]): Sign | null {
  for (const value of allFields(fields, 'auto-submitted')) {
    const keyword = withoutComments(value).split(';')[0]?.trim().toLowerCase() ?? ''
    if (keyword === 'no' || keyword === '') continue
    const isAnswer = keyword !== 'auto-generated' && keyword !== 'auto-notified'
    return { reason: 'auto-submitted', evidence: shown('Auto-Submitted', value), isAnswer }
  }
  return null
}

/** RFC 5322 §3.2.2: comments nest. */
function withoutComments(value: string): string {
  let depth = 0
  let kept = ''
  for (const character of value) {
    if (character === '(') depth += 1
    if (depth === 0) kept += character
    if (character === ')' && depth > 0) depth -= 1
  }
  return kept
}

function autoresponderSign(fields: readonly RawField[]): Sign | null {
  for (const { name, key, value } of fields) {
    const rule = AUTORESPONDER_FIELDS[key]
    if (rule !== undefined && rule.counts.test(value.trim().slice(0, 200))) {
      return { reason: 'autoresponder-field', evidence: shown(name, value), isAnswer: rule.isAnswer }
    }
  }
  // Exchange marks its out-of-office replies by both; the second field alone stands on human mail too.
  const rulesLoop = firstField(fields, 'x-ms-exchange-inbox-rules-loop')
  const suppress = firstField(fields, 'x-auto-response-suppress')
  if (rulesLoop === null || suppress === null || !/\ball\b/i.test(suppress)) return null
  return {
    reason: 'autoresponder-field',
    evidence: shown('X-MS-Exchange-Inbox-Rules-Loop', rulesLoop),
    isAnswer: true,
  }
}

function vacationSign({ subject }: AutomaticEvidence): Sign | null {
  if (subject === null || !VACATION_SUBJECT.test(subject.slice(0, 300))) return null
  return { reason: 'subject', evidence: shown('Subject', subject), isAnswer: true }
}

function loopSign(fields: readonly RawField[]): Sign | null {
  const loop = fields.find(({ key }) => LOOP_FIELDS.has(key))
  if (loop === undefined) return null
  return { reason: 'loop-field', evidence: shown(loop.name, loop.value), isAnswer: false }
}

function nullPathSign({ reversePath, fields }: AutomaticEvidence): Sign | null {
  if (reversePath === null)
    return { reason: 'null-reverse-path', evidence: 'reverse-path: <>', isAnswer: true }
  const returnPath = firstField(fields, 'return-path')
  if (returnPath === null || returnPath.trim() !== '<>') return null
  return { reason: 'null-reverse-path', evidence: 'Return-Path: <>', isAnswer: true }
}

function daemonSign({ from, sender, fields }: AutomaticEvidence): Sign | null {
  const written = firstField(fields, 'from') ?? ''
  if (from === null && /^<?mailer-daemon\b/i.test(written.trim())) {
    return { reason: 'daemon-address', evidence: shown('From', written), isAnswer: true }
  }
  for (const [name, mailbox] of [['From', from] as const, ['Sender', sender] as const]) {
    const localPart = mailbox?.address.split('@')[0] ?? ''
    if (DAEMON_LOCAL_PART.test(localPart)) {
      const isAnswer = /daemon|postmaster/i.test(localPart)
      return { reason: 'daemon-address', evidence: shown(name, mailbox?.address ?? ''), isAnswer }
    }
  }
  return null
}

/** `List-Unsubscribe` alone stands on newsletters and on helpdesk mail; an id or a post address is a list. */
function listSign(fields: readonly RawField[]): Sign | null {
  const field = fields.find(({ key }) =>
    /^(?:list-(?:id|post|subscribe|unsubscribe|help|archive|owner)|mailing-list|x-mailing-list)$/.test(key),
  )
  return field === undefined
    ? null
    : { reason: 'list', evidence: shown(field.name, field.value), isAnswer: false }
}

function precedenceSign(fields: readonly RawField[]): Sign | null {
  for (const { name, key, value } of fields) {
    if (key !== 'precedence' && key !== 'x-precedence') continue
    const word = value.trim().toLowerCase()
    // Any other value is somebody's taste: `normal`, `first-class`, `special-delivery`.
    if (!/^(?:bulk|junk|list|auto[_-]reply)\b/.test(word)) continue
    return { reason: 'precedence', evidence: shown(name, value), isAnswer: word.startsWith('auto') }
  }
  return null
}

function shown(name: string, value: string | null): string {
  return `${name}: ${(value ?? '').replace(/[\r\n\t]+/g, ' ').slice(0, 200)}`
}
