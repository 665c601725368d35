import { expect, test } from 'vitest'
import { makeTrust } from '../config/network.ts'
import type { Envelope } from '../mail/mail.ts'
import { authenticate, THIS_MACHINE, type Trust } from './authenticate.ts'
import { arcSealed, envelopeOf, keyRecord, plainMail, signed } from './test-mail.ts'
import { type Zone, zoneResolver } from './test-zone.ts'

const SPF: Zone = { 'partner.example TXT': ['v=spf1 ip4:198.51.100.7 -all'] }
const SOFT: Zone = { 'partner.example TXT': ['v=spf1 ip4:198.51.100.7 ~all'] }
const REJECT: Zone = { '_dmarc.partner.example TXT': ['v=DMARC1; p=reject'] }
const NONE: Zone = { '_dmarc.partner.example TXT': ['v=DMARC1; p=none'] }
const KEYS: Zone = {
  ...keyRecord('partner.example'),
  ...keyRecord('mail.partner.example'),
  ...keyRecord('evil.example'),
}
const FAIL = { error: 'ESERVFAIL' }

const HERE = { clientIp: '198.51.100.7' }
const ELSEWHERE = { clientIp: '203.0.113.9' }
const OTHER_PATH = { ...ELSEWHERE, reversePath: 'bounces@service.example' }

const FROM = 'Fenella <fenella@partner.example>'
const MAIL = plainMail(FROM)

function trust(zone: Zone | null, change: Partial<Trust> = {}): Trust {
  return {
    trustOf: () => null,
    authservId: null,
    arcSealers: [],
    resolver: zone === null ? null : zoneResolver(zone),
    hostName: 'gate.desk.example',
    ownDomains: ['desk.example'],
    ...change,
  }
}

function prove(mail: string, envelope: Partial<Envelope>, trusted: Trust) {
  return authenticate({ envelope: envelopeOf(envelope), content: Buffer.from(mail, 'latin1') }, trusted)
}

const networks = makeTrust(['127.0.0.0/8', '2001:db8::1', '192.0.2.25'])

test.each([
  ['192.0.2.1', '192.0.2.0/24', 'verified', 'trusted network 192.0.2.0/24'],
  ['127.0.0.1', null, 'verified', 'trusted network 127.0.0.0/8'],
  ['::ffff:127.0.0.1', null, 'verified', 'trusted network 127.0.0.0/8'],
  ['2001:db8::1', null, 'verified', 'trusted network 2001:db8::1'],
  ['192.0.2.1', 'client certificate relay.example', 'verified', 'trusted client certificate relay.example'],
  ['2001:db8::2', null, 'none', 'DNS is not asked, so nothing can be checked'],
  ['192.0.2.1', null, 'none', 'DNS is not asked, so nothing can be checked'],
  [null, 'the caller of ingest', 'verified', 'trusted network the caller of ingest'],
  [null, null, 'none', 'DNS is not asked, so nothing can be checked'],
])('A mail from %s vouched for by %s is %s.', async (clientIp, trustedRelay, result, by) => {
  const proof = await prove(MAIL, { clientIp, trustedRelay }, trust(null, { trustOf: networks }))
  expect(proof).toMatchObject({ result, by })
})

