/**
 * Register files: partners and agents as YAML or CSV, for `import` and `export`. The YAML that `rehearse` proposes is
 * taken as it is.
 * Fails: every problem at once, each with its place (`partners[2].people[0].address`, `line 5`); unknown keys are problems.
 */
import { parseDocument, stringify } from 'yaml'
import { z } from 'zod'
import { asciiDomain, normaliseAddress } from '../mail/mailbox.ts'
import { readCsv, writeCsv } from './csv.ts'
import type { RegisterEntries, Registered } from './register.ts'

export type ReadRegister =
  | { readonly kind: 'entries'; readonly entries: RegisterEntries }
  | { readonly kind: 'problems'; readonly problems: readonly string[] }

const domain = z.string().transform((text, context) => {
  const ascii = asciiDomain(text)
  if (ascii !== '' && ascii.includes('.') && !ascii.includes('_')) return ascii
  context.addIssue('is no domain')
  return z.NEVER
})
const address = z.string().transform((text, context) => {
  const normal = normaliseAddress(text)
  if (normal !== null) return normal
  context.addIssue('is no mail address')
  return z.NEVER
})
const name = z.string().trim().min(1).max(200)
const url = z.string().refine((text) => URL.canParse(text) && /^https?:\/\//.test(text), {
  error: 'is no web address with https://',
})
const zone = z.string().refine(isZone, { error: 'is no time zone; write it like Europe/Berlin' })
const seen = z.unknown().optional()

const personEntry = z
  .strictObject({
    name: name.nullable().default(null),
    address: address.optional(),
    addresses: z.array(address).default([]),
    seen,
  })
  .transform((one) => ({
    name: one.name,
    addresses: [...new Set([...(one.address === undefined ? [] : [one.address]), ...one.addresses])],
  }))
  .refine((one) => one.addresses.length > 0, { error: 'needs an address' })

const partner = z
  .strictObject({
    name,
    domains: z.array(domain).default([]),
    people: z.array(personEntry).default([]),
    controlPanelUrl: url.nullable().optional(),
    controlPanelUrls: z.array(url).optional(),
    timeZone: zone.nullable().optional(),
    language: z.string().min(2).max(12).nullable().optional(),
    mode: z.enum(['observe', 'advise', 'enforce']).nullable().optional(),
    machineMail: z.enum(['answer', 'silent']).optional(),
    state: z.enum(['active', 'suspended']).optional(),
    // What a rehearsal adds for people to judge by.
    seen,
    lastSeen: seen,
    statedDomains: seen,
  })
  .refine((one) => one.domains.length + one.people.length > 0, { error: 'needs a domain or a person' })
  .transform(({ controlPanelUrls, seen: _seen, lastSeen: _last, statedDomains: _stated, ...one }) => ({
    ...one,
    // The one that was named most often comes first.
    controlPanelUrl: one.controlPanelUrl === undefined ? controlPanelUrls?.[0] : one.controlPanelUrl,
  }))

const agent = z.strictObject({
  name,
  addresses: z.array(address).min(1),
  role: z.enum(['support', 'engineering', 'lead']).default('support'),
  timeZone: zone.nullable().optional(),
})

const register = z.strictObject({
  format: z.literal(1).optional(),
  partners: z.array(partner).default([]),
  agents: z.array(agent).default([]),
})

function isZone(text: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: text }).resolvedOptions().timeZone !== ''
  } catch {
    return false
  }
}

/** Reads a file's text; `asCsv` when its name says so. */
export function readRegister(text: string, asCsv: boolean): ReadRegister {
  try {
    return asCsv ? fromCsv(text) : fromYaml(text)
  } catch (error) {
    return { kind: 'problems', problems: [error instanceof Error ? error.message : String(error)] }
  }
}

function fromYaml(text: string): ReadRegister {
  const document = parseDocument(text)
  if (document.errors.length > 0)
    return { kind: 'problems', problems: document.errors.map((one) => one.message.split('\n')[0] ?? '') }
  return checked(document.toJS({ maxAliasCount: 0 }) ?? {}, (path) => path)
}

