/**
 * The path of one accepted mail, on one screen: gather facts, read it in the jail, then in one transaction load the
 * context, decide, plan, apply, and end its inbox row. Its letters are sent by another loop, after the commit.
 * Fails: a fault leaves the row to be tried again, later and later, and in the end `failed`, where an operator sees it.
 */

import { keysOf, ownAddressesOf, restOf, resumedOf, textKeyOf } from './context-keys.ts'
import type { Facts, Proof } from './decide/context.ts'
import { decide } from './decide/decide.ts'
import { evidenceOf } from './decide/explain.ts'
import { type Judgement, ticketIdOf } from './decide/judgement.ts'
import { plan } from './decide/plan.ts'
import type { Verdict } from './decide/verdict.ts'
import { type Desk, ownDomains } from './desk.ts'
import { maskSecrets } from './intake/mask.ts'
import { readSubmission } from './intake/read.ts'
import type { Jail } from './mail/jail.ts'
import type { Mail, RawMail, Unreadable } from './mail/mail.ts'
import { domainOf } from './mail/mailbox.ts'
import { applyEffects } from './store/apply.ts'
import { awaitProof, type ClaimedMail, finishInbox, openClaimed, proofOf } from './store/inbox.ts'
import { loadContext } from './store/load-context.ts'
import { authenticate, type Trust } from './trust/authenticate.ts'
import { nextProofTry } from './trust/proof-wait.ts'

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

/** A subject may hold a password; mail that was not read for its fields is read for its secrets here. */
function maskedSubject(judgement: Judgement, mail: Mail | Unreadable, desk: Desk): string | null {
  if (mail.subject === null || mail.kind === 'unreadable') return null
  const hints = { missing: null, partnerDomains: [], ownDomains: ownDomains(desk.config) }
  const { secrets } = judgement.reading ?? readSubmission(mail, desk.policy, hints)
  return maskSecrets(mail.subject, secrets)
}
