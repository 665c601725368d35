/** TLS on the wire in: STARTTLS, implicit, required; what was said in clear before it is forgotten. */
import { readFileSync } from 'node:fs'
import type { Socket } from 'node:net'
import { type ConnectionOptions, connect as connectTls, type TLSSocket } from 'node:tls'
import { fileURLToPath } from 'node:url'
import { afterEach, expect, test } from 'vitest'
import type { ReceiverOptions } from '../../src/smtp/receive.ts'
import { openClient, runDialogue } from './dialogue.ts'
import { ENVELOPE, QUIT, startTestReceiver, type TestReceiver } from './test-receiver.ts'

const read = (name: string): string =>
  readFileSync(fileURLToPath(new URL(`../tls/${name}`, import.meta.url)), 'utf8')
const cert = read('localhost-cert.pem')
const key = read('localhost-key.pem')

const opened: TestReceiver[] = []

async function start(tls: Partial<NonNullable<ReceiverOptions['tls']>>): Promise<TestReceiver> {
  const receiver = await startTestReceiver({ tls: { cert, key, implicit: false, required: false, ...tls } })
  opened.push(receiver)
  return receiver
}

afterEach(async () => {
  await Promise.all(opened.splice(0).map((receiver) => receiver.close()))
})

const TRUSTING: ConnectionOptions = { host: '127.0.0.1', servername: 'localhost', ca: cert }

function handshake(options: ConnectionOptions): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    const socket = connectTls({ ...TRUSTING, ...options }, () => resolve(socket))
    socket.once('error', reject)
  })
}

/** Says `words` in clear, and starts TLS on the same connection. */
async function startTls(port: number, words: string): Promise<TLSSocket> {
  const client = openClient(port)
  expect(await client.reply()).toMatch(/^220 /)
  client.send('EHLO clear.example\r\n')
  expect(await client.reply()).toMatch(/\n250-STARTTLS\n/)
  client.send(words)
  expect(await client.reply()).toMatch(/^220 2\.0\.0 /)
  const socket: Socket = client.socket.removeAllListeners('data')
  return handshake({ socket })
}

test('STARTTLS encrypts with our own certificate, and the envelope tells it', async () => {
  const receiver = await start({})
  const socket = await startTls(receiver.port, 'STARTTLS\r\n')
  expect(socket.authorized).toBe(true)
  const heard = await runDialogue(
    receiver.port,
    `C: EHLO secret.example
    S: 250 SIZE 65536
    ${ENVELOPE}
    C: DATA
    S: 354
    C: .
    S: 250 2.6.0 q1
    ${QUIT}`,
    socket,
  )
  expect(heard[0]).not.toContain('STARTTLS')
  expect(receiver.arrivals[0]?.envelope).toMatchObject({ tls: true, ehloDomain: 'secret.example' })
})

test('commands injected behind STARTTLS are dropped, and what was said before is forgotten', async () => {
  const receiver = await start({})
  const socket = await startTls(receiver.port, 'STARTTLS\r\nMAIL FROM:<injected@partner.example>\r\n')
  await runDialogue(
    receiver.port,
    `C: RCPT TO:<support@gw.test>
    S: 503 5.5.1
    C: EHLO secret.example
    S: 250 SIZE 65536
    C: RCPT TO:<support@gw.test>
    S: 503 5.5.1
    ${QUIT}`,
    socket,
  )
})

test('where TLS is required, mail in clear is refused', async () => {
  const receiver = await start({ required: true })
  await runDialogue(
    receiver.port,
    `S: 220 gw.test
    C: EHLO clear.example
    S: 250 SIZE 65536
    C: MAIL FROM:<pat@partner.example>
    S: 530 5.7.0
    ${QUIT}`,
  )
  const socket = await startTls(receiver.port, 'STARTTLS\r\n')
  await runDialogue(receiver.port, `C: EHLO a.example\nS: 250 SIZE 65536\n${ENVELOPE}${QUIT}`, socket)
})

test('implicit TLS speaks TLS from the first octet and announces no STARTTLS', async () => {
  const receiver = await start({ implicit: true })
  const socket = await handshake({ port: receiver.port })
  const heard = await runDialogue(
    receiver.port,
    `S: 220 gw.test
    C: EHLO secret.example
    S: 250 SIZE 65536
    ${ENVELOPE}
    C: DATA
    S: 354
    C: .
    S: 250 2.6.0 q1
    C: STARTTLS
    S: 500 5.5.2
    ${QUIT}`,
    socket,
  )
  expect(heard[1]).not.toContain('STARTTLS')
  expect(receiver.arrivals[0]?.envelope.tls).toBe(true)
})

test('TLS older than 1.2 is refused', async () => {
  const receiver = await start({ implicit: true })
  await expect(
    handshake({
      port: receiver.port,
      minVersion: 'TLSv1',
      maxVersion: 'TLSv1.1',
      ciphers: 'DEFAULT@SECLEVEL=0',
    }),
  ).rejects.toThrow(/alert|protocol/i)
})

test('garbage in place of a handshake, or none at all, ends nothing but its own connection', async () => {
  const receiver = await start({ implicit: true })
  const garbage = openClient(receiver.port)
  garbage.send('EHLO clear.example\r\n')
  expect(await garbage.reply()).toBeNull()
  const silent = openClient(receiver.port)
  const socket = await handshake({ port: receiver.port })
  await runDialogue(receiver.port, `S: 220 gw.test\n${QUIT}`, socket)
  // A stop does not wait for the one that never shook hands.
  await receiver.close()
  await silent.closed
})
