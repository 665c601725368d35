/**
 * Facts for a decision beside sender and ticket: who else is named, which drafts wait, through whose mailbox a stranger's
 * mail came, for whom an agent forwards. Every look-up is by key or index, and made only when it may matter.
 * Fails: faults of the database are thrown.
 */
import type { Kysely } from 'kysely'
import type {
  AgentQuestion,
  NamedPerson,
  OnBehalf,
  Partner,
  PartnerId,
  Person,
  PersonId,
  Sender,
  TicketId,
  WaitingDraft,
} from '../decide/context.ts'
import type { ForwardTraces } from '../mail/auto-forward.ts'
import type { InboxId } from '../mail/mail.ts'
import { domainOf, normaliseAddress } from '../mail/mailbox.ts'
import { dialectOf, lockRow } from './dialect.ts'
import { messageKey } from './event.ts'
import { loadSender, partnerById, personByAddress } from './load-people.ts'
import { jsonObject } from './load-ticket.ts'
import type { Database } from './schema.ts'

/** Somebody with more waiting drafts than this is not answering any. */
const MAX_DRAFTS = 20

/** Tells who of the named are registered. */
export async function namedPeople(
  tx: Kysely<Database>,
  addresses: readonly string[],
): Promise<readonly NamedPerson[]> {
  if (addresses.length === 0) return []
  const rows = await tx
    .selectFrom('address')
    .innerJoin('person', 'person.id', 'address.person_id')
    .select(['address.address', 'person.partner_id', 'person.role'])
    .where('address.address', 'in', addresses)
    .where('person.state', '=', 'active')
    .execute()
  return rows.map((row) => ({
    address: row.address,
    partnerId: row.partner_id as PartnerId | null,
    isAgent: row.role !== null,
  }))
}

/** Loads the waiting drafts of a person, newest first; until the transaction ends nobody else changes them. */
export async function waitingDrafts(
  tx: Kysely<Database>,
  personId: PersonId,
): Promise<readonly WaitingDraft[]> {
  const rows = await tx
    .selectFrom('ticket')
    .select(['id', 'number', 'fields'])
    .where('requester_id', '=', personId)
    .where('state', '=', 'draft')
    .orderBy('number', 'desc')
    .limit(MAX_DRAFTS)
    .modifyEnd(lockRow(dialectOf(tx)))
    .execute()
  return rows.map((row) => ({
    id: row.id as TicketId,
    number: row.number,
    customerDomain: valueOf(jsonObject(row.fields)['customer_domain']),
  }))
}

function valueOf(field: unknown): string | null {
  if (field === null || typeof field !== 'object' || !('value' in field)) return null
  return typeof field.value === 'string' ? field.value : null
}

/** Finds the partner through one of whose mailboxes a stranger's mail came. */
export async function forwarderOf(tx: Kysely<Database>, traces: ForwardTraces): Promise<Partner | null> {
  const { addresses, domains } = traces
  if (addresses.length > 0) {
    const person = await tx
      .selectFrom('address')
      .innerJoin('person', 'person.id', 'address.person_id')
      .select('person.partner_id')
      .where('address.address', 'in', addresses)
      .where('person.partner_id', 'is not', null)
      .executeTakeFirst()
    if (person?.partner_id != null) return partnerById(tx, person.partner_id)
  }
  if (domains.length === 0) return null
  const row = await tx
    .selectFrom('partner_domain')
    .select('partner_id')
    .where('domain', 'in', domains)
    .orderBy('domain')
    .executeTakeFirst()
  return row === undefined ? null : partnerById(tx, row.partner_id)
}

/** For whom an agent's mail is: by their word, else the first partner among the authors of what they forwarded. */
export async function onBehalfOf(
  tx: Kysely<Database>,
  inboxId: InboxId,
  authors: readonly string[],
): Promise<OnBehalf | null> {
  const row = await tx.selectFrom('inbox').select('opens_for').where('id', '=', inboxId).executeTakeFirst()
  if (row?.opens_for != null) return behalfOf(tx, row.opens_for, authors)
  for (const author of authors) {
    const found = await behalfOf(tx, author, [])
    if (found !== null) return found
  }
  return null
}

/**
 * Looks up whom an address or a domain stands for. A domain alone stands for whoever of the partner wrote the mail, else
 * for the first person in the register.
 */
async function behalfOf(
  tx: Kysely<Database>,
  name: string,
  authors: readonly string[],
): Promise<OnBehalf | null> {
  if (name.includes('@')) return behalfOfSender(await loadSender(tx, name), name)
  const row = await tx
    .selectFrom('partner_domain')
    .select('partner_id')
    .where('domain', '=', name)
    .executeTakeFirst()
  const partner = row === undefined ? null : await partnerById(tx, row.partner_id)
  if (partner === null) return null
  const author = authors.find((one) => partner.domains.includes(domainOf(one))) ?? null
  const person = author === null ? await firstPerson(tx, partner.id) : await personByAddress(tx, author)
  return person === null && author === null ? null : { partner, person, address: author }
}

function behalfOfSender(sender: Sender, address: string): OnBehalf | null {
  if (sender.kind !== 'partner') return null
  return { partner: sender.partner, person: sender.person, address: normaliseAddress(address) }
}

async function firstPerson(tx: Kysely<Database>, partnerId: PartnerId): Promise<Person | null> {
  const row = await tx
    .selectFrom('person')
    .innerJoin('address', 'address.person_id', 'person.id')
    .select('address.address')
    .where('person.partner_id', '=', partnerId)
    .where('person.state', '=', 'active')
    .orderBy('person.id')
    .executeTakeFirst()
  return row === undefined ? null : personByAddress(tx, row.address)
}

/** Finds the question of ours that an agent's mail answers; null when it answers none, or nothing waits any more. */
export async function questionOf(
  tx: Kysely<Database>,
  agentId: PersonId,
  keys: { readonly messageIds: readonly string[]; readonly firstLineNames: string | null },
): Promise<AgentQuestion | null> {
  if (keys.messageIds.length === 0) return null
  const letter = await tx
    .selectFrom('outbox')
    .select(['inbox_id'])
    .where('message_id', 'in', keys.messageIds.map(messageKey))
    .where('letter', '=', 'agent-question')
    .where('person_id', '=', agentId)
    .executeTakeFirst()
  if (letter?.inbox_id == null) return null
  const mail = await tx
    .selectFrom('inbox')
    .select(['id', 'subject'])
    .where('id', '=', letter.inbox_id)
    .where('state', '=', 'held')
    .executeTakeFirst()
  if (mail === undefined) return null
  const asked = await tx
    .selectFrom('outbox')
    .select((select) => select.fn.countAll<number | string>().as('count'))
    .where('inbox_id', '=', letter.inbox_id)
    .where('letter', '=', 'agent-question')
    .executeTakeFirst()
  const { firstLineNames } = keys
  return {
    inboxId: mail.id as InboxId,
    subject: mail.subject ?? '',
    asked: Number(asked?.count ?? 0),
    names:
      firstLineNames !== null && (await behalfOf(tx, firstLineNames, [])) !== null ? firstLineNames : null,
  }
}
