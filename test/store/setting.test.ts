/** The key ring is held against the database, so that a wrong one is found at start and not at the first sealed mail. */
import { expect } from 'vitest'
import { StoreUnavailable } from '../../src/store/open.ts'
import { checkKeyRing, knowsKeys, readSetting, writeSetting } from '../../src/store/setting.ts'
import { onEachDatabase } from './databases.ts'

const first = { keyId: 'k20261124-aaaaaa', fingerprint: '0123456789abcdef' }
const second = { keyId: 'k20270101-bbbbbb', fingerprint: 'fedcba9876543210' }

onEachDatabase((test) => {
  test('a setting is read as it was last written', async ({ place: { store } }) => {
    expect(await readSetting(store.db, 'digest')).toBeNull()
    await writeSetting(store.db, 'digest', '1')
    await writeSetting(store.db, 'digest', '2')
    expect(await readSetting(store.db, 'digest')).toBe('2')
  })

  test('a fresh database knows no key, whatever else it was told', async ({ place: { store } }) => {
    await writeSetting(store.db, 'key-finger', 'x')
    await writeSetting(store.db, 'key-fingerprints', 'x')
    expect(await knowsKeys(store.db)).toBe(false)
    await checkKeyRing(store, [first])
    expect(await knowsKeys(store.db)).toBe(true)
  })

  test('the same ring fits again, also once it has another key', async ({ place: { store } }) => {
    await checkKeyRing(store, [first])
    await checkKeyRing(store, [first])
    await checkKeyRing(store, [first, second])
    await expect(checkKeyRing(store, [first])).rejects.toThrow(`key ${second.keyId} is missing`)
  })

  test('a ring without a known key, or with another one under its name, is refused', async ({ place }) => {
    const { store } = place
    await checkKeyRing(store, [first])
    await expect(checkKeyRing(store, [second])).rejects.toThrow(StoreUnavailable)
    await expect(checkKeyRing(store, [second])).rejects.toThrow(`key ${first.keyId} is missing`)
    const forged = { ...first, fingerprint: second.fingerprint }
    await expect(checkKeyRing(store, [forged])).rejects.toThrow(`key ${first.keyId} is another one`)
    // What was refused left no trace.
    await checkKeyRing(store, [first])
  })
})
