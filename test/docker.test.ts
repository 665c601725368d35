import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'
import { loadConfig } from '../src/config.ts'
import { policyOverridesSchema } from '../src/intake/policy-schema.ts'

const root = new URL('../', import.meta.url)
const pathOf = (name: string): string => fileURLToPath(new URL(name, root))
const read = (name: string): string => readFileSync(pathOf(name), 'utf8')

const composeSchema = z.object({
  services: z.record(
    z.string(),
    z.object({
      environment: z.record(z.string(), z.string()).optional(),
      ports: z.array(z.string()).optional(),
      volumes: z.array(z.string()).optional(),
      depends_on: z.record(z.string(), z.object({ condition: z.string() })).optional(),
      build: z.object({ context: z.string(), dockerfile: z.string() }).optional(),
    }),
  ),
  volumes: z.record(z.string(), z.null()),
  networks: z.object({
    default: z.object({ ipam: z.object({ config: z.array(z.object({ subnet: z.string() })) }) }),
  }),
})
const compose = composeSchema.parse(parse(read('docker/compose.yaml')))
const gateway = compose.services['gateway']
const dockerfile = read('docker/Dockerfile')

function configOfDocker() {
  const url = gateway?.environment?.['TICKETGATE_DATABASE_URL']?.replace(/\$\{[^}]*\}/, 'pw') ?? ''
  const loaded = loadConfig({
    path: pathOf('docker/ticketgate.yaml'),
    env: { TICKETGATE_DATABASE_URL: url },
    policySchema: policyOverridesSchema,
  })
  if (loaded.kind === 'problems') throw new Error(JSON.stringify(loaded.problems))
  return loaded
}

describe('the compose file', () => {
  test('has a configuration without problems or warnings', () => {
    expect(configOfDocker().warnings).toEqual([])
  })

  test('and its configuration mean the same services, ports, folders and network', () => {
    const { config } = configOfDocker()
    expect(Object.keys(compose.services)).toEqual(['gateway', 'postgres', 'mailpit'])
    expect(Object.keys(compose.services)).toContain(config.relay?.host)
    expect(new URL(config.database).hostname).toBe('postgres')
    expect(Object.keys(gateway?.depends_on ?? {})).toEqual(['postgres', 'mailpit'])
    expect(gateway?.ports).toEqual([`127.0.0.1:${config.listeners[0]?.port}:${config.listeners[0]?.port}`])
    expect(gateway?.volumes).toContain(`gateway-data:${config.data}`)
    expect(config.trust.networks).toEqual(compose.networks.default.ipam.config.map(({ subnet }) => subnet))
    expect(Object.keys(compose.volumes)).toEqual(['gateway-data', 'postgres-data'])
  })

  test('publishes ports on this machine only, since whoever reaches them is trusted', () => {
    const ports = Object.values(compose.services).flatMap((service) => service.ports ?? [])
    expect(ports.length).toBeGreaterThan(0)
    expect(ports.filter((port) => !port.startsWith('127.0.0.1:'))).toEqual([])
  })

  test('builds the image from the file beside it', () => {
    expect(gateway?.build).toEqual({ context: '..', dockerfile: 'docker/Dockerfile' })
  })
})

describe('the image', () => {
  const copied = Array.from(dockerfile.matchAll(/^COPY (?!--from)(.+) \S+$/gm)).flatMap(
    (match) => match[1]?.split(' ') ?? [],
  )

  test('copies only what exists and what .dockerignore lets in', () => {
    const allowed = read('.dockerignore')
      .split('\n')
      .filter((line) => line.startsWith('!'))
      .map((line) => line.slice(1))
    expect(copied.length).toBeGreaterThan(5)
    expect(copied.filter((name) => !existsSync(pathOf(name)))).toEqual([])
    expect(copied.filter((name) => !allowed.includes(name))).toEqual([])
  })

  test('runs the gateway and its health check as an ordinary user, on the port and volume of the configuration', () => {
    const { config } = configOfDocker()
    const after = dockerfile.slice(dockerfile.lastIndexOf('USER node'))
    expect(after).toMatch(/^ENTRYPOINT \["node", "\/opt\/ticketgate\/src\/main\.ts"\]$/m)
    expect(after).toContain(`EXPOSE ${config.listeners[0]?.port}`)
    expect(after).toContain(`"${config.listeners[0]?.port}"]`)
    expect(after).toContain(`VOLUME ${config.data}`)
    expect(after).not.toMatch(/^USER (?!node)/m)
  })

  test.each<[string, string | null, number, string]>([
    ['is well when it is greeted', '220 desk.example ESMTP\r\n', 0, ''],
    ['is well after a greeting of several lines', '220-desk.example\r\n220 hello\r\n', 0, ''],
    ['is ill when it is turned away', '421 4.3.2 too busy\r\n', 1, 'greets with "421'],
    ['is ill when it is hung up on', '', 1, 'closed without a greeting'],
    ['is ill when nobody listens', null, 1, 'ECONNREFUSED'],
  ])('%s', async (_name, greeting, status, reason) => {
    const server = createServer((socket) => {
      socket.on('error', () => undefined)
      if (greeting === '') socket.destroy()
      else socket.write(greeting ?? '')
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    if (greeting === null) {
      server.close()
      await once(server, 'close')
    }
    const check = spawn(process.execPath, [pathOf('docker/health-check.mjs'), '127.0.0.1', String(port)])
    let said = ''
    check.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()))
    const [code]: unknown[] = await once(check, 'close')
    server.close()
    expect(said).toContain(reason)
    expect(code).toBe(status)
  })
})
