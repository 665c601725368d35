/** Partners and agents: added, listed, shown, removed, and refused when a name, domain or address is taken. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { expectOneLine, makePlace } from './try-command.ts'

const place = makePlace()
beforeAll(async () => {
  await place.ok(['inbox', 'list'])
})
afterAll(() => place.remove())

test('A partner is added, listed, shown and removed.', async () => {
  const said = await place.ok([
    'partner',
    'add',
    'Otterbrook IT',
    '--domain',
    'Otterbrook.example',
    '--domain',
    'otter.example',
    '--address',
    'Fenella@otterbrook.example',
    '--panel',
    'https://cp.otterbrook.example',
    '--time-zone',
    'Europe/Berlin',
    '--language',
    'de',
    '--mode',
    'advise',
    '--machine-mail',
    'answer',
  ])
  expect(said).toMatch(/^registered Otterbrook IT \([0-9a-z]{16}\)\n$/)
  const [row, ...more] = await place.json(['partner', 'list'])
  expect(more).toEqual([])
  expect(row).toMatchObject({
    name: 'Otterbrook IT',
    state: 'active',
    domains: ['otter.example', 'otterbrook.example'],
    controlPanelUrl: 'https://cp.otterbrook.example',
    timeZone: 'Europe/Berlin',
    language: 'de',
    mode: 'advise',
    machineMail: 'answer',
    people: [{ addresses: ['fenella@otterbrook.example'] }],
    tickets: 0,
  })
  for (const word of ['Otterbrook IT', 'otter.example', String(row?.['id'])]) {
    expect(await place.json(['partner', 'show', word])).toEqual([row])
  }
  expect(await place.ok(['partner', 'show', 'otter.example'])).toContain('https://cp.otterbrook.example')
  expect(await place.ok(['partner', 'list'])).toContain('Otterbrook IT')
  expectOneLine(await place.run(['partner', 'add', 'Other', '--domain', 'otter.example']), 1, 'otter.example')
  expectOneLine(
    await place.run(['partner', 'add', 'Other', '--address', 'fenella@otterbrook.example']),
    1,
    'fenella@otterbrook.example',
  )
  expect(await place.ok(['partner', 'remove', 'otter.example'])).toBe('removed\n')
  expect(await place.json(['partner', 'list'])).toEqual([])
  expectOneLine(await place.run(['partner', 'show', 'otter.example']), 1, 'there is no partner')
  expectOneLine(await place.run(['partner', 'remove', 'otter.example']), 1, 'there is no partner')
})

test('An agent is added with several addresses, listed and removed.', async () => {
  expect(
    await place.ok([
      'agent',
      'add',
      'Ada',
      '--address',
      'ada@mailhub.example',
      '--address',
      'ADA@home.example',
      '--role',
      'lead',
    ]),
  ).toMatch(/^registered Ada for lead \([0-9a-z]{16}\)\n$/)
  expect(await place.json(['agent', 'list'])).toMatchObject([
    { name: 'Ada', role: 'lead', addresses: ['ada@mailhub.example', 'ada@home.example'], timeZone: null },
  ])
  expectOneLine(
    await place.run(['agent', 'add', 'Bo', '--address', 'ada@home.example']),
    1,
    'ada@home.example',
  )
  expect(await place.ok(['agent', 'list'])).toContain('ada@home.example')
  expect(await place.ok(['agent', 'remove', 'ada@home.example'])).toBe('removed\n')
  expect(await place.json(['agent', 'list'])).toEqual([])
  expectOneLine(await place.run(['agent', 'remove', 'Ada']), 1, 'there is no agent')
})

test('A removed agent’s address may be registered again.', async () => {
  for (let round = 0; round < 2; round += 1) {
    await place.ok(['agent', 'add', 'Cy', '--address', 'cy@mailhub.example'])
    await place.ok(['agent', 'remove', 'Cy'])
  }
  expect(await place.json(['agent', 'list'])).toEqual([])
})

test('An empty list is told on standard error, and is empty JSON.', async () => {
  const done = await place.run(['partner', 'list'])
  expect(done).toMatchObject({ code: 0, stdout: '' })
  expect(done.stderr).toContain('ticketgate partner add --help')
  expect(await place.run(['partner', 'list', '--json'])).toMatchObject({ code: 0, stdout: '', stderr: '' })
})

test('A name cannot drive the terminal.', async () => {
  await place.ok(['partner', 'add', 'Evil\u001B[31m\nName', '--domain', 'evil.example'])
  const listed = await place.ok(['partner', 'list'])
  expect(listed).not.toContain('\u001B')
  expect(listed.trim().split('\n')).toHaveLength(2)
})
