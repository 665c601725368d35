/**
 * The wire in: SMTP and LMTP over smtp-server, hardened. Each command is judged by check-address.ts, each message
 * received by receive-message.ts. Nothing here parses a mail or knows a ticket.
 * Fails: a port that cannot be had rejects with the system's code (`EADDRINUSE` …); a client can end only its own
 * connection, never the process.
 * Source: RFC 5321, RFC 2033 (LMTP), RFC 2034 (enhanced codes), RFC 3207 (STARTTLS).
 */
import type { AddressInfo } from 'node:net'
import type { Logger } from 'pino'
import type { SMTPServerOptions, SMTPServerSession } from 'smtp-server'
import type { Envelope } from '../mail/mail.ts'
import { mailProblem, type RecipientKind, recipientProblem } from './check-address.ts'
import { type ClientCertificate, clientCertificateOf } from './client-certificate.ts'
import { CodedServer, cut, dismiss } from './coded-server.ts'
import { ConnectionCount } from './connection-count.ts'
import { MemoryBudget } from './memory-budget.ts'
import { type Answer, receiveMessage } from './receive-message.ts'
import { REPLIES, ReplyError, type SmtpReply } from './replies.ts'
import { type Drain, makeDrain } from './stop.ts'

export type Accepted =
  | { readonly kind: 'accepted'; readonly queueId: string }
  | { readonly kind: 'refused'; readonly reply: SmtpReply }

export type Arrival = {
  readonly envelope: Envelope
  /** Every line ends in CRLF; else the octets as received, dots unstuffed. */
  readonly content: Uint8Array
  /** It came with a CR or an LF by itself. */
  readonly bareNewline: boolean
  readonly hasNul: boolean
}

export type ReceiverOptions = {
  readonly host: string
  readonly port: number
  readonly protocol: 'smtp' | 'lmtp'
  readonly faces: 'internet' | 'relay'
  readonly tls: {
    readonly cert: string
    readonly key: string
    readonly implicit: boolean
    readonly required: boolean
  } | null
  readonly hostName: string
  readonly limits: {
    readonly messageBytes: number
    readonly recipients: number
    readonly connections: number
    readonly connectionsPerIp: number
    readonly idleSeconds: number
    readonly messageSeconds: number
    readonly sessionErrors: number
  }
  /** A CR, LF or NUL by itself: made CRLF and told (the default, as Postfix), or refused. */
  readonly bareNewline?: 'normalise' | 'reject'
  /** Octets of all messages coming in at one time. */
  readonly memoryBytes?: number
  readonly commitTimeoutMs?: number
  /** How long a stop waits for messages that are still coming in. */
  readonly drainMs?: number
  /** Names the trusted network of a client; null when it is none. */
  readonly trustOf: (ip: string) => string | null
  /** Names the trusted certificate of a client; asked for one only where this is given. */
  readonly trustOfCertificate?: ((certificate: ClientCertificate) => string | null) | null
  readonly resolveRecipient: (address: string) => RecipientKind
  /** Commits the mail. Rejects when the store fails; `isFull` tells a full one. */
  readonly accept: (arrival: Arrival) => Promise<Accepted>
  readonly isFull: (error: unknown) => boolean
  readonly now: () => Date
  readonly log: Logger
}

export type Receiver = {
  readonly host: string
  readonly port: number
  readonly protocol: 'smtp' | 'lmtp'
  /** Stops listening, lets messages under way get their reply, then ends every connection. */
  readonly close: () => Promise<void>
}

/** No AUTH blobs here; RFC 5321 §4.5.3.1.4 asks for 512 and room for parameters. */
const MAX_COMMAND_OCTETS = 2048
/** Room for ten messages of the usual limit; and always for a few of the configured one. */
const MEMORY_BYTES = 256 * 1024 * 1024
const MEMORY_MESSAGES = 4
/** A sender on a slow line may finish; service managers commonly kill after 90 s. */
const DRAIN_MS = 20_000

/** Starts one listener. */
export async function startReceiver(options: ReceiverOptions): Promise<Receiver> {
  const { host, protocol } = options
  const server = new CodedServer(libraryOptions(options), options.limits.sessionErrors)
  // Without a listener one reset connection would end the process. A failed listen is told by `listen`.
  server.on('error', (error: Error) => options.log.debug({ err: error }, 'a connection failed'))
  const drain = makeDrain(server, options.drainMs ?? DRAIN_MS)
  takeConnections(server, options)
  takeMail(server, options, () => drain.isStopping)
  takeMessages(server, options, drain)
  await listen(server, options)
  const { port } = server.server.address() as AddressInfo
  return { host, port, protocol, close: drain.stop }
}

function listen(server: CodedServer, { host, port }: ReceiverOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    server.server.once('error', reject)
    server.listen(port, host, () => {
      server.server.off('error', reject)
      resolve()
    })
  })
}

