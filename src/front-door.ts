/**
 * The front door: what becomes of a mail until its 250. Forged results are taken out, who is known to be a forger or a
 * stranger is refused where that is safe, everything else is committed under its key.
 * Fails: faults of the store are thrown (the wire answers 451); a sender who cannot be checked is no failure.
 * Source: RFC 8601 §5, RFC 7372 §3.3; docs/architecture.md ("Who is it?").
 */
import type { Proof } from './decide/context.ts'
import type { Desk } from './desk.ts'
import type { Log } from './log.ts'
import { canonicalContent } from './mail/canonical.ts'
import { allFields, bodyOffset, readRawFields } from './mail/header-fields.ts'
import type { Envelope, InboxId } from './mail/mail.ts'
import { normaliseAddress, parseMailboxes } from './mail/mailbox.ts'
import { withTrace } from './mail/received.ts'
import { gatherFacts } from './process.ts'
import type { ReceiverOptions } from './smtp/receive.ts'
import { REPLIES, type SmtpReply } from './smtp/replies.ts'
import { recordEvent } from './store/event.ts'
import { type PutMail, putMail } from './store/inbox.ts'
import { loadSender } from './store/load-people.ts'
import { removeResultsOf } from './trust/authentication-results.ts'
import { resolveOwnAddress } from './trust/own-address.ts'
import { nextProofTry } from './trust/proof-wait.ts'

type Arrived = { readonly envelope: Envelope; readonly content: Uint8Array }

/**
 * Commits an accepted mail; for the wire, `ingest`, and later other transports. `proof` is what was looked up before, if it
 * was; else the sender is proven when the mail is decided.
 */
export async function acceptMail(desk: Desk, arrival: Arrived, proof: Proof | null = null): Promise<PutMail> {
  return commit(desk, arrival, { clean: cleanOfForgedResults(desk, arrival), proof })
}

/** What was found before the commit: the content without forged results, and the proof where it was looked up. */
type Checked = { readonly clean: Uint8Array; readonly proof: Proof | null }

/** The key is made of the mail as it came: our own trace field differs each time. */
async function commit(desk: Desk, arrival: Arrived, { clean, proof }: Checked): Promise<PutMail> {
  const { envelope } = arrival
  const key = desk.mac('mail-content', canonicalContent(arrival.content, envelope.reversePath))
  const now = envelope.receivedAt
  const inboxId = desk.inboxDeps.newId(now) as InboxId
  const tryAgainAt = proof?.result === 'temperror' ? nextProofTry(now, now) : null
  return putMail(
    desk.store,
    {
      envelope,
      content: withTrace(clean, {
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
  { envelope, content }: Arrived,
): Promise<{ readonly proof: Proof | null; readonly refusal: SmtpReply | null }> {
  if (envelope.faces !== 'internet' || envelope.trustedRelay !== null) return { proof: null, refusal: null }
  const { proof } = await gatherFacts({ envelope, content }, desk)
  const isReport =
    envelope.reversePath === null &&
    envelope.forwardPaths.every(
      (address) => resolveOwnAddress(address, desk.clock(), desk.signing).kind === 'bounce',
    )
  if (proof.result === 'failed' && !isReport) return { proof, refusal: REPLIES.unproven }
  return {
    proof,
    refusal: (await isTurnedAway(desk, { envelope, content }, proof)) ? REPLIES.stranger : null,
  }
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

/** What the wire asks of the desk; `onMail` hears of each commit. */
export type Door = Pick<ReceiverOptions, 'resolveRecipient' | 'accept'>

/** Opens the door for all listeners of a gateway. */
export function openDoor(desk: Desk, log: Log, onMail: () => void): Door {
  const recordRefusal = refusalRecorder(desk, log)
  return {
    resolveRecipient: (address) => {
      const kind = recipientKind(desk, address)
      if (kind === 'forged') recordRefusal('an address with a token that we did not make, or that is over')
      return kind
    },
    accept: async (arrival) => {
      const clean = cleanOfForgedResults(desk, arrival)
      const { proof, refusal } = await proveSender(desk, { envelope: arrival.envelope, content: clean })
      if (refusal !== null) {
        const why = refusal === REPLIES.stranger ? 'not registered' : 'not proven'
        log.info({ clientIp: arrival.envelope.clientIp, by: proof?.by }, `refused: sender ${why}`)
        const detail = refusalDetail(arrival.envelope, proof)
        recordRefusal(refusal === REPLIES.stranger ? `not registered: ${detail}` : detail)
        return { kind: 'refused', reply: refusal }
      }
      const { inboxId, duplicate } = await commit(desk, arrival, { clean, proof })
      log.info({ inboxId, duplicate, octets: arrival.content.byteLength }, 'accepted')
      onMail()
      return { kind: 'accepted', queueId: inboxId }
    },
  }
}
