/** Alarms reach an operator without mail: by a real web server and by a real program. */
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { raiseAlarms } from '../../src/alarms.ts'
import { loadConfig } from '../../src/config.ts'
import { type Desk, openDesk } from '../../src/desk.ts'
import { acceptMail } from '../../src/front-door.ts'
import { policyOverridesSchema } from '../../src/intake/policy-schema.ts'

/** A desk of its own that got one mail five hours ago. */
async function openSilentDesk(folder: string, alarms: object): Promise<Desk> {
  const path = join(folder, 'ticketgate.yaml')
  const base = { data: './data', brand: { name: 'Harbour' }, addresses: { domain: 'desk.example' }, alarms }
  writeFileSync(path, JSON.stringify(base))
  const loaded = loadConfig({ path, env: {}, policySchema: policyOverridesSchema })
  if (loaded.kind === 'problems') throw new Error(JSON.stringify(loaded.problems))
  const desk = await openDesk(loaded.config, { migrate: true, exclusive: false, resolver: null })
  await acceptMail(desk, {
    content: Buffer.from('From: jo@partner.example\r\nSubject: hello\r\n\r\nhello\r\n'),
    envelope: {
      reversePath: 'jo@partner.example',
      forwardPaths: ['support@desk.example'],
      transport: 'smtp',
      clientIp: '192.0.2.25',
      ehloDomain: 'mail.partner.example',
      tls: true,
      faces: 'relay',
      trustedRelay: null,
      receivedAt: new Date(),
    },
  })
  return { ...desk, clock: () => new Date(Date.now() + 5 * 3_600_000) }
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(Buffer.from(chunk as Uint8Array))
  return Buffer.concat(chunks).toString()
}

test('A silence is told once by webhook and by command, and again only when a webhook refused it.', async () => {
  const got: string[] = []
  const answers = [503, 200, 200]
  const take = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    got.push(await bodyOf(request))
    response.statusCode = answers.shift() ?? 200
    response.end()
  }
  const server = createServer((request, response) => void take(request, response))
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  onTestFinished(() => {
    server.close()
  })
  const folder = mkdtempSync(join(tmpdir(), 'ticketgate-alarm-'))
  const file = join(folder, 'said')
  const { port } = server.address() as AddressInfo
  const desk = await openSilentDesk(folder, {
    webhook: `http://127.0.0.1:${port}/alarm`,
    command: ['/bin/sh', '-c', `printf '%s|' "$0" "$@" >> ${file}`, 'alarm'],
    silentHours: 4,
  })
  onTestFinished(desk.close)
  await expect(raiseAlarms(desk)).rejects.toThrow('503')
  expect(await raiseAlarms(desk)).toBe(1)
  expect(await raiseAlarms(desk)).toBe(0)
  expect(got).toHaveLength(2)
  expect(JSON.parse(got[1] ?? '')).toMatchObject({
    alarm: 'no-mail',
    text: expect.stringContaining('4 hours'),
  })
  expect(readFileSync(file, 'utf8')).toMatch(/^alarm\|no-mail\|No mail has come for 4 hours/)
})
