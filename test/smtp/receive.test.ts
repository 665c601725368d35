/** The wire in, command by command: what is answered, with both numbers, and exactly once. */
import { afterEach, expect, test } from 'vitest'
import type { ReceiverOptions } from '../../src/smtp/receive.ts'
import { openClient, runDialogue } from './dialogue.ts'
import {
  ENVELOPE,
  LIMITS,
  NOW,
  OPENING,
  QUIT,
  startTestReceiver,
  type TestReceiver,
  TO_DATA,
} from './test-receiver.ts'

const opened: TestReceiver[] = []

async function start(change: Partial<ReceiverOptions> = {}): Promise<TestReceiver> {
  const receiver = await startTestReceiver(change)
  opened.push(receiver)
  return receiver
}

afterEach(async () => {
  await Promise.all(opened.splice(0).map((receiver) => receiver.close()))
})

test('a mail is answered with its queue id and handed on as it came', async () => {
  const receiver = await start()
  await runDialogue(
    receiver.port,
    `${TO_DATA}
    C: Subject: hello
    C:
    C: ..a dot
    C: text
    C: .
    S: 250 2.6.0 q1
    ${QUIT}`,
  )
  const [arrival] = receiver.arrivals
  expect(Buffer.from(arrival?.content ?? []).toString()).toBe('Subject: hello\r\n\r\n.a dot\r\ntext\r\n')
  expect(arrival).toMatchObject({ bareNewline: false, hasNul: false })
  expect(arrival?.envelope).toEqual({
    reversePath: 'pat@partner.example',
    forwardPaths: ['support@gw.test'],
    transport: 'smtp',
    clientIp: '127.0.0.1',
    ehloDomain: 'client.example',
    tls: false,
    faces: 'relay',
    trustedRelay: null,
    receivedAt: NOW,
  })
})

test('the greeting of EHLO announces enhanced codes and the size, and neither AUTH, STARTTLS, DSN nor CHUNKING', async () => {
  const receiver = await start()
  const [, ehlo] = await runDialogue(receiver.port, `${OPENING}${QUIT}`)
  const words = (ehlo ?? '')
    .split('\n')
    .slice(1)
    .map((line) => line.slice(4))
  expect(words).toEqual(['PIPELINING', '8BITMIME', 'SMTPUTF8', 'ENHANCEDSTATUSCODES', 'SIZE 65536'])
})

test.each([
  ['an unknown mailbox', 'RCPT TO:<nobody@gw.test>', '550 5.1.1'],
  ['another domain', 'RCPT TO:<support@elsewhere.example>', '550 5.7.1'],
  ['a token that is not ours', 'RCPT TO:<support+forged@gw.test>', '550 5.7.1'],
  ['a parameter of RCPT', 'RCPT TO:<support@gw.test> NOTIFY=NEVER', '555 5.5.4'],
  ['an address without SMTPUTF8', 'RCPT TO:<supp\\xc3\\xb6rt@gw.test>', '553 5.6.7'],
  ['a domain without SMTPUTF8', 'RCPT TO:<support@m\\xc3\\xbcnchen.example>', '553 5.6.7'],
  ['octets that are no UTF-8', 'RCPT TO:<supp\\xf6rt@gw.test>', '501 5.1.3'],
  ['no address', 'RCPT TO:<>', '501 5.1.3'],
])('%s is refused at RCPT', async (_name, command, reply) => {
  const receiver = await start()
  await runDialogue(
    receiver.port,
    `${OPENING}
    C: MAIL FROM:<pat@partner.example>
    S: 250 2.1.0
    C: ${command}
    S: ${reply}
    ${QUIT}`,
  )
})

test.each([
  ['an unknown parameter', 'MAIL FROM:<a@b.example> FOO=bar', '555 5.5.4'],
  ['a parameter of DSN', 'MAIL FROM:<a@b.example> RET=HDRS', '555 5.5.4'],
  ['a size beyond the limit', 'MAIL FROM:<a@b.example> SIZE=70000', '552 5.3.4'],
  ['a size that is none', 'MAIL FROM:<a@b.example> SIZE=abc', '501 5.5.4'],
  ['BINARYMIME', 'MAIL FROM:<a@b.example> BODY=BINARYMIME', '501 5.5.4'],
  ['an address without SMTPUTF8', 'MAIL FROM:<\\xc3\\xb6@b.example>', '553 5.6.7'],
  ['a domain without SMTPUTF8', 'MAIL FROM:<a@\\xc3\\xb6.example>', '553 5.6.7'],
  ['octets that are no UTF-8', 'MAIL FROM:<\\xf6@b.example>', '501 5.1.3'],
  ['no brackets', 'MAIL FROM:a@b.example', '501 5.1.7'],
])('%s is refused at MAIL', async (_name, command, reply) => {
  const receiver = await start()
  await runDialogue(receiver.port, `${OPENING}\nC: ${command}\nS: ${reply}\n${ENVELOPE}${QUIT}`)
})

