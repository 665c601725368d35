/**
 * Forged senders over the wire: a partner's From without proof, and everything that would make it look proven. The
 * listener faces the Internet, so each is refused before its 250 and leaves nothing behind.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openContent } from '../../src/store/content.ts'
import { arcSealed, keyRecord, plainMail, signed } from '../../src/trust/test-mail.ts'
import { type LiveGateway, lettersOfMail, openLiveGateway, registerPartner } from './live-gateway.ts'

const PIET = 'Piet <piet@partner.example>'
const FORGED = plainMail(PIET)

const ZONE = {
  'partner.example TXT': ['v=spf1 ip4:198.51.100.7 -all'],
  '_dmarc.partner.example TXT': ['v=DMARC1; p=reject'],
  ...keyRecord('partner.example'),
  ...keyRecord('evil.example'),
  'evil.example TXT': ['v=spf1 ip4:127.0.0.1 -all'],
}

const LISTENER = { host: '127.0.0.1', port: 0, protocol: 'smtp' }
const TRUST = { arcSealers: ['lists.example'], authservId: 'mx.mailhub.example' }

let gateway: LiveGateway
beforeAll(async () => {
  const listeners = ['internet', 'relay'].map((faces) => ({ ...LISTENER, faces }))
  gateway = await openLiveGateway({ partners: 'registered', trust: TRUST, listeners }, ZONE)
  await registerPartner(gateway.desk, {
    name: 'Partner',
    domain: 'partner.example',
    address: 'piet@partner.example',
  })
})
afterAll(() => gateway.end())

/** The reply to a mail that was refused, or its queue id. */
async function sendTo(listener: number, mail: string, from: string): Promise<string> {
  return gateway.send(mail, { from, listener }).catch((error: Error) => error.message)
}

async function stored(): Promise<number> {
  const rows = await gateway.desk.store.db.selectFrom('inbox').select('id').execute()
  return rows.length
}

const everySignature = async (count: number): Promise<string> => {
  const whole = await signed(FORGED, 'evil.example')
  const field = whole.slice(0, whole.indexOf('From: '))
  return Array.from({ length: count }, (_, at) => field.replace('s=s1;', `s=k${at};`)).join('') + FORGED
}

const results = (name: string): string =>
  `Authentication-Results: ${name}; dmarc=pass header.from=partner.example; spf=pass smtp.mailfrom=piet@partner.example`

