/** Sealed octets: bound to their row, lost with their key, swept when a crash left them without a row. */
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect } from 'vitest'
import { insertContent, openContent, prepareContent, sweepBlobs } from '../../src/store/content.ts'
import { onEachDatabase, type Place } from './databases.ts'
import { DAY_MS, HOUR_MS, inboxDeps, later, newId, now } from './desk-parts.ts'

const LIMIT = 256 * 1024

/** Stores octets as `putMail` does. Returns their id and their file. */
async function store(place: Place, octets: Uint8Array, at = now) {
  const deps = inboxDeps(place)
  const content = await prepareContent(octets, newId(at), deps)
  await place.store.transact((tx) => insertContent(tx, content, at))
  const file = content.blobName === null ? null : join(deps.blobs.folder, content.blobName)
  return { contentId: content.contentId, file }
}

const read = async (place: Place, contentId: string) =>
  Buffer.from(await openContent(place.store.db, contentId, inboxDeps(place)))

onEachDatabase((test) => {
  test.for([0, 1, LIMIT - 1, LIMIT, LIMIT + 1, 3 * LIMIT])(
    'octets come back whole on either side of the limit: %i',
    async (size, { place }) => {
      const octets = Buffer.alloc(size, 'gate')
      const { contentId, file } = await store(place, octets)
      expect(file !== null).toBe(size > LIMIT)
      expect((await read(place, contentId)).equals(octets)).toBe(true)
    },
  )

  test('a blob and its folders are for their owner only, and no draft of it is left', async ({ place }) => {
    const { file } = await store(place, Buffer.alloc(LIMIT + 1))
    expect(statSync(file ?? '').mode & 0o777).toBe(0o600)
    expect(statSync(dirname(file ?? '')).mode & 0o777).toBe(0o700)
    expect(readdirSync(dirname(file ?? ''))).toHaveLength(1)
  })

  test('content whose key row was deleted cannot be read', async ({ place }) => {
    const { contentId } = await store(place, Buffer.from('secret'))
    await place.store.db.deleteFrom('content_key').where('content_id', '=', contentId).execute()
    await expect(read(place, contentId)).rejects.toThrow(`content ${contentId} is gone or was shredded`)
  })

  test('content that was changed, or moved under another id, does not open', async ({ place }) => {
    const { db } = place.store
    const one = await store(place, Buffer.from('one'))
    const two = await store(place, Buffer.from('two'))
    const row = await db
      .selectFrom('content')
      .selectAll()
      .where('id', '=', one.contentId)
      .executeTakeFirstOrThrow()
    const key = await db
      .selectFrom('content_key')
      .selectAll()
      .where('content_id', '=', one.contentId)
      .executeTakeFirstOrThrow()
    await db.updateTable('content').set({ octets: row.octets }).where('id', '=', two.contentId).execute()
    await db
      .updateTable('content_key')
      .set({ salt: key.salt })
      .where('content_id', '=', two.contentId)
      .execute()
    await expect(read(place, two.contentId)).rejects.toThrow('do not open')
    const changed = Buffer.from(row.octets ?? [])
    changed[changed.length - 1] = (changed.at(-1) ?? 0) ^ 1
    await db.updateTable('content').set({ octets: changed }).where('id', '=', one.contentId).execute()
    await expect(read(place, one.contentId)).rejects.toThrow('do not open')
  })

  test('a blob that is missing or cut short is a fault, not an empty mail', async ({ place }) => {
    const { contentId, file } = await store(place, Buffer.alloc(LIMIT + 1))
    writeFileSync(file ?? '', readFileSync(file ?? '').subarray(0, 1000))
    await expect(read(place, contentId)).rejects.toThrow()
    const other = inboxDeps({ ...place, folder: join(place.folder, 'elsewhere') })
    await expect(openContent(place.store.db, contentId, other)).rejects.toThrow('ENOENT')
  })

  test('a sweep takes what a crash left an hour ago, and nothing else', async ({ place }) => {
    const deps = inboxDeps(place)
    const kept = await store(place, Buffer.alloc(LIMIT + 1))
    const orphan = await prepareContent(Buffer.alloc(LIMIT + 1), newId(now), deps)
    const file = (name: string | null) => join(deps.blobs.folder, name ?? '')
    // A crash while it was written.
    writeFileSync(`${kept.file}.part`, 'half')
    mkdirSync(join(deps.blobs.folder, 'lost+found'))
    writeFileSync(join(deps.blobs.folder, 'README'), 'not ours')
    expect(await sweepBlobs(place.store.db, deps.blobs, later(HOUR_MS - 1000))).toBe(0)
    expect(existsSync(file(orphan.blobName))).toBe(true)
    expect(await sweepBlobs(place.store.db, deps.blobs, later(2 * HOUR_MS))).toBe(2)
    expect(existsSync(file(orphan.blobName))).toBe(false)
    expect(existsSync(`${kept.file}.part`)).toBe(false)
    expect(existsSync(join(deps.blobs.folder, 'README'))).toBe(true)
    expect(await sweepBlobs(place.store.db, deps.blobs, later(DAY_MS))).toBe(0)
    expect((await read(place, kept.contentId)).byteLength).toBe(LIMIT + 1)
  })

  test('a sweep of a folder that is not there yet finds nothing', async ({ place }) => {
    expect(await sweepBlobs(place.store.db, inboxDeps(place).blobs, now)).toBe(0)
  })

  test('a blob that cannot be written leaves no file', async ({ place }) => {
    const deps = inboxDeps(place)
    const contentId = newId(now)
    // Its name is taken by a folder, so it cannot be put in its place.
    mkdirSync(join(deps.blobs.folder, contentId.slice(0, 4), contentId, 'x'), { recursive: true })
    await expect(prepareContent(Buffer.alloc(LIMIT + 1), contentId, deps)).rejects.toThrow()
    expect(readdirSync(join(deps.blobs.folder, contentId.slice(0, 4)))).toEqual([contentId])
  })
})
