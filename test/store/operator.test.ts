/** Without a named operator, somebody of the desk hears of what nobody else would. */
import { expect } from 'vitest'
import { operatorAddress } from '../../src/store/operator.ts'
import { addAgent, removeAgent } from '../../src/store/registers.ts'
import { onEachDatabase } from './databases.ts'
import { newId, now } from './desk-parts.ts'

const at = { now, newId, brandId: 'brand' }
const postmaster = 'postmaster@desk.example'
const agent = (name: string, role: string) => ({
  name,
  role,
  addresses: [`${name.toLowerCase()}@desk.example`],
  timeZone: null,
})

onEachDatabase((test) => {
  test('the operator of the configuration goes before everybody', async ({ place: { store } }) => {
    await addAgent(store, agent('Lea', 'lead'), at)
    const named = { operator: { address: 'op@desk.example', postmaster } }
    expect(await operatorAddress(store.db, named)).toBe('op@desk.example')
  })

  test('else a lead does, else any agent, and the postmaster only when nobody is there', async ({
    place: { store },
  }) => {
    const unnamed = { operator: { address: null, postmaster } }
    expect(await operatorAddress(store.db, unnamed)).toBe(postmaster)
    await addAgent(store, agent('Ada', 'support'), at)
    expect(await operatorAddress(store.db, unnamed)).toBe('ada@desk.example')
    await addAgent(store, agent('Lea', 'lead'), at)
    expect(await operatorAddress(store.db, unnamed)).toBe('lea@desk.example')
    await removeAgent(store, 'lea@desk.example', at)
    expect(await operatorAddress(store.db, unnamed)).toBe('ada@desk.example')
  })
})
