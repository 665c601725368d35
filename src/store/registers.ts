/**
 * The registers of partners and agents, as the command line changes them. Each change is an event.
 * Fails: RegisterProblem with one line for people (a name, domain or address that is taken, unknown or in use).
 */
import type { Kysely } from 'kysely'
import { domainOf } from '../mail/mailbox.ts'
import type { PartnerEntry, PersonEntry } from '../trust/register.ts'
import { recordEvent } from './event.ts'
import { domainLock, lockNames } from './lock-names.ts'
import type { IdSource } from './new-id.ts'
import type { Store } from './open.ts'
import type { Database } from './schema.ts'

/** Two changes of the register never pick one name at once. */
export const NAMES_LOCK = 'partner names'

export class RegisterProblem extends Error {}

export type At = { readonly now: Date; readonly newId: IdSource; readonly brandId: string }

export type NewPartner = {
  readonly name: string
  /** A-labels, lower case. */
  readonly domains: readonly string[]
  readonly people: readonly { readonly name: string | null; readonly address: string }[]
  readonly controlPanelUrl: string | null
  readonly timeZone: string | null
  readonly language: string | null
  readonly mode: string | null
  readonly machineMail: 'answer' | 'silent'
}

export type PartnerView = {
  readonly id: string
  readonly name: string
  readonly state: string
  readonly domains: readonly string[]
  readonly people: readonly {
    readonly id: string
    readonly name: string | null
    readonly addresses: readonly string[]
  }[]
  readonly controlPanelUrl: string | null
  readonly timeZone: string | null
  readonly language: string | null
  readonly mode: string | null
  readonly machineMail: string
  readonly tickets: number
}

/** Registers a partner; all of it or nothing. Returns its id. */
export async function addPartner(store: Store, partner: NewPartner, at: At): Promise<string> {
  const people = partner.people.map(({ name, address }) => ({ name, addresses: [address] }))
  return store.transact((tx) => addPartnerIn(tx, { ...partner, people }, at))
}

/** Registers a partner inside the caller's transaction; what is left out takes its default. */
export async function addPartnerIn(tx: Kysely<Database>, partner: PartnerEntry, at: At): Promise<string> {
  await lockNames(tx, [
    NAMES_LOCK,
    ...[...partner.domains, ...partner.people.flatMap((person) => person.addresses).map(domainOf)].map(
      domainLock,
    ),
  ])
  const namesake = await tx
    .selectFrom('partner')
    .select('id')
    .where('name', '=', partner.name)
    .executeTakeFirst()
  if (namesake !== undefined)
    throw new RegisterProblem(`the name ${partner.name} belongs to a partner already`)
  const domains = [...new Set(partner.domains)]
  for (const domain of domains) {
    const taken = await tx
      .selectFrom('partner_domain')
      .innerJoin('partner', 'partner.id', 'partner_domain.partner_id')
      .select('partner.name')
      .where('domain', '=', domain)
      .executeTakeFirst()
    if (taken !== undefined)
      throw new RegisterProblem(`the domain ${domain} belongs to ${taken.name} already`)
  }
  const id = at.newId(at.now)
  await tx
    .insertInto('partner')
    .values({
      id,
      brand_id: at.brandId,
      name: partner.name,
      control_panel_url: partner.controlPanelUrl ?? null,
      time_zone: partner.timeZone ?? null,
      language: partner.language ?? null,
      mode: partner.mode ?? null,
      machine_mail: partner.machineMail ?? 'silent',
      state: partner.state ?? 'active',
      created_at: at.now.getTime(),
    })
    .execute()
  for (const domain of domains) {
    await tx.insertInto('partner_domain').values({ domain, partner_id: id }).execute()
  }
  for (const person of onePerAddress(partner.people))
    await addPerson(tx, { ...person, partnerId: id, role: null, timeZone: null }, at)
  await recordEvent(tx, { kind: 'partner-added', detail: partner.name }, at)
  return id
}

