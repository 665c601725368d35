/** `partner` and `agent` `edit`, `import`, `export` as an operator uses them. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { makePlace, type Place } from './try-command.ts'

let place: Place
beforeAll(() => {
  place = makePlace()
})
afterAll(() => place.remove())

test('An entry is edited, taken out and in again by files, and every step is told.', {
  timeout: 120_000,
}, async () => {
  const { ok, run, write } = place
  await ok([
    'partner',
    'add',
    'Otterbrook IT',
    '--domain',
    'otterbrook.example',
    '--address',
    'fen@otterbrook.example',
  ])
  const edited = await ok([
    'partner',
    'edit',
    'Otterbrook IT',
    '--time-zone',
    'Europe/Berlin',
    '--add-domain',
    'otter.example',
    '--of',
    'fen@otterbrook.example',
    '--add-address',
    'fen@home.example',
  ])
  expect(edited).toContain('+ domain otter.example')
  expect(edited).toContain('+ address fen@home.example')
  expect(edited).toContain('time zone – → Europe/Berlin')
  expect(await ok(['partner', 'edit', 'Otterbrook IT', '--time-zone', 'Europe/Berlin'])).toContain(
    'nothing changes',
  )
  const nobody = await run(['partner', 'edit', 'Nobody', '--mode', 'advise'])
  expect(nobody.code).toBe(1)
  expect(nobody.stderr).toContain('there is no partner "Nobody"')

  const yaml = await ok(['partner', 'export'])
  const file = write('partners.yaml', yaml.replace('Europe/Berlin', 'Europe/Lisbon'))
  const dry = await ok(['partner', 'import', file, '--dry-run'])
  expect(dry).toContain('time zone Europe/Berlin → Europe/Lisbon')
  expect(dry).toContain('dry run')
  expect(await ok(['partner', 'import', file])).toContain('1 change')
  const csv = await ok(['partner', 'export', '--csv'])
  expect(csv).toContain('Europe/Lisbon')
  expect(await ok(['partner', 'import', '-', '--csv', '--prune'], csv)).toContain(
    'nothing changes, 1 unchanged',
  )

  const bad = await run([
    'partner',
    'import',
    write('bad.yaml', 'partners: [{ name: X, domians: [x.example] }, { name: Y, domains: [nonsense] }]\n'),
  ])
  expect(bad.code).toBe(1)
  expect(bad.stderr).toContain('domians')
  expect(bad.stderr).toContain('partners[1].domains[0]: is no domain')

  await ok(['agent', 'add', 'Ada', '--address', 'ada@desk.example'])
  const agent = await ok(['agent', 'edit', 'Ada', '--role', 'lead', '--add-address', 'ada@home.example'])
  expect(agent).toContain('role support → lead')
  expect(await ok(['agent', 'export'])).toContain('ada@home.example')
})
