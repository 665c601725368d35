/** The wire in, from 354 to the reply: sizes, line ends, loops, failing commits, clients that vanish. */
import { afterEach, describe, expect, test } from 'vitest'
import type { ReceiverOptions } from '../../src/smtp/receive.ts'
import { openClient, runDialogue } from './dialogue.ts'
import {
  ENVELOPE,
  LIMITS,
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

const contents = (receiver: TestReceiver): readonly string[] =>
  receiver.arrivals.map(({ content }) => Buffer.from(content).toString('latin1'))

const SMUGGLED = 'MAIL FROM:<smuggled@partner.example>'

/** Everything that somewhere was taken for the end of data. Each stays content; [sequence, what is stored for it]. */
const SEQUENCES: readonly (readonly [sequence: string, stored: string])[] = [
  ['\\n.\\n', '\r\n.\r\n'],
  ['\\n.\\r\\n', '\r\n.\r\n'],
  ['\\r\\n.\\n', '\r\n.\r\n'],
  ['\\r.\\r', '\r\n.\r\n'],
  ['\\r.\\r\\n', '\r\n.\r\n'],
  ['\\r\\n.\\r', '\r\n.\r\n'],
  ['\\r.\\n', '\r\n.\r\n'],
  ['\\n.\\r', '\r\n.\r\n'],
  ['\\r\\n.\\r\\r\\n', '\r\n.\r\n\r\n'],
  ['\\r\\n\\0.\\r\\n', '\r\n\0.\r\n'],
  ['\\r\\n.\\0\\r\\n', '\r\n.\0\r\n'],
  ['\\r\\n. \\r\\n', '\r\n. \r\n'],
  ['\\n\\r.\\n\\r', '\r\n\r\n.\r\n\r\n'],
  ['\\r\\n..\\r\\n', '\r\n.\r\n'],
]

describe('end of data is CRLF.CRLF and nothing else', () => {
  test.each(SEQUENCES)('%s ends no message and starts no second one', async (sequence, stored) => {
    const receiver = await start()
    const body = `body${sequence}${SMUGGLED}\\r\\nRCPT TO:<support@gw.test>\\r\\nDATA\\r\\nevil\\r\\n.\\r\\n`
    await runDialogue(receiver.port, `${TO_DATA}\nC> ${body}\nS: 250 2.6.0 q1\n${QUIT}`)
    expect(contents(receiver)).toEqual([
      `body${stored}${SMUGGLED}\r\nRCPT TO:<support@gw.test>\r\nDATA\r\nevil\r\n`,
    ])
  })

  test('the same holds when every octet comes alone', async () => {
    const receiver = await start()
    for (const [index, [sequence, stored]] of SEQUENCES.entries()) {
      const client = openClient(receiver.port)
      client.socket.setNoDelay(true)
      const say = async (words: string, expected: RegExp): Promise<void> => {
        client.send(words)
        expect(await client.reply()).toMatch(expected)
      }
      await say('', /^220 /)
      await say('EHLO client.example\r\n', /^250/)
      await say('MAIL FROM:<pat@partner.example>\r\n', /^250 2\.1\.0/)
      await say('RCPT TO:<support@gw.test>\r\n', /^250 2\.1\.5/)
      await say('DATA\r\n', /^354/)
      const octets = Buffer.from(
        JSON.parse(`"body${sequence.replaceAll('\\0', '\\u0000')}${SMUGGLED}"`) + '\r\n.\r\n',
      )
      for (const octet of octets) {
        await new Promise<void>((resolve) => {
          client.socket.write(Buffer.from([octet]), () => resolve())
        })
      }
      expect(await client.reply()).toMatch(new RegExp(`^250 2\\.6\\.0 q${index + 1} `))
      await say('QUIT\r\n', /^221 /)
      expect(await client.reply()).toBeNull()
      expect(contents(receiver)[index]).toBe(`body${stored}${SMUGGLED}\r\n`)
    }
    expect(receiver.arrivals).toHaveLength(SEQUENCES.length)
  })

  test('the true end splits, also behind a bare CR', async () => {
    const receiver = await start()
    await runDialogue(
      receiver.port,
      `${TO_DATA}
      C> body\\r\\r\\n.\\r\\n
      C: MAIL FROM:<pat@partner.example>
      S: 250 2.6.0 q1
      S: 250 2.1.0
      ${QUIT}`,
    )
    expect(contents(receiver)).toEqual(['body\r\n\r\n'])
  })

  test('what was not clean is told', async () => {
    const receiver = await start()
    const bodies = ['a\\r\\nb', 'a\\nb', 'a\\rb', 'a\\0b']
    const mails = bodies.map(
      (body, n) => `${ENVELOPE}C: DATA\nS: 354\nC> ${body}\\r\\n.\\r\\n\nS: 250 2.6.0 q${n + 1}`,
    )
    await runDialogue(receiver.port, `${OPENING}${mails.join('\n')}${QUIT}`)
    expect(receiver.arrivals.map(({ bareNewline, hasNul }) => [bareNewline, hasNul])).toEqual([
      [false, false],
      [true, false],
      [true, false],
      [false, true],
    ])
  })

  test('where it is asked for, what is not clean is refused after its true end', async () => {
    const receiver = await start({ bareNewline: 'reject' })
    for (const body of ['a\\n.\\nb', 'a\\r.\\rb', 'a\\0b']) {
      await runDialogue(
        receiver.port,
        `${TO_DATA}\nC> ${body}\\r\\n.\\r\\n\nS: 550 5.5.2\n${ENVELOPE}${QUIT}`,
      )
    }
    await runDialogue(receiver.port, `${TO_DATA}\nC> ab\\r\\n.\\r\\n\nS: 250 2.6.0\n${QUIT}`)
    expect(contents(receiver)).toEqual(['ab\r\n'])
  })
})

describe('sizes', () => {
  test('a message of the limit is taken, one octet more is refused at its end, and the session goes on', async () => {
    const receiver = await start()
    const line = `${'x'.repeat(62)}\\r\\n`
    const full = line.repeat(LIMITS.messageBytes / 64)
    await runDialogue(
      receiver.port,
      `${TO_DATA}
      C> ${full}.\\r\\n
      S: 250 2.6.0 q1
      ${ENVELOPE}
      C: DATA
      S: 354
      C> ${full.replace('x', 'xx')}.\\r\\n
      S: 552 5.3.4
      ${ENVELOPE}
      ${QUIT}`,
    )
    expect(receiver.arrivals.map(({ content }) => content.byteLength)).toEqual([LIMITS.messageBytes])
  })

  test('a client that does not stop is cut off, and others are served', async () => {
    const receiver = await start()
    const flooding = openClient(receiver.port)
    expect(await flooding.reply()).toMatch(/^220 /)
    flooding.send('EHLO flood.example\r\nMAIL FROM:<a@b.example>\r\nRCPT TO:<support@gw.test>\r\nDATA\r\n')
    for (const code of [/^250/, /^250/, /^250/, /^354/]) expect(await flooding.reply()).toMatch(code)
    const chunk = Buffer.alloc(16_384, 'a')
    const pour = (): void => {
      while (!flooding.socket.destroyed && flooding.socket.write(chunk));
    }
    flooding.socket.on('drain', pour)
    pour()
    await flooding.closed
    await runDialogue(receiver.port, `${TO_DATA}\nC: .\nS: 250 2.6.0 q1\n${QUIT}`)
    expect(contents(receiver)).toEqual([''])
  })

  test('when the memory is full of other mails, a mail is asked to come again', async () => {
    const receiver = await start({ memoryBytes: 10_000 })
    const body = `${'x'.repeat(98)}\\r\\n`
    await runDialogue(
      receiver.port,
      `${TO_DATA}
      C> ${body.repeat(101)}.\\r\\n
      S: 452 4.3.1
      ${ENVELOPE}
      C: DATA
      S: 354
      C> ${body.repeat(99)}.\\r\\n
      S: 250 2.6.0 q1
      ${ENVELOPE}
      C: DATA
      S: 354
      C> ${body.repeat(99)}.\\r\\n
      S: 250 2.6.0 q2
      ${QUIT}`,
    )
  })

  test.each([
    ['an empty message', '', ''],
    ['a message without a header', '\\r\\ntext\\r\\n', '\r\ntext\r\n'],
    ['8-bit octets', '\\xff\\xfe\\x80\\r\\n', '\xff\xfe\x80\r\n'],
  ])('%s is taken as it is', async (_name, body, stored) => {
    const receiver = await start()
    await runDialogue(
      receiver.port,
      `${TO_DATA}\n${body === '' ? '' : `C> ${body}`}\nC: .\nS: 250 2.6.0 q1\n${QUIT}`,
    )
    expect(contents(receiver)).toEqual([stored])
  })
})

test('a mail that has passed fifty servers is a loop', async () => {
  const receiver = await start()
  const received = (count: number): string => 'C: Received: by a.example\n'.repeat(count)
  await runDialogue(
    receiver.port,
    `${TO_DATA}
    ${received(50)}
    C:
    C: text
    C: .
    S: 554 5.4.6
    ${ENVELOPE}
    C: DATA
    S: 354
    ${received(49)}
    C:
    C: text
    C: .
    S: 250 2.6.0 q1
    ${QUIT}`,
  )
})

describe('a commit that does not succeed leaves the mail with the client', () => {
  const refusing: readonly (readonly [string, Partial<ReceiverOptions>, string])[] = [
    ['the store fails', { accept: () => Promise.reject(new Error('locked')) }, '451 4.3.0'],
    [
      'the store is full',
      { accept: () => Promise.reject(new Error('full')), isFull: () => true },
      '452 4.3.1',
    ],
    [
      'accepting throws at once',
      {
        accept: () => {
          throw new Error('fault')
        },
      },
      '451 4.3.0',
    ],
    [
      'the store never answers',
      { accept: () => new Promise(() => undefined), commitTimeoutMs: 20 },
      '451 4.3.0',
    ],
    [
      'the desk refuses it',
      {
        accept: () =>
          Promise.resolve({ kind: 'refused', reply: { code: 550, enhanced: '5.7.26', text: 'Not aligned' } }),
      },
      '550 5.7.26',
    ],
  ]
  test.each(refusing)('when %s', async (_name, change, reply) => {
    const receiver = await start(change)
    await runDialogue(receiver.port, `${TO_DATA}\nC: text\nC: .\nS: ${reply}\n${ENVELOPE}${QUIT}`)
  })
})

test('a mail that takes too long to come in is ended', async () => {
  const receiver = await start({ limits: { ...LIMITS, messageSeconds: 0.05 } })
  await runDialogue(
    receiver.port,
    `${TO_DATA}\nC: the first line, and then nothing\nS: 421 4.4.2\nS: (closed)`,
  )
  expect(receiver.arrivals).toEqual([])
})

test('clients that reset the connection in the middle of DATA leave nothing behind', async () => {
  const receiver = await start()
  const reset = async (): Promise<void> => {
    const client = openClient(receiver.port)
    expect(await client.reply()).toMatch(/^220 /)
    client.send('EHLO a.example\r\nMAIL FROM:<a@b.example>\r\nRCPT TO:<support@gw.test>\r\nDATA\r\n')
    for (const code of [/^250/, /^250/, /^250/, /^354/]) expect(await client.reply()).toMatch(code)
    client.send('Subject: half\r\n\r\nand no')
    client.socket.resetAndDestroy()
    await client.closed
  }
  await Promise.all(Array.from({ length: 50 }, reset))
  await runDialogue(receiver.port, `${TO_DATA}\nC: .\nS: 250 2.6.0 q1\n${QUIT}`)
  expect(contents(receiver)).toEqual([''])
})

test('a client that vanishes before its reply does not stop the commit', async () => {
  const commit = Promise.withResolvers<{ kind: 'accepted'; queueId: string }>()
  const receiver = await start({ accept: () => commit.promise })
  const client = openClient(receiver.port)
  expect(await client.reply()).toMatch(/^220 /)
  client.send('EHLO a.example\r\nMAIL FROM:<a@b.example>\r\nRCPT TO:<support@gw.test>\r\nDATA\r\n')
  for (const code of [/^250/, /^250/, /^250/, /^354/]) expect(await client.reply()).toMatch(code)
  client.send('text\r\n.\r\n')
  await receiver.offered(1)
  client.socket.resetAndDestroy()
  await client.closed
  commit.resolve({ kind: 'accepted', queueId: 'late' })
  await runDialogue(receiver.port, `${TO_DATA}\nC: .\nS: 250 2.6.0 late\n${QUIT}`)
})

describe('LMTP', () => {
  const LMTP_OPENING = 'S: 220 gw.test LMTP\nC: LHLO mta.example\nS: 250 SIZE 65536\n'

  test('gives one reply for each recipient that was accepted', async () => {
    const receiver = await start({ protocol: 'lmtp' })
    await runDialogue(
      receiver.port,
      `${LMTP_OPENING}
      C: MAIL FROM:<pat@partner.example>
      S: 250 2.1.0
      C: RCPT TO:<support@gw.test>
      S: 250 2.1.5
      C: RCPT TO:<nobody@gw.test>
      S: 550 5.1.1
      C: RCPT TO:<own1@gw.test>
      S: 250 2.1.5
      C: RCPT TO:<Support@gw.test>
      S: 250 2.1.5
      C: DATA
      S: 354
      C: text
      C: .
      S: 250 2.6.0 q1
      S: 250 2.6.0 q1
      S: 250 2.6.0 q1
      ${QUIT}`,
    )
    expect(receiver.arrivals.map(({ envelope }) => [envelope.transport, envelope.forwardPaths])).toEqual([
      ['lmtp', ['Support@gw.test', 'own1@gw.test']],
    ])
  })

  test('gives every recipient the refusal, and counts anew for the next mail', async () => {
    const failing = { protocol: 'lmtp', accept: () => Promise.reject(new Error('locked')) } as const
    const receiver = await start(failing)
    const mail = (recipients: number): string => `
      C: MAIL FROM:<pat@partner.example>
      S: 250 2.1.0
      ${Array.from({ length: recipients }, (_, n) => `C: RCPT TO:<own${n}@gw.test>\nS: 250 2.1.5`).join('\n')}
      C: DATA
      S: 354
      C: .
      ${'S: 451 4.3.0\n'.repeat(recipients)}`
    await runDialogue(receiver.port, `${LMTP_OPENING}${mail(3)}${mail(1)}${QUIT}`)
  })

  test('knows no EHLO', async () => {
    const receiver = await start({ protocol: 'lmtp' })
    await runDialogue(receiver.port, `S: 220 gw.test LMTP\nC: EHLO a.example\nS: 500 Error:\n${QUIT}`)
  })
})