test.each<[string, Partial<Envelope>, Zone, RegExp]>([
  ['its own server', HERE, { ...SPF, ...REJECT }, /^verified: SPF of partner\.example$/],
  ['its own server, no DMARC record', HERE, SPF, /^verified: SPF of partner/],
  [
    'its own server, with DMARC out of reach',
    HERE,
    { ...SPF, '_dmarc.partner.example TXT': FAIL },
    /^verified: SPF/,
  ],
  [
    'another server, under p=reject',
    ELSEWHERE,
    { ...SPF, ...REJECT },
    /^failed: DMARC policy reject.*SPF fail$/,
  ],
  ['another server and path, under p=reject', OTHER_PATH, REJECT, /^failed: DMARC policy reject/],
  [
    'another server, under p=none and -all',
    ELSEWHERE,
    { ...SPF, ...NONE },
    /^failed: SPF of partner\.example denies/,
  ],
  ['another server, under p=none and ~all', ELSEWHERE, { ...SOFT, ...NONE }, /^none: .*p=none/],
  ['another server and path, under p=none', OTHER_PATH, { ...SPF, ...NONE }, /^none: .*p=none/],
  ['another server, no DMARC record, -all', ELSEWHERE, SPF, /^failed: SPF of partner\.example denies/],
  ['another server, no DMARC record, ~all', ELSEWHERE, SOFT, /^none: .*publishes nothing/],
  ['another server and path, no DMARC record', OTHER_PATH, SPF, /^none: .*publishes nothing/],
  ['anywhere, of a domain that publishes nothing', ELSEWHERE, {}, /^none: .*publishes nothing/],
  [
    'anywhere, with SPF out of reach',
    ELSEWHERE,
    { 'partner.example TXT': FAIL },
    /^temperror: .*partner\.example txt/i,
  ],
  [
    'anywhere, with DMARC out of reach',
    ELSEWHERE,
    { '_dmarc.partner.example TXT': FAIL },
    /^temperror: .*_dmarc/,
  ],
  [
    'another path, with the SPF of that path out of reach',
    OTHER_PATH,
    { ...REJECT, 'service.example TXT': FAIL },
    /^failed: DMARC/,
  ],
])('An unsigned mail from %s.', async (_, envelope, zone, expected) => {
  const proof = await prove(MAIL, envelope, trust(zone))
  expect(`${proof.result}: ${proof.by}`).toMatch(expected)
  expect(proof.domain).toBe('partner.example')
})

test.each<[string, string, Zone, RegExp]>([
  ['the very domain of From', 'partner.example', REJECT, /^verified: DKIM signature of partner\.example$/],
  ['a host of it', 'mail.partner.example', REJECT, /^verified: DKIM signature of mail\.partner/],
  [
    'a host of it, with no DMARC record',
    'mail.partner.example',
    {},
    /^verified: DKIM signature of mail\.partner/,
  ],
  [
    'a host of it, where only the domain itself may sign',
    'mail.partner.example',
    { '_dmarc.partner.example TXT': ['v=DMARC1; p=reject; adkim=s'] },
    /^failed: DMARC policy reject/,
  ],
  [
    'a host of it, with DMARC out of reach',
    'mail.partner.example',
    { '_dmarc.partner.example TXT': FAIL },
    /^temperror: .*_dmarc/,
  ],
  ['somebody else', 'evil.example', REJECT, /^failed: .*no aligned signature/],
  ['somebody else, with no DMARC record', 'evil.example', {}, /^none: .*no aligned signature/],
])('A mail by another path that is signed by %s.', async (_, signer, zone, expected) => {
  const proof = await prove(await signed(MAIL, signer), OTHER_PATH, trust({ ...KEYS, ...zone }))
  expect(`${proof.result}: ${proof.by}`).toMatch(expected)
})

test('A signature whose key cannot be asked for is no failure, whatever the policy.', async () => {
  const zone = { ...REJECT, 's1._domainkey.partner.example TXT': FAIL }
  expect(await prove(await signed(MAIL, 'partner.example'), OTHER_PATH, trust(zone))).toMatchObject({
    result: 'temperror',
    by: 'DNS did not answer: s1._domainkey.partner.example TXT',
  })
})

test.each([
  ['was changed', (mail: string) => mail.replace('Nobody', 'Somebody')],
  [
    'was cut from another mail',
    (mail: string) => mail.replace('Subject: Mailbox is full', 'Subject: New password'),
  ],
])('A signed mail that %s is as an unsigned one.', async (_, change) => {
  const mail = change(await signed(MAIL, 'partner.example'))
  expect(await prove(mail, OTHER_PATH, trust({ ...KEYS, ...REJECT }))).toMatchObject({ result: 'failed' })
  expect(await prove(mail, OTHER_PATH, trust(KEYS))).toMatchObject({ result: 'none' })
})

