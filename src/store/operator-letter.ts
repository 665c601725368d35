/** Letters to the desk that no mail caused and that are about no ticket: digests, word that letters were stopped. */
import type { Kysely } from 'kysely'
import type { PersonId } from '../decide/context.ts'
import type { LetterName, Models } from '../letters/models.ts'
import type { ApplyDeps } from './apply-deps.ts'
import { insertLetter } from './insert-letter.ts'
import { operatorAddress } from './operator.ts'
import type { Database } from './schema.ts'

export type OperatorLetterDeps = ApplyDeps & { readonly language: string }

type DeskLetter<N extends LetterName> = { readonly letter: N; readonly model: Models[N] }
type Reader = {
  readonly personId: PersonId | null
  readonly name: string | null
  readonly address: string
  readonly timeZone: string | null
}
type At = { readonly deps: OperatorLetterDeps; readonly now: Date }

/** Puts the letter to the operator into the outbox, from the first queue. */
export async function writeToOperator<N extends LetterName>(
  tx: Kysely<Database>,
  letter: DeskLetter<N>,
  at: At,
): Promise<void> {
  const address = await operatorAddress(tx, at.deps)
  await writeToReader(tx, letter, { personId: null, name: null, address, timeZone: null }, at)
}

/** Puts the letter to one of the desk into the outbox, from the first queue. */
export async function writeToReader<N extends LetterName>(
  tx: Kysely<Database>,
  { letter, model }: DeskLetter<N>,
  to: Reader,
  { deps, now }: At,
): Promise<void> {
  const replyTo = deps.queueAddress(deps.firstQueue)
  const words = deps.render(letter, model, {
    reference: null,
    subjectStem: '',
    recipientName: to.name,
    replyAddress: replyTo,
    timeZone: to.timeZone ?? 'UTC',
    language: deps.language,
    now,
  })
  const finished = {
    letter,
    ticketId: null,
    inboxId: null,
    personId: to.personId,
    to: { name: to.name, address: to.address },
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