function libraryOptions(options: ReceiverOptions): SMTPServerOptions {
  const { limits, tls, protocol, hostName } = options
  const asksForCertificate = (options.trustOfCertificate ?? null) !== null
  // Without our own certificate the library would use one whose key is public: then there is no STARTTLS at all.
  const startTls = tls !== null && !tls.implicit
  return {
    name: hostName,
    banner: 'Ticketgate',
    lmtp: protocol === 'lmtp',
    secure: tls?.implicit === true,
    ...(tls === null ? {} : { cert: tls.cert, key: tls.key, minVersion: 'TLSv1.2' as const }),
    // Nobody is turned away for the certificate: most servers show none, or one that they signed themselves.
    ...(tls !== null && asksForCertificate ? { requestCert: true, rejectUnauthorized: false } : {}),
    disabledCommands: ['AUTH', 'WIZ', 'SHELL', 'KILL', ...(startTls ? [] : ['STARTTLS'])],
    authOptional: true,
    hideENHANCEDSTATUSCODES: false,
    disableReverseLookup: true,
    size: limits.messageBytes,
    maxClients: limits.connections,
    maxRecipients: limits.recipients,
    maxCommandLength: MAX_COMMAND_OCTETS,
    socketTimeout: limits.idleSeconds * 1000,
    logger: false,
  }
}

function takeConnections(server: CodedServer, options: ReceiverOptions): void {
  const count = new ConnectionCount(options.limits.connectionsPerIp)
  server.onConnect = (session, callback) => {
    try {
      const trusted = options.trustOf(session.remoteAddress) !== null
      const mayEnter = count.enter(session.id, session.remoteAddress, trusted)
      callback(mayEnter ? null : new ReplyError(REPLIES.tooManyFromThere))
    } catch (error) {
      // The library calls this from a timer, where nobody else would catch.
      options.log.error({ err: error }, 'fault while greeting a client')
      callback(new ReplyError(REPLIES.fault))
    }
  }
  server.onClose = (session) => count.leave(session.id)
}

/** Accepted RCPT commands of the transaction: LMTP owes a reply to each, also where one names a mailbox again. */
const recipientsOf = new WeakMap<SMTPServerSession, number>()

function takeMail(server: CodedServer, options: ReceiverOptions, isStopping: () => boolean): void {
  const answer = (problem: SmtpReply | null): Error | null =>
    problem === null ? null : new ReplyError(problem)
  server.onMailFrom = (address, session, callback) => {
    if (isStopping()) return callback(new ReplyError(REPLIES.stopping))
    if (options.tls?.required === true && !session.secure) return callback(new ReplyError(REPLIES.needsTls))
    recipientsOf.set(session, 0)
    return callback(answer(mailProblem(address)))
  }
  server.onRcptTo = (address, session, callback) => {
    const problem = recipientProblem(address, session, options.resolveRecipient)
    if (problem === null) recipientsOf.set(session, (recipientsOf.get(session) ?? 0) + 1)
    callback(answer(problem))
  }
}

function takeMessages(server: CodedServer, options: ReceiverOptions, drain: Drain): void {
  const budget = new MemoryBudget(
    options.memoryBytes ?? Math.max(MEMORY_BYTES, MEMORY_MESSAGES * options.limits.messageBytes),
  )
  server.onData = (stream, session, callback) => {
    const underWay = drain.begin(session)
    const ending =
      (end: typeof dismiss) =>
      (last: SmtpReply): void => {
        const connection = server.connectionOf(session)
        if (connection !== null) end(connection, last)
      }
    const message = {
      stream,
      session,
      certificate: clientCertificateOf(server.connectionOf(session)),
      budget,
      dismiss: ending(dismiss),
      cut: ending(cut),
      onComplete: underWay.complete,
    }
    const run = async (): Promise<void> => {
      try {
        const answer = await receiveMessage(message, options)
        // The library must have ended the message before it is answered: a callback in the same turn comes too early.
        await new Promise(setImmediate)
        if (answer.kind !== 'gone') reply(answer, { session, options, callback })
      } catch (error) {
        options.log.error({ err: error }, 'fault while answering a mail')
        message.dismiss(REPLIES.fault)
      } finally {
        underWay.end()
      }
    }
    void run()
  }
}

type Answering = {
  readonly session: SMTPServerSession
  readonly options: ReceiverOptions
  readonly callback: Parameters<CodedServer['onData']>[2]
}

function reply(answer: Exclude<Answer, { kind: 'gone' }>, { session, options, callback }: Answering): void {
  const said = answer.kind === 'accepted' ? `2.6.0 ${answer.queueId} accepted` : new ReplyError(answer.reply)
  if (options.protocol === 'lmtp') {
    // RFC 2033 §4.2: one reply for each RCPT that was accepted.
    const length = recipientsOf.get(session) ?? session.envelope.rcptTo.length
    callback(
      null,
      Array.from({ length }, () => said),
    )
  } else if (typeof said === 'string') callback(null, said)
  else callback(said)
}
