import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { type Log, logOf, makeLog } from './log.ts'

/** Runs `write` with a log and returns its lines. */
function linesOf(level: string, pretty: boolean, write: (log: Log) => void): readonly string[] {
  const lines: string[] = []
  write(makeLog({ level, pretty, destination: { write: (line) => void lines.push(line) } }))
  return lines
}

function fieldsOf(level: string, write: (log: Log) => void): Record<string, unknown> {
  const parsed: unknown = JSON.parse(linesOf(level, false, write)[0] ?? '{}')
  return typeof parsed === 'object' && parsed !== null ? { ...parsed } : {}
}

test('a line is JSON with level, instant, room and message', () => {
  const fields = fieldsOf('info', (log) => logOf(log, 'smtp').info({ port: 2525 }, 'listening'))
  expect(fields).toMatchObject({ level: 'info', room: 'smtp', port: 2525, msg: 'listening' })
  expect(new Date(String(fields['time'])).toISOString()).toBe(fields['time'])
})

test('lines below the level are not written', () => {
  expect(linesOf('warn', false, (log) => log.info('quiet'))).toEqual([])
  expect(linesOf('silent', false, (log) => log.fatal('quiet'))).toEqual([])
})

test('a secret is not written at any level, at any usual depth, nor by a child log', () => {
  const secrets = { password: 'hunter2', auth: { user: 'gate', password: 'hunter2' }, key: 'hunter2' }
  const lines = linesOf('trace', false, (log) => {
    log.trace(secrets, 'flat')
    log.error({ relay: secrets }, 'one deep')
    log.info({ config: { relay: secrets, database: 'postgres://u:hunter2@h/d' } }, 'two deep')
    log.child({ password: 'hunter2' }).info('child')
  })
  expect(lines).toHaveLength(4)
  expect(lines.join('')).not.toContain('hunter2')
  expect(lines.join('')).toContain('[secret]')
})

test('subject, text and the name part of addresses are written at debug only', () => {
  const mail = {
    inboxId: '01jz',
    subject: 'Cannot log in',
    text: 'Dear desk',
    from: 'ann@acme.example',
    forwardPaths: ['support@desk.example', 'nonsense'],
    mail: { subject: 'Cannot log in', to: 'ann@acme.example' },
  }
  expect(fieldsOf('info', (log) => log.info(mail, 'read'))).toMatchObject({
    inboxId: '01jz',
    subject: '[not logged]',
    text: '[not logged]',
    from: '…@acme.example',
    forwardPaths: ['…@desk.example', '[not logged]'],
    mail: { subject: '[not logged]', to: '…@acme.example' },
  })
  expect(fieldsOf('debug', (log) => log.debug(mail, 'read'))).toMatchObject(mail)
})

test('octets are counted, not written; long texts are cut; deep and wide objects end', () => {
  const deep = { a: { b: { c: { d: { e: 1 } } } } }
  expect(
    fieldsOf('info', (log) =>
      log.info({ octets: Buffer.from('abc'), long: 'x'.repeat(9000), deep, big: 5n, none: null }, 'shapes'),
    ),
  ).toMatchObject({
    octets: '[3 octets]',
    long: 'x'.repeat(2000),
    deep: { a: { b: { c: '[not logged]' } } },
    big: '5',
    none: null,
  })
})

test('an error is told with its code, stack and causes, without what a library hung on it', () => {
  const cause = Object.assign(new Error('connect refused'), { code: 'ECONNREFUSED', query: 'insert hunter2' })
  const fields = fieldsOf('info', (log) =>
    log.error({ err: new Error('cannot deliver', { cause }) }, 'fault'),
  )
  expect(fields['err']).toMatchObject({
    type: 'Error',
    message: 'cannot deliver',
    cause: { message: 'connect refused', code: 'ECONNREFUSED' },
  })
  expect(JSON.stringify(fields)).not.toContain('hunter2')
  expect(JSON.stringify(fields)).toContain('log.test.ts')
  expect(fieldsOf('info', (log) => log.error(cause))).toMatchObject({
    err: { code: 'ECONNREFUSED' },
    msg: 'connect refused',
  })
})

test('a pretty line is one line for people: time, level, room, message, fields', () => {
  const lines = linesOf('info', true, (log) => logOf(log, 'smtp').warn({ port: 2525 }, 'in use\r\nnow'))
  expect(lines).toHaveLength(1)
  expect(lines[0]).toMatch(/^\[\d\d:\d\d:\d\d\] WARN: smtp: in use now \{"port":2525\}\n$/)
})

test.each([true, false])('the last line before an exit is written (pretty: %s)', (pretty) => {
  const module = fileURLToPath(new URL('./log.ts', import.meta.url))
  const program = `
    const { makeLog } = await import(${JSON.stringify(module)})
    const log = makeLog({ level: 'info', pretty: ${pretty} })
    for (let i = 0; i < 500; i++) log.info({ i }, 'line')
    log.fatal('last words')
    process.exit(3)`
  const done = spawnSync(process.execPath, ['--input-type=module', '--eval', program], { encoding: 'utf8' })
  expect(done.status).toBe(3)
  expect(done.stdout).toBe('')
  expect(done.stderr.trimEnd().split('\n')).toHaveLength(501)
  expect(done.stderr).toContain('last words')
})
