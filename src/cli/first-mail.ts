/**
 * `ticketgate first-mail`: sends a first test mail to the running gateway by SMTP, as a partner would, and shows the
 * letter that comes back. For trying it out: it needs a gateway without a relay, whose letters become files.
 * Fails: 69 when no gateway answers at the listener, 75 when no letter comes in time.
 */
import { randomUUID } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { createTransport } from 'nodemailer'
import type { Config } from '../config.ts'
import { parseMail } from '../mail/parse.ts'
import { type Call, CONFIG_OPTION, type Command, EXIT, ExitError, type Io, textOption } from './command.ts'
import { loadSettings } from './settings.ts'

const LOOK_EVERY_MS = 200
const LOOKS = 75
const SMTP_TIMEOUT_MS = 10_000

export const firstMail: Command = {
  name: 'first-mail',
  summary: 'send a first test mail to a running gateway and show the answer',
  usage: '',
  details: `Sends an escalation that forgets two items to the first listener of the configuration, and waits for the
letter that answers it in the folder of captured letters. Send as a registered partner's person with --from when only
registered partners are let in.`,
  options: {
    ...CONFIG_OPTION,
    from: { type: 'string', value: 'ADDRESS', help: 'who sends it (default: fenella@otterbrook.example)' },
  },
  run: async (call, io) => {
    const config = loadSettings(call, io)
    if (config.relay !== null) {
      throw new ExitError(
        EXIT.config,
        'letters go to a relay, so there is no answer to show here; use any mail client',
      )
    }
    const messageId = `${randomUUID()}@otterbrook.example`
    await send(config, call, { io, messageId })
    const letter = await answerTo(messageId, config.captureFolder)
    if (letter === null) {
      throw new ExitError(
        EXIT.temporary,
        'no letter came back; see why with: node bin/ticketgate.mjs inbox list',
      )
    }
    io.out(`And this came back (${letter.file}):\n\n${letter.page}\n`)
    return EXIT.ok
  },
}

async function send(
  config: Config,
  call: Call,
  at: { readonly io: Io; readonly messageId: string },
): Promise<void> {
  const from = textOption(call, 'from') ?? 'fenella@otterbrook.example'
  const domain = from.slice(from.lastIndexOf('@') + 1)
  const to = `${Object.values(config.addresses.queues)[0] ?? 'support'}@${config.addresses.domain}`
  const listener = config.listeners.find((one) => one.protocol === 'smtp') ?? config.listeners[0]
  const [host, port] = [listener?.host ?? '127.0.0.1', listener?.port ?? 2525]
  const text = [
    'Hello,',
    '',
    `Partner Domain: ${domain}`,
    `Control Panel URL: https://cp.${domain}`,
    'Customer Domain Name: milkchurnmuseum.example',
    'Details of the Issue: the journal mailbox stopped collecting copies on Thursday evening.',
    '',
    'Kind regards',
    'Fenella',
  ].join('\n')
  const client = createTransport({
    host: host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host,
    port,
    ignoreTLS: listener?.tls === null,
    secure: listener?.tls?.implicit === true,
    tls: { rejectUnauthorized: false },
    connectionTimeout: SMTP_TIMEOUT_MS,
    greetingTimeout: SMTP_TIMEOUT_MS,
    socketTimeout: SMTP_TIMEOUT_MS,
  })
  try {
    const mail = { from, to, subject: 'Journal mailbox of a customer', text, messageId: `<${at.messageId}>` }
    const sent = await client.sendMail(mail)
    at.io.out(`Sent to ${to}; the gateway answered: ${sent.response}\n\n${indent(text)}\n\n`)
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    throw new ExitError(
      EXIT.unavailable,
      `could not send to ${host}:${port}: ${why}. Does the gateway run? (npm start)`,
    )
  } finally {
    client.close()
  }
}

/** Waits for the captured letter that answers a mail. */
async function answerTo(
  messageId: string,
  folder: string,
): Promise<{ readonly file: string; readonly page: string } | null> {
  for (let look = 0; look < LOOKS; look++) {
    const names = await readdir(folder).catch((): string[] => [])
    for (const name of names
      .filter((one) => one.endsWith('.eml'))
      .toSorted()
      .toReversed()
      .slice(0, 20)) {
      const file = join(folder, name)
      const letter = await parseMail(await readFile(file), { reversePath: '' })
      if (letter.kind !== 'mail' || !letter.inReplyTo.includes(messageId)) continue
      const isToDesk = letter.subject?.startsWith('[') === true
      if (isToDesk) continue
      const head = `  To: ${letter.to[0]?.address ?? ''}\n  Subject: ${letter.subject ?? ''}`
      return { file, page: `${head}\n\n${indent(letter.text)}` }
    }
    await pause(LOOK_EVERY_MS)
  }
  return null
}

function indent(text: string): string {
  return text.trimEnd().replace(/^(?=.)/gm, '    ')
}
