/** Small facts about the whole database: key fingerprints, when the last digest went out. */
import type { Kysely } from 'kysely'
import { type Store, StoreUnavailable } from './open.ts'
import type { Database } from './schema.ts'

/** Reads a setting; null when it was never written. */
export async function readSetting(db: Kysely<Database>, name: string): Promise<string | null> {
  const row = await db.selectFrom('setting').select('value').where('name', '=', name).executeTakeFirst()
  return row?.value ?? null
}

/** Writes a setting. */
export async function writeSetting(db: Kysely<Database>, name: string, value: string): Promise<void> {
  await db
    .insertInto('setting')
    .values({ name, value })
    .onConflict((conflict) => conflict.column('name').doUpdateSet({ value }))
    .execute()
}

export type KeyMark = { readonly keyId: string; readonly fingerprint: string }

/** Looked up by `like`: what is greater or less than a text is up to the server's language. */
const KEY_PREFIX = 'key-fingerprint:'

/** Does the database know any key yet? A new ring may only be made for one that does not. */
export async function knowsKeys(db: Kysely<Database>): Promise<boolean> {
  const row = await db
    .selectFrom('setting')
    .select('name')
    .where('name', 'like', `${KEY_PREFIX}%`)
    .executeTakeFirst()
  return row !== undefined
}

/**
 * Holds the key ring against the database: every key that the database knows must be there, unaltered; new keys are
 * remembered. Throws StoreUnavailable('unfit') with one line for an operator.
 */
export async function checkKeyRing(store: Store, keys: readonly KeyMark[]): Promise<void> {
  await store.transact(async (tx) => {
    const known = await tx.selectFrom('setting').selectAll().where('name', 'like', `${KEY_PREFIX}%`).execute()
    for (const row of known) {
      const keyId = row.name.slice(KEY_PREFIX.length)
      const key = keys.find((one) => one.keyId === keyId)
      if (key?.fingerprint === row.value) continue
      throw new StoreUnavailable(
        'unfit',
        `the key ring does not fit the database: key ${keyId} is ${key === undefined ? 'missing' : 'another one'}; bring back the ring that belongs to this data`,
      )
    }
    for (const { keyId, fingerprint } of keys) {
      if (!known.some((row) => row.name === KEY_PREFIX + keyId)) {
        await writeSetting(tx, KEY_PREFIX + keyId, fingerprint)
      }
    }
  })
}
