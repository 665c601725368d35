/**
 * The References of a letter: one chain for all letters of a ticket, legal in length, and without ids that its reader has
 * never seen.
 * Fails: faults of the database are thrown. Source: RFC 5322 §3.6.4 (References) and §2.1.1 (line length).
 */
import type { Kysely } from 'kysely'
import type { LetterOrder } from '../decide/effects.ts'
import type { LetterName } from '../letters/models.ts'
import type { Database } from './schema.ts'

/** Chains are cut in the middle, root and newest stay. */
const MAX_REFERENCES = 20
/** RFC 5322 §2.1.1: 998 in a line, should somebody unfold the field; its name and some air are taken off. */
const MAX_REFERENCES_OCTETS = 900
/** Around an id, and the blank before the next. */
const BRACKETS = 3

/** Letters of the desk itself: a partner's mail client has none of them, and need not learn of them. */
const DESK_LETTERS: ReadonlySet<string> = new Set<LetterName>(['agent-notice', 'agent-question'])

/**
 * One chain for all letters of a ticket, rooted at the partner's own Message-ID (RFC 5322 §3.6.4). Gmail and Outlook
 * keep a letter in the conversation by it, together with the subject, whose stem never changes.
 */
export async function referencesOf(
  order: Pick<LetterOrder, 'template' | 'inReplyTo'>,
  ticket: { readonly id: string; readonly root_message_id: string | null },
  tx: Kysely<Database>,
): Promise<readonly string[]> {
  const newest = await tx
    .selectFrom('message_reference as reference')
    .leftJoin('outbox', 'outbox.id', 'reference.outbox_id')
    .leftJoin('inbox', 'inbox.id', 'reference.inbox_id')
    .select(['reference.message_id as messageId', 'outbox.letter', 'inbox.outcome'])
    .where('reference.ticket_id', '=', ticket.id)
    .orderBy('reference.created_at', 'desc')
    // A mail and the letters that it caused have one instant; the mail (`foreign`) came first.
    .orderBy('reference.kind', 'desc')
    .limit(2 * MAX_REFERENCES)
    .execute()
  const isForDesk = DESK_LETTERS.has(order.template)
  const root = ticket.root_message_id
  const last = order.inReplyTo === root ? null : order.inReplyTo
  const chain = newest
    .filter(({ letter, outcome }) => isForDesk || !(isOfDesk(letter) || outcome === 'agent-reply'))
    .map((row) => row.messageId)
    .filter((one) => one !== root && one !== last)
  return inLength(root, chain, last)
}

function isOfDesk(letter: string | null): boolean {
  return letter !== null && DESK_LETTERS.has(letter)
}

/** The root first, what this answers last, each once; the newest of the others, as many as the field has room for. */
function inLength(
  root: string | null,
  newestFirst: readonly string[],
  last: string | null,
): readonly string[] {
  const ends = [root, last].filter((one) => one !== null)
  let octets = ends.reduce((sum, one) => sum + one.length + BRACKETS, 0)
  const between: string[] = []
  for (const one of newestFirst) {
    octets += one.length + BRACKETS
    if (octets > MAX_REFERENCES_OCTETS || between.length === MAX_REFERENCES) break
    between.unshift(one)
  }
  return [...(root === null ? [] : [root]), ...between, ...(last === null ? [] : [last])]
}
