/**
 * One ticket as the rooms above see it: its row, its requester, participants and promises.
 * Fails: a ticket without its requester is a fault of the data and throws.
 */
import type { Kysely } from 'kysely'
import type {
  Colleague,
  PartnerId,
  PersonId,
  PromiseRow,
  StoredField,
  Ticket,
  TicketId,
  TicketState,
} from '../decide/context.ts'
import type { ThreeRs } from '../intake/reading.ts'
import { dialectOf, lockRow } from './dialect.ts'
import { jsonList } from './inbox.ts'
import { personById } from './load-people.ts'
import type { Database, TicketRow } from './schema.ts'

/** A subject may name any number; this is the greatest that the column holds. */
const MAX_NUMBER = 2 ** 31 - 1

/**
 * Loads the ticket with this id; null when there is none. Until the transaction ends no other one changes it: what is
 * decided rests on what was loaded.
 */
export async function ticketById(tx: Kysely<Database>, ticketId: string): Promise<Ticket | null> {
  const row = await tx
    .selectFrom('ticket')
    .selectAll()
    .where('id', '=', ticketId)
    .modifyEnd(lockRow(dialectOf(tx)))
    .executeTakeFirst()
  return row === undefined ? null : ticketOf(tx, row)
}

/** Loads the ticket with this number, like `ticketById`. */
export async function ticketByNumber(tx: Kysely<Database>, number: number): Promise<Ticket | null> {
  if (number > MAX_NUMBER) return null
  const row = await tx
    .selectFrom('ticket')
    .selectAll()
    .where('number', '=', number)
    .modifyEnd(lockRow(dialectOf(tx)))
    .executeTakeFirst()
  return row === undefined ? null : ticketOf(tx, row)
}

async function ticketOf(db: Kysely<Database>, row: TicketRow): Promise<Ticket> {
  const requester = await personById(db, row.requester_id)
  if (requester === null) throw new Error(`ticket ${row.number} has no requester`)
  const people = await db
    .selectFrom('participant')
    .select(['address', 'person_id', 'role', 'asked_to_leave_at'])
    .where('ticket_id', '=', row.id)
    .where('left_at', 'is', null)
    .orderBy('joined_at')
    .orderBy('address')
    .execute()
  const taking = people.filter((one) => one.role !== 'observer')
  const persons = [...new Set(taking.flatMap((one) => (one.person_id === null ? [] : [one.person_id])))]
  const addresses =
    persons.length === 0
      ? []
      : await db.selectFrom('address').select('address').where('person_id', 'in', persons).execute()
  return {
    id: row.id as TicketId,
    number: row.number,
    state: row.state as TicketState,
    queue: row.queue,
    assignee: await assigneeOf(db, row.assignee_id),
    partnerId: row.partner_id as PartnerId | null,
    requester,
    participants: persons as PersonId[],
    colleagues: await colleaguesOf(db, row),
    participantAddresses: addresses.map((one) => one.address),
    observers: people.filter((one) => one.role === 'observer').map((one) => one.address),
    subjectStem: row.subject_stem,
    fields: jsonObject(row.fields) as Readonly<Record<string, StoredField>>,
    threeRs: jsonObject(row.three_rs) as ThreeRs,
    missing: jsonList(row.missing),
    warnings: jsonList(row.warnings),
    checklistsSent: row.checklists_sent,
    language: row.language,
    promises: await promisesOf(db, row.id),
    createdAt: new Date(row.created_at),
    expiresAt: row.expires_at === null ? null : new Date(row.expires_at),
    replacedBy: row.replaced_by as TicketId | null,
    askedToLeaveAt: askedAt(people.find((one) => one.person_id === row.requester_id)?.asked_to_leave_at),
  }
}

async function assigneeOf(db: Kysely<Database>, personId: string | null): Promise<Colleague | null> {
  const person = personId === null ? null : await personById(db, personId)
  return person === null ? null : { id: person.id, name: person.name, address: person.address }
}

function askedAt(instant: number | null | undefined): Date | null {
  return instant == null ? null : new Date(instant)
}

/** Who of the partner takes part beside the requester, longest first. */
async function colleaguesOf(db: Kysely<Database>, row: TicketRow): Promise<readonly Colleague[]> {
  const rows = await db
    .selectFrom('participant')
    .innerJoin('person', 'person.id', 'participant.person_id')
    .select(['person.id', 'person.name', 'participant.address'])
    .where('participant.ticket_id', '=', row.id)
    .where('participant.role', '=', 'colleague')
    .where('participant.left_at', 'is', null)
    .where('person.state', '=', 'active')
    .where('person.id', '<>', row.requester_id)
    .orderBy('participant.joined_at')
    .orderBy('participant.address')
    .execute()
  return rows.map((one) => ({ id: one.id as PersonId, name: one.name, address: one.address }))
}

/** Loads the promises of a ticket, oldest first. */
export async function promisesOf(db: Kysely<Database>, ticketId: string): Promise<readonly PromiseRow[]> {
  const rows = await db
    .selectFrom('promise')
    .selectAll()
    .where('ticket_id', '=', ticketId)
    .orderBy('started_at')
    .execute()
  return rows.map((row) => ({
    kind: row.kind,
    queue: row.queue,
    state: row.state as PromiseRow['state'],
    startedAt: new Date(row.started_at),
    dueAt: new Date(row.due_at),
    promisedMs: row.promised_ms,
    bankedMs: row.banked_ms,
    runningSince: row.running_since === null ? null : new Date(row.running_since),
    brokenAt: row.broken_at === null ? null : new Date(row.broken_at),
  }))
}

/** Reads a JSON object that this room wrote. */
export function jsonObject(text: string): Readonly<Record<string, unknown>> {
  const read: unknown = JSON.parse(text)
  return typeof read === 'object' && read !== null && !Array.isArray(read) ? { ...read } : {}
}