test.each(['AUTH PLAIN AGEAYg==', 'WIZ x', 'SHELL', 'KILL', 'STARTTLS', 'BDAT 5 LAST', 'EXPN staff'])(
  '%s is not known here',
  async (command) => {
    const receiver = await start()
    await runDialogue(receiver.port, `${OPENING}\nC: ${command}\nS: 500 5.5.2\n${ENVELOPE}${QUIT}`)
  },
)

test('SMTPUTF8 lets an international address in, and its domain is handed on in A-labels', async () => {
  const receiver = await start()
  await runDialogue(
    receiver.port,
    `${OPENING}
    C: MAIL FROM:<j\\xc3\\xb6rg@M\\xc3\\xbcnchen.example> SMTPUTF8
    S: 250 2.1.0
    C: RCPT TO:<Support@GW.Test>
    S: 250 2.1.5
    C: DATA
    S: 354
    C: .
    S: 250 2.6.0 q1
    # A-labels need no extension
    C: MAIL FROM:<a@xn--mnchen-3ya.example>
    S: 250 2.1.0
    C: RCPT TO:<support@gw.test>
    S: 250 2.1.5
    C: DATA
    S: 354
    C: .
    S: 250 2.6.0 q2
    ${QUIT}`,
  )
  const [first, second] = receiver.arrivals.map((arrival) => arrival.envelope)
  expect(first).toMatchObject({
    reversePath: 'jörg@xn--mnchen-3ya.example',
    forwardPaths: ['Support@gw.test'],
  })
  expect(second).toMatchObject({ reversePath: 'a@xn--mnchen-3ya.example' })
})

test('a bounce has the null reverse-path', async () => {
  const receiver = await start()
  await runDialogue(
    receiver.port,
    `${OPENING}
    C: MAIL FROM:<>
    S: 250 2.1.0
    C: RCPT TO:<own1@gw.test>
    S: 250 2.1.5
    C: DATA
    S: 354
    C: .
    S: 250 2.6.0 q1
    ${QUIT}`,
  )
  expect(receiver.arrivals[0]?.envelope.reversePath).toBeNull()
})

test('recipients beyond the limit are asked to come later, and are no errors', async () => {
  const receiver = await start({ limits: { ...LIMITS, recipients: 3, sessionErrors: 2 } })
  const rcpt = (n: number): string => `C: RCPT TO:<own${n}@gw.test>`
  await runDialogue(
    receiver.port,
    `${OPENING}
    C: MAIL FROM:<pat@partner.example>
    S: 250 2.1.0
    ${[1, 2, 3].map((n) => `${rcpt(n)}\nS: 250 2.1.5`).join('\n')}
    ${[4, 5, 6].map((n) => `${rcpt(n)}\nS: 452 4.5.3`).join('\n')}
    C: DATA
    S: 354
    C: .
    S: 250 2.6.0 q1
    ${QUIT}`,
  )
  expect(receiver.arrivals[0]?.envelope.forwardPaths).toEqual([
    'own1@gw.test',
    'own2@gw.test',
    'own3@gw.test',
  ])
})

test('a session with too many errors is ended, and an accepted mail forgives them', async () => {
  const receiver = await start({ limits: { ...LIMITS, sessionErrors: 3 } })
  const wrong = 'C: RCPT TO:<nobody@gw.test>\nS: 550 5.1.1'
  await runDialogue(
    receiver.port,
    `${OPENING}
    C: MAIL FROM:<pat@partner.example>
    S: 250 2.1.0
    ${wrong}
    ${wrong}
    C: RCPT TO:<support@gw.test>
    S: 250 2.1.5
    C: DATA
    S: 354
    C: .
    S: 250 2.6.0 q1
    C: MAIL FROM:<pat@partner.example>
    S: 250 2.1.0
    ${wrong}
    ${wrong}
    ${wrong}
    C: NOOP
    S: 421 4.7.0
    S: (closed)`,
  )
})

test('commands behind a command line without end are not run', async () => {
  const receiver = await start()
  await runDialogue(
    receiver.port,
    `${OPENING}
    C: MAIL FROM:<${'a'.repeat(3000)}@b.example>
    C: NOOP
    S: 421 4.5.2
    S: (closed)`,
  )
})

