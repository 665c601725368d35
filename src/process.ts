/**
 * The path of one accepted mail, on one screen: gather facts, read it in the jail, then in one transaction load the
 * context, decide, plan, apply, and end its inbox row. Its letters are sent by another loop, after the commit.
 * Fails: a fault leaves the row to be tried again, later and later, and in the end `failed`, where an operator sees it.
 */

import { asideKeys } from './decide/aside-keys.ts'
import type { Facts, LetterId, OwnAddress, PartnerId, PersonId, Proof, TicketId } from './decide/context.ts'
import { decide } from './decide/decide.ts'
import { evidenceOf } from './decide/explain.ts'
import { type Judgement, ticketIdOf } from './decide/judgement.ts'
import { plan } from './decide/plan.ts'
import { comparedWords } from './decide/rounds.ts'
import { threadKeys } from './decide/thread-keys.ts'
import type { Verdict } from './decide/verdict.ts'
import { type Desk, ownDomains } from './desk.ts'
import { maskSecrets } from './intake/mask.ts'
import { readSubmission } from './intake/read.ts'
import type { Jail } from './mail/jail.ts'
import type { Mail, RawMail, Unreadable } from './mail/mail.ts'
import { domainOf, normaliseAddress } from './mail/mailbox.ts'
import { applyEffects } from './store/apply.ts'
import { awaitProof, type ClaimedMail, finishInbox, openClaimed, proofOf } from './store/inbox.ts'
import { type ContextKeys, type ContextRest, loadContext } from './store/load-context.ts'
import { authenticate, type Trust } from './trust/authenticate.ts'
import { LOOP_FIELD, verifyLoopMarker } from './trust/loop-marker.ts'
import { resolveOwnAddress } from './trust/own-address.ts'
import { nextProofTry } from './trust/proof-wait.ts'
import { verifyMessageId } from './trust/sign-message-id.ts'

/** The mail stays as it is: its sender could not be checked, and is tried again then. */
export type Waiting = { readonly kind: 'waits'; readonly until: Date }

/** Brings one claimed mail to its outcome, or leaves it to wait for its sender's proof. */
export async function processMail(claimed: ClaimedMail, desk: Desk, jail: Jail): Promise<Verdict | Waiting> {
  const raw = await openClaimed(desk.store, claimed, desk.inboxDeps)
  const looked = await gatherFacts(raw, desk, proofOf(claimed))
  // A person who vouches for a mail need not wait for DNS.
  const isOpen = looked.proof.result === 'temperror' && claimed.row.released === 0
  const until = isOpen ? nextProofTry(raw.envelope.receivedAt, desk.clock()) : null
  if (until !== null) {
    if (!(await awaitProof(desk.store, claimed, { proof: looked.proof, until }))) throw new LeaseLost()
    return { kind: 'waits', until }
  }
  const mail = await jail.read(raw.content, { reversePath: raw.envelope.reversePath })
  const facts = { ...looked, proof: proofAbout(mail, looked.proof) }
  return desk.store.transact(async (tx) => {
    const now = desk.clock()
    const own = ownAddressesOf(raw, mail, desk)
    const resumed = resumedOf(claimed.row, mail)
    const context = await loadContext(
      tx,
      { ...keysOf({ raw, mail, own, now }, desk), resumed },
      restOf({ raw, mail, own, now }, desk),
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
export async function gatherFacts(
  raw: Pick<RawMail, 'envelope' | 'content'>,
  desk: Desk,
  known: Proof | null = null,
): Promise<Facts> {
  return { proof: known ?? (await authenticate(raw, trustOfDesk(desk))) }
}

/** A From that the jail reads otherwise than the checks did was made to be read in two ways: it proves nothing. */
function proofAbout(mail: Mail | Unreadable, proof: Proof): Proof {
  if (proof.domain === undefined || domainOf(mail.from?.address ?? '') === proof.domain) return proof
  return { ...proof, result: 'failed', by: 'its From can be read in two ways' }
}

/** What sender proof believes on this desk, and whom it asks. */
function trustOfDesk({ config, trustOf, resolver }: Desk): Trust {
  const { authservId, arcSealers } = config.trust
  const { hostName } = config
  return { trustOf, authservId, arcSealers, resolver, hostName, ownDomains: ownDomains(config) }
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
    const resolved = resolveOwnAddress(address, desk.clock(), desk.signing)
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
    ...wordKeysOf(mail, desk),
    resumed: null,
    asides: asideKeys(mail, raw.envelope.reversePath, ownDomains(desk.config)),
    now,
  }
}

/** How the mail came out of a wait. A program's mail stays one: nobody can be named as its author. */
function resumedOf(
  row: Pick<ClaimedMail['row'], 'resumed_at' | 'released' | 'released_as'>,
  mail: Mail | Unreadable,
): ContextKeys['resumed'] {
  if (row.resumed_at === null) return null
  const isPersonal = mail.kind === 'mail' && mail.automatic === null && mail.bounce === null
  const as = isPersonal ? (row.released_as as PersonId | null) : null
  return { at: new Date(row.resumed_at), vouched: row.released === 1, as }
}

/** What a context holds besides the database's facts. */
export function restOf({ raw, mail, own, now }: At, desk: Desk): ContextRest {
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
    returnedLetterId: mail.kind === 'mail' ? returnedLetterOf(mail, desk) : null,
    isFromOurselves: mail.from !== null && takesMailHere(mail.from.address, desk),
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

/** The letter of ours that a mail is: by the marker that we sealed, or by a Message-ID that only we can make. */
function returnedLetterOf(mail: Mail, desk: Desk): LetterId | null {
  const { domain } = desk.signing.addressing
  for (const { name, value } of mail.headerFields) {
    if (name.toLowerCase() !== LOOP_FIELD.toLowerCase()) continue
    const letterId = verifyLoopMarker(value, domain, desk.mac)
    if (letterId !== null) return letterId
  }
  return mail.messageId === null ? null : verifyMessageId(mail.messageId, domain, desk.mac)
}

function takesMailHere(address: string, desk: Desk): boolean {
  const { kind } = resolveOwnAddress(address, desk.clock(), desk.signing)
  return kind !== 'unknown' && kind !== 'foreign'
}

/** What a mail's words are compared by with earlier ones of the same partner. */
function wordKeysOf(
  mail: Mail | Unreadable,
  desk: Desk,
): { readonly sameKey: string | null; readonly alikeKey: string | null } {
  if (mail.kind !== 'mail') return { sameKey: null, alikeKey: null }
  const key = (words: string): string =>
    Buffer.from(desk.mac('mail-words', [Buffer.from(words, 'utf8')])).toString('hex')
  const { same, alike } = comparedWords(mail)
  return { sameKey: key(same), alikeKey: alike === null ? null : key(alike) }
}

/** A subject may hold a password; mail that was not read for its fields is read for its secrets here. */
function maskedSubject(judgement: Judgement, mail: Mail | Unreadable, desk: Desk): string | null {
  if (mail.subject === null || mail.kind === 'unreadable') return null
  const hints = { missing: null, partnerDomains: [], ownDomains: ownDomains(desk.config) }
  const { secrets } = judgement.reading ?? readSubmission(mail, desk.policy, hints)
  return maskSecrets(mail.subject, secrets)
}
