/**
 * Lines of the checklist and of the three R's, ready to be shown: title, hint, what was understood or what is wrong.
 * Fails: never; a field without words shows its name.
 */
import type { ChecklistItem, FieldText, GuidanceItem } from './models.ts'

/** How a sealed password is shown (see `intake/mask.ts`). */
const MASK = '••••••••'
/** The policy's row for user name and password: its line says how a password is kept. */
const CREDENTIALS = 'credentials'

export type ItemView = {
  readonly title: string
  readonly hint: string
  readonly example: string
  readonly isGiven: boolean
  readonly understood: string
  readonly isInferred: boolean
  readonly isSecret: boolean
  readonly isMismatch: boolean
  readonly isLink: boolean
  /** `missing`, `non-answer`, `password-missing`. */
  readonly problem: string
}

type GuidanceRow = {
  readonly title: string
  readonly hint: string
  readonly isGiven: boolean
  /** The mail says yes or no and no more. */
  readonly yesNo: 'yes' | 'no' | null
  readonly understood: string
}

export type GuidanceGroup = { readonly group: string; readonly rows: readonly GuidanceRow[] }

type Texts = readonly FieldText[]

function textOf(name: string, texts: Texts): FieldText {
  const known = texts.find((text) => text.name === name)
  return known ?? { name, title: name, hint: '', example: '', group: 'submission' }
}

/** Makes the lines of the checklist, in the policy's order. */
export function itemViews(items: readonly ChecklistItem[], texts: Texts): readonly ItemView[] {
  return items.map((item) => {
    const { title, hint, example } = textOf(item.name, texts)
    return {
      title,
      hint,
      example,
      isGiven: item.understood !== null,
      understood: item.understood ?? '',
      isInferred: item.inferred && item.understood !== null,
      isSecret: item.name === CREDENTIALS || (item.understood ?? '').includes(MASK),
      isMismatch: item.note === 'register-mismatch',
      isLink: item.note === 'one-time-link',
      problem: item.problem ?? 'missing',
    }
  })
}

/** Makes the three R's in their groups, in the policy's order; a group without rows is left out. */
export function guidanceGroups(guidance: readonly GuidanceItem[], texts: Texts): readonly GuidanceGroup[] {
  const rows = guidance.map(({ name, understood }): { group: string; row: GuidanceRow } => {
    const { title, hint, group } = textOf(name, texts)
    const yesNo = understood === 'yes' || understood === 'no' ? understood : null
    return { group, row: { title, hint, isGiven: understood !== null, yesNo, understood: understood ?? '' } }
  })
  const groups = [...new Set(rows.map(({ group }) => group))]
  return groups.map((group) => ({
    group,
    rows: rows.filter((entry) => entry.group === group).map(({ row }) => row),
  }))
}

/** Keeps the three R's that the mail speaks of. */
export function knownGuidance(groups: readonly GuidanceGroup[]): readonly GuidanceGroup[] {
  return groups
    .map(({ group, rows }) => ({ group, rows: rows.filter((row) => row.isGiven) }))
    .filter(({ rows }) => rows.length > 0)
}

/** Gives the titles of fields, for labels to fill in. */
export function titlesOf(names: readonly string[], texts: Texts): readonly string[] {
  return names.map((name) => textOf(name, texts).title)
}
