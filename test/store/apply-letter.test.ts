/** Letters: to whom the registers say and to nobody else, in one chain, with the same words for every retry. */
import { expect } from 'vitest'
import type { PersonId } from '../../src/decide/context.ts'
import type { Change } from '../../src/decide/effects.ts'
import { jsonList } from '../../src/store/inbox.ts'
import { headerFieldsOfRow } from '../../src/store/outbox.ts'
import { addAgent, addPartner, removeAgent, removePartner } from '../../src/store/registers.ts'
import type { OutboxRow } from '../../src/store/schema.ts'
import { resolveOwnAddress } from '../../src/trust/own-address.ts'
import { verifyMessageId } from '../../src/trust/sign-message-id.ts'
import { onEachDatabase } from './databases.ts'
import { DAY_MS, later, newId, now, ring, signing } from './desk-parts.ts'
import {
  acknowledgement,
  answer,
  apply,
  checklist,
  eventKinds,
  ids,
  notice,
  opening,
  participant,
  person,
  post,
  ROOT,
} from './scene.ts'

const at = { now, newId, brandId: 'brand' }
const joId = 'pers000000000002' as PersonId
const jo = person(joId, 'jo@otterbrook-it.example')
const joins = participant({ personId: joId, address: jo.address, role: 'colleague' })

const agent = (name: string, role: string) => ({
  name,
  role,
  addresses: [`${name.toLowerCase()}@desk.example`],
  timeZone: null,
})

const recipients = (letters: readonly OutboxRow[]) => letters.map((letter) => letter.to_address).toSorted()

const chain = (letter: OutboxRow | undefined) => jsonList(letter?.reference_ids ?? '[]')

