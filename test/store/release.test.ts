/** What a person decides about waiting mail: it is released once, dropped and taken up again, and nothing is lost. */
import { expect } from 'vitest'
import type { Person } from '../../src/decide/context.ts'
import type { Evidence } from '../../src/decide/explain.ts'
import type { HeldReason, Verdict } from '../../src/decide/verdict.ts'
import { findPerson } from '../../src/store/find-person.ts'
import { claimInbox, finishInbox } from '../../src/store/inbox.ts'
import { ledger } from '../../src/store/list.ts'
import { waitsOf } from '../../src/store/list-waits.ts'
import type { Store } from '../../src/store/open.ts'
import { addAgent, addPartner, removePartner } from '../../src/store/registers.ts'
import { dropMail, type ReleaseAt, releaseMail, retryMail } from '../../src/store/release.ts'
import { onEachDatabase, type Place } from './databases.ts'
import { HOUR_MS, later, newId, now, put } from './desk-parts.ts'
import { apply, eventKinds, ids, opening } from './scene.ts'

const at: ReleaseAt = { now, newId, partners: 'registered', ownDomains: ['desk.example'] }
const brand = { now, newId, brandId: 'brand' }
const partner = {
  controlPanelUrl: null,
  timeZone: null,
  language: null,
  mode: null,
  machineMail: 'silent',
} as const

/** Puts a mail and ends it as held. */
async function hold(
  place: Place,
  reason: HeldReason,
  from: string | null = 'jo@freemail.example',
): Promise<string> {
  const { store } = place
  const { inboxId } = await put(place, `${reason} ${from ?? ''}`)
  const due = await claimInbox(store, { owner: 'x', now, leaseMs: 1, limit: 50 })
  const claimed = due.find((one) => one.row.id === inboxId)
  if (claimed === undefined) throw new Error('nothing is due')
  const verdict: Verdict = { kind: 'held', reason, ticketId: null }
  const rest = { evidence: {} as Evidence, ticketId: null, messageId: null, textKey: null, subject: null }
  await store.transact((tx) => finishInbox(tx, claimed, { ...rest, verdict, from, now }))
  return inboxId
}

const row = (store: Store, id: string) =>
  store.db.selectFrom('inbox').selectAll().where('id', '=', id).executeTakeFirstOrThrow()

async function fenella(store: Store): Promise<Person> {
  const found = await findPerson(store.db, 'Fenella@otterbrook-it.example')
  if (found.kind !== 'found') throw new Error('Fenella is not registered')
  return found.person
}

const addresses = (store: Store) =>
  store.db.selectFrom('address').select(['address', 'position']).orderBy('position').execute()

