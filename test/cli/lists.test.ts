/** Ingest and the lists: exit codes of the pipe transport, the keys of JSON, one mail followed through every list. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { INCOMPLETE, PASSWORD, REST, writeMail } from '../gateway/write-mail.ts'
import { startGatewayProcess } from '../support/gateway-process.ts'
import { expectOneLine, makePlace } from './try-command.ts'

const FENELLA = 'fenella@otterbrook.example'
const SUPPORT = 'escalations@mailhub.example'
const TO = ['--sender', FENELLA, '--recipient', SUPPORT]

const place = makePlace()
const partial = writeMail({ from: FENELLA, text: `${INCOMPLETE}\n${REST.split('\n')[0]}` })
let inboxId = ''
beforeAll(async () => {
  await place.ok(['inbox', 'list'])
  await place.ok(['agent', 'add', 'Ada', '--address', 'ada@mailhub.example'])
  const file = place.write('partial.eml', partial)
  inboxId = (await place.ok(['ingest', file, ...TO])).trim()
})
afterAll(() => place.remove())

test('ingest says the queue id; the same mail again gets the same one, from a file or a pipe.', async () => {
  expect(inboxId).toMatch(/^[0-9a-z]{16}$/)
  expect(await place.ok(['ingest', '-', ...TO], partial)).toBe(
    `${inboxId} (the same mail was here already)\n`,
  )
  const rows = await place.json(['inbox', 'list'])
  expect(rows).toMatchObject([{ id: inboxId, state: 'received', outcome: null, duplicates: 1 }])
})

test('ingest refuses an address that is not ours with 67, and a file that is not there with 2.', async () => {
  expectOneLine(
    await place.run(['ingest', '-', '--sender', FENELLA, '--recipient', 'nobody@mailhub.example'], partial),
    67,
    'nobody@mailhub.example',
  )
  expectOneLine(
    await place.run(['ingest', '-', '--sender', FENELLA, '--recipient', 'a@elsewhere.example'], partial),
    67,
  )
  expectOneLine(await place.run(['ingest', 'absent.eml', ...TO]), 2, 'absent.eml')
})

test('ingest refuses a mail that is too large with 65.', async () => {
  const small = makePlace({ limits: { messageBytes: 65_536 } })
  try {
    await small.ok(['inbox', 'list'])
    expectOneLine(await small.run(['ingest', '-', ...TO], partial + 'x\r\n'.repeat(30_000)), 65, 'too large')
  } finally {
    small.remove()
  }
})

test.each([
  ['the database cannot be reached', { database: 'postgres://gate@127.0.0.1:1/none' }, '127.0.0.1'],
  ['the data folder cannot be made', { data: '/dev/null/data' }, '/dev/null'],
  ['the configuration has a mistake', { mode: 'enforced' }, 'mode'],
])('ingest asks to be tried again, 75, when %s: it must not bounce.', async (_name, change, word) => {
  const broken = makePlace(change)
  try {
    const done = await broken.run(['ingest', '-', ...TO], partial)
    expect(done.code, done.stderr).toBe(75)
    expect(done.stderr).toContain(word)
  } finally {
    broken.remove()
  }
})

test('One mail is followed through every list, with the keys that are promised.', async () => {
  const gateway = await startGatewayProcess({}, place)
  for (const letter of ['checklist', 'agent-notice']) {
    await gateway.waitForLine((line) => line.msg === 'letter sent' && line['letter'] === letter)
  }
  expect(await gateway.stop('SIGTERM')).toBe(0)

  const [mail] = await place.json(['inbox', 'list'])
  expect(Object.keys(mail ?? {})).toEqual(
    expect.arrayContaining([
      'id',
      'receivedAt',
      'state',
      'outcome',
      'messageId',
      'reversePath',
      'forwardPaths',
      'ticket',
      'duplicates',
    ]),
  )
  expect(mail).toMatchObject({
    state: 'done',
    outcome: 'incomplete',
    ticket: 'TG-1001',
    reversePath: FENELLA,
    forwardPaths: [SUPPORT],
  })
  const [ticket] = await place.json(['ticket', 'list'])
  expect(Object.keys(ticket ?? {})).toEqual(
    expect.arrayContaining([
      'id',
      'number',
      'state',
      'queue',
      'subject',
      'requester',
      'partner',
      'missing',
      'fields',
      'promises',
    ]),
  )
  expect(ticket).toMatchObject({
    number: 'TG-1001',
    state: 'draft',
    missing: ['steps_taken'],
    fields: { credentials: 'curator@milkchurnmuseum.example / ••••••••' },
    promises: [],
  })
  const letters = await place.json(['outbox', 'list'])
  expect(Object.keys(letters[0] ?? {})).toEqual(
    expect.arrayContaining([
      'id',
      'state',
      'letter',
      'ticket',
      'to',
      'messageId',
      'subject',
      'attempts',
      'lastReply',
    ]),
  )
  // The first mail of a partner is shown to the desk.
  expect(letters).toMatchObject([
    { letter: 'agent-notice', state: 'sent', ticket: 'TG-1001', to: 'ada@mailhub.example' },
    { letter: 'checklist', state: 'sent', ticket: 'TG-1001', to: FENELLA, attempts: 1 },
  ])
  const pages = [
    await place.ok(['inbox', 'list']),
    await place.ok(['inbox', 'show', inboxId]),
    await place.ok(['inbox', 'list', '--ledger']),
    await place.ok(['ticket', 'list']),
    await place.ok(['ticket', 'show', 'TG-1001']),
    await place.ok(['ticket', 'show', 'TG-1001', '--json']),
    await place.ok(['outbox', 'list']),
    await place.ok(['outbox', 'show', String(letters[0]?.['id'])]),
    await place.ok(['outbox', 'show', String(letters[0]?.['id']), '--json']),
    await place.ok(['explain', inboxId]),
    await place.ok(['explain', inboxId, '--json']),
    await place.ok(['explain', 'partial.eml']),
  ]
  for (const page of pages) {
    expect(page.trim()).not.toBe('')
    expect(page).not.toContain(PASSWORD)
  }
  expect(pages[1]).toContain('Came again  1 time\n')
})

test('explain tells verdict and evidence of a stored mail and of a file, and a file leaves nothing behind.', async () => {
  const [told] = await place.json(['explain', inboxId])
  expect(told).toMatchObject({ id: inboxId, verdict: { kind: 'incomplete', missing: ['steps_taken'] } })
  expect(told).toHaveProperty('evidence')
  const before = await place.json(['inbox', 'list'])
  const file = place.write(
    'other.eml',
    writeMail({ from: 'pat@quayside.example', text: `${INCOMPLETE}\n${REST}` }),
  )
  const [guess] = await place.json(['explain', file])
  expect(guess).toMatchObject({ verdict: { kind: 'new-ticket' } })
  expect(JSON.stringify(guess?.['effects'])).toContain('letter acknowledgement')
  expect(await place.json(['inbox', 'list'])).toEqual(before)
  expect(await place.json(['ticket', 'list'])).toHaveLength(1)
})

test('Lists can be narrowed by state and number.', async () => {
  expect(await place.json(['inbox', 'list', '--state', 'held'])).toEqual([])
  expect(await place.json(['inbox', 'list', '--state', 'done'])).toHaveLength(1)
  expect(await place.json(['inbox', 'list', '--limit', '0'])).toEqual([])
  expect(await place.json(['ticket', 'list', '--state', 'open'])).toEqual([])
  expect(await place.json(['outbox', 'list', '--state', 'sent'])).toHaveLength(2)
})

test.each([
  ['inbox show 0000000000000000', 'no accepted mail'],
  ['inbox retry 0000000000000000', 'no held, failed or dropped mail'],
  ['ticket show TG-9', 'no ticket "TG-9"'],
  ['outbox show 0000000000000000', 'no letter'],
  ['outbox retry 0000000000000000', 'no failed or withheld letter'],
])('`%s` of nothing is told in one line.', async (line, words) => {
  expectOneLine(await place.run(line.split(' ')), 1, words)
})

test('A held mail is decided anew after its sender was registered; a withheld letter can be sent.', async () => {
  const held = makePlace({ partners: 'registered', mode: 'observe' })
  try {
    await held.ok(['migrate'])
    const id = (await held.ok(['ingest', '-', ...TO], partial)).trim()
    const first = await startGatewayProcess({}, held)
    await first.waitForLine((line) => line.msg === 'decided')
    await first.stop('SIGTERM')
    expect(await held.json(['inbox', 'list', '--held'])).toMatchObject([
      { id, outcome: 'held', reason: 'stranger' },
    ])
    expect(await held.ok(['inbox', 'show', id])).toContain(`ticketgate inbox retry ${id}`)
    await held.ok(['partner', 'add', 'Otterbrook IT', '--domain', 'otterbrook.example', '--address', FENELLA])
    await held.ok(['inbox', 'retry', id])
    const second = await startGatewayProcess({}, held)
    await second.waitForLine((line) => line.msg === 'decided' && line['inboxId'] === id)
    const [letter] = await held.json(['outbox', 'list', '--state', 'withheld'])
    expect(letter).toMatchObject({ letter: 'checklist', to: FENELLA, attempts: 0 })
    await held.ok(['outbox', 'retry', String(letter?.['id'])])
    await second.waitForLine((line) => line.msg === 'letter sent' && line['letterId'] === letter?.['id'])
    expect(await second.stop('SIGTERM')).toBe(0)
    expect(await held.json(['inbox', 'list'])).toMatchObject([{ id, state: 'done', outcome: 'incomplete' }])
  } finally {
    held.remove()
  }
})
