/** The registers as files: what was exported is imported again without a change, on both databases; all or nothing. */
import * as fc from 'fast-check'
import { expect } from 'vitest'
import { changeRegister, loadRegistered } from '../../src/store/change-register.ts'
import type { Store } from '../../src/store/open.ts'
import { planRegister } from '../../src/trust/register-diff.ts'
import { readRegister, writeAgents, writePartners } from '../../src/trust/register-file.ts'
import { onEachDatabase } from './databases.ts'
import { newId, now } from './desk-parts.ts'

const at = { now, newId, brandId: 'brand', dryRun: false }

async function importText(
  store: Store,
  text: string,
  options: { csv?: boolean; prune?: boolean; dryRun?: boolean } = {},
) {
  const read = readRegister(text, options.csv === true)
  if (read.kind === 'problems') return read
  const plan = (known: Parameters<typeof planRegister>[0]) =>
    planRegister(known, read.entries, { prune: options.prune === true })
  return changeRegister(store, plan, { ...at, dryRun: options.dryRun === true })
}

const FILE = `
partners:
  - name: Otterbrook IT
    seen: 12
    domains: [otterbrook.example, büro.example]
    controlPanelUrls: [https://cp.otterbrook.example]
    people:
      - { address: Fenella@Otterbrook.example, name: Fenella Otter, seen: 9 }
      - { addresses: [quill@otterbrook.example, quill@home.example] }
agents:
  - { name: Ada, addresses: [ada@desk.example], role: lead, timeZone: Europe/Berlin }
`

onEachDatabase((test) => {
  test('a file brings partners, people and agents, and a second time changes nothing', async ({
    place: { store },
  }) => {
    expect(await importText(store, FILE)).toMatchObject({ kind: 'steps', untouched: 0 })
    const { partners, agents } = await loadRegistered(store.db)
    expect(partners).toMatchObject([
      {
        name: 'Otterbrook IT',
        domains: ['otterbrook.example', 'xn--bro-hoa.example'],
        controlPanelUrl: 'https://cp.otterbrook.example',
        people: [
          { name: 'Fenella Otter', addresses: ['fenella@otterbrook.example'] },
          { name: null, addresses: ['quill@otterbrook.example', 'quill@home.example'] },
        ],
      },
    ])
    expect(agents).toMatchObject([{ name: 'Ada', role: 'lead', timeZone: 'Europe/Berlin' }])
    expect(await importText(store, FILE, { prune: true })).toMatchObject({ kind: 'steps', steps: [] })
  })

  test('a dry run and a file with a problem change nothing', async ({ place: { store } }) => {
    const dry = await importText(store, FILE, { dryRun: true })
    expect(dry.kind === 'steps' && dry.steps.length).toBe(2)
    const bad = `${FILE}  - { name: Bo, addresses: [quill@home.example, nonsense], nick: b }\n`
    const refused = await importText(store, bad)
    expect(refused).toEqual({
      kind: 'problems',
      problems: ['agents[1].addresses[1]: is no mail address', expect.stringContaining('nick')],
    })
    expect(await loadRegistered(store.db)).toEqual({ partners: [], agents: [] })
  })

  test('an export is imported again without a change, as YAML and as CSV', async ({ place: { store } }) => {
    const name = fc.string({
      unit: fc.constantFrom('a', 'B', 'ü', ' ', ',', '"', ':', '#', '-', "'"),
      minLength: 1,
      maxLength: 12,
    })
    const entry = fc.record({
      name,
      person: fc.option(name),
      timeZone: fc.constantFrom(null, 'Europe/Berlin', 'UTC'),
      mode: fc.constantFrom(null, 'advise'),
      machineMail: fc.constantFrom('answer', 'silent'),
      state: fc.constantFrom('active', 'suspended'),
      count: fc.integer({ min: 0, max: 3 }),
    })
    let run = 0
    const property = fc.asyncProperty(entry, fc.boolean(), async (made, asCsv) => {
      run += 1
      const called = `${made.name} ${run}`.trim()
      const people = Array.from({ length: made.count }, (_, place) => ({
        name: made.person?.trim() || null,
        addresses: [`p${place}@d${run}.example`, `q${place}@d${run}.example`],
      }))
      const { timeZone, mode, machineMail, state } = made
      const partner = {
        name: called,
        domains: [`d${run}.example`],
        people,
        timeZone,
        mode,
        machineMail,
        state,
      }
      const plan = (known: Parameters<typeof planRegister>[0]) =>
        planRegister(known, { partners: [partner], agents: [] }, { prune: false })
      expect(await changeRegister(store, plan, at)).toMatchObject({ kind: 'steps' })
      const text = writePartners((await loadRegistered(store.db)).partners, asCsv)
      const again = await importText(store, text, { csv: asCsv, prune: true })
      expect(again).toMatchObject({ kind: 'steps', steps: [], untouched: run })
    })
    await fc.assert(property, { numRuns: 12, endOnFailure: true })
  })

  test('agents come back from a file as they were', async ({ place: { store } }) => {
    await importText(store, FILE)
    for (const asCsv of [false, true]) {
      const text = writeAgents((await loadRegistered(store.db)).agents, asCsv)
      expect(await importText(store, text, { csv: asCsv, prune: true })).toMatchObject({
        kind: 'steps',
        steps: [],
      })
    }
  })
})