function checked(value: unknown, placeOf: (path: string) => string): ReadRegister {
  const read = register.safeParse(value)
  if (read.success) return { kind: 'entries', entries: read.data }
  const problems = read.error.issues.map((issue) => {
    const path = issue.path.map((key) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`)).join('')
    return `${placeOf(path.replace(/^\./, ''))}: ${issue.message}`
  })
  return { kind: 'problems', problems }
}

const PARTNER_COLUMNS = [
  'partner',
  'domains',
  'controlPanelUrl',
  'timeZone',
  'language',
  'mode',
  'machineMail',
  'state',
  'person',
  'addresses',
] as const
const AGENT_COLUMNS = ['agent', 'addresses', 'role', 'timeZone'] as const

/** One row per person of a partner, or per agent; lists are separated by blanks. */
function fromCsv(text: string): ReadRegister {
  const [head, ...rows] = readCsv(text)
  if (head === undefined) return { kind: 'problems', problems: ['the file is empty'] }
  const isAgents = head.cells.includes('agent')
  const known: readonly string[] = isAgents ? AGENT_COLUMNS : PARTNER_COLUMNS
  const problems = head.cells
    .filter((cell) => !known.includes(cell))
    .map((cell) => `line ${head.line}: "${cell}" is no column; there are ${known.join(', ')}`)
  if (!head.cells.includes(known[0] ?? ''))
    problems.push(`line ${head.line}: the column ${known[0]} is missing`)
  if (problems.length > 0) return { kind: 'problems', problems }
  const records = rows.map(({ line, cells }) => ({
    line,
    of: (column: string): string => cells[head.cells.indexOf(column)] ?? '',
    has: (column: string): boolean => head.cells.includes(column),
  }))
  return isAgents ? agentsOf(records) : partnersOf(records)
}

type CsvRecord = {
  readonly line: number
  readonly of: (column: string) => string
  readonly has: (column: string) => boolean
}

/** An empty cell says that there is none; a column that is not there says nothing. */
function setting(record: CsvRecord, column: string): object {
  if (!record.has(column)) return {}
  const value = record.of(column)
  if (value !== '') return { [column]: value }
  return column === 'machineMail' || column === 'state' ? {} : { [column]: null }
}

function words(text: string): readonly string[] {
  return text.split(/[\s;]+/).filter((word) => word !== '')
}

function agentsOf(records: readonly CsvRecord[]): ReadRegister {
  const agents = records.map((record) => ({
    name: record.of('agent'),
    addresses: words(record.of('addresses')),
    ...(record.of('role') === '' ? {} : { role: record.of('role') }),
    ...setting(record, 'timeZone'),
  }))
  return checked({ agents }, lineOf(records.map((record) => record.line)))
}

function partnersOf(records: readonly CsvRecord[]): ReadRegister {
  const found = new Map<string, { entry: Record<string, unknown>; domains: Set<string>; people: object[] }>()
  const lines: number[] = []
  for (const record of records) {
    const key = record.of('partner').toLowerCase()
    const before = found.get(key)
    const settings = PARTNER_COLUMNS.slice(2, 8).map((column) => setting(record, column))
    const one = before ?? {
      entry: Object.assign({ name: record.of('partner') }, ...settings) as Record<string, unknown>,
      domains: new Set<string>(),
      people: [],
    }
    if (before === undefined) lines.push(record.line)
    for (const word of words(record.of('domains'))) one.domains.add(word)
    const addresses = words(record.of('addresses'))
    if (addresses.length > 0) one.people.push({ name: record.of('person') || null, addresses })
    found.set(key, one)
  }
  const partners = [...found.values()].map(({ entry, domains, people }) => ({
    ...entry,
    domains: [...domains],
    people,
  }))
  return checked({ partners }, lineOf(lines))
}

/** `partners[3].domains[0]` becomes `line 5, domains[0]`. */
function lineOf(lines: readonly number[]): (path: string) => string {
  return (path) => {
    const [, at = '', rest = ''] = /^(?:partners|agents)\[(\d+)\]\.?(.*)$/.exec(path) ?? []
    const line = lines[Number(at)]
    return line === undefined ? path : `line ${line}${rest === '' ? '' : `, ${rest}`}`
  }
}

/** Writes partners for a file that `import` takes back without a change. */
export function writePartners(partners: Registered['partners'], asCsv: boolean): string {
  if (!asCsv) {
    const entries = partners.map(({ id: _id, tickets: _tickets, people, ...entry }) => ({
      ...entry,
      people: people.map((one) => ({ name: one.name, addresses: one.addresses })),
    }))
    return stringify({ format: 1, partners: entries }, { lineWidth: 0 })
  }
  const rows = partners.flatMap((one) => {
    const head = [
      one.name,
      one.domains.join(' '),
      ...[one.controlPanelUrl, one.timeZone, one.language, one.mode, one.machineMail, one.state].map(
        (value) => value ?? '',
      ),
    ]
    const people =
      one.people.length === 0
        ? [['', '']]
        : one.people.map((person) => [person.name ?? '', person.addresses.join(' ')])
    return people.map((cells) => [...head, ...cells])
  })
  return writeCsv([PARTNER_COLUMNS, ...rows])
}

/** Writes agents, likewise. */
export function writeAgents(agents: Registered['agents'], asCsv: boolean): string {
  const entries = agents.map(({ name: called, addresses, role, timeZone }) => ({
    name: called,
    addresses,
    role,
    timeZone: timeZone ?? null,
  }))
  if (!asCsv) return stringify({ format: 1, agents: entries }, { lineWidth: 0 })
  const rows = entries.map((one) => [one.name, one.addresses.join(' '), one.role, one.timeZone ?? ''])
  return writeCsv([AGENT_COLUMNS, ...rows])
}
