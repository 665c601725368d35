/** Every change of a ticket, a person or a register, as rows; and nothing at all when the transaction fails. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import type { PersonId, SecretId, StoredField, TicketId } from '../../src/decide/context.ts'
import { nothingSaid } from '../../src/decide/test-builders.ts'
import type { InboxId } from '../../src/mail/mail.ts'
import { applyEffects } from '../../src/store/apply.ts'
import { secretBinding } from '../../src/store/apply-ticket.ts'
import { eventsOf, findTicket, postsOf } from '../../src/store/list.ts'
import { partnerById, personByAddress } from '../../src/store/load-people.ts'
import { ticketById, ticketByNumber } from '../../src/store/load-ticket.ts'
import type { Store } from '../../src/store/open.ts'
import { open } from '../../src/vault/seal.ts'
import { onEachDatabase } from './databases.ts'
import { applyDeps, DAY_MS, HOUR_MS, later, now, ring } from './desk-parts.ts'
import {
  apply,
  checklist,
  createFenella,
  createPartner,
  createTicket,
  eventKinds,
  ids,
  opening,
  participant,
  person,
  post,
  ROOT,
} from './scene.ts'

const inboxId = 'inbox00000000001' as InboxId

const ticketRow = (store: Store) =>
  store.db.selectFrom('ticket').selectAll().where('id', '=', ids.ticket).executeTakeFirstOrThrow()

const promises = (store: Store) => store.db.selectFrom('promise').selectAll().orderBy('id').execute()

const EVERY_TABLE = [
  'partner',
  'partner_domain',
  'person',
  'address',
  'ticket',
  'post',
  'attachment',
  'participant',
  'promise',
  'message_reference',
  'secret',
  'outbox',
  'event',
  'policy_version',
] as const

onEachDatabase((test, dialect) => {
  test('a first mail makes partner, person and ticket, and the ticket is found again', async ({
    place: { store },
  }) => {
    await apply(store, { changes: opening, inboxId })
    expect(await partnerById(store.db, ids.partner)).toEqual({
      id: ids.partner,
      name: 'Otterbrook',
      domains: ['otterbrook-it.example'],
      controlPanelUrl: null,
      timeZone: null,
      language: null,
      mode: null,
      machineMail: 'silent',
      state: 'active',
    })
    const fenella = {
      id: ids.fenella,
      partnerId: ids.partner,
      role: null,
      name: 'Fenella',
      address: 'fenella@otterbrook-it.example',
      timeZone: null,
      language: null,
    }
    const ticket = await ticketByNumber(store.db, 1001)
    expect(ticket).toEqual({
      id: ids.ticket,
      number: 1001,
      state: 'draft',
      queue: 'support',
      partnerId: ids.partner,
      requester: fenella,
      participants: [ids.fenella],
      participantAddresses: ['fenella@otterbrook-it.example'],
      observers: [],
      subjectStem: 'Journal mailbox',
      fields: {},
      threeRs: {},
      missing: [],
      warnings: [],
      checklistsSent: 0,
      language: 'en',
      promises: [],
      colleagues: [],
      expiresAt: createTicket.expiresAt,
      replacedBy: null,
      assignee: null,
      askedToLeaveAt: null,
      createdAt: now,
    })
    expect(await ticketById(store.db, ids.ticket)).toEqual(ticket)
    expect(await personByAddress(store.db, 'fenella@otterbrook-it.example')).toEqual(fenella)
    expect(await eventKinds(store)).toEqual(['partner-created', 'person-created'])
  })

  test('numbers ascend from 1001', async ({ place: { store } }) => {
    await apply(store, { changes: opening })
    const numbers = []
    for (const id of ['ticket0000000002', 'ticket0000000003']) {
      await apply(store, { changes: [{ ...createTicket, ticketId: id as TicketId }] })
      numbers.push((await ticketById(store.db, id))?.number)
    }
    expect(numbers).toEqual([1002, 1003])
  })

  test('a number beyond any column is no ticket', async ({ place: { store } }) => {
    for (const number of [0, -1, 2 ** 31 - 1, 2 ** 31, 999_999_999_999]) {
      expect(await ticketByNumber(store.db, number)).toBeNull()
    }
  })

  test('a domain of another partner stays theirs', async ({ place: { store } }) => {
    await apply(store, { changes: opening })
    const second = 'partner000000002' as typeof ids.partner
    const both = { ...createPartner, partnerId: second, domains: ['otterbrook-it.example', 'new.example'] }
    await apply(store, { changes: [both] })
    expect((await partnerById(store.db, second))?.domains).toEqual(['new.example'])
    expect((await partnerById(store.db, ids.partner))?.domains).toEqual(['otterbrook-it.example'])
    const none = { ...both, partnerId: 'partner000000003' as typeof ids.partner, domains: ['new.example'] }
    await expect(apply(store, { changes: [none] })).rejects.toThrow('at the same moment')
    expect(await partnerById(store.db, none.partnerId)).toBeNull()
  })

  test('an update changes what it names and leaves the rest', async ({ place: { store } }) => {
    await apply(store, { changes: opening })
    const stored: StoredField = { value: 'Ω\0 x', source: 'label', inboxId, secretId: null }
    const threeRs = { ...nothingSaid, os: 'Windows 11', reproducible: true }
    await apply(store, {
      changes: [
        {
          kind: 'update-ticket',
          ticketId: ids.ticket,
          fields: { details: stored },
          missing: ['credentials', 'steps_taken'],
          threeRs,
          warnings: ['several-customers'],
          checklistsSent: 2,
        },
      ],
    })
    const ticket = await ticketById(store.db, ids.ticket)
    expect(ticket).toMatchObject({
      state: 'draft',
      fields: { details: stored },
      missing: ['credentials', 'steps_taken'],
      threeRs,
      checklistsSent: 2,
    })
    const row = await ticketRow(store)
    expect(row.expires_at).toBe(later(14 * DAY_MS).getTime())
    expect(row.warnings).toBe('["several-customers"]')
    await apply(store, { changes: [{ kind: 'update-ticket', ticketId: ids.ticket, expiresAt: null }] })
    expect((await ticketRow(store)).expires_at).toBeNull()
    expect((await ticketById(store.db, ids.ticket))?.missing).toEqual(['credentials', 'steps_taken'])
  })

  test('each state leaves its instant', async ({ place: { store } }) => {
    await apply(store, { changes: opening })
    const become = async (state: 'open' | 'waiting' | 'resolved' | 'closed', ms: number) => {
      await apply(store, { changes: [{ kind: 'update-ticket', ticketId: ids.ticket, state }], at: later(ms) })
      const { opened_at, waiting_since, resolved_at, closed_at } = await ticketRow(store)
      return [opened_at, waiting_since, resolved_at, closed_at].map((at) =>
        at === null ? null : at - now.getTime(),
      )
    }
    expect(await become('open', 10)).toEqual([10, null, null, null])
    expect(await become('open', 20)).toEqual([10, null, null, null])
    expect(await become('waiting', 30)).toEqual([10, 30, null, null])
    expect(await become('resolved', 40)).toEqual([10, null, 40, null])
    expect(await become('closed', 50)).toEqual([10, null, 40, 50])
    expect(await become('open', 60)).toEqual([10, null, null, null])
  })

  test('credentials are sealed for their row, and nothing of the password is in clear', async ({ place }) => {
    const { store } = place
    const password = 'Cream_Separator_4'
    await apply(store, {
      inboxId,
      changes: [
        ...opening,
        {
          kind: 'seal-credentials',
          ticketId: ids.ticket,
          field: 'credentials',
          username: 'curator@milkchurnmuseum.example',
          password,
          source: 'label',
        },
      ],
    })
    const row = await store.db.selectFrom('secret').selectAll().executeTakeFirstOrThrow()
    const sealed = {
      keyId: row.key_id,
      salt: row.salt ?? Buffer.alloc(0),
      octets: row.octets ?? Buffer.alloc(0),
    }
    const place1 = { brandId: 'brand', ticketId: ids.ticket, field: 'credentials', secretId: row.id }
    expect(Buffer.from(open(ring, sealed, secretBinding(place1))).toString()).toBe(password)
    const elsewhere = secretBinding({ ...place1, ticketId: 'ticket0000000002' })
    expect(() => open(ring, sealed, elsewhere)).toThrow('do not open')
    const ticket = await ticketById(store.db, ids.ticket)
    expect(ticket?.fields['credentials']).toEqual({
      value: 'curator@milkchurnmuseum.example',
      source: 'label',
      inboxId,
      secretId: row.id as SecretId,
    })
    expect((await findTicket(store.db, 'TG-1001'))?.fields).toEqual({
      credentials: 'curator@milkchurnmuseum.example / ••••••••',
    })
    if (dialect === 'sqlite') {
      for (const entry of readdirSync(place.folder, { withFileTypes: true })) {
        if (!entry.isFile()) continue
        expect(readFileSync(join(place.folder, entry.name)).includes(password)).toBe(false)
      }
    }
  })

  test('a password without a user name shows as a mask alone', async ({ place: { store } }) => {
    const seal = {
      kind: 'seal-credentials',
      ticketId: ids.ticket,
      field: 'credentials',
      username: null,
      password: 'x',
      source: 'label',
    } as const
    await apply(store, { changes: [...opening, seal] })
    expect((await findTicket(store.db, '1001'))?.fields).toEqual({ credentials: '••••••••' })
  })

  test('posts keep their order, their author and what was attached', async ({ place: { store } }) => {
    const attachments = [
      { fileName: 'a\0.txt', contentType: 'text/plain', size: 3, inline: false },
      { fileName: null, contentType: 'image/png', size: 2 ** 31 - 1, inline: true },
    ]
    const nobody = { author: null, personId: null, post: 'automatic' } as const
    const plain = {
      author: { displayName: null, address: 'x@y.example' },
      text: 'NUL \0',
      quotedText: '> a\0',
      signature: '\0',
    }
    await apply(store, {
      changes: [...opening, post({ ...plain, attachments }), post({ ...nobody, text: 'away' })],
      inboxId,
    })
    const posts = await postsOf(store.db, ids.ticket)
    expect(posts.map(({ kind, author, text }) => [kind, author, text])).toEqual([
      ['partner-mail', 'Fenella', 'It stopped.'],
      ['partner-mail', 'x@y.example', 'NUL \ufffd'],
      ['automatic', '', 'away'],
    ])
    const rows = await store.db.selectFrom('attachment').selectAll().orderBy('position').execute()
    expect(rows).toMatchObject([
      { position: 0, file_name: 'a\ufffd.txt', size: 3, inline: 0, ticket_id: ids.ticket },
      { position: 1, file_name: null, size: 2 ** 31 - 1, inline: 1 },
    ])
  })

  test('a participant is one row, and becomes more than it was but never less', async ({
    place: { store },
  }) => {
    const jo = 'jo@otterbrook-it.example'
    const joId = 'pers000000000002' as PersonId
    await apply(store, {
      changes: [
        ...opening,
        participant({ personId: null, address: 'Jo@Otterbrook-IT.example', role: 'colleague' }),
      ],
    })
    expect((await ticketById(store.db, ids.ticket))?.participants).toEqual([ids.fenella])
    // Jo writes: known by now, and written to from now on.
    await apply(store, {
      changes: [person(joId, jo), participant({ personId: joId, address: jo, role: 'colleague' })],
    })
    expect((await ticketById(store.db, ids.ticket))?.participants).toEqual([ids.fenella, joId])
    // Named in Cc by somebody else.
    await apply(store, { changes: [participant({ personId: null, address: jo, role: 'observer' })] })
    await apply(store, { changes: [participant({ role: 'colleague' })] })
    const rows = await store.db
      .selectFrom('participant')
      .select(['address', 'role'])
      .orderBy('address')
      .execute()
    expect(rows).toEqual([
      { address: 'fenella@otterbrook-it.example', role: 'requester' },
      { address: jo, role: 'colleague' },
    ])
    const ticket = await ticketById(store.db, ids.ticket)
    expect(ticket?.participantAddresses.toSorted()).toEqual(['fenella@otterbrook-it.example', jo])
    expect(ticket?.observers).toEqual([])
  })

  test('an observer has no person, and leaves that role by writing', async ({ place: { store } }) => {
    const anna = 'anna@customer.example'
    const annaId = 'pers000000000003' as PersonId
    await apply(store, {
      changes: [
        ...opening,
        person(annaId, anna),
        participant({ personId: null, address: anna, role: 'observer' }),
      ],
    })
    expect(await ticketById(store.db, ids.ticket)).toMatchObject({
      observers: [anna],
      participants: [ids.fenella],
    })
    await apply(store, { changes: [participant({ personId: annaId, address: anna, role: 'colleague' })] })
    expect(await ticketById(store.db, ids.ticket)).toMatchObject({
      observers: [],
      participants: [annaId, ids.fenella],
    })
  })

  test('who left is brought back by writing, not by being named', async ({ place: { store } }) => {
    await apply(store, { changes: opening })
    await store.db.updateTable('participant').set({ left_at: now.getTime() }).execute()
    await apply(store, { changes: [participant({ role: 'observer', personId: null })] })
    expect((await ticketById(store.db, ids.ticket))?.participants).toEqual([])
    await apply(store, { changes: [participant({ role: 'colleague' })] })
    expect((await ticketById(store.db, ids.ticket))?.participants).toEqual([ids.fenella])
  })

  test('a Message-ID is remembered once, whatever its length and octets', async ({ place: { store } }) => {
    // Random, so that the database cannot compress it below the limit of its index.
    const long = `${Array.from({ length: 900 }, (_, i) => String.fromCodePoint(0x4e00 + ((i * 7919) % 20_000))).join('')}@x`
    const remember = (messageId: string) =>
      ({ kind: 'remember-message-id', ticketId: ids.ticket, messageId }) as const
    await apply(store, {
      changes: [...opening, remember(ROOT), remember('a\0b@c'), remember(long), remember(long)],
    })
    const rows = await store.db.selectFrom('message_reference').selectAll().execute()
    expect(rows).toHaveLength(3)
    expect(rows.map((row) => row.kind)).toEqual(['foreign', 'foreign', 'foreign'])
  })

  test('a promise runs, and is kept or broken by its due instant', async ({ place: { store } }) => {
    const start = (dueMs: number) =>
      ({
        kind: 'start-promise',
        ticketId: ids.ticket,
        promise: 'first-response',
        queue: 'support',
        promisedMs: 24 * 3_600_000,
        startedAt: now,
        dueAt: later(dueMs),
      }) as const
    await apply(store, { changes: [...opening, start(DAY_MS), start(2 * HOUR_MS)] })
    const started = {
      kind: 'first-response',
      queue: 'support',
      state: 'running',
      startedAt: now,
      promisedMs: 24 * HOUR_MS,
      bankedMs: 0,
      runningSince: now,
      brokenAt: null,
    }
    expect((await ticketById(store.db, ids.ticket))?.promises).toEqual([
      { ...started, dueAt: later(DAY_MS) },
      { ...started, dueAt: later(2 * HOUR_MS) },
    ])
    const keep = (ms: number) =>
      ({ kind: 'keep-promises', ticketId: ids.ticket, at: later(ms), bankedMs: ms }) as const
    await apply(store, { changes: [keep(2 * HOUR_MS + 1)] })
    const ended = later(2 * HOUR_MS + 1).getTime()
    expect(await promises(store)).toMatchObject([
      {
        state: 'kept',
        banked_ms: 2 * HOUR_MS + 1,
        running_since: null,
        ended_at: ended,
        next_check_at: null,
      },
      { state: 'broken', banked_ms: 2 * HOUR_MS + 1, ended_at: ended },
    ])
    // What has ended stays as it ended.
    await apply(store, { changes: [keep(3 * DAY_MS)] })
    expect(await promises(store)).toMatchObject([
      { state: 'kept', ended_at: ended },
      { state: 'broken', ended_at: ended },
    ])
  })

  test('a paused promise banks no more time', async ({ place: { store } }) => {
    const start = {
      kind: 'start-promise',
      ticketId: ids.ticket,
      promise: 'first-response',
      queue: 'support',
      promisedMs: 24 * 3_600_000,
      startedAt: now,
      dueAt: later(DAY_MS),
    } as const
    await apply(store, { changes: [...opening, start] })
    await store.db
      .updateTable('promise')
      .set({ state: 'paused', banked_ms: 1000, running_since: null })
      .execute()
    await apply(store, {
      changes: [{ kind: 'keep-promises', ticketId: ids.ticket, at: later(DAY_MS), bankedMs: 1000 }],
    })
    expect(await promises(store)).toMatchObject([{ state: 'kept', banked_ms: 1000 }])
  })

  test('a permanent bounce of a wrong address marks the letter and spares the address', async ({
    place: { store },
  }) => {
    const [letter] = await apply(store, { changes: opening, letters: [checklist()] })
    const bounced = {
      kind: 'letter-bounced',
      letterId: letter?.id as never,
      outcome: 'bounced',
      suppresses: true,
      status: '5.1.1',
      diagnosticCode: 'smtp; 550 no\0',
    } as const
    await apply(store, { changes: [{ ...bounced, outcome: 'delayed', suppresses: false, status: '4.4.1' }] })
    const row = () => store.db.selectFrom('outbox').selectAll().executeTakeFirstOrThrow()
    expect(await row()).toMatchObject({ bounced_at: null, bounce_status: '4.4.1' })
    await apply(store, { changes: [bounced], at: later(DAY_MS) })
    expect(await row()).toMatchObject({ bounced_at: later(DAY_MS).getTime(), bounce_status: '5.1.1' })
    const address = await store.db.selectFrom('address').selectAll().executeTakeFirstOrThrow()
    expect(address.suppressed_until).toBe(later(8 * DAY_MS).getTime())
    const events = await eventsOf(store.db, { ticketId: ids.ticket })
    expect(events.map((event) => [event.kind, event.detail])).toEqual([
      ['letter-delayed', 'fenella@otterbrook-it.example · 4.4.1 · smtp; 550 no\ufffd'],
      ['letter-bounced', 'fenella@otterbrook-it.example · 5.1.1 · smtp; 550 no\ufffd'],
    ])
  })

  test('a full mailbox and a bounce of no letter of ours spare no address', async ({ place: { store } }) => {
    const [letter] = await apply(store, { changes: opening, letters: [checklist()] })
    const full = {
      kind: 'letter-bounced',
      letterId: letter?.id as never,
      outcome: 'bounced',
      suppresses: false,
      status: '5.2.2',
      diagnosticCode: null,
    } as const
    await apply(store, { changes: [full, { ...full, letterId: 'nobody' as never, status: null }] })
    const address = await store.db.selectFrom('address').selectAll().executeTakeFirstOrThrow()
    expect(address.suppressed_until).toBeNull()
    expect((await eventsOf(store.db, { ticketId: ids.ticket })).map((event) => event.kind)).toEqual([
      'letter-bounced',
    ])
  })

  test('an address that works again is written to again', async ({ place: { store } }) => {
    await apply(store, { changes: opening })
    const suppressed = { suppressed_until: later(DAY_MS).getTime() }
    await store.db.updateTable('address').set(suppressed).execute()
    const lift = { kind: 'lift-suppression', address: 'fenella@otterbrook-it.example' } as const
    expect(await apply(store, { changes: [lift], letters: [checklist()] })).toHaveLength(1)
    const address = await store.db.selectFrom('address').selectAll().executeTakeFirstOrThrow()
    expect(address.suppressed_until).toBeNull()
  })

  test('an event is recorded with its ticket and its mail', async ({ place: { store } }) => {
    await apply(store, { changes: opening })
    const event = {
      kind: 'record-event',
      ticketId: ids.ticket,
      event: 'reopened',
      detail: `x\0${'y'.repeat(5000)}`,
    } as const
    await apply(store, { changes: [event], inboxId })
    const [told] = await eventsOf(store.db, { ticketId: ids.ticket })
    expect(told).toMatchObject({ kind: 'reopened' })
    expect(told?.detail).toHaveLength(2000)
    expect((await eventsOf(store.db, { inboxId })).map((one) => one.kind)).toEqual(['reopened'])
  })

  test('a transaction that fails at its last step leaves no row of it', async ({ place: { store } }) => {
    const seal = {
      kind: 'seal-credentials',
      ticketId: ids.ticket,
      field: 'credentials',
      username: 'u',
      password: 'p',
      source: 'label',
    } as const
    const start = {
      kind: 'start-promise',
      ticketId: ids.ticket,
      promise: 'first-response',
      queue: 'support',
      promisedMs: 24 * 3_600_000,
      startedAt: now,
      dueAt: later(DAY_MS),
    } as const
    const attached = post({ attachments: [{ fileName: 'a', contentType: 'b/c', size: 1, inline: false }] })
    const work = store.transact(async (tx) => {
      const effects = { changes: [...opening, attached, seal, start], letters: [checklist()] }
      await applyEffects(tx, { effects, inboxId, now }, applyDeps(store))
      for (const table of EVERY_TABLE) {
        expect(await tx.selectFrom(table).selectAll().execute(), table).not.toEqual([])
      }
      throw new Error('power cut')
    })
    await expect(work).rejects.toThrow('power cut')
    for (const table of EVERY_TABLE) {
      expect(await store.db.selectFrom(table).selectAll().execute(), table).toEqual([])
    }
  })

  test('a letter that cannot be rendered undoes the whole transaction', async ({ place: { store } }) => {
    const deps = {
      render: () => {
        throw new Error('template')
      },
    }
    await expect(apply(store, { changes: opening, letters: [checklist()], deps })).rejects.toThrow('template')
    expect(await store.db.selectFrom('ticket').selectAll().execute()).toEqual([])
  })

  test('a change of a ticket that is not there is a fault', async ({ place: { store } }) => {
    await apply(store, { changes: [createPartner, createFenella] })
    for (const change of [
      { kind: 'update-ticket', ticketId: ids.ticket, state: 'open' } as const,
      participant(),
      post(),
      { kind: 'remember-message-id', ticketId: ids.ticket, messageId: 'x@y' } as const,
    ]) {
      await expect(apply(store, { changes: [change] })).rejects.toThrow()
    }
    expect(await store.db.selectFrom('post').selectAll().execute()).toEqual([])
  })
})
