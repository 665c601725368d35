/** The outbox: at least once under one lease at a time, later and later, and given up after five days. */
import { expect } from 'vitest'
import type { ApplyDeps } from '../../src/store/apply-deps.ts'
import { insertLetter } from '../../src/store/insert-letter.ts'
import { outboxById } from '../../src/store/list.ts'
import type { Store } from '../../src/store/open.ts'
import {
  type Attempt,
  type ClaimedLetter,
  claimLetters,
  headerFieldsOfRow,
  markLetter,
  referencesOfRow,
  retryLetter,
} from '../../src/store/outbox.ts'
import { onEachDatabase } from './databases.ts'
import { applyDeps, DAY_MS, later, MINUTE_MS, newId, now } from './desk-parts.ts'

const LEASE_MS = 300_000

const claim = (store: Store, owner = 'node-1', at = now, limit = 10) =>
  claimLetters(store, { owner, now: at, leaseMs: LEASE_MS, limit })

async function theOne(store: Store, owner = 'node-1', at = now): Promise<ClaimedLetter> {
  const [claimed, ...more] = await claim(store, owner, at)
  if (claimed === undefined || more.length > 0) throw new Error('not exactly one letter is due')
  return claimed
}

async function write(
  store: Store,
  change: Partial<Parameters<typeof insertLetter>[1]> = {},
  deps: ApplyDeps = applyDeps(store),
): Promise<string> {
  const letter = {
    letter: 'acknowledgement',
    ticketId: null,
    inboxId: null,
    personId: null,
    to: { name: 'Fenella', address: 'fenella@otterbrook-it.example' },
    queue: 'support',
    replyTo: 'support@desk.example',
    inReplyTo: 'one@otterbrook-it.example',
    references: ['root@otterbrook-it.example', 'one@otterbrook-it.example'],
    words: { subject: 'Yours', text: 'Dear Fenella', html: '<p>Dear Fenella</p>' },
    autoSubmitted: 'auto-replied',
    rated: true,
    state: 'queued',
    notBefore: now,
    ...change,
  } as const
  return (await store.transact((tx) => insertLetter(tx, letter, { deps, now }))).letterId
}

const mark = (
  store: Store,
  claimed: ClaimedLetter,
  attempt: Attempt,
  more: { readonly at?: Date; readonly jitter?: number } = {},
) => markLetter(store, claimed, { attempt, now: more.at ?? now, newId, jitter: more.jitter ?? 0 })

const events = async (store: Store) =>
  (await store.db.selectFrom('event').selectAll().orderBy('id').execute()).map((row) => [
    row.kind,
    row.outbox_id,
  ])

const sent: Attempt = { kind: 'sent', reply: '250 2.0.0 queued as 1' }
const deferred: Attempt = { kind: 'deferred', reply: '451 4.3.0 later' }

