/**
 * Fills the letters' models with what a judgement knows: items with a tick and what was understood, guidance, the
 * notice to the desk. Words are the templates'; here are values alone, masked.
 * Fails: never. Pure.
 */
import { MASK } from '../intake/mask.ts'
import type { FieldRow, Policy } from '../intake/policy.ts'
import type { ThreeRs } from '../intake/reading.ts'
import type { ChecklistItem, FieldText, GuidanceItem } from '../letters/models.ts'
import type { Merged } from './merge-fields.ts'

/** A letter shows that we understood, not the whole text again. */
const MAX_UNDERSTOOD_CHARACTERS = 600

function shortened(text: string): string {
  if (text.length <= MAX_UNDERSTOOD_CHARACTERS) return text
  return `${text.slice(0, MAX_UNDERSTOOD_CHARACTERS - 1).trimEnd()}…`
}

/** A user name and the mask; the password itself is only ever sealed. */
function understoodCredentials(username: string): string {
  return username === '' ? MASK : `${username} / ${MASK}`
}

function threeRText(name: string, threeRs: ThreeRs): string | null {
  const value = Object.entries(threeRs).find(([key]) => key === name)?.[1] ?? null
  if (value === true) return 'yes'
  if (value === false) return 'no'
  return value
}

function understoodOf(
  row: FieldRow,
  merged: Merged,
): { readonly text: string; readonly inferred: boolean } | null {
  const seal = merged.seals.find((order) => order.field === row.name)
  if (seal !== undefined) {
    return { text: understoodCredentials(seal.username ?? ''), inferred: seal.source === 'inferred' }
  }
  const stored = merged.fields[row.name]
  if (stored === undefined) {
    const text = threeRText(row.name, merged.threeRs)
    return text === null ? null : { text, inferred: false }
  }
  const text = row.kind === 'credentials' ? understoodCredentials(stored.value) : shortened(stored.value)
  return { text, inferred: stored.source === 'inferred' }
}

/** Why something that was read is no answer yet. */
function problemOf(row: FieldRow, merged: Merged, warnings: readonly string[]): string | null {
  const halfStored = merged.fields[row.name]
  if (row.kind === 'credentials' && halfStored !== undefined && halfStored.secretId === null)
    return 'password-missing'
  return warnings.includes(`non-answer:${row.name}`) ? 'non-answer' : null
}

/** What the partner is told beside a value that was taken. */
function noteOf(row: FieldRow, warnings: readonly string[]): ChecklistItem['note'] {
  if (warnings.includes(`register-mismatch:${row.name}`)) return 'register-mismatch'
  return row.kind === 'credentials' && warnings.includes('credentials-by-link') ? 'one-time-link' : null
}

function itemOf(row: FieldRow, merged: Merged, warnings: readonly string[]): ChecklistItem {
  if (merged.missing.includes(row.name)) {
    const problem = problemOf(row, merged, warnings)
    return { name: row.name, understood: null, inferred: false, problem, note: null }
  }
  const understood = understoodOf(row, merged)
  return {
    name: row.name,
    understood: understood?.text ?? null,
    inferred: understood?.inferred ?? false,
    problem: null,
    note: understood === null ? null : noteOf(row, warnings),
  }
}

/** What belongs on the checklist: the submission's own rows, and guidance that an operator made required. */
function isItem(row: FieldRow): boolean {
  return row.group === 'submission' || row.required
}

/** Makes the lines of the checklist, in the policy's order. */
export function itemsOf(
  policy: Policy,
  merged: Merged,
  warnings: readonly string[],
): readonly ChecklistItem[] {
  return policy.fields.filter(isItem).map((row) => itemOf(row, merged, warnings))
}

/** Makes the lines of the three R's, in the policy's order. */
export function guidanceOf(policy: Policy, merged: Merged): readonly GuidanceItem[] {
  return policy.fields
    .filter((row) => !isItem(row))
    .map((row) => ({ name: row.name, understood: understoodOf(row, merged)?.text ?? null }))
}

/** Gives the fields' words in one language, English where it has none. */
export function fieldTextsOf(policy: Policy, language: string): readonly FieldText[] {
  return policy.fields.flatMap((row) => {
    const words = row.words[language] ?? row.words['en']
    if (words === undefined) return []
    const { title, hint, example } = words
    return [{ name: row.name, title, hint, example, group: row.group }]
  })
}
