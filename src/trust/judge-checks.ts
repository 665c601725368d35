/**
 * From what the checks say to how far the author can be believed. Pure.
 * Fails: never. Source: RFC 9989 (DMARC: one aligned pass is enough), docs/architecture.md ("Who is it?").
 */
import { getDomain } from 'tldts'
import type { Proof } from '../decide/context.ts'
import type { ArcChain, Checks } from './checks.ts'

type Judged = Pick<Proof, 'result' | 'by'>

export type CheckCase = {
  readonly checks: Checks
  /** Domain of the one author, in A-labels. */
  readonly author: string
  readonly arcSealers: readonly string[]
  /** Something that was needed could not be asked for now: `name TYPE`. */
  readonly unanswered: ReadonlySet<string>
  /** It wanted more of DNS than a fair mail does. */
  readonly isExhausted: boolean
}

/** Do two domains belong to one owner? Only used where no DMARC record says how to tell. */
export function sameOwner(one: string, other: string): boolean {
  if (one === other) return one !== ''
  const owner = getDomain(one, { allowPrivateDomains: true })
  return owner !== null && owner === getDomain(other, { allowPrivateDomains: true })
}

/** Judges the author by the checks of the mail. */
export function judgeChecks(at: CheckCase): Judged {
  return verified(at) ?? temporary(at) ?? refuted(at) ?? nothingProven(at)
}

function verified({ checks, author, arcSealers }: CheckCase): Judged | null {
  const { dmarc, spf, signatures, arc } = checks
  const signed = signatures.filter(({ result, domain }) => result === 'pass' && sameOwner(domain, author))
  const sent = spf?.result === 'pass' && sameOwner(spf.domain, author) ? spf.domain : null
  // The very domain of From is aligned under any record, so what DNS says about DMARC does not matter; a relative of
  // it is when there is no record, or the record's own rules (`pass`) say so.
  const counts = (domain: string): boolean =>
    domain === author || dmarc?.result === 'pass' || dmarc?.result === 'none'
  const signer = signed.find(({ domain }) => counts(domain))
  if (signer !== undefined) return { result: 'verified', by: `DKIM signature of ${signer.domain}` }
  if (sent !== null && counts(sent)) return { result: 'verified', by: `SPF of ${sent}` }
  if (dmarc?.result === 'pass') return { result: 'verified', by: `DMARC of ${author}` }
  const sealer = arc === null ? null : attestedBy(arc, author, arcSealers)
  return sealer === null ? null : { result: 'verified', by: `ARC seal of ${sealer}` }
}

/**
 * Finds a believed sealer who had found the author proven. Only the newest seals are believed, as far back as each of
 * them is named: whoever sealed before a stranger could have been invented by that stranger.
 */
function attestedBy(
  { result, sets }: ArcChain,
  author: string,
  arcSealers: readonly string[],
): string | null {
  if (result !== 'pass') return null
  for (const { sealer, found } of sets) {
    if (!arcSealers.includes(sealer)) return null
    const attests = found?.results.some((one) => {
      const { method, properties } = one
      if (one.result !== 'pass') return false
      if (method === 'dmarc') return properties['header.from']?.toLowerCase() === author
      if (method === 'dkim') return sameOwner(signerOf(properties), author)
      if (method === 'spf') return sameOwner(domainIn(properties['smtp.mailfrom']), author)
      return false
    })
    if (attests === true) return sealer
  }
  return null
}

/** The signing domain that a `dkim=` result names: `header.d`, else the domain of `header.i`. */
export function signerOf(properties: Readonly<Record<string, string>>): string {
  return domainIn(properties['header.d'] ?? properties['header.i'])
}

/** Domain of an address, or the text itself where it is a bare domain. */
export function domainIn(text: string | undefined): string {
  const value = (text ?? '').toLowerCase()
  return value.slice(value.lastIndexOf('@') + 1)
}

/** DNS failed on something that might have proven the author: no failure, and worth another try. */
function temporary({ checks, author, arcSealers, unanswered, isExhausted }: CheckCase): Judged | null {
  // As RFC 7208 §4.6.4 has it for SPF: a mail that needs too many look-ups is in error for good.
  if (isExhausted) return null
  const { dmarc, spf, signatures, arc } = checks
  const isOpen = ({ result, domain }: { result: string; domain: string }): boolean =>
    result === 'temperror' && sameOwner(domain, author)
  const sealed =
    arc?.sets.some(({ sealer }) => arcSealers.includes(sealer) && waitsFor(unanswered, sealer)) === true
  if (dmarc?.result !== 'temperror' && !signatures.some(isOpen) && !(spf !== null && isOpen(spf)) && !sealed)
    return null
  const what = [...unanswered].slice(0, 3).join(', ')
  return { result: 'temperror', by: what === '' ? 'DNS did not answer' : `DNS did not answer: ${what}` }
}

function waitsFor(unanswered: ReadonlySet<string>, sealer: string): boolean {
  return [...unanswered].some((question) => question.includes(`._domainkey.${sealer} `))
}

/**
 * The domain's own word against the mail. DMARC: its policy asks not to believe it; a policy of `none` asks for
 * nothing and is no word against. SPF: only what concerns the author's domain, since SPF speaks of the reverse path
 * alone; `-all` is then a plain denial, and stands where no policy or a policy of `none` says more. Another domain's
 * SPF, a `~all` or a broken signature (RFC 6376 §6.1) deny nothing: forwarders and mailing services do all of that.
 */
function refuted({ checks, author, isExhausted }: CheckCase): Judged | null {
  const { dmarc, spf } = checks
  if (isExhausted) return { result: 'failed', by: 'its checks need more DNS look-ups than a fair mail does' }
  if (dmarc?.result === 'fail' && dmarc.policy !== 'none') {
    const unseen = spf === null ? '; SPF cannot be checked behind a relay' : `, SPF ${spf.result}`
    return {
      result: 'failed',
      by: `DMARC policy ${dmarc.policy ?? ''} of ${author}: no aligned signature${unseen}`,
    }
  }
  if (spf?.result === 'fail' && sameOwner(spf.domain, author))
    return { result: 'failed', by: `SPF of ${spf.domain} denies the sending server` }
  return null
}

function nothingProven({ checks, author }: CheckCase): Judged {
  const what =
    checks.dmarc?.result === 'fail' ? 'asks for nothing (p=none)' : 'publishes nothing that applies'
  return { result: 'none', by: `no aligned signature or SPF; ${author} ${what}` }
}
