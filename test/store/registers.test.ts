/** The registers: what is taken, unknown or in use is told in one line; nothing is half done. */
import { expect } from 'vitest'
import { loadSender, partnerById, personByAddress } from '../../src/store/load-people.ts'
import type { Store } from '../../src/store/open.ts'
import {
  addAgent,
  addPartner,
  findPartner,
  listAgents,
  listPartners,
  type NewPartner,
  RegisterProblem,
  removeAgent,
  removePartner,
} from '../../src/store/registers.ts'
import { onEachDatabase } from './databases.ts'
import { newId, now } from './desk-parts.ts'

const at = { now, newId, brandId: 'brand' }

const otterbrook: NewPartner = {
  name: 'Otterbrook IT',
  domains: ['otterbrook-it.example', 'otterbrook.example'],
  people: [{ name: 'Fenella', address: 'fenella@otterbrook-it.example' }],
  controlPanelUrl: 'https://cp.otterbrook-it.example',
  timeZone: 'Europe/Berlin',
  language: 'de',
  mode: 'advise',
  machineMail: 'answer',
}

const nobody: NewPartner = {
  ...otterbrook,
  name: 'Nordwind',
  domains: [],
  people: [],
  controlPanelUrl: null,
  timeZone: null,
  language: null,
  mode: null,
  machineMail: 'silent',
}

const mattis = {
  name: 'Mattis',
  addresses: ['mattis@desk.example', 'm@private.example'],
  role: 'support',
  timeZone: 'Europe/Berlin',
}

/** A ticket row, as little as the schema allows. */
async function giveTicket(store: Store, partnerId: string, requesterId: string): Promise<void> {
  await store.db
    .insertInto('ticket')
    .values({
      id: newId(now),
      number: 1001,
      brand_id: 'brand',
      partner_id: partnerId,
      requester_id: requesterId,
      queue: 'support',
      state: 'open',
      subject_stem: '',
      fields: '{}',
      missing: '[]',
      three_rs: '{}',
      warnings: '[]',
      mode: 'enforce',
      policy_version: 'v',
      language: 'en',
      checklists_sent: 0,
      created_at: now.getTime(),
      last_activity_at: now.getTime(),
    })
    .execute()
}

const eventKinds = async (store: Store) =>
  (await store.db.selectFrom('event').select('kind').orderBy('id').execute()).map((row) => row.kind)

