/**
 * The wire in: SMTP and LMTP over smtp-server, hardened. A mail is collected whole, handed to `accept`, and answered
 * 250 only when that says it is committed. Nothing here parses a mail or knows a ticket.
 * Fails: a port that cannot be had rejects; a failing `accept` is 451 4.3.0, and the client keeps the mail.
 * Source: RFC 5321, RFC 2033 (LMTP), RFC 2034 (enhanced codes), RFC 6531 (SMTPUTF8).
 */
import type { AddressInfo } from 'node:net'
import type { Logger } from 'pino'
import type { SMTPServerAddress, SMTPServerDataStream, SMTPServerSession } from 'smtp-server'
import type { Envelope } from '../mail/mail.ts'
import { countReceived } from '../mail/received.ts'
import { CodedServer } from './coded-server.ts'
import { collect } from './collect.ts'
import { ConnectionCount } from './connection-count.ts'
import { once, type Reply, within } from './guard.ts'
import { REPLIES, ReplyError, type SmtpReply } from './replies.ts'

export type Accepted =
  | { readonly kind: 'accepted'; readonly queueId: string }
  | { readonly kind: 'refused'; readonly reply: SmtpReply }

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
  /** Names the trusted network of a client; null when it is none. */
  readonly trustOf: (ip: string) => string | null
  readonly resolveRecipient: (address: string) => 'own' | 'unknown' | 'foreign' | 'forged'
  /** Commits the mail. Rejects when the store fails; `isFull` tells a full one. */
  readonly accept: (arrival: {
    readonly envelope: Envelope
    readonly content: Uint8Array
  }) => Promise<Accepted>
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

/** A commit that takes longer than this is answered 451; the row may be there all the same, and the resend meets it. */
const COMMIT_TIMEOUT_MS = 30_000
/** RFC 5321 §6.3 asks for at least 100 hops to be allowed in general; behind one's own servers 50 is a loop. */
const MAX_RECEIVED = 50
/** No AUTH blobs here; RFC 5321 §4.5.3.1.4 asks for 512 and room for parameters. */
const MAX_COMMAND_OCTETS = 2048
const CLOSE_TIMEOUT_MS = 5_000

/** What RFC 5321, 1870, 6152 and 6531 give MAIL; DSN is not announced. */
const MAIL_PARAMETERS: ReadonlySet<string> = new Set(['SIZE', 'BODY', 'SMTPUTF8'])

/** Starts one listener. */
export async function startReceiver(options: ReceiverOptions): Promise<Receiver> {
  const underWay = new Set<Promise<void>>()
  const state = { stopping: false }
  const server = makeServer(options, underWay, state)
  await listen(server, options)
  // Without this listener one reset connection would end the process.
  server.on('error', (error: Error) => options.log.debug({ err: error }, 'a connection failed'))
  const { port } = server.server.address() as AddressInfo
  return {
    host: options.host,
    port,
    protocol: options.protocol,
    close: async () => {
      state.stopping = true
      const closed = new Promise<void>((resolve) => {
        server.server.close(() => resolve())
      })
      await Promise.allSettled(underWay)
      // The library says 421 to whoever is left, and then closes.
      for (const connection of server.connections) {
        connection.send(REPLIES.stopping.code, `${REPLIES.stopping.enhanced} ${REPLIES.stopping.text}`, false)
        connection.close()
      }
      const cut = setTimeout(() => {
        for (const connection of server.connections) connection._socket?.destroy()
      }, CLOSE_TIMEOUT_MS)
      await closed
      clearTimeout(cut)
    },
  }
}

function listen(server: CodedServer, { host, port }: ReceiverOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = (error: Error): void => reject(error)
    server.server.once('error', fail)
    server.listen(port, host, () => {
      server.server.off('error', fail)
      resolve()
    })
  })
}

function makeServer(
  options: ReceiverOptions,
  underWay: Set<Promise<void>>,
  state: { readonly stopping: boolean },
): CodedServer {
  const { limits, tls } = options
  const count = new ConnectionCount(limits.connectionsPerIp)
  return new CodedServer({
    name: options.hostName,
    banner: 'Ticketgate',
    lmtp: options.protocol === 'lmtp',
    secure: tls?.implicit === true,
    ...(tls === null ? {} : { cert: tls.cert, key: tls.key, minVersion: 'TLSv1.2' as const }),
    disabledCommands: ['AUTH', 'WIZ', 'SHELL', 'KILL', ...(tls === null || tls.implicit ? ['STARTTLS'] : [])],
    authOptional: true,
    hideENHANCEDSTATUSCODES: false,
    disableReverseLookup: true,
    size: limits.messageBytes,
    maxClients: limits.connections,
    maxRecipients: limits.recipients,
    maxCommandLength: MAX_COMMAND_OCTETS,
    socketTimeout: limits.idleSeconds * 1000,
    closeTimeout: CLOSE_TIMEOUT_MS,
    logger: false,
    onConnect: (session, callback) => {
      const trusted = options.trustOf(session.remoteAddress) !== null
      const mayEnter = count.enter(session.id, session.remoteAddress, trusted)
      callback(mayEnter ? null : new ReplyError(REPLIES.tooManyFromThere))
    },
    onClose: (session) => count.leave(session.id),
    onMailFrom: (address, session, callback) => callback(mailProblem(address, session, options)),
    onRcptTo: (address, session, callback) => callback(recipientProblem(address, session, options)),
    onData: (stream, session, callback) => {
      const reply = once(callback)
      const task = receiveMessage({ stream, session, options, reply, state }).catch((error: unknown) => {
        options.log.error({ err: error }, 'fault while receiving')
        reply(new ReplyError(REPLIES.storeFailed))
      })
      underWay.add(task)
      void task.finally(() => underWay.delete(task))
    },
  })
}

