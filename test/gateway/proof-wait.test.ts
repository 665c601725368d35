/** DNS that fails: mail waits with its 250, is tried again, and is decided or in the end held; nobody is refused. */
import { afterEach, expect, test } from 'vitest'
import type { Desk } from '../../src/desk.ts'
import { acceptMail } from '../../src/front-door.ts'
import type { Jail } from '../../src/mail/jail.ts'
import { parseMail } from '../../src/mail/parse.ts'
import { processMail } from '../../src/process.ts'
import { claimInbox } from '../../src/store/inbox.ts'
import { retryMail } from '../../src/store/release.ts'
import { cachedResolver } from '../../src/trust/cached-resolver.ts'
import { envelopeOf, plainMail } from '../../src/trust/test-mail.ts'
import { type Zone, zoneResolver } from '../../src/trust/test-zone.ts'
import { type LiveGateway, openLiveGateway, registerPartner, SUPPORT } from './live-gateway.ts'

const MAIL = Buffer.from(plainMail('Fenella <fenella@partner.example>'))
const HEALTHY: Zone = { 'partner.example TXT': ['v=spf1 ip4:198.51.100.7 -all'] }
const MINUTE_MS = 60_000
const jail: Jail = { read: parseMail, close: async () => undefined }

const opened: LiveGateway[] = []
afterEach(async () => {
  await Promise.all(opened.splice(0).map((gateway) => gateway.end()))
})

type Stage = {
  readonly desk: Desk
  readonly inboxId: string
  /** Moves the clock and decides what is due. Tells what became of it. */
  readonly after: (minutes: number, zone: Zone) => Promise<readonly string[]>
}

/** A mail from the Internet, taken while DNS is as `zone` says. Its gateway listens, but the loops see no such clock. */
async function take(zone: Zone): Promise<Stage> {
  const gateway = await openLiveGateway({ partners: 'registered', trust: {} })
  opened.push(gateway)
  const partner = { name: 'Partner', domain: 'partner.example', address: 'fenella@partner.example' }
  await registerPartner(gateway.desk, partner)
  // Ahead of the gateway's own clock, so that its loops take nothing away from this test.
  let now = Date.now() + 24 * 60 * MINUTE_MS
  const clock = (): Date => new Date(now)
  const at = (dns: Zone): Desk => ({ ...gateway.desk, clock, resolver: zoneResolver(dns) })
  const envelope = envelopeOf({ forwardPaths: [SUPPORT], faces: 'relay', receivedAt: clock() })
  const { inboxId } = await acceptMail(at(zone), { envelope, content: MAIL })
  const after: Stage['after'] = async (minutes, dns) => {
    now += minutes * MINUTE_MS
    const claim = { owner: 'test', now: clock(), leaseMs: MINUTE_MS, limit: 10 }
    const fates: string[] = []
    for (const claimed of await claimInbox(gateway.desk.store, claim)) {
      const fate = await processMail(claimed, at(dns), jail)
      fates.push(fate.kind === 'held' ? `held ${fate.reason}` : fate.kind)
    }
    return fates
  }
  return { desk: at(zone), inboxId, after }
}

const FAILING: Zone = { 'partner.example TXT': { error: 'ESERVFAIL' } }

test('A mail whose sender cannot be looked up waits, and is decided once DNS answers.', async () => {
  const { after } = await take(FAILING)
  expect(await after(0, FAILING)).toEqual(['waits'])
  // Not due: nobody takes it.
  expect(await after(0.5, HEALTHY)).toEqual([])
  expect(await after(0.5, HEALTHY)).toEqual(['incomplete'])
})

test('It is tried again with growing pauses for four hours, and is then held for a person.', async () => {
  const { after, desk, inboxId } = await take(FAILING)
  const tries: number[] = []
  let fate: readonly string[] = []
  for (let minute = 0; minute <= 300 && fate[0]?.startsWith('held') !== true; minute += 1) {
    fate = await after(minute === 0 ? 0 : 1, FAILING)
    if (fate.length > 0) tries.push(minute)
  }
  expect(fate).toEqual(['held proof-temporary'])
  expect(tries).toEqual([0, 1, 2, 4, 8, 16, 32, 62, 92, 122, 152, 182, 212, 242])
  // A person who puts it back has it looked up anew.
  await retryMail(desk.store, inboxId, { now: desk.clock(), newId: desk.applyDeps.newId })
  expect(await after(0, HEALTHY)).toEqual(['incomplete'])
})

test('What was looked up before the 250 is not looked up again, unless DNS failed.', async () => {
  const { desk, after } = await take(HEALTHY)
  expect(await after(0, HEALTHY)).toEqual(['incomplete'])
  const content = Buffer.from(MAIL.toString().replace('<m1@', '<m2@').replace('Nobody', 'Somebody'))
  const envelope = envelopeOf({ forwardPaths: [SUPPORT], receivedAt: desk.clock() })
  await acceptMail(
    desk,
    { envelope, content },
    { result: 'failed', by: 'the wire', domain: 'partner.example' },
  )
  expect(await after(0, HEALTHY)).toEqual(['held proof-failed'])
  const later = Buffer.from(MAIL.toString().replace('<m1@', '<m3@').replace('Nobody', 'Everybody'))
  const now = desk.clock()
  const open = { ...envelope, receivedAt: now }
  await acceptMail(
    desk,
    { envelope: open, content: later },
    { result: 'temperror', by: 'DNS', domain: 'partner.example' },
  )
  expect(await after(0, HEALTHY)).toEqual([])
  expect(await after(1, HEALTHY)).toEqual(['incomplete'])
})

test('A resolver that is silent keeps nobody waiting for ever: the mail gets its 250 and waits.', async () => {
  const silent = zoneResolver({ 'partner.example TXT': { error: 'silent' } })
  const gateway = await openLiveGateway(
    { partners: 'registered', trust: {}, listeners: [{ host: '127.0.0.1', port: 0, faces: 'internet' }] },
    cachedResolver(silent, { queryMs: 50 }),
  )
  opened.push(gateway)
  const inboxId = await gateway.send(MAIL, { from: 'fenella@partner.example' })
  const row = await gateway.desk.store.db
    .selectFrom('inbox')
    .select(['state', 'proof'])
    .where('id', '=', inboxId)
    .executeTakeFirstOrThrow()
  expect(row.state).toBe('received')
  expect(JSON.parse(row.proof ?? '')).toMatchObject({
    result: 'temperror',
    by: 'DNS did not answer: partner.example TXT',
  })
})
