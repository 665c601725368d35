/** Lists and single views: the keys that scripts rely on, newest first, nothing secret. */
import { expect } from 'vitest'
import type { LetterId } from '../../src/decide/context.ts'
import type { Evidence } from '../../src/decide/explain.ts'
import type { InboxId } from '../../src/mail/mail.ts'
import { claimInbox, finishInbox } from '../../src/store/inbox.ts'
import {
  eventsOf,
  findTicket,
  inboxById,
  ledger,
  lettersOf,
  listInbox,
  listOutbox,
  listTickets,
  outboxById,
  postsOf,
  verdictOf,
} from '../../src/store/list.ts'
import { onEachDatabase, type Place } from './databases.ts'
import { DAY_MS, later, now, put } from './desk-parts.ts'
import { apply, checklist, createTicket, ids, notice, opening, participant, post } from './scene.ts'

const everything = { state: null, limit: 100 }

async function decided(place: Place, text: string, ticketId: string | null): Promise<InboxId> {
  const { store } = place
  const { inboxId } = await put(place, text)
  const claims = await claimInbox(store, { owner: text, now, leaseMs: 1000, limit: 10 })
  const claimed = claims.find((one) => one.row.id === inboxId)
  if (claimed === undefined) throw new Error('not due')
  const verdict = { kind: 'held', reason: 'stranger', ticketId: null } as const
  const evidence = { mode: 'enforce', warnings: ['x'] } as unknown as Evidence
  const end = {
    verdict,
    evidence,
    ticketId,
    messageId: `${text}@x`,
    textKey: null,
    from: 'x@y.example',
    subject: text,
    now,
  }
  await store.transact((tx) => finishInbox(tx, claimed, end))
  return inboxId
}

