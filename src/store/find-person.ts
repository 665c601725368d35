/**
 * Finds a registered person by what an operator types: an address, a name or an id.
 * Fails: never on what was typed; nobody and several are values.
 */
import type { Kysely } from 'kysely'
import type { Person } from '../decide/context.ts'
import { normaliseAddress } from '../mail/mailbox.ts'
import { personByAddress, personById } from './load-people.ts'
import type { Database } from './schema.ts'

export type FoundPerson =
  | { readonly kind: 'found'; readonly person: Person }
  | { readonly kind: 'nobody' }
  | { readonly kind: 'several'; readonly addresses: readonly string[] }

/** A longer list helps nobody. */
const MAX_NAMESAKES = 10

/** Finds the active person; a name must be whole, in any case of letters. */
export async function findPerson(db: Kysely<Database>, word: string): Promise<FoundPerson> {
  const address = normaliseAddress(word)
  if (address !== null) {
    const person = await personByAddress(db, address)
    return person === null ? { kind: 'nobody' } : { kind: 'found', person }
  }
  const wanted = word.trim().toLowerCase()
  const rows = await db
    .selectFrom('person')
    .select(['id', 'name'])
    .where('state', '=', 'active')
    .where((where) => where.or([where('id', '=', wanted), where('name', 'is not', null)]))
    .execute()
  const ids = rows.filter((row) => row.id === wanted || row.name?.toLowerCase() === wanted)
  const people: Person[] = []
  for (const { id } of ids.slice(0, MAX_NAMESAKES)) {
    const person = await personById(db, id)
    if (person !== null) people.push(person)
  }
  const [first, ...more] = people
  if (first === undefined) return { kind: 'nobody' }
  return more.length === 0
    ? { kind: 'found', person: first }
    : { kind: 'several', addresses: people.map((person) => person.address) }
}