test.each([0, 5])(
  'A signature over the first %d octets of the body does not count.',
  async (maxBodyLength) => {
    const mail = await signed(MAIL, 'partner.example', { maxBodyLength })
    const proof = await prove(mail, OTHER_PATH, trust({ ...KEYS, ...REJECT }))
    expect(proof).toMatchObject({ result: 'failed', by: expect.stringMatching(/no aligned signature/) })
    expect(proof.checks?.join('\n')).toContain('not counted: l= leaves')
  },
)

test.each([
  ['two From fields', plainMail(FROM, ['From: Ada <ada@desk.example>'])],
  ['two authors in From', plainMail(`${FROM}, Ada <ada@desk.example>`)],
])('A mail with %s is not verified, even when it is signed.', async (_, mail) => {
  const proof = await prove(
    await signed(mail, 'partner.example'),
    HERE,
    trust({ ...KEYS, ...SPF, ...REJECT }),
  )
  expect(proof).toMatchObject({ result: 'failed', by: 'it names more than one author' })
})

test('A From that is pushed below an empty line is found all the same.', async () => {
  expect(await prove(`\r\n${MAIL}`, ELSEWHERE, trust({ ...SPF, ...REJECT }))).toMatchObject({
    result: 'failed',
  })
})

test('Of four hundred signatures eight are looked at, and few questions asked.', async () => {
  const questions: string[] = []
  const one = await signed(MAIL, 'partner.example')
  const field = one.slice(0, one.indexOf('From: '))
  const many = Array.from({ length: 400 }, (__, at) => field.replace('s=s1;', `s=x${at};`)).join('')
  const resolver = zoneResolver({ ...KEYS, ...REJECT }, (question) => questions.push(question))
  const proof = await prove(many + one, OTHER_PATH, trust(null, { resolver }))
  expect(proof).toMatchObject({ result: 'failed', by: expect.stringMatching(/^DMARC policy reject/) })
  expect(proof.checks).toContain('dkim=policy (393 of 401 signatures not looked at)')
  expect(questions.length).toBeLessThanOrEqual(12)
})

test('A header that is too large to be checked is not believed.', async () => {
  const mail = plainMail(FROM, [`X-Filler: ${'x'.repeat(300_000)}`])
  expect(await prove(mail, HERE, trust(SPF))).toMatchObject({
    result: 'failed',
    by: 'its header is too large to be checked',
  })
})

test('A mail that asks more of DNS than a fair one does is not believed, and not tried again.', async () => {
  const limits = { questions: 2 }
  expect(await prove(MAIL, ELSEWHERE, trust({ ...SOFT, ...NONE }, { limits }))).toMatchObject({
    result: 'failed',
    by: 'its checks need more DNS look-ups than a fair mail does',
  })
})

test.each([
  ['each question', { dnsMs: 20 }],
  ['the whole', { wholeMs: 20 }],
])('A resolver that is silent ends in a temporary error by the limit of %s.', async (_, limits) => {
  const silent = { 'partner.example TXT': { error: 'silent' } }
  expect(await prove(MAIL, ELSEWHERE, trust(silent, { limits }))).toMatchObject({ result: 'temperror' })
})

const FOUND = 'lists.example; dmarc=pass header.from=partner.example'

test.each<[string, string, readonly string[], string]>([
  ['a named sealer that found DMARC to pass', FOUND, ['lists.example'], 'verified'],
  [
    'a named sealer that found an aligned signature',
    'lists.example; dkim=pass header.d=partner.example',
    ['lists.example'],
    'verified',
  ],
  ['a sealer whom nobody named', FOUND, ['other.example'], 'failed'],
  [
    'a named sealer that found another author',
    'lists.example; dmarc=pass header.from=evil.example',
    ['lists.example'],
    'failed',
  ],
  [
    'a named sealer that found a failure',
    'lists.example; dmarc=fail header.from=partner.example',
    ['lists.example'],
    'failed',
  ],
])('A mail on its way through %s.', async (_, found, arcSealers, result) => {
  const zone = { ...REJECT, ...keyRecord('lists.example') }
  const mail = await arcSealed(MAIL, 'lists.example', found)
  expect(await prove(mail, OTHER_PATH, trust(zone, { arcSealers }))).toMatchObject({ result })
})

