/**
 * Makes an address one more of a registered person: letters still go to their first one.
 * Fails: an address that is somebody else's, or at another partner's domain, is a value; nothing changes then.
 */
import type { Kysely } from 'kysely'
import type { Person } from '../decide/context.ts'
import { domainOf } from '../mail/mailbox.ts'
import { recordEvent } from './event.ts'
import { domainLock, lockNames } from './lock-names.ts'
import type { IdSource } from './new-id.ts'
import type { Database } from './schema.ts'

export type Learned =
  | { readonly kind: 'learned' | 'known' }
  | { readonly kind: 'taken'; readonly owner: string }

/** Adds the address (comparison form); `inboxId` is the mail that it was learned from. */
export async function learnAddress(
  tx: Kysely<Database>,
  what: { readonly address: string; readonly person: Person; readonly inboxId: string },
  at: { readonly now: Date; readonly newId: IdSource },
): Promise<Learned> {
  const { address, person, inboxId } = what
  await lockNames(tx, [domainLock(domainOf(address))])
  const owner = await ownerOf(tx, address, person)
  if (owner !== null) return owner
  const last = await tx
    .selectFrom('address')
    .select((select) => select.fn.max('position').as('position'))
    .where('person_id', '=', person.id)
    .executeTakeFirst()
  const position = (last?.position ?? -1) + 1
  await tx
    .insertInto('address')
    .values({ address, person_id: person.id, position, created_at: at.now.getTime() })
    .execute()
  await recordEvent(tx, { kind: 'address-learned', detail: address, inboxId, personId: person.id }, at)
  return { kind: 'learned' }
}

/** Whose address it is already: a person's, or by its domain another partner's; null when it is free. */
async function ownerOf(tx: Kysely<Database>, address: string, person: Person): Promise<Learned | null> {
  const taken = await tx
    .selectFrom('address')
    .innerJoin('person', 'person.id', 'address.person_id')
    .select(['person.id', 'person.name'])
    .where('address', '=', address)
    .executeTakeFirst()
  if (taken !== undefined)
    return taken.id === person.id
      ? { kind: 'known' }
      : { kind: 'taken', owner: taken.name ?? 'somebody else' }
  const partner = await tx
    .selectFrom('partner_domain')
    .innerJoin('partner', 'partner.id', 'partner_domain.partner_id')
    .select(['partner.id', 'partner.name'])
    .where('domain', '=', domainOf(address))
    .executeTakeFirst()
  return partner === undefined || partner.id === person.partnerId
    ? null
    : { kind: 'taken', owner: partner.name }
}
