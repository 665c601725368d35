/**
 * One message from the first octet after 354 to what is answered at its end. It is collected whole, brought to clean
 * line ends and handed to `accept`; 250 is said only when that says it is committed.
 * Fails: a failing or hanging `accept` is 451 4.3.0 (452 4.3.1 when the store is full), and the client keeps the mail;
 * a commit that ends after its 451 is met by the resend, which finds the same mail.
 * Source: RFC 5321 §4.1.1.4, §4.2.5 (who is responsible after 250) and §6.3 (loops).
 */
import type { SMTPServerDataStream, SMTPServerSession } from 'smtp-server'
import type { Envelope } from '../mail/mail.ts'
import { countReceived } from '../mail/received.ts'
import { wireAddress } from './check-address.ts'
import type { ClientCertificate } from './client-certificate.ts'
import { collect } from './collect.ts'
import { within } from './guard.ts'
import { normaliseLineEnds } from './line-ends.ts'
import type { MemoryBudget } from './memory-budget.ts'
import type { ReceiverOptions } from './receive.ts'
import { REPLIES, type SmtpReply } from './replies.ts'

export type Answer =
  | { readonly kind: 'accepted'; readonly queueId: string }
  | { readonly kind: 'refused'; readonly reply: SmtpReply }
  /** The client has gone: there is nobody to answer. */
  | { readonly kind: 'gone' }

export type IncomingMessage = {
  readonly stream: SMTPServerDataStream
  readonly session: SMTPServerSession
  readonly certificate: ClientCertificate | null
  readonly budget: MemoryBudget
  /** Ends the connection of a client that is too slow. */
  readonly dismiss: (reply: SmtpReply) => void
  /** Ends it at once: the client sends far too much. */
  readonly cut: (reply: SmtpReply) => void
  /** Told when the whole message is in, so that a stop waits for its commit. */
  readonly onComplete: () => void
}

/** A commit that takes longer is answered 451. */
const COMMIT_TIMEOUT_MS = 30_000
/** RFC 5321 §6.3 asks for 100 hops in general; in front of one desk 50 are a loop, as chasquid has it. */
const MAX_RECEIVED = 50

/** Receives one message and says what to answer. */
export async function receiveMessage(message: IncomingMessage, options: ReceiverOptions): Promise<Answer> {
  const { stream, budget } = message
  const { limits } = options
  const share = budget.open()
  const deadline = setTimeout(() => message.dismiss(REPLIES.tooSlow), limits.messageSeconds * 1000)
  try {
    const collected = await collect(stream, {
      limit: limits.messageBytes,
      share,
      onFlood: () => message.cut(REPLIES.tooLarge),
    })
    clearTimeout(deadline)
    message.onComplete()
    switch (collected.kind) {
      case 'gone':
        return { kind: 'gone' }
      case 'too-large':
        return refused(REPLIES.tooLarge)
      case 'no-room':
        return refused(REPLIES.storeFull)
      case 'content':
        return await offer(collected.content, message, options)
      default:
        return collected satisfies never
    }
  } catch (error) {
    options.log.error({ err: error }, 'fault while receiving a mail')
    return refused(REPLIES.storeFailed)
  } finally {
    clearTimeout(deadline)
    share.release()
  }
}

async function offer(received: Buffer, message: IncomingMessage, options: ReceiverOptions): Promise<Answer> {
  const { content, bareNewline, hasNul } = normaliseLineEnds(received)
  if (options.bareNewline === 'reject' && (bareNewline || hasNul)) return refused(REPLIES.bareNewline)
  if (countReceived(content) >= MAX_RECEIVED) return refused(REPLIES.loop)
  const envelope = envelopeOf(message, options)
  const timeoutMs = options.commitTimeoutMs ?? COMMIT_TIMEOUT_MS
  try {
    const accepted = await within(timeoutMs, options.accept({ envelope, content, bareNewline, hasNul }))
    if (accepted !== null) return accepted
    options.log.error({ timeoutMs }, 'the store did not answer in time')
    return refused(REPLIES.storeFailed)
  } catch (error) {
    options.log.error({ err: error }, 'the store did not take a mail')
    return refused(options.isFull(error) ? REPLIES.storeFull : REPLIES.storeFailed)
  }
}

function refused(reply: SmtpReply): Answer {
  return { kind: 'refused', reply }
}

function envelopeOf({ session, certificate }: IncomingMessage, options: ReceiverOptions): Envelope {
  const { mailFrom, rcptTo } = session.envelope
  const clientIp = session.remoteAddress
  return {
    reversePath: mailFrom === false || mailFrom.address === '' ? null : wireAddress(mailFrom.address),
    forwardPaths: rcptTo.map((one) => wireAddress(one.address)),
    transport: options.protocol,
    clientIp,
    ehloDomain: session.hostNameAppearsAs === '' ? null : session.hostNameAppearsAs,
    tls: session.secure,
    faces: options.faces,
    trustedRelay:
      options.trustOf(clientIp) ??
      (certificate === null ? null : (options.trustOfCertificate?.(certificate) ?? null)),
    receivedAt: options.now(),
  }
}