/** The same person named twice is one. */
function onePerAddress(people: readonly PersonEntry[]): readonly PersonEntry[] {
  const taken = new Set<string>()
  return people.filter(({ addresses }) => {
    const isNew = addresses.some((address) => !taken.has(address))
    for (const address of addresses) taken.add(address)
    return isNew
  })
}

type NewPerson = {
  readonly name: string | null
  readonly addresses: readonly string[]
  readonly partnerId: string | null
  readonly role: string | null
  readonly timeZone: string | null
}

/** Adds a person with their addresses. */
export async function addPerson(tx: Kysely<Database>, person: NewPerson, at: At): Promise<string> {
  const id = at.newId(at.now)
  await tx
    .insertInto('person')
    .values({
      id,
      brand_id: at.brandId,
      partner_id: person.partnerId,
      role: person.role,
      name: person.name,
      time_zone: person.timeZone,
      state: 'active',
      created_at: at.now.getTime(),
    })
    .execute()
  for (const [position, address] of [...new Set(person.addresses)].entries()) {
    const taken = await tx
      .selectFrom('address')
      .select('address')
      .where('address', '=', address)
      .executeTakeFirst()
    if (taken !== undefined) throw new RegisterProblem(`the address ${address} belongs to somebody already`)
    await tx
      .insertInto('address')
      .values({ address, person_id: id, position, created_at: at.now.getTime() })
      .execute()
  }
  return id
}

/** Lists all partners by name. */
export async function listPartners(db: Kysely<Database>): Promise<readonly PartnerView[]> {
  const rows = await db.selectFrom('partner').select('id').orderBy('name').execute()
  const views: PartnerView[] = []
  for (const row of rows) {
    const view = await viewPartner(db, row.id)
    if (view !== null) views.push(view)
  }
  return views
}

/** Finds one partner by id, name or domain; null when there is none. */
export async function findPartner(db: Kysely<Database>, word: string): Promise<PartnerView | null> {
  const row = await db
    .selectFrom('partner')
    .leftJoin('partner_domain', 'partner_domain.partner_id', 'partner.id')
    .select('partner.id')
    .where((where) =>
      where.or([
        where('partner.id', '=', word),
        where('partner.name', '=', word),
        where('partner_domain.domain', '=', word.toLowerCase()),
      ]),
    )
    .executeTakeFirst()
  return row === undefined ? null : viewPartner(db, row.id)
}

async function viewPartner(db: Kysely<Database>, id: string): Promise<PartnerView | null> {
  const row = await db.selectFrom('partner').selectAll().where('id', '=', id).executeTakeFirst()
  if (row === undefined) return null
  const domains = await db
    .selectFrom('partner_domain')
    .select('domain')
    .where('partner_id', '=', id)
    .orderBy('domain')
    .execute()
  const people = await db
    .selectFrom('person')
    .innerJoin('address', 'address.person_id', 'person.id')
    .select(['person.id', 'person.name', 'address.address'])
    .where('person.partner_id', '=', id)
    .orderBy('person.id')
    .orderBy('address.position')
    .execute()
  const tickets = await db
    .selectFrom('ticket')
    .select((select) => select.fn.countAll<number | string>().as('count'))
    .where('partner_id', '=', id)
    .executeTakeFirst()
  const ids = [...new Set(people.map((one) => one.id))]
  return {
    id,
    name: row.name,
    state: row.state,
    domains: domains.map((one) => one.domain),
    people: ids.map((personId) => {
      const rows = people.filter((one) => one.id === personId)
      return { id: personId, name: rows[0]?.name ?? null, addresses: rows.map((one) => one.address) }
    }),
    controlPanelUrl: row.control_panel_url,
    timeZone: row.time_zone,
    language: row.language,
    mode: row.mode,
    machineMail: row.machine_mail,
    tickets: Number(tickets?.count ?? 0),
  }
}

/**
 * Removes a partner. One with tickets keeps its history: it is suspended, so that its mail is held, and its people are
 * written to no more. Returns what was done; null when there is no such partner.
 */
