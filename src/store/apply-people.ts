/**
 * Writes changes of the registers and of who takes part in a ticket.
 * Fails: faults of the database are thrown.
 */
import { sql } from 'kysely'
import type { Change } from '../decide/effects.ts'
import { normaliseAddress } from '../mail/mailbox.ts'
import type { ApplyCase } from './apply-deps.ts'
import { recordEvent, storable } from './event.ts'

type PeopleChange = Extract<
  Change,
  { kind: 'create-partner' | 'create-person' | 'add-participant' | 'lift-suppression' }
>

/** Applies one change of this group. */
export async function applyPeopleChange(change: PeopleChange, at: ApplyCase): Promise<void> {
  if (change.kind === 'create-partner') await createPartner(change, at)
  else if (change.kind === 'create-person') await createPerson(change, at)
  else if (change.kind === 'lift-suppression') await liftSuppression(change.address, at)
  else await addParticipant(change, at)
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
  const known =
    change.personId ??
    (change.role === 'observer'
      ? null
      : ((
          await tx.selectFrom('address').select('person_id').where('address', '=', address).executeTakeFirst()
        )?.person_id ?? null))
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
        left_at: null,
        ...(known === null ? {} : { person_id: known }),
        role: sql<string>`case when participant.role = 'requester' then 'requester' else excluded.role end`,
      })
    })
    .execute()
}
