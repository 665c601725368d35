/**
 * A real gateway in the test's own process: a temporary folder, free ports, real SMTP in, the store at hand for
 * questions. Waits by the gateway's own log lines, never by the clock.
 */
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createTransport } from 'nodemailer'
import postgres from 'postgres'
import { stringify } from 'yaml'
import { loadConfig } from '../../src/config.ts'
import { type Desk, openDesk } from '../../src/desk.ts'
import { openGateway } from '../../src/gateway.ts'
import { policyOverridesSchema } from '../../src/intake/policy-schema.ts'
import { makeLog } from '../../src/log.ts'
import { addAgent, addPartner } from '../../src/store/registers.ts'
import type { Resolver } from '../../src/trust/resolver.ts'
import { type Zone, zoneResolver } from '../../src/trust/test-zone.ts'

export type LogLine = { readonly msg?: string; readonly [key: string]: unknown }

export type SendOptions = {
  /** Reverse path; null is `<>`. */
  readonly from?: string | null
  readonly to?: readonly string[]
  /** Which listener, in the order of the configuration. */
  readonly listener?: number
}

export type LiveGateway = {
  readonly folder: string
  readonly desk: Desk
  readonly ports: readonly number[]
  readonly lines: readonly LogLine[]
  /** Sends octets as they stand and returns the queue id of the 250. Throws what the server refused. */
  readonly send: (content: string | Uint8Array, options?: SendOptions) => Promise<string>
  /** Sends and resolves when the mail has its outcome. */
  readonly decide: (content: string | Uint8Array, options?: SendOptions) => Promise<Decided>
  /** Resolves with the first log line, past or future, that fits. */
  readonly waitForLine: (fits: (line: LogLine) => boolean) => Promise<LogLine>
  /** Drains the gateway and opens it again on the same desk. */
  readonly reopen: () => Promise<void>
  readonly end: () => Promise<void>
}

export type Decided = { readonly inboxId: string; readonly outcome: string }

export const SUPPORT = 'escalations@mailhub.example'
export const OPERATOR = 'operator@mailhub.example'

const CONFIG = {
  data: './data',
  log: { level: 'debug' },
  partners: 'open',
  addresses: { domain: 'mailhub.example', queues: { support: 'escalations', engineering: 'engineering' } },
  listeners: [
    { host: '127.0.0.1', port: 0, protocol: 'smtp', faces: 'relay' },
    { host: '127.0.0.1', port: 0, protocol: 'lmtp', faces: 'relay' },
  ],
  trust: { networks: ['127.0.0.0/8'] },
  operator: { address: OPERATOR },
  workers: { count: 1 },
}

