/**
 * Sample letters: between them they take every branch of every template. The check at start renders them all, and
 * `ticketgate letters preview` writes them to files to look at.
 * Fails: never.
 */
import type { FieldText, LetterName } from './models.ts'
import { drafts, expired, leavings, reopenings, statuses } from './sample-case-letters.ts'
import { draftDigests, finished, forwarded, promiseWarnings, results } from './sample-command-letters.ts'
import { digests, notices, questions, stops } from './sample-desk-letters.ts'
import { acknowledgements, answers, checklists } from './sample-partner-letters.ts'
import type { Sample } from './sample-parts.ts'

type SampleMakers = { readonly [N in LetterName]: (texts: readonly FieldText[]) => readonly Sample<N>[] }

const SAMPLES: SampleMakers = {
  checklist: checklists,
  acknowledgement: acknowledgements,
  'agent-notice': notices,
  'agent-answer': answers,
  'held-digest': digests,
  'letters-stopped': stops,
  'draft-digest': draftDigests,
  'draft-reminder': drafts,
  'draft-expired': expired,
  reopened: reopenings,
  leaving: leavings,
  'ticket-status': statuses,
  'agent-question': questions,
  resolved: finished,
  closed: finished,
  'engineering-forwarded': forwarded,
  'command-result': results,
  'promise-warning': promiseWarnings,
  'promise-broken': promiseWarnings,
}

/** Gives the samples of one letter, with the titles and hints of one language. */
export function samplesOf<N extends LetterName>(name: N, texts: readonly FieldText[]): readonly Sample<N>[] {
  return SAMPLES[name](texts)
}
