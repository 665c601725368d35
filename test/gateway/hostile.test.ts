/** Mails that nobody should send: each gets a reply code or a recorded outcome, and the next good mail is decided as ever. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { inboxById } from '../../src/store/list.ts'
import { openClient } from '../smtp/dialogue.ts'
import { type LiveGateway, lettersOfMail, openLiveGateway, SUPPORT } from './live-gateway.ts'
import { INCOMPLETE, writeMail } from './write-mail.ts'

const FENELLA = 'fenella@otterbrook.example'

let gateway: LiveGateway
beforeAll(async () => {
  gateway = await openLiveGateway()
})
afterAll(() => gateway.end())

/** Sends octets without a client's care, and gives the reply to the end of data; null when the server closed. */
async function sendUncared(octets: Uint8Array, sizeParameter = ''): Promise<string | null> {
  const client = openClient(gateway.ports[0] ?? 0)
  try {
    for (const line of [
      null,
      'EHLO client.example',
      `MAIL FROM:<${FENELLA}>${sizeParameter}`,
      `RCPT TO:<${SUPPORT}>`,
      'DATA',
    ]) {
      if (line !== null) client.send(`${line}\r\n`)
      const reply = await client.reply()
      if (reply === null || /^[45]/.test(reply)) return reply
    }
    client.send(octets)
    client.send('\r\n.\r\n')
    return await client.reply()
  } finally {
    client.socket.destroy()
  }
}

/** The octets 0x80 to 0xff in lines of 128, over and over. */
function garbage(octets: number): Buffer {
  const line = Buffer.from(Array.from({ length: 128 }, (_none, at) => 0x80 + at))
  return Buffer.concat(
    Array.from({ length: Math.ceil(octets / 130) }, () => Buffer.concat([line, Buffer.from('\r\n')])),
  )
}

async function goodMailIsDecided(): Promise<void> {
  const decided = await gateway.decide(writeMail({ from: FENELLA, text: INCOMPLETE }), { from: FENELLA })
  expect(decided.outcome).toBe('incomplete')
}

const lines = (count: number): Buffer =>
  Buffer.from('All work and no play makes a dull desk.\r\n'.repeat(count))

test('A mail of 30 MB is refused at once when its size is announced.', async () => {
  expect(await sendUncared(Buffer.alloc(0), ' SIZE=30000000')).toMatch(/^552[ -]5\.3\.4 /)
  await goodMailIsDecided()
})

test('A mail of 30 MB is refused at its end when its size is not announced.', async () => {
  const mail = Buffer.concat([Buffer.from(writeMail({ from: FENELLA, text: '' })), lines(750_000)])
  expect(mail.byteLength).toBeGreaterThan(30_000_000)
  expect(await sendUncared(mail)).toMatch(/^552[ -]5\.3\.4 /)
  await goodMailIsDecided()
})

test('A mail just below the limit is taken and decided.', async () => {
  const decided = await gateway.decide(
    Buffer.concat([Buffer.from(writeMail({ from: FENELLA, text: INCOMPLETE })), lines(600_000)]),
    { from: FENELLA },
  )
  expect(['incomplete', 'unreadable']).toContain(decided.outcome)
})

// Each from somebody else: who writes many mails that bring nothing gets fewer letters.
test.each<[string, Buffer, string, string]>([
  ['without headers', Buffer.from('\r\nHello, it does not work.\r\n'), 'held', 'no-author'],
  ['of one line that is no header', Buffer.from('Hello, it does not work.\r\n'), 'held', 'no-author'],
  ['that is empty', Buffer.from(''), 'held', 'no-author'],
  ['of blank lines', Buffer.from('\r\n\r\n\r\n'), 'held', 'no-author'],
  ['of 8-bit garbage', garbage(100_000), 'held', 'no-author'],
  [
    'with garbage below a header',
    Buffer.concat([Buffer.from(`From: person1@otterbrook.example\r\n\r\n`), garbage(50_000)]),
    'incomplete',
    '',
  ],
  [
    'with a header of garbage',
    Buffer.concat([
      Buffer.from(`From: person2@otterbrook.example\r\nSubject: `),
      garbage(5_000),
      Buffer.from('\r\nx\r\n'),
    ]),
    'incomplete',
    '',
  ],
  [
    'with a NUL in its header',
    Buffer.from(`From: person3@otterbrook.example\r\nSubject: a\0b\r\n\r\nfirst\r\n`),
    'incomplete',
    '',
  ],
  [
    'with a NUL in its body',
    Buffer.from(`From: person4@otterbrook.example\r\n\r\nsecond\0\r\n`),
    'incomplete',
    '',
  ],
  [
    'with a CR by itself',
    Buffer.from(`From: person5@otterbrook.example\r\n\r\nthird\rline\r\n`),
    'incomplete',
    '',
  ],
  ['from nobody', Buffer.from('From: <>\r\nSubject: x\r\n\r\nx\r\n'), 'held', 'no-author'],
])(
  'A mail %s is kept with an outcome, and nobody is written to without an author.',
  async (_name, octets, outcome, reason) => {
    const reply = await sendUncared(octets)
    const inboxId = /^250 2\.6\.0 ([0-9a-z]{16})/.exec(reply ?? '')?.[1]
    expect(inboxId, reply ?? 'closed').toBeDefined()
    await gateway.waitForLine((line) => line.msg === 'decided' && line['inboxId'] === inboxId)
    const line = await inboxById(gateway.desk.store.db, inboxId ?? '')
    expect({ outcome: line?.outcome, reason: line?.reason ?? '' }).toEqual({ outcome, reason })
    const letters = await lettersOfMail(gateway.desk, inboxId ?? '')
    expect(letters.map((letter) => letter.letter)).toEqual(outcome === 'held' ? [] : ['checklist'])
  },
)

test('A NUL that comes in by an encoding is stored without it, like one that came raw.', async () => {
  const mail = writeMail({
    from: FENELLA,
    subject: '=?utf-8?q?a=00b?=',
    text: `${INCOMPLETE}\nA NUL: =00.`,
    headerFields: { 'Content-Transfer-Encoding': 'quoted-printable' },
  })
  const decided = await gateway.decide(mail, { from: FENELLA })
  expect(decided.outcome).toBe('incomplete')
  const posts = await gateway.desk.store.db.selectFrom('post').select('text').execute()
  const mails = await gateway.desk.store.db.selectFrom('inbox').select('subject').execute()
  const stored = [...posts.map((row) => row.text), ...mails.map((row) => row.subject ?? '')]
  expect(stored.filter((text) => text.includes('\0'))).toEqual([])
})

test('Nothing of it was a fault of the gateway.', () => {
  expect(gateway.lines.filter((line) => line['level'] === 'error' || line['level'] === 'fatal')).toEqual([])
})
