/**
 * Bounces in prose: a daemon's letter without a machine-readable part.
 * Fails: never; null when the letter does not read as a bounce.
 * Source: RFC 3463 (codes); the words of qmail, Exim, sendmail, Exchange, Domino and others.
 */

import { DAEMON_LOCAL_PART } from './automatic-table.ts'
import type { ReportEvidence } from './bounce.ts'
import { BOUNCE_SUBJECT, DELAY_SUBJECT, DELAY_WORDS, FAILURE_WORDS } from './bounce-prose-table.ts'
import { allFields, firstField } from './header-fields.ts'
import type { Bounce } from './mail.ts'
import { normaliseAddress } from './mailbox.ts'

/** The bounce's own words stand at the top; what follows is the returned mail. */
const MAX_PROSE_CHARS = 12_000

const DAEMON_NAME =
  /mailer-?daemon|mail-?daemon|mail delivery (?:sub)?system|post[-_.]?master@|\bmail administrator\b|\bdelivery subsystem\b|\bmdaemon@/i

/** Reads a prose bounce; null when sender, subject and words do not say that it is one. */
export function readProse(evidence: ReportEvidence, originalMessageId: string | null): Bounce | null {
  const { root, subject } = evidence
  const failed = allFields(root.fields, 'x-failed-recipients').flatMap((value) => addressesIn(value))
  const text = evidence.text.slice(0, MAX_PROSE_CHARS)
  const voice = voiceOf(evidence)
  const isDaemon = voice === 'daemon'
  const bySubject = BOUNCE_SUBJECT.test((subject ?? '').slice(0, 300))
  const delayed = DELAY_SUBJECT.test((subject ?? '').slice(0, 300)) || (isDaemon && DELAY_WORDS.test(text))
  const byWords = FAILURE_WORDS.test(text)
  const isReturned = failed.length > 0 || root.params['report-type']?.toLowerCase() === 'delivery-status'
  // People write "mailbox full" too, and helpdesks without a reply address escalate it: their words need more.
  const isBounce =
    isReturned ||
    (isDaemon && (bySubject || byWords || delayed)) ||
    (voice === 'machine' && bySubject && byWords)
  if (!isBounce) return null
  return {
    recipients: failed.length > 0 ? failed : firstAddresses(text, evidence),
    status: /(?:^|[\s(#:-])([45]\.\d{1,2}\.\d{1,3})(?=$|[\s).,;:>-])/m.exec(text)?.[1] ?? null,
    action: delayed && !bySubjectFailed(subject) ? 'delayed' : 'failed',
    diagnosticCode: /^.{0,200}\b[45]\d\d[ -].{0,300}$/m.exec(text)?.[0]?.trim() ?? null,
    originalMessageId,
  }
}

function bySubjectFailed(subject: string | null): boolean {
  return (
    subject !== null &&
    BOUNCE_SUBJECT.test(subject.slice(0, 300)) &&
    !DELAY_SUBJECT.test(subject.slice(0, 300))
  )
}

/** Who speaks: a mail system, some other program, or (as far as one can tell) a human. */
function voiceOf({ root, reversePath, from }: ReportEvidence): 'daemon' | 'machine' | 'human' {
  if (reversePath === null || firstField(root.fields, 'return-path')?.trim() === '<>') return 'daemon'
  const written = firstField(root.fields, 'from') ?? ''
  if (DAEMON_NAME.test(written)) return 'daemon'
  const localPart = from?.address.split('@')[0] ?? ''
  const submitted = firstField(root.fields, 'auto-submitted') ?? 'no'
  return DAEMON_LOCAL_PART.test(localPart) || /^\s*auto-/i.test(submitted) ? 'machine' : 'human'
}

function addressesIn(value: string): string[] {
  return value
    .slice(0, 10_000)
    .split(/[\s,;<>]+/)
    .flatMap((word) => normaliseAddress(word) ?? [])
    .slice(0, 100)
}

/** Addresses in the bounce's own words, ours and the daemon's left out. */
function firstAddresses(text: string, { from, root }: ReportEvidence): string[] {
  const own = new Set([from?.address.toLowerCase(), ...addressesIn(firstField(root.fields, 'to') ?? '')])
  const found = [...text.matchAll(/[\w.+=~-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}/g)]
    .map((match) => match[0].toLowerCase().replace(/[.-]+$/, ''))
    .filter((address) => !own.has(address) && !/^(?:postmaster|mailer-daemon)@/.test(address))
  return [...new Set(found)].slice(0, 1)
}
