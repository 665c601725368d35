/**
 * Sealed octets: small ones in a row, larger ones as files of the blob folder, written and fsynced before the
 * transaction that names them, so that a crash leaves at most a file without a row. The key row is apart: deleting it
 * makes the content unreadable.
 * Fails: ENOSPC and other faults of the disk are thrown; a missing or altered blob throws when it is opened.
 */
import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Kysely } from 'kysely'
import type { Sealed } from '../vault/seal.ts'
import type { Database } from './schema.ts'

export type Sealing = {
  readonly seal: (plain: Uint8Array, binding: string) => Sealed
  readonly open: (sealed: Sealed, binding: string) => Uint8Array
}

export type Blobs = { readonly folder: string }

/** Above this a file is cheaper than a row: 1 MB rows came to 220 a second, files of that size to three times as many. */
const MAX_ROW_OCTETS = 256 * 1024
/** A blob that no row names after this long was left by a crash. */
const ORPHAN_AGE_MS = 60 * 60 * 1000

export type PreparedContent = {
  readonly contentId: string
  readonly size: number
  readonly sealed: Sealed
  readonly blobName: string | null
}

/** The text that sealed raw mail is bound to: another row's octets do not open under it. */
function bindingOf(contentId: string): string {
  return `content|${contentId}`
}

/** Seals `plain`, and writes it to the blob folder when it is large. Await this before the transaction. */
export async function prepareContent(
  plain: Uint8Array,
  contentId: string,
  deps: { readonly sealing: Sealing; readonly blobs: Blobs },
): Promise<PreparedContent> {
  const sealed = deps.sealing.seal(plain, bindingOf(contentId))
  if (plain.byteLength <= MAX_ROW_OCTETS) return { contentId, size: plain.byteLength, sealed, blobName: null }
  // The id is no secret and says nothing of the content.
  const blobName = `${contentId.slice(0, 4)}/${contentId}`
  await writeDurably(deps.blobs.folder, blobName, sealed.octets)
  return { contentId, size: plain.byteLength, sealed, blobName }
}

/** Writes the rows of prepared content. */
export async function insertContent(
  tx: Kysely<Database>,
  content: PreparedContent,
  now: Date,
): Promise<void> {
  const { contentId, size, sealed, blobName } = content
  await tx
    .insertInto('content')
    .values({
      id: contentId,
      size,
      octets: blobName === null ? Buffer.from(sealed.octets) : null,
      blob_name: blobName,
      created_at: now.getTime(),
    })
    .execute()
  await tx
    .insertInto('content_key')
    .values({ content_id: contentId, key_id: sealed.keyId, salt: Buffer.from(sealed.salt) })
    .execute()
}

/** Opens content. Throws when its key was shredded, the blob is missing, or the octets were altered. */
export async function openContent(
  db: Kysely<Database>,
  contentId: string,
  deps: { readonly sealing: Sealing; readonly blobs: Blobs },
): Promise<Uint8Array> {
  const row = await db
    .selectFrom('content')
    .innerJoin('content_key', 'content_key.content_id', 'content.id')
    .select(['octets', 'blob_name', 'key_id', 'salt'])
    .where('content.id', '=', contentId)
    .executeTakeFirst()
  if (row === undefined) throw new Error(`content ${contentId} is gone or was shredded`)
  const octets = row.octets ?? (await readFile(join(deps.blobs.folder, row.blob_name ?? '')))
  return deps.sealing.open({ keyId: row.key_id, salt: row.salt, octets }, bindingOf(contentId))
}

/** Removes a blob whose transaction did not happen. */
export async function dropBlob(blobs: Blobs, content: PreparedContent): Promise<void> {
  if (content.blobName !== null) await rm(join(blobs.folder, content.blobName), { force: true })
}

/** Removes blobs that no row names, left by a crash between file and commit. Returns how many. */
export async function sweepBlobs(db: Kysely<Database>, blobs: Blobs, now: Date): Promise<number> {
  const names = await readdir(blobs.folder, { recursive: true }).catch(() => [])
  let swept = 0
  for (const name of names.filter((one) => /^[0-9a-z]{4}\/[0-9a-z]{16}(\.part)?$/.test(one))) {
    const contentId = name.slice(5, 21)
    // The first nine digits of an id are its milliseconds (see new-id.ts): 42 bits of 80, 38 below them.
    if (now.getTime() - timeOfId(contentId) < ORPHAN_AGE_MS) continue
    const row = await db.selectFrom('content').select('id').where('id', '=', contentId).executeTakeFirst()
    if (row !== undefined && !name.endsWith('.part')) continue
    await rm(join(blobs.folder, name), { force: true })
    swept += 1
  }
  return swept
}

function timeOfId(id: string): number {
  const digits = '0123456789abcdefghjkmnpqrstvwxyz'
  let value = 0n
  for (const digit of id) value = (value << 5n) | BigInt(Math.max(0, digits.indexOf(digit)))
  return Number(value >> 38n)
}

async function writeDurably(folder: string, name: string, octets: Uint8Array): Promise<void> {
  const target = join(folder, name)
  const parent = join(target, '..')
  await mkdir(parent, { recursive: true, mode: 0o700 })
  const part = `${target}.part`
  try {
    const file = await open(part, 'w', 0o600)
    try {
      await file.writeFile(octets)
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(part, target)
  } catch (error) {
    // A full disk would stay full.
    await rm(part, { force: true })
    throw error
  }
  for (const made of [parent, folder]) {
    const directory = await open(made, 'r')
    try {
      await directory.sync()
    } finally {
      await directory.close()
    }
  }
}
