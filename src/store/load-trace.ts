/**
 * A ticket's trace for its partner: the mails of its people with what they were taken for, and the letters to them with
 * what became of each. What the desk keeps to itself (agents' mails, notes, notices, withheld letters) is never in it.
 * Fails: faults of the database are thrown.
 */
import type { Kysely } from 'kysely'
import type { LetterName, TraceRow } from '../letters/models.ts'
import type { Database } from './schema.ts'

/** More than a letter shows; older ones are counted. */
const MAX_ROWS = 100
const OF_PARTNER = ['new-ticket', 'incomplete', 'completes-draft', 'reply', 'duplicate', 'held']
const TO_PARTNER: readonly LetterName[] = [
  'checklist',
  'acknowledgement',
  'agent-answer',
  'draft-reminder',
  'draft-expired',
  'reopened',
  'leaving',
  'ticket-status',
]

/** Loads the trace, oldest first, and the ticket's place in its queue (null unless it is open and owes an answer). */
export async function traceOf(
  tx: Kysely<Database>,
  ticketId: string,
): Promise<{ readonly position: number | null; readonly trace: readonly TraceRow[] }> {
  const rows = [...(await mailsOf(tx, ticketId)), ...(await lettersOf(tx, ticketId))]
  // A mail and the letters that it caused may have one instant: the mail came first.
  const trace = rows.toSorted((a, b) => a.at.getTime() - b.at.getTime() || (a.kind < b.kind ? 1 : -1))
  return { position: await positionOf(tx, ticketId), trace }
}

/** Held mail is shown only when it came under the address of somebody who takes part: another's is not theirs to see. */
async function mailsOf(tx: Kysely<Database>, ticketId: string): Promise<readonly TraceRow[]> {
  const people = await tx
    .selectFrom('participant')
    .innerJoin('address', 'address.person_id', 'participant.person_id')
    .select('address.address')
    .where('participant.ticket_id', '=', ticketId)
    .where('participant.role', 'in', ['requester', 'colleague'])
    .execute()
  const known = new Set(people.map((one) => one.address))
  const rows = await tx
    .selectFrom('inbox')
    .select(['received_at', 'from_address', 'outcome'])
    .where('ticket_id', '=', ticketId)
    .where('outcome', 'in', OF_PARTNER)
    .orderBy('id', 'desc')
    .limit(MAX_ROWS)
    .execute()
  return rows
    .filter((row) => row.outcome !== 'held' || known.has(row.from_address?.toLowerCase() ?? ''))
    .map((row) => ({
      kind: 'mail',
      at: new Date(row.received_at),
      from: row.from_address ?? '',
      outcome: row.outcome ?? '',
    }))
}

async function lettersOf(tx: Kysely<Database>, ticketId: string): Promise<readonly TraceRow[]> {
  const rows = await tx
    .selectFrom('outbox')
    .select(['created_at', 'sent_at', 'bounced_at', 'to_address', 'letter', 'state'])
    .where('ticket_id', '=', ticketId)
    .where('letter', 'in', TO_PARTNER)
    .where('state', '<>', 'withheld')
    .orderBy('id', 'desc')
    .limit(MAX_ROWS)
    .execute()
  return rows.map((row) => ({
    kind: 'letter',
    at: new Date(row.sent_at ?? row.created_at),
    to: row.to_address,
    letter: row.letter,
    fate: row.bounced_at !== null ? 'bounced' : row.state === 'withheld' ? 'queued' : row.state,
  }))
}

async function positionOf(tx: Kysely<Database>, ticketId: string): Promise<number | null> {
  const ticket = await tx
    .selectFrom('ticket')
    .select(['state', 'queue', 'number'])
    .where('id', '=', ticketId)
    .executeTakeFirst()
  if (ticket?.state !== 'open') return null
  const before = await tx
    .selectFrom('ticket')
    .select((select) => select.fn.countAll<number | string>().as('count'))
    .where('state', '=', 'open')
    .where('queue', '=', ticket.queue)
    .where('number', '<', ticket.number)
    .executeTakeFirst()
  return Number(before?.count ?? 0) + 1
}
