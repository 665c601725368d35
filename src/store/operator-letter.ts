/** A letter to the operator that no mail caused: a digest, word that letters were stopped. */
import type { Kysely } from 'kysely'
import type { LetterName, Models } from '../letters/models.ts'
import type { ApplyDeps } from './apply-deps.ts'
import { insertLetter } from './insert-letter.ts'
import { operatorAddress } from './operator.ts'
import type { Database } from './schema.ts'

export type OperatorLetterDeps = ApplyDeps & { readonly language: string }

/** Puts the letter into the outbox, from the first queue. */
export async function writeToOperator<N extends LetterName>(
  tx: Kysely<Database>,
  { letter, model }: { readonly letter: N; readonly model: Models[N] },
  { deps, now }: { readonly deps: OperatorLetterDeps; readonly now: Date },
): Promise<void> {
  const replyTo = deps.queueAddress(deps.firstQueue)
  const words = deps.render(letter, model, {
    reference: null,
    subjectStem: '',
    recipientName: null,
    replyAddress: replyTo,
    timeZone: 'UTC',
    language: deps.language,
    now,
  })
  const finished = {
    letter,
    ticketId: null,
    inboxId: null,
    personId: null,
    to: { name: null, address: await operatorAddress(tx, deps) },
    queue: deps.firstQueue,
    replyTo,
    inReplyTo: null,
    references: [],
    words,
    autoSubmitted: 'auto-generated',
    rated: false,
    state: 'queued',
    notBefore: now,
  } as const
  await insertLetter(tx, finished, { deps, now })
}
