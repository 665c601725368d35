import { afterAll, expect, test } from 'vitest'
import { type Jail, openJail } from './jail.ts'

const HEAD = 'From: ann@partner.example\r\nSubject: Broken\r\nMessage-ID: <1@p>\r\n'
const jails: Jail[] = []

function open(change: { workers?: number; timeoutMs?: number; memoryMb?: number } = {}): Jail {
  const jail = openJail({ workers: 1, timeoutMs: 10_000, memoryMb: 256, ...change })
  jails.push(jail)
  return jail
}

const read = (jail: Jail, content: string): ReturnType<Jail['read']> =>
  jail.read(Buffer.from(content, 'latin1'), { reversePath: 'ann@partner.example' })

afterAll(async () => {
  for (const jail of jails) await jail.close()
})

test('mails beyond the number of workers wait and all get their own answer', async () => {
  const jail = open({ workers: 2 })
  const subjects = Array.from({ length: 20 }, (_none, at) => `number ${at}`)
  const mails = await Promise.all(subjects.map((subject) => read(jail, `Subject: ${subject}\r\n\r\nx`)))
  expect(mails.map(({ subject }) => subject)).toEqual(subjects)
})

test('the caller keeps its octets', async () => {
  const content = Buffer.from(`${HEAD}\r\nHello`)
  await open().read(content, { reversePath: null })
  expect(content.toString()).toBe(`${HEAD}\r\nHello`)
})

test('a mail that takes too long is read by its header, and the next mail is read as ever', async () => {
  const jail = open({ timeoutMs: 150 })
  const slow = `${HEAD}Content-Type: text/html\r\n\r\n${'<table><tr><td>a</td><td>b</td></tr></table>'.repeat(22_000)}`
  const parts = Array.from({ length: 40 }, () => `--b\r\n${slow.slice(HEAD.length)}\r\n`).join('')
  expect(await read(jail, `${HEAD}Content-Type: multipart/mixed; boundary=b\r\n\r\n${parts}--b--`)).toEqual({
    kind: 'unreadable',
    reason: 'reading took too long',
    messageId: '1@p',
    from: { displayName: null, address: 'ann@partner.example' },
    subject: 'Broken',
  })
  expect(await read(jail, `${HEAD}\r\nHello`)).toMatchObject({ kind: 'mail', text: 'Hello' })
})

test('a mail that needs too much memory is read by its header', async () => {
  const jail = open({ memoryMb: 20 })
  const markup = '<table><tr><td>a</td><td>b</td></tr></table>'.repeat(22_000)
  expect(await read(jail, `${HEAD}Content-Type: text/html\r\n\r\n${markup}`)).toMatchObject({
    kind: 'unreadable',
    reason: 'reading needed too much memory',
    messageId: '1@p',
  })
})

test.each([
  ['nested blockquotes of 594 KB', `Content-Type: text/html\r\n\r\n${'<blockquote>'.repeat(49_500)}`, 'mail'],
  ['300,000 table cells', `Content-Type: text/html\r\n\r\n<table><tr>${'<td>x'.repeat(300_000)}`, 'mail'],
  ['a header of 2 MB', `X-Long: ${'a'.repeat(2_000_000)}\r\n\r\nx`, 'unreadable'],
  ['a text of 25 MB', `\r\n${'lorem ipsum dolor sit amet\r\n'.repeat(900_000)}`, 'mail'],
])('%s get an answer', async (_name, rest, kind) => {
  expect(await read(open({ timeoutMs: 10_000 }), HEAD + rest)).toMatchObject({ kind, subject: 'Broken' })
})

test('a closed jail refuses, also what still waits', async () => {
  const jail = open()
  const waiting = [read(jail, `${HEAD}\r\na`), read(jail, `${HEAD}\r\nb`)]
  const settled = Promise.allSettled(waiting)
  await jail.close()
  expect((await settled).map(({ status }) => status)).toEqual(['rejected', 'rejected'])
  await expect(read(jail, `${HEAD}\r\nc`)).rejects.toThrow('the jail is closed')
})