onEachDatabase((test) => {
  test('a letter is claimed with all that it says', async ({ place: { store } }) => {
    const letterId = await write(store)
    const { row } = await theOne(store)
    expect(row).toMatchObject({
      id: letterId,
      to_address: 'fenella@otterbrook-it.example',
      to_name: 'Fenella',
      from_address: 'support@desk.example',
      from_name: 'Hosting Desk',
      reply_to: 'support@desk.example',
      in_reply_to: 'one@otterbrook-it.example',
      subject: 'Yours',
      text: 'Dear Fenella',
      html: '<p>Dear Fenella</p>',
      dated_at: now.getTime(),
    })
    expect(row.message_id).toMatch(/@desk\.example$/)
    expect(row.return_path).toMatch(/^bounce\+b[0-9a-z]+@desk\.example$/)
    expect(referencesOfRow(row)).toEqual(['root@otterbrook-it.example', 'one@otterbrook-it.example'])
    expect(headerFieldsOfRow(row)).toEqual([
      { name: 'Auto-Submitted', value: 'auto-replied' },
      { name: 'X-Auto-Response-Suppress', value: 'All' },
      { name: 'X-Ticketgate-Loop', value: `marker of ${row.id}` },
    ])
  })

  test('words with NUL or half a character are stored as what can be shown', async ({ place: { store } }) => {
    await write(store, {
      words: { subject: 'a\0', text: 'b\ud800', html: 'c\0' },
      inReplyTo: 'x\0@y',
      to: { name: 'F\0', address: 'fenella@otterbrook-it.example' },
      references: ['x\0@y'],
    })
    const { row } = await theOne(store)
    expect(row).toMatchObject({ subject: 'a\ufffd', text: 'b\ufffd', html: 'c\ufffd', to_name: 'F\ufffd' })
  })

  test('a letter waits for its time, and a withheld one for ever', async ({ place: { store } }) => {
    const letterId = await write(store, { notBefore: later(MINUTE_MS) })
    await write(store, { state: 'withheld' })
    expect(await claim(store)).toEqual([])
    expect(await claim(store, 'node-1', later(MINUTE_MS - 1))).toEqual([])
    expect((await theOne(store, 'node-1', later(MINUTE_MS))).row.id).toBe(letterId)
    expect(await claim(store, 'node-2', later(30 * DAY_MS))).toHaveLength(1)
  })

  test('a sent letter is not sent again, and keeps the reply', async ({ place: { store } }) => {
    const letterId = await write(store)
    expect(await mark(store, await theOne(store), sent)).toBe('sent')
    expect(await claim(store, 'node-1', later(30 * DAY_MS))).toEqual([])
    expect(await outboxById(store.db, letterId)).toMatchObject({
      state: 'sent',
      attempts: 1,
      lastReply: '250 2.0.0 queued as 1',
      unknown: false,
      nextAttemptAt: null,
      sentAt: now.toISOString(),
    })
  })

  test('a refused letter is an event with the reply, and is tried no more', async ({ place: { store } }) => {
    const letterId = await write(store)
    const failed: Attempt = { kind: 'failed', reply: `550 5.1.1 no such user\0${'x'.repeat(1000)}` }
    expect(await mark(store, await theOne(store), failed)).toBe('failed')
    expect(await claim(store, 'node-1', later(30 * DAY_MS))).toEqual([])
    expect((await outboxById(store.db, letterId))?.lastReply).toMatch(/^550 5\.1\.1 no such user\ufffdx+$/)
    expect(await events(store)).toEqual([['letter-failed', letterId]])
  })

  test('a deferred letter goes later and later, under the same Message-ID, and is given up after five days', async ({
    place: { store },
  }) => {
    const letterId = await write(store)
    const waits: number[] = []
    const messageIds = new Set<string>()
    let at = now
    for (;;) {
      const claimed = await theOne(store, 'node-1', at)
      messageIds.add(claimed.row.message_id)
      if ((await mark(store, claimed, deferred, { at })) === 'failed') break
      const line = await outboxById(store.db, letterId)
      const next = new Date(line?.nextAttemptAt ?? 0)
      expect(await claim(store, 'node-1', new Date(next.getTime() - 1))).toEqual([])
      waits.push((next.getTime() - at.getTime()) / MINUTE_MS)
      at = next
    }
    expect(waits.slice(0, 10)).toEqual([1, 2, 5, 10, 20, 40, 60, 120, 240, 240])
    expect(new Set(waits.slice(10))).toEqual(new Set([240]))
    expect(at.getTime() - now.getTime()).toBeGreaterThan(5 * DAY_MS)
    expect(at.getTime() - now.getTime()).toBeLessThan(5.2 * DAY_MS)
    expect(messageIds.size).toBe(1)
    expect(await events(store)).toEqual([['letter-failed', letterId]])
  })

  test('jitter spreads a retry by up to a fifth', async ({ place: { store } }) => {
    const letterId = await write(store)
    await mark(store, await theOne(store), deferred, { jitter: 1 })
    const line = await outboxById(store.db, letterId)
    expect(line?.nextAttemptAt).toBe(later(1.2 * MINUTE_MS).toISOString())
  })

  test('a letter that may have arrived says so until its end', async ({ place: { store } }) => {
    const letterId = await write(store)
    await mark(store, await theOne(store), { kind: 'unknown', reply: 'the line went dead' })
    expect(await outboxById(store.db, letterId)).toMatchObject({ state: 'queued', unknown: true })
    await mark(store, await theOne(store, 'node-1', later(2 * MINUTE_MS)), sent)
    expect(await outboxById(store.db, letterId)).toMatchObject({ state: 'sent', unknown: true, attempts: 2 })
  })

  test('the letter of a dead node is taken over after its lease', async ({ place: { store } }) => {
    await write(store)
    await theOne(store, 'dead')
    expect(await claim(store, 'alive', later(LEASE_MS))).toEqual([])
    await theOne(store, 'alive', later(LEASE_MS + 1))
  })

  test('a node that lost its lease may say that a letter went out, and nothing else', async ({
    place: { store },
  }) => {
    const letterId = await write(store)
    const slow = await theOne(store, 'slow')
    const at = later(LEASE_MS + 1)
    const quick = await theOne(store, 'quick', at)
    await mark(store, slow, { kind: 'failed', reply: '550 no' }, { at })
    await mark(store, slow, deferred, { at })
    expect(await outboxById(store.db, letterId)).toMatchObject({
      state: 'queued',
      attempts: 0,
      lastReply: null,
    })
    expect(await events(store)).toEqual([])
    await mark(store, slow, sent, { at })
    expect(await outboxById(store.db, letterId)).toMatchObject({ state: 'sent' })
    await mark(store, quick, { kind: 'failed', reply: '550 no' }, { at })
    expect(await outboxById(store.db, letterId)).toMatchObject({
      state: 'sent',
      lastReply: '250 2.0.0 queued as 1',
    })
    expect(await events(store)).toEqual([])
  })

  test('many claims at once never give one letter to two', async ({ place: { store } }) => {
    for (let i = 0; i < 20; i++) await write(store)
    const claims = await Promise.all(Array.from({ length: 8 }, (_, i) => claim(store, `node-${i}`, now, 4)))
    const ids = claims.flat().map((one) => one.row.id)
    expect(new Set(ids).size).toBe(ids.length)
    expect(claims.every((one) => one.length <= 4)).toBe(true)
    expect(ids.length + (await claim(store, 'rest', now, 100)).length).toBe(20)
  })

  test('a failed or withheld letter can be queued again and has its five days anew', async ({
    place: { store },
  }) => {
    const failed = await write(store)
    await mark(store, await theOne(store), { kind: 'failed', reply: '550 no' })
    const at = { now: later(30 * DAY_MS), newId }
    expect(await retryLetter(store, 'nobody', at)).toBe(false)
    expect(await retryLetter(store, failed, at)).toBe(true)
    expect(await retryLetter(store, failed, at)).toBe(false)
    const again = await theOne(store, 'node-1', at.now)
    expect(await mark(store, again, deferred, { at: at.now })).toBe('queued')
    const withheld = await write(store, { state: 'withheld' })
    expect(await retryLetter(store, withheld, at)).toBe(true)
    expect((await theOne(store, 'node-1', at.now)).row.id).toBe(withheld)
  })
})
