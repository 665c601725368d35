/** Whatever a forger puts around a partner's From: where the domain asks not to be believed without proof, it is not. */
import { array, assert, asyncProperty, boolean, constantFrom, oneof, string } from 'fast-check'
import { expect, test } from 'vitest'
import { domainOf } from '../../src/mail/mailbox.ts'
import { parseMail } from '../../src/mail/parse.ts'
import { authenticate, type Trust } from '../../src/trust/authenticate.ts'
import { envelopeOf, keyRecord, plainMail, signed } from '../../src/trust/test-mail.ts'
import { zoneResolver } from '../../src/trust/test-zone.ts'
import { PATIENCE_MS, runs } from './runs.ts'

const ZONE = {
  '_dmarc.partner.example TXT': ['v=DMARC1; p=reject'],
  'partner.example TXT': ['v=spf1 ip4:198.51.100.7 -all'],
  'evil.example TXT': ['v=spf1 ip4:203.0.113.9 -all'],
  ...keyRecord('partner.example'),
  ...keyRecord('evil.example'),
}

const trust: Trust = {
  trustOf: () => null,
  authservId: 'mx.desk.example',
  arcSealers: ['lists.example'],
  resolver: zoneResolver(ZONE),
  hostName: 'gate.desk.example',
  ownDomains: ['desk.example'],
}

const address = constantFrom(
  'piet@partner.example',
  'eve@evil.example',
  '"piet@partner.example" <eve@evil.example>',
  'Piet <piet@partner.example>',
  '<piet@partner.example> <eve@evil.example>',
  'Group: piet@partner.example;',
  '=?utf-8?q?piet=40partner=2Eexample?= <eve@evil.example>',
  'piet@partner.example (eve@evil.example)',
  'eve@evil.example,',
  '"unclosed <piet@partner.example>',
  'piet@PARTNER.example.',
  '@evil.example:piet@partner.example',
  'piet@partner.example\r\n <eve@evil.example>',
)
const line = oneof(
  address.map((one) => `From: ${one}`),
  address.map((one) => `from : ${one}`),
  address.map((one) => `From\r\n : ${one}`),
  address.map((one) => `Sender: ${one}`),
  address.map((one) => `\u00a0From: ${one}`),
  constantFrom(
    'Authentication-Results: mx.desk.example; dmarc=pass header.from=partner.example',
    'Authentication-Results: gate.desk.example; dkim=pass header.d=partner.example',
    'ARC-Seal: i=1; a=rsa-sha256; cv=none; d=lists.example; s=s1; b=AAAA',
    'ARC-Authentication-Results: i=1; lists.example; dmarc=pass header.from=partner.example',
    'DKIM-Signature: v=1; a=rsa-sha256; d=partner.example; s=s1; h=from; bh=AA=; b=AA=',
    'not a field',
    '',
  ),
  string({ maxLength: 60 }),
)

test(
  'No arrangement of fields makes a forger the partner.',
  async () => {
    await assert(
      asyncProperty(array(line, { maxLength: 6 }), address, boolean(), async (fields, from, isSigned) => {
        const plain = plainMail(from, fields)
        const content = Buffer.from(
          isSigned ? await signed(plain, 'evil.example').catch(() => plain) : plain,
          'latin1',
        )
        const envelope = envelopeOf({ clientIp: '203.0.113.9', reversePath: 'eve@evil.example' })
        const proof = await authenticate({ envelope, content }, trust)
        const mail = await parseMail(content, { reversePath: 'eve@evil.example' })
        const author = domainOf(mail.from?.address ?? '')
        // process.ts takes a proof for a mail whose From was read as the same domain, and else for a failure.
        const isBelieved = proof.result === 'verified' && proof.domain === author
        expect(isBelieved && author === 'partner.example', JSON.stringify({ proof, fields, from })).toBe(
          false,
        )
      }),
      runs(500, 0.05),
    )
  },
  PATIENCE_MS,
)
