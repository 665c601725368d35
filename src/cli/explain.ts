/**
 * `ticketgate explain ID|FILE`: tells why a mail had its outcome. A stored mail is explained from its stored, masked
 * evidence, no raw mail is opened; a file is decided as if it had just come, and nothing is kept.
 */
import { readFile } from 'node:fs/promises'
import { keysOf, ownAddressesOf, restOf } from '../context-keys.ts'
import { decide } from '../decide/decide.ts'
import type { Effects } from '../decide/effects.ts'
import type { Evidence } from '../decide/explain.ts'
import { evidenceOf } from '../decide/explain.ts'
import { explainText } from '../decide/explain-text.ts'
import { plan } from '../decide/plan.ts'
import type { Verdict } from '../decide/verdict.ts'
import type { Desk } from '../desk.ts'
import type { InboxId, RawMail } from '../mail/mail.ts'
import { parseMail } from '../mail/parse.ts'
import { gatherFacts } from '../process.ts'
import { eventsOf, inboxById, verdictOf } from '../store/list.ts'
import { loadContext } from '../store/load-context.ts'
import { CONFIG_OPTION, type Command, EXIT, ExitError, JSON_OPTION, oneWord, textOption } from './command.ts'
import { withDesk } from './open-desk.ts'
import { instant, printable } from './table.ts'

export const explain: Command = {
  name: 'explain',
  summary: 'tell why a mail had the outcome it had',
  usage: 'ID|FILE',
  details: `ID is the queue id of an accepted mail (see \`inbox list\`). FILE is a mail as a file: it is decided as if a
partner had just sent it, with the registers and tickets as they are now, and nothing is stored or sent.`,
  options: {
    ...CONFIG_OPTION,
    ...JSON_OPTION,
    sender: { type: 'string', value: 'ADDRESS', help: 'reverse path, for a FILE (default: its From)' },
    recipient: {
      type: 'string',
      value: 'ADDRESS',
      help: 'address of ours, for a FILE (default: the first queue)',
    },
  },
  run: async (call, io) => {
    const word = oneWord(call, 'ID or FILE')
    return withDesk(call, io, async (desk) => {
      const json = call.options['json'] === true
      const line = /^[0-9a-z]{16}$/.test(word) ? await inboxById(desk.store.db, word) : null
      if (line === null) {
        const content = await readFile(word).catch(() => null)
        if (content === null)
          throw new ExitError(EXIT.usage, `there is no accepted mail and no file "${word}"`)
        const told = await explainFile(desk, content, {
          sender: textOption(call, 'sender'),
          recipient: textOption(call, 'recipient'),
        })
        io.out(
          json
            ? `${JSON.stringify(told)}\n`
            : `${[...told.lines, ...effectLines(told.effects)].map(printable).join('\n')}\n`,
        )
        return EXIT.ok
      }
      const stored = await verdictOf(desk.store.db, word)
      if (stored === null) {
        const state = `${line.id} came in ${instant(new Date(line.receivedAt))} and is not decided yet`
        io.out(
          json
            ? `${JSON.stringify({ ...line, verdict: null })}\n`
            : `${state}${line.lastFault === null ? '' : `: ${line.lastFault}`}\n`,
        )
        return EXIT.ok
      }
      const verdict = stored.verdict as Verdict
      const evidence = stored.evidence as Evidence
      const events = await eventsOf(desk.store.db, { inboxId: word })
      if (json) io.out(`${JSON.stringify({ ...line, verdict, evidence, events })}\n`)
      else {
        const head = `${line.id}  ${instant(new Date(line.receivedAt))}  ${line.outcome ?? ''}${line.ticket === null ? '' : `  ${line.ticket}`}`
        const told = events.map((event) => `event: ${event.kind}, ${event.detail}`)
        io.out(`${[head, ...explainText(verdict, evidence), ...told].map(printable).join('\n')}\n`)
      }
      return EXIT.ok
    })
  },
}

type Told = {
  readonly verdict: Verdict
  readonly evidence: Evidence
  readonly lines: readonly string[]
  readonly effects: readonly string[]
}

async function explainFile(
  desk: Desk,
  content: Uint8Array,
  given: { readonly sender: string | null; readonly recipient: string | null },
): Promise<Told> {
  const first = await parseMail(content, { reversePath: given.sender ?? '' })
  const recipient = given.recipient ?? desk.applyDeps.queueAddress(desk.policy.firstQueue)
  const now = desk.clock()
  const raw: RawMail = {
    inboxId: desk.applyDeps.newId(now) as InboxId,
    content,
    envelope: {
      reversePath: given.sender ?? first.from?.address ?? null,
      forwardPaths: [recipient],
      transport: 'pipe',
      clientIp: null,
      ehloDomain: null,
      tls: false,
      faces: 'relay',
      trustedRelay: 'explain',
      receivedAt: now,
    },
  }
  const own = ownAddressesOf(raw, first, desk)
  const facts = await gatherFacts(raw, desk)
  const context = await loadContext(
    desk.store.db,
    keysOf({ raw, mail: first, own, now }, desk),
    restOf({ raw, mail: first, own, now }, desk),
  )
  const judgement = decide(first, facts, context)
  const evidence = evidenceOf(judgement, facts, context, first)
  const effects = plan(judgement, first, context)
  return {
    verdict: judgement.verdict,
    evidence,
    lines: explainText(judgement.verdict, evidence),
    effects: effectNames(effects),
  }
}

function effectNames(effects: Effects): readonly string[] {
  const changes = effects.changes.map((change) =>
    change.kind === 'record-event' ? `event ${change.event}` : change.kind,
  )
  const letters = effects.letters.map(
    (letter) => `letter ${letter.template} to ${letter.to.kind}${letter.withheld ? ' (withheld)' : ''}`,
  )
  return [...changes, ...letters]
}

function effectLines(effects: readonly string[]): readonly string[] {
  return effects.map((effect) => `would do: ${effect}`)
}
