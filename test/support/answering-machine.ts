/**
 * A mail system that answers by program: keeps every letter it gets, and sends back what `answer` makes of it. Vacation
 * responders, bouncers and helpdesks of tests are made of it.
 */
import type { AddressInfo } from 'node:net'
import { simpleParser } from 'mailparser'
import { createTransport } from 'nodemailer'
import { SMTPServer } from 'smtp-server'

export type GotLetter = {
  readonly reversePath: string
  readonly to: string
  readonly from: string
  readonly replyTo: string
  readonly subject: string
  readonly messageId: string
  readonly text: string
}

/** What goes back: the whole mail, and its envelope. `from` is '' for the null reverse-path. */
export type Answer = { readonly from: string; readonly to: string; readonly content: string }

export type AnsweringMachine = {
  readonly port: number
  readonly letters: readonly GotLetter[]
  /** Answers that are not yet taken by the gateway. */
  readonly pending: () => number
  readonly close: () => Promise<void>
}

/** Starts one; `gatewayPort` is asked when an answer goes out. */
export async function startAnsweringMachine(
  answer: (letter: GotLetter, count: number) => Answer | null,
  gatewayPort: () => number,
): Promise<AnsweringMachine> {
  const letters: GotLetter[] = []
  const state = { pending: 0 }
  const receive = async (content: Buffer, reversePath: string, to: string): Promise<void> => {
    const letter = await readLetter(content, reversePath, to)
    letters.push(letter)
    const back = answer(letter, letters.length)
    if (back === null) return
    const transport = createTransport({ host: '127.0.0.1', port: gatewayPort(), ignoreTLS: true })
    await transport
      .sendMail({
        envelope: { from: back.from === '' ? false : back.from, to: [back.to] },
        raw: back.content.replace(/\r?\n/g, '\r\n'),
      })
      // What the gateway refuses is its answer.
      .catch(() => undefined)
    transport.close()
  }
  const server = new SMTPServer({
    disabledCommands: ['AUTH', 'STARTTLS'],
    authOptional: true,
    disableReverseLookup: true,
    logger: false,
    onData: (stream, session, callback) => {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('end', () => {
        // Counted before the letter counts as sent, so that nothing is quiet in between.
        state.pending += 1
        const { mailFrom, rcptTo } = session.envelope
        const path = mailFrom === false ? '' : mailFrom.address
        callback(null, 'kept')
        void receive(Buffer.concat(chunks), path, rcptTo[0]?.address ?? '').finally(() => {
          state.pending -= 1
        })
      })
    },
  })
  server.on('error', () => undefined)
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  return {
    port: (server.server.address() as AddressInfo).port,
    letters,
    pending: () => state.pending,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        for (const connection of server.connections) connection.close()
      }),
  }
}

async function readLetter(content: Buffer, reversePath: string, to: string): Promise<GotLetter> {
  const mail = await simpleParser(content)
  return {
    reversePath,
    to,
    from: mail.from?.value[0]?.address ?? '',
    replyTo: mail.replyTo?.value[0]?.address ?? '',
    subject: mail.subject ?? '',
    messageId: mail.messageId ?? '',
    text: mail.text ?? '',
  }
}
