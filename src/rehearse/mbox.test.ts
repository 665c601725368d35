/** An mbox split at every chunk size gives the same mails, whatever its line ends and its quoting. */
import { expect, test } from 'vitest'
import { looksLikeMbox, mailOfSlice, splitMbox } from './mbox.ts'

const POSTMARK = 'From fenella@otterbrook.example Mon Mar  2 10:00:00 2026'

async function* chunksOf(text: string, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < text.length; at += size) yield Buffer.from(text.slice(at, at + size), 'latin1')
}

async function split(text: string, size = text.length, max = 1_000_000): Promise<readonly (string | null)[]> {
  const mails: (string | null)[] = []
  for await (const mail of splitMbox(chunksOf(text, size), max)) {
    mails.push(mail.content?.toString('latin1') ?? null)
    const slice = Buffer.from(text, 'latin1').subarray(mail.start, mail.end)
    if (mail.content !== null) expect(mailOfSlice(slice)).toEqual(mail.content)
  }
  return mails
}

const LONG = `Subject: long\n\n${'word '.repeat(2000)}\n`

const cases: readonly [string, string, readonly string[]][] = [
  ['one mail', `${POSTMARK}\nSubject: a\n\nbody\n\n`, ['Subject: a\n\nbody\n']],
  [
    'two mails with LF',
    `${POSTMARK}\nSubject: a\n\nbody\n\n${POSTMARK}\nSubject: b\n\nmore\n\n`,
    ['Subject: a\n\nbody\n', 'Subject: b\n\nmore\n'],
  ],
  [
    'two mails with CRLF',
    `${POSTMARK}\r\nSubject: a\r\n\r\nbody\r\n\r\n${POSTMARK}\r\nSubject: b\r\n\r\nmore\r\n`,
    ['Subject: a\r\n\r\nbody\r\n', 'Subject: b\r\n\r\nmore\r\n'],
  ],
  [
    'quoted From lines, one level taken off',
    `${POSTMARK}\nSubject: a\n\n>From here\n>>From there\n> From quoted\n>>> deep\n\n`,
    ['Subject: a\n\nFrom here\n>From there\n> From quoted\n>>> deep\n'],
  ],
  [
    'a sentence that starts with the word is no postmark',
    `${POSTMARK}\nSubject: a\n\nHello\n\nFrom what we see it fails.\nFrom 10:30 on it works.\n\n`,
    ['Subject: a\n\nHello\n\nFrom what we see it fails.\nFrom 10:30 on it works.\n'],
  ],
  [
    'a bare postmark behind an empty line',
    'From \nSubject: a\n\nx\n\nFrom \nSubject: b\n\ny\n',
    ['Subject: a\n\nx\n', 'Subject: b\n\ny\n'],
  ],
  [
    'a whole postmark without an empty line before it',
    `${POSTMARK}\nSubject: a\n\nx\n${POSTMARK}\nSubject: b\n\ny\n`,
    ['Subject: a\n\nx\n', 'Subject: b\n\ny\n'],
  ],
  [
    'the postmarks of Thunderbird and Google',
    'From - Mon Mar 02 10:00:00 2026\nSubject: a\n\nx\n\nFrom 17@xxx Mon Mar 02 10:00:00 +0000 2026\nSubject: b\n\ny\n',
    ['Subject: a\n\nx\n', 'Subject: b\n\ny\n'],
  ],
  ['empty lines at the start', `\n\n${POSTMARK}\nSubject: a\n\nx\n`, ['Subject: a\n\nx\n']],
  ['a mail longer than a postmark may be', `${POSTMARK}\n${LONG}\n${POSTMARK}\n${LONG}\n`, [LONG, LONG]],
  ['nothing', '', []],
  ['postmarks without mails', `${POSTMARK}\n${POSTMARK}\n`, []],
]

test.each(cases)('%s comes out alike at every chunk size', async (_name, text, mails) => {
  for (const size of [1, 2, 3, 5, 7, 64, 999, 1003, 4096])
    expect(await split(text, size), `${size}`).toEqual(mails)
})

test('a mail above the limit is told without its octets, and the next one is whole', async () => {
  const text = `${POSTMARK}\n${LONG}\n${POSTMARK}\nSubject: b\n\ny\n\n`
  for (const size of [10, 4096]) expect(await split(text, size, 500)).toEqual([null, 'Subject: b\n\ny\n'])
})

test.each([
  [`${POSTMARK}\nSubject: a`, true],
  ['\r\nFrom \nSubject: a', true],
  ['From: fenella@otterbrook.example\n', false],
  ['Received: from x', false],
  ['From what we see at noon', false],
  ['', false],
])('%j starts an mbox: %s', (head, expected) => {
  expect(looksLikeMbox(Buffer.from(head))).toBe(expected)
})
