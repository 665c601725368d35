/**
 * A zone for tests: all DNS there is, as `{ 'name TYPE': records }`. TXT and A records are texts, MX records read
 * `10 mail.example`. A name that is absent is ENOTFOUND; `{ error: 'ESERVFAIL' }` fails with that code, and
 * `{ error: 'silent' }` never answers.
 */
import type { Resolver } from './resolver.ts'

export type Zone = Readonly<Record<string, unknown>>

/** Makes the resolver that answers from `zone` alone; `onQuery` hears every question. */
export function zoneResolver(zone: Zone, onQuery: (question: string) => void = () => undefined): Resolver {
  const records = new Map(Object.entries(zone).map(([question, answer]) => [keyOf(question), answer]))
  const names = new Set([...records.keys()].map((question) => question.split(' ')[0]))
  return async (name, type) => {
    const question = keyOf(`${name} ${type}`)
    onQuery(question)
    const answer = records.get(question)
    if (answer === undefined) throw dnsError(names.has(question.split(' ')[0]) ? 'ENODATA' : 'ENOTFOUND')
    if (Array.isArray(answer)) return answer.map((one: unknown) => recordOf(type, one))
    const { error } = answer as { readonly error: string }
    return error === 'silent' ? new Promise(() => undefined) : Promise.reject(dnsError(error))
  }
}

function keyOf(question: string): string {
  const [name = '', type = ''] = question.trim().split(/\s+/)
  return `${name.toLowerCase().replace(/\.$/, '')} ${type.toUpperCase()}`
}

function recordOf(type: string, record: unknown): unknown {
  if (typeof record !== 'string') return record
  if (type === 'TXT') return [record]
  if (type !== 'MX') return record
  const [priority, exchange] = record.split(' ')
  return { priority: Number(priority), exchange }
}

function dnsError(code: string): Error {
  return Object.assign(new Error(`query ${code}`), { code })
}