onEachDatabase((test) => {
  test('a partner is shown as it was registered', async ({ place: { store } }) => {
    const id = await addPartner(store, otterbrook, at)
    const view = await findPartner(store.db, id)
    expect(view).toEqual({
      id,
      name: 'Otterbrook IT',
      state: 'active',
      domains: ['otterbrook-it.example', 'otterbrook.example'],
      people: [
        { id: expect.any(String) as string, name: 'Fenella', addresses: ['fenella@otterbrook-it.example'] },
      ],
      controlPanelUrl: 'https://cp.otterbrook-it.example',
      timeZone: 'Europe/Berlin',
      language: 'de',
      mode: 'advise',
      machineMail: 'answer',
      tickets: 0,
    })
    expect(await eventKinds(store)).toEqual(['partner-added'])
  })

  test('a partner is found by id, name or domain, and no other is', async ({ place: { store } }) => {
    const id = await addPartner(store, otterbrook, at)
    await addPartner(store, nobody, at)
    for (const word of [id, 'Otterbrook IT', 'otterbrook.example', 'OTTERBROOK-IT.example']) {
      expect((await findPartner(store.db, word))?.id).toBe(id)
    }
    expect(await findPartner(store.db, 'otterbrook')).toBeNull()
    expect((await listPartners(store.db)).map((one) => one.name)).toEqual(['Nordwind', 'Otterbrook IT'])
  })

  test('a name, a domain or an address that is taken is refused, and nothing of it is kept', async ({
    place: { store },
  }) => {
    await addPartner(store, otterbrook, at)
    await addAgent(store, mattis, at)
    const cases: readonly (readonly [Partial<NewPartner>, string])[] = [
      [{ name: 'Otterbrook IT' }, 'the name Otterbrook IT belongs to a partner already'],
      [
        { domains: ['new.example', 'otterbrook.example'] },
        'the domain otterbrook.example belongs to Otterbrook IT already',
      ],
      [
        { people: [{ name: null, address: 'm@private.example' }] },
        'the address m@private.example belongs to somebody already',
      ],
    ]
    for (const [change, message] of cases) {
      const adding = addPartner(store, { ...nobody, ...change }, at)
      await expect(adding).rejects.toThrow(new RegisterProblem(message))
    }
    expect(await listPartners(store.db)).toHaveLength(1)
    expect(await findPartner(store.db, 'new.example')).toBeNull()
    await expect(
      addAgent(store, { ...mattis, addresses: ['fenella@otterbrook-it.example'] }, at),
    ).rejects.toThrow(RegisterProblem)
    expect(await listAgents(store.db)).toHaveLength(1)
  })

  test('a domain or an address that is given twice is taken once', async ({ place: { store } }) => {
    const twice = {
      ...otterbrook,
      domains: ['a.example', 'a.example'],
      people: [
        { name: null, address: 'x@a.example' },
        { name: null, address: 'x@a.example' },
      ],
    }
    const id = await addPartner(store, twice, at)
    expect(await findPartner(store.db, id)).toMatchObject({
      domains: ['a.example'],
      people: [{ addresses: ['x@a.example'] }],
    })
    const agent = await addAgent(store, { ...mattis, addresses: ['y@b.example', 'y@b.example'] }, at)
    expect((await listAgents(store.db)).find((one) => one.id === agent)?.addresses).toEqual(['y@b.example'])
  })

  test('a partner without tickets is removed with its people', async ({ place: { store } }) => {
    await addPartner(store, otterbrook, at)
    expect(await removePartner(store, 'nobody', at)).toBeNull()
    expect(await removePartner(store, 'otterbrook.example', at)).toBe('removed')
    expect(await listPartners(store.db)).toEqual([])
    expect(await personByAddress(store.db, 'fenella@otterbrook-it.example')).toBeNull()
    await addPartner(store, otterbrook, at)
    expect(await eventKinds(store)).toEqual(['partner-added', 'partner-removed', 'partner-added'])
  })

  test('a partner with tickets is suspended and keeps its history', async ({ place: { store } }) => {
    const id = await addPartner(store, otterbrook, at)
    const person = await personByAddress(store.db, 'fenella@otterbrook-it.example')
    await giveTicket(store, id, person?.id ?? '')
    expect(await removePartner(store, 'Otterbrook IT', at)).toBe('suspended')
    expect(await findPartner(store.db, id)).toMatchObject({ state: 'suspended', tickets: 1 })
    expect(await partnerById(store.db, id)).toMatchObject({ state: 'suspended' })
  })

  test('agents are listed with their addresses, the one for notices first', async ({ place: { store } }) => {
    const id = await addAgent(store, mattis, at)
    expect(await listAgents(store.db)).toEqual([{ id, ...mattis }])
    expect(await personByAddress(store.db, 'm@private.example')).toMatchObject({
      id,
      role: 'support',
      address: 'mattis@desk.example',
    })
  })

  test('a removed agent is a stranger, and the address is free again', async ({ place: { store } }) => {
    await addAgent(store, mattis, at)
    await addAgent(store, { ...mattis, name: 'Ida', addresses: ['ida@desk.example'] }, at)
    expect(await removeAgent(store, 'nobody', at)).toBe(false)
    expect(await removeAgent(store, 'M@PRIVATE.example', at)).toBe(true)
    expect(await removeAgent(store, 'Mattis', at)).toBe(false)
    expect((await listAgents(store.db)).map((agent) => agent.name)).toEqual(['Ida'])
    expect(await loadSender(store.db, 'mattis@desk.example')).toEqual({ kind: 'stranger' })
    await addAgent(store, mattis, at)
  })

  test('two changes of one register at once are one and a refusal', async ({ place: { store } }) => {
    const results = await Promise.allSettled([
      addPartner(store, otterbrook, at),
      addPartner(store, otterbrook, at),
    ])
    expect(results.map((one) => one.status).toSorted()).toEqual(['fulfilled', 'rejected'])
    const refused = results.find((one) => one.status === 'rejected')
    expect(refused?.reason).toBeInstanceOf(RegisterProblem)
  })
})
