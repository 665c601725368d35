/** A real SMTP server on a free loopback port that hands over every mail it gets: what sinks and machines are made of. */
import type { AddressInfo } from 'node:net'
import { SMTPServer } from 'smtp-server'

export type SunkMail = {
  readonly reversePath: string
  readonly recipients: readonly string[]
  readonly content: Buffer
}

export type MailServer = { readonly port: number; readonly close: () => Promise<void> }

/** Starts one; `onMail` is called before the client has its 250. */
export async function startMailServer(onMail: (mail: SunkMail) => void): Promise<MailServer> {
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
        onMail({
          reversePath: mailFrom === false ? '' : mailFrom.address,
          recipients: rcptTo.map((one) => one.address),
          content: Buffer.concat(chunks),
        })
        callback(null, 'kept')
      })
    },
  })
  server.on('error', () => undefined)
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  return {
    port: (server.server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        // A pooled client keeps its connection; nothing more is wanted from it.
        for (const connection of server.connections) connection.close()
      }),
  }
}
