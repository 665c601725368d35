/**
 * What a ticket knows after this mail: its stored values plus what the mail was read to say. Corrections replace, each
 * value keeps its source and the mail it came from, a password leaves as an order to seal it.
 * Fails: never. Pure; every value here except `seals` is masked already.
 */
import { isSecretLink } from '../intake/complete.ts'
import { maskSecrets } from '../intake/mask.ts'
import type { FieldName, FieldRow, Policy } from '../intake/policy.ts'
import type { FieldSource, FieldValue, Reading, ThreeRs } from '../intake/reading.ts'
import type { InboxId } from '../mail/mail.ts'
import type { Partner, StoredField, Ticket } from './context.ts'

type SealOrder = {
  readonly field: FieldName
  readonly username: string | null
  readonly password: string
  readonly source: FieldSource
}

export type Merged = {
  /** All values in clear, as the ticket shall store them; a field that is about to be sealed is only in `seals`. */
  readonly fields: Readonly<Record<FieldName, StoredField>>
  readonly seals: readonly SealOrder[]
  readonly threeRs: ThreeRs
  readonly missing: readonly FieldName[]
  /** Fields that this mail filled in or corrected. */
  readonly gained: readonly FieldName[]
}

/** What is known before the mail is read. */
export type Known = {
  readonly fields: Readonly<Record<FieldName, StoredField>>
  readonly threeRs: ThreeRs | null
  readonly missing: readonly FieldName[]
}

/** Sources in which the partner names the field: only these correct a value that is already there. */
const EXPLICIT: ReadonlySet<string> = new Set<FieldSource>(['label', 'table', 'inline-answer'])

/** What a new ticket takes over from the closed one that it follows; never credentials. */
const INHERITED: readonly FieldName[] = ['partner_domain', 'control_panel_url', 'customer_domain']

export const NOTHING_KNOWN: Known = { fields: {}, threeRs: null, missing: [] }

/** What a ticket knows by itself, where no mail adds anything. */
export function mergedOf(ticket: Pick<Ticket, 'fields' | 'threeRs' | 'missing'>): Merged {
  const { fields, threeRs, missing } = ticket
  return { fields, seals: [], threeRs, missing, gained: [] }
}

/** Takes over a ticket's own values. */
export function knownOf(ticket: Ticket): Known {
  return { fields: ticket.fields, threeRs: ticket.threeRs, missing: ticket.missing }
}

/** Takes over what a new ticket inherits from the closed one before it, as source `account`. */
export function inheritedFrom(ticket: Ticket): Known {
  const fields: Record<FieldName, StoredField> = {}
  for (const name of INHERITED) {
    const value = ticket.fields[name]
    if (value !== undefined && value.secretId === null) fields[name] = { ...value, source: 'account' }
  }
  return { fields, threeRs: null, missing: [] }
}

/** Takes over what the partner register says, for the fields whose policy row accepts it. */
export function knownOfPartner(partner: Partner, policy: Policy, inboxId: InboxId): Known {
  const register: Readonly<Record<FieldName, string | null>> = {
    partner_domain: partner.domains[0] ?? null,
    control_panel_url: partner.controlPanelUrl,
  }
  const fields: Record<FieldName, StoredField> = {}
  for (const row of policy.fields) {
    const value = register[row.name] ?? null
    if (value === null || !row.acceptFrom.includes('account')) continue
    fields[row.name] = { value, source: 'account', inboxId, secretId: null }
  }
  return { fields, threeRs: null, missing: [] }
}

/** Adds what the register says to what is known; a value that is there already stays. */
export function withRegister(known: Known, register: Known): Known {
  return { ...known, fields: { ...register.fields, ...known.fields } }
}

type Taken =
  | { readonly stored: StoredField }
  | { readonly seal: SealOrder; readonly complete: boolean }
  | null

function takePlain(
  before: StoredField | undefined,
  value: FieldValue & { kind: 'plain' },
  at: Reader,
): Taken {
  const text = maskSecrets(value.value, at.reading.secrets)
  // What the partner says for themselves counts as theirs, even when the register said it first.
  const isSaidAnew = before?.source === 'account' && EXPLICIT.has(value.source)
  if (before?.value === text && !isSaidAnew) return null
  const fills = before === undefined || before.source === 'account' || at.wasMissing
  if (!fills && !EXPLICIT.has(value.source)) return null
  return { stored: { value: text, source: value.source, inboxId: at.inboxId, secretId: null } }
}

