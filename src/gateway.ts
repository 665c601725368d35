/**
 * The gateway: listeners, the loops behind them, and their end. Hands functions from one room to another and does
 * nothing else.
 * Fails: a port that cannot be had rejects, and what was opened before is closed again.
 */
import { hostname } from 'node:os'
import { startClock } from './clock.ts'
import type { Config, Listener } from './config.ts'
import type { Desk } from './desk.ts'
import { type Door, openDoor } from './front-door.ts'
import type { Log } from './log.ts'
import { logOf } from './log.ts'
import { type Loop, startLoop } from './loop.ts'
import { type Jail, openJail } from './mail/jail.ts'
import { LeaseLost, processMail } from './process.ts'
import { openCapture } from './smtp/capture.ts'
import { openRelay } from './smtp/deliver.ts'
import type { Courier, OutgoingLetter } from './smtp/outgoing.ts'
import { type Receiver, type ReceiverOptions, startReceiver } from './smtp/receive.ts'
import { relayMessageIds } from './smtp/relay-message-ids.ts'
import { areLettersStopped } from './store/breaker.ts'
import { sweepBlobs } from './store/content.ts'
import { isFull } from './store/dialect.ts'
import { type ClaimedMail, claimInbox, postponeInbox } from './store/inbox.ts'
import {
  type ClaimedLetter,
  claimLetters,
  headerFieldsOfRow,
  markLetter,
  referencesOfRow,
} from './store/outbox.ts'
import type { OutboxRow } from './store/schema.ts'
import { makeCertificateTrust } from './trust/client-certificate.ts'

export type Gateway = {
  readonly listening: readonly { readonly host: string; readonly port: number; readonly protocol: string }[]
  /** Lets mails under way get their reply and loops finish their rows, then closes everything. */
  readonly drain: () => Promise<void>
}

/** Longer than any mail or letter takes; a node that died frees its rows after this. */
const MAIL_LEASE_MS = 2 * 60_000
const LETTER_LEASE_MS = 5 * 60_000
/** A hint wakes the loops at once; this is for what another process or the clock made due. */
const POLL_MS = 1_000
const MAILS_AT_ONCE = 8
/** A commit that takes longer is answered 451; a sender is looked up for 20 s at most (trust/authenticate.ts). */
const COMMIT_MS = 30_000
const PROOF_AND_COMMIT_MS = 55_000

/** Opens every listener and starts the loops. */
export async function openGateway(desk: Desk, log: Log): Promise<Gateway> {
  const { config } = desk
  const jail = openJail({
    workers: config.workers.count,
    timeoutMs: config.workers.timeoutSeconds * 1000,
    memoryMb: config.workers.memoryMb,
  })
  const courier = openCourier(config)
  // Containers may share a name, and are all process 1.
  const owner = `${hostname()}:${process.pid}:${desk.applyDeps.newId(desk.clock())}`
  const outbox = startOutbox({ desk, courier, owner, log: logOf(log, 'outbox') })
  const inbox = startInbox({ desk, jail, owner, log: logOf(log, 'inbox'), onLetters: outbox.wake })
  const clock = startClock(desk, logOf(log, 'clock'), outbox.wake)
  const smtpLog = logOf(log, 'smtp')
  const door = openDoor(desk, smtpLog, inbox.wake)
  const receivers: Receiver[] = []
  const close = async (): Promise<void> => {
    await Promise.all(receivers.map((receiver) => receiver.close()))
    await inbox.stop()
    await clock.stop()
    await outbox.stop()
    await jail.close()
    await courier.close()
  }
  try {
    for (const listener of config.listeners) {
      const receiver = await startReceiver(receiverOptions(listener, desk, { door, log: smtpLog }))
      receivers.push(receiver)
      const { host, port, protocol } = receiver
      log.info({ host, port, protocol, faces: listener.faces }, 'listening')
    }
  } catch (error) {
    await close()
    throw error
  }
  warnOfBlindTrust(desk, log)
  if (config.operator.address === null) {
    log.info('no operator.address is configured: what waits for a person is told to one of the agents')
  }
  const swept = await sweepBlobs(desk.store.db, desk.inboxDeps.blobs, desk.clock())
  if (swept > 0) log.info({ swept }, 'removed files that a crash had left')
  return { listening: receivers.map(({ host, port, protocol }) => ({ host, port, protocol })), drain: close }
}

/** A mail server on this machine that checks no sender would make every forgery a proven mail. */
function warnOfBlindTrust({ config, trustOf }: Desk, log: Log): void {
  const trusted = trustOf('127.0.0.1') ?? trustOf('::1')
  if (config.file === null || trusted === null || config.trust.authservId !== null) return
  log.warn(
    { trusted },
    'every mail that this machine hands on counts as proven, forgeries too; see trust.authservId in ticketgate.example.yaml',
  )
}

