/** The table "Who is it?" of docs/architecture.md over the wire: every proof, every sender, both kinds of listener. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { keyRecord, plainMail, signed } from '../../src/trust/test-mail.ts'
import type { Zone } from '../../src/trust/test-zone.ts'
import { type LiveGateway, openLiveGateway, registerAgent, registerPartner } from './live-gateway.ts'

const PROOFS = ['verified', 'none', 'failed', 'temperror'] as const
const SENDERS = ['partner', 'agent', 'stranger'] as const
type ProofName = (typeof PROOFS)[number]
type Sender = (typeof SENDERS)[number]

/** A domain for each cell: what DNS says of it makes the proof. */
const domain = (sender: Sender, proof: ProofName): string => `${sender}-${proof}.example`

const SAID: Readonly<Record<ProofName, (name: string) => Zone>> = {
  verified: keyRecord,
  none: () => ({}),
  failed: (name) => ({
    [`${name} TXT`]: ['v=spf1 ip4:198.51.100.7 -all'],
    [`_dmarc.${name} TXT`]: ['v=DMARC1; p=reject'],
  }),
  temperror: (name) => ({ [`_dmarc.${name} TXT`]: { error: 'ESERVFAIL' } }),
}

const ZONE: Zone = Object.assign(
  {},
  ...SENDERS.flatMap((sender) => PROOFS.map((proof) => SAID[proof](domain(sender, proof)))),
)

const LISTENERS = ['internet', 'relay'].map((faces) => ({
  host: '127.0.0.1',
  port: 0,
  protocol: 'smtp',
  faces,
}))

async function open(partners: 'registered' | 'open'): Promise<LiveGateway> {
  const gateway = await openLiveGateway({ partners, listeners: LISTENERS, trust: {} }, ZONE)
  for (const proof of PROOFS) {
    const name = domain('partner', proof)
    await registerPartner(gateway.desk, { name, domain: name, address: `piet@${name}` })
    await registerAgent(gateway.desk, 'Ada', `piet@${domain('agent', proof)}`)
  }
  return gateway
}

/** What becomes of a mail: its outcome with the reason, what the client was told, or that it waits. */
async function fateOf(gateway: LiveGateway, address: string, listener: number): Promise<string> {
  const plain = plainMail(address).replace('<m1@', `<${listener}.${address}.`)
  const name = address.slice(address.indexOf('@') + 1)
  const mail = name.endsWith('-verified.example') ? await signed(plain, name) : plain
  const sent = await gateway.send(mail, { from: address, listener }).catch((error: Error) => error.message)
  if (!/^[0-9a-z]{16}$/.test(sent)) return /\b550 5\.\d\.\d+/.exec(sent)?.[0] ?? sent
  const row = () =>
    gateway.desk.store.db.selectFrom('inbox').selectAll().where('id', '=', sent).executeTakeFirstOrThrow()
  if ((await row()).proof === null) {
    await gateway.waitForLine(
      (line) =>
        line['inboxId'] === sent &&
        (line.msg === 'decided' || line.msg?.includes('cannot be checked') === true),
    )
  } else if (!(await row()).proof?.includes('temperror')) {
    await gateway.waitForLine((line) => line['inboxId'] === sent && line.msg === 'decided')
  }
  const { state, outcome, verdict, received_at, next_attempt_at } = await row()
  if (state === 'received') return next_attempt_at >= received_at + 60_000 ? 'waits' : 'due'
  const { reason } = JSON.parse(verdict ?? '{}') as { reason?: string }
  return reason === undefined ? (outcome ?? '') : `${outcome} ${reason}`
}

const REFUSED = '550 5.7.26'

describe('with registered partners', () => {
  let gateway: LiveGateway
  beforeAll(async () => {
    gateway = await open('registered')
  })
  afterAll(() => gateway.end())

  test.each<[Sender, ProofName, string, string]>([
    ['partner', 'verified', 'incomplete', 'incomplete'],
    ['partner', 'none', 'incomplete', 'incomplete'],
    ['partner', 'failed', REFUSED, 'held proof-failed'],
    ['partner', 'temperror', 'waits', 'waits'],
    ['agent', 'verified', 'held agent-mail-without-ticket', 'held agent-mail-without-ticket'],
    ['agent', 'none', 'held agent-unproven', 'held agent-unproven'],
    ['agent', 'failed', REFUSED, 'held proof-failed'],
    ['agent', 'temperror', 'waits', 'waits'],
    ['stranger', 'none', 'held stranger', 'held stranger'],
    ['stranger', 'failed', REFUSED, 'held proof-failed'],
    ['stranger', 'temperror', 'waits', 'waits'],
  ])('a mail of a %s whose proof is %s: facing the Internet %s, behind a relay %s', async (...row) => {
    const [sender, proof, facingInternet, behindRelay] = row
    const address = `piet@${domain(sender, proof)}`
    expect([await fateOf(gateway, address, 0), await fateOf(gateway, address, 1)]).toEqual([
      facingInternet,
      behindRelay,
    ])
  })

  test('a verified stranger is turned away with help by the Internet, and held behind a relay', async () => {
    const stranger = `piet@${domain('stranger', 'verified')}`
    expect(await fateOf(gateway, stranger, 0)).toContain('550 5.7.1')
    expect(await fateOf(gateway, stranger, 1)).toBe('held stranger')
  })
})

test('with open partners a verified stranger becomes a partner, an unproven one does not', async () => {
  const gateway = await open('open')
  try {
    expect(await fateOf(gateway, `piet@${domain('stranger', 'verified')}`, 0)).toBe('incomplete')
    expect(await fateOf(gateway, `piet@${domain('stranger', 'none')}`, 0)).toBe('held stranger')
  } finally {
    await gateway.end()
  }
})