/** Halves of credentials come together over several mails; a lone user name never discards a stored password. */
function takeCredentials(
  before: StoredField | undefined,
  value: FieldValue & { kind: 'credentials' },
  at: Reader,
): Taken {
  const usernameBefore = before === undefined || before.value === '' ? null : before.value
  const username = value.value.username ?? usernameBefore
  const { password } = value.value
  if (password !== null) {
    const seal = { field: at.name, username, password, source: value.source }
    return { seal, complete: username !== null || isSecretLink(password) }
  }
  if (username === null || username === usernameBefore) return null
  const secretId = before?.secretId ?? null
  if (secretId !== null && usernameBefore !== null) return null
  return { stored: { value: username, source: value.source, inboxId: at.inboxId, secretId } }
}

type Reader = {
  readonly name: FieldName
  readonly wasMissing: boolean
  readonly reading: Reading
  readonly inboxId: InboxId
}

function take(before: StoredField | undefined, value: FieldValue, at: Reader): Taken {
  return value.kind === 'plain' ? takePlain(before, value, at) : takeCredentials(before, value, at)
}

function mergeThreeRs(known: Known, reading: Reading): ThreeRs {
  const before = known.threeRs
  const now = reading.threeRs
  return {
    os: now.os ?? before?.os ?? null,
    mail_client: now.mail_client ?? before?.mail_client ?? null,
    reproducible: now.reproducible ?? before?.reproducible ?? null,
    services: now.services ?? before?.services ?? null,
    dns_checked: now.dns_checked ?? before?.dns_checked ?? null,
    owa_checked: now.owa_checked ?? before?.owa_checked ?? null,
    server_rules_checked: now.server_rules_checked ?? before?.server_rules_checked ?? null,
    local_rules_checked: now.local_rules_checked ?? before?.local_rules_checked ?? null,
    kb_searched: now.kb_searched ?? before?.kb_searched ?? null,
    seen_before: now.seen_before ?? before?.seen_before ?? null,
  }
}

function isThreeR(name: string, threeRs: ThreeRs): name is keyof ThreeRs {
  return name in threeRs
}

function isAnswered(row: FieldRow, after: Pick<Merged, 'fields' | 'threeRs'>, known: Known): boolean {
  const stored = after.fields[row.name]
  if (stored === undefined) return isThreeR(row.name, after.threeRs) && after.threeRs[row.name] !== null
  if (row.kind !== 'credentials') return stored.value !== ''
  if (stored.secretId === null) return false
  // A sealed password without a user name may be a one-time link: then it was no longer missing before.
  return stored.value !== '' || !known.missing.includes(row.name)
}

/** Did this mail bring a value that its author named as such, rather than words that could be taken for one? */
export function gainedPlainly(merged: Merged): boolean {
  return (
    merged.seals.length > 0 || merged.gained.some((name) => EXPLICIT.has(merged.fields[name]?.source ?? ''))
  )
}

/** Merges what the mail says into what was known. */
export function mergeFields(known: Known, reading: Reading, policy: Policy, inboxId: InboxId): Merged {
  const fields: Record<FieldName, StoredField> = { ...known.fields }
  const seals: SealOrder[] = []
  const sealedWhole = new Set<FieldName>()
  const gained: FieldName[] = []
  for (const [name, value] of Object.entries(reading.fields)) {
    const taken = take(fields[name], value, {
      name,
      wasMissing: known.missing.includes(name),
      reading,
      inboxId,
    })
    if (taken === null) continue
    gained.push(name)
    if ('stored' in taken) {
      fields[name] = { ...taken.stored, value: maskSecrets(taken.stored.value, reading.secrets) }
    } else {
      delete fields[name]
      seals.push(taken.seal)
      if (taken.complete) sealedWhole.add(name)
    }
  }
  const threeRs = mergeThreeRs(known, reading)
  const missing = policy.fields
    .filter((row) => row.required && !sealedWhole.has(row.name))
    .filter((row) => !isAnswered(row, { fields, threeRs }, known))
    .map((row) => row.name)
  return { fields, seals, threeRs, missing, gained }
}