function receiverOptions(
  listener: Listener,
  desk: Desk,
  { door, log }: { readonly door: Door; readonly log: Log },
): ReceiverOptions {
  const { config } = desk
  return {
    host: listener.host,
    port: listener.port,
    protocol: listener.protocol,
    faces: listener.faces,
    tls: listener.tls,
    hostName: config.hostName,
    limits: config.limits,
    trustOf: desk.trustOf,
    trustOfCertificate:
      config.trust.clientCertificates.length === 0
        ? null
        : makeCertificateTrust(config.trust.clientCertificates),
    ...door,
    commitTimeoutMs: listener.faces === 'internet' ? PROOF_AND_COMMIT_MS : COMMIT_MS,
    isFull,
    now: desk.clock,
    log,
  }
}

type InboxLoop = {
  readonly desk: Desk
  readonly jail: Jail
  readonly owner: string
  readonly log: Log
  readonly onLetters: () => void
}

function startInbox({ desk, jail, owner, log, onLetters }: InboxLoop): Loop {
  const { store, clock } = desk
  const run = async (claimed: ClaimedMail): Promise<void> => {
    const inboxId = claimed.row.id
    try {
      const verdict = await processMail(claimed, desk, jail)
      if (verdict.kind === 'waits') {
        log.warn({ inboxId, until: verdict.until }, 'the sender of a mail cannot be checked yet')
        return
      }
      log.info({ inboxId, outcome: verdict.kind }, 'decided')
      onLetters()
    } catch (error) {
      if (error instanceof LeaseLost) return
      const text = error instanceof Error ? error.message : String(error)
      const next = await postponeInbox(store, claimed, { text, now: clock(), newId: desk.applyDeps.newId })
      log.error({ inboxId, err: error, next }, 'could not decide a mail')
    }
  }
  return startLoop({
    name: 'inbox',
    log,
    claim: (limit) => claimInbox(store, { owner, now: clock(), leaseMs: MAIL_LEASE_MS, limit }),
    run,
    concurrency: MAILS_AT_ONCE,
    idleMs: POLL_MS,
  })
}

type OutboxLoop = {
  readonly desk: Desk
  readonly courier: Courier
  readonly owner: string
  readonly log: Log
}

function startOutbox({ desk, courier, owner, log }: OutboxLoop): Loop {
  const { store, clock, config } = desk
  const breakerDeps = {
    ...desk.applyDeps,
    firstQueue: desk.policy.firstQueue,
    language: config.letters.language,
  }
  const run = async (claimed: ClaimedLetter): Promise<void> => {
    const { row } = claimed
    const attempt = await courier.deliver(outgoing(row))
    const relayHost = desk.config.relay?.host ?? null
    const aliases = relayHost === null ? [] : relayMessageIds(attempt.reply, relayHost, row.message_id)
    const facts = { attempt, aliases, now: clock(), newId: desk.applyDeps.newId, jitter: Math.random() }
    const state = await markLetter(store, claimed, facts)
    const level = attempt.kind === 'sent' ? 'info' : 'warn'
    log[level](
      { letterId: row.id, letter: row.letter, state, reply: withoutLocalParts(attempt.reply) },
      `letter ${attempt.kind}`,
    )
  }
  return startLoop({
    name: 'outbox',
    log,
    claim: async (limit) => {
      const now = clock()
      const stopped = await areLettersStopped(store, breakerDeps, { now, perHour: config.letters.perHour })
      return claimLetters(store, { owner, now, leaseMs: LETTER_LEASE_MS, limit, stopped })
    },
    run,
    concurrency: desk.config.relay?.connections ?? 1,
    idleMs: POLL_MS,
  })
}

/** Servers like to repeat the address in their reply; above debug only its domain is logged. */
function withoutLocalParts(reply: string): string {
  return reply.replace(/[^\s<>"'(),:;]{1,64}@/g, '…@')
}

function outgoing(row: OutboxRow): OutgoingLetter {
  return {
    letterId: row.id,
    messageId: row.message_id,
    date: new Date(row.dated_at),
    from: { name: row.from_name, address: row.from_address },
    to: { name: row.to_name, address: row.to_address },
    replyTo: row.reply_to,
    returnPath: row.return_path,
    subject: row.subject,
    text: row.text,
    html: row.html,
    inReplyTo: row.in_reply_to,
    references: referencesOfRow(row),
    headerFields: headerFieldsOfRow(row),
  }
}

function openCourier(config: Config): Courier {
  return config.relay === null
    ? openCapture(config.captureFolder)
    : openRelay({ ...config.relay, hostName: config.hostName })
}
