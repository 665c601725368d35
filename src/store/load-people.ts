/**
 * Who is who: persons by address, partners by domain, as the rooms above see them. Every look-up is by key or index.
 * Fails: never on what a mail says; faults of the database are thrown.
 */
import type { Kysely } from 'kysely'
import type { Partner, PartnerId, Person, PersonId, Role, Sender } from '../decide/context.ts'
import type { Mode } from '../intake/policy.ts'
import { domainOf } from '../mail/mailbox.ts'
import type { Database } from './schema.ts'

/** Loads the person with this address (comparison form); letters go to their first one. */
export async function personByAddress(db: Kysely<Database>, address: string): Promise<Person | null> {
  const row = await db
    .selectFrom('address')
    .innerJoin('person', 'person.id', 'address.person_id')
    .select('person.id')
    .where('address.address', '=', address)
    .where('person.state', '=', 'active')
    .executeTakeFirst()
  return row === undefined ? null : personById(db, row.id)
}

/** Loads a person with the address that letters go to; null when unknown or without any address. */
export async function personById(db: Kysely<Database>, personId: string): Promise<Person | null> {
  const row = await db
    .selectFrom('person')
    .innerJoin('address', 'address.person_id', 'person.id')
    .selectAll('person')
    .select('address.address')
    .where('person.id', '=', personId)
    .orderBy('address.position')
    .limit(1)
    .executeTakeFirst()
  if (row === undefined) return null
  return {
    id: row.id as PersonId,
    partnerId: row.partner_id as PartnerId | null,
    role: row.role as Role | null,
    name: row.name,
    address: row.address,
    timeZone: row.time_zone,
    language: row.language,
  }
}

/** Loads a partner with its domains. */
export async function partnerById(db: Kysely<Database>, partnerId: string): Promise<Partner | null> {
  const row = await db.selectFrom('partner').selectAll().where('id', '=', partnerId).executeTakeFirst()
  if (row === undefined) return null
  const domains = await db
    .selectFrom('partner_domain')
    .select('domain')
    .where('partner_id', '=', partnerId)
    .orderBy('domain')
    .execute()
  return {
    id: row.id as PartnerId,
    name: row.name,
    domains: domains.map((one) => one.domain),
    controlPanelUrl: row.control_panel_url,
    timeZone: row.time_zone,
    language: row.language,
    mode: row.mode as Mode | null,
    machineMail: row.machine_mail === 'answer' ? 'answer' : 'silent',
    state: row.state === 'suspended' ? 'suspended' : 'active',
  }
}

/**
 * Tells who an author is by the registers: agent, a partner's person, somebody of a partner's domain, or a stranger.
 * The domain must match exactly: a partner may host customers on its subdomains.
 */
export async function loadSender(db: Kysely<Database>, from: string | null): Promise<Sender> {
  if (from === null) return { kind: 'stranger' }
  const person = await personByAddress(db, from)
  const known = person === null ? null : await senderOf(db, person)
  if (known !== null) return known
  const found = await db
    .selectFrom('partner_domain')
    .select('partner_id')
    .where('domain', '=', domainOf(from))
    .executeTakeFirst()
  const partner = found === undefined ? null : await partnerById(db, found.partner_id)
  return partner === null ? { kind: 'stranger' } : { kind: 'partner', partner, person: null }
}

/** Tells who a registered person is; null for one who is neither an agent nor of a partner. */
async function senderOf(db: Kysely<Database>, person: Person): Promise<Sender | null> {
  if (person.role !== null) return { kind: 'agent', person }
  if (person.partnerId === null) return null
  const partner = await partnerById(db, person.partnerId)
  return partner === null ? { kind: 'stranger' } : { kind: 'partner', partner, person }
}

/** Tells who a person is whom an operator named as the author; null when they have left the registers since. */
export async function loadNamedSender(db: Kysely<Database>, personId: PersonId): Promise<Sender | null> {
  const active = await db
    .selectFrom('person')
    .select('id')
    .where('id', '=', personId)
    .where('state', '=', 'active')
    .executeTakeFirst()
  const person = active === undefined ? null : await personById(db, personId)
  return person === null ? null : senderOf(db, person)
}
