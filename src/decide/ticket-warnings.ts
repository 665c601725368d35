/**
 * The warnings that a ticket carries after a mail: those of its reading, those before that still hold, and what the
 * register contradicts.
 * Fails: never. Pure.
 */
import type { PartnerJudgement } from './plan-parts.ts'
import { belongingTicket } from './plan-parts.ts'
import { registerMismatches } from './register-mismatch.ts'

/** Code of credentials that are a link which shows them once. */
const BY_LINK = 'credentials-by-link'
const SEVERAL_CUSTOMERS = 'several-customers'

/** Lists the warning codes of the mail's ticket, each once. */
export function ticketWarnings(judgement: PartnerJudgement): readonly string[] {
  const { author, merged, reading } = judgement
  const before = belongingTicket(judgement)?.warnings ?? []
  // A link holds until other credentials come; of several customers the ticket keeps speaking.
  const still = before.filter(
    (code) => code === SEVERAL_CUSTOMERS || (code === BY_LINK && merged.seals.length === 0),
  )
  return [...new Set([...reading.warnings, ...still, ...registerMismatches(author, merged.fields)])]
}
