/**
 * What the store must look up for one mail, and what its context holds besides the database's facts: the threads it
 * names, its words as keyed hashes, our own addresses among its recipients. Pure, but for the desk's keys and clock.
 */

import { asideKeys } from './decide/aside-keys.ts'
import type { LetterId, OwnAddress, PartnerId, PersonId, TicketId } from './decide/context.ts'
import { comparedWords } from './decide/rounds.ts'
import { threadKeys } from './decide/thread-keys.ts'
import { type Desk, ownDomains } from './desk.ts'
import type { Mail, RawMail, Unreadable } from './mail/mail.ts'
import { normaliseAddress } from './mail/mailbox.ts'
import type { ClaimedMail } from './store/inbox.ts'
import type { ContextKeys, ContextRest } from './store/load-context.ts'
import { LOOP_FIELD, verifyLoopMarker } from './trust/loop-marker.ts'
import { resolveOwnAddress } from './trust/own-address.ts'
import { verifyMessageId } from './trust/sign-message-id.ts'

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
export function resumedOf(
  row: Pick<ClaimedMail['row'], 'resumed_at' | 'released' | 'released_as' | 'sent_as_is'>,
  mail: Mail | Unreadable,
): ContextKeys['resumed'] {
  if (row.resumed_at === null) return null
  const isPersonal = mail.kind === 'mail' && mail.automatic === null && mail.bounce === null
  const as = isPersonal ? (row.released_as as PersonId | null) : null
  return { at: new Date(row.resumed_at), vouched: row.released === 1, as, asIs: row.sent_as_is === 1 }
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
export function textKeyOf(mail: Mail | Unreadable, desk: Desk): string | null {
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
