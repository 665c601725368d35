/** The digest of held mail: nobody waits unseen, and nobody is told every minute. */
import { expect } from 'vitest'
import type { Evidence } from '../../src/decide/explain.ts'
import type { Verdict } from '../../src/decide/verdict.ts'
import { type DigestDeps, writeHeldDigest } from '../../src/store/digest.ts'
import { claimInbox, finishInbox, postponeInbox } from '../../src/store/inbox.ts'
import type { Store } from '../../src/store/open.ts'
import { retryMail } from '../../src/store/release.ts'
import { onEachDatabase, type Place } from './databases.ts'
import { applyDeps, DAY_MS, HOUR_MS, later, newId, now, put } from './desk-parts.ts'
import { apply, notice, opening } from './scene.ts'

const held: Verdict = { kind: 'held', reason: 'stranger', ticketId: null }
const unreadable: Verdict = { kind: 'unreadable', reason: 'time' }

const deps = (store: Store): DigestDeps => ({
  ...applyDeps(store),
  firstQueue: 'support',
  language: 'en',
  partners: 'registered',
})

const digest = (store: Store, ms = 0) => writeHeldDigest(store, deps(store), later(ms))

/** Puts a mail and ends it; `ms` is when. */
async function decide(place: Place, text: string, verdict: Verdict, ms = 0): Promise<string> {
  const { store } = place
  const { inboxId } = await put(place, text)
  const [claimed] = await claimInbox(store, { owner: 'x', now: later(ms), leaseMs: 1, limit: 1 })
  if (claimed === undefined) throw new Error('nothing is due')
  const end = {
    verdict,
    evidence: {} as Evidence,
    ticketId: null,
    messageId: null,
    textKey: null,
    from: 'x@y.example',
    subject: text,
    now: later(ms),
  }
  await store.transact((tx) => finishInbox(tx, claimed, end))
  return inboxId
}

const letters = (store: Store) => store.db.selectFrom('outbox').selectAll().orderBy('id').execute()

onEachDatabase((test) => {
  test('nothing is written while nothing waits', async ({ place }) => {
    await decide(place, 'done', { kind: 'automatic', reason: 'list', ticketId: null })
    expect(await digest(place.store)).toBe(0)
    expect(await letters(place.store)).toEqual([])
  })

  test('held and unreadable mail is named to the operator', async ({ place }) => {
    await decide(place, 'A stranger writes', held)
    await decide(place, 'Nobody can read this', unreadable)
    expect(await digest(place.store)).toBe(2)
    const [letter] = await letters(place.store)
    expect(letter).toMatchObject({
      letter: 'held-digest',
      to_address: 'operator@desk.example',
      state: 'queued',
      ticket_id: null,
    })
    expect(letter?.text).toContain('A stranger writes')
    expect(letter?.text).toContain('Nobody can read this')
  })

  test('it comes at most once an hour for new mail, and once a day for what still waits', async ({
    place,
  }) => {
    const { store } = place
    await decide(place, 'one', held)
    expect(await digest(store)).toBe(1)
    await decide(place, 'two', held, 1000)
    expect(await digest(store, HOUR_MS - 1)).toBe(0)
    expect(await digest(store, HOUR_MS)).toBe(2)
    expect(await digest(store, 3 * HOUR_MS)).toBe(0)
    expect(await digest(store, HOUR_MS + DAY_MS - 1)).toBe(0)
    expect(await digest(store, HOUR_MS + DAY_MS)).toBe(2)
  })

  test('an older mail that is held later than a newer one counts as new', async ({ place }) => {
    const { store } = place
    const older = await decide(place, 'older', held)
    await decide(place, 'newer', held)
    expect(await digest(store)).toBe(2)
    await retryMail(store, older, { now: later(2 * HOUR_MS), newId })
    const [claimed] = await claimInbox(store, { owner: 'x', now: later(2 * HOUR_MS), leaseMs: 1, limit: 1 })
    if (claimed === undefined) throw new Error('nothing is due')
    const end = {
      verdict: held,
      evidence: {} as Evidence,
      ticketId: null,
      messageId: null,
      textKey: null,
      from: null,
      subject: null,
      now: later(2 * HOUR_MS),
    }
    await store.transact((tx) => finishInbox(tx, claimed, end))
    expect(await digest(store, 2 * HOUR_MS)).toBe(2)
  })

  test('a mail that failed is named, and not every hour', async ({ place }) => {
    const { store } = place
    await put(place, 'x')
    let at = now
    for (;;) {
      const [claimed] = await claimInbox(store, { owner: 'x', now: at, leaseMs: 1, limit: 1 })
      if (claimed === undefined) throw new Error('nothing is due')
      if ((await postponeInbox(store, claimed, { text: 'jail', now: at, newId })) === 'failed') break
      const row = await store.db.selectFrom('inbox').select('next_attempt_at').executeTakeFirstOrThrow()
      at = new Date(row.next_attempt_at)
    }
    const failedMs = at.getTime() - now.getTime()
    expect(await digest(store, failedMs)).toBe(1)
    expect(await digest(store, failedMs + 2 * HOUR_MS)).toBe(0)
    expect(await digest(store, failedMs + DAY_MS)).toBe(1)
  })

  test('two nodes that look at once write one digest', async ({ place }) => {
    await decide(place, 'one', held)
    const done = await Promise.all([digest(place.store), digest(place.store), digest(place.store)])
    expect(done.toSorted((a, b) => a - b)).toEqual([0, 0, 1])
    expect(await letters(place.store)).toHaveLength(1)
  })

  test('a notice that came back from everybody is told once, one that reached a colleague is not', async ({
    place,
  }) => {
    const { store } = place
    const { inboxId } = await put(place, 'a first mail')
    const people = ['ada@desk.example', 'ida@desk.example']
    const written = await apply(store, {
      inboxId,
      changes: opening,
      letters: [notice()],
      deps: { queueNotify: () => people },
    })
    expect(written.map((row) => row.to_address)).toEqual(people)
    await store.db.updateTable('inbox').set({ state: 'done' }).execute()
    await store.db.updateTable('outbox').set({ state: 'sent' }).execute()
    const comeBack = (address: string) =>
      store.db
        .updateTable('outbox')
        .set({ bounced_at: later(0).getTime() })
        .where('to_address', '=', address)
        .execute()
    await comeBack('ada@desk.example')
    expect(await digest(store)).toBe(0)
    await comeBack('ida@desk.example')
    expect(await digest(store)).toBe(2)
    const letter = (await letters(store)).at(-1)
    expect(letter).toMatchObject({ letter: 'held-digest', subject: '2 notices of the desk reached nobody' })
    expect(letter?.text).toContain('ticketgate ticket show TG-')
    expect(letter?.text).toContain('ida@desk.example')
    expect(await digest(store, 2 * DAY_MS)).toBe(0)
  })
})
