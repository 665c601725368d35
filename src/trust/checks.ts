/**
 * What SPF, DKIM, DMARC and ARC say about one mail, as plain data: mailauth, strict and within bounds.
 * Fails: a fault of the library rejects; what DNS did not answer is a result (`temperror`).
 * Source: RFC 7208 (SPF), RFC 6376 (DKIM), RFC 9989 (DMARC), RFC 8617 (ARC).
 */
import { Readable } from 'node:stream'
import type { ARCChainEntry, ARCData, DKIMResult, DNSResolver } from 'mailauth'
import type { Envelope } from '../mail/mail.ts'
import { domainOf } from '../mail/mailbox.ts'
import { type AuthenticationResults, readAuthenticationResults } from './authentication-results.ts'
import type { AskedDns } from './cached-resolver.ts'

export type Checks = {
  /** Domains of From as the library reads it, in A-labels. */
  readonly authorDomains: readonly string[]
  /** null when the client's address is not the sender's, or there is no domain to ask. */
  readonly spf: { readonly result: string; readonly domain: string } | null
  /** Signatures that cover the whole body. */
  readonly signatures: readonly { readonly result: string; readonly domain: string }[]
  readonly dmarc: { readonly result: string; readonly policy: string | null } | null
  readonly arc: ArcChain | null
  /** Each check as Authentication-Results says it. */
  readonly lines: readonly string[]
}

export type ArcChain = {
  readonly result: 'pass' | 'fail'
  /** Newest first: who sealed (d=), and what they had found. */
  readonly sets: readonly { readonly sealer: string; readonly found: AuthenticationResults | null }[]
}

export type CheckRequest = {
  readonly content: Uint8Array
  readonly envelope: Pick<Envelope, 'reversePath' | 'clientIp' | 'ehloDomain' | 'receivedAt'>
  /** Is the client the sender's own server? Else SPF would judge our relay. */
  readonly withSpf: boolean
  readonly dns: AskedDns
  readonly hostName: string
}

/** A turn of the event loop after so many octets of a body: other mails must not wait for a large one. */
const CHUNK_OCTETS = 64 * 1024
const SPF_MS = 10_000

/** Checks a mail that `handOver` has cut down. */
export async function checkMail(request: CheckRequest): Promise<Checks> {
  // Loaded when it is first needed: it takes a tenth of a second, which no command of the desk should wait for.
  const { dkimVerify, dmarc, arc } = await import('mailauth')
  const resolver = request.dns.resolver as DNSResolver
  const dkim = await dkimVerify(Readable.from(chunksOf(request.content), { objectMode: false }), {
    resolver,
    strict: true,
    // A signature that ends while the mail waits for DNS was in time.
    curTime: request.envelope.receivedAt,
    // Only who wrote is wanted, and the default would be a Return-Path that anybody may write.
    sender: 'postmaster@localhost',
  })
  const spf = request.withSpf ? await checkSpf(request, resolver) : null
  // A chain that cannot be read is no chain at all.
  const chain = dkim.arc === undefined || dkim.arc.chain === false ? [] : dkim.arc.chain
  const arcResult = chain.length === 0 ? null : await arc(dkim.arc as ARCData, { resolver, strict: true })
  const whole = dkim.results.filter((one) => (one.status.underSized ?? 0) === 0)
  const passed = whole.flatMap(({ status, signingDomain }) =>
    status.result === 'pass' && signingDomain !== undefined ? [{ domain: signingDomain }] : [],
  )
  const dmarcResult = await dmarc({
    headerFrom: dkim.headerFrom,
    fromFields: dkim.fromFields,
    spfDomains: spf?.status.result === 'pass' ? [spf.domain] : [],
    dkimDomains: passed,
    resolver,
    strict: true,
  })
  return {
    authorDomains: dkim.headerFrom.map((address) => domainOf(address)),
    spf: spf === null ? null : { result: spf.status.result, domain: spf.domain },
    signatures: whole.flatMap(({ status, signingDomain }) =>
      signingDomain === undefined ? [] : [{ result: status.result, domain: domainOf(`@${signingDomain}`) }],
    ),
    dmarc:
      dmarcResult === false
        ? null
        : { result: dmarcResult.status.result, policy: dmarcResult.policy ?? null },
    arc: arcResult === null ? null : arcChain(chain, arcResult),
    lines: [
      ...dkim.results.map(dkimLine),
      ...(spf === null ? [] : [spf.info]),
      ...(arcResult?.info === undefined ? [] : [arcResult.info]),
      ...(dmarcResult === false ? [] : [dmarcResult.info]),
    ].map(oneLine),
  }
}

async function checkSpf({ envelope, hostName }: CheckRequest, resolver: DNSResolver) {
  const { reversePath, clientIp, ehloDomain } = envelope
  if (clientIp === null || (reversePath === null && ehloDomain === null)) return null
  const { spf } = await import('mailauth')
  return spf({
    sender: reversePath ?? '',
    ip: clientIp,
    helo: ehloDomain ?? '',
    mta: hostName,
    resolver,
    strict: true,
    maxElapsedTime: SPF_MS,
  })
}

async function* chunksOf(content: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < content.byteLength; at += CHUNK_OCTETS) {
    yield content.subarray(at, at + CHUNK_OCTETS)
    await new Promise(setImmediate)
  }
}

/** The newest message signature must cover From, or the seal would say nothing about the author. */
function arcChain(
  chain: readonly ARCChainEntry[],
  { status, signature }: { readonly status: { readonly result: string }; signature?: DKIMResult | false },
): ArcChain {
  const keys = signature === undefined || signature === false ? '' : (signature.signingHeaders?.keys ?? '')
  const coversFrom = keys.split(':').some((key) => key.trim().toLowerCase() === 'from')
  const cutShort = signature !== undefined && signature !== false && (signature.status.underSized ?? 0) > 0
  return {
    result: status.result === 'pass' && coversFrom && !cutShort ? 'pass' : 'fail',
    sets: chain.toReversed().map((set) => ({
      sealer: domainOf(`@${String(set['arc-seal']?.parsed?.['d']?.value ?? '')}`),
      found: readAuthenticationResults(valueOf(set['arc-authentication-results']), { inArc: true }),
    })),
  }
}

function valueOf(field: { readonly original?: unknown } | undefined): string {
  const original = field?.original
  const text = Buffer.isBuffer(original)
    ? original.toString('latin1')
    : typeof original === 'string'
      ? original
      : ''
  return text.slice(text.indexOf(':') + 1)
}

function dkimLine({ info, status }: DKIMResult): string {
  return (status.underSized ?? 0) > 0
    ? `${info} (not counted: l= leaves ${status.underSized} octets unsigned)`
    : info
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim().slice(0, 300)
}
