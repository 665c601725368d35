/**
 * Thread keys: everything in a mail by which the store can find its ticket, its bounced letter, its earlier copy.
 * Order of belief: signed address, our Message-IDs, foreign Message-IDs, subject tag; the bounce path comes last.
 * Fails: never; lists are bounded. Source: RFC 5322 §3.6.4 (References), docs/architecture.md (threading).
 */
import type { Mail } from '../mail/mail.ts'
import type { LetterId, OwnAddress, PersonId } from './context.ts'
import { tagNumbers } from './subject.ts'

/** A long thread names its newest mails last; older ones than this many add nothing. */
const MAX_MESSAGE_IDS = 50

export type ThreadKeys = {
  /** From a signed reply address of ours: the first that names an existing ticket wins (`signed-address`). */
  readonly signed: readonly { readonly ticketNumber: number; readonly personId: PersonId }[]
  /**
   * In-Reply-To, then References right to left, each once. The first that is ours or a relay's alias wins
   * (`our-message-id`); only when there is none, the first foreign one (`foreign-message-id`).
   */
  readonly messageIds: readonly string[]
  /** From `[TG-n]` in the subject: the first existing ticket wins (`subject-tag`). */
  readonly tagNumbers: readonly number[]
  /**
   * The letter whose signed return path this mail came to; else null. When nothing above names a ticket, the bounced
   * letter's ticket is the thread (`bounce-path`).
   */
  readonly bouncedLetterId: LetterId | null
  /** The Message-ID that a report says was returned; looked up when there is no `bouncedLetterId`. */
  readonly bouncedMessageId: string | null
  /** The mail's own Message-ID: was it seen before? */
  readonly messageId: string | null
}

/** Collects the keys of a mail. `own` are our addresses among its recipients, resolved. */
export function threadKeys(mail: Mail, own: readonly OwnAddress[]): ThreadKeys {
  const messageIds = new Set<string>()
  for (const messageId of [...mail.inReplyTo, ...mail.references.toReversed()]) {
    if (messageIds.size === MAX_MESSAGE_IDS) break
    if (messageId !== mail.messageId) messageIds.add(messageId)
  }
  const bouncePath = own.find((address) => address.kind === 'bounce')
  return {
    signed: own.filter((address) => address.kind === 'reply'),
    messageIds: [...messageIds],
    tagNumbers: tagNumbers(mail.subject),
    bouncedLetterId: bouncePath?.letterId ?? null,
    bouncedMessageId: mail.bounce?.originalMessageId ?? null,
    messageId: mail.messageId,
  }
}
