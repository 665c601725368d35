/**
 * The gateway: listeners, the loops behind them, and their end. Hands functions from one room to another and does
 * nothing else.
 * Fails: a port that cannot be had rejects, and what was opened before is closed again.
 */
import { hostname } from 'node:os'
import { startClock } from './clock.ts'
import type { Config, Listener } from './config.ts'
import type { Proof } from './decide/context.ts'
import type { Desk } from './desk.ts'
import type { Log } from './log.ts'
import { logOf } from './log.ts'
import { type Loop, startLoop } from './loop.ts'
import { canonicalContent } from './mail/canonical.ts'
import { allFields, bodyOffset, readRawFields } from './mail/header-fields.ts'
import { type Jail, openJail } from './mail/jail.ts'
import type { Envelope, InboxId } from './mail/mail.ts'
import { normaliseAddress, parseMailboxes } from './mail/mailbox.ts'
import { withTrace } from './mail/received.ts'
import { gatherFacts, LeaseLost, processMail } from './process.ts'
import { openCapture } from './smtp/capture.ts'
import { openRelay } from './smtp/deliver.ts'
import type { Courier, OutgoingLetter } from './smtp/outgoing.ts'
import { type Receiver, startReceiver } from './smtp/receive.ts'
import { relayMessageIds } from './smtp/relay-message-ids.ts'
import { REPLIES, type SmtpReply } from './smtp/replies.ts'
import { areLettersStopped } from './store/breaker.ts'
import { sweepBlobs } from './store/content.ts'
import { isFull } from './store/dialect.ts'
import { recordEvent } from './store/event.ts'
import { type ClaimedMail, claimInbox, type PutMail, postponeInbox, putMail } from './store/inbox.ts'
import { loadSender } from './store/load-people.ts'
import {
  type ClaimedLetter,
  claimLetters,
  headerFieldsOfRow,
  markLetter,
  referencesOfRow,
} from './store/outbox.ts'
import type { OutboxRow } from './store/schema.ts'
import { removeResultsOf } from './trust/authentication-results.ts'
import { makeCertificateTrust } from './trust/client-certificate.ts'
import { resolveOwnAddress } from './trust/own-address.ts'
import { nextProofTry } from './trust/proof-wait.ts'

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
  const onRefusal = refusalRecorder(desk, logOf(log, 'smtp'))
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
      const receiver = await startReceiver(
        receiverOptions(listener, desk, { log: logOf(log, 'smtp'), onMail: inbox.wake, onRefusal }),
      )
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

type Arrived = { readonly envelope: Envelope; readonly content: Uint8Array }

/**
 * Commits an accepted mail; the inbox of the wire, of `ingest`, and later of other transports. `proof` is what was
 * looked up before, if it was. The key is made of the mail as it came: our own trace field differs each time.
 */
export async function acceptMail(desk: Desk, arrival: Arrived, proof: Proof | null = null): Promise<PutMail> {
  const { envelope } = arrival
  const key = desk.mac('mail-content', canonicalContent(arrival.content, envelope.reversePath))
  const now = envelope.receivedAt
  const inboxId = desk.inboxDeps.newId(now) as InboxId
  const tryAgainAt = proof?.result === 'temperror' ? nextProofTry(now, now) : null
  return putMail(
    desk.store,
    {
      envelope,
      content: withTrace(cleanOfForgedResults(desk, arrival), {
        envelope,
        queueId: inboxId,
        hostName: desk.config.hostName,
        forwardPath: envelope.forwardPaths.length === 1 ? (envelope.forwardPaths[0] ?? null) : null,
      }),
      dedupeKey: Buffer.from(key).toString('hex'),
      inboxId,
      checked: proof === null ? null : { proof, tryAgainAt },
      now,
    },
    desk.inboxDeps,
  )
}

/** RFC 8601 §5: what claims to be our own result, or our relay's without coming from it, is taken out. */
function cleanOfForgedResults(desk: Desk, { envelope, content }: Arrived): Uint8Array {
  const { authservId } = desk.config.trust
  const ours = desk.config.hostName.toLowerCase()
  const forged = envelope.trustedRelay === null ? [ours, authservId] : [ours === authservId ? null : ours]
  // Empty lines on top are skipped by whoever reads the mail, so they must not hide its header here.
  const start = content.findIndex((octet) => octet !== 0x0d && octet !== 0x0a)
  const headerLength = start < 1 ? bodyOffset(content) : start + bodyOffset(content.subarray(start))
  return removeResultsOf(
    content,
    headerLength,
    forged.filter((one) => one !== null),
  )
}

/**
 * Looks a sender up before the 250, on a listener that faces the Internet. A reply says to refuse: the sender's own
 * server then reports it. Never behind a relay, which would bounce it to whoever was forged; nor a delivery report
 * to a return path that we signed, whose sender often proves nothing.
 */
