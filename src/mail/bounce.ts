/**
 * Reports about mail that we or others sent: was it delivered, late, refused; which mail, which recipient?
 * Fails: never; a field the report does not give is null. What a report says is hearsay: matching it to a letter is
 * for whoever knows the letters.
 * Source: RFC 3464 (delivery status), RFC 6522 (report), RFC 8098 (receipts), RFC 5965 (feedback); prose by table.
 */
import { readProse } from './bounce-prose.ts'
import { decodeCharset } from './charset.ts'
import { cleanText } from './clean-text.ts'
import { bodyOffset, firstField, type RawField, readRawFields } from './header-fields.ts'
import type { Bounce, Mailbox } from './mail.ts'
import { normaliseAddress } from './mailbox.ts'
import { parseMessageIds } from './message-id.ts'
import type { MimePart } from './mime-tree.ts'

export type ReportKind = 'bounce' | 'report' | null
export type Report = { readonly kind: ReportKind; readonly bounce: Bounce | null }

export type ReportEvidence = {
  readonly root: MimePart
  readonly text: string
  readonly reversePath: string | null
  readonly from: Mailbox | null
  readonly subject: string | null
}

const NO_REPORT: Report = { kind: null, bounce: null }
const MAX_STATUS_BYTES = 64 * 1024
const MAX_RECIPIENTS = 100

/** Reads a delivery report, a receipt or a prose rejection; `kind` is null for everything else. */
export function readReport(evidence: ReportEvidence): Report {
  const parts = flatten(evidence.root, 0)
  if (parts.some(({ contentType }) => contentType === 'message/disposition-notification'))
    return { kind: 'report', bounce: null }
  if (parts.some(({ contentType }) => contentType === 'message/feedback-report'))
    return { kind: 'report', bounce: null }
  if (isComplaint(evidence, parts)) return { kind: 'report', bounce: null }
  const status = parts.find(({ contentType }) => /^message\/(?:global-)?delivery-status$/.test(contentType))
  const original = originalMessageId(parts, evidence.text)
  if (status !== undefined) return readDeliveryStatus(status, original, evidence)
  const reportType = evidence.root.params['report-type']?.toLowerCase()
  if (evidence.root.contentType === 'multipart/report' && reportType === 'disposition-notification')
    return { kind: 'report', bounce: null }
  const prose = readProse(evidence, original)
  return prose === null ? NO_REPORT : { kind: kindOf(prose.action), bounce: prose }
}

/** Feedback loops older than RFC 5965: the complained-about mail is attached, the subject says so. */
function isComplaint({ subject }: ReportEvidence, parts: readonly MimePart[]): boolean {
  const attached = parts.some(({ contentType }) => contentType === 'message/rfc822')
  return attached && /^complaint about message from \S/i.test(subject ?? '')
}

function kindOf(action: Bounce['action']): ReportKind {
  return action === 'delivered' || action === 'relayed' || action === 'expanded' ? 'report' : 'bounce'
}

function readDeliveryStatus(part: MimePart, original: string | null, evidence: ReportEvidence): Report {
  const text = cleanText(decodeCharset(part.octets.subarray(0, MAX_STATUS_BYTES), 'utf-8').text)
  const groups = text
    .split(/\n[ \t]*\n/)
    .map((group) => readRawFields(Buffer.from(group)))
    .filter((fields) => fields.length > 0)
  const recipients = groups.filter(
    (fields) => firstField(fields, 'final-recipient') ?? firstField(fields, 'original-recipient'),
  )
  // One failure among several recipients is what matters most.
  const worst =
    recipients.find((fields) => readAction(fields) === 'failed') ?? recipients[0] ?? groups[0] ?? []
  const prose = readProse(evidence, original)
  const action = readAction(worst) ?? prose?.action ?? 'failed'
  const bounce: Bounce = {
    recipients: unique(recipients.map(readRecipient)),
    status: readStatus(worst) ?? prose?.status ?? null,
    action,
    diagnosticCode: firstField(worst, 'diagnostic-code')?.slice(0, 1000) ?? prose?.diagnosticCode ?? null,
    originalMessageId: original,
  }
  return {
    kind: kindOf(action),
    bounce: bounce.recipients.length > 0 ? bounce : { ...bounce, recipients: prose?.recipients ?? [] },
  }
}

/** The Status field; where it only says "other" (`5.0.0`), the remote server's own code says more. */
function readStatus(fields: readonly RawField[]): string | null {
  const status = enhancedCode(firstField(fields, 'status'))
  const diagnostic = enhancedCode(firstField(fields, 'diagnostic-code'))
  const isVague = status === null || status.endsWith('.0.0')
  return isVague && diagnostic !== null && (status === null || diagnostic[0] === status[0])
    ? diagnostic
    : status
}

function enhancedCode(value: string | null): string | null {
  return /(?:^|[^\d.])([245]\.\d{1,3}\.\d{1,3})(?![\d.]\d)/.exec(value ?? '')?.[1] ?? null
}

function readAction(fields: readonly RawField[]): Bounce['action'] {
  const word = /^[a-z]+/.exec((firstField(fields, 'action') ?? '').trim().toLowerCase())?.[0]
  if (
    word === 'failed' ||
    word === 'delayed' ||
    word === 'delivered' ||
    word === 'relayed' ||
    word === 'expanded'
  )
    return word
  // Postfix answers "deliverable" when it was only asked whether it could deliver.
  if (word === 'deliverable') return 'delivered'
  return word === 'failure' || word === 'fail' || word === 'undeliverable' ? 'failed' : null
}

/** `rfc822; <a@b>` gives `a@b`. */
function readRecipient(fields: readonly RawField[]): string | null {
  for (const key of ['original-recipient', 'final-recipient', 'x-actual-recipient']) {
    const value = firstField(fields, key)
    const address = value
      ?.slice(value.indexOf(';') + 1)
      .replace(/[<>"]/g, '')
      .trim()
    if (key === 'original-recipient' && !address?.includes('@')) continue
    if (address !== undefined && address !== '') return normaliseAddress(address) ?? address.slice(0, 320)
  }
  return null
}

function unique(addresses: readonly (string | null)[]): string[] {
  return [...new Set(addresses.filter((address) => address !== null))].slice(0, MAX_RECIPIENTS)
}

/** The Message-ID of the mail that came back: from its header, attached or pasted below the text. */
function originalMessageId(parts: readonly MimePart[], text: string): string | null {
  for (const part of parts) {
    if (
      !/^(?:message\/(?:rfc822|global)|text\/rfc822-headers|message\/(?:global-headers|rfc822-headers))$/.test(
        part.contentType,
      )
    )
      continue
    const end = part.contentType.endsWith('headers') ? part.octets.length : bodyOffset(part.octets)
    const fields = readRawFields(part.octets.subarray(0, Math.min(end, MAX_STATUS_BYTES)))
    const [found] = parseMessageIds(firstField(fields, 'message-id') ?? '')
    if (found !== undefined) return found
  }
  const pasted = /^[ \t>|]{0,8}Message-I[Dd]:\s{0,8}(<[^<>\s]{1,500}>)/im.exec(text)
  return pasted?.[1] === undefined ? null : (parseMessageIds(pasted[1])[0] ?? null)
}

function flatten(part: MimePart, depth: number): MimePart[] {
  return depth > 20 ? [] : [part, ...part.children.flatMap((child) => flatten(child, depth + 1))]
}
