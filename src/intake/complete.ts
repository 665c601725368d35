/**
 * What a submission still lacks, over all of its mails: values stored before, then those of a new reading.
 * Fails: never. Pure, and the same for a first mail (nothing stored) and for the third round.
 */
import type { FieldName, Policy } from './policy.ts'
import type { Credentials, FieldValue, Reading } from './reading.ts'

export type FieldValues = Readonly<Record<FieldName, FieldValue>>

/** Tells whether a value answers its field: credentials need both halves (a one-time link stands for the password). */
export function isAnswer(value: FieldValue | undefined): boolean {
  if (value === undefined) return false
  if (value.kind === 'plain') return value.value !== ''
  return isUsable(value.value)
}

function isUsable(credentials: Credentials): boolean {
  if (credentials.password === null) return false
  return credentials.username !== null || isSecretLink(credentials.password)
}

/** Tells whether a password is a link that shows it once, which needs no user name beside it. */
export function isSecretLink(password: string): boolean {
  return /^https?:\/\/\S+$/i.test(password)
}

/** Merges a new reading into stored values: new answers replace, halves of credentials come together. */
export function mergeFields(stored: FieldValues, reading: Pick<Reading, 'fields'>): FieldValues {
  const merged: Record<FieldName, FieldValue> = { ...stored }
  for (const [name, value] of Object.entries(reading.fields)) {
    const before = merged[name]
    merged[name] = before === undefined ? value : mergeValue(before, value)
  }
  return merged
}

function mergeValue(before: FieldValue, now: FieldValue): FieldValue {
  if (before.kind !== 'credentials' || now.kind !== 'credentials') return now
  const username = now.value.username ?? before.value.username
  // A user name corrected without a password keeps the stored password only if it is the same account.
  const sameAccount = now.value.username === null || now.value.username === before.value.username
  const password = now.value.password ?? (sameAccount ? before.value.password : null)
  if (password === null && isAnswer(before)) return before
  return { ...now, value: { username, password } }
}

/** Lists required fields without an answer, in the policy's order. */
export function missingFields(values: FieldValues, policy: Pick<Policy, 'fields'>): FieldName[] {
  return policy.fields.filter((row) => row.required && !isAnswer(values[row.name])).map((row) => row.name)
}
