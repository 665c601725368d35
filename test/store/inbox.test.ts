/** The inbox: one row per mail whatever comes twice, under one lease at a time, until it has its outcome. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import type { Evidence } from '../../src/decide/explain.ts'
import type { Verdict } from '../../src/decide/verdict.ts'
import { claimInbox, finishInbox, type MailEnd, openClaimed, postponeInbox } from '../../src/store/inbox.ts'
import { eventsOf, inboxById, ledger, listInbox } from '../../src/store/list.ts'
import type { Store } from '../../src/store/open.ts'
import { retryMail } from '../../src/store/release.ts'
import { onEachDatabase, type Place } from './databases.ts'
import { DAY_MS, envelope, inboxDeps, later, newId, now, put } from './desk-parts.ts'

const LEASE_MS = 120_000
const LARGE = `Subject: large\r\n\r\n${'A haystack, and no needle in it.\r\n'.repeat(20_000)}`

const claim = (store: Store, owner = 'node-1', at = now, limit = 10) =>
  claimInbox(store, { owner, now: at, leaseMs: LEASE_MS, limit })

async function theOne(store: Store, owner = 'node-1', at = now) {
  const [claimed, ...more] = await claim(store, owner, at)
  if (claimed === undefined || more.length > 0) throw new Error('not exactly one mail is due')
  return claimed
}

function end(verdict: Verdict, change: Partial<MailEnd> = {}): MailEnd {
  return {
    verdict,
    evidence: { mode: 'enforce' } as Evidence,
    ticketId: null,
    messageId: 'a@b.example',
    textKey: 'key',
    from: 'fenella@otterbrook-it.example',
    subject: 'Journal',
    now,
    ...change,
  }
}

const automatic: Verdict = { kind: 'automatic', reason: 'auto-submitted', ticketId: null }
const heldBack: Verdict = { kind: 'held', reason: 'stranger', ticketId: null }

async function counts(store: Store) {
  const count = async (table: 'inbox' | 'content' | 'content_key') =>
    Number(
      (
        await store.db
          .selectFrom(table)
          .select((select) => select.fn.countAll().as('n'))
          .executeTakeFirstOrThrow()
      ).n,
    )
  return [await count('inbox'), await count('content'), await count('content_key')]
}

function blobFiles(place: Place): readonly string[] {
  const { folder } = inboxDeps(place).blobs
  if (!existsSync(folder)) return []
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
}

onEachDatabase((test, dialect) => {
  test('a mail comes back with its exact octets and its envelope', async ({ place }) => {
    const { store } = place
    const content = Buffer.from([0, 13, 10, 255, 0x80, 65])
    const { inboxId, duplicate } = await put(place, 'x', { content })
    expect(duplicate).toBe(false)
    expect(inboxId).toMatch(/^[0-9a-hjkmnp-tv-z]{16}$/)
    const raw = await openClaimed(store, await theOne(store), inboxDeps(place))
    expect(raw.inboxId).toBe(inboxId)
    expect(raw.envelope).toEqual(envelope())
    expect(Buffer.from(raw.content).equals(content)).toBe(true)
  })

  test('the null reverse-path, the pipe and odd words of a client stay what they are', async ({ place }) => {
    const odd = {
      reversePath: null,
      transport: 'pipe',
      clientIp: null,
      ehloDomain: 'a\0b\ud800',
      tls: false,
      trustedRelay: null,
      faces: 'internet',
    } as const
    await put(place, 'x', { envelope: odd })
    const raw = await openClaimed(place.store, await theOne(place.store), inboxDeps(place))
    expect(raw.envelope).toEqual({ ...envelope(odd), ehloDomain: 'a\ufffdb\ufffd' })
  })

  test('the same mail again keeps its id, adds its recipients and is counted', async ({ place }) => {
    const { store } = place
    const first = await put(place, 'x')
    const again = { envelope: { forwardPaths: ['engineering@desk.example', 'support@desk.example'] } }
    expect(await put(place, 'x', again)).toEqual({ inboxId: first.inboxId, duplicate: true })
    expect(await put(place, 'x')).toEqual({ inboxId: first.inboxId, duplicate: true })
    expect(await inboxById(store.db, first.inboxId)).toMatchObject({
      duplicates: 2,
      forwardPaths: ['support@desk.example', 'engineering@desk.example'],
      state: 'received',
    })
    expect(await counts(store)).toEqual([1, 1, 1])
    const events = await eventsOf(store.db, { inboxId: first.inboxId })
    expect(events.map((event) => event.kind)).toEqual(['delivered-again', 'delivered-again'])
  })

  test('a mail that comes again after its end changes nothing of its outcome', async ({ place }) => {
    const { store } = place
    const { inboxId } = await put(place, 'x')
    const claimed = await theOne(store)
    await store.transact((tx) => finishInbox(tx, claimed, end(automatic)))
    await put(place, 'x')
    expect(await inboxById(store.db, inboxId)).toMatchObject({ state: 'done', duplicates: 1 })
    expect(await claim(store, 'node-1', later(DAY_MS))).toEqual([])
  })

  test('one mail put twenty times at once is one row, with every recipient and every count', async ({
    place,
  }) => {
    const { store } = place
    const puts = Array.from({ length: 20 }, (_, i) =>
      put(place, LARGE, { envelope: { forwardPaths: [`queue${i}@desk.example`] } }),
    )
    const done = await Promise.all(puts)
    expect(new Set(done.map((one) => one.inboxId)).size).toBe(1)
    expect(done.filter((one) => !one.duplicate)).toHaveLength(1)
    expect(await counts(store)).toEqual([1, 1, 1])
    const row = await inboxById(store.db, done[0]?.inboxId ?? '')
    expect(row?.duplicates).toBe(19)
    expect(row?.forwardPaths.toSorted()).toEqual(
      Array.from({ length: 20 }, (_, i) => `queue${i}@desk.example`).toSorted(),
    )
    expect(blobFiles(place)).toHaveLength(1)
    const raw = await openClaimed(store, await theOne(store), inboxDeps(place))
    expect(Buffer.from(raw.content).toString()).toBe(LARGE)
  })

  test('a large mail is a file for its owner only, a small one a row', async ({ place }) => {
    const { store } = place
    await put(place, 'small')
    expect(blobFiles(place)).toEqual([])
    await put(place, LARGE)
    const [file, ...more] = blobFiles(place)
    expect(more).toEqual([])
    const content = await store.db.selectFrom('content').selectAll().where('octets', 'is', null).execute()
    expect(content).toHaveLength(1)
    expect(file?.endsWith(content[0]?.blob_name ?? '?')).toBe(true)
    expect(content[0]?.size).toBe(Buffer.byteLength(LARGE))
    for (const one of await claim(store)) {
      const raw = await openClaimed(store, one, inboxDeps(place))
      expect(['small', LARGE]).toContain(Buffer.from(raw.content).toString())
    }
  })

  test('no octet of a mail is stored in clear, in the database, its log or the blobs', async ({ place }) => {
    const needle = 'Cream_Separator_4'
    await put(place, `Password: ${needle}`)
    await put(place, `${LARGE}Password: ${needle}`)
    const files = [...blobFiles(place)]
    if (dialect === 'sqlite') {
      files.push(
        ...readdirSync(place.folder, { withFileTypes: true })
          .filter((one) => one.isFile())
          .map((one) => join(place.folder, one.name)),
      )
      expect(files.some((file) => file.endsWith('-wal'))).toBe(true)
    } else {
      const rows = await place.store.db.selectFrom('content').selectAll().execute()
      for (const row of rows) expect(Buffer.from(row.octets ?? []).includes(needle)).toBe(false)
    }
    for (const file of files) expect(readFileSync(file).includes(needle)).toBe(false)
  })

  test('a put that cannot commit leaves no row', async ({ place }) => {
    const { store } = place
    const deps = inboxDeps(place)
    // The content's key row fails: the seal gave no salt.
    const broken = {
      ...deps.sealing,
      seal: (plain: Uint8Array, binding: string) => ({
        ...deps.sealing.seal(plain, binding),
        keyId: null as never,
      }),
    }
    const { putMail } = await import('../../src/store/inbox.ts')
    const arrival = { envelope: envelope(), content: Buffer.from(LARGE), dedupeKey: 'k', now }
    await expect(putMail(store, arrival, { ...deps, sealing: broken })).rejects.toThrow(/null/i)
    expect(await counts(store)).toEqual([0, 0, 0])
  })

  test('due mails are claimed oldest first, no more than asked for, and not twice', async ({ place }) => {
    const { store } = place
    const ids = []
    for (const text of ['a', 'b', 'c']) ids.push((await put(place, text)).inboxId)
    const first = await claim(store, 'node-1', now, 2)
    expect(first.map((one) => one.row.id)).toEqual(ids.slice(0, 2))
    const second = await claim(store, 'node-2')
    expect(second.map((one) => one.row.id)).toEqual(ids.slice(2))
    expect(await claim(store, 'node-3')).toEqual([])
  })

  test('many claims at once never give one mail to two', async ({ place }) => {
    for (let i = 0; i < 30; i++) await put(place, `mail ${i}`)
    const claims = await Promise.all(
      Array.from({ length: 10 }, (_, i) => claim(place.store, `node-${i}`, now, 4)),
    )
    const ids = claims.flat().map((one) => one.row.id)
    expect(new Set(ids).size).toBe(ids.length)
    expect(claims.every((one) => one.length <= 4)).toBe(true)
    const rest = await claim(place.store, 'node-x', now, 100)
    expect(ids.length + rest.length).toBe(30)
  })

  test('a lease that ran out is taken over, and the first owner can end the mail no more', async ({
    place: { store },
    place,
  }) => {
    await put(place, 'x')
    const dead = await theOne(store, 'dead')
    expect(await claim(store, 'alive', later(LEASE_MS))).toEqual([])
    const alive = await theOne(store, 'alive', later(LEASE_MS + 1))
    expect(alive.row.id).toBe(dead.row.id)
    expect(await store.transact((tx) => finishInbox(tx, dead, end(automatic)))).toBe(false)
    const fault = { text: 'late', now: later(LEASE_MS + 2), newId }
    await postponeInbox(store, dead, fault)
    expect(await inboxById(store.db, dead.row.id)).toMatchObject({ state: 'received', lastFault: null })
    expect(await store.transact((tx) => finishInbox(tx, alive, end(automatic)))).toBe(true)
    expect(await store.transact((tx) => finishInbox(tx, alive, end(automatic)))).toBe(false)
  })

  test('an ended mail shows its outcome, a held one waits', async ({ place }) => {
    const { store } = place
    await put(place, 'x')
    await put(place, 'y')
    const [one, two] = await claim(store)
    if (one === undefined || two === undefined) throw new Error('two mails are due')
    const odd = { messageId: 'a\0b@c', subject: 'Re: \0 \ud83d', from: 'x\0@y' }
    await store.transact(async (tx) => {
      await finishInbox(tx, one, end({ kind: 'automatic', reason: 'NUL \0', ticketId: null }, odd))
      await finishInbox(tx, two, end(heldBack))
    })
    const lines = await listInbox(store.db, { state: null, limit: 10 })
    expect(lines.map((line) => [line.state, line.outcome, line.reason])).toEqual([
      ['held', 'held', 'stranger'],
      ['done', 'automatic', 'NUL \0'],
    ])
    expect(lines[1]).toMatchObject({
      messageId: 'a\ufffdb@c',
      subject: 'Re: \ufffd \ufffd',
      from: 'x\ufffd@y',
    })
    expect(await ledger(store.db)).toHaveLength(2)
    expect(await claim(store, 'node-1', later(DAY_MS))).toEqual([])
  })

  test('an end inside a transaction that is undone is undone', async ({ place }) => {
    const { store } = place
    await put(place, 'x')
    const claimed = await theOne(store)
    const work = store.transact(async (tx) => {
      expect(await finishInbox(tx, claimed, end(automatic))).toBe(true)
      throw new Error('power cut')
    })
    await expect(work).rejects.toThrow('power cut')
    expect(await inboxById(store.db, claimed.row.id)).toMatchObject({ state: 'received', outcome: null })
    expect(await theOne(store, 'node-2', later(LEASE_MS + 1))).toBeDefined()
  })

  test('a fault is tried again later and later, and in the end waits for a person', async ({ place }) => {
    const { store } = place
    const { inboxId } = await put(place, 'x')
    let at = now
    let before = 0
    let tries = 0
    for (;;) {
      tries += 1
      const claimed = await theOne(store, 'node-1', at)
      expect(claimed.row.attempts).toBe(tries - 1)
      const next = await postponeInbox(store, claimed, { text: 'jail \0 broke', now: at, newId })
      if (next === 'failed') break
      const row = await store.db.selectFrom('inbox').selectAll().executeTakeFirstOrThrow()
      const wait = row.next_attempt_at - at.getTime()
      expect(wait).toBeGreaterThanOrEqual(before)
      expect(await claim(store, 'node-1', new Date(row.next_attempt_at - 1))).toEqual([])
      before = wait
      at = new Date(row.next_attempt_at)
    }
    expect(tries).toBe(12)
    expect(at.getTime() - now.getTime()).toBeLessThan(DAY_MS)
    expect(await inboxById(store.db, inboxId)).toMatchObject({
      state: 'failed',
      lastFault: 'jail \ufffd broke',
    })
    expect(await claim(store, 'node-1', later(30 * DAY_MS))).toEqual([])
    const events = await eventsOf(store.db, { inboxId })
    expect(events.map((event) => event.kind)).toEqual(['mail-failed'])
  })

  test('a held or failed mail can be put back, any other cannot', async ({ place }) => {
    const { store } = place
    const { inboxId } = await put(place, 'x')
    const at = { now: later(DAY_MS), newId }
    expect(await retryMail(store, inboxId, at)).toBe(false)
    const claimed = await theOne(store)
    await store.transact((tx) => finishInbox(tx, claimed, end(heldBack)))
    expect(await retryMail(store, 'nobody', at)).toBe(false)
    expect(await retryMail(store, inboxId, at)).toBe(true)
    expect(await claim(store)).toEqual([])
    const again = await theOne(store, 'node-1', at.now)
    expect(again.row).toMatchObject({ attempts: 0, state: 'received' })
    await store.transact((tx) => finishInbox(tx, again, end(automatic)))
    expect(await retryMail(store, inboxId, at)).toBe(false)
  })
})