onEachDatabase((test) => {
  test('empty lists are empty', async ({ place: { store } }) => {
    expect(await listInbox(store.db, everything)).toEqual([])
    expect(await listTickets(store.db, everything)).toEqual([])
    expect(await listOutbox(store.db, everything)).toEqual([])
    expect(await ledger(store.db)).toEqual([])
    expect(await inboxById(store.db, 'nobody')).toBeNull()
    expect(await outboxById(store.db, 'nobody')).toBeNull()
    expect(await verdictOf(store.db, 'nobody')).toBeNull()
  })

  test('a line of the inbox has the keys that scripts rely on', async ({ place }) => {
    const { store } = place
    await apply(store, { changes: opening })
    const inboxId = await decided(place, 'one', ids.ticket)
    const line = {
      id: inboxId,
      receivedAt: now.toISOString(),
      state: 'held',
      outcome: 'held',
      messageId: 'one@x',
      reversePath: 'fenella@otterbrook-it.example',
      forwardPaths: ['support@desk.example'],
      ticket: 'TG-1001',
      duplicates: 0,
      from: 'x@y.example',
      subject: 'one',
      reason: 'stranger',
      lastFault: null,
    }
    expect(await listInbox(store.db, everything)).toEqual([line])
    expect(await inboxById(store.db, inboxId)).toEqual(line)
    expect(await verdictOf(store.db, inboxId)).toEqual({
      verdict: { kind: 'held', reason: 'stranger', ticketId: null },
      evidence: { mode: 'enforce', warnings: ['x'] },
    })
  })

  test('a mail that is not decided yet has its line, and no verdict', async ({ place }) => {
    const { inboxId } = await put(place, 'one', { envelope: { reversePath: null } })
    expect(await inboxById(place.store.db, inboxId)).toMatchObject({
      state: 'received',
      outcome: null,
      reversePath: null,
      ticket: null,
      reason: null,
    })
    expect(await verdictOf(place.store.db, inboxId)).toBeNull()
  })

  test('a line of the tickets has the keys that scripts rely on, passwords masked', async ({
    place: { store },
  }) => {
    const inboxId = 'inbox00000000001' as InboxId
    const details = { value: 'It stopped.', source: 'label', inboxId, secretId: null }
    await apply(store, {
      changes: [
        ...opening,
        { kind: 'update-ticket', ticketId: ids.ticket, fields: { details }, missing: ['steps_taken'] },
        {
          kind: 'seal-credentials',
          ticketId: ids.ticket,
          field: 'credentials',
          username: 'curator',
          password: 'Cream_4',
          source: 'label',
        },
        {
          kind: 'start-promise',
          ticketId: ids.ticket,
          promise: 'first-response',
          queue: 'support',
          promisedMs: 24 * 3_600_000,
          startedAt: now,
          dueAt: later(DAY_MS),
        },
      ],
    })
    const line = {
      id: ids.ticket,
      number: 'TG-1001',
      state: 'draft',
      assignee: null,
      phoneCode: expect.stringMatching(/^\d{6}$/),
      queue: 'support',
      subject: 'Journal mailbox',
      requester: 'fenella@otterbrook-it.example',
      partner: 'Otterbrook',
      missing: ['steps_taken'],
      fields: { details: 'It stopped.', credentials: 'curator / ••••••••' },
      promises: [
        {
          kind: 'first-response',
          state: 'running',
          startedAt: now.toISOString(),
          dueAt: later(DAY_MS).toISOString(),
        },
      ],
    }
    expect(await listTickets(store.db, everything)).toEqual([line])
    for (const word of ['TG-1001', 'tg-1001', '1001', ids.ticket])
      expect(await findTicket(store.db, word)).toEqual(line)
    for (const word of ['TG-1002', '1', '999999999', '9999999999', '', 'TG-', "' or 1=1"]) {
      expect(await findTicket(store.db, word), word).toBeNull()
    }
  })

  test('a line of the outbox has the keys that scripts rely on', async ({ place: { store } }) => {
    const [letter] = await apply(store, { changes: opening, letters: [checklist()] })
    const line = {
      id: letter?.id,
      state: 'queued',
      letter: 'checklist',
      ticket: 'TG-1001',
      to: 'fenella@otterbrook-it.example',
      messageId: letter?.message_id,
      subject: letter?.subject,
      attempts: 0,
      lastReply: null,
      unknown: false,
      nextAttemptAt: now.toISOString(),
      sentAt: null,
      bounced: false,
      bouncedAt: null,
      bounceStatus: null,
    }
    expect(await listOutbox(store.db, everything)).toEqual([line])
    expect(await outboxById(store.db, letter?.id ?? '')).toEqual({
      ...line,
      text: letter?.text,
      replyTo: letter?.reply_to,
      returnPath: letter?.return_path,
      inReplyTo: letter?.in_reply_to,
    })
    const bounced = {
      kind: 'letter-bounced',
      letterId: letter?.id as LetterId,
      outcome: 'bounced',
      suppresses: true,
      status: null,
      diagnosticCode: null,
    } as const
    await apply(store, { changes: [bounced] })
    expect(await listOutbox(store.db, everything)).toMatchObject([{ bounced: true }])
  })

  test('lists are newest first, of one state when asked, and no longer than asked', async ({ place }) => {
    const { store } = place
    await apply(store, { changes: opening, letters: [checklist(), checklist({ withheld: true }), notice()] })
    const second = 'ticket0000000002' as typeof ids.ticket
    await apply(store, {
      changes: [{ ...createTicket, ticketId: second, state: 'open' }, participant({ ticketId: second })],
    })
    const mails = [
      (await put(place, 'a')).inboxId,
      await decided(place, 'b', null),
      (await put(place, 'c')).inboxId,
    ]
    const lines = async (state: string | null, limit = 100) => ({
      inbox: (await listInbox(store.db, { state, limit })).map((line) => mails.indexOf(line.id as InboxId)),
      tickets: (await listTickets(store.db, { state, limit })).map((line) => line.number),
      outbox: (await listOutbox(store.db, { state, limit })).map((line) => line.letter),
    })
    expect(await lines(null)).toEqual({
      inbox: [2, 1, 0],
      tickets: ['TG-1002', 'TG-1001'],
      outbox: ['agent-notice', 'checklist', 'checklist'],
    })
    expect(await lines(null, 1)).toEqual({ inbox: [2], tickets: ['TG-1002'], outbox: ['agent-notice'] })
    expect((await lines('held')).inbox).toEqual([1])
    expect((await lines('draft')).tickets).toEqual(['TG-1001'])
    expect((await lines('withheld')).outbox).toEqual(['checklist'])
    expect(await lines('no such state')).toEqual({ inbox: [], tickets: [], outbox: [] })
  })

  test('the ledger counts every accepted mail once', async ({ place }) => {
    for (const text of ['a', 'b', 'b']) await put(place, text)
    for (const text of ['c', 'd']) await decided(place, text, null)
    const rows = await ledger(place.store.db)
    expect(rows.toSorted((a, b) => (a.state < b.state ? -1 : 1))).toEqual([
      { state: 'held', outcome: 'held', mails: 2 },
      { state: 'received', outcome: null, mails: 2 },
    ])
  })

  test('a ticket tells its posts, letters and events, oldest first', async ({ place: { store } }) => {
    const event = (name: string) =>
      ({ kind: 'record-event', ticketId: ids.ticket, event: name, detail: 'why' }) as const
    await apply(store, {
      changes: [...opening, post({ text: 'second', author: null })],
      letters: [checklist(), notice()],
    })
    await apply(store, { changes: [event('one'), event('two')], at: later(1000) })
    expect(await postsOf(store.db, ids.ticket)).toEqual([
      { at: now.toISOString(), kind: 'partner-mail', author: 'Fenella', text: 'It stopped.' },
      { at: now.toISOString(), kind: 'partner-mail', author: '', text: 'second' },
    ])
    expect((await lettersOf(store.db, ids.ticket)).map((line) => line.letter)).toEqual([
      'checklist',
      'agent-notice',
    ])
    const at = later(1000).toISOString()
    expect(await eventsOf(store.db, { ticketId: ids.ticket })).toEqual([
      { at, kind: 'one', detail: 'why' },
      { at, kind: 'two', detail: 'why' },
    ])
  })
})
