/**
 * Placeholders in the mails of a conversation: `{{checklist replyTo}}`, `{{agent-notice ada@desk.example messageId}}`,
 * `{{ticket A}}`, `{{mail 2}}`. They stand for what only the run knows: signed addresses, Message-IDs, numbers, ids.
 * Fails: a placeholder that names nothing throws.
 */
import type { Kysely } from 'kysely'
import type { Database } from '../../src/store/schema.ts'

export type Known = {
  readonly db: Kysely<Database>
  /** Ticket ids by the names of the script. */
  readonly tickets: ReadonlyMap<string, string>
  /** Inbox ids of the mails so far, in order. */
  readonly mails: readonly string[]
}

const PLACEHOLDER = /\{\{([^{}\n]{1,200})\}\}/g

/** Fills in every placeholder of a text. */
export async function fill(text: string, known: Known): Promise<string> {
  const words = [...new Set([...text.matchAll(PLACEHOLDER)].map((match) => match[1] ?? ''))]
  const values = new Map<string, string>()
  for (const word of words) values.set(word, await valueOf(word.trim().split(/\s+/), known))
  return text.replaceAll(PLACEHOLDER, (_, word: string) => values.get(word) ?? '')
}

async function valueOf(words: readonly string[], known: Known): Promise<string> {
  const [first = '', second = ''] = words
  if (first === 'ticket') return ticketReference(second, known)
  if (first === 'mail') {
    const id = known.mails[Number(second) - 1]
    if (id === undefined) throw new Error(`there is no mail ${second} yet`)
    return id
  }
  return letterValue(first, words.slice(1), known)
}

async function ticketReference(name: string, { db, tickets }: Known): Promise<string> {
  const row = await db
    .selectFrom('ticket')
    .select('number')
    .where('id', '=', tickets.get(name) ?? '')
    .executeTakeFirst()
  if (row === undefined) throw new Error(`there is no ticket ${name} yet`)
  return `TG-${row.number}`
}

async function letterValue(letter: string, rest: readonly string[], { db }: Known): Promise<string> {
  const address = rest.length > 1 ? rest[0] : undefined
  let query = db.selectFrom('outbox').selectAll().where('letter', '=', letter).orderBy('id', 'desc').limit(1)
  if (address !== undefined) query = query.where('to_address', '=', address)
  const row = await query.executeTakeFirst()
  if (row === undefined) throw new Error(`no letter ${letter} ${address ?? ''} was written yet`)
  const property = rest.at(-1) ?? ''
  switch (property) {
    case 'replyTo':
      return row.reply_to
    case 'messageId':
      return `<${row.message_id}>`
    case 'subject':
      return row.subject
    case 'returnPath':
      return row.return_path
    case 'references':
      return (JSON.parse(row.reference_ids) as string[]).map((id) => `<${id}>`).join(' ')
    case 'quoted':
      return row.text.replace(/^/gm, '> ')
    default:
      throw new Error(`a letter has no ${property}`)
  }
}
