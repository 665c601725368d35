/**
 * After a conversation full of passwords, nothing of it is found in clear in anything that the gateway wrote: database, WAL,
 * blobs, captured letters, the log at its loudest.
 */
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type LiveGateway, lettersOfMail, openLiveGateway, registerAgent } from './live-gateway.ts'
import { COMPLETE, INCOMPLETE, PASSWORD, REST, writeMail } from './write-mail.ts'

const FENELLA = 'fenella@otterbrook.example'
const ADA = 'ada@mailhub.example'
const SUBJECT_PASSWORD = 'Whey-Bucket-77'
const BASE64_PASSWORD = 'Ricotta!Ladle!5'
/** Words of the raw mails that no post, letter or header field keeps: they stand in the raw mail alone. */
const RAW_ONLY = ['X-Raw-Only-Marker', 'zebra-raw-4711']

let gateway: LiveGateway
beforeAll(async () => {
  gateway = await openLiveGateway({ log: { level: 'trace' } })
  await registerAgent(gateway.desk, 'Ada', ADA)
  await converse()
})
afterAll(() => gateway.end())

const from = { from: FENELLA }
const marker = { 'X-Raw-Only-Marker': 'zebra-raw-4711' }

async function converse(): Promise<void> {
  const first = await gateway.decide(
    writeMail({ from: FENELLA, text: INCOMPLETE, headerFields: marker }),
    from,
  )
  const [checklist] = await lettersOfMail(gateway.desk, first.inboxId)
  const back = { to: checklist?.reply_to ?? '', inReplyTo: checklist?.message_id ?? '' }
  const second = await gateway.decide(
    writeMail({ from: FENELLA, ...back, text: `${REST}\n\n> quoted`, headerFields: marker }),
    { from: FENELLA, to: [back.to] },
  )
  expect(second.outcome).toBe('completes-draft')
  const letters = await lettersOfMail(gateway.desk, second.inboxId)
  const notice = letters.find((letter) => letter.letter === 'agent-notice')
  // The agent quotes the password back, below the answer.
  await gateway.decide(
    writeMail({
      from: ADA,
      to: notice?.reply_to ?? '',
      inReplyTo: notice?.message_id ?? '',
      text: `Please test again.\n\nOn Monday Fenella wrote:\n> User Credentials: curator@milkchurnmuseum.example / ${PASSWORD}`,
    }),
    { from: ADA, to: [notice?.reply_to ?? ''] },
  )
  await gateway.decide(
    writeMail({
      from: FENELLA,
      subject: `Login for shop@dairy.example, password: ${SUBJECT_PASSWORD}`,
      text: COMPLETE.replace(PASSWORD, SUBJECT_PASSWORD),
    }),
    from,
  )
  await gateway.decide(
    writeMail({
      from: FENELLA,
      text: Buffer.from(COMPLETE.replace(PASSWORD, BASE64_PASSWORD)).toString('base64'),
      headerFields: { 'Content-Transfer-Encoding': 'base64' },
    }),
    from,
  )
  await blobAndVacation(checklist?.reply_to ?? '')
}

/** A mail large enough for the blob folder, and an autoresponder that quotes the password. */
async function blobAndVacation(replyAddress: string): Promise<void> {
  const filler = 'The log says that it went wrong again at noon.\n'.repeat(8_000)
  await gateway.decide(
    writeMail({ from: FENELLA, text: `${COMPLETE}\n\n${filler}`, headerFields: marker }),
    from,
  )
  await gateway.decide(
    writeMail({
      from: FENELLA,
      to: replyAddress,
      subject: 'Out of office',
      text: `I am away. You wrote:\n\nUser Credentials: curator@milkchurnmuseum.example / ${PASSWORD}`,
      headerFields: { 'Auto-Submitted': 'auto-replied' },
    }),
    { from: null, to: [replyAddress] },
  )
  await gateway.waitForLine((line) => line.msg === 'letter sent')
}

function filesBelow(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true })
    .map((name) => join(folder, String(name)))
    .filter((file) => statSync(file).isFile())
}

/** Where one of the texts is found, in clear, as quoted-printable or base64 would show it. */
function found(text: string, octets: Buffer): boolean {
  const clear = octets.toString('latin1')
  const unfolded = clear.replace(/=\r?\n/g, '')
  return (
    clear.includes(text) ||
    unfolded.includes(text.replaceAll('=', '=3D')) ||
    decodedParts(clear).includes(text)
  )
}

function decodedParts(content: string): string {
  const runs = content.match(/(?:[A-Za-z0-9+/]{60,76}\r?\n){1,}[A-Za-z0-9+/]*={0,2}/g) ?? []
  return runs.map((run) => Buffer.from(run, 'base64').toString('latin1')).join('\n')
}

test('The conversation went as meant, and left files of every kind.', () => {
  const names = filesBelow(gateway.folder).map((file) => file.slice(gateway.folder.length))
  expect(names).toContain('/data/ticketgate.db')
  expect(names).toContain('/data/ticketgate.db-wal')
  expect(names.some((name) => name.startsWith('/data/blobs/'))).toBe(true)
  expect(names.some((name) => name.startsWith('/data/sent/'))).toBe(true)
  expect(gateway.lines.length).toBeGreaterThan(20)
})

test.each([PASSWORD, SUBJECT_PASSWORD, BASE64_PASSWORD, ...RAW_ONLY])(
  'No file holds %s, while the gateway runs.',
  (text) => {
    const holding = filesBelow(gateway.folder).filter((file) => found(text, readFileSync(file)))
    expect(holding).toEqual([])
  },
)

test.each([PASSWORD, SUBJECT_PASSWORD, BASE64_PASSWORD, ...RAW_ONLY])(
  'The log at its loudest does not hold %s.',
  (text) => {
    expect(gateway.lines.filter((line) => JSON.stringify(line).includes(text))).toEqual([])
  },
)

test('Above debug the log holds no local part and no subject of a partner.', () => {
  const told = gateway.lines.filter((line) => line['level'] !== 'debug' && line['level'] !== 'trace')
  const text = JSON.stringify(told)
  for (const word of ['fenella', 'curator', 'Journal mailbox', 'milkchurnmuseum'])
    expect(text).not.toContain(word)
})

test('The folder and its files are for the gateway’s user alone.', () => {
  for (const name of ['data/ticketgate.db', 'data/ticketgate.db-wal', 'data/keyring.json']) {
    expect(statSync(join(gateway.folder, name)).mode & 0o077, name).toBe(0)
  }
  for (const file of filesBelow(join(gateway.folder, 'data/blobs')))
    expect(statSync(file).mode & 0o077).toBe(0)
})

test('A file is checked as this test believes: a password in clear would be found.', () => {
  expect(found(PASSWORD, Buffer.from(`a ${PASSWORD} b`))).toBe(true)
  expect(found(PASSWORD, Buffer.from('Cream_Sepa=\r\nrator_4'))).toBe(true)
})
