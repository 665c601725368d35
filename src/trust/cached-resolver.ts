/**
 * DNS for a desk: one question at a time for each name, answers kept for a minute, nobody waited for longer than 3 s.
 * And DNS for one mail: no more questions than a fair mail needs, none after its time is up.
 * Fails: as the resolver does; `ETIMEOUT` for silence, `EBUDGET` for too many questions, both temporary to mailauth.
 * Source: RFC 7208 §4.6.4 and §11.1 (a mail must not make its receiver ask without end).
 */
import type { Resolver } from './resolver.ts'

const QUERY_MS = 3000
/** Shorter than most TTLs: a key or a policy that was just published must not be missed for long. */
const KEEP_MS = 60_000
const MAX_KEPT = 5000
/** DNS says that there is nothing: an answer like any other. */
const NOTHING = new Set(['ENOTFOUND', 'ENODATA'])

type Kept = { readonly answer: Promise<readonly unknown[]>; until: number }

/** Wraps a resolver for all mails of a desk. `now` counts milliseconds. */
export function cachedResolver(
  resolver: Resolver,
  { now = () => performance.now(), queryMs = QUERY_MS }: { now?: () => number; queryMs?: number } = {},
): Resolver {
  const kept = new Map<string, Kept>()
  return (name, type) => {
    const question = `${name.toLowerCase()} ${type}`
    const known = kept.get(question)
    if (known !== undefined && now() < known.until) return known.answer
    const answer = inTime(resolver(name, type), queryMs)
    const row: Kept = { answer, until: Number.POSITIVE_INFINITY }
    kept.delete(question)
    kept.set(question, row)
    const keep = (): void => {
      row.until = now() + KEEP_MS
    }
    answer.then(keep, (error: unknown) => {
      if (NOTHING.has(codeOf(error))) keep()
      else if (kept.get(question) === row) kept.delete(question)
    })
    for (const oldest of kept.keys()) {
      if (kept.size <= MAX_KEPT) break
      kept.delete(oldest)
    }
    return answer
  }
}

/** What one mail asked, and what became of it. */
export type AskedDns = {
  readonly resolver: Resolver
  /** Questions that got no answer for now, as `name TYPE`. */
  readonly unanswered: ReadonlySet<string>
  /** The mail wanted more than its share. */
  readonly isExhausted: () => boolean
  readonly questions: () => number
}

/** Gives one mail its share of DNS. */
export function shareOfDns(
  resolver: Resolver,
  limits: { readonly questions: number; readonly ms: number; readonly now?: () => number },
): AskedDns {
  const { now = () => performance.now() } = limits
  const end = now() + limits.ms
  const asked = new Map<string, Promise<readonly unknown[]>>()
  const unanswered = new Set<string>()
  let exhausted = false
  const ask = (name: string, type: string, question: string): Promise<readonly unknown[]> => {
    if (asked.size >= limits.questions) {
      exhausted = true
      return Promise.reject(dnsError('EBUDGET', 'the mail asks too much of DNS'))
    }
    const left = end - now()
    const answer =
      left <= 0
        ? Promise.reject<readonly unknown[]>(dnsError('ETIMEOUT', 'the time of this mail is up'))
        : inTime(resolver(name, type), left)
    asked.set(question, answer)
    answer.catch((error: unknown) => {
      if (!NOTHING.has(codeOf(error))) unanswered.add(question)
    })
    return answer
  }
  return {
    resolver: (name, type) => {
      const question = `${name.toLowerCase()} ${type}`
      return asked.get(question) ?? ask(name, type, question)
    },
    unanswered,
    isExhausted: () => exhausted,
    questions: () => asked.size,
  }
}

function inTime<T>(work: Promise<T>, ms: number): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(dnsError('ETIMEOUT', 'DNS did not answer in time')), ms)
    work.then(resolve, reject).finally(() => clearTimeout(timer))
  })
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : ''
}

function dnsError(code: string, message: string): Error {
  return Object.assign(new Error(message), { code })
}
