/**
 * smtp-server with what it leaves to us on the level of a connection: the enhanced codes that we mean (the library gives
 * each refusal the code of its own table, a 550 is always 5.1.1), a budget of errors, and an end to a body that was
 * pipelined behind a refused DATA.
 * Fails: never by itself. Overrides private methods of the library, which test/smtp holds against a new version.
 * Source: RFC 2034 (enhanced codes), RFC 2920 §3.1 (pipelining), RFC 6531 §3.1 (what is ASCII on the wire).
 */
// oxlint-disable no-underscore-dangle -- these are the library's names
import type { Socket } from 'node:net'
import type { TLSSocket } from 'node:tls'
import {
  SMTPServer,
  type SMTPServerAddress,
  type SMTPServerOptions,
  type SMTPServerSession,
} from 'smtp-server'
import { SMTPConnection, type SMTPConnectionOptions } from 'smtp-server/lib/smtp-connection.js'
import { LIBRARY_REPLIES, REPLIES, type SmtpReply } from './replies.ts'

/** RFC 2034 §4: class, subject, detail. */
const CODED = /^([245]\.\d{1,3}\.\d{1,3}) (.*)$/s
const HIGH_OCTET = /[^\0-\x7f]/

/** Addresses that came with octets above ASCII: the library shows A-labels as U-labels, so the text does not tell. */
const withHighOctets = new WeakSet<SMTPServerAddress>()

/** Tells whether an address of MAIL or RCPT was written in ASCII on the wire. */
export function wasAscii(address: SMTPServerAddress): boolean {
  return !withHighOctets.has(address)
}

export class CodedServer extends SMTPServer {
  readonly #maxErrors: number

  constructor(options: SMTPServerOptions, maxErrors: number) {
    super(options)
    this.#maxErrors = maxErrors
  }

  // As the library's, but with our connection.
  override connect(socket: Socket | TLSSocket, options: SMTPConnectionOptions | null = null): void {
    const connection = new CodedConnection({ server: this, socket, options, maxErrors: this.#maxErrors })
    this.connections.add(connection)
    connection.on('error', (error: Error) => this._onError(error))
    connection.on('connect', (client: Parameters<SMTPServer['_onClientConnect']>[0]) =>
      this._onClientConnect(client),
    )
    connection.init()
  }

  /** Drops who is still in the middle of a TLS handshake: nothing was said yet. */
  dropHandshakes(): void {
    for (const socket of this._pendingSockets.values()) socket.destroy()
  }

  /** Finds the connection of a session; null when it has ended. */
  connectionOf(session: SMTPServerSession): SMTPConnection | null {
    for (const connection of this.connections) if (connection.session === session) return connection
    return null
  }
}

/** Ends a connection with a last word. What the client still sends is not read as mail. */
export function dismiss(connection: SMTPConnection, { code, enhanced, text }: SmtpReply): void {
  connection.send(code, `${enhanced} ${text}`, false)
  connection.close()
}

/** Ends a connection that is not worth more traffic: whatever is on its way is lost, the last word perhaps as well. */
export function cut(connection: SMTPConnection, reply: SmtpReply): void {
  dismiss(connection, reply)
  connection._socket.destroySoon()
}

type ConnectionParts = {
  readonly server: SMTPServer
  readonly socket: Socket | TLSSocket
  readonly options: SMTPConnectionOptions | null
  readonly maxErrors: number
}

class CodedConnection extends SMTPConnection {
  readonly #maxErrors: number
  #errors = 0
  /** One command counts as one error, however many recipients its reply has. */
  #mayCount = true
  #enhanced: string | null = null
  #refusedDataThisTurn = false

  constructor({ server, socket, options, maxErrors }: ConnectionParts) {
    super(server, socket, options)
    this.#maxErrors = maxErrors
  }

  override send(code: number, words?: string | string[] | null, context?: string | false): void {
    this.#count(code, context)
    const own = typeof words === 'string' ? ownWords(code, words) : null
    if (own === null) return super.send(code, words, context)
    this.#enhanced = own.enhanced
    try {
      return super.send(code, own.text, context)
    } finally {
      this.#enhanced = null
    }
  }

  override _getEnhancedStatusCode(code: number, context?: string | false): string {
    return this.#enhanced ?? super._getEnhancedStatusCode(code, context)
  }

  override _onCommand(command: Buffer, callback?: () => void): void {
    // While TLS starts, the library must see and drop every line (RFC 3207 §4.2).
    if (this._upgrading) return super._onCommand(command, callback)
    this.#mayCount = true
    if (this.#refusedDataThisTurn) return dismiss(this, REPLIES.outOfStep)
    if (this.#errors >= this.#maxErrors) return dismiss(this, REPLIES.tooManyErrors)
    return super._onCommand(command, callback)
  }

  override handler_DATA(command: Buffer, callback: () => void): void {
    if (this.session.envelope.rcptTo.length === 0) {
      // A client that waits for the reply comes back in a later turn of the event loop.
      this.#refusedDataThisTurn = true
      setImmediate(() => {
        this.#refusedDataThisTurn = false
      })
    }
    super.handler_DATA(command, callback)
  }

  override _parseAddressCommand(
    name: string,
    command: Buffer | string,
  ): ReturnType<SMTPConnection['_parseAddressCommand']> {
    const parsed = super._parseAddressCommand(name, command)
    if (parsed !== false && HIGH_OCTET.test(command.toString('latin1'))) withHighOctets.add(parsed)
    return parsed
  }

  #count(code: number, context?: string | false): void {
    if (code === 250 && context === 'DATA_OK') this.#errors = 0
    // RFC 5321 §4.5.3.1.10: too many recipients is no mistake, the client sends the rest later.
    if (code < 400 || !this.#mayCount || context === 'TOO_MANY_RECIPIENTS') return
    this.#mayCount = false
    this.#errors += 1
  }
}

function ownWords(code: number, words: string): { readonly enhanced: string; readonly text: string } | null {
  const coded = CODED.exec(words)
  if (coded !== null) return { enhanced: coded[1] ?? '', text: coded[2] ?? '' }
  return LIBRARY_REPLIES.find((row) => row.reply.code === code && words.includes(row.words))?.reply ?? null
}
