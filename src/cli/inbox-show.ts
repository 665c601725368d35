/**
 * `ticketgate inbox show`: one accepted mail, how it came and what became of it. One that waits for a person is read
 * again in the jail and its words are shown, masked, since somebody must judge by them.
 */
import type { Evidence } from '../decide/explain.ts'
import { type Desk, ownDomains } from '../desk.ts'
import { maskSecrets } from '../intake/mask.ts'
import { readSubmission } from '../intake/read.ts'
import { openJail } from '../mail/jail.ts'
import { openRaw } from '../store/inbox.ts'
import { type EventLine, eventsOf, type InboxLine, inboxById, verdictOf } from '../store/list.ts'
import { noteRawShown } from '../store/release.ts'
import { CONFIG_OPTION, type Command, EXIT, ExitError, JSON_OPTION, oneWord } from './command.ts'
import { nextCommands, whyItWaits } from './held-words.ts'
import { outcomeOf } from './inbox.ts'
import { withDesk } from './open-desk.ts'
import { instant, printable } from './table.ts'

/** The rest is in the raw mail. */
const MAX_LINES = 60
const MAX_TEXT_CHARACTERS = 20_000

export const inboxShow: Command = {
  name: 'inbox show',
  summary: 'show one accepted mail',
  usage: 'ID',
  details: `Shows how it came and what became of it; of one that waits for a person also its words, passwords
masked, and the commands that decide about it. Why it had its outcome: ticketgate explain ID.`,
  options: {
    ...CONFIG_OPTION,
    ...JSON_OPTION,
    raw: {
      type: 'boolean',
      help: 'the mail as it came, passwords and all; that somebody looked is an event',
    },
  },
  run: (call, io) =>
    withDesk(call, io, async (desk) => {
      const id = oneWord(call, 'ID')
      const line = await inboxById(desk.store.db, id)
      if (line === null) throw new ExitError(EXIT.fault, `there is no accepted mail "${printable(id)}"`)
      if (call.options['raw'] === true) {
        io.out(await rawText(desk, line, io.isTerminal))
        return EXIT.ok
      }
      const events = await eventsOf(desk.store.db, { inboxId: id })
      const waits = line.state === 'held' || line.state === 'failed'
      const text = waits || line.outcome === 'dropped' ? await wordsOf(desk, line) : null
      if (call.options['json'] === true) {
        io.out(`${JSON.stringify({ ...line, events, text })}\n`)
        return EXIT.ok
      }
      const stored = await verdictOf(desk.store.db, id)
      const evidence = (stored?.evidence ?? null) as Evidence | null
      const commands = nextCommands(line, {
        isStranger: evidence?.sender === 'stranger',
        partners: desk.config.partners,
      })
      const page = [
        ...factLines(line, events),
        ...proofLines(evidence),
        ...waitLines(line, waits),
        ...textLines(text),
      ]
      io.out(`${[...page, ...commandLines(commands)].join('\n')}\n`)
      return EXIT.ok
    }),
}

function factLines(line: InboxLine, events: readonly EventLine[]): readonly string[] {
  return [
    `Id          ${line.id}`,
    `Received    ${instant(new Date(line.receivedAt))}`,
    `Outcome     ${outcomeOf(line)}`,
    `Ticket      ${line.ticket ?? '–'}`,
    `From        ${printable(line.from ?? '–')}`,
    `Subject     ${printable(line.subject ?? '–')}`,
    `Message-ID  ${printable(line.messageId ?? '–')}`,
    `Envelope    ${printable(line.reversePath ?? '<>')} → ${printable(line.forwardPaths.join(', '))}`,
    `Came again  ${line.duplicates === 1 ? '1 time' : `${line.duplicates} times`}`,
    ...(line.lastFault === null ? [] : [`Last fault  ${printable(line.lastFault)}`]),
    ...events.map(
      (event) => `Event       ${instant(new Date(event.at))}  ${event.kind}  ${printable(event.detail)}`,
    ),
  ]
}

function waitLines(line: InboxLine, waits: boolean): readonly string[] {
  return waits ? [`It waits    ${printable(whyItWaits(line))}`] : []
}

function textLines(text: string | null): readonly string[] {
  if (text === null) return []
  const lines = text.split('\n')
  const more = lines.length > MAX_LINES ? [`   (${lines.length - MAX_LINES} more lines)`] : []
  return ['', ...lines.slice(0, MAX_LINES).map((one) => `   ${printable(one)}`), ...more]
}

function commandLines(commands: readonly (readonly [string, string])[]): readonly string[] {
  if (commands.length === 0) return []
  const width = Math.max(...commands.map(([what]) => what.length)) + 2
  return ['', ...commands.map(([what, command]) => `${what.padEnd(width)}${command}`)]
}

function proofLines(evidence: Evidence | null): readonly string[] {
  if (evidence === null) return []
  const { result, by, checks = [] } = evidence.proof
  return [`Proof       ${result} (${printable(by)})`, ...checks.map((one) => `            ${printable(one)}`)]
}

/** The mail's words, read in the jail as when it came, with passwords masked; null when it cannot be read. */
async function wordsOf(desk: Desk, line: InboxLine): Promise<string | null> {
  const { timeoutSeconds, memoryMb } = desk.config.workers
  const jail = openJail({ workers: 1, timeoutMs: timeoutSeconds * 1000, memoryMb })
  try {
    const raw = await openRaw(desk.store, line.id, desk.inboxDeps)
    const mail = await jail.read(raw, { reversePath: line.reversePath })
    if (mail.kind !== 'mail') return null
    const hints = { missing: null, partnerDomains: [], ownDomains: ownDomains(desk.config) }
    const { secrets } = readSubmission(mail, desk.policy, hints)
    return maskSecrets(mail.text.slice(0, MAX_TEXT_CHARACTERS).trim(), secrets)
  } finally {
    await jail.close()
  }
}

/** The octets as text; at a terminal they must not drive it. */
async function rawText(desk: Desk, line: InboxLine, isTerminal: boolean): Promise<string> {
  const raw = Buffer.from(await openRaw(desk.store, line.id, desk.inboxDeps)).toString('utf8')
  await noteRawShown(desk.store, line.id, { now: desk.clock(), newId: desk.applyDeps.newId })
  return isTerminal ? `${raw.split(/\r?\n/).map(printable).join('\n')}\n` : raw
}
