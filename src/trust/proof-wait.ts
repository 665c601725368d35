/**
 * When a sender could not be checked because DNS did not answer: how long the mail waits for another try.
 * Fails: never. A DNS failure is no failure of the sender (RFC 7208 §2.6.6, RFC 6376 §6.1.2), and most end in minutes.
 */
const SHORTEST_MS = 60_000
const LONGEST_MS = 30 * 60_000
/** Then a person must look: well before a promise of 24 hours is broken. */
const PATIENCE_MS = 4 * 60 * 60_000

/** The instant of the next try: as long again as the mail has waited, within bounds. null: it has waited long enough. */
export function nextProofTry(receivedAt: Date, now: Date): Date | null {
  const waited = Math.max(0, now.getTime() - receivedAt.getTime())
  if (waited >= PATIENCE_MS) return null
  return new Date(now.getTime() + Math.min(LONGEST_MS, Math.max(SHORTEST_MS, waited)))
}
