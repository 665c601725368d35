/**
 * The gateway as a process: SIGTERM answers what is in flight and exits 0, a second gateway on the same file is refused,
 * what was accepted before a stop or a kill is decided after the next start.
 */
import { afterEach, expect, test } from 'vitest'
import { openClient } from '../smtp/dialogue.ts'
import { type GatewayProcess, runCommand, startGatewayProcess } from '../support/gateway-process.ts'
import { SUPPORT, sendRaw } from './live-gateway.ts'
import { INCOMPLETE, writeMail } from './write-mail.ts'

const FENELLA = 'fenella@otterbrook.example'
const CONFIG = {
  data: './data',
  partners: 'open',
  addresses: { domain: 'mailhub.example', queues: { support: 'escalations' } },
  policy: { queues: [{ name: 'support', promiseHours: 24, order: 'earliest-due', notify: ['agents'] }] },
  listeners: [{ host: '127.0.0.1', port: 0, protocol: 'smtp', faces: 'relay' }],
  trust: { networks: ['127.0.0.0/8'] },
}

type Started = { readonly folder: string; readonly configFile: string }

const started: GatewayProcess[] = []
afterEach(async () => {
  for (const one of started.splice(0)) await one.end()
})

async function start(again?: Started): Promise<GatewayProcess> {
  const gateway = await startGatewayProcess(CONFIG, again)
  started.push(gateway)
  return gateway
}

async function inboxOf(place: Started): Promise<readonly Record<string, unknown>[]> {
  const done = await runCommand(['inbox', 'list', '--json', '--config', place.configFile])
  expect(done.code, done.stderr).toBe(0)
  return done.stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>)
}

const mail = (): string => writeMail({ from: FENELLA, text: INCOMPLETE })

test('SIGTERM lets a mail in flight get its 250, then the gateway exits 0.', async () => {
  const gateway = await start()
  const client = openClient(gateway.ports[0] ?? 0)
  for (const line of [
    null,
    'EHLO client.example',
    `MAIL FROM:<${FENELLA}>`,
    `RCPT TO:<${SUPPORT}>`,
    'DATA',
  ]) {
    if (line !== null) client.send(`${line}\r\n`)
    await client.reply()
  }
  const content = mail()
  client.send(content.slice(0, 200))
  const exit = gateway.stop('SIGTERM')
  await gateway.waitForLine((line) => String(line.msg).startsWith('draining'))
  client.send(`${content.slice(200)}.\r\n`)
  const reply = await client.reply()
  expect(reply).toMatch(/^250 2\.6\.0 /)
  expect(await exit).toBe(0)
  client.socket.destroy()
  const [line, ...more] = await inboxOf(gateway)
  expect(more).toEqual([])
  expect(line).toMatchObject({ id: /^250 2\.6\.0 (\S+)/.exec(reply ?? '')?.[1] })
})

test('An idle connection does not hold a stop up.', async () => {
  const gateway = await start()
  const client = openClient(gateway.ports[0] ?? 0)
  expect(await client.reply()).toMatch(/^220 /)
  expect(await gateway.stop('SIGTERM')).toBe(0)
  const last = await client.reply()
  expect(last === null || last.startsWith('421')).toBe(true)
})

test('A second gateway on the same SQLite file is refused with one line, and the first goes on.', async () => {
  const gateway = await start()
  const second = await runCommand(['serve', '--config', gateway.configFile])
  expect(second.code).toBe(69)
  expect(second.stderr.trim().split('\n')).toHaveLength(1)
  expect(second.stderr).toContain('ticketgate.db')
  await sendRaw(gateway.ports[0] ?? 0, mail(), { from: FENELLA })
  await gateway.waitForLine((line) => line['outcome'] === 'incomplete')
})

test('What was received while no gateway ran is decided at the next start.', async () => {
  const gateway = await start()
  expect(await gateway.stop('SIGTERM')).toBe(0)
  const taken = await runCommand(
    ['ingest', '-', '--config', gateway.configFile, '--sender', FENELLA, '--recipient', SUPPORT],
    { stdin: mail() },
  )
  expect(taken.code, taken.stderr).toBe(0)
  expect(await inboxOf(gateway)).toMatchObject([
    { id: taken.stdout.trim(), state: 'received', outcome: null },
  ])
  const again = await start(gateway)
  await again.waitForLine((line) => line.msg === 'decided' && line['inboxId'] === taken.stdout.trim())
  expect(await inboxOf(gateway)).toMatchObject([{ state: 'done', outcome: 'incomplete' }])
})

test('A mail that got its 250 is decided although the gateway was killed at once.', async () => {
  const gateway = await start()
  const content = mail()
  const queueId = await sendRaw(gateway.ports[0] ?? 0, content, { from: FENELLA })
  await gateway.stop('SIGKILL')
  const again = await start(gateway)
  expect(await sendRaw(again.ports[0] ?? 0, content, { from: FENELLA })).toBe(queueId)
  const rows = await inboxOf(gateway)
  expect(rows).toMatchObject([{ id: queueId, duplicates: 1 }])
  if (rows[0]?.['state'] === 'received') {
    await again.waitForLine((line) => line.msg === 'decided' && line['inboxId'] === queueId)
  }
  expect(await inboxOf(gateway)).toMatchObject([{ id: queueId, state: 'done', outcome: 'incomplete' }])
})

test('A second signal ends the gateway at once.', async () => {
  const gateway = await start()
  const client = openClient(gateway.ports[0] ?? 0)
  for (const line of [
    null,
    'EHLO client.example',
    `MAIL FROM:<${FENELLA}>`,
    `RCPT TO:<${SUPPORT}>`,
    'DATA',
  ]) {
    if (line !== null) client.send(`${line}\r\n`)
    await client.reply()
  }
  client.send('Subject: unfinished\r\n')
  void gateway.stop('SIGTERM')
  await gateway.waitForLine((line) => String(line.msg).startsWith('draining'))
  // The same signal by npm and the process group counts once; a person's second comes later.
  const ended = new Promise((resolve) => {
    gateway.child.on('exit', resolve)
  })
  const again = setInterval(() => gateway.child.kill('SIGTERM'), 100)
  expect(await ended).toBe(1)
  clearInterval(again)
  client.socket.destroy()
})