function mailProblem(
  address: SMTPServerAddress,
  session: SMTPServerSession,
  options: ReceiverOptions,
): Error | null {
  if (options.tls?.required === true && !session.secure) return new ReplyError(REPLIES.needsTls)
  const args = address.args === false ? {} : address.args
  if (Object.keys(args).some((name) => !MAIL_PARAMETERS.has(name)))
    return new ReplyError(REPLIES.unknownParameter)
  return addressProblem(address.address, 'SMTPUTF8' in args)
}

function recipientProblem(
  address: SMTPServerAddress,
  session: SMTPServerSession,
  options: ReceiverOptions,
): Error | null {
  const args = address.args === false ? {} : address.args
  if (Object.keys(args).length > 0) return new ReplyError(REPLIES.unknownParameter)
  const mailArgs = session.envelope.mailFrom === false ? false : session.envelope.mailFrom.args
  const problem = addressProblem(address.address, mailArgs !== false && 'SMTPUTF8' in mailArgs)
  if (problem !== null) return problem
  switch (options.resolveRecipient(address.address)) {
    case 'own':
      return null
    case 'unknown':
      return new ReplyError(REPLIES.unknownRecipient)
    case 'forged':
      return new ReplyError(REPLIES.forgedRecipient)
    default:
      return new ReplyError(REPLIES.foreignRecipient)
  }
}

/** RFC 6531 §3.1: octets above ASCII only with SMTPUTF8. The library turns invalid UTF-8 into U+FFFD. */
function addressProblem(address: string, smtputf8: boolean): Error | null {
  if (address.includes('\uFFFD')) return new ReplyError(REPLIES.brokenAddress)
  // The library shows A-labels as U-labels: only the local part tells what was sent.
  const localPart = address.slice(0, Math.max(0, address.lastIndexOf('@')))
  if (!smtputf8 && /[^\x20-\x7e]/.test(localPart)) return new ReplyError(REPLIES.needsSmtputf8)
  return null
}

type Message = {
  readonly stream: SMTPServerDataStream
  readonly session: SMTPServerSession
  readonly options: ReceiverOptions
  readonly reply: Reply
  readonly state: { readonly stopping: boolean }
}

async function receiveMessage({ stream, session, options, reply, state }: Message): Promise<void> {
  const { limits, log } = options
  const deadline = setTimeout(() => stream.destroy(), limits.messageSeconds * 1000)
  const collected = await collect(stream, limits.messageBytes, () => stream.destroy())
  clearTimeout(deadline)
  if (collected.kind === 'gone') return
  const refuse = (refusal: SmtpReply): void => reply(new ReplyError(refusal))
  if (collected.kind === 'too-large') return refuse(REPLIES.tooLarge)
  if (state.stopping && session.envelope.rcptTo.length === 0) return refuse(REPLIES.stopping)
  if (countReceived(collected.content) >= MAX_RECEIVED) return refuse(REPLIES.loop)
  const envelope = envelopeOf(session, options)
  try {
    const accepting = options.accept({ envelope, content: collected.content })
    const accepted = await within(COMMIT_TIMEOUT_MS, accepting)
    if (accepted === null) return refuse(REPLIES.storeFailed)
    if (accepted.kind === 'refused') return refuse(accepted.reply)
    const text = `2.6.0 ${accepted.queueId} accepted`
    if (options.protocol === 'smtp') reply(null, text)
    else
      reply(
        null,
        envelope.forwardPaths.map(() => text),
      )
  } catch (error) {
    log.error({ err: error }, 'the store did not take a mail')
    refuse(options.isFull(error) ? REPLIES.storeFull : REPLIES.storeFailed)
  }
}

function envelopeOf(session: SMTPServerSession, options: ReceiverOptions): Envelope {
  const { mailFrom, rcptTo } = session.envelope
  const clientIp = session.remoteAddress
  return {
    reversePath: mailFrom === false || mailFrom.address === '' ? null : mailFrom.address,
    forwardPaths: rcptTo.map((one) => one.address),
    transport: options.protocol,
    clientIp,
    ehloDomain: session.hostNameAppearsAs === '' ? null : session.hostNameAppearsAs,
    tls: session.secure,
    faces: options.faces,
    trustedRelay: options.trustOf(clientIp),
    receivedAt: options.now(),
  }
}