onEachDatabase((test) => {
  test('a released mail is due at once, says who vouched for what, and its wait is known', async ({
    place,
  }) => {
    const { store } = place
    await apply(store, { changes: opening })
    const id = await hold(place, 'proof-failed', 'fenella@otterbrook-it.example')
    const released = later(26 * HOUR_MS)
    expect(await releaseMail(store, { inboxId: id, as: null }, { ...at, now: released })).toEqual({
      kind: 'released',
      learned: null,
    })
    expect(await row(store, id)).toMatchObject({
      state: 'received',
      released: 1,
      released_as: null,
      resumed_at: released.getTime(),
      received_at: now.getTime(),
    })
    expect(await claimInbox(store, { owner: 'x', now: released, leaseMs: 1, limit: 5 })).toHaveLength(1)
    await store.db.updateTable('inbox').set({ ticket_id: ids.ticket }).execute()
    expect(await waitsOf(store.db, ids.ticket)).toEqual([
      { inboxId: id, receivedAt: now.toISOString(), resumedAt: released.toISOString(), released: true },
    ])
    expect(await eventKinds(store)).toContain('mail-released')
    // It waits for nobody now.
    expect(await releaseMail(store, { inboxId: id, as: null }, at)).toMatchObject({ why: 'not-waiting' })
  })

  test('of two people who release a mail at once one does', async ({ place }) => {
    const { store } = place
    await apply(store, { changes: opening })
    const id = await hold(place, 'proof-failed', 'fenella@otterbrook-it.example')
    const mail = { inboxId: id, as: null }
    const done = await Promise.all([releaseMail(store, mail, at), releaseMail(store, mail, at)])
    expect(done.map((one) => one.kind).toSorted()).toEqual(['refused', 'released'])
    expect((await eventKinds(store)).filter((kind) => kind === 'mail-released')).toHaveLength(1)
  })

  test('the address of the mail becomes the last one of the person who is named', async ({ place }) => {
    const { store } = place
    await apply(store, { changes: opening })
    const id = await hold(place, 'stranger', 'Jo@FreeMail.example')
    const as = await fenella(store)
    expect(await releaseMail(store, { inboxId: id, as }, at)).toEqual({
      kind: 'released',
      learned: 'jo@freemail.example',
    })
    expect(await addresses(store)).toEqual([
      { address: 'fenella@otterbrook-it.example', position: 0 },
      { address: 'jo@freemail.example', position: 1 },
    ])
    expect((await fenella(store)).address).toBe('fenella@otterbrook-it.example')
    const again = await hold(place, 'proof-failed', 'jo@freemail.example')
    expect(await releaseMail(store, { inboxId: again, as }, at)).toMatchObject({ learned: null })
  })

  test('an address of somebody else, of another partner or of ours is never learned, and nothing changes', async ({
    place,
  }) => {
    const { store } = place
    await apply(store, { changes: opening })
    const people = [{ name: 'Mattis', address: 'mattis@freemail.example' }]
    await addPartner(store, { ...partner, name: 'Nordwind', domains: ['nordwind.example'], people }, brand)
    const as = await fenella(store)
    const refused = async (from: string) => {
      const id = await hold(place, 'stranger', from)
      const done = await releaseMail(store, { inboxId: id, as }, at)
      expect((await row(store, id)).state).toBe('held')
      return done
    }
    expect(await refused('mattis@freemail.example')).toMatchObject({ why: 'address-taken', owner: 'Mattis' })
    expect(await refused('new@nordwind.example')).toMatchObject({ why: 'address-taken', owner: 'Nordwind' })
    expect(await refused('x@desk.example')).toMatchObject({ why: 'address-ours' })
    expect(await addresses(store)).toHaveLength(2)
    expect(await eventKinds(store)).not.toContain('mail-released')
  })

  test('of a mail that names several authors no address is learned', async ({ place }) => {
    const { store } = place
    await apply(store, { changes: opening })
    const id = await hold(place, 'several-authors')
    expect(await releaseMail(store, { inboxId: id, as: null }, at)).toMatchObject({ why: 'author-needed' })
    const as = await fenella(store)
    expect(await releaseMail(store, { inboxId: id, as }, at)).toMatchObject({ learned: null })
    expect(await addresses(store)).toHaveLength(1)
  })

  test('what a release could not mend is refused', async ({ place }) => {
    const { store } = place
    await apply(store, { changes: opening })
    const agent = { name: 'Ida', role: 'support', addresses: ['ida@desk.example'], timeZone: null }
    await addAgent(store, agent, brand)
    const refusal = async (reason: HeldReason, from?: string) =>
      releaseMail(store, { inboxId: await hold(place, reason, from), as: null }, at)
    expect(await refusal('stranger')).toMatchObject({ why: 'stranger', address: 'jo@freemail.example' })
    expect(await refusal('not-a-participant', 'ida2@desk.example')).toMatchObject({ why: 'own-domain' })
    for (const reason of [
      'agent-command',
      'agent-answer-secret',
      'agent-answer-empty',
      'agent-answer-quotes-notice',
      'agent-without-signed-address',
      'agent-mail-without-ticket',
    ] as const)
      expect(await refusal(reason, 'ida@desk.example')).toMatchObject({ why: 'answer-anew' })
    expect(await releaseMail(store, { inboxId: 'nobody', as: null }, at)).toMatchObject({ why: 'unknown' })
    const unread = await hold(place, 'proof-failed', null)
    const verdict = JSON.stringify({ kind: 'unreadable', reason: 'time' })
    await store.db.updateTable('inbox').set({ verdict }).where('id', '=', unread).execute()
    expect(await releaseMail(store, { inboxId: unread, as: null }, at)).toMatchObject({ why: 'unreadable' })
    await store.db.updateTable('partner').set({ state: 'suspended' }).execute()
    expect(await refusal('proof-failed', 'fenella@otterbrook-it.example')).toMatchObject({
      why: 'suspended',
      partner: 'Otterbrook',
    })
    expect(await refusal('proof-failed', 'colleague@otterbrook-it.example')).toMatchObject({
      why: 'suspended',
    })
  })

  test('at an open desk a stranger is released without a name', async ({ place }) => {
    const id = await hold(place, 'stranger')
    const done = await releaseMail(place.store, { inboxId: id, as: null }, { ...at, partners: 'open' })
    expect(done.kind).toBe('released')
  })

  test('a dropped mail is done, counted, and can be released or retried all the same', async ({ place }) => {
    const { store } = place
    await apply(store, { changes: opening })
    const id = await hold(place, 'proof-failed', 'fenella@otterbrook-it.example')
    expect(await dropMail(store, { inboxId: id, reason: null }, at)).toBe(true)
    expect(await dropMail(store, { inboxId: id, reason: null }, at)).toBe(false)
    expect(await row(store, id)).toMatchObject({ state: 'done', outcome: 'dropped' })
    expect(await ledger(store.db)).toEqual([{ state: 'done', outcome: 'dropped', mails: 1 }])
    expect(await retryMail(store, id, at)).toBe(true)
    expect(await row(store, id)).toMatchObject({ state: 'received', released: 0, outcome: null })
    await store.db.updateTable('inbox').set({ state: 'done', outcome: 'dropped' }).execute()
    expect(await releaseMail(store, { inboxId: id, as: null }, at)).toMatchObject({ kind: 'released' })
    expect((await eventKinds(store)).filter((kind) => kind.startsWith('mail-'))).toEqual([
      'mail-dropped',
      'mail-retried',
      'mail-released',
    ])
  })

  test('a retry forgets that somebody vouched; a held mail starts its clock there, one that failed does not', async ({
    place,
  }) => {
    const { store } = place
    const id = await hold(place, 'stranger')
    const vouched = { released: 1, released_as: ids.fenella, resumed_at: now.getTime() } as const
    await store.db.updateTable('inbox').set(vouched).execute()
    await retryMail(store, id, { ...at, now: later(HOUR_MS) })
    expect(await row(store, id)).toMatchObject({
      released: 0,
      released_as: null,
      resumed_at: later(HOUR_MS).getTime(),
    })
    const failed = { state: 'failed', resumed_at: null } as const
    await store.db.updateTable('inbox').set(failed).execute()
    await retryMail(store, id, { ...at, now: later(HOUR_MS) })
    expect((await row(store, id)).resumed_at).toBeNull()
  })

  test('a person is found by address, whole name or id, and namesakes are told apart by address', async ({
    place: { store },
  }) => {
    await apply(store, { changes: opening })
    const kind = async (word: string) => (await findPerson(store.db, word)).kind
    expect(await kind('FENELLA')).toBe('found')
    expect(await kind(ids.fenella)).toBe('found')
    expect(await kind('fenella@otterbrook-it.example')).toBe('found')
    expect(await kind('fen')).toBe('nobody')
    expect(await kind('')).toBe('nobody')
    const people = [{ name: 'Fenella', address: 'f@nordwind.example' }]
    await addPartner(store, { ...partner, name: 'Nordwind', domains: [], people }, brand)
    expect(await findPerson(store.db, 'fenella')).toMatchObject({
      kind: 'several',
      addresses: expect.arrayContaining(['f@nordwind.example', 'fenella@otterbrook-it.example']),
    })
    await removePartner(store, 'Nordwind', brand)
    expect(await kind('fenella')).toBe('found')
  })
})
