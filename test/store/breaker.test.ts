/** The breaker: a storm of automatic letters stops, nothing is lost, one letter tells the operator, and it ends by itself. */
import { expect } from 'vitest'
import { areLettersStopped, resumeLetters } from '../../src/store/breaker.ts'
import { insertLetter } from '../../src/store/insert-letter.ts'
import type { Store } from '../../src/store/open.ts'
import { claimLetters, markLetter } from '../../src/store/outbox.ts'
import { onEachDatabase } from './databases.ts'
import { applyDeps, HOUR_MS, later, newId, now } from './desk-parts.ts'

const PER_HOUR = 4
const deps = (store: Store) => ({ ...applyDeps(store), firstQueue: 'support', language: 'en' })
const stopped = (store: Store, ms: number) =>
  areLettersStopped(store, deps(store), { now: later(ms), perHour: PER_HOUR })

async function write(store: Store, count: number, rated: boolean): Promise<void> {
  for (let at = 0; at < count; at += 1) {
    const letter = {
      letter: rated ? 'checklist' : 'agent-notice',
      ticketId: null,
      inboxId: null,
      personId: null,
      to: { name: null, address: 'fenella@otterbrook-it.example' },
      queue: 'support',
      replyTo: 'support@desk.example',
      inReplyTo: null,
      references: [],
      words: { subject: 's', text: 't', html: 'h' },
      autoSubmitted: 'auto-replied',
      rated,
      state: 'queued',
      notBefore: now,
    } as const
    await store.transact((tx) => insertLetter(tx, letter, { deps: deps(store), now }))
  }
}

/** Sends whatever may go, one at a time as the loop does; gives the names of what went. */
async function sendAll(store: Store, ms: number): Promise<readonly string[]> {
  const sent: string[] = []
  for (;;) {
    const claim = { owner: 'x', now: later(ms), leaseMs: 1000, limit: 1, stopped: await stopped(store, ms) }
    const [claimed] = await claimLetters(store, claim)
    if (claimed === undefined) return sent
    const attempt = { kind: 'sent' as const, reply: '250 ok' }
    await markLetter(store, claimed, { attempt, now: later(ms), newId, jitter: 0 })
    sent.push(claimed.row.letter)
  }
}

onEachDatabase((test) => {
  test('more letters within an hour than allowed wait; notices go on, and the operator is told once', async ({
    place: { store },
  }) => {
    await write(store, 6, true)
    await write(store, 2, false)
    const sent = await sendAll(store, 0)
    expect(sent.toSorted()).toEqual([
      ...Array.from({ length: 2 }, () => 'agent-notice'),
      ...Array.from({ length: PER_HOUR }, () => 'checklist'),
      'letters-stopped',
    ])
    expect(await sendAll(store, HOUR_MS / 2)).toEqual([])
    const told = await store.db
      .selectFrom('outbox')
      .select(['to_address', 'text'])
      .where('letter', '=', 'letters-stopped')
      .execute()
    expect(told).toHaveLength(1)
    expect(told[0]?.to_address).toBe('operator@desk.example')
    expect(told[0]?.text).toContain('ticketgate outbox resume')
  })

  test('the breaker closes by itself after a quiet hour, and what waited goes out', async ({
    place: { store },
  }) => {
    await write(store, 6, true)
    await sendAll(store, 0)
    expect(await stopped(store, HOUR_MS - 1)).toBe(true)
    expect(await sendAll(store, HOUR_MS + 1)).toEqual(['checklist', 'checklist'])
    const events = await store.db.selectFrom('event').select('kind').orderBy('id').execute()
    expect(events.map(({ kind }) => kind)).toEqual(['letters-stopped', 'letters-resumed'])
  })

  test('an operator lets them go on at once; a second storm is stopped again, and told no second time', async ({
    place: { store },
  }) => {
    await write(store, 10, true)
    await sendAll(store, 0)
    expect(await resumeLetters(store, { now: later(1), newId })).toBe(true)
    expect(await sendAll(store, 2)).toHaveLength(PER_HOUR)
    expect(await stopped(store, 3)).toBe(true)
    await resumeLetters(store, { now: later(4), newId })
    expect(await sendAll(store, 5)).toHaveLength(2)
    expect(await resumeLetters(store, { now: later(6), newId })).toBe(false)
  })
})