/** Opens one; `change` replaces top-level keys of the configuration, `dns` is all DNS there is. */
export async function openLiveGateway(
  change: Readonly<Record<string, unknown>> = {},
  dns: Zone | Resolver = {},
): Promise<LiveGateway> {
  const folder = mkdtempSync(join(tmpdir(), 'ticketgate-'))
  const configFile = join(folder, 'ticketgate.yaml')
  writeFileSync(configFile, stringify({ ...CONFIG, ...change }))
  const loaded = loadConfig({ path: configFile, env: {}, policySchema: policyOverridesSchema })
  if (loaded.kind === 'problems') throw new Error(JSON.stringify(loaded.problems))
  const heard = listen()
  const log = makeLog({ level: loaded.config.log.level, pretty: false, destination: heard })
  const desk = await openDesk(loaded.config, {
    migrate: true,
    exclusive: true,
    resolver: typeof dns === 'function' ? dns : zoneResolver(dns),
  })
  let gateway = await openGateway(desk, log)
  const portOf = (listener: number): number => gateway.listening[listener]?.port ?? 0
  const send: LiveGateway['send'] = (content, options = {}) =>
    sendRaw(portOf(options.listener ?? 0), content, {
      ...options,
      lmtp: gateway.listening[options.listener ?? 0]?.protocol === 'lmtp',
    })
  return {
    folder,
    desk,
    get ports() {
      return gateway.listening.map((one) => one.port)
    },
    lines: heard.lines,
    send,
    decide: async (content, options) => {
      const inboxId = await send(content, options)
      const line = await heard.waitFor(
        (one) =>
          one['inboxId'] === inboxId && (one.msg === 'decided' || one.msg === 'could not decide a mail'),
      )
      if (line.msg !== 'decided') throw new Error(JSON.stringify(line))
      return { inboxId, outcome: String(line['outcome']) }
    },
    waitForLine: heard.waitFor,
    reopen: async () => {
      await gateway.drain()
      gateway = await openGateway(desk, log)
    },
    end: async () => {
      await gateway.drain()
      await desk.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

type Heard = {
  readonly lines: LogLine[]
  readonly write: (line: string) => void
  readonly waitFor: LiveGateway['waitForLine']
}

function listen(): Heard {
  const lines: LogLine[] = []
  const waiting = new Set<() => void>()
  return {
    lines,
    write: (text) => {
      lines.push(JSON.parse(text) as LogLine)
      for (const look of waiting) look()
    },
    waitFor: (fits) =>
      new Promise((resolve) => {
        const look = (): void => {
          const found = lines.find(fits)
          if (found === undefined) return
          waiting.delete(look)
          resolve(found)
        }
        waiting.add(look)
        look()
      }),
  }
}

/** Sends octets by nodemailer, unchanged but for dots and line ends of the wire; returns the queue id. */
export async function sendRaw(
  port: number,
  content: string | Uint8Array,
  options: SendOptions & { readonly lmtp?: boolean } = {},
): Promise<string> {
  const client = createTransport({ host: '127.0.0.1', port, ignoreTLS: true, lmtp: options.lmtp === true })
  const from = options.from === undefined ? 'someone@partner.example' : options.from
  try {
    const sent = await client.sendMail({
      raw: typeof content === 'string' ? content : Buffer.from(content),
      envelope: { from: from ?? '', to: [...(options.to ?? [SUPPORT])] },
    })
    const queueId = /^250 2\.6\.0 ([0-9a-z]{16})\b/.exec(sent.response)?.[1]
    if (queueId === undefined) throw new Error(`no queue id in: ${sent.response}`)
    return queueId
  } finally {
    client.close()
  }
}

/** Registers an agent for the queue `support`. */
export async function registerAgent(desk: Desk, name: string, address: string): Promise<string> {
  const at = { now: desk.clock(), newId: desk.applyDeps.newId, brandId: desk.config.brand.id }
  return addAgent(desk.store, { name, addresses: [address], role: 'support', timeZone: null }, at)
}

/** Registers a partner with one person. */
export async function registerPartner(
  desk: Desk,
  partner: {
    readonly name: string
    readonly domain: string
    readonly address: string
    readonly controlPanelUrl?: string
    readonly mode?: 'observe' | 'advise' | 'enforce'
  },
): Promise<string> {
  const at = { now: desk.clock(), newId: desk.applyDeps.newId, brandId: desk.config.brand.id }
  return addPartner(
    desk.store,
    {
      name: partner.name,
      domains: [partner.domain],
      people: [{ name: null, address: partner.address }],
      controlPanelUrl: partner.controlPanelUrl ?? null,
      timeZone: null,
      language: null,
      mode: partner.mode ?? null,
      machineMail: 'silent',
    },
    at,
  )
}

/** Letters that one mail caused, oldest first. */
export async function lettersOfMail(desk: Desk, inboxId: string) {
  return desk.store.db
    .selectFrom('outbox')
    .selectAll()
    .where('inbox_id', '=', inboxId)
    .orderBy('id')
    .execute()
}

/** The posts that one mail left, as stored. */
export async function postsOfMail(desk: Desk, inboxId: string) {
  return desk.store.db.selectFrom('post').selectAll().where('inbox_id', '=', inboxId).orderBy('id').execute()
}

/** Makes an empty database on the run's PostgreSQL server, and gives its URL. The server goes with the run. */
export async function makePostgresDatabase(serverUrl: string): Promise<string> {
  const name = `gateway_${randomBytes(8).toString('hex')}`
  const client = postgres(serverUrl, { max: 1, onnotice: () => undefined })
  await client.unsafe(`create database ${name}`)
  await client.end()
  const url = new URL(serverUrl)
  url.pathname = `/${name}`
  return url.toString()
}
