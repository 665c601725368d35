/** What an operator can get wrong before the first mail: each is one clear line (or one for each mistake) and its exit code. */
import { chmodSync, copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { afterEach, describe, expect, inject, test } from 'vitest'
import { runCommand } from '../support/gateway-process.ts'
import { expectOneLine, makePlace, type Place } from './try-command.ts'

const places: Place[] = []
afterEach(() => {
  for (const place of places.splice(0)) place.remove()
})

function open(change: Readonly<Record<string, unknown>> = {}): Place {
  const place = makePlace(change)
  places.push(place)
  return place
}

describe('configuration', () => {
  test('Five mistakes are five lines, and exit 78.', async () => {
    const place = open()
    writeFileSync(
      place.configFile,
      [
        'mode: enforced',
        'addreses: { domain: a.example }',
        'listeners: [{ host: 127.0.0.1, port: 99999 }]',
        'log: { level: loud }',
        'relay: { host: mail.example, tls: maybe }',
      ].join('\n'),
    )
    for (const command of [['serve'], ['inbox', 'list'], ['migrate'], ['letters', 'preview']]) {
      const done = await place.run(command)
      expect(done.code).toBe(78)
      const lines = done.stderr.trim().split('\n')
      for (const word of ['mode', 'addreses', 'listeners', 'log.level', 'relay.tls']) {
        expect(
          lines.filter((line) => line.includes(word)),
          done.stderr,
        ).toHaveLength(1)
      }
    }
  })

  test('A file that is not there is told by its name.', async () => {
    const done = await runCommand(['serve', '--config', '/nowhere/ticketgate.yaml'])
    expect(done.code).toBe(78)
    expect(done.stderr).toContain('/nowhere/ticketgate.yaml')
  })

  test('A queue without an address, and a time zone of nowhere, are told before anything is opened.', async () => {
    const place = open({
      policy: { queues: [{ name: 'billing', promiseHours: 1, order: 'earliest-due', notify: ['agents'] }] },
    })
    const done = await place.run(['serve'])
    expect(done.code, done.stderr).toBe(78)
    expect(done.stderr).toContain('billing')
    expect(readdirSync(join(place.folder, 'data'))).toEqual([])
  })
})

describe('letters', () => {
  function withFile(name: string, content: string): Place {
    const place = open({ letters: { folder: './letters' } })
    const file = join(place.folder, 'letters', name)
    mkdirSync(join(file, '..'), { recursive: true })
    writeFileSync(file, content)
    return place
  }

  test('A template that names what there is not fails at start, naming file and variable.', async () => {
    const place = withFile('checklist/subject.hbs', 'Re: {{head.subjectStemm}}\n')
    for (const command of [['serve'], ['letters', 'preview'], ['inbox', 'list']]) {
      const done = await place.run(command)
      expect(done.code, done.stderr).toBe(78)
      expect(done.stderr).toContain('checklist/subject.hbs')
      expect(done.stderr).toContain('subjectStemm')
      expect(done.stderr).not.toMatch(/\n\s+at /)
    }
  })

  test('A catalogue with a word missing fails at start, naming file and word.', async () => {
    const shipped = readFileSync(new URL('../../templates/words/de.yaml', import.meta.url), 'utf8')
    const word = /^ {2,4}greeting\w*:.*\n/m.exec(shipped)?.[0]
    expect(word).toBeDefined()
    const place = withFile('words/de.yaml', shipped.replace(word ?? '', ''))
    const done = await place.run(['serve'])
    expect(done.code, done.stderr).toBe(78)
    expect(done.stderr).toContain('de.yaml')
    expect(done.stderr).toContain((word ?? '').trim().split(':')[0])
  })

  test('A template that is no Handlebars fails at start, naming the file.', async () => {
    const place = withFile('acknowledgement/text.hbs', '{{#if promise}}never closed\n')
    const done = await place.run(['letters', 'preview'])
    expect(done.code, done.stderr).toBe(78)
    expect(done.stderr).toContain('acknowledgement/text.hbs')
  })

  test('letters preview writes every letter in every language, and an index.', async () => {
    const place = open()
    const said = await place.ok(['letters', 'preview', 'out'])
    const files = readdirSync(join(place.folder, 'out'), { recursive: true }).map(String)
    expect(said).toContain(`${files.filter((file) => file.includes('.')).length} files`)
    expect(files).toContain('index.html')
    for (const letter of ['checklist', 'acknowledgement', 'agent-notice', 'held-digest', 'agent-answer']) {
      expect(
        files.filter((file) => file.includes(letter)),
        letter,
      ).not.toHaveLength(0)
    }
  })
})

describe('key ring', () => {
  test('A key ring that others can read is refused.', async () => {
    const place = open()
    await place.ok(['inbox', 'list'])
    chmodSync(join(place.folder, 'data/keyring.json'), 0o644)
    expectOneLine(await place.run(['serve']), 78, 'keyring.json')
  })

  test('A key ring of another database is refused.', async () => {
    const [place, other] = [open(), open()]
    await place.ok(['inbox', 'list'])
    await other.ok(['inbox', 'list'])
    const [from, to] = [other, place].map((one) => join(one.folder, 'data/keyring.json'))
    copyFileSync(from ?? '', to ?? '')
    expectOneLine(await place.run(['serve']), 78)
  })

  test('A key ring that is gone is not made anew for data that it sealed.', async () => {
    const place = open()
    await place.ok(['inbox', 'list'])
    rmSync(join(place.folder, 'data/keyring.json'))
    expectOneLine(await place.run(['serve']), 78, 'keyring.json')
    expect(readdirSync(join(place.folder, 'data'))).not.toContain('keyring.json')
  })

  test('A key ring that is no key ring is refused without showing it.', async () => {
    const place = open()
    await place.ok(['inbox', 'list'])
    writeFileSync(join(place.folder, 'data/keyring.json'), 'hunter2-not-json', { mode: 0o600 })
    const done = await place.run(['serve'])
    expectOneLine(done, 78, 'keyring.json')
    expect(done.stderr).not.toContain('hunter2')
  })
})

describe('places', () => {
  test('A port in use exits 69 and names it.', async () => {
    const server = createServer()
    const port = await new Promise<number>((resolve) => {
      server.listen(0, '127.0.0.1', () => {
        const address = server.address()
        resolve(typeof address === 'object' && address !== null ? address.port : 0)
      })
    })
    try {
      const place = open({ listeners: [{ host: '127.0.0.1', port, protocol: 'smtp', faces: 'relay' }] })
      await place.ok(['inbox', 'list'])
      expectOneLine(await place.run(['serve']), 69, `127.0.0.1:${port}`, 'already')
    } finally {
      server.close()
    }
  })

  test('An address that this machine does not have exits 69.', async () => {
    const place = open({ listeners: [{ host: '192.0.2.1', port: 2525, protocol: 'smtp', faces: 'relay' }] })
    await place.ok(['inbox', 'list'])
    expectOneLine(await place.run(['serve']), 69, '192.0.2.1')
  })

  test('A data folder that cannot be made exits 73 and names it.', async () => {
    const place = open()
    const file = place.write('a-file', '')
    writeFileSync(place.configFile, readFileSync(place.configFile, 'utf8').replace('./data', './a-file/data'))
    for (const command of [['serve'], ['migrate'], ['inbox', 'list']]) {
      expectOneLine(await place.run(command), 73, file)
    }
  })

  test('A data folder path that is a database of something else exits 73 or 78.', async () => {
    const place = open()
    place.write('data/ticketgate.db', 'this is no database, whatever its name says. '.repeat(100))
    const done = await place.run(['serve'])
    expect([73, 78]).toContain(done.code)
    expectOneLine(done, done.code ?? 0, 'ticketgate.db')
  })

  test('A letters preview into a path below a file exits 73.', async () => {
    const place = open()
    place.write('a-file', '')
    expectOneLine(await place.run(['letters', 'preview', 'a-file/out']), 73, 'a-file')
  })

  test('A PostgreSQL that is not there exits 69, names the host, and tells no password.', async () => {
    const place = open({ database: 'postgres://gate:hunter2@127.0.0.1:1/none' })
    for (const command of [['serve'], ['migrate'], ['ticket', 'list']]) {
      const done = await place.run(command)
      expectOneLine(done, 69, '127.0.0.1')
      expect(done.stderr).not.toContain('hunter2')
    }
  })

  test('A database that PostgreSQL does not have exits 69.', async () => {
    const place = open({ database: inject('postgresUrl').replace(/\/postgres$/, '/no_such_database') })
    expectOneLine(await place.run(['migrate']), 69, 'no_such_database')
  })
})

test('migrate says what it did, then that there is nothing to do.', async () => {
  const place = open()
  expect(await place.ok(['migrate'])).toBe('applied 0001-first, 0002-desk\n')
  expect(await place.ok(['migrate'])).toBe('nothing to do: the schema is up to date\n')
  expect(await place.ok(['migrate', '--status'])).toBe('schema 2 of 2\n')
})
