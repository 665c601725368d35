/**
 * `ticketgate rehearse FOLDER|MBOX|-`: reads a mailbox of the old desk and reports what the gate would have done with
 * it. Nothing is sent, nothing is kept, and the real database is only read.
 * Fails: 2 for what is no mailbox, 69 or 78 for a database or configuration that cannot be had, 73 for a report that
 * cannot be written, 130 or 143 when it is stopped.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { constants, tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import type { Config } from '../config.ts'
import { ownDomains } from '../desk.ts'
import { openJail } from '../mail/jail.ts'
import { NotAMailbox, type OldMailbox, openOldMailbox } from '../rehearse/old-mailbox.ts'
import { NO_PROGRESS, type Progress, startProgress } from '../rehearse/progress.ts'
import { registerFile } from '../rehearse/register-file.ts'
import { rehearseMailbox } from '../rehearse/rehearse-mailbox.ts'
import { reportPage } from '../rehearse/report-html.ts'
import { reportText } from '../rehearse/report-text.ts'
import { startTally, type Tally } from '../rehearse/tally.ts'
import {
  type Call,
  CONFIG_OPTION,
  type Command,
  EXIT,
  ExitError,
  type Io,
  oneWord,
  textOption,
  textOptions,
  UsageError,
} from './command.ts'
import { asExitError } from './exit-error.ts'
import { addressOption } from './partner.ts'
import { openTemporaryDesk, type TemporaryDesk } from './rehearse-desk.ts'
import { loadSettings } from './settings.ts'

/** Mails in the jail at once: enough to keep every worker busy while one is decided. */
const AHEAD_PER_WORKER = 4
/** A broken mail is told; a broken program would tell thousands. */
const MAX_FAULTS_TOLD = 3

export const rehearse: Command = {
  name: 'rehearse',
  summary: "read the old desk's mailbox and report what the gate would have done",
  usage: 'FOLDER|MBOX|-',
  details: `FOLDER holds .eml files or is a Maildir, with the folders in it; MBOX is an mbox file; - is an mbox or one mail on
standard input. Every mail is read and decided as if it had come to the gate, each at its own date, in a temporary
database that is removed at the end. Nothing is sent or kept, and the real database is only read. Every sender counts
as a partner unless --registered is given. Passwords are masked.`,
  options: {
    ...CONFIG_OPTION,
    desk: {
      type: 'string',
      value: 'ADDRESS',
      multiple: true,
      help: "an address of the old desk: its answers are skipped, beside those of the configuration's queues",
    },
    registered: { type: 'boolean', help: 'take only whom the register knows for a partner' },
    json: { type: 'boolean', help: 'print the report as one JSON object' },
    html: { type: 'string', value: 'FILE', help: 'write the report as a page with plots' },
    register: {
      type: 'string',
      value: 'FILE',
      help: 'write the register that the mailbox proposes, as YAML',
    },
  },
  run: async (call, io) => {
    const word = oneWord(call, 'FOLDER, MBOX or -')
    const config = loadSettings(call, io)
    const deskAddresses = textOptions(call, 'desk').map(addressOption)
    const mailbox = await openOldMailbox(word, {
      stdin: io.stdin,
      maxMailBytes: config.limits.messageBytes,
      now: new Date(),
    }).catch((error: unknown) => {
      throw error instanceof NotAMailbox ? new UsageError(error.message) : error
    })
    const registered = call.options['registered'] === true
    return inTemporaryFolder(async (folder) => {
      const temporary = await openTemporaryDesk(config, { folder, registered, deskAddresses }).catch(
        (error: unknown) => {
          throw asExitError(error)
        },
      )
      try {
        const tally = startTally({
          mailbox: word === '-' ? 'standard input' : word,
          kind: mailbox.kind,
          partnersAre: registered ? 'registered' : 'open',
          brand: config.brand.name,
          policy: temporary.desk.policy,
          ownDomains: ownDomains(temporary.desk.config),
        })
        const own = new Set([...deskAddresses, ...queueAddresses(config)])
        await runThrough({ mailbox, temporary, tally, own, io })
        await tell(tally, call, io)
        return EXIT.ok
      } finally {
        await temporary.desk.close()
      }
    })
  },
}

type Work = {
  readonly mailbox: OldMailbox
  readonly temporary: TemporaryDesk
  readonly tally: Tally
  readonly own: ReadonlySet<string>
  readonly io: Io
}

async function runThrough({ mailbox, temporary, tally, own, io }: Work): Promise<void> {
  const { workers } = temporary.desk.config
  const jail = openJail({
    workers: mailbox.total === null ? workers.count : Math.min(workers.count, mailbox.total),
    timeoutMs: workers.timeoutSeconds * 1000,
    memoryMb: workers.memoryMb,
  })
  const progress = progressOf(mailbox, io)
  let faults = 0
  try {
    await rehearseMailbox({
      mailbox,
      jail,
      desk: temporary.rehearsal,
      tally,
      deskAddresses: own,
      ahead: workers.count * AHEAD_PER_WORKER,
      now: new Date(),
      onMail: progress.update,
      onFault: (place, fault) => {
        faults += 1
        if (faults > MAX_FAULTS_TOLD) return
        progress.end()
        io.err(`${place} met a fault: ${fault instanceof Error ? fault.message : String(fault)}\n`)
      },
    })
  } finally {
    progress.end()
    await jail.close()
  }
}

function progressOf(mailbox: OldMailbox, io: Io): Progress {
  if (!process.stderr.isTTY) return NO_PROGRESS
  return startProgress({ total: mailbox.total, write: io.err, clock: () => performance.now() })
}

async function tell(tally: Tally, call: Call, io: Io): Promise<void> {
  const report = tally.report()
  const html = textOption(call, 'html')
  if (html !== null) await writeReport(html, reportPage(report))
  const register = textOption(call, 'register')
  if (register !== null) await writeReport(register, registerFile(tally.register()))
  io.out(call.options['json'] === true ? `${JSON.stringify(report)}\n` : reportText(report))
  for (const file of [html, register]) if (file !== null) io.err(`wrote ${file}\n`)
}

/** A register names people: nobody else on the machine needs to read it. */
async function writeReport(file: string, text: string): Promise<void> {
  await writeFile(file, text, { mode: 0o600 }).catch((error: unknown) => {
    const why = error instanceof Error && 'code' in error ? String(error.code) : String(error)
    throw new ExitError(EXIT.cannotCreate, `cannot write ${file}: ${why}`)
  })
}

function queueAddresses(config: Config): readonly string[] {
  const { queues, domain } = config.addresses
  return Object.values(queues).map((localPart) => `${localPart}@${domain}`.toLowerCase())
}

/** Runs `work` with a folder that is gone afterwards, also after Ctrl+C. */
async function inTemporaryFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'ticketgate-rehearsal-'))
  const remove = (): void => rmSync(folder, { recursive: true, force: true })
  const onSignal = (signal: 'SIGINT' | 'SIGTERM'): void => {
    remove()
    process.stderr.write('\nstopped; nothing was kept\n')
    process.exit(128 + constants.signals[signal])
  }
  process.on('SIGINT', onSignal)
  process.on('SIGTERM', onSignal)
  try {
    return await work(folder)
  } finally {
    remove()
    process.off('SIGINT', onSignal)
    process.off('SIGTERM', onSignal)
  }
}
