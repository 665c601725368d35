/**
 * Replays a sample conversation over the wire and checks after every mail what its `conversation.json` expects: ticket,
 * letters, what is still missing, the values, the stored text.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { expect } from 'vitest'
import type { StoredField } from '../../src/decide/context.ts'
import { secretBinding } from '../../src/store/apply-ticket.ts'
import { jsonList } from '../../src/store/inbox.ts'
import { type Decided, type LiveGateway, postsOfMail } from './live-gateway.ts'

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

const samples = new URL('../samples/thread/', import.meta.url)
export const conversations: readonly string[] = readdirSync(samples)

/** Letters to our own people; everything else goes to the partner. */
const DESK_LETTERS = ['agent-notice', 'held-digest']

type TicketState = {
  readonly id: string
  readonly number: number
  readonly brand_id: string
  readonly fields: string
  readonly missing: string
}

async function ticketsOf(gateway: LiveGateway): Promise<readonly TicketState[]> {
  return gateway.desk.store.db
    .selectFrom('ticket')
    .select(['id', 'number', 'brand_id', 'fields', 'missing'])
    .orderBy('number')
    .execute()
}

async function lettersOf(gateway: LiveGateway): Promise<readonly string[]> {
  const rows = await gateway.desk.store.db.selectFrom('outbox').select('letter').orderBy('id').execute()
  return rows.map((row) => row.letter)
}

/** The newest letter that the partner has from us. */
async function newestLetter(gateway: LiveGateway) {
  return gateway.desk.store.db
    .selectFrom('outbox')
    .select(['message_id', 'subject'])
    .where('letter', 'not in', DESK_LETTERS)
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst()
}

/** Reads a mail with our Message-IDs filled in; where a client lost all references, our subject with its tag is there. */
async function contentOf(
  url: URL,
  ids: ReadonlyMap<string, string>,
  gateway: LiveGateway,
): Promise<{ readonly content: Buffer; readonly from: string | null }> {
  let text = readFileSync(url, 'latin1')
  for (const [placeholder, messageId] of ids) text = text.replaceAll(placeholder, `<${messageId}>`)
  if (/^Subject: Antw: /m.test(text)) {
    const subject = (await newestLetter(gateway))?.subject ?? ''
    text = text.replace(/^Subject: Antw: .*(?=\r$)/m, () => `Subject: Antw: ${subject}`)
  }
  const author = /^From:[^\r\n]*?([^\s<>"]+@[^\s<>"]+)>?\r?$/im.exec(text)?.[1] ?? ''
  const isReport = /^Return-Path: <>/m.test(text)
  return { content: Buffer.from(text, 'latin1'), from: isReport ? null : author }
}

async function expectFields(
  ticket: TicketState,
  fields: NonNullable<Expectation['fields_after']>,
  gateway: LiveGateway,
): Promise<void> {
  const stored = JSON.parse(ticket.fields) as Readonly<Record<string, StoredField>>
  for (const [name, value] of Object.entries(fields)) {
    const field = stored[name]
    if (typeof value === 'string') expect(field?.value).toBe(value)
    else {
      expect(field?.value).toBe(value.username)
      expect(await openSecret(field?.secretId ?? '', gateway)).toBe(value.password)
    }
  }
}

export async function openSecret(secretId: string, gateway: LiveGateway): Promise<string> {
  const row = await gateway.desk.store.db
    .selectFrom('secret')
    .selectAll()
    .where('id', '=', secretId)
    .executeTakeFirstOrThrow()
  const { salt, octets } = row
  if (salt === null || octets === null) throw new Error('the secret was shredded')
  const of = { brandId: row.brand_id, ticketId: row.ticket_id, field: row.field, secretId }
  const plain = gateway.desk.applyDeps.sealing.open({ keyId: row.key_id, salt, octets }, secretBinding(of))
  return Buffer.from(plain).toString('utf8')
}

function expectTicket(
  expected: Expectation['ticket'],
  before: readonly TicketState[],
  after: readonly TicketState[],
): void {
  const opened = after.length - before.length
  if (expected === 'new') expect(opened).toBe(1)
  if (expected === 'same' || expected === 'none') expect(opened).toBe(0)
  if (expected === 'new-or-same') expect(opened).toBeLessThanOrEqual(1)
  // What is no answer changes nothing that is asked for.
  if (expected === 'none') expect(after).toEqual(before)
}

async function expectStored(
  expected: Expectation,
  { inboxId }: Decided,
  letters: readonly string[],
  gateway: LiveGateway,
): Promise<void> {
  const toPartner = letters.filter((letter) => !DESK_LETTERS.includes(letter))
  if (!expected.gateway_may_answer) expect(toPartner).toEqual([])
  else expect(toPartner).not.toHaveLength(0)
  const posts = await postsOfMail(gateway.desk, inboxId)
  if (expected.ticket === 'new' || expected.ticket === 'same') expect(posts).toHaveLength(1)
  const text = posts.map((post) => post.text).join('\n')
  for (const phrase of expected.new_text?.contains ?? []) expect(text).toContain(phrase)
  for (const phrase of expected.new_text?.excludes ?? []) expect(text).not.toContain(phrase)
}

/** Replays the conversation `name`; returns the outcomes in order. */
export async function checkConversation(name: string, gateway: LiveGateway): Promise<readonly string[]> {
  const folder = new URL(`${name}/`, samples)
  const listed = JSON.parse(readFileSync(new URL('conversation.json', folder), 'utf8')) as {
    messages: readonly Message[]
  }
  const ids = new Map<string, string>()
  const outcomes: string[] = []
  let current: string | null = null
  for (const message of listed.messages) {
    if (message.file === undefined) {
      ids.set(message.placeholder, (await newestLetter(gateway))?.message_id ?? 'none@invalid')
      continue
    }
    const { content, from } = await contentOf(new URL(message.file, folder), ids, gateway)
    const before = await ticketsOf(gateway)
    const lettersBefore = await lettersOf(gateway)
    const decided = await gateway.decide(content, { from })
    outcomes.push(decided.outcome)
    const after = await ticketsOf(gateway)
    const { expect: expected } = message
    expectTicket(expected.ticket, before, after)
    const letters = (await lettersOf(gateway)).slice(lettersBefore.length)
    await expectStored(expected, decided, letters, gateway)
    if (after.length > before.length) current = after.at(-1)?.id ?? null
    const ticket = after.find((one) => one.id === current)
    if (expected.missing_after !== null) {
      expect(jsonList(ticket?.missing ?? 'null').toSorted()).toEqual(expected.missing_after.toSorted())
    }
    if (expected.fields_after !== null && ticket !== undefined) {
      await expectFields(ticket, expected.fields_after, gateway)
    }
  }
  return outcomes
}
