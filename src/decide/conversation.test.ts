/** Whole conversations, mail by mail: parsed, decided, planned and folded into tickets, as their `conversation.json` says. */
import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import type { Mail } from '../mail/mail.ts'
import { parseMail } from '../mail/parse.ts'
import type { Person, PersonId, Ticket } from './context.ts'
import { agent } from './test-builders.ts'
import { type Desk, openDesk, type Result } from './test-desk.ts'

type Expectation = {
  readonly ticket: 'new' | 'same' | 'none' | 'new-or-same'
  readonly gateway_may_answer: boolean
  readonly missing_after: readonly string[] | null
  readonly fields_after: Readonly<Record<string, string | { username: string; password: string }>> | null
  readonly new_text: { readonly contains: readonly string[]; readonly excludes: readonly string[] } | null
}
type Message =
  | { readonly file: string; readonly kind: string; readonly expect: Expectation }
  | { readonly placeholder: string; readonly file?: undefined }

const samples = new URL('../../test/samples/thread/', import.meta.url)

function agentOf(address: string): Person {
  return { ...agent, id: `agent ${address}` as PersonId, address }
}

/** The samples' desk has its agents at its own domain. */
function openSampleDesk(): Desk {
  const desk = openDesk({ partners: 'open', ownDomains: ['mailhub.example'] })
  desk.people.set('agent3@mailhub.example', agentOf('agent3@mailhub.example'))
  return desk
}

/** Puts the real Message-IDs of our letters where the sample has a placeholder, and our tag where a thread has only that. */
function filledIn(content: string, ids: ReadonlyMap<string, string>): Uint8Array {
  let text = content
  for (const [placeholder, messageId] of ids) text = text.replaceAll(placeholder, `<${messageId}>`)
  return Buffer.from(text, 'latin1')
}

async function readMail(folder: URL, file: string, ids: ReadonlyMap<string, string>): Promise<Mail> {
  const content = filledIn(readFileSync(new URL(file, folder), 'latin1'), ids)
  const mail = await parseMail(content, { reversePath: 'someone@partner.example' })
  if (mail.kind === 'unreadable') throw new Error(mail.reason)
  return mail
}

/** A client that loses all headers keeps the subject, and with it our tag. */
function withTag(mail: Mail, ticket: Ticket | undefined): Mail {
  const isLost =
    mail.inReplyTo.length === 0 && mail.references.length === 0 && /^antw:/i.test(mail.subject ?? '')
  return isLost && ticket !== undefined ? { ...mail, subject: `${mail.subject} [TG-${ticket.number}]` } : mail
}

function ticketAfter(desk: Desk, result: Result, before: Ticket | undefined): Ticket | undefined {
  const created = result.changes.find((change) => change.kind === 'create-ticket')
  return created?.kind === 'create-ticket' ? desk.tickets.get(created.ticketId) : before
}

function expectTicket(expected: Expectation['ticket'], result: Result): void {
  const created = result.changes.some((change) => change.kind === 'create-ticket')
  const updated = result.changes.some(
    (change) => change.kind === 'update-ticket' || change.kind === 'add-post',
  )
  if (expected === 'new') expect(created).toBe(true)
  if (expected === 'same') expect({ created, updated }).toEqual({ created: false, updated: true })
  if (expected === 'none') {
    expect(created).toBe(false)
    expect(result.changes.some((change) => change.kind === 'update-ticket')).toBe(false)
  }
}

function expectFields(desk: Desk, ticket: Ticket, fields: NonNullable<Expectation['fields_after']>): void {
  for (const [name, value] of Object.entries(fields)) {
    const stored = ticket.fields[name]
    if (typeof value === 'string') expect(stored?.value).toBe(value)
    else {
      expect(stored?.value).toBe(value.username)
      expect(
        stored?.secretId === null || stored === undefined ? null : desk.secrets.get(stored.secretId),
      ).toBe(value.password)
    }
  }
}

function lettersToPartner(result: Result): readonly string[] {
  return result.letters
    .filter((letter) => letter.template !== 'agent-notice')
    .map((letter) => letter.template)
}

const postedText = (desk: Desk, result: Result): string =>
  desk.posts
    .filter((post) => result.changes.includes(post))
    .map((post) => post.text)
    .join('\n')

type Step = { readonly expected: Expectation; readonly result: Result; readonly ticket: Ticket | undefined }

/** Replays a conversation on a desk of its own; `look` sees each mail's outcome. */
async function replay(name: string, look: (step: Step, desk: Desk) => void): Promise<void> {
  const folder = new URL(`${name}/`, samples)
  const listed = JSON.parse(readFileSync(new URL('conversation.json', folder), 'utf8')) as {
    messages: Message[]
  }
  const desk = openSampleDesk()
  const ids = new Map<string, string>()
  let ticket: Ticket | undefined
  for (const message of listed.messages) {
    if (message.file === undefined) {
      const letter = desk.letters.findLast((order) => order.template !== 'agent-notice')
      ids.set(message.placeholder, letter?.messageId ?? 'none')
      continue
    }
    const result = desk.receive(withTag(await readMail(folder, message.file, ids), ticket))
    ticket = ticketAfter(desk, result, ticket)
    look({ expected: message.expect, result, ticket }, desk)
  }
}

test.each(readdirSync(samples))('The conversation %s goes as a fair human expects.', async (name) => {
  await replay(name, ({ expected, result, ticket }, desk) => {
    expectTicket(expected.ticket, result)
    if (!expected.gateway_may_answer) expect(lettersToPartner(result)).toEqual([])
    if (expected.missing_after !== null) {
      expect([...(ticket?.missing ?? [])].sort()).toEqual([...expected.missing_after].sort())
    }
    if (expected.fields_after !== null && ticket !== undefined)
      expectFields(desk, ticket, expected.fields_after)
    for (const phrase of expected.new_text?.contains ?? []) expect(postedText(desk, result)).toContain(phrase)
    for (const phrase of expected.new_text?.excludes ?? [])
      expect(postedText(desk, result)).not.toContain(phrase)
  })
})

test.each(readdirSync(samples))(
  'In the conversation %s no password leaves its order to be sealed.',
  async (name) => {
    await replay(name, ({ result }, desk) => {
      const clear = JSON.stringify([
        result.changes.filter((change) => change.kind !== 'seal-credentials'),
        result.letters,
      ])
      for (const password of desk.secrets.values()) expect(clear).not.toContain(password)
    })
  },
)

test.each<[string, readonly string[]]>([
  ['01-filled-in-reply', ['incomplete', 'completes-draft', 'agent-reply', 'reply']],
  ['02-two-rounds', ['incomplete', 'incomplete', 'completes-draft']],
  ['03-vacation', ['incomplete', 'automatic', 'automatic', 'automatic']],
  ['04-bounce', ['incomplete', 'bounce', 'bounce']],
  ['05-forwarded-and-colleague', ['new-ticket', 'reply', 'incomplete']],
  ['06-lost-headers-and-duplicate', ['incomplete', 'duplicate', 'completes-draft', 'reply']],
])('The mails of %s are %j.', async (name, outcomes) => {
  const seen: string[] = []
  await replay(name, ({ result }) => seen.push(result.judgement.verdict.kind))
  expect(seen).toEqual(outcomes)
})
