/**
 * Judges how sample submissions were read: the missing set, wrong acceptances and rejections, each field, leaks.
 * Fields on which fair readers differ (`either`) do not count.
 */
import type { Reading } from '../../src/intake/reading.ts'
import type { Fixture } from './fixtures.ts'
import type { Board } from './table.ts'

type Phrases = { contains?: string[]; excludes?: string[] }

type FieldCount = { right: number; wrong: number; absent: number }

export type SampleBoard = { add(sample: Fixture, reading: Reading): void; lines(): string[] }

const FIELDS = [
  'partner_domain',
  'control_panel_url',
  'customer_domain',
  'credentials',
  'details',
  'steps_taken',
]

/** Makes a board that counts samples on `board` and keeps precision and recall of each field itself. */
export function makeSampleBoard(board: Board): SampleBoard {
  const counts = new Map<string, FieldCount>(
    FIELDS.map((field) => [field, { right: 0, wrong: 0, absent: 0 }]),
  )
  return {
    add(sample, reading) {
      judgeMissing(board, sample, reading)
      for (const field of FIELDS) {
        const count = counts.get(field)
        if (count !== undefined && !list(sample.expected['either']).includes(field))
          countField(count, field, sample, reading)
      }
      board.count('password kept out of prose', 'samples', sample.name, leak(sample, reading))
    },
    lines: () => [...counts].map(([field, count]) => fieldLine(field, count)),
  }
}

const list = (value: unknown): string[] => (Array.isArray(value) ? (value as string[]) : [])

function judgeMissing(board: Board, sample: Fixture, reading: Reading): void {
  const either = list(sample.expected['either'])
  const wanted = list(sample.expected['missing'])
    .filter((field) => !either.includes(field))
    .sort()
  const seen = reading.missing.filter((field) => !either.includes(field)).sort()
  const complaint =
    wanted.join() === seen.join()
      ? null
      : `missing ${seen.join() || 'nothing'}, wanted ${wanted.join() || 'nothing'}`
  board.count('missing set exact', 'samples', sample.name, complaint)
  if (wanted.length === 0)
    board.count(
      'complete mails accepted',
      'samples',
      sample.name,
      seen.length === 0 ? null : `asks for ${seen.join()}`,
    )
  else
    board.count(
      'incomplete mails asked back',
      'samples',
      sample.name,
      seen.length > 0 ? null : `accepted without ${wanted.join()}`,
    )
}

function countField(count: FieldCount, field: string, sample: Fixture, reading: Reading): void {
  const fields = (sample.expected['fields'] ?? {}) as Record<string, unknown>
  const wanted = fields[field] ?? null
  const value = reading.fields[field]
  const seen = value === undefined ? null : value.value
  if (wanted === null && seen === null) return
  if (wanted !== null && seen !== null && isRight(wanted, seen, accepted(sample, field))) {
    count.right += 1
    return
  }
  if (seen !== null) count.wrong += 1
  if (wanted !== null) count.absent += 1
}

function accepted(sample: Fixture, field: string): unknown[] {
  const all = (sample.expected['accept'] ?? {}) as Record<string, unknown>
  const more = all[field]
  return Array.isArray(more) ? more : []
}

const same = (left: unknown, right: unknown): boolean => fold(asText(left)) === fold(asText(right))

const asText = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value ?? ''))

const fold = (text: string): string => text.trim().toLowerCase().replace(/\/$/, '')

function isRight(wanted: unknown, seen: unknown, more: readonly unknown[]): boolean {
  if (typeof seen === 'object' && seen !== null && 'username' in seen) {
    return [wanted, ...more].some((one) => sameCredentials(one, seen))
  }
  const phrases = wanted as Phrases
  if (typeof wanted === 'object' && wanted !== null && Array.isArray(phrases.contains)) {
    const text = asText(seen).replace(/\s+/g, ' ').toLowerCase()
    const holds = phrases.contains.every((phrase) => text.includes(phrase.replace(/\s+/g, ' ').toLowerCase()))
    return holds && !(phrases.excludes ?? []).some((phrase) => text.includes(phrase.toLowerCase()))
  }
  return [wanted, ...more].some((one) => same(one, seen))
}

function sameCredentials(wanted: unknown, seen: object): boolean {
  if (typeof wanted !== 'object' || wanted === null) return false
  const left = wanted as { username?: string | null; password?: string | null }
  const right = seen as { username?: string | null; password?: string | null }
  return same(left.username, right.username) && (left.password ?? null) === (right.password ?? null)
}

function leak(sample: Fixture, reading: Reading): string | null {
  const fields = (sample.expected['fields'] ?? {}) as { credentials?: { password?: string | null } | null }
  const password = fields.credentials?.password ?? null
  if (password === null || password.length < 4) return null
  for (const field of ['details', 'steps_taken']) {
    const value = reading.fields[field]
    if (value?.kind === 'plain' && value.value.includes(password)) return `password in ${field}`
  }
  return null
}

function fieldLine(field: string, count: FieldCount): string {
  const total = 2 * count.right + count.wrong + count.absent
  const f1 = total === 0 ? 1 : (2 * count.right) / total
  const detail = `${count.right} right, ${count.wrong} wrong, ${count.absent} not found`
  return `F1 ${field.padEnd(37)} ${f1.toFixed(3).padStart(9)}  ${detail}`
}