describe('facing the Internet', () => {
  test.each<[string, () => string | Promise<string>]>([
    ['nothing but From', () => FORGED],
    ['our own Authentication-Results', () => plainMail(PIET, [results('mailhub.example')])],
    ["our relay's Authentication-Results", () => plainMail(PIET, [results('mx.mailhub.example')])],
    ["somebody else's signature", () => signed(FORGED, 'evil.example')],
    ['a signature over none of the body', () => signed(FORGED, 'partner.example', { maxBodyLength: 0 })],
    [
      'a genuine signature and another text',
      async () => `${await signed(FORGED, 'partner.example')}Click here.\r\n`,
    ],
    ['400 signatures', () => everySignature(400)],
    ['2000 signatures', () => everySignature(2000)],
    [
      'a seal of a sealer whom nobody named',
      () => arcSealed(FORGED, 'evil.example', 'evil.example; dmarc=pass header.from=partner.example'),
    ],
    [
      'a seal in the name of a sealer who did not make it',
      async () =>
        (
          await arcSealed(FORGED, 'evil.example', 'lists.example; dmarc=pass header.from=partner.example')
        ).replaceAll('d=evil.example', 'd=lists.example'),
    ],
    [
      'a second From',
      async () => signed(plainMail('Eve <eve@evil.example>', [`From: ${PIET}`]), 'evil.example'),
    ],
    ['a second author', async () => signed(plainMail(`Eve <eve@evil.example>, ${PIET}`), 'evil.example')],
    ['an empty line above the header', () => `\r\n${FORGED}`],
  ])('a forged mail with %s is refused', async (_, make) => {
    const before = await stored()
    expect(await sendTo(0, await make(), 'eve@evil.example')).toMatch(/\b550 5\.7\.26 /)
    expect(await stored()).toBe(before)
  })

  test('each refusal leaves an event that says who and why', async () => {
    const events = await gateway.desk.store.db
      .selectFrom('event')
      .select('detail')
      .where('kind', '=', 'mail-refused')
      .execute()
    expect(events.map(({ detail }) => detail)).toContain(
      'mail from partner.example by 127.0.0.1: DMARC policy reject of partner.example: no aligned signature, SPF pass',
    )
  })

  test('a genuine mail is taken, and told with its checks', async () => {
    const { inboxId, outcome } = await gateway.decide(
      await signed(plainMail(PIET, [results('mailhub.example').replace('pass', 'fail')]), 'partner.example'),
      { from: 'bounces@evil.example' },
    )
    expect(outcome).toBe('incomplete')
    const row = await gateway.desk.store.db
      .selectFrom('inbox')
      .selectAll()
      .where('id', '=', inboxId)
      .executeTakeFirstOrThrow()
    // Looked up once, before the 250.
    const looked: unknown = JSON.parse(row.proof ?? 'null')
    expect(looked).toMatchObject({ result: 'verified', by: 'DKIM signature of partner.example' })
    expect(JSON.parse(row.evidence ?? 'null')).toMatchObject({ proof: looked })
    const content = await openContent(gateway.desk.store.db, row.content_id, gateway.desk.inboxDeps)
    const kept = Buffer.from(content).toString('latin1')
    expect(kept).toMatch(
      new RegExp(
        `^Received: from \\S+ \\(\\[127\\.0\\.0\\.1\\]\\)\\r\\n\\tby mailhub\\.example with ESMTP id ${inboxId}`,
      ),
    )
    expect(kept).not.toContain('Authentication-Results')
  })

  test('a delivery report to a return path of ours is let in without proof, to any other address it is not', async () => {
    const genuine = await signed(plainMail(PIET, [], 'Please help.\r\n'), 'partner.example')
    const { inboxId } = await gateway.decide(genuine, { from: 'bounces@evil.example' })
    const [letter] = await lettersOfMail(gateway.desk, inboxId)
    const report = plainMail(
      'MAILER-DAEMON@partner.example',
      [],
      `The following address failed:\r\n\r\n  piet@partner.example: 550 5.1.1 no such user\r\n`,
    ).replace('text/plain; charset=utf-8', 'multipart/report; report-type=delivery-status; boundary=b')
    await expect(gateway.send(report, { from: null })).rejects.toThrow('550 5.7.26')
    const taken = await gateway.decide(report, { from: null, to: [letter?.return_path ?? ''] })
    expect(taken.outcome).toBe('bounce')
  })

  test('the same mail again is the same mail, although our trace field differs', async () => {
    const mail = await signed(plainMail(PIET, [], 'Once more.\r\n'), 'partner.example')
    const first = await sendTo(0, mail, 'bounces@evil.example')
    expect(first).toMatch(/^[0-9a-z]{16}$/)
    expect(await sendTo(0, mail, 'bounces@evil.example')).toBe(first)
    expect(await sendTo(1, `${results('mailhub.example')}\r\n${mail}`, 'bounces@evil.example')).toBe(first)
  })
})

describe('behind a relay', () => {
  test('a forged mail is held with its reason, and never refused', async () => {
    const { inboxId, outcome } = await gateway.decide(plainMail(PIET, [], 'Behind.\r\n'), { listener: 1 })
    expect(outcome).toBe('held')
    const row = await gateway.desk.store.db
      .selectFrom('inbox')
      .select(['verdict', 'evidence'])
      .where('id', '=', inboxId)
      .executeTakeFirstOrThrow()
    expect(JSON.parse(row.verdict ?? '')).toMatchObject({ reason: 'proof-failed' })
    expect(JSON.parse(row.evidence ?? '')).toMatchObject({
      proof: {
        by: 'DMARC policy reject of partner.example: no aligned signature; SPF cannot be checked behind a relay',
      },
    })
  })
})
