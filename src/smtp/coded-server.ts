/**
 * smtp-server with the enhanced codes that we mean: the library gives each of our refusals the code of its own table
 * (a 550 is always 5.1.1), so a text that begins with an enhanced code takes its place. Also knows which connections
 * have a message under way, so that a stop can wait for them.
 * Fails: never by itself. Uses `connections` and `send` of the library, which a contract test holds.
 */
import type { Socket } from 'node:net'
import type { TLSSocket } from 'node:tls'
import { SMTPServer } from 'smtp-server'

/** RFC 2034 §4: class, subject, detail. */
const CODED = /^([245]\.\d{1,3}\.\d{1,3}) ([\s\S]*)$/

type Sender = {
  send: (code: number, data?: string | readonly string[], context?: string | false) => unknown
  _getEnhancedStatusCode: (code: number, context?: string | false) => string
}

export class CodedServer extends SMTPServer {
  override connect(socket: Socket | TLSSocket, options?: Parameters<SMTPServer['connect']>[1]): void {
    const before = new Set(this.connections)
    super.connect(socket, options ?? null)
    for (const connection of this.connections) {
      if (!before.has(connection)) useOwnCodes(connection as unknown as Sender)
    }
  }
}

function useOwnCodes(connection: Sender): void {
  const send = connection.send.bind(connection)
  const codeOf = connection._getEnhancedStatusCode.bind(connection)
  let own: string | null = null
  connection._getEnhancedStatusCode = (code, context) => own ?? codeOf(code, context)
  connection.send = (code, data, context) => {
    const coded = typeof data === 'string' ? CODED.exec(data) : null
    if (coded === null) return send(code, data, context)
    own = coded[1] ?? null
    try {
      return send(code, coded[2] ?? '', context)
    } finally {
      own = null
    }
  }
}
