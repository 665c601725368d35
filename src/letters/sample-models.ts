/**
 * Sample letters: between them they take every branch of every template. The check at start renders them all, and
 * `ticketgate letters preview` writes them to files to look at.
 * Fails: never.
 */
import type { FieldText, LetterName } from './models.ts'
import { digests, notices } from './sample-desk-letters.ts'
import { acknowledgements, answers, checklists } from './sample-partner-letters.ts'
import type { Sample } from './sample-parts.ts'

type SampleMakers = { readonly [N in LetterName]: (texts: readonly FieldText[]) => readonly Sample<N>[] }

const SAMPLES: SampleMakers = {
  checklist: checklists,
  acknowledgement: acknowledgements,
  'agent-notice': notices,
  'agent-answer': answers,
  'held-digest': digests,
}

/** Gives the samples of one letter, with the titles and hints of one language. */
export function samplesOf<N extends LetterName>(name: N, texts: readonly FieldText[]): readonly Sample<N>[] {
  return SAMPLES[name](texts)
}
