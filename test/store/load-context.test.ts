/** Every fact that a decision may use, found by what a mail says; and mails about one thing, each seeing the other. */
import { setImmediate } from 'node:timers/promises'
import { sql } from 'kysely'
import { expect } from 'vitest'
import { NO_ASIDES } from '../../src/decide/aside-keys.ts'
import type { Context, LetterId, TicketId } from '../../src/decide/context.ts'
import type { Evidence } from '../../src/decide/explain.ts'
import { context as baseContext } from '../../src/decide/test-builders.ts'
import type { ThreadKeys } from '../../src/decide/thread-keys.ts'
import type { InboxId } from '../../src/mail/mail.ts'
import { applyEffects } from '../../src/store/apply.ts'
import { claimInbox, finishInbox } from '../../src/store/inbox.ts'
import { type ContextKeys, loadContext } from '../../src/store/load-context.ts'
import type { Store } from '../../src/store/open.ts'
import { addAgent, addPartner } from '../../src/store/registers.ts'
import { onEachDatabase, type Place } from './databases.ts'
import { applyDeps, DAY_MS, HOUR_MS, later, newId, now, put } from './desk-parts.ts'
import {
  acknowledgement,
  apply,
  checklist,
  createTicket,
  ids,
  notice,
  opening,
  participant,
  ROOT,
} from './scene.ts'

const at = { now, newId, brandId: 'brand' }

const noKeys: ThreadKeys = {
  signed: [],
  messageIds: [],
  tagNumbers: [],
  bouncedLetterId: null,
  bouncedMessageId: null,
  messageId: null,
}

const own: InboxId = 'inbox00000000009' as InboxId

function keys(thread: Partial<ThreadKeys> = {}, change: Partial<ContextKeys> = {}): ContextKeys {
  return {
    inboxId: own,
    from: null,
    thread: { ...noKeys, ...thread },
    textKey: null,
    sameKey: null,
    alikeKey: null,
    resumed: null,
    asides: NO_ASIDES,
    now,
    ...change,
  }
}

const { sender: _sender, thread: _thread, bounced: _bounced, earlier: _earlier, ...rest } = baseContext()

const load = (store: Store, wanted: ContextKeys): Promise<Context> =>
  store.transact((tx) => loadContext(tx, wanted, { ...rest, deskMode: 'enforce' }))

const second = 'ticket0000000002' as TicketId

/** A second ticket, number 1002. */
async function openSecond(store: Store): Promise<void> {
  await apply(store, {
    changes: [
      { ...createTicket, ticketId: second, rootMessageId: 'second@otterbrook-it.example' },
      participant({ ticketId: second }),
      { kind: 'remember-message-id', ticketId: second, messageId: 'second@otterbrook-it.example' },
    ],
    at: later(1000),
  })
}

/** Puts a mail and ends it as a duplicate's first copy would be. */
async function endedMail(
  place: Place,
  text: string,
  end: { messageId: string; textKey: string; ticketId: string | null },
) {
  const { store } = place
  const { inboxId } = await put(place, text)
  const [claimed] = await claimInbox(store, { owner: 'x', now, leaseMs: 1, limit: 1 })
  if (claimed === undefined) throw new Error('nothing is due')
  const verdict = { kind: 'automatic', reason: 'list', ticketId: null } as const
  const evidence = {} as Evidence
  await store.transact((tx) =>
    finishInbox(tx, claimed, { ...end, verdict, evidence, from: null, subject: null, now }),
  )
  return inboxId
}

