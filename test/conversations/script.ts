/**
 * The script of a golden conversation: its shape, read from `conversation.yaml`. See README.md beside it.
 * Fails: a script with an unknown key or a wrong shape is named with its path.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import { z } from 'zod'

const person = z.strictObject({ name: z.string().nullable().default(null), address: z.string() })

const partner = z.strictObject({
  name: z.string(),
  domains: z.array(z.string()).default([]),
  people: z.array(person).default([]),
  controlPanelUrl: z.string().nullable().default(null),
  timeZone: z.string().nullable().default(null),
  language: z.string().nullable().default(null),
  mode: z.enum(['observe', 'advise', 'enforce']).nullable().default(null),
  machineMail: z.enum(['answer', 'silent']).default('silent'),
})

const agent = z.strictObject({
  name: z.string(),
  address: z.string(),
  aliases: z.array(z.string()).default([]),
  role: z.enum(['support', 'engineering', 'lead']).default('support'),
})

const letter = z.strictObject({
  letter: z.string(),
  to: z.string(),
  /** false: stored and withheld. */
  sent: z.boolean().default(true),
})

const expectation = z.strictObject({
  outcome: z.string().optional(),
  reason: z.string().optional(),
  by: z.string().optional(),
  /** A name; the same name is the same ticket. null: none. */
  ticket: z.string().nullable().optional(),
  letters: z.array(letter).optional(),
  /** Words that the standard output of a command must hold. */
  says: z.array(z.string()).optional(),
  exitCode: z.int().default(0),
})

const step = z.union([
  z.strictObject({
    mail: z.string(),
    from: z.string().nullable().optional(),
    to: z.array(z.string()).default(['support@desk.example']),
    ip: z.string().default('192.0.2.25'),
    ehlo: z.string().default('mail.partner.example'),
    expect: expectation,
  }),
  /** What no mail can do yet: a ticket's state is set by hand. */
  z.strictObject({
    make: z.strictObject({ ticket: z.string(), state: z.string() }),
    expect: expectation,
  }),
  z.strictObject({ wait: z.string().regex(/^\d+ (day|hour|minute)s?$/), expect: expectation }),
  /** A command of ours, without `ticketgate` in front. */
  z.strictObject({ command: z.array(z.string()).min(1), expect: expectation }),
])

const endOfTicket = z.strictObject({
  state: z.string().optional(),
  missing: z.array(z.string()).optional(),
  posts: z.array(z.string()).optional(),
  participants: z.array(z.string()).optional(),
  observers: z.array(z.string()).optional(),
  linkedTo: z.string().nullable().optional(),
  /** Events that must be among the ticket's. */
  events: z.array(z.string()).optional(),
})

const script = z.strictObject({
  about: z.string(),
  config: z.record(z.string(), z.unknown()).default({}),
  register: z
    .strictObject({ partners: z.array(partner).default([]), agents: z.array(agent).default([]) })
    .prefault({}),
  /** `'name TYPE'` to its records: all DNS there is. */
  zone: z.record(z.string(), z.unknown()).default({}),
  /** What the relay says to every letter. */
  relayReply: z.string().default('250 2.0.0 Ok: queued as 4ZxYwV1n2Mz'),
  relayHost: z.string().default('mail.provider.example'),
  steps: z.array(step).min(1),
  end: z.record(z.string(), endOfTicket).default({}),
})

export type Script = z.output<typeof script>
export type Step = Script['steps'][number]
export type MailStep = Extract<Step, { mail: string }>
export type Expectation = z.output<typeof expectation>

/** Reads the script in a folder. */
export function readScript(folder: string): Script {
  const file = join(folder, 'conversation.yaml')
  const read = script.safeParse(parse(readFileSync(file, 'utf8')))
  if (!read.success) throw new Error(`${file}: ${z.prettifyError(read.error)}`)
  return read.data
}
