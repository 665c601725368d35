/**
 * A relay's word: what the Authentication-Results of a server of ours says about the author. Pure.
 * Fails: null when it says nothing that decides; the mail is then checked here, as far as that goes behind a relay.
 * Source: RFC 8601 §2.7 (results), §5 (who may be believed), RFC 4954 (auth).
 */
import type { Proof } from '../decide/context.ts'
import type { AuthenticationResults, MethodResult } from './authentication-results.ts'
import { domainIn, sameOwner, signerOf } from './judge-checks.ts'

type Judged = Pick<Proof, 'result' | 'by'>

export type RelayWord = {
  readonly stamp: AuthenticationResults
  /** The one author's address, in comparison form, and its domain. */
  readonly author: { readonly address: string; readonly domain: string }
  /** Domains of the desk itself: a bare user name of our relay is believed there alone. */
  readonly ownDomains: readonly string[]
}

/** Judges the author by the relay's stamp. */
export function believeRelay({ stamp, author, ownDomains }: RelayWord): Judged | null {
  const by = (found: MethodResult): string => `${stamp.authservId} says ${found.method}=${found.result}`
  const { results } = stamp
  const login = results.find((one) => isLoginOf(one, author, ownDomains))
  if (login !== undefined) return { result: 'verified', by: by(login) }
  const dmarc = results.find(
    ({ method, properties }) =>
      method === 'dmarc' && (properties['header.from'] ?? author.domain).toLowerCase() === author.domain,
  )
  if (dmarc?.result === 'pass') return { result: 'verified', by: by(dmarc) }
  if (dmarc?.result === 'fail' && policyOf(dmarc) !== 'none') return { result: 'failed', by: by(dmarc) }
  const aligned = results.find((one) => one.result === 'pass' && isAligned(one, author.domain))
  if (aligned !== undefined && dmarc?.result !== 'fail') return { result: 'verified', by: by(aligned) }
  const denied = results.find(
    (one) => one.method === 'spf' && one.result === 'fail' && isAligned(one, author.domain),
  )
  if (denied !== undefined) return { result: 'failed', by: by(denied) }
  // It looked, and there is nothing to be had. Without a DMARC result the policy is still to be asked.
  if (dmarc !== undefined && dmarc.result !== 'temperror') return { result: 'none', by: by(dmarc) }
  return null
}

/**
 * `auth=pass`: the author logged in at our relay. Only a login that names the author counts, or any customer of the
 * relay could write as anybody.
 */
function isLoginOf(
  { method, result, properties }: MethodResult,
  author: RelayWord['author'],
  ownDomains: readonly string[],
): boolean {
  if (method !== 'auth' || result !== 'pass') return false
  const user = properties['smtp.auth']?.toLowerCase()
  if (user === undefined) return properties['smtp.mailfrom']?.toLowerCase() === author.address
  return (
    user === author.address ||
    (ownDomains.includes(author.domain) && `${user}@${author.domain}` === author.address)
  )
}

function isAligned({ method, properties }: MethodResult, domain: string): boolean {
  if (method === 'dkim') return sameOwner(signerOf(properties), domain)
  return method === 'spf' && sameOwner(domainIn(properties['smtp.mailfrom']), domain)
}

/** The policy behind a failure: `policy.dmarc=reject`, `(p=reject dis=none)`, `(policy=none)`. */
function policyOf({ comment, properties }: MethodResult): string | null {
  const named = properties['policy.dmarc'] ?? properties['policy.published-domain-policy']
  return (named ?? /(?:^|[\s(])(?:p|policy)=(\w+)/i.exec(comment)?.[1] ?? null)?.toLowerCase() ?? null
}
