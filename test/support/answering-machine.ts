/**
 * A mail system that answers by program: keeps every letter it gets, and sends back what `answer` makes of it. Vacation
 * responders, bouncers and helpdesks of tests are made of it.
 */
import { simpleParser } from 'mailparser'
import { createTransport } from 'nodemailer'
import { type MailServer, type SunkMail, startMailServer } from './mail-server.ts'

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

export type AnsweringMachine = MailServer & {
  readonly letters: readonly GotLetter[]
  /** Answers that are not yet taken by the gateway. */
  readonly pending: () => number
}

/** Starts one; `gatewayPort` is asked when an answer goes out. */
export async function startAnsweringMachine(
  answer: (letter: GotLetter, count: number) => Answer | null,
  gatewayPort: () => number,
): Promise<AnsweringMachine> {
  const letters: GotLetter[] = []
  const state = { pending: 0 }
  const receive = async (mail: SunkMail): Promise<void> => {
    const letter = await readLetter(mail)
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
  const server = await startMailServer((mail) => {
    // Counted before the letter counts as sent, so that nothing is quiet in between.
    state.pending += 1
    void receive(mail).finally(() => {
      state.pending -= 1
    })
  })
  return { ...server, letters, pending: () => state.pending }
}

async function readLetter({ content, reversePath, recipients }: SunkMail): Promise<GotLetter> {
  const mail = await simpleParser(content)
  return {
    reversePath,
    to: recipients[0] ?? '',
    from: mail.from?.value[0]?.address ?? '',
    replyTo: mail.replyTo?.value[0]?.address ?? '',
    subject: mail.subject ?? '',
    messageId: mail.messageId ?? '',
    text: mail.text ?? '',
  }
}