export async function removePartner(
  store: Store,
  word: string,
  at: At,
): Promise<'removed' | 'suspended' | null> {
  return store.transact((tx) => removePartnerIn(tx, word, at))
}

/** The same inside the caller's transaction. */
export async function removePartnerIn(
  tx: Kysely<Database>,
  word: string,
  at: At,
): Promise<'removed' | 'suspended' | null> {
  const partner = await findPartner(tx, word)
  if (partner === null) return null
  if (partner.tickets > 0) {
    await tx.updateTable('partner').set({ state: 'suspended' }).where('id', '=', partner.id).execute()
  } else {
    const people = partner.people.map((person) => person.id)
    if (people.length > 0) {
      await tx.deleteFrom('address').where('person_id', 'in', people).execute()
      await tx.deleteFrom('person').where('id', 'in', people).execute()
    }
    await tx.deleteFrom('partner_domain').where('partner_id', '=', partner.id).execute()
    await tx.deleteFrom('partner').where('id', '=', partner.id).execute()
  }
  const done = partner.tickets > 0 ? 'suspended' : 'removed'
  await recordEvent(tx, { kind: `partner-${done}`, detail: partner.name }, at)
  return done
}

export type AgentView = {
  readonly id: string
  readonly name: string | null
  readonly role: string
  readonly addresses: readonly string[]
  readonly timeZone: string | null
}

/** Registers an agent; the first address is where notices go. Returns the id. */
export async function addAgent(
  store: Store,
  agent: Omit<NewPerson, 'partnerId'> & { readonly role: string },
  at: At,
): Promise<string> {
  return store.transact((tx) => addAgentIn(tx, agent, at))
}

/** The same inside the caller's transaction. */
export async function addAgentIn(
  tx: Kysely<Database>,
  agent: Omit<NewPerson, 'partnerId'> & { readonly role: string },
  at: At,
): Promise<string> {
  await lockNames(tx, agent.addresses.map(domainOf).map(domainLock))
  const id = await addPerson(tx, { ...agent, partnerId: null }, at)
  await recordEvent(tx, { kind: 'agent-added', detail: agent.role, personId: id }, at)
  return id
}

/** Lists the active agents. */
export async function listAgents(db: Kysely<Database>): Promise<readonly AgentView[]> {
  const rows = await db
    .selectFrom('person')
    .innerJoin('address', 'address.person_id', 'person.id')
    .select(['person.id', 'person.name', 'person.role', 'person.time_zone', 'address.address'])
    .where('person.role', 'is not', null)
    .where('person.state', '=', 'active')
    .orderBy('person.id')
    .orderBy('address.position')
    .execute()
  const ids = [...new Set(rows.map((row) => row.id))]
  return ids.flatMap((id) => {
    const own = rows.filter((row) => row.id === id)
    const [first] = own
    if (first === undefined) return []
    const { name, role, time_zone: timeZone } = first
    return [{ id, name, role: role ?? '', addresses: own.map((row) => row.address), timeZone }]
  })
}

/** Takes an agent out: their mail counts as a stranger's. Posts keep their name. Returns false when unknown. */
export async function removeAgent(store: Store, word: string, at: At): Promise<boolean> {
  return store.transact((tx) => removeAgentIn(tx, word, at))
}

/** The same inside the caller's transaction. */
export async function removeAgentIn(tx: Kysely<Database>, word: string, at: At): Promise<boolean> {
  const agents = await listAgents(tx)
  const agent = agents.find(
    (one) => one.id === word || one.name === word || one.addresses.includes(word.toLowerCase()),
  )
  if (agent === undefined) return false
  await tx.updateTable('person').set({ state: 'removed' }).where('id', '=', agent.id).execute()
  await tx.deleteFrom('address').where('person_id', '=', agent.id).execute()
  await recordEvent(tx, { kind: 'agent-removed', detail: agent.role, personId: agent.id }, at)
  return true
}
