/** A relay that shows a certificate in its TLS handshake, and clients that show another or none. */
import { X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { createTransport } from 'nodemailer'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { plainMail } from '../../src/trust/test-mail.ts'
import { type LiveGateway, openLiveGateway, registerPartner, SUPPORT } from './live-gateway.ts'

const path = (name: string): string => fileURLToPath(new URL(`../tls/${name}`, import.meta.url))
const certFile = path('localhost-cert.pem')
const keyFile = path('localhost-key.pem')
const cert = readFileSync(certFile, 'utf8')
const key = readFileSync(keyFile, 'utf8')
const { fingerprint256 } = new X509Certificate(cert)

const ZONE = { '_dmarc.partner.example TXT': ['v=DMARC1; p=reject'] }

let gateway: LiveGateway
beforeAll(async () => {
  const listener = { host: '127.0.0.1', port: 0, faces: 'internet' }
  gateway = await openLiveGateway(
    {
      partners: 'registered',
      listeners: [
        { ...listener, tls: { certFile, keyFile } },
        { ...listener, tls: { certFile, keyFile, implicit: true } },
      ],
      trust: { clientCertificates: [fingerprint256, 'localhost'] },
    },
    ZONE,
  )
  const partner = { name: 'Partner', domain: 'partner.example', address: 'piet@partner.example' }
  await registerPartner(gateway.desk, partner)
})
afterAll(() => gateway.end())

async function send(listener: number, tls: object): Promise<string> {
  const client = createTransport({
    host: '127.0.0.1',
    port: gateway.ports[listener] ?? 0,
    secure: listener === 1,
    tls: { rejectUnauthorized: false, ...tls },
  })
  const mail = plainMail('Piet <piet@partner.example>').replace('<m1@', `<${listener}@`)
  try {
    const sent = await client.sendMail({
      raw: mail,
      envelope: { from: 'piet@partner.example', to: [SUPPORT] },
    })
    return sent.response
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  } finally {
    client.close()
  }
}

test.each([
  ['STARTTLS', 0],
  ['TLS from the first octet on', 1],
])(
  'By %s a pinned certificate vouches for the mail; without one the sender must prove it.',
  async (_, listener) => {
    expect(await send(listener, {})).toMatch(/550 5\.7\.26/)
    const queueId = /^250 2\.6\.0 (\w{16})/.exec(await send(listener, { cert, key }))?.[1] ?? ''
    const row = await gateway.desk.store.db
      .selectFrom('inbox')
      .select('trusted_relay')
      .where('id', '=', queueId)
      .executeTakeFirstOrThrow()
    // Pinned: it names localhost as well, but no authority that this machine knows has signed it.
    const pinned = fingerprint256.replaceAll(':', '').toLowerCase().slice(0, 16)
    expect(row.trusted_relay).toBe(`client certificate ${pinned}`)
  },
)