test('A seal that was copied onto another text proves nothing.', async () => {
  const zone = { ...REJECT, ...keyRecord('lists.example') }
  const mail = (await arcSealed(MAIL, 'lists.example', FOUND)).replace('Nobody', 'Somebody')
  const proof = await prove(mail, OTHER_PATH, trust(zone, { arcSealers: ['lists.example'] }))
  expect(proof.result).toBe('failed')
})

test("A seal whose sealer's key cannot be asked for is tried again.", async () => {
  const zone = { ...REJECT, 's1._domainkey.lists.example TXT': FAIL }
  const mail = await arcSealed(MAIL, 'lists.example', FOUND)
  const proof = await prove(mail, OTHER_PATH, trust(zone, { arcSealers: ['lists.example'] }))
  expect(proof.result).toBe('temperror')
})

const RELAYED = { clientIp: '192.0.2.25', trustedRelay: '192.0.2.25' }
const STAMPED = { authservId: 'mx.desk.example' }
const stamp = (results: string): string => `Authentication-Results: mx.desk.example; ${results}`

test.each<[string, readonly string[], string]>([
  ['its word that DMARC passed', [stamp('dmarc=pass header.from=partner.example')], 'verified'],
  ['its word that DMARC failed', [stamp('dmarc=fail (p=reject) header.from=partner.example')], 'failed'],
  ['its word about another author', [stamp('dmarc=pass header.from=evil.example')], 'failed'],
  ['the word of another server', ['Authentication-Results: mx.evil.example; dmarc=pass'], 'failed'],
  [
    'its word above a forged one',
    [
      stamp('dmarc=fail (p=reject) header.from=partner.example'),
      stamp('dmarc=pass header.from=partner.example'),
    ],
    'failed',
  ],
  ['no word', [], 'failed'],
])('Behind a relay whose results decide, a forgery with %s.', async (_, fields, result) => {
  const proof = await prove(plainMail(FROM, fields), RELAYED, trust({ ...SPF, ...REJECT }, STAMPED))
  expect(proof.result).toBe(result)
})

test('Behind a relay that says nothing, a signature counts and the address of the relay does not.', async () => {
  const zone: Zone = { ...KEYS, 'partner.example TXT': ['v=spf1 ip4:192.0.2.25 -all'] }
  const trusted = trust(zone, STAMPED)
  expect(await prove(await signed(MAIL, 'partner.example'), RELAYED, trusted)).toMatchObject({
    result: 'verified',
  })
  expect(await prove(MAIL, RELAYED, trusted)).toMatchObject({ result: 'none' })
})

test("What this machine's own programs hand in is judged as what its relay hands on; a person's word is believed.", async () => {
  const trusted = trust({ ...SPF, ...REJECT }, STAMPED)
  const pipe = { clientIp: null, ehloDomain: null }
  expect(await prove(MAIL, { ...pipe, trustedRelay: THIS_MACHINE }, trusted)).toMatchObject({
    result: 'failed',
  })
  expect(await prove(MAIL, { ...pipe, trustedRelay: 'the caller of ingest' }, trusted)).toMatchObject({
    result: 'verified',
  })
})

test.each<[string, Partial<Envelope>, string]>([
  ['the Internet', { clientIp: '127.0.0.1', faces: 'internet' }, 'failed'],
  ['elsewhere, on a listener for relays', { clientIp: '203.0.113.9', faces: 'relay' }, 'failed'],
  ['this machine, on a listener for relays', { clientIp: '127.0.0.1', faces: 'relay' }, 'none'],
  ['this machine as IPv6 shows it', { clientIp: '::ffff:127.0.0.1', faces: 'relay' }, 'none'],
  ['a private network', { clientIp: '10.1.2.3', faces: 'relay' }, 'none'],
  ['a private network of IPv6', { clientIp: 'fd00::25', faces: 'relay' }, 'none'],
  ['a relay that speaks LMTP', { clientIp: '203.0.113.9', faces: 'relay', transport: 'lmtp' }, 'none'],
])('SPF that denies the client, which is %s.', async (_, envelope, result) => {
  expect(await prove(MAIL, envelope, trust(SPF))).toMatchObject({ result })
})
