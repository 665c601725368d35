/**
 * What the sample letters are made of: one case, its people and its times. Names and addresses are reserved ones.
 * Source: RFC 2606 (example domains).
 */
import type {
  ChecklistItem,
  FieldText,
  GuidanceItem,
  LetterHead,
  LetterName,
  Models,
  PromiseModel,
} from './models.ts'

export type Sample<N extends LetterName> = {
  /** File name of its preview: `second-round`. */
  readonly title: string
  readonly model: Models[N]
  readonly head: LetterHead
}

export const NOW = new Date('2026-11-24T09:12:00Z')
export const HOUR_MS = 3_600_000
export const MASKED = '••••••••'

const GROUPS: Readonly<Record<string, FieldText['group']>> = {
  partner_domain: 'submission',
  control_panel_url: 'submission',
  customer_domain: 'submission',
  credentials: 'submission',
  details: 'submission',
  steps_taken: 'submission',
  os: 'replicate',
  mail_client: 'replicate',
  reproducible: 'replicate',
  services: 'replicate',
  dns_checked: 'review',
  owa_checked: 'review',
  server_rules_checked: 'review',
  local_rules_checked: 'review',
  kb_searched: 'research',
  seen_before: 'research',
}

/** Takes titles, hints and examples out of a catalogue's `fields`, as far as they are there. */
export function sampleTexts(fields: unknown): readonly FieldText[] {
  const all = fields !== null && typeof fields === 'object' ? (fields as Record<string, unknown>) : {}
  return Object.entries(GROUPS).map(([name, group]) => {
    const row = all[name]
    const given = row !== null && typeof row === 'object' ? (row as Record<string, unknown>) : {}
    const text = (key: string, otherwise: string): string => {
      const value = given[key]
      return typeof value === 'string' ? value : otherwise
    }
    return { name, group, title: text('title', name), hint: text('hint', ''), example: text('example', '') }
  })
}

export const VALUES: Readonly<Record<string, string>> = {
  partner_domain: 'nordwind.example',
  control_panel_url: 'https://cp.nordwind.example',
  customer_domain: 'baeckerei-sommer.example',
  credentials: `anna@baeckerei-sommer.example / ${MASKED}`,
  details:
    'Since Monday morning Anna cannot send to any address outside her own domain. Each mail comes back within a minute:\n"550 5.7.60 SMTP; Client does not have permissions to send as this sender".\nReceiving works, and so does sending to her colleagues.',
  steps_taken:
    'Signed in as Anna by Outlook Web Access, same error. Made the Outlook profile again, same error. With the mailbox of her colleague on the same PC everything works.',
}
export const SUBMISSION = Object.keys(VALUES)
export const GUIDANCE: readonly GuidanceItem[] = Object.keys(GROUPS)
  .filter((name) => GROUPS[name] !== 'submission')
  .map((name) => ({
    name,
    understood:
      { os: 'Windows 11 23H2', mail_client: 'Outlook 2021', owa_checked: 'yes', seen_before: 'no' }[name] ??
      null,
  }))
export const NO_GUIDANCE: readonly GuidanceItem[] = GUIDANCE.map(({ name }) => ({ name, understood: null }))

type Oddities = {
  readonly missing?: readonly string[]
  readonly inferred?: readonly string[]
  readonly problems?: Readonly<Record<string, string>>
  readonly notes?: Readonly<Record<string, ChecklistItem['note']>>
}

/** Makes the six lines of a checklist. */
export function sampleItems({
  missing = [],
  inferred = [],
  problems = {},
  notes = {},
}: Oddities): readonly ChecklistItem[] {
  return SUBMISSION.map((name) => ({
    name,
    understood: missing.includes(name) ? null : (VALUES[name] ?? null),
    inferred: inferred.includes(name),
    problem: problems[name] ?? null,
    note: notes[name] ?? null,
  }))
}

export const HEAD: LetterHead = {
  reference: 'TG-1042',
  subjectStem: 'Anna cannot send mail',
  phoneCode: '417093',
  recipientName: 'Fenella Brandt',
  replyAddress: 'support+r7k2m9x4t0q8v3c6h1@desk.example',
  timeZone: 'Europe/Berlin',
  language: 'en',
  now: NOW,
}
export const BARE_HEAD: LetterHead = { ...HEAD, recipientName: null, subjectStem: '', timeZone: 'UTC' }
export const PROMISE: PromiseModel = {
  queue: 'support',
  hours: 24,
  dueAt: new Date(NOW.getTime() + 24 * HOUR_MS),
}
export const LATE: PromiseModel = {
  queue: 'engineering',
  hours: 72,
  dueAt: new Date(NOW.getTime() - 1.5 * HOUR_MS),
}
export const EXPIRES_AT = new Date(NOW.getTime() + 14 * 24 * HOUR_MS)