onEachDatabase((test) => {
  test('a letter to a person has their name, signed addresses and the finished words', async ({
    place: { store },
  }) => {
    const [letter] = await apply(store, {
      changes: opening,
      letters: [checklist({ notBefore: later(1000) })],
    })
    if (letter === undefined) throw new Error('no letter')
    expect(letter).toMatchObject({
      brand_id: 'brand',
      ticket_id: ids.ticket,
      person_id: ids.fenella,
      letter: 'checklist',
      state: 'queued',
      to_address: 'fenella@otterbrook-it.example',
      to_name: 'Fenella',
      from_address: 'support@desk.example',
      in_reply_to: ROOT,
      dated_at: now.getTime(),
      next_attempt_at: later(1000).getTime(),
      attempts: 0,
    })
    expect(resolveOwnAddress(letter.reply_to, now, signing)).toEqual({
      kind: 'reply',
      ticketNumber: 1001,
      personId: ids.fenella,
      as: 'partner',
    })
    expect(resolveOwnAddress(letter.return_path, now, signing)).toEqual({
      kind: 'bounce',
      letterId: letter.id,
    })
    expect(verifyMessageId(letter.message_id, 'desk.example', ring.mac)).toBe(letter.id)
    expect(letter.subject).toContain('[TG-1001]')
    expect(letter.text).toContain('TG-1001')
    expect(letter.html).toContain('TG-1001')
    const reference = await store.db
      .selectFrom('message_reference')
      .selectAll()
      .where('message_id', '=', letter.message_id)
      .executeTakeFirst()
    expect(reference).toMatchObject({ kind: 'ours', ticket_id: ids.ticket, outbox_id: letter.id })
  })

  test('what a program sends says so, what a person wrote does not', async ({ place: { store } }) => {
    const letters = await apply(store, { changes: opening, letters: [acknowledgement(), answer()] })
    expect(letters.map((letter) => headerFieldsOfRow(letter).map((field) => field.name))).toEqual([
      ['Auto-Submitted', 'X-Auto-Response-Suppress', 'X-Ticketgate-Loop'],
      ['X-Ticketgate-Loop'],
    ])
  })

  test('an answer goes to every participant of the partner but its author, and to no observer', async ({
    place: { store },
  }) => {
    const annaId = 'pers000000000003' as PersonId
    const agentId = (await addAgent(store, agent('Ida', 'support'), at)) as PersonId
    const named: readonly Change[] = [
      person(annaId, 'anna@customer.example'),
      participant({ personId: null, address: 'anna@customer.example', role: 'observer' }),
      participant({ personId: null, address: 'new@otterbrook-it.example', role: 'colleague' }),
      participant({ personId: agentId, address: 'ida@desk.example', role: 'agent' }),
    ]
    await apply(store, { changes: [...opening, jo, joins, ...named] })
    expect(recipients(await apply(store, { letters: [answer()] }))).toEqual([
      'fenella@otterbrook-it.example',
      'jo@otterbrook-it.example',
    ])
    const except = { kind: 'participants', except: joId } as const
    expect(recipients(await apply(store, { letters: [answer({ to: except })] }))).toEqual([
      'fenella@otterbrook-it.example',
    ])
  })

  test('each recipient has a letter, a Message-ID and a reply address of their own', async ({
    place: { store },
  }) => {
    const letters = await apply(store, { changes: [...opening, jo, joins], letters: [answer()] })
    for (const column of ['id', 'message_id', 'reply_to', 'return_path'] as const) {
      expect(new Set(letters.map((letter) => letter[column])).size).toBe(2)
    }
  })

  test('a letter goes to the first address of the register, whatever address a mail came from', async ({
    place: { store },
  }) => {
    await apply(store, { changes: opening })
    const second = { address: 'f@private.example', person_id: ids.fenella, position: 1, created_at: 0 }
    await store.db.insertInto('address').values(second).execute()
    await apply(store, { changes: [participant({ address: 'f@private.example', role: 'colleague' })] })
    expect(recipients(await apply(store, { letters: [answer()] }))).toEqual(['fenella@otterbrook-it.example'])
  })

  test('a person who is not in the register gets nothing', async ({ place: { store } }) => {
    await apply(store, { changes: opening })
    const to = { kind: 'person', personId: 'pers000000000099' as PersonId } as const
    expect(await apply(store, { letters: [checklist({ to })] })).toEqual([])
  })

  test('times are in the zone of the person, else of the partner, else UTC', async ({ place: { store } }) => {
    const zoneOf = async () => {
      const [letter] = await apply(store, { letters: [acknowledgement()] })
      return /UTC|GMT[+-]\d|CET/.exec(letter?.text ?? '')?.[0]
    }
    await apply(store, { changes: opening })
    const utc = await zoneOf()
    await store.db.updateTable('partner').set({ time_zone: 'America/New_York' }).execute()
    const partner = await zoneOf()
    await store.db.updateTable('person').set({ time_zone: 'Asia/Tokyo' }).execute()
    const own = await zoneOf()
    expect(utc).toBe('UTC')
    expect([partner, own].some((zone) => zone === 'UTC')).toBe(false)
  })

  test('a notice goes to the agents of the queue and to leads, once each', async ({ place: { store } }) => {
    await apply(store, { changes: opening })
    for (const [name, role] of [
      ['Ida', 'support'],
      ['Ole', 'engineering'],
      ['Lea', 'lead'],
    ] as const) {
      await addAgent(store, agent(name, role), at)
    }
    expect(recipients(await apply(store, { letters: [notice()] }))).toEqual([
      'ida@desk.example',
      'lea@desk.example',
    ])
    const engineering = notice({ to: { kind: 'queue', queue: 'engineering' } })
    expect(recipients(await apply(store, { letters: [engineering] }))).toEqual([
      'lea@desk.example',
      'ole@desk.example',
    ])
    const deps = {
      queueNotify: () => ['ida@desk.example', 'agents', 'team@desk.example', 'team@desk.example'],
    }
    const letters = await apply(store, { letters: [notice()], deps })
    expect(recipients(letters)).toEqual(['ida@desk.example', 'lea@desk.example', 'team@desk.example'])
    // Ida can answer hers by mail, although the configuration names her address as well.
    const reply = letters.find((letter) => letter.to_address === 'ida@desk.example')?.reply_to ?? ''
    expect(resolveOwnAddress(reply, now, signing)).toMatchObject({
      kind: 'reply',
      ticketNumber: 1001,
      as: 'agent',
    })
    const shared = letters.find((letter) => letter.to_address === 'team@desk.example')
    expect(shared).toMatchObject({ person_id: null, reply_to: 'support@desk.example' })
  })

  test('without an agent, or with none that takes mail, the operator is told', async ({
    place: { store },
  }) => {
    await apply(store, { changes: opening })
    expect(recipients(await apply(store, { letters: [notice()] }))).toEqual(['operator@desk.example'])
    await addAgent(store, agent('Ida', 'support'), at)
    const until = later(DAY_MS).getTime()
    await store.db
      .updateTable('address')
      .set({ suppressed_until: until })
      .where('address', '=', 'ida@desk.example')
      .execute()
    expect(recipients(await apply(store, { letters: [notice()] }))).toEqual(['operator@desk.example'])
    await removeAgent(store, 'Ida', at)
    expect(recipients(await apply(store, { letters: [notice()] }))).toEqual(['operator@desk.example'])
  })

  test('an address that bounced is spared until its time is over, and the ticket tells it', async ({
    place: { store },
  }) => {
    await apply(store, { changes: opening })
    await store.db
      .updateTable('address')
      .set({ suppressed_until: later(DAY_MS).getTime() })
      .execute()
    expect(await apply(store, { letters: [checklist()] })).toEqual([])
    const event = await store.db.selectFrom('event').selectAll().orderBy('id', 'desc').executeTakeFirst()
    expect(event).toMatchObject({ kind: 'letter-suppressed', ticket_id: ids.ticket, person_id: ids.fenella })
    expect(await apply(store, { letters: [checklist()], at: later(DAY_MS + 1) })).toHaveLength(1)
  })

  test('people of a suspended partner are written to no more, and the ticket tells it', async ({
    place: { store },
  }) => {
    await apply(store, { changes: opening })
    expect(await removePartner(store, 'Otterbrook', at)).toBe('suspended')
    expect(await apply(store, { letters: [answer()] })).toEqual([])
    expect((await eventKinds(store)).at(-1)).toBe('letter-suppressed')
  })

  test('a withheld letter is kept, finished, and never due', async ({ place: { store } }) => {
    const [letter] = await apply(store, { changes: opening, letters: [checklist({ withheld: true })] })
    expect(letter).toMatchObject({ state: 'withheld', to_address: 'fenella@otterbrook-it.example' })
    expect(letter?.text).not.toBe('')
  })

  test('every letter of a ticket is in one chain, rooted at the partner’s own mail', async ({
    place: { store },
  }) => {
    const [first] = await apply(store, { changes: opening, letters: [checklist()] })
    expect(chain(first)).toEqual([ROOT])
    const reply = 'reply-1@otterbrook-it.example'
    const remember = { kind: 'remember-message-id', ticketId: ids.ticket, messageId: reply } as const
    const letters = await apply(store, {
      changes: [post(), remember],
      letters: [acknowledgement({ inReplyTo: reply }), notice({ inReplyTo: null })],
      at: later(1000),
    })
    const [second, third] = letters
    expect(chain(second)).toEqual([ROOT, first?.message_id, reply])
    expect(second?.in_reply_to).toBe(reply)
    expect(chain(third)).toEqual([ROOT, first?.message_id, reply, second?.message_id])
  })

  test('a long chain keeps its root and its newest, within a header’s measure', async ({
    place: { store },
  }) => {
    await apply(store, { changes: opening })
    for (let i = 0; i < 40; i++) {
      const remember = {
        kind: 'remember-message-id',
        ticketId: ids.ticket,
        messageId: `m${i}@x.example`,
      } as const
      await apply(store, { changes: [remember], at: later(i + 1) })
    }
    const [letter] = await apply(store, {
      letters: [answer({ inReplyTo: 'm39@x.example' })],
      at: later(1000),
    })
    const references = chain(letter)
    expect(references.length).toBeLessThanOrEqual(22)
    expect(references[0]).toBe(ROOT)
    expect(references.slice(-3)).toEqual(['m37@x.example', 'm38@x.example', 'm39@x.example'])
    expect(new Set(references).size).toBe(references.length)
  })

  test('a ticket whose first mail had no Message-ID still has a chain', async ({ place: { store } }) => {
    const changes = opening.flatMap((change): readonly Change[] => {
      if (change.kind === 'remember-message-id') return []
      return [change.kind === 'create-ticket' ? { ...change, rootMessageId: null } : change]
    })
    const [first] = await apply(store, { changes, letters: [checklist({ inReplyTo: null })] })
    expect(chain(first)).toEqual([])
    const [second] = await apply(store, { letters: [answer({ inReplyTo: null })], at: later(1) })
    expect(chain(second)).toEqual([first?.message_id])
  })

  test('a notice carries what was written before, without the mail that it is about', async ({
    place: { store },
  }) => {
    await apply(store, {
      changes: [...opening, post({ text: 'The second word.' }), post({ text: 'The newest word.' })],
    })
    const [letter] = await apply(store, { letters: [notice()] })
    expect(letter?.text).toContain('It stopped.')
    expect(letter?.text).toContain('The second word.')
    expect(letter?.text).not.toContain('The newest word.')
  })

  test('nobody outside the registers is ever a recipient', async ({ place: { store } }) => {
    await addPartner(
      store,
      {
        name: 'Nordwind',
        domains: ['nordwind.example'],
        people: [],
        controlPanelUrl: null,
        timeZone: null,
        language: null,
        mode: null,
        machineMail: 'silent',
      },
      at,
    )
    const everybody: readonly Change[] = ['requester', 'colleague', 'agent', 'observer'].map((role, i) =>
      participant({ personId: null, address: `guest${i}@elsewhere.example`, role: role as 'colleague' }),
    )
    const letters = await apply(store, {
      changes: [...opening, ...everybody],
      letters: [checklist(), acknowledgement(), answer(), notice()],
    })
    expect(recipients(letters)).toEqual([
      'fenella@otterbrook-it.example',
      'fenella@otterbrook-it.example',
      'fenella@otterbrook-it.example',
      'operator@desk.example',
    ])
  })
})
