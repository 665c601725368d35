/** Prints mails of the demo as a reader would like to see them, and reads the letters that the sink received. */
import process from 'node:process'
import { simpleParser } from 'mailparser'

export type DemoMail = {
  readonly from: string
  readonly to: string
  readonly subject: string
  readonly text: string
  readonly headers?: Readonly<Record<string, string>>
  readonly messageId?: string
  readonly replyTo?: string
}

const WIDTH = 78
const isTerminal = process.stdout.isTTY
const style = (code: number, text: string): string => (isTerminal ? `\u001B[${code}m${text}\u001B[0m` : text)

/** Reads a letter as the partner's mail client would. */
export async function asLetter(content: Buffer): Promise<DemoMail> {
  const mail = await simpleParser(content, { skipHtmlToText: true, skipTextToHtml: true })
  const to = Array.isArray(mail.to) ? mail.to[0] : mail.to
  return {
    from: mail.from?.text ?? '',
    to: to?.text ?? '',
    subject: mail.subject ?? '',
    text: mail.text ?? '',
    ...(mail.messageId === undefined ? {} : { messageId: mail.messageId }),
    ...(mail.replyTo === undefined ? {} : { replyTo: mail.replyTo.value[0]?.address ?? '' }),
  }
}

/** Prints the heading of one step. */
export function heading(text: string): void {
  process.stdout.write(`\n${style(1, text)}\n${'─'.repeat(WIDTH)}\n`)
}

/** Prints one mail; `arrow` says which way it went, `note` what the server answered. */
export function show(mail: DemoMail & { readonly arrow: string; readonly note?: string }): void {
  const lines = [
    `${mail.arrow} From: ${mail.from}`,
    `  To: ${mail.to}`,
    `  Subject: ${style(1, mail.subject)}`,
    '',
    ...mail.text
      .trimEnd()
      .split('\n')
      .map((line) => (line === '' ? '' : `    ${line}`)),
    ...(mail.note === undefined ? [] : ['', `  ${style(2, `the gateway answered: ${mail.note}`)}`]),
    '',
  ]
  process.stdout.write(`${lines.join('\n')}\n`)
}
