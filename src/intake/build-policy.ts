/**
 * Builds the policy from the shipped table, every language's words and the operator's overrides, with its version.
 * Fails: an Error that lists every problem at once (bad catalogue, unknown names, a queue that is not there).
 */
import { createHash } from 'node:crypto'
import * as z from 'zod'
import { REGISTER_FIELDS, SHIPPED_DRAFT_EXPIRES_DAYS, SHIPPED_QUEUES, SHIPPED_ROWS } from './field-table.ts'
import type { FieldRow, FieldWords, Policy, ReadingWords } from './policy.ts'
import {
  type FieldOverride,
  type FieldWordsByName,
  fieldWordsSchema,
  type PolicyOverrides,
  policyOverridesSchema,
  readingWordsSchema,
} from './policy-schema.ts'

export type CatalogueParts = {
  readonly fields: unknown
  readonly reading: unknown
  readonly letters?: unknown
}

/** Builds the policy; `catalogues` is by language code and must have `en`. */
export function buildPolicy(
  catalogues: Readonly<Record<string, CatalogueParts>>,
  overrides: PolicyOverrides,
): Policy {
  const problems: string[] = []
  const words: Record<string, FieldWordsByName> = {}
  const reading: Record<string, ReadingWords> = {}
  for (const language of Object.keys(catalogues).sort()) {
    const parts = catalogues[language]
    words[language] =
      parsePart(fieldWordsSchema, parts?.fields, `words/${language}.yaml fields`, problems) ?? {}
    const read = parsePart(readingWordsSchema, parts?.reading, `words/${language}.yaml reading`, problems)
    if (read !== null) reading[language] = read
  }
  const wanted = parsePart(policyOverridesSchema, overrides, 'policy', problems)
  if (words['en'] === undefined) problems.push('words/en.yaml: missing')
  if (wanted === null || problems.length > 0) throw policyError(problems)

  const rows = orderRows(
    [...changedShippedRows(wanted.fields, words), ...addedRows(wanted.fields, words, problems)],
    wanted.order,
    problems,
  ).map((row) => (wanted.requireThreeRs.includes(row.name) ? { ...row, required: true } : row))
  for (const required of wanted.requireThreeRs) {
    if (!rows.some((row) => row.name === required))
      problems.push(`policy.requireThreeRs: no field ${required}`)
  }
  problems.push(...rows.flatMap(sourceProblems))
  const queues = wanted.queues ?? SHIPPED_QUEUES
  const firstQueue = wanted.firstQueue ?? queues[0]?.name ?? ''
  if (!queues.some((queue) => queue.name === firstQueue)) {
    problems.push(`policy.firstQueue: no queue ${firstQueue}`)
  }
  problems.push(...repeatedNames(rows, 'policy.fields'), ...repeatedNames(queues, 'policy.queues'))
  if (problems.length > 0) throw policyError(problems)
  const content = {
    fields: rows,
    reading,
    letterSentences: [
      ...new Set(
        Object.entries(catalogues).flatMap(([language, { letters }]) =>
          letterSentences(letters, language, rows),
        ),
      ),
    ],
    queues,
    firstQueue,
    draftExpiresDays: wanted.draftExpiresDays ?? SHIPPED_DRAFT_EXPIRES_DAYS,
  }
  const version = createHash('sha256').update(stableJson(content)).digest('hex')
  return { version, ...content }
}

/** Parts of the words whose letters show a partner what was read of their case. */
const CASE_LETTERS = ['common', 'checklist', 'acknowledgement', 'draft-reminder', 'draft-expired'] as const

/** The sentences of letters that repeat a case, hints and examples. */
function letterSentences(letters: unknown, language: string, rows: readonly FieldRow[]): string[] {
  const texts = (node: unknown): string[] => {
    if (typeof node === 'string') return [node]
    return isMap(node) ? Object.values(node).flatMap(texts) : []
  }
  const parts = isMap(letters) ? letters : {}
  const { common } = parts
  const opener = isMap(common) ? texts(common['example']).join('') : ''
  const hints = rows.flatMap(({ words: { [language]: words } }) =>
    // An example may be somebody's true answer; only after its word it is our own.
    words === undefined ? [] : [words.hint, ...(opener === '' ? [] : [`${opener} ${words.example}`])],
  )
  return [...CASE_LETTERS.flatMap((name) => texts(parts[name])), ...hints].map((text) => text.trim())
}

function isMap(node: unknown): node is Record<string, unknown> {
  return typeof node === 'object' && node !== null
}

