/**
 * `ticketgate ingest FILE|-`: the pipe transport, for people whose mail server hands mails to a program. Exits 0 only
 * after the commit, so that a mail server takes the mail for delivered no sooner; 75 makes it try again.
 * Source: sysexits.h as Postfix pipe(8) and procmail use it; 77 refuses a recipient for good.
 */
import { readFile } from 'node:fs/promises'
import { acceptMail, recipientKind } from '../front-door.ts'
import type { Envelope } from '../mail/mail.ts'
import { normaliseAddress } from '../mail/mailbox.ts'
import { isFull } from '../store/dialect.ts'
import { THIS_MACHINE } from '../trust/authenticate.ts'
import {
  CONFIG_OPTION,
  type Command,
  EXIT,
  ExitError,
  oneWord,
  textOption,
  textOptions,
  UsageError,
} from './command.ts'
import { readAll } from './inspect.ts'
import { withDesk } from './open-desk.ts'

export const ingest: Command = {
  name: 'ingest',
  summary: 'accept one mail from a file or a pipe',
  usage: 'FILE|-',
  details: `For mail servers that hand mails to a program. Exits 0 only after the mail is committed, 67 when the recipient
is not ours, 65 when it is too large, and 75, so that it is tried again later, for whatever is wrong here. A running gateway decides about it; without one it waits for the next start.
The sender counts as proven only with --trusted, which is for a mail server of yours that checked.`,
  options: {
    ...CONFIG_OPTION,
    sender: {
      type: 'string',
      value: 'ADDRESS',
      help: 'reverse path of the mail; empty or <> for the null one',
    },
    recipient: {
      type: 'string',
      value: 'ADDRESS',
      multiple: true,
      help: 'one of our addresses that it came for',
    },
    trusted: { type: 'boolean', help: 'the sender was checked by whoever calls this' },
  },
  run: async (call, io) => {
    const file = oneWord(call, 'FILE')
    const sender = textOption(call, 'sender')
    if (sender === null) throw new UsageError('--sender is missing')
    const recipients = textOptions(call, 'recipient')
    if (recipients.length === 0) throw new UsageError('--recipient is missing')
    const content = file === '-' ? await readAll(io.stdin) : await readFile(file).catch(() => null)
    if (content === null) throw new UsageError(`cannot open ${file}`)
    try {
      return await withDesk(call, io, async (desk) => {
        const strange = recipients.find((one) => recipientKind(desk, one) !== 'own')
        if (strange !== undefined) throw new ExitError(EXIT.noUser, `${strange} is no address of ours`)
        if (content.byteLength > desk.config.limits.messageBytes)
          throw new ExitError(EXIT.data, 'the mail is too large')
        const envelope: Envelope = {
          reversePath: sender === '' || sender === '<>' ? null : (normaliseAddress(sender) ?? sender),
          forwardPaths: recipients,
          transport: 'pipe',
          clientIp: null,
          ehloDomain: null,
          tls: false,
          faces: 'relay',
          trustedRelay: call.options['trusted'] === true ? 'the caller of ingest' : trustedPipe(desk.trustOf),
          receivedAt: desk.clock(),
        }
        const { inboxId, duplicate } = await acceptMail(desk, { envelope, content })
        io.out(`${inboxId}${duplicate ? ' (the same mail was here already)' : ''}\n`)
        return EXIT.ok
      })
    } catch (error) {
      // What is wrong with us must not bounce the mail: mail servers give up at 69, 73 and 78 (Postfix pipe(8)).
      const isTheirs =
        error instanceof ExitError && (error.exitCode === EXIT.noUser || error.exitCode === EXIT.data)
      if (isTheirs) throw error
      const why = error instanceof Error ? error.message : String(error)
      throw new ExitError(EXIT.temporary, isFull(error) ? 'no room left; try again later' : why)
    }
  },
}

/** Whoever may run this on a machine whose loopback is trusted could as well connect by loopback. */
function trustedPipe(trustOf: (ip: string) => string | null): string | null {
  return trustOf('127.0.0.1') === null ? null : THIS_MACHINE
}
