/** How many cases a property gets: a few thousand in `npm test`, more when the nightly asks for it. */
import process from 'node:process'

const asked = Number(process.env['TICKETGATE_FUZZ_RUNS'] ?? '')

/** `share` of the nightly's cases: slow properties take less of them. */
export function runs(usual: number, share = 1): { readonly numRuns: number } {
  return { numRuns: asked > 0 ? Math.ceil(asked * share) : usual }
}

/** Milliseconds that a property may take before the test counts as hanging. */
export const PATIENCE_MS = asked > 0 ? 60 * 60_000 : 60_000
