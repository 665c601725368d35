/**
 * The sample mails over the wire: each reaches a real gateway by SMTP, and what is stored afterwards is what a fair human
 * reads in it. Conversations go letter by letter: our real Message-IDs stand where the samples have placeholders.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { jsonList } from '../../src/store/inbox.ts'
import { checkConversation, conversations } from './conversation.ts'
import {
  type Decided,
  type LiveGateway,
  type LogLine,
  lettersOfMail,
  makePostgresDatabase,
  openLiveGateway,
  registerAgent,
} from './live-gateway.ts'

const intake = new URL('../samples/intake/', import.meta.url)
const names = readdirSync(intake)
  .filter((name) => name.endsWith('.eml'))
  .map((name) => name.replace(/\.eml$/, ''))

type Sample = { readonly missing: readonly string[]; readonly either?: readonly string[] }

let gateway: LiveGateway
beforeAll(async () => {
  gateway = await openLiveGateway()
})
afterAll(() => gateway.end())

/** The author's address, as the mail server of a sample's partner would give it. */
function authorOf(content: Buffer): string {
  const from = /^From:[^\r\n]*?([^\s<>"]+@[^\s<>"]+)>?\r?$/im.exec(content.toString('latin1'))?.[1]
  if (from === undefined) throw new Error('a sample without From')
  return from
}

async function ticketOf({ inboxId }: Decided) {
  return gateway.desk.store.db
    .selectFrom('inbox')
    .innerJoin('ticket', 'ticket.id', 'inbox.ticket_id')
    .select(['ticket.state', 'ticket.missing', 'ticket.number'])
    .where('inbox.id', '=', inboxId)
    .executeTakeFirst()
}

test.each(names)(
  'Sample %s comes in by SMTP and lacks exactly what a fair agent would miss.',
  async (name) => {
    const expected = JSON.parse(readFileSync(new URL(`${name}.json`, intake), 'utf8')) as Sample
    const content = readFileSync(new URL(`${name}.eml`, intake))
    const author = authorOf(content)
    const decided = await gateway.decide(content, { from: author })
    const ticket = await ticketOf(decided)
    const counts = (field: string): boolean => !(expected.either ?? []).includes(field)
    const missing = jsonList(ticket?.missing ?? '[]')
    expect(missing.filter(counts).toSorted()).toEqual(expected.missing.filter(counts).toSorted())
    const opens = missing.length === 0
    expect({ outcome: decided.outcome, state: ticket?.state }).toEqual(
      opens ? { outcome: 'new-ticket', state: 'open' } : { outcome: 'incomplete', state: 'draft' },
    )
    const letters = await lettersOfMail(gateway.desk, decided.inboxId)
    const toPartner = letters.filter((letter) => letter.letter !== 'agent-notice')
    expect(toPartner.map(({ letter, to_address }) => ({ letter, to: to_address }))).toEqual([
      { letter: opens ? 'acknowledgement' : 'checklist', to: author.toLowerCase() },
    ])
  },
)

test('All 24 samples have come in, each as a ticket or draft of its own.', async () => {
  expect(names).toHaveLength(24)
  const rows = await gateway.desk.store.db.selectFrom('inbox').select(['state', 'ticket_id']).execute()
  expect(rows).toHaveLength(24)
  expect(new Set(rows.map((row) => row.ticket_id)).size).toBe(24)
  expect(new Set(rows.map((row) => row.state))).toEqual(new Set(['done']))
})

test.each(conversations)('The conversation %s goes over the wire as a fair human expects.', async (name) => {
  const desk = await openLiveGateway()
  try {
    await registerAgent(desk.desk, 'Agent Three', 'agent3@mailhub.example')
    await checkConversation(name, desk)
  } finally {
    await desk.end()
  }
})

describe('on PostgreSQL', () => {
  test.each(['01-filled-in-reply', '04-bounce', '06-lost-headers-and-duplicate'])(
    'the conversation %s goes the same way.',
    async (name) => {
      const live = await openLiveGateway({ database: await makePostgresDatabase(inject('postgresUrl')) })
      try {
        await registerAgent(live.desk, 'Agent Three', 'agent3@mailhub.example')
        await checkConversation(name, live)
      } finally {
        await live.end()
      }
    },
  )

  test('many mails at once are each decided once, by two gateways on one database.', async () => {
    const database = await makePostgresDatabase(inject('postgresUrl'))
    const one = await openLiveGateway({ database })
    const keyRing = join(one.folder, 'data', 'keyring.json')
    const other = await openLiveGateway({ database, keyRing })
    try {
      const sends = names.map((name, at) => {
        const content = readFileSync(new URL(`${name}.eml`, intake))
        return (at % 2 === 0 ? one : other).send(content, { from: authorOf(content) })
      })
      const ids = await Promise.all(sends)
      const decided = (id: string) => (line: LogLine) => line.msg === 'decided' && line['inboxId'] === id
      await Promise.all(
        ids.map((id) => Promise.race([one.waitForLine(decided(id)), other.waitForLine(decided(id))])),
      )
      const rows = await one.desk.store.db.selectFrom('inbox').select(['state', 'ticket_id']).execute()
      expect(rows.map((row) => row.state)).toEqual(names.map(() => 'done'))
      expect(new Set(rows.map((row) => row.ticket_id)).size).toBe(names.length)
      const lines = [...one.lines, ...other.lines]
      expect(lines.filter((line) => line.msg === 'decided')).toHaveLength(names.length)
      expect(lines.filter((line) => line['level'] === 'error')).toEqual([])
    } finally {
      await other.end()
      await one.end()
    }
  })
})
