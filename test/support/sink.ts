/** A real SMTP server that keeps what it receives: the relay of tests and of the demo. */
import type { AddressInfo } from 'node:net'
import { SMTPServer } from 'smtp-server'

export type SunkMail = {
  readonly reversePath: string
  readonly recipients: readonly string[]
  readonly content: Buffer
}

export type Sink = {
  readonly port: number
  readonly mails: readonly SunkMail[]
  /** Resolves with the first mail, past or future, that fits; or with the n-th of all. */
  readonly waitFor: (fits: number | ((mail: SunkMail) => boolean)) => Promise<SunkMail>
  readonly close: () => Promise<void>
}

/** Starts a sink on a free loopback port. */
export async function startSink(): Promise<Sink> {
  const mails: SunkMail[] = []
  const waiting = new Set<() => void>()
  const server = new SMTPServer({
    disabledCommands: ['AUTH', 'STARTTLS'],
    authOptional: true,
    disableReverseLookup: true,
    logger: false,
    onData: (stream, session, callback) => {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('error', () => undefined)
      stream.on('end', () => {
        const { mailFrom, rcptTo } = session.envelope
        mails.push({
          reversePath: mailFrom === false ? '' : mailFrom.address,
          recipients: rcptTo.map((one) => one.address),
          content: Buffer.concat(chunks),
        })
        callback(null, 'kept')
        for (const look of waiting) look()
      })
    },
  })
  server.on('error', () => undefined)
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  return {
    port: (server.server.address() as AddressInfo).port,
    mails,
    waitFor: (fits) =>
      new Promise((resolve) => {
        const look = (): void => {
          const found = typeof fits === 'number' ? mails[fits - 1] : mails.find(fits)
          if (found === undefined) return
          waiting.delete(look)
          resolve(found)
        }
        waiting.add(look)
        look()
      }),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        // A pooled client keeps its connection; nothing more is wanted from it.
        for (const connection of server.connections) connection.close()
      }),
  }
}
