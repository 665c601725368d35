/**
 * The stage of a golden conversation: a real desk on a database of its own, with a clock that can be moved, a zone for
 * all of DNS, and a relay that takes every letter. Mails go in by `front-door.ts`, but for the wire.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { stringify } from 'yaml'
import { parseCall } from '../../src/cli/command.ts'
import { COMMANDS } from '../../src/cli/commands.ts'
import { runClock } from '../../src/clock.ts'
import { loadConfig } from '../../src/config.ts'
import { type Desk, openDesk } from '../../src/desk.ts'
import { acceptMail } from '../../src/front-door.ts'
import { policyOverridesSchema } from '../../src/intake/policy-schema.ts'
import type { Jail } from '../../src/mail/jail.ts'
import { parseMail } from '../../src/mail/parse.ts'
import { processMail } from '../../src/process.ts'
import { relayMessageIds } from '../../src/smtp/relay-message-ids.ts'
import { claimInbox } from '../../src/store/inbox.ts'
import { claimLetters, markLetter } from '../../src/store/outbox.ts'
import { addAgent, addPartner } from '../../src/store/registers.ts'
import { zoneResolver } from '../../src/trust/test-zone.ts'
import type { MailStep, Script } from './script.ts'

export type Stage = {
  readonly desk: Desk
  /** Accepts a mail, decides it, and gives its inbox id. */
  readonly receive: (
    step: MailStep,
    mail: { content: string; from: string | null; to: string[] },
  ) => Promise<string>
  /** Decides whatever waits, after a command put it back. */
  readonly decideWaiting: () => Promise<void>
  /** The relay takes every letter that is due. */
  readonly deliver: () => Promise<void>
  readonly moveClock: (ms: number) => Promise<void>
  readonly command: (
    words: readonly string[],
  ) => Promise<{ readonly exitCode: number; readonly said: string }>
  readonly close: () => Promise<void>
}

const BASE = {
  data: './data',
  partners: 'registered',
  brand: { name: 'Harbour Hosting' },
  addresses: { domain: 'desk.example' },
  trust: { networks: ['192.0.2.25'] },
  operator: { address: 'operator@desk.example' },
}
const LEASE_MS = 60_000

/** Reads mails in this process: a golden is no danger, and a worker takes a second to start. */
const jail: Jail = { read: parseMail, close: async () => undefined }

/** Opens the stage of a script in an empty folder. */
export async function openStage(script: Script, place: { folder: string; database: string }): Promise<Stage> {
  const configFile = join(place.folder, 'ticketgate.yaml')
  mkdirSync(place.folder, { recursive: true })
  writeFileSync(configFile, stringify({ ...BASE, database: place.database, ...script.config }))
  const loaded = loadConfig({ path: configFile, env: {}, policySchema: policyOverridesSchema })
  if (loaded.kind === 'problems') throw new Error(JSON.stringify(loaded.problems))
  let ahead = 0
  const clock = (): Date => new Date(Date.now() + ahead)
  const opened = await openDesk(loaded.config, {
    migrate: true,
    exclusive: false,
    resolver: zoneResolver(script.zone),
  })
  const desk: Desk = { ...opened, clock }
  await register(script, desk)
  const decideWaiting = async (): Promise<void> => {
    const claim = { owner: 'stage', now: clock(), leaseMs: LEASE_MS, limit: 50 }
    // A command or an answer may put another mail back.
    for (;;) {
      const waiting = await claimInbox(desk.store, { ...claim, now: clock() })
      if (waiting.length === 0) return
      for (const claimed of waiting) await processMail(claimed, desk, jail)
    }
  }
  return {
    desk,
    decideWaiting,
    receive: async (step, mail) => {
      const { inboxId } = await acceptMail(desk, {
        content: Buffer.from(mail.content.replace(/\r?\n/g, '\r\n'), 'utf8'),
        envelope: {
          reversePath: mail.from,
          forwardPaths: mail.to,
          transport: 'smtp',
          clientIp: step.ip,
          ehloDomain: step.ehlo,
          tls: true,
          faces: 'relay',
          trustedRelay: desk.trustOf(step.ip),
          receivedAt: clock(),
        },
      })
      await decideWaiting()
      return inboxId
    },
    deliver: () => deliver(desk, script),
    moveClock: async (ms) => {
      ahead += ms
      await deliver(desk, script)
      // Mail that waited for its sender's proof.
      await decideWaiting()
      await runClock(desk, (error) => {
        throw error
      })
      await deliver(desk, script)
    },
    command: (words) => runCommand([...words, '--config', configFile], place.folder),
    close: () => desk.close(),
  }
}

async function register({ register: { partners, agents } }: Script, desk: Desk): Promise<void> {
  const at = { now: desk.clock(), newId: desk.applyDeps.newId, brandId: desk.config.brand.id }
  for (const partner of partners) await addPartner(desk.store, partner, at)
  for (const { name, address, aliases, role } of agents)
    await addAgent(desk.store, { name, addresses: [address, ...aliases], role, timeZone: null }, at)
}

async function deliver(desk: Desk, { relayReply, relayHost }: Script): Promise<void> {
  for (;;) {
    const claim = { owner: 'stage', now: desk.clock(), leaseMs: LEASE_MS, limit: 50 }
    const letters = await claimLetters(desk.store, claim)
    if (letters.length === 0) return
    for (const claimed of letters) {
      const attempt = { kind: 'sent' as const, reply: relayReply }
      await markLetter(desk.store, claimed, {
        attempt,
        aliases: relayMessageIds(relayReply, relayHost, claimed.row.message_id),
        now: desk.clock(),
        newId: desk.applyDeps.newId,
        jitter: 0,
      })
    }
  }
}

async function runCommand(
  args: readonly string[],
  cwd: string,
): Promise<{ readonly exitCode: number; readonly said: string }> {
  const row = COMMANDS.find(({ name }) => args.slice(0, name.split(' ').length).join(' ') === name)
  if (row === undefined) throw new Error(`there is no command ${args.join(' ')}`)
  const command = await row.load()
  let said = ''
  const add = (text: string): void => {
    said += text
  }
  const io = { out: add, err: add, stdin: emptyInput(), env: {}, cwd, isTerminal: false }
  const call = parseCall(command, args.slice(row.name.split(' ').length))
  const exitCode = await command.run(call, io).catch((error: unknown) => {
    add(error instanceof Error ? error.message : String(error))
    return 1
  })
  return { exitCode, said }
}

async function* emptyInput(): AsyncGenerator<Uint8Array> {
  yield* []
}