function parsePart<T>(schema: z.ZodType<T>, part: unknown, path: string, problems: string[]): T | null {
  const parsed = schema.safeParse(part)
  if (parsed.success) return parsed.data
  for (const issue of parsed.error.issues) {
    problems.push(`${[path, ...issue.path.map(String)].join('.')}: ${issue.message}`)
  }
  return null
}

function policyError(problems: readonly string[]): Error {
  return new Error(`the support policy cannot be used:\n${problems.map((line) => `  ${line}`).join('\n')}`)
}

function changedShippedRows(
  changes: readonly FieldOverride[],
  words: Readonly<Record<string, FieldWordsByName>>,
): FieldRow[] {
  return SHIPPED_ROWS.flatMap((shipped) => {
    const change = changes.find((entry) => entry.name === shipped.name)
    if (change?.remove === true) return []
    return [
      {
        name: change?.rename ?? shipped.name,
        kind: change?.kind ?? shipped.kind,
        required: change?.required ?? shipped.required,
        group: change?.group ?? shipped.group,
        acceptFrom: change?.acceptFrom ?? ['mail'],
        choices: change?.choices ?? null,
        pattern: change?.pattern ?? null,
        words: mergeWords(shipped.name, words, change?.words ?? {}),
      } satisfies FieldRow,
    ]
  })
}

function addedRows(
  changes: readonly FieldOverride[],
  words: Readonly<Record<string, FieldWordsByName>>,
  problems: string[],
): FieldRow[] {
  const added = changes.filter((entry) => !SHIPPED_ROWS.some((row) => row.name === entry.name))
  return added.flatMap((entry) => {
    if (entry.remove === true) {
      problems.push(`policy.fields: there is no field ${entry.name} to remove`)
      return []
    }
    if (entry.words?.['en']?.title === undefined && words['en']?.[entry.name] === undefined) {
      problems.push(`policy.fields: ${entry.name} is new and needs words.en.title`)
      return []
    }
    if (entry.kind === 'choice' && entry.choices === undefined) {
      problems.push(`policy.fields: ${entry.name} is a choice and needs choices`)
    }
    return [
      {
        name: entry.rename ?? entry.name,
        kind: entry.kind ?? 'text',
        required: entry.required ?? true,
        group: entry.group ?? 'submission',
        acceptFrom: entry.acceptFrom ?? ['mail'],
        choices: entry.choices ?? null,
        pattern: entry.pattern ?? null,
        words: mergeWords(entry.name, words, entry.words ?? {}),
      } satisfies FieldRow,
    ]
  })
}

/** Shipped words of every language, with the operator's on top: labels are added, the rest replaces. */
function mergeWords(
  name: string,
  shipped: Readonly<Record<string, FieldWordsByName>>,
  changed: NonNullable<FieldOverride['words']>,
): Record<string, FieldWords> {
  const merged: Record<string, FieldWords> = {}
  for (const language of new Set([...Object.keys(shipped), ...Object.keys(changed)])) {
    const base = shipped[language]?.[name]
    const change = changed[language]
    const title = change?.title ?? base?.title
    if (title === undefined) continue
    merged[language] = {
      title,
      labels: [...new Set([...(base?.labels ?? []), ...(change?.labels ?? [])])],
      hint: change?.hint ?? base?.hint ?? '',
      example: change?.example ?? base?.example ?? '',
    }
  }
  return merged
}

function orderRows(rows: readonly FieldRow[], order: readonly string[], problems: string[]): FieldRow[] {
  for (const name of order) {
    if (!rows.some((row) => row.name === name)) problems.push(`policy.order: no field ${name}`)
  }
  const first = order.flatMap((name) => rows.filter((row) => row.name === name))
  return [...first, ...rows.filter((row) => !order.includes(row.name))]
}

/** The register knows few fields; and what only it may give could be asked for, but never be answered. */
function sourceProblems({ name, acceptFrom }: FieldRow): string[] {
  if (!acceptFrom.includes('mail')) return [`policy.fields: acceptFrom of ${name} must name mail`]
  if (!acceptFrom.includes('account') || REGISTER_FIELDS.includes(name)) return []
  return [
    `policy.fields: acceptFrom of ${name} names account, but the partner register knows only ${REGISTER_FIELDS.join(' and ')}`,
  ]
}

function repeatedNames(rows: readonly { readonly name: string }[], path: string): string[] {
  const names = rows.map((row) => row.name)
  return [...new Set(names.filter((name, at) => names.indexOf(name) !== at))].map(
    (name) => `${path}: ${name} is there twice`,
  )
}

/** Serialises with sorted keys, so that the version depends on the content alone. */
function stableJson(content: unknown): string {
  return JSON.stringify(content, (_key, value: unknown) =>
    value !== null && typeof value === 'object' && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1)))
      : value,
  )
}
