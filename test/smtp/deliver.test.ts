/** The wire out: what becomes of a letter, whatever the relay says or does, and what goes over the wire. */
import { generateKeyPairSync } from 'node:crypto'
import { simpleParser } from 'mailparser'
import { afterEach, expect, test } from 'vitest'
import { openRelay, type RelayOptions } from '../../src/smtp/deliver.ts'
import type { Courier, DeliveryResult, OutgoingLetter } from '../../src/smtp/outgoing.ts'
import { startSink } from '../support/sink.ts'
import { type Remote, startRemote } from './remote.ts'
import { LETTER } from './sample-letter.ts'

const ending: (() => Promise<void>)[] = []

function relayTo(port: number, change: Partial<RelayOptions> = {}): Courier {
  const courier = openRelay({
    host: '127.0.0.1',
    port,
    tls: 'none',
    auth: null,
    dkim: null,
    connections: 2,
    hostName: 'gw.test',
    ...change,
  })
  ending.push(courier.close)
  return courier
}

async function scripted(acts: Parameters<typeof startRemote>[0]): Promise<Remote> {
  const remote = await startRemote(acts)
  ending.push(remote.close)
  return remote
}

afterEach(async () => {
  for (const end of ending.splice(0)) await end()
})

/** What becomes of the letter; `trouble` is one of the route, which every letter would meet. */
type Becomes = 'sent' | 'failed' | 'unknown' | 'deferred' | 'deferred, trouble'

type Case = readonly [name: string, acts: Parameters<typeof startRemote>[0], becomes: Becomes, reply: RegExp]

const CASES: readonly Case[] = [
  ['takes it', {}, 'sent', /^250 2\.0\.0 Ok: queued as 4XyZ$/],
  ['is busy at its greeting', { greeting: '421 4.3.2 busy' }, 'deferred, trouble', /^421 4\.3\.2 busy/],
  [
    'refuses us at its greeting',
    { greeting: '554 5.7.1 not you' },
    'deferred, trouble',
    /^554 5\.7\.1 not you/,
  ],
  ['refuses EHLO and HELO', { EHLO: '550 5.7.1 bad name' }, 'sent', /^250/],
  ['hangs up before its greeting', { greeting: 'hang up' }, 'deferred, trouble', /./],
  ['puts the sender off', { MAIL: '451 4.7.1 later' }, 'deferred', /^451 4\.7\.1 later/],
  ['refuses the sender', { MAIL: '550 5.7.1 no' }, 'failed', /^550 5\.7\.1 no/],
  ['wants a password', { MAIL: '530 5.7.0 authenticate' }, 'deferred, trouble', /^530 5\.7\.0/],
  ['puts the recipient off', { RCPT: '450 4.2.0 greylisted' }, 'deferred', /^450 4\.2\.0 greylisted/],
  ['refuses the recipient', { RCPT: '550 5.1.1 unknown' }, 'failed', /^550 5\.1\.1 unknown/],
  ['refuses DATA', { DATA: '554 5.5.1 no' }, 'failed', /^554 5\.5\.1 no/],
  ['puts the content off', { dot: '452 4.3.1 full' }, 'deferred', /^452 4\.3\.1 full/],
  ['refuses the content', { dot: '554 5.7.1 spam' }, 'failed', /^554 5\.7\.1 spam/],
  ['goes down at the dot', { dot: '421 4.3.2 bye' }, 'deferred, trouble', /^421 4\.3\.2 bye/],
  ['hangs up after the dot', { dot: 'hang up' }, 'unknown', /closed/i],
  ['falls silent after the dot', { dot: 'fall silent' }, 'unknown', /timeout/i],
  ['falls silent at EHLO', { EHLO: 'fall silent' }, 'unknown', /timeout/i],
  ['falls silent at its greeting', { greeting: 'fall silent' }, 'deferred, trouble', /greeting/i],
  ['talks nonsense after the dot', { dot: 'what?' }, 'unknown', /./],
]

const becomes = (result: DeliveryResult): Becomes =>
  result.kind === 'deferred' && result.routeTrouble ? 'deferred, trouble' : result.kind

test.each(CASES)('a relay that %s', async (_name, acts, expected, reply) => {
  const remote = await scripted(acts)
  // Short only where silence is the point: elsewhere a busy machine must not decide.
  const isSilent = Object.values(acts ?? {}).includes('fall silent')
  const result = await relayTo(remote.port, isSilent ? { timeoutMs: 2000 } : {}).deliver(LETTER)
  expect(becomes(result)).toBe(expected)
  expect(result.reply).toMatch(reply)
  // The outbox owns every retry: whatever happened, it was tried once.
  expect(remote.connections()).toBe(1)
  expect(remote.commands.filter((line) => line.startsWith('MAIL')).length).toBeLessThanOrEqual(1)
})

test('a wrong password defers every letter and says that the route is in trouble', async () => {
  const remote = await scripted({ AUTH: '535 5.7.8 wrong' })
  const relay = relayTo(remote.port, { auth: { user: 'gate', password: 'canary-secret' } })
  const result = await relay.deliver(LETTER)
  expect(result).toMatchObject({ kind: 'deferred', routeTrouble: true, reply: '535 5.7.8 wrong' })
  expect(JSON.stringify(result)).not.toContain('canary')
})

test('a relay that cannot be reached defers the letter', async () => {
  const remote = await startRemote()
  await remote.close()
  const result = await relayTo(remote.port).deliver(LETTER)
  expect(result).toMatchObject({ kind: 'deferred', routeTrouble: true })
})

