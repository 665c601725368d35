/** What a step of a conversation, and its end, must have brought: outcome, ticket, letters, people. */
import { expect } from 'vitest'
import { jsonList } from '../../src/store/inbox.ts'
import { fill, type Known } from './placeholders.ts'
import type { Expectation, Script } from './script.ts'

type Names = Known & { readonly tickets: Map<string, string> }

export type Did = {
  /** The mail of this step; null when it was none. */
  readonly inboxId: string | null
  readonly command: { readonly exitCode: number; readonly said: string } | null
}

type At = {
  readonly title: string
  /** The newest letter before the step. */
  readonly before: string
  readonly did: Did
  readonly known: Names
}

export async function expectStep(expected: Expectation, at: At): Promise<void> {
  const { did, title } = at
  if (did.command !== null) {
    expect(did.command.exitCode, `${title}: ${did.command.said}`).toBe(expected.exitCode)
    for (const words of expected.says ?? [])
      expect(did.command.said, title).toContain(await fill(words, at.known))
  }
  if (did.inboxId !== null) await expectMail(expected, did.inboxId, at)
  if (expected.letters !== undefined) {
    expect(await lettersAfter(at), `${title}: letters`).toEqual(expected.letters.toSorted(byLetter))
  }
}

async function expectMail(expected: Expectation, inboxId: string, { title, known }: At): Promise<void> {
  const row = await known.db
    .selectFrom('inbox')
    .select(['outcome', 'state', 'verdict', 'ticket_id', 'last_fault'])
    .where('id', '=', inboxId)
    .executeTakeFirstOrThrow()
  const verdict = JSON.parse(row.verdict ?? '{}') as { reason?: string; by?: string }
  const shown = `${title}: ${row.verdict ?? row.last_fault ?? row.state}`
  expect(row.outcome ?? row.state, shown).toBe(expected.outcome ?? row.outcome ?? row.state)
  if (expected.reason !== undefined) expect(verdict.reason, shown).toBe(expected.reason)
  if (expected.by !== undefined) expect(verdict.by, shown).toBe(expected.by)
  if (expected.ticket === null) expect(row.ticket_id, shown).toBeNull()
  else if (expected.ticket !== undefined) expectTicket(expected.ticket, row.ticket_id, shown, known)
}

/** A name that is new must be a ticket that has no name yet; a known name must be the same ticket. */
function expectTicket(name: string, ticketId: string | null, shown: string, { tickets }: Names): void {
  expect(ticketId, `${shown}: belongs to a ticket`).not.toBeNull()
  const before = tickets.get(name)
  if (before !== undefined) {
    expect(ticketId, `${shown}: is the ticket ${name}`).toBe(before)
    return
  }
  expect([...tickets.values()], `${shown}: ${name} is a ticket of its own`).not.toContain(ticketId)
  tickets.set(name, ticketId ?? '')
}

type Letter = { readonly letter: string; readonly to: string; readonly sent: boolean }

function byLetter(a: Letter, b: Letter): number {
  return a.letter === b.letter ? (a.to < b.to ? -1 : 1) : a.letter < b.letter ? -1 : 1
}

async function lettersAfter({ before, known }: At): Promise<readonly Letter[]> {
  const rows = await known.db
    .selectFrom('outbox')
    .select(['letter', 'to_address', 'state'])
    .where('id', '>', before)
    .execute()
  return rows
    .map((row) => ({ letter: row.letter, to: row.to_address, sent: row.state !== 'withheld' }))
    .toSorted(byLetter)
}

export async function expectEnd(end: Script['end'], title: string, known: Names): Promise<void> {
  for (const [name, expected] of Object.entries(end)) {
    const found = await ticketState(known.tickets.get(name) ?? name, known)
    const shown = `${title}: ticket ${name} at the end`
    const { events, ...rest } = expected
    for (const event of events ?? []) expect(found.events, shown).toContain(event)
    const wanted = Object.keys(rest) as (keyof typeof rest)[]
    expect(Object.fromEntries(wanted.map((key) => [key, found[key]])), shown).toEqual(rest)
  }
}

async function ticketState(ticketId: string, { db, tickets }: Names) {
  const ticket = await db
    .selectFrom('ticket')
    .selectAll()
    .where('id', '=', ticketId)
    .executeTakeFirstOrThrow()
  const people = await db
    .selectFrom('participant')
    .select(['address', 'role'])
    .where('ticket_id', '=', ticketId)
    .where('left_at', 'is', null)
    .orderBy('address')
    .execute()
  const posts = await db
    .selectFrom('post')
    .select('kind')
    .where('ticket_id', '=', ticketId)
    .orderBy('id')
    .execute()
  const events = await db.selectFrom('event').select('kind').where('ticket_id', '=', ticketId).execute()
  const linked = [...tickets].find(([, id]) => id === ticket.linked_to)
  return {
    state: ticket.state,
    missing: jsonList(ticket.missing),
    posts: posts.map((post) => post.kind),
    participants: people.filter((one) => one.role !== 'observer').map((one) => one.address),
    observers: people.filter((one) => one.role === 'observer').map((one) => one.address),
    linkedTo: ticket.linked_to === null ? null : (linked?.[0] ?? ticket.linked_to),
    events: events.map((event) => event.kind),
  }
}