async function proveSender(
  desk: Desk,
  arrival: Arrived,
): Promise<{ readonly proof: Proof | null; readonly refusal: SmtpReply | null }> {
  const { envelope } = arrival
  if (envelope.faces !== 'internet' || envelope.trustedRelay !== null) return { proof: null, refusal: null }
  const { proof } = await gatherFacts({ envelope, content: cleanOfForgedResults(desk, arrival) }, desk)
  const isReport =
    envelope.reversePath === null &&
    envelope.forwardPaths.every(
      (address) => resolveOwnAddress(address, desk.clock(), desk.signing).kind === 'bounce',
    )
  if (proof.result === 'failed' && !isReport) return { proof, refusal: REPLIES.unproven }
  return { proof, refusal: (await isTurnedAway(desk, arrival, proof)) ? REPLIES.stranger : null }
}

/**
 * Is this a proven stranger at a desk for registered partners? Not a report, not the postmaster's mail (RFC 5321 §4.5.1),
 * and not mail to an address that we signed: a person of ours may write from elsewhere, so that is held on its ticket.
 */
async function isTurnedAway(desk: Desk, { envelope, content }: Arrived, proof: Proof): Promise<boolean> {
  if (desk.config.partners !== 'registered' || proof.result !== 'verified') return false
  if (envelope.reversePath === null) return false
  const isWelcome = envelope.forwardPaths.some((address) => {
    const { kind } = resolveOwnAddress(address, desk.clock(), desk.signing)
    return kind === 'reply' || kind === 'bounce' || address.toLowerCase().startsWith('postmaster@')
  })
  if (isWelcome) return false
  const fields = readRawFields(content.subarray(0, bodyOffset(content)))
  const [author, ...others] = allFields(fields, 'from').flatMap(parseMailboxes)
  if (author === undefined || others.length > 0) return false
  return (await loadSender(desk.store.db, normaliseAddress(author.address))).kind === 'stranger'
}

/** Refusals of an hour that are kept as events: a flood must not fill the database, and the log has them all. */
const REFUSALS_PER_HOUR = 500
const HOUR_MS = 60 * 60_000

/** Makes the recorder of refused mail: nothing of it is stored but who tried, and why not. */
function refusalRecorder(desk: Desk, log: Log): (detail: string) => void {
  let hour = 0
  let recorded = 0
  return (detail) => {
    const now = desk.clock()
    const thisHour = Math.floor(now.getTime() / HOUR_MS)
    if (thisHour !== hour) recorded = 0
    hour = thisHour
    recorded += 1
    if (recorded > REFUSALS_PER_HOUR) return
    recordEvent(desk.store.db, { kind: 'mail-refused', detail }, { now, newId: desk.inboxDeps.newId }).catch(
      (error: unknown) => log.error({ err: error }, 'could not record a refusal'),
    )
  }
}

/** Who tried, and why not; a local part is nobody's business. */
function refusalDetail({ clientIp }: Envelope, proof: Proof | null): string {
  const who = proof?.domain === undefined || proof.domain === '' ? 'mail' : `mail from ${proof.domain}`
  return `${who} by ${clientIp ?? 'an unknown client'}: ${proof?.by ?? 'not proven'}`
}

/** Tells whether an address takes mail here. */
export function recipientKind(desk: Desk, address: string): 'own' | 'unknown' | 'foreign' | 'forged' {
  const { kind } = resolveOwnAddress(address, desk.clock(), desk.signing)
  return kind === 'unknown' || kind === 'foreign' || kind === 'forged' ? kind : 'own'
}

function receiverOptions(
  listener: Listener,
  desk: Desk,
  around: {
    readonly log: Log
    readonly onMail: () => void
    readonly onRefusal: ReturnType<typeof refusalRecorder>
  },
): Parameters<typeof startReceiver>[0] {
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
    resolveRecipient: (address) => {
      const kind = recipientKind(desk, address)
      if (kind === 'forged') around.onRefusal('an address with a token that we did not make, or that is over')
      return kind
    },
    commitTimeoutMs: listener.faces === 'internet' ? PROOF_AND_COMMIT_MS : COMMIT_MS,
    accept: async (arrival) => {
      const { proof, refusal } = await proveSender(desk, arrival)
      if (refusal !== null) {
        const why = refusal === REPLIES.stranger ? 'not registered' : 'not proven'
        around.log.info({ clientIp: arrival.envelope.clientIp, by: proof?.by }, `refused: sender ${why}`)
        const detail = refusalDetail(arrival.envelope, proof)
        around.onRefusal(refusal === REPLIES.stranger ? `not registered: ${detail}` : detail)
        return { kind: 'refused', reply: refusal }
      }
      const { inboxId, duplicate } = await acceptMail(desk, arrival, proof)
      around.log.info({ inboxId, duplicate, octets: arrival.content.byteLength }, 'accepted')
      around.onMail()
      return { kind: 'accepted', queueId: inboxId }
    },
    isFull,
    now: desk.clock,
    log: around.log,
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
