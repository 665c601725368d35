/**
 * DNS for sender proof: the question as mailauth asks it, and the resolver of the configuration that answers. Tests
 * hand in a zone instead.
 * Fails: an answer that is none rejects with the code of node:dns (`ENOTFOUND`, `ENODATA`; any other code is temporary).
 */
import { Resolver as DnsResolver } from 'node:dns/promises'

/** Asks DNS. The answer is what `dns.promises.resolve(name, type)` gives: texts, or lists of texts for TXT. */
export type Resolver = (name: string, type: string) => Promise<readonly unknown[]>

/** Whom to ask: the servers of this machine, named ones, or nobody. */
export type DnsSource = 'system' | 'none' | readonly string[]

/** One server that does not answer must leave time for the next within a query's 3 s. */
const TRY_MS = 1400
const TRIES = 2

/** Opens the resolver that the configuration names; null when DNS is never to be asked. */
export function openResolver(source: DnsSource): Resolver | null {
  if (source === 'none') return null
  const resolver = new DnsResolver({ timeout: TRY_MS, tries: TRIES })
  if (source !== 'system') resolver.setServers([...source])
  return async (name, type) => {
    const answer: unknown = await resolver.resolve(name, type)
    return Array.isArray(answer) ? answer : [answer]
  }
}
