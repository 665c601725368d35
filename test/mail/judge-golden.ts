/**
 * Compares what was read in a golden mail with what a fair reader finds in it; a complaint per difference.
 * Fails: never; a mail that cannot be read is a complaint.
 */
import { maskSecrets } from '../../src/intake/mask.ts'
import type { Policy } from '../../src/intake/policy.ts'
import { readSubmission } from '../../src/intake/read.ts'
import type { Credentials, Reading } from '../../src/intake/reading.ts'
import type { Mail } from '../../src/mail/mail.ts'
import { parseMail } from '../../src/mail/parse.ts'
import type { Golden, GoldenExpectation, Phrases } from './read-goldens.ts'

export type Complaint = { readonly about: string; readonly text: string }

const SENDER = 'sender@partner.example'

const KINDS: Readonly<Record<Mail['mailKind'], string>> = {
  ordinary: 'submission',
  automatic: 'auto-reply',
  bounce: 'bounce',
  report: 'delivery-report',
  list: 'list',
}

/** Reads a golden mail as the gateway does and gives every difference. */
export async function judgeGolden(golden: Golden, policy: Policy): Promise<readonly Complaint[]> {
  const { expected } = golden
  const mail = await parseMail(golden.content, { reversePath: expected.kind === 'bounce' ? null : SENDER })
  if (mail.kind !== 'mail') return [{ about: 'kind', text: `unreadable: ${mail.reason}` }]
  const reading = readSubmission(mail, policy, {
    missing: expected.hints?.missing ?? null,
    partnerDomains: [],
    ownDomains: ['mailhub.example'],
  })
  const kept = maskSecrets(mail.newText, reading.secrets)
  return [
    ...differs('kind', KINDS[mail.mailKind], expected.kind),
    ...judgeFields(reading, expected),
    ...judgeMissing(reading, expected),
    ...judgeSecrets(reading, { newText: kept, subject: mail.subject ?? '' }, expected),
    ...judgePhrases('newText', kept, {
      contains: expected.newText?.contains ?? [],
      excludes: expected.newText?.excludes ?? [],
    }),
    ...Object.entries(expected.three_rs ?? {}).flatMap(([name, wanted]) =>
      differs(
        `three_rs.${name}`,
        new Map<string, unknown>(Object.entries(reading.threeRs)).get(name),
        wanted,
      ),
    ),
    ...(expected.warnings ?? [])
      .filter((warning) => !reading.warnings.includes(warning))
      .map((warning) => ({ about: 'warnings', text: `lacks ${warning}` })),
    ...(expected.tones === undefined
      ? []
      : differs('tones', reading.tones.map((tone) => tone.kind).sort(), [...expected.tones].sort())),
  ]
}

function differs(about: string, seen: unknown, wanted: unknown): readonly Complaint[] {
  const [left, right] = [JSON.stringify(seen), JSON.stringify(wanted)]
  return left === right ? [] : [{ about, text: `${left ?? 'nothing'}, wanted ${right ?? 'nothing'}` }]
}

function judgeFields(reading: Reading, expected: GoldenExpectation): readonly Complaint[] {
  return Object.entries(expected.fields).flatMap(([name, wanted]) => {
    if (expected.either?.includes(name) === true) return []
    const seen = reading.fields[name]?.value ?? null
    if (wanted === null) return differs(name, seen, null)
    const all = [wanted, ...(expected.accept?.[name] ?? [])]
    if (typeof wanted === 'object' && 'contains' in wanted) {
      return typeof seen === 'string' ? judgePhrases(name, seen, wanted) : differs(name, seen, wanted)
    }
    return all.some((one) => isSame(seen, one)) ? [] : differs(name, seen, wanted)
  })
}

function isSame(seen: unknown, wanted: unknown): boolean {
  if (typeof seen === 'string' && typeof wanted === 'string') return comparable(seen) === comparable(wanted)
  if (seen === null || typeof seen !== 'object' || typeof wanted !== 'object') return false
  const [left, right] = [seen, wanted] as (Credentials | null)[]
  return (
    (left?.username ?? '').toLowerCase() === (right?.username ?? '').toLowerCase() &&
    left?.password === right?.password
  )
}

const comparable = (text: string): string => text.trim().toLowerCase().replace(/\/$/u, '')

function judgePhrases(about: string, seen: string, wanted: Phrases): readonly Complaint[] {
  const text = squeeze(seen)
  const lacks = wanted.contains.filter((phrase) => !text.includes(squeeze(phrase)))
  const holds = wanted.excludes.filter((phrase) => text.includes(squeeze(phrase)))
  return [
    ...lacks.map((phrase) => ({ about, text: `lacks “${phrase}”: ${seen.slice(0, 300)}` })),
    ...holds.map((phrase) => ({ about, text: `holds “${phrase}”: ${seen.slice(0, 300)}` })),
  ]
}

const squeeze = (text: string): string => text.replace(/\s+/gu, ' ').toLowerCase()

function judgeMissing(reading: Reading, expected: GoldenExpectation): readonly Complaint[] {
  const counts = (name: string): boolean => expected.either?.includes(name) !== true
  return differs('missing', reading.missing.filter(counts).sort(), expected.missing.filter(counts).sort())
}

/** A secret stands in no text that is kept; a link to one may be told only with the secrets, too. */
function judgeSecrets(
  reading: Reading,
  texts: { readonly newText: string; readonly subject: string },
  expected: GoldenExpectation,
): readonly Complaint[] {
  const kept = {
    newText: texts.newText,
    subject: maskSecrets(texts.subject, reading.secrets),
    ...Object.fromEntries(
      Object.entries(reading.fields).flatMap(([name, value]) =>
        value.kind === 'plain' ? [[name, value.value] as const] : [],
      ),
    ),
  }
  return (expected.secrets ?? []).flatMap((secret) =>
    Object.entries(kept)
      .filter(([, text]) => text.includes(secret))
      .map(([where]) => ({ about: 'leak', text: `${secret} in ${where}` })),
  )
}
