/**
 * What the reader of a mail is told beforehand: what is still missing, which domains are the partner's, which ours.
 * Fails: never. Pure.
 */
import type { ReadingHints } from '../intake/reading.ts'
import type { Context, Ticket } from './context.ts'

/** Builds the hints; `ticket` is the one that the mail replies to, null for a first mail. */
export function readingHints(context: Context, ticket: Ticket | null): ReadingHints {
  const { sender } = context
  return {
    missing: ticket === null ? null : ticket.missing,
    partnerDomains: sender.kind === 'partner' ? sender.partner.domains : [],
    ownDomains: context.ownDomains,
  }
}
