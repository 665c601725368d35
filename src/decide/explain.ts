/**
 * Evidence: why a mail got its outcome, as masked plain JSON that is stored beside it, and as lines for people. It is
 * built once, in the deciding transaction, so that `explain` opens no raw mail.
 * Fails: never. Pure; a password never enters it.
 */
import { MASK, maskSecrets } from '../intake/mask.ts'
import type { FieldName } from '../intake/policy.ts'
import type { ThreeRs, Tone } from '../intake/reading.ts'
import type { Mail, MailKind, Unreadable } from '../mail/mail.ts'
import type { Context, Facts, Proof, Sender, ThreadEvidence } from './context.ts'
import type { Circumstance, Judgement } from './judgement.ts'
import { registerMismatches } from './register-mismatch.ts'

type FieldEvidence = {
  readonly field: FieldName
  readonly value: string
  readonly source: string
  /** Did this mail fill it in or correct it? */
  readonly gained: boolean
}

export type Evidence = {
  readonly proof: Proof
  /** A person of the desk vouched for it: when, and whether they named its author. */
  readonly released: { readonly at: string; readonly cameIn: string; readonly named: boolean } | null
  readonly sender: Sender['kind'] | 'unread'
  readonly partner: string | null
  readonly person: string | null
  readonly mailKind: MailKind | 'unreadable'
  readonly automatic: { readonly reason: string; readonly evidence: string } | null
  readonly thread: { readonly ticket: string; readonly by: ThreadEvidence } | null
  readonly fields: readonly FieldEvidence[]
  readonly missing: readonly FieldName[]
  readonly threeRs: ThreeRs | null
  readonly tones: readonly Tone[]
  readonly language: string | null
  readonly circumstances: readonly Circumstance[]
  readonly warnings: readonly string[]
  readonly mode: string
  readonly policyVersion: string
}

/** Longer values are on the ticket; evidence shows what was recognised. */
const MAX_VALUE_CHARACTERS = 300

function fieldEvidence(judgement: Judgement): readonly FieldEvidence[] {
  const { merged } = judgement
  if (merged === null) return []
  const stored = Object.entries(merged.fields).map(([field, value]) => ({
    field,
    value: value.secretId === null ? value.value.slice(0, MAX_VALUE_CHARACTERS) : `${value.value} / ${MASK}`,
    source: value.source,
    gained: merged.gained.includes(field),
  }))
  const sealed = merged.seals.map(({ field, username, source }) => ({
    field,
    value: username === null ? MASK : `${username} / ${MASK}`,
    source,
    gained: true,
  }))
  return [...stored, ...sealed]
}

function releasedOf({ resumed, envelope }: Context): Evidence['released'] {
  if (resumed?.vouched !== true) return null
  const { at, named } = resumed
  return { at: at.toISOString(), cameIn: envelope.receivedAt.toISOString(), named }
}

/** Builds the evidence of a judgement, masked. */
export function evidenceOf(
  judgement: Judgement,
  facts: Facts,
  context: Context,
  mail: Mail | Unreadable,
): Evidence {
  const { reading, author, merged } = judgement
  const secrets = reading?.secrets ?? []
  const isMail = mail.kind === 'mail'
  const mismatches =
    author?.kind === 'partner' && merged !== null ? registerMismatches(author, merged.fields) : []
  const automatic = isMail ? mail.automatic : null
  return {
    proof: facts.proof,
    released: releasedOf(context),
    sender: isMail ? context.sender.kind : 'unread',
    partner: author?.kind === 'partner' ? author.partner.name : (context.forwarder?.name ?? null),
    person: author?.person.address ?? null,
    mailKind: isMail ? mail.mailKind : 'unreadable',
    automatic:
      automatic === null
        ? null
        : { reason: automatic.reason, evidence: maskSecrets(automatic.evidence, secrets) },
    thread:
      context.thread === null
        ? null
        : { ticket: `TG-${context.thread.ticket.number}`, by: context.thread.by },
    fields: fieldEvidence(judgement),
    missing: merged?.missing ?? [],
    threeRs: merged?.threeRs ?? null,
    tones: reading?.tones.map((tone) => ({ kind: tone.kind, words: maskSecrets(tone.words, secrets) })) ?? [],
    language: reading?.language ?? null,
    circumstances: judgement.circumstances,
    warnings: [...new Set([...(isMail ? mail.warnings : []), ...(reading?.warnings ?? []), ...mismatches])],
    mode: context.mode,
    policyVersion: context.policy.version,
  }
}