test('one refused letter does not hold up the next one on the same connection', async () => {
  const remote = await scripted({ RCPT: '550 5.1.1 unknown' })
  const relay = relayTo(remote.port, { connections: 1 })
  expect((await relay.deliver(LETTER)).kind).toBe('failed')
  remote.say({ RCPT: '250 2.1.5 ok' })
  expect((await relay.deliver(LETTER)).kind).toBe('sent')
  expect(remote.commands.filter((line) => line.startsWith('EHLO'))).toEqual(['EHLO gw.test'])
})

test('a letter goes to one recipient from its signed return path, and a second try sends the same message', async () => {
  const remote = await scripted({ dot: '451 4.3.0 later' })
  const relay = relayTo(remote.port)
  await relay.deliver(LETTER)
  remote.say({ dot: '250 2.0.0 ok' })
  await relay.deliver(LETTER)
  expect(remote.commands.filter((line) => /^(?:MAIL|RCPT)/.test(line))).toEqual([
    'MAIL FROM:<bounce+token@desk.example>',
    'RCPT TO:<fenella@otterbrook.example>',
    'MAIL FROM:<bounce+token@desk.example>',
    'RCPT TO:<fenella@otterbrook.example>',
  ])
  const [first = '', second = ''] = remote.contents
  // Only the boundary between the parts is drawn anew.
  const plain = (content: string): string => content.replace(/--_NmP-[\w-]+/g, '--boundary')
  expect(plain(first)).toBe(plain(second))
})

test('the message has its own id and date, the thread, and both texts', async () => {
  const sink = await startSink()
  ending.push(sink.close)
  const result = await relayTo(sink.port).deliver(LETTER)
  expect(result.kind).toBe('sent')
  const sunk = await sink.waitFor(1)
  expect(sunk).toMatchObject({
    reversePath: LETTER.returnPath,
    recipients: [LETTER.to.address],
  })
  const mail = await simpleParser(sunk.content)
  expect(mail.messageId).toBe(`<${LETTER.messageId}>`)
  expect(mail.date).toEqual(LETTER.date)
  expect(mail.inReplyTo).toBe('<second@otterbrook.example>')
  expect(mail.references).toEqual(['<first@otterbrook.example>', '<second@otterbrook.example>'])
  expect(mail.subject).toBe(LETTER.subject)
  expect(mail.from?.text).toBe('"Harbour Hosting Support" <support@desk.example>')
  expect(mail.replyTo?.text).toBe('"Harbour Hosting Support" <support+token@desk.example>')
  expect(mail.headers.get('auto-submitted')).toBe('auto-replied')
  expect(mail.headers.get('x-auto-response-suppress')).toBe('All')
  expect(mail.headers.get('content-type')).toMatchObject({ value: 'multipart/alternative' })
  expect(mail.text?.trim()).toBe(LETTER.text.trim())
  expect(mail.html).toBe(LETTER.html)
})

test('hostile words in a letter neither add a header field nor a recipient', async () => {
  const sink = await startSink()
  ending.push(sink.close)
  const hostile: OutgoingLetter = {
    ...LETTER,
    subject: 'hello\r\nBcc: evil@elsewhere.example',
    to: { name: 'A\r\nCc: evil@elsewhere.example', address: LETTER.to.address },
    inReplyTo: 'a@b.example>\r\nX-Evil: yes',
    headerFields: [{ name: 'X-Note', value: 'a\r\nX-Evil: yes' }],
    text: '/etc/passwd',
  }
  expect((await relayTo(sink.port).deliver(hostile)).kind).toBe('sent')
  const sunk = await sink.waitFor(1)
  expect(sunk.recipients).toEqual([LETTER.to.address])
  const header = sunk.content.toString().split('\r\n\r\n')[0] ?? ''
  expect(header).not.toMatch(/^(?:bcc|cc|x-evil):/im)
})

test.each([
  'a\r\nRCPT TO:<evil@elsewhere.example>',
  'evil@elsewhere.example, fenella@otterbrook.example',
  '"evil@elsewhere.example x"@otterbrook.example',
  'fenella@otterbrook.example(comment)',
  'Fenella <evil@elsewhere.example>',
  'a@[127.0.0.1]',
  'fenella',
  '',
])('%j is no address, and fails before anything is sent', async (address) => {
  const remote = await scripted({})
  const result = await relayTo(remote.port).deliver({ ...LETTER, to: { name: null, address } })
  expect(result.kind).toBe('failed')
  expect(remote.commands).toEqual([])
})

test('an international address is sent as it is', async () => {
  const remote = await scripted({ EHLO: '250-relay.example\r\n250 SMTPUTF8' })
  const to = { name: null, address: 'jörg@xn--mnchen-3ya.example' }
  expect((await relayTo(remote.port).deliver({ ...LETTER, to })).kind).toBe('sent')
  expect(remote.commands).toContain('RCPT TO:<jörg@münchen.example>')
  expect(remote.commands).toContain('MAIL FROM:<bounce+token@desk.example> SMTPUTF8')
})

test('a key signs the letter with DKIM', async () => {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
  const sink = await startSink()
  ending.push(sink.close)
  const dkim = { domain: 'desk.example', selector: 'gate', privateKey: pem }
  await relayTo(sink.port, { dkim }).deliver(LETTER)
  const sunk = await sink.waitFor(1)
  const header = (sunk.content.toString().split('\r\n\r\n')[0] ?? '').replace(/\r\n\s+/g, ' ')
  expect(header).toMatch(/^DKIM-Signature: .*d=desk\.example; .*s=gate; /m)
})

test('required TLS is not sent in clear to a relay that has none', async () => {
  const remote = await scripted({})
  const result = await relayTo(remote.port, { tls: 'required' }).deliver(LETTER)
  expect(result).toMatchObject({ kind: 'deferred', routeTrouble: true })
  expect(remote.commands.some((line) => line.startsWith('MAIL'))).toBe(false)
})
