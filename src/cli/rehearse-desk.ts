/**
 * The desk of a rehearsal: a temporary folder with a database and blobs, and a key ring that lives in memory alone, so
 * that nothing in the folder can be opened once the program has ended. Mails take the path of real ones.
 * Fails: what is wrong with the configuration or the real database is one line with its exit code.
 */
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import type { Config } from '../config.ts'
import { keysOf, ownAddressesOf, restOf } from '../context-keys.ts'
import type { Evidence } from '../decide/explain.ts'
import { isPublicMailHost } from '../decide/public-mail-hosts.ts'
import type { Verdict } from '../decide/verdict.ts'
import { type Desk, openDesk } from '../desk.ts'
import { canonicalContent } from '../mail/canonical.ts'
import type { Jail } from '../mail/jail.ts'
import type { Envelope, InboxId, Mail } from '../mail/mail.ts'
import { domainOf } from '../mail/mailbox.ts'
import { processMail } from '../process.ts'
import type { Decided, OldMail, RehearsalDesk } from '../rehearse/rehearse-mailbox.ts'
import { applyEffects } from '../store/apply.ts'
import { copyRegisters } from '../store/copy-registers.ts'
import { claimInbox, putMail } from '../store/inbox.ts'
import { inboxById, verdictOf } from '../store/list.ts'
import { loadContext } from '../store/load-context.ts'
import { openStoreForReading } from '../store/open-reading.ts'
import { newKeyRingText } from '../vault/key-ring.ts'

export type TemporaryDesk = {
  readonly desk: Desk
  readonly rehearsal: RehearsalDesk
}

export type TemporaryDeskOptions = {
  readonly folder: string
  /** Take the real register instead of taking every sender for a partner. */
  readonly registered: boolean
  readonly deskAddresses: readonly string[]
}

const OWNER = 'rehearsal'
/** What the inbox keeps of a mail here. */
const NOT_KEPT = new Uint8Array(0)
/** A mail that met a fault is never claimed again. */
const LEASE_MS = 1000 * 365 * 24 * 60 * 60 * 1000

/** Opens the temporary desk in `options.folder`, which the caller removes. */
export async function openTemporaryDesk(
  config: Config,
  options: TemporaryDeskOptions,
): Promise<TemporaryDesk> {
  const desk = await openDesk(rehearsalConfig(config, options), { migrate: true, exclusive: false })
  try {
    if (options.registered) await copyRealRegisters(config, desk)
    return { desk, rehearsal: rehearsalOf(desk) }
  } catch (error) {
    await desk.close()
    throw error
  }
}

async function copyRealRegisters(config: Config, desk: Desk): Promise<void> {
  const real = await openStoreForReading(config.database)
  try {
    await copyRegisters(real, desk.store)
  } finally {
    await real.close()
  }
}

/** In `observe` everything is decided as in `enforce`, and letters to partners are written and withheld. */
function rehearsalConfig(config: Config, options: TemporaryDeskOptions): Config {
  const { folder } = options
  // The operator's domain counts as the desk's own; of a public mail host it would be many partners'.
  const own = options.deskAddresses.find((address) => !isPublicMailHost(domainOf(address)))
  return {
    ...config,
    data: folder,
    captureFolder: join(folder, 'letters'),
    database: `sqlite:${join(folder, 'rehearsal.db')}`,
    keyRing: { kind: 'text', text: newKeyRingText(randomBytes, new Date()), origin: 'the rehearsal' },
    mode: 'observe',
    partners: options.registered ? 'registered' : 'open',
    relay: null,
    operator: { address: own ?? config.operator.address },
  }
}

function rehearsalOf(desk: Desk): RehearsalDesk {
  const recipient = desk.applyDeps.queueAddress(desk.policy.firstQueue)
  return {
    decide: (mail) => decideOne(mail, { ...desk, clock: () => mail.receivedAt }, recipient),
    rememberAnswer: (mail, at) => rememberAnswer(mail, envelopeOf(at, recipient, null), desk),
  }
}

function envelopeOf(receivedAt: Date, recipient: string, reversePath: string | null): Envelope {
  return {
    reversePath,
    forwardPaths: [recipient],
    transport: 'pipe',
    clientIp: null,
    ehloDomain: null,
    tls: false,
    faces: 'relay',
    // Whoever is in the old desk's mailbox was let in by its mail server.
    trustedRelay: 'the old desk',
    receivedAt,
  }
}

/** Takes one mail along the path of accepted mail. Its octets never reach the folder: they were read already. */
async function decideOne(mail: OldMail, desk: Desk, recipient: string): Promise<Decided> {
  const envelope = envelopeOf(mail.receivedAt, recipient, mail.reversePath)
  const key = desk.mac('mail-content', canonicalContent(mail.content, envelope.reversePath))
  const dedupeKey = Buffer.from(key).toString('hex')
  const arrival = { envelope, content: NOT_KEPT, dedupeKey, now: mail.receivedAt }
  const put = await putMail(desk.store, arrival, desk.inboxDeps)
  if (put.duplicate) return { kind: 'copy' }
  const claim = { owner: OWNER, now: mail.receivedAt, leaseMs: LEASE_MS, limit: 1 }
  const claimed = (await claimInbox(desk.store, claim)).find(({ row }) => row.id === put.inboxId)
  if (claimed === undefined) throw new Error('the mail was put into the inbox and cannot be claimed')
  const read: Jail = { read: () => Promise.resolve(mail.read), close: () => Promise.resolve() }
  await processMail(claimed, desk, read)
  const line = await inboxById(desk.store.db, put.inboxId)
  const stored = await verdictOf(desk.store.db, put.inboxId)
  if (line === null || stored === null) throw new Error('the mail was decided and has no outcome')
  return {
    kind: 'decided',
    verdict: stored.verdict as Verdict,
    evidence: stored.evidence as Evidence,
    ticket: line.ticket,
    subject: line.subject,
  }
}

/** Partners answer what the desk wrote last: its Message-ID must lead to the thread, as those of our letters would. */
async function rememberAnswer(mail: Mail, envelope: Envelope, desk: Desk): Promise<void> {
  const { messageId } = mail
  if (messageId === null) return
  const now = envelope.receivedAt
  const raw = { inboxId: desk.applyDeps.newId(now) as InboxId, envelope }
  const own = ownAddressesOf(raw, mail, desk)
  await desk.store.transact(async (tx) => {
    const { thread } = await loadContext(
      tx,
      keysOf({ raw, mail, own, now }, desk),
      restOf({ raw, mail, own, now }, desk),
    )
    if (thread === null) return
    const change = { kind: 'remember-message-id' as const, ticketId: thread.ticket.id, messageId }
    await applyEffects(
      tx,
      { effects: { changes: [change], letters: [] }, inboxId: null, now },
      desk.applyDeps,
    )
  })
}
