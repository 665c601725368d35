/**
 * Who hears of what nobody else would: the configured operator, else somebody of the desk, a lead before others. Only
 * where nobody is registered yet it is the postmaster of our own domain, whose mail comes back to this very gateway.
 * Fails: faults of the database are thrown.
 */
import type { Kysely } from 'kysely'
import type { ApplyDeps } from './apply-deps.ts'
import type { Database } from './schema.ts'

/** Gives the address for digests and for notices that no mailbox of a queue takes. */
export async function operatorAddress(
  db: Kysely<Database>,
  { operator }: Pick<ApplyDeps, 'operator'>,
): Promise<string> {
  if (operator.address !== null) return operator.address
  const agents = await db
    .selectFrom('person')
    .innerJoin('address', 'address.person_id', 'person.id')
    .select(['person.role', 'address.address'])
    .where('person.role', 'is not', null)
    .where('person.state', '=', 'active')
    .where('address.suppressed_until', 'is', null)
    .orderBy('person.id')
    .orderBy('address.position')
    .execute()
  const chosen = agents.find(({ role }) => role === 'lead') ?? agents[0]
  return chosen?.address ?? operator.postmaster
}
