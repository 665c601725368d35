/**
 * `ticketgate inspect FILE...`: shows how mails are read, for people or as one JSON object per line, and stores nothing.
 * Fails: a file that cannot be opened ends the command with exit code 2; a mail that cannot be read is a result.
 */
import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { policyOf } from '../desk.ts'
import type { Policy } from '../intake/policy.ts'
import { readSubmission } from '../intake/read.ts'
import { type Jail, openJail } from '../mail/jail.ts'
import { reversePathInFile } from '../mail/return-path.ts'
import { type Call, CONFIG_OPTION, type Command, EXIT, type Io, UsageError } from './command.ts'
import { inspectJson } from './inspect-json.ts'
import { inspectPage } from './inspect-page.ts'
import { asConfigProblem, loadSettings } from './settings.ts'

/** Mails in work at once: enough to keep every worker busy while files are read and lines are written. */
const AHEAD_PER_WORKER = 4
const NO_HINTS = { missing: null, partnerDomains: [], ownDomains: [] }

export const inspect: Command = {
  name: 'inspect',
  summary: 'show how mails are read, without storing anything',
  usage: 'FILE...',
  details: `FILE is a mail as a file, a folder (its .eml files), or - for standard input. Mails are shown in
the order given, those of a folder by name. Passwords are shown as •••••••• unless --reveal is
given. Exits 0 when every file was read, even if a mail in it could not be (its kind is then
"unreadable"). The keys of --json are described in docs/inspect.md.`,
  options: {
    ...CONFIG_OPTION,
    json: { type: 'boolean', help: 'print one JSON object per mail and line' },
    reveal: { type: 'boolean', help: 'show passwords in clear' },
  },
  run: async (call, io) => {
    if (call.words.length === 0) throw new UsageError('FILE is missing')
    const config = loadSettings(call, io)
    const policy = asConfigProblem(() => policyOf(config))
    const files = await filesOf(call.words)
    const jail = openJail({
      workers: Math.min(config.workers.count, files.length),
      timeoutMs: config.workers.timeoutSeconds * 1000,
      memoryMb: config.workers.memoryMb,
    })
    try {
      await inspectAll(files, { call, io, policy, jail, ahead: config.workers.count * AHEAD_PER_WORKER })
    } finally {
      await jail.close()
    }
    return EXIT.ok
  },
}

type Work = {
  readonly call: Call
  readonly io: Io
  readonly policy: Policy
  readonly jail: Jail
  readonly ahead: number
}

/** Prints in the order of the files, while the next ones are read already. */
async function inspectAll(files: readonly string[], work: Work): Promise<void> {
  const pending: Promise<string>[] = []
  let next = 0
  while (next < files.length || pending.length > 0) {
    while (next < files.length && pending.length < work.ahead) {
      const page = inspectOne(files[next] ?? '', work)
      // Awaited in order below; a failure there is the command's.
      page.catch(() => undefined)
      pending.push(page)
      next += 1
    }
    const first = pending.shift()
    if (first !== undefined) work.io.out(await first)
  }
}

async function inspectOne(file: string, work: Work): Promise<string> {
  const { call, io, policy, jail } = work
  const content = file === '-' ? await readAll(io.stdin) : await readMailFile(file)
  const mail = await jail.read(content, { reversePath: reversePathInFile(content) })
  const reading = mail.kind === 'mail' ? readSubmission(mail, policy, NO_HINTS) : null
  const reveal = call.options['reveal'] === true
  if (call.options['json'] === true) return `${JSON.stringify(inspectJson(file, mail, reading, reveal))}\n`
  return inspectPage(file, mail, reading, { policy, reveal })
}

/** Throws UsageError for a file that is gone or not ours to read. */
async function readMailFile(file: string): Promise<Uint8Array> {
  return readFile(file).catch((cause: unknown) => {
    throw new UsageError(`cannot open ${file}`, { cause })
  })
}

/** Expands folders. Throws UsageError for what cannot be opened. */
async function filesOf(words: readonly string[]): Promise<readonly string[]> {
  const files: string[] = []
  for (const word of words) {
    if (word === '-') {
      files.push(word)
      continue
    }
    const found = await stat(word).catch(() => null)
    if (found === null) throw new UsageError(`cannot open ${word}`)
    if (!found.isDirectory()) files.push(word)
    else {
      const names = await readdir(word)
      files.push(
        ...names
          .filter((name) => name.endsWith('.eml'))
          .sort()
          .map((name) => join(word, name)),
      )
    }
  }
  return files
}

/** Reads a stream to its end. */
export async function readAll(stream: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  for await (const chunk of stream) chunks.push(chunk)
  return Buffer.concat(chunks)
}
