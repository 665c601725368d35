import { expect, test } from 'vitest'
import type { AuthenticationResults } from './authentication-results.ts'
import { readAuthenticationResults } from './authentication-results.ts'
import { believeRelay } from './believe-relay.ts'

function wordOf(results: string, address = 'ada@partner.example'): string | null {
  const stamp = readAuthenticationResults(`mx.desk.example; ${results}`) as AuthenticationResults
  const author = { address, domain: address.slice(address.indexOf('@') + 1) }
  return believeRelay({ stamp, author, ownDomains: ['desk.example'] })?.result ?? null
}

test.each<[string, string | null]>([
  ['dmarc=pass header.from=partner.example', 'verified'],
  ['dmarc=pass', 'verified'],
  ['dmarc=pass header.from=evil.example', null],
  ['dmarc=fail header.from=partner.example', 'failed'],
  // OpenDMARC, Rspamd, Microsoft.
  ['dmarc=fail (p=reject dis=none) header.from=partner.example', 'failed'],
  ['dmarc=fail reason="no valid DKIM" header.from=partner.example (policy=quarantine)', 'failed'],
  ['dmarc=fail (p=none dis=none) header.from=partner.example', 'none'],
  ['dmarc=fail policy.dmarc=none header.from=partner.example', 'none'],
  ['dmarc=fail (p=none) header.from=partner.example; spf=fail smtp.mailfrom=x@partner.example', 'failed'],
  // A failure outweighs what the same relay calls aligned by rules of its own.
  ['dmarc=fail (p=reject) header.from=partner.example; dkim=pass header.d=partner.example', 'failed'],
  ['dmarc=fail (p=none) header.from=partner.example; dkim=pass header.d=mail.partner.example', 'none'],
  ['dmarc=none header.from=partner.example', 'none'],
  ['dmarc=none; dkim=pass header.d=partner.example', 'verified'],
  ['dkim=pass header.i=@mail.partner.example', 'verified'],
  ['spf=pass smtp.mailfrom=bounces@partner.example', 'verified'],
  ['spf=pass smtp.mailfrom=partner.example', 'verified'],
  ['spf=pass smtp.mailfrom=evil.example', null],
  ['dkim=pass header.d=evil.example', null],
  ['spf=fail smtp.mailfrom=partner.example', 'failed'],
  ['spf=softfail smtp.mailfrom=partner.example', null],
  ['dmarc=temperror header.from=partner.example', null],
  ['dkim=none', null],
  ['iprev=pass', null],
])('The stamp %j makes the author %s.', (results, expected) => {
  expect(wordOf(results)).toBe(expected)
})

test.each<[string, string, string | null]>([
  ['auth=pass smtp.auth=ada@desk.example', 'ada@desk.example', 'verified'],
  ['auth=pass smtp.auth=Ada', 'ada@desk.example', 'verified'],
  ['auth=pass smtp.mailfrom=ada@desk.example', 'ada@desk.example', 'verified'],
  // A customer of the relay who writes as somebody else.
  ['auth=pass smtp.auth=mallory smtp.mailfrom=ada@desk.example', 'ada@desk.example', null],
  ['auth=pass smtp.auth=ada', 'ada@partner.example', null],
  ['auth=pass smtp.auth=ada@partner.example', 'ada@partner.example', 'verified'],
  ['auth=pass', 'ada@desk.example', null],
  ['auth=fail smtp.auth=ada', 'ada@desk.example', null],
])('The login %j by %s is worth: %s.', (results, address, expected) => {
  expect(wordOf(results, address)).toBe(expected)
})
