/** Every shape of an old desk's mailbox gives the same mails, in the order of their dates. */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { NotAMailbox, openOldMailbox } from '../../src/rehearse/old-mailbox.ts'

const folder = mkdtempSync(join(tmpdir(), 'ticketgate-mailbox-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const now = new Date('2026-03-10T00:00:00Z')

function write(name: string, content: string): string {
  const path = join(folder, name)
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, content)
  return path
}

const mail = (subject: string, day: number): string =>
  `Subject: ${subject}\nDate: ${day} Mar 2026 10:00:00 +0000\n\n${subject}\n`
const POSTMARK = 'From fenella@otterbrook.example Mon Mar  2 10:00:00 2026\n'

async function* stream(...chunks: readonly string[]): AsyncGenerator<Uint8Array> {
  for (const chunk of chunks) yield Buffer.from(chunk)
}

async function read(word: string, stdin = '', maxMailBytes = 1_000_000) {
  const mailbox = await openOldMailbox(word, {
    stdin: stream(...(stdin.match(/[^]{1,7}/g) ?? [])),
    maxMailBytes,
    now,
  })
  const found: string[] = []
  for await (const one of mailbox.mails()) {
    found.push(
      one.kind === 'mail'
        ? `${one.place}: ${Buffer.from(one.content).toString().trim().split('\n').at(-1)}`
        : one.reason,
    )
  }
  return { kind: mailbox.kind, total: mailbox.total, found }
}

test('a folder gives its .eml files, also those of folders inside, by date', async () => {
  write('plain/a.eml', mail('third', 4))
  write('plain/b.EML', mail('first', 2))
  write('plain/2026/march/c.eml', mail('second', 3))
  write('plain/notes.txt', 'no mail')
  symlinkSync(join(folder, 'plain/a.eml'), join(folder, 'plain/link.eml'))
  expect(await read(join(folder, 'plain'))).toEqual({
    kind: 'folder',
    total: 3,
    found: ['b.EML: first', '2026/march/c.eml: second', 'a.eml: third'],
  })
})

test('a Maildir gives cur and new and the Maildirs inside, without tmp', async () => {
  write('maildir/cur/1772532000.M1P1.host:2,S', mail('second', 3))
  write('maildir/new/1772445600.M2P1.host', mail('first', 2))
  write('maildir/tmp/1772445600.M3P1.host', mail('never delivered', 2))
  write('maildir/.Sent/cur/1772618400.M4P1.host:2,S', 'Subject: third\n\nthird\n')
  write('maildir/.Sent/new/.keep', '')
  write('maildir/dovecot.index', 'no mail')
  const { found, total } = await read(join(folder, 'maildir'))
  expect(total).toBe(3)
  expect(found).toEqual([
    'new/1772445600.M2P1.host: first',
    'cur/1772532000.M1P1.host:2,S: second',
    '.Sent/cur/1772618400.M4P1.host:2,S: third',
  ])
})

const MBOX = [mail('second', 3), mail('first', 2), 'Subject: undated\n\nundated\n', mail('third', 4)]
  .map((one) => `${POSTMARK}${one}\n`)
  .join('')

test('an mbox gives its mails by date, and one without a date behind the one before it', async () => {
  const found = ['mail 2: first', 'mail 3: undated', 'mail 1: second', 'mail 4: third']
  expect(await read(write('old.mbox', MBOX))).toEqual({ kind: 'mbox', total: 4, found })
})

test('an mbox on standard input comes in its own order, since it cannot be gone back in', async () => {
  const found = ['mail 1: second', 'mail 2: first', 'mail 3: undated', 'mail 4: third']
  expect(await read('-', MBOX)).toEqual({ kind: 'mbox', total: null, found })
})

test('one mail may be a file or standard input', async () => {
  const file = write('one', mail('alone', 2))
  expect(await read(file)).toEqual({ kind: 'mail', total: 1, found: [`${file}: alone`] })
  expect(await read('-', mail('alone', 2))).toEqual({ kind: 'mail', total: 1, found: ['mail 1: alone'] })
})

test('a mail that is too large is left out, and the rest is read', async () => {
  const large = `${mail('large', 1)}${'word '.repeat(1000)}\n`
  const reason = 'larger than the gate accepts (0 MB)'
  const mbox = [large, mail('small', 2)].map((one) => `${POSTMARK}${one}\n`).join('')
  expect((await read(write('large.mbox', mbox), '', 500)).found).toEqual([reason, 'mail 2: small'])
  expect((await read('-', mbox, 500)).found).toEqual([reason, 'mail 2: small'])
  expect((await read(write('large/a.eml', large).replace('/a.eml', ''), '', 500)).found).toEqual([reason])
  expect((await read('-', large, 500)).found).toEqual([reason])
})

test('what is no mailbox is told in one line', async () => {
  mkdirSync(join(folder, 'empty'))
  for (const [word, words] of [
    [join(folder, 'empty'), 'there is no mail in'],
    [join(folder, 'nowhere'), 'cannot open'],
    ['-', 'standard input is empty'],
  ] as const) {
    await expect(read(word)).rejects.toThrow(words)
    await expect(read(word)).rejects.toThrow(NotAMailbox)
  }
})