test('who talks before the greeting, or talks HTTP, is sent away', async () => {
  const receiver = await start()
  await runDialogue(receiver.port, 'C: EHLO early.example\nS: 421 4.7.0\nS: (closed)')
  await runDialogue(receiver.port, 'S: 220 gw.test\nC: GET / HTTP/1.1\nS: 421 4.7.0\nS: (closed)')
})

test('several mails and their commands may be pipelined', async () => {
  const receiver = await start()
  await runDialogue(
    receiver.port,
    `${OPENING}
    C: MAIL FROM:<pat@partner.example>
    C: RCPT TO:<support@gw.test>
    C: RCPT TO:<nobody@gw.test>
    C: DATA
    S: 250 2.1.0
    S: 250 2.1.5
    S: 550 5.1.1
    S: 354
    C: Subject: one
    C: .
    C: MAIL FROM:<pat@partner.example>
    C: RCPT TO:<own1@gw.test>
    C: DATA
    S: 250 2.6.0 q1
    S: 250 2.1.0
    S: 250 2.1.5
    S: 354
    C: Subject: two
    C: .
    C: QUIT
    S: 250 2.6.0 q2
    S: 221 2.0.0
    S: (closed)`,
  )
  expect(receiver.arrivals.map(({ envelope }) => envelope.forwardPaths)).toEqual([
    ['support@gw.test'],
    ['own1@gw.test'],
  ])
})

test('a body behind a refused DATA is not taken for commands', async () => {
  const receiver = await start()
  await runDialogue(
    receiver.port,
    `${OPENING}
    C: MAIL FROM:<pat@partner.example>
    C: RCPT TO:<nobody@gw.test>
    C: DATA
    C: RSET
    C: MAIL FROM:<smuggled@partner.example>
    C: RCPT TO:<support@gw.test>
    S: 250 2.1.0
    S: 550 5.1.1
    S: 503 5.5.1
    S: 421 4.5.0
    S: (closed)`,
  )
  // A client that waits goes on.
  await runDialogue(
    receiver.port,
    `${OPENING}
    C: MAIL FROM:<pat@partner.example>
    C: RCPT TO:<nobody@gw.test>
    C: DATA
    S: 250 2.1.0
    S: 550 5.1.1
    S: 503 5.5.1
    C: RSET
    S: 250 2.0.0
    ${ENVELOPE}${QUIT}`,
  )
  expect(receiver.arrivals).toEqual([])
})

test('one address may not take all connections, and gives them back; a trusted relay may', async () => {
  const limits = { ...LIMITS, connectionsPerIp: 2 }
  const receiver = await start({ limits })
  const held = [openClient(receiver.port), openClient(receiver.port)]
  for (const client of held) expect(await client.reply()).toMatch(/^220 /)
  await runDialogue(receiver.port, 'S: 421 4.7.0\nS: (closed)')
  const [first] = held
  first?.send('QUIT\r\n')
  expect(await first?.reply()).toMatch(/^221 /)
  await first?.closed
  // The place is free once the server has seen the close, which is after we have.
  let greeting = ''
  while (!greeting.startsWith('220')) {
    const client = openClient(receiver.port)
    greeting = (await client.reply()) ?? ''
    client.socket.destroy()
  }
  held[1]?.socket.destroy()

  const relay = await start({ limits, trustOf: () => 'our relay' })
  const many = Array.from({ length: 5 }, () => openClient(relay.port))
  for (const client of many) expect(await client.reply()).toMatch(/^220 /)
  for (const client of many) client.socket.destroy()
})

test('all connections together have a limit', async () => {
  const receiver = await start({ limits: { ...LIMITS, connections: 1 } })
  const held = openClient(receiver.port)
  expect(await held.reply()).toMatch(/^220 /)
  await runDialogue(receiver.port, 'S: 421 4.3.2\nS: (closed)')
  held.socket.destroy()
})

test('a fault while greeting is answered and does not end the process', async () => {
  const receiver = await start({
    trustOf: () => {
      throw new Error('no networks')
    },
  })
  await runDialogue(receiver.port, 'S: 421 4.3.0\nS: (closed)')
})

test('a fault while judging a recipient is 451, and the session goes on', async () => {
  const receiver = await start({
    resolveRecipient: () => {
      throw new Error('no addresses')
    },
  })
  await runDialogue(
    receiver.port,
    `${OPENING}
    C: MAIL FROM:<pat@partner.example>
    S: 250 2.1.0
    C: RCPT TO:<support@gw.test>
    S: 451 4.3.0
    ${QUIT}`,
  )
})

test('a port in use is a plain error with the code and the place', async () => {
  const receiver = await start()
  await expect(startTestReceiver({ port: receiver.port })).rejects.toMatchObject({
    code: 'EADDRINUSE',
    port: receiver.port,
    address: '127.0.0.1',
  })
})
