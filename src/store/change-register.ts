/**
 * Changes the registers by a plan made on what is registered now: all of its steps or none, each an event.
 * Fails: RegisterProblem when the plan has problems; faults are thrown, as when a name is taken between plan and change.
 */
import type { Kysely } from 'kysely'
import type { PartnerSettings, Registered, RegisterPlan, RegisterStep } from '../trust/register.ts'
import { recordEvent } from './event.ts'
import { lockNames } from './lock-names.ts'
import type { Store } from './open.ts'
import {
  type At,
  addAgentIn,
  addPartnerIn,
  addPerson,
  listAgents,
  listPartners,
  NAMES_LOCK,
  removeAgentIn,
  removePartnerIn,
} from './registers.ts'
import type { Database } from './schema.ts'

/** Loads both registers. */
export async function loadRegistered(db: Kysely<Database>): Promise<Registered> {
  const partners = await listPartners(db)
  const agents = await listAgents(db)
  const inTickets = await peopleInTickets(db)
  return {
    partners: partners.map((partner) => ({
      ...partner,
      people: partner.people.map((person) => ({ ...person, isInTickets: inTickets.has(person.id) })),
    })),
    agents: agents.map((agent) => ({ ...agent, name: agent.name ?? agent.addresses[0] ?? '' })),
  }
}

async function peopleInTickets(db: Kysely<Database>): Promise<ReadonlySet<string>> {
  const requesters = await db.selectFrom('ticket').select('requester_id as id').distinct().execute()
  const participants = await db
    .selectFrom('participant')
    .select('person_id as id')
    .where('person_id', 'is not', null)
    .distinct()
    .execute()
  return new Set([...requesters, ...participants].flatMap(({ id }) => (id === null ? [] : [id])))
}

/** Plans and, unless it is only a try, takes every step in one transaction. */
export async function changeRegister(
  store: Store,
  plan: (now: Registered) => RegisterPlan,
  at: At & { readonly dryRun: boolean },
): Promise<RegisterPlan> {
  return store.transact(async (tx) => {
    await lockNames(tx, [NAMES_LOCK])
    const planned = plan(await loadRegistered(tx))
    if (planned.kind === 'problems' || at.dryRun) return planned
    for (const step of planned.steps) await take(tx, step, at)
    return planned
  })
}

async function take(tx: Kysely<Database>, step: RegisterStep, at: At): Promise<void> {
  switch (step.kind) {
    case 'add-partner': {
      const { partner } = step
      await addPartnerIn(tx, partner, at)
      return
    }
    case 'add-agent':
      await addAgentIn(tx, { ...step.agent, timeZone: step.agent.timeZone ?? null }, at)
      return
    case 'remove-partner':
      await removePartnerIn(tx, step.partnerId, at)
      return
    case 'remove-agent':
      await removeAgentIn(tx, step.agentId, at)
      return
    default:
      await takeSmall(tx, step, at)
      await recordEvent(tx, { kind: 'register-changed', detail: step.says }, at)
  }
}

type SmallStep = Exclude<
  RegisterStep,
  { kind: 'add-partner' | 'add-agent' | 'remove-partner' | 'remove-agent' }
>

async function takeSmall(tx: Kysely<Database>, step: SmallStep, at: At): Promise<void> {
  switch (step.kind) {
    case 'set-partner':
      await tx.updateTable('partner').set(partnerColumns(step.set)).where('id', '=', step.partnerId).execute()
      return
    case 'add-domain':
      await tx
        .insertInto('partner_domain')
        .values({ domain: step.domain, partner_id: step.partnerId })
        .execute()
      return
    case 'remove-domain':
      await tx.deleteFrom('partner_domain').where('domain', '=', step.domain).execute()
      return
    case 'add-person':
      await addPerson(tx, { ...step.person, partnerId: step.partnerId, role: null, timeZone: null }, at)
      return
    case 'remove-person':
      await tx.deleteFrom('address').where('person_id', '=', step.personId).execute()
      await tx.deleteFrom('person').where('id', '=', step.personId).execute()
      return
    case 'set-person': {
      const { name, role, timeZone } = step.set
      const set = {
        ...(name === undefined ? {} : { name }),
        ...(role === undefined ? {} : { role }),
        ...(timeZone === undefined ? {} : { time_zone: timeZone }),
      }
      await tx.updateTable('person').set(set).where('id', '=', step.personId).execute()
      return
    }
    case 'add-address':
      await addAddress(tx, step, at)
      return
    case 'remove-address':
      await tx.deleteFrom('address').where('address', '=', step.address).execute()
  }
}

function partnerColumns(set: PartnerSettings) {
  return {
    ...(set.name === undefined ? {} : { name: set.name }),
    ...(set.controlPanelUrl === undefined ? {} : { control_panel_url: set.controlPanelUrl }),
    ...(set.timeZone === undefined ? {} : { time_zone: set.timeZone }),
    ...(set.language === undefined ? {} : { language: set.language }),
    ...(set.mode === undefined ? {} : { mode: set.mode }),
    ...(set.machineMail === undefined ? {} : { machine_mail: set.machineMail }),
    ...(set.state === undefined ? {} : { state: set.state }),
  }
}

/** Behind the addresses that are there: letters still go to the first. */
async function addAddress(
  tx: Kysely<Database>,
  step: { readonly personId: string; readonly address: string },
  at: At,
): Promise<void> {
  const last = await tx
    .selectFrom('address')
    .select((select) => select.fn.max('position').as('position'))
    .where('person_id', '=', step.personId)
    .executeTakeFirst()
  await tx
    .insertInto('address')
    .values({
      address: step.address,
      person_id: step.personId,
      position: (last?.position ?? -1) + 1,
      created_at: at.now.getTime(),
    })
    .execute()
}
