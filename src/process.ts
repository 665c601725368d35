/**
 * The path of one accepted mail, on one screen: read it in the jail, gather facts, then in one transaction load the
 * context, decide, plan, apply, and end its inbox row. Its letters are sent by another loop, after the commit.
 * Fails: a fault leaves the row to be tried again, later and later, and in the end `failed`, where an operator sees it.
 */
import type { Facts, OwnAddress, PartnerId, PersonId, TicketId } from './decide/context.ts'
import { decide } from './decide/decide.ts'
import { evidenceOf } from './decide/explain.ts'
import { type Judgement, ticketIdOf } from './decide/judgement.ts'
import { plan } from './decide/plan.ts'
import { threadKeys } from './decide/thread-keys.ts'
import type { Verdict } from './decide/verdict.ts'
import { type Desk, ownDomains } from './desk.ts'
import { maskSecrets } from './intake/mask.ts'
import { readSubmission } from './intake/read.ts'
import type { Jail } from './mail/jail.ts'
import type { Mail, RawMail, Unreadable } from './mail/mail.ts'
import { normaliseAddress } from './mail/mailbox.ts'
import { applyEffects } from './store/apply.ts'
import { type ClaimedMail, finishInbox, openClaimed } from './store/inbox.ts'
import { type ContextKeys, type ContextRest, loadContext } from './store/load-context.ts'
import { authenticate } from './trust/authenticate.ts'
import { resolveOwnAddress } from './trust/own-address.ts'

/** Brings one claimed mail to its outcome. */
export async function processMail(claimed: ClaimedMail, desk: Desk, jail: Jail): Promise<Verdict> {
  const raw = await openClaimed(desk.store, claimed, desk.inboxDeps)
  const mail = await jail.read(raw.content, { reversePath: raw.envelope.reversePath })
  const facts = gatherFacts(raw, desk)
  return desk.store.transact(async (tx) => {
    const now = desk.clock()
    const own = ownAddressesOf(raw, mail, desk)
    const context = await loadContext(
      tx,
      keysOf({ raw, mail, own, now }, desk),
      restOf({ raw, own, now }, desk),
    )
    const judgement = decide(mail, facts, context)
    const effects = plan(judgement, mail, context)
    await applyEffects(tx, { effects, inboxId: raw.inboxId, now }, desk.applyDeps)
    const ended = await finishInbox(tx, claimed, {
      verdict: judgement.verdict,
      evidence: evidenceOf(judgement, facts, context, mail),
      ticketId: ticketIdOf(judgement.verdict, context),
      messageId: mail.messageId,
      textKey: textKeyOf(mail, desk),
      from: mail.from?.address ?? null,
      subject: maskedSubject(judgement, mail, desk),
      now,
    })
    if (!ended) throw new LeaseLost()
    return judgement.verdict
  })
}

/** Another node has taken the mail over: this transaction is undone, that one does the work. */
export class LeaseLost extends Error {}

/** What is looked up outside the mail and before the transaction; stored with it as evidence. */
export function gatherFacts(raw: Pick<RawMail, 'envelope'>, desk: Desk): Facts {
  const networks = { check: (ip: string) => desk.trustOf(ip) !== null }
  return { proof: authenticate(raw.envelope, { networks }) }
}

/** Our own addresses among all recipients, resolved; forged and foreign ones are left out. */
export function ownAddressesOf(
  raw: Pick<RawMail, 'envelope'>,
  mail: Mail | Unreadable,
  desk: Desk,
): readonly OwnAddress[] {
  const written = mail.kind === 'mail' ? [...mail.to, ...mail.cc].map((one) => one.address) : []
  const addresses = new Set(
    [...raw.envelope.forwardPaths, ...written].map((one) => normaliseAddress(one) ?? one),
  )
  return [...addresses].flatMap((address): readonly OwnAddress[] => {
    const resolved = resolveOwnAddress(address, desk.addressing, desk.mac)
    switch (resolved.kind) {
      case 'unknown':
      case 'foreign':
      case 'forged':
        return []
      default:
        return [resolved]
    }
  })
}

type At = {
  readonly raw: Pick<RawMail, 'inboxId' | 'envelope'>
  readonly mail: Mail | Unreadable
  readonly own: readonly OwnAddress[]
  readonly now: Date
}

const NO_THREAD = {
  signed: [],
  messageIds: [],
  tagNumbers: [],
  bouncedLetterId: null,
  bouncedMessageId: null,
  messageId: null,
}

/** What the store must look up for this mail. */
export function keysOf({ raw, mail, own, now }: At, desk: Desk): ContextKeys {
  return {
    inboxId: raw.inboxId,
    from: mail.from === null ? null : normaliseAddress(mail.from.address),
    thread: mail.kind === 'mail' ? threadKeys(mail, own) : NO_THREAD,
    textKey: textKeyOf(mail, desk),
    now,
  }
}

/** What a context holds besides the database's facts. */
export function restOf({ raw, own, now }: Omit<At, 'mail'>, desk: Desk): ContextRest {
  const { config } = desk
  const { newId } = desk.applyDeps
  return {
    envelope: raw.envelope,
    policy: desk.policy,
    brand: { id: config.brand.id, name: config.brand.name },
    partners: config.partners,
    ownAddresses: own,
    ownDomains: ownDomains(config),
    deskMode: config.mode,
    fresh: {
      ticketId: newId(now) as TicketId,
      personId: newId(now) as PersonId,
      partnerId: newId(now) as PartnerId,
    },
  }
}

/** The same author and words, by whatever route: an HMAC, since a plain hash would tell short texts. */
function textKeyOf(mail: Mail | Unreadable, desk: Desk): string | null {
  if (mail.kind !== 'mail') return null
  const words = mail.text.replace(/\s+/gu, ' ').trim()
  const parts = [mail.from?.address.toLowerCase() ?? '', mail.subject ?? '', words]
  return Buffer.from(
    desk.mac(
      'mail-text',
      parts.map((part) => Buffer.from(part, 'utf8')),
    ),
  ).toString('hex')
}

/** A subject may hold a password; mail that was not read for its fields is read for its secrets here. */
function maskedSubject(judgement: Judgement, mail: Mail | Unreadable, desk: Desk): string | null {
  if (mail.subject === null || mail.kind === 'unreadable') return null
  const hints = { missing: null, partnerDomains: [], ownDomains: ownDomains(desk.config) }
  const { secrets } = judgement.reading ?? readSubmission(mail, desk.policy, hints)
  return maskSecrets(mail.subject, secrets)
}
