/** Help, unknown words and missing ones: every command explains itself, and a bad line exits 2 with a pointer. */
import { afterAll, expect, test } from 'vitest'
import { COMMANDS } from '../../src/cli/commands.ts'
import { runCommand } from '../support/gateway-process.ts'
import { expectOneLine, makePlace } from './try-command.ts'

const place = makePlace()
afterAll(() => place.remove())

// The first command makes the key ring and says so; the tests below look at one line each.
await place.ok(['inbox', 'list'])

const EXPECTED = [
  'serve',
  'migrate',
  'inspect',
  'explain',
  'ingest',
  'partner add',
  'partner list',
  'partner show',
  'partner remove',
  'agent add',
  'agent list',
  'agent remove',
  'ticket list',
  'ticket show',
  'inbox list',
  'inbox show',
  'inbox retry',
  'outbox list',
  'outbox show',
  'outbox retry',
  'letters preview',
]

test('Every command that is promised is there.', () => {
  const names = COMMANDS.map((row) => row.name)
  expect(EXPECTED.filter((name) => !names.includes(name))).toEqual([])
})

test.each(COMMANDS.map((row) => [row.name, row.summary]))(
  '%s --help tells how it is used.',
  async (name, summary) => {
    const done = await runCommand([...name.split(' '), '--help'])
    expect(done).toMatchObject({ code: 0, stderr: '' })
    expect(done.stdout).toContain(summary)
    expect(done.stdout).toContain(`Usage: ticketgate ${name}`)
    expect(done.stdout).toContain('--config FILE')
    if (/ list$| show$|^inspect$|^explain$/.test(name)) expect(done.stdout).toContain('--json')
  },
)

test('The overview lists every command; without a command it is a bad command line.', async () => {
  const help = await runCommand(['--help'])
  expect(help.code).toBe(0)
  for (const { name } of COMMANDS) expect(help.stdout).toContain(`  ${name} `)
  expect(await runCommand([])).toMatchObject({ code: 2, stdout: help.stdout })
})

test('--version tells the version.', async () => {
  const done = await runCommand(['--version'])
  expect(done).toMatchObject({ code: 0, stderr: '' })
  expect(done.stdout).toMatch(/^\d+\.\d+\.\d+\n$/)
})

test.each<[string, readonly string[]]>([
  ['inbx', ['no command "inbx"', 'did you mean "inbox']],
  ['serv', ['did you mean "serve"']],
  ['inbox lst', ['"inbox" needs one more word']],
  ['ticket', ['"ticket" needs one more word', 'ticket list', 'ticket show']],
  ['xyzzy', ['no command "xyzzy"', 'ticketgate --help']],
  ['inbox list --jsno', ['--jsno', 'ticketgate inbox list --help']],
  ['inbox list --limit many', ['--limit takes a whole number']],
  ['inbox show', ['ID is missing']],
  ['inbox show a b', ['"b" is too much']],
  ['inspect', ['FILE is missing']],
  ['inspect no-such-file.eml', ['cannot open no-such-file.eml']],
  ['ingest - --recipient a@b.example', ['--sender is missing']],
  ['ingest - --sender a@b.example', ['--recipient is missing']],
  ['partner add', ['NAME is missing']],
  ['partner add Name', ['--domain', '--address']],
  ['partner add Name --domain not_a_domain', ['not_a_domain']],
  ['partner add Name --domain a.example --panel cp.a.example', ['https://']],
  ['partner add Name --domain a.example --time-zone Mars/Base', ['Mars/Base', 'Europe/Berlin']],
  ['partner add Name --domain a.example --mode loud', ['observe, advise, enforce']],
  ['partner add Name --domain a.example --language xx', ['--language']],
  ['agent add Ada', ['--address is missing']],
  ['agent add Ada --address a@b.example --role boss', ['support, engineering, lead']],
  ['letters preview a b', ['one FOLDER only']],
  ['explain no-such-thing', ['no-such-thing']],
  ['ticket list --state opne', ['--state', 'open']],
  ['inbox list --state dnoe', ['--state', 'done']],
  ['outbox list --state snet', ['--state', 'sent']],
])('`%s` is a bad command line, told in one line.', async (line, words) => {
  expectOneLine(await place.run(line.split(' ')), 2, ...words)
})
