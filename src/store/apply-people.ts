/**
 * Writes changes of the registers and of who takes part in a ticket.
 * Fails: faults of the database are thrown.
 */
import { type Kysely, sql } from 'kysely'
import { assertNever } from '../decide/assert-never.ts'
import type { Change } from '../decide/effects.ts'
import { normaliseAddress } from '../mail/mailbox.ts'
import { askAgent, openFor, tellAgent } from './apply-agent-question.ts'
import type { ApplyCase } from './apply-deps.ts'
import { recordEvent, storable } from './event.ts'
import type { Database } from './schema.ts'

type Of<K extends Change['kind']> = Extract<Change, { kind: K }>
export type PeopleChange = Of<
  | 'create-partner'
  | 'create-person'
  | 'add-participant'
  | 'lift-suppression'
  | 'leave-ticket'
  | 'ask-to-leave'
  | 'ask-agent'
  | 'tell-agent'
  | 'open-for'
>

/** Applies one change of this group. */
export async function applyPeopleChange(change: PeopleChange, at: ApplyCase): Promise<void> {
  switch (change.kind) {
    case 'create-partner':
      return createPartner(change, at)
    case 'create-person':
      return createPerson(change, at)
    case 'add-participant':
      return addParticipant(change, at)
    case 'lift-suppression':
      return liftSuppression(change.address, at)
    case 'leave-ticket':
      return leaveTicket(change, at)
    case 'ask-to-leave':
      return askToLeave(change, at)
    case 'ask-agent':
      return askAgent(change, at)
    case 'tell-agent':
      return tellAgent(change, at)
    case 'open-for':
      return openFor(change, at)
    default:
      return assertNever(change)
  }
}

async function liftSuppression(address: string, { tx }: ApplyCase): Promise<void> {
  await tx.updateTable('address').set({ suppressed_until: null }).where('address', '=', address).execute()
}

async function createPartner(
  change: Extract<Change, { kind: 'create-partner' }>,
  at: ApplyCase,
): Promise<void> {
  const { tx, now, deps, inboxId } = at
  await tx
    .insertInto('partner')
    .values({
      id: change.partnerId,
      brand_id: deps.brand.id,
      name: storable(change.name),
      machine_mail: 'silent',
      state: 'active',
      created_at: now.getTime(),
    })
    .execute()
  let taken = 0
  for (const domain of change.domains) {
    const row = await tx
      .insertInto('partner_domain')
      .values({ domain, partner_id: change.partnerId })
      .onConflict((conflict) => conflict.column('domain').doNothing())
      .returning('domain')
      .executeTakeFirst()
    if (row !== undefined) taken += 1
  }
  // Decided again, the mail belongs to the partner that is there now.
  if (taken === 0 && change.domains.length > 0)
    throw new Error('another mail made this partner at the same moment')
  await recordEvent(
    tx,
    { kind: 'partner-created', detail: `${change.name}, by a first mail`, inboxId },
    { now, newId: deps.newId },
  )
}

async function createPerson(
  change: Extract<Change, { kind: 'create-person' }>,
  at: ApplyCase,
): Promise<void> {
  const { tx, now, deps, inboxId } = at
  await tx
    .insertInto('person')
    .values({
      id: change.personId,
      brand_id: deps.brand.id,
      partner_id: change.partnerId,
      name: change.name === null ? null : storable(change.name),
      state: 'active',
      created_at: now.getTime(),
    })
    .execute()
  await tx
    .insertInto('address')
    .values({ address: change.address, person_id: change.personId, position: 0, created_at: now.getTime() })
    .execute()
  await recordEvent(
    tx,
    { kind: 'person-created', detail: 'seen for the first time', inboxId, personId: change.personId },
    { now, newId: deps.newId },
  )
}

async function addParticipant(
  change: Extract<Change, { kind: 'add-participant' }>,
  { tx, now }: ApplyCase,
): Promise<void> {
  const address = normaliseAddress(change.address) ?? change.address
  const known = change.personId ?? (change.role === 'observer' ? null : await colleagueAt(tx, address))
  await tx
    .insertInto('participant')
    .values({
      ticket_id: change.ticketId,
      address: storable(address),
      person_id: known,
      role: change.role,
      joined_at: now.getTime(),
    })
    .onConflict((conflict) => {
      const again = conflict.columns(['ticket_id', 'address'])
      // Being named never makes less of somebody, nor brings back who left; writing does.
      if (change.role === 'observer') return again.doNothing()
      return again.doUpdateSet({
        ...(change.personId === null ? {} : { left_at: null, asked_to_leave_at: null }),
        ...(known === null ? {} : { person_id: known }),
        role: sql<string>`case when participant.role = 'requester' then 'requester' else excluded.role end`,
      })
    })
    .execute()
}

/** The partner's person with this address; an agent is no colleague of theirs. */
async function colleagueAt(tx: Kysely<Database>, address: string): Promise<string | null> {
  const row = await tx
    .selectFrom('address')
    .innerJoin('person', 'person.id', 'address.person_id')
    .select('person.id')
    .where('address.address', '=', address)
    .where('person.state', '=', 'active')
    .where('person.role', 'is', null)
    .executeTakeFirst()
  return row?.id ?? null
}

async function leaveTicket(change: Of<'leave-ticket'>, { tx, now }: ApplyCase): Promise<void> {
  const { ticketId, personId, address, successor } = change
  await tx
    .updateTable('participant')
    .set({
      left_at: now.getTime(),
      asked_to_leave_at: null,
      ...(successor === null ? {} : { role: 'colleague' }),
    })
    .where('ticket_id', '=', ticketId)
    .where((where) => where.or([where('person_id', '=', personId), where('address', '=', address)]))
    .where('left_at', 'is', null)
    .execute()
  if (successor === null) return
  await tx.updateTable('ticket').set({ requester_id: successor }).where('id', '=', ticketId).execute()
  await tx
    .updateTable('participant')
    .set({ role: 'requester' })
    .where('ticket_id', '=', ticketId)
    .where('person_id', '=', successor)
    .execute()
}

async function askToLeave(change: Of<'ask-to-leave'>, { tx, now }: ApplyCase): Promise<void> {
  await tx
    .updateTable('participant')
    .set({ asked_to_leave_at: now.getTime() })
    .where('ticket_id', '=', change.ticketId)
    .where('person_id', '=', change.personId)
    .execute()
}