onEachDatabase((test, dialect) => {
  test('a mail that names nothing known belongs nowhere', async ({ place: { store } }) => {
    await apply(store, { changes: opening, letters: [checklist()] })
    const context = await load(
      store,
      keys(
        { messageIds: ['a@b'], tagNumbers: [9, 2 ** 40], messageId: 'c@d', bouncedMessageId: 'e@f' },
        { from: 'x@y.example' },
      ),
    )
    expect(context).toMatchObject({
      inboxId: own,
      now,
      mode: 'enforce',
      sender: { kind: 'stranger' },
      thread: null,
      bounced: null,
      earlier: null,
      lettersToday: 0,
    })
  })

  test('each evidence leads to its ticket, the strongest first', async ({ place: { store } }) => {
    const [letter] = await apply(store, { changes: opening, letters: [checklist()] })
    await openSecond(store)
    const ours = letter?.message_id ?? ''
    const signed = { signed: [{ ticketNumber: 1002, personId: ids.fenella }] }
    const cases: readonly (readonly [Partial<ThreadKeys>, TicketId, string])[] = [
      [{ ...signed, messageIds: [ours], tagNumbers: [1001] }, second, 'signed-address'],
      [
        { signed: [{ ticketNumber: 1, personId: ids.fenella }], messageIds: [ours] },
        ids.ticket,
        'our-message-id',
      ],
      [
        { messageIds: ['second@otterbrook-it.example', ours], tagNumbers: [1002] },
        ids.ticket,
        'our-message-id',
      ],
      [{ messageIds: ['second@otterbrook-it.example', ROOT] }, second, 'foreign-message-id'],
      [
        { messageIds: [ROOT, 'second@otterbrook-it.example'], tagNumbers: [1002] },
        ids.ticket,
        'foreign-message-id',
      ],
      [{ tagNumbers: [77, 1002, 1001] }, second, 'subject-tag'],
      [{ bouncedLetterId: letter?.id as LetterId }, ids.ticket, 'bounce-path'],
      [{ bouncedMessageId: ours }, ids.ticket, 'bounce-path'],
      [{ bouncedMessageId: ours, tagNumbers: [1002] }, second, 'subject-tag'],
    ]
    for (const [thread, ticketId, by] of cases) {
      const context = await load(store, keys(thread))
      expect([context.thread?.ticket.id, context.thread?.by], JSON.stringify(thread)).toEqual([ticketId, by])
    }
  })

  test('a relay’s own id for our letter counts as ours', async ({ place: { store } }) => {
    await apply(store, { changes: opening })
    await openSecond(store)
    const alias = {
      message_id: 'alias@relay.example',
      ticket_id: second,
      kind: 'alias',
      created_at: 0,
    } as const
    await store.db.insertInto('message_reference').values(alias).execute()
    const context = await load(store, keys({ messageIds: [ROOT, 'alias@relay.example'] }))
    expect(context.thread).toMatchObject({ ticket: { id: second }, by: 'our-message-id' })
  })

  test('ids with NUL, half characters or no end are looked up like any other', async ({
    place: { store },
  }) => {
    await apply(store, { changes: opening })
    const odd = ['nul\0@x', 'half\ud800@x', `${'長'.repeat(1000)}@x`]
    const remember = (messageId: string) =>
      ({ kind: 'remember-message-id', ticketId: ids.ticket, messageId }) as const
    await apply(store, { changes: odd.map(remember) })
    for (const messageId of odd) {
      const context = await load(
        store,
        keys({ messageIds: [messageId], messageId, bouncedMessageId: messageId }),
      )
      expect(context.thread?.by).toBe('foreign-message-id')
    }
  })

  test('the bounced letter is named, by its return path before its Message-ID', async ({
    place: { store },
  }) => {
    const [first, other] = await apply(store, { changes: opening, letters: [checklist(), notice()] })
    const thread = { bouncedLetterId: first?.id as LetterId, bouncedMessageId: other?.message_id ?? '' }
    const expected = {
      letterId: first?.id,
      ticketId: ids.ticket,
      recipient: 'fenella@otterbrook-it.example',
      letter: 'checklist',
      bouncedBefore: false,
      by: 'return-path',
    }
    expect((await load(store, keys(thread))).bounced).toEqual(expected)
    const bounced = {
      kind: 'letter-bounced',
      letterId: first?.id as LetterId,
      outcome: 'bounced',
      suppresses: true,
      status: null,
      diagnosticCode: null,
    } as const
    await apply(store, { changes: [bounced] })
    expect((await load(store, keys(thread))).bounced).toEqual({ ...expected, bouncedBefore: true })
    expect((await load(store, keys({ bouncedMessageId: other?.message_id ?? '' }))).bounced).toMatchObject({
      letterId: other?.id,
      letter: 'agent-notice',
      by: 'message-id',
      bouncedBefore: false,
    })
  })

  test("a report that names the relay's own Message-ID finds the letter, and says how", async ({
    place: { store },
  }) => {
    const [letter] = await apply(store, { changes: opening, letters: [checklist()] })
    const alias = {
      message_id: '0102018f@relay.example',
      ticket_id: ids.ticket,
      kind: 'alias',
      outbox_id: letter?.id ?? '',
      created_at: now.getTime(),
    } as const
    await store.db.insertInto('message_reference').values(alias).execute()
    const found = await load(store, keys({ bouncedMessageId: '0102018f@relay.example' }))
    expect(found.bounced).toMatchObject({ letterId: letter?.id, by: 'alias' })
    expect((await load(store, keys({ bouncedMessageId: ROOT }))).bounced).toBeNull()
  })

  test('a second letter to a dead address about the same ticket is told no second time, one of another ticket is', async ({
    place: { store },
  }) => {
    const [first, another] = await apply(store, {
      changes: opening,
      letters: [checklist(), acknowledgement()],
    })
    const change = {
      kind: 'letter-bounced',
      letterId: first?.id as LetterId,
      outcome: 'bounced',
      suppresses: true,
      status: '5.1.1',
      diagnosticCode: null,
    } as const
    await apply(store, { changes: [change] })
    const before = async (when: Date) =>
      (await load(store, keys({ bouncedLetterId: another?.id as LetterId }, { now: when }))).bounced
        ?.bouncedBefore
    expect(await before(later(6 * DAY_MS))).toBe(true)
    expect(await before(later(8 * DAY_MS))).toBe(false)
  })

  test('what waits for a person or was dropped is no earlier copy, nor is a duplicate', async ({ place }) => {
    const { store } = place
    const ended = await endedMail(place, 'one', { messageId: 'm@x', textKey: 'words', ticketId: null })
    const found = async () => (await load(store, keys({ messageId: 'm@x' }, { textKey: 'words' }))).earlier
    expect(await found()).toMatchObject({ inboxId: ended, sameText: true, post: null })
    for (const row of [
      { state: 'held', outcome: 'held' },
      { state: 'failed', outcome: null },
      { state: 'done', outcome: 'dropped' },
      { state: 'done', outcome: 'duplicate' },
    ] as const) {
      await store.db.updateTable('inbox').set(row).where('id', '=', ended).execute()
      expect(await found(), row.state).toBeNull()
    }
  })

  test('the author of a released mail is whom the operator named, while that person is registered', async ({
    place: { store },
  }) => {
    await apply(store, { changes: opening })
    const resumed = { at: now, vouched: true, as: ids.fenella, asIs: false }
    const wanted = keys({}, { from: 'jo@freemail.example', resumed })
    const named = await load(store, wanted)
    expect(named.sender).toMatchObject({ kind: 'partner', person: { id: ids.fenella } })
    expect(named.resumed).toEqual({ at: now, vouched: true, named: true, asIs: false })
    await store.db.updateTable('person').set({ state: 'removed' }).execute()
    const gone = await load(store, wanted)
    expect(gone.sender).toEqual({ kind: 'stranger' })
    expect(gone.resumed?.named).toBe(false)
  })

  test('an earlier copy is found by its Message-ID, the one with the same words first', async ({ place }) => {
    const { store } = place
    await apply(store, { changes: opening })
    const one = await endedMail(place, 'one', { messageId: 'm@x', textKey: 'words-1', ticketId: ids.ticket })
    const two = await endedMail(place, 'two', { messageId: 'm@x', textKey: 'words-2', ticketId: null })
    await put(place, 'not decided yet')
    const earlier = async (messageId: string | null, textKey: string | null, inboxId = own) =>
      (await load(store, keys({ messageId }, { textKey, inboxId }))).earlier
    expect(await earlier('m@x', 'words-2')).toEqual({
      inboxId: two,
      ticketId: null,
      sameText: true,
      post: null,
    })
    expect(await earlier('m@x', 'words-1')).toEqual({
      inboxId: one,
      ticketId: ids.ticket,
      sameText: true,
      post: null,
    })
    expect(await earlier('m@x', 'words-3')).toEqual({
      inboxId: one,
      ticketId: ids.ticket,
      sameText: false,
      post: null,
    })
    expect(await earlier('m@x', null)).toEqual({
      inboxId: one,
      ticketId: ids.ticket,
      sameText: false,
      post: null,
    })
    expect(await earlier('other@x', 'words-1')).toBeNull()
    expect(await earlier(null, 'words-1')).toBeNull()
    // A mail is no copy of itself.
    expect(await earlier('m@x', 'words-2', two)).toEqual({
      inboxId: one,
      ticketId: ids.ticket,
      sameText: false,
      post: null,
    })
  })

  test('the sender is an agent, a person of a partner, somebody of its domain, or a stranger', async ({
    place: { store },
  }) => {
    await apply(store, { changes: opening })
    await addAgent(
      store,
      { name: 'Ida', role: 'support', addresses: ['ida@desk.example'], timeZone: null },
      at,
    )
    const nordwind = {
      name: 'Nordwind',
      domains: ['nordwind.example'],
      people: [{ name: null, address: 'm@gmail.example' }],
      controlPanelUrl: null,
      timeZone: null,
      language: null,
      mode: 'advise',
      machineMail: 'answer',
    } as const
    await addPartner(store, nordwind, at)
    const senderOf = async (from: string | null) => (await load(store, keys({}, { from }))).sender
    expect(await senderOf('ida@desk.example')).toMatchObject({
      kind: 'agent',
      person: { name: 'Ida', role: 'support' },
    })
    expect(await senderOf('fenella@otterbrook-it.example')).toMatchObject({
      kind: 'partner',
      partner: { name: 'Otterbrook' },
      person: { name: 'Fenella' },
    })
    expect(await senderOf('m@gmail.example')).toMatchObject({
      kind: 'partner',
      partner: { name: 'Nordwind', machineMail: 'answer' },
    })
    expect(await senderOf('new@nordwind.example')).toMatchObject({
      kind: 'partner',
      partner: { name: 'Nordwind' },
      person: null,
    })
    for (const from of ['x@sub.nordwind.example', 'x@gmail.example', 'x@notnordwind.example', null]) {
      expect(await senderOf(from)).toEqual({ kind: 'stranger' })
    }
    const modes = [
      (await load(store, keys({}, { from: 'new@nordwind.example' }))).mode,
      (await load(store, keys({}, { from: 'fenella@otterbrook-it.example' }))).mode,
    ]
    expect(modes).toEqual(['advise', 'enforce'])
  })

  test('letters of the last day that a program decided to send are counted', async ({ place: { store } }) => {
    await apply(store, { changes: opening, letters: [checklist()], at: later(-25 * HOUR_MS) })
    await apply(store, { letters: [checklist(), acknowledgement(), notice()] })
    const count = async (from: string) => (await load(store, keys({}, { from }))).lettersToday
    expect(await count('fenella@otterbrook-it.example')).toBe(2)
    expect(await count('operator@desk.example')).toBe(0)
    expect(
      (await load(store, keys({}, { from: 'fenella@otterbrook-it.example', now: later(DAY_MS + 1) })))
        .lettersToday,
    ).toBe(0)
  })

  if (dialect === 'sqlite') return

  test('two replies on one ticket at once lose no field', async ({ place: { store } }) => {
    await apply(store, { changes: opening })
    const reply = (field: string) =>
      store.transact(async (tx) => {
        const context = await loadContext(tx, keys({ tagNumbers: [1001] }), { ...rest, deskMode: 'enforce' })
        const ticket = context.thread?.ticket
        if (ticket === undefined) throw new Error('no ticket')
        // The other one gets its turn.
        await setImmediate()
        const value = { value: field, source: 'label', inboxId: own, secretId: null }
        const changes = [
          {
            kind: 'update-ticket',
            ticketId: ticket.id,
            fields: { ...ticket.fields, [field]: value },
          } as const,
        ]
        await applyEffects(tx, { effects: { changes, letters: [] }, inboxId: null, now }, applyDeps(store))
      })
    const fields = ['a', 'b', 'c', 'd', 'e', 'f']
    await Promise.all(fields.map(reply))
    const context = await load(store, keys({ tagNumbers: [1001] }))
    expect(Object.keys(context.thread?.ticket.fields ?? {}).toSorted()).toEqual(fields)
  })

  test('of copies that are decided at once all but one see the first', async ({ place }) => {
    const { store } = place
    for (let i = 0; i < 5; i++) await put(place, `copy ${i}`)
    const claims = await claimInbox(store, { owner: 'x', now, leaseMs: 60_000, limit: 5 })
    const seen = await Promise.all(
      claims.map((claimed) =>
        store.transact(async (tx) => {
          const inboxId = claimed.row.id as InboxId
          const wanted = keys({ messageId: 'm@x' }, { inboxId, textKey: 'words' })
          const { earlier } = await loadContext(tx, wanted, { ...rest, deskMode: 'enforce' })
          // Time enough for the others to look.
          for (let i = 0; i < 30; i++) await sql`select 1`.execute(tx)
          const verdict = { kind: 'automatic', reason: 'list', ticketId: null } as const
          const blank = { ticketId: null, from: null, subject: null, evidence: {} as Evidence }
          await finishInbox(tx, claimed, { ...blank, verdict, messageId: 'm@x', textKey: 'words', now })
          return earlier
        }),
      ),
    )
    expect(seen.filter((earlier) => earlier === null)).toHaveLength(1)
    expect(seen.filter((earlier) => earlier?.sameText === true)).toHaveLength(4)
  })

  test('of first mails of one domain at once only one makes the partner', async ({ place: { store } }) => {
    const firstMail = (i: number) =>
      store.transact(async (tx) => {
        const from = `person${i}@otterbrook-it.example`
        const context = await loadContext(tx, keys({}, { from }), { ...rest, deskMode: 'enforce' })
        if (context.sender.kind === 'partner') return 'found'
        await setImmediate()
        const changes = opening.slice(0, 1)
        await applyEffects(tx, { effects: { changes, letters: [] }, inboxId: null, now }, applyDeps(store))
        return 'made'
      })
    const done = await Promise.all([1, 2, 3, 4, 5].map(firstMail))
    expect(done.toSorted()).toEqual(['found', 'found', 'found', 'found', 'made'])
  })
})
