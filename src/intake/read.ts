/**
 * Reads a submission: what the mail says about each field of the policy, where it says so, and what is missing.
 * Sources in order: tables and labels of the new text, answers typed into our quoted checklist, labels in readable
 * attachments, the running text, the forwarded mail, the subject.
 * Fails: never; any text gives a reading, bounded by `mail-lines.ts`. Source: docs/architecture.md (reading).
 */
import type { Mail } from '../mail/mail.ts'
import { bareAnswers } from './bare-answers.ts'
import { type Collected, collect } from './collect.ts'
import { isSecretLink, missingFields } from './complete.ts'
import { findSecrets } from './find-secrets.ts'
import { inferFields } from './infer-fields.ts'
import { guessLanguage } from './language.ts'
import { lexiconOf } from './lexicon.ts'
import { contentLines, endTest, readLines } from './mail-lines.ts'
import { maskSecrets } from './mask.ts'
import { withoutOurLetter } from './our-letter.ts'
import { placeOf } from './place.ts'
import type { FieldName, Policy } from './policy.ts'
import { forwardedAsMail, withForwarded } from './read-forwarded.ts'
import type { FieldValue, Reading, ReadingHints } from './reading.ts'
import { typoBudget } from './segment.ts'
import { sentencesOf } from './sentences.ts'
import { readThreeRs } from './three-rs.ts'
import { readTones } from './tone.ts'
import { dropExamples } from './untouched-examples.ts'

/** Reads a mail against the policy; `hints` tell what is known before it. */
export function readSubmission(mail: Mail, policy: Policy, hints: ReadingHints): Reading {
  const own = readOne(mail, policy, hints)
  const passedOn = hints.missing === null || hints.missing.length === 0 ? null : forwardedAsMail(mail)
  if (passedOn === null) return own
  return withForwarded(own, readOne(passedOn, policy, hints), { asked: hints.missing ?? [], policy })
}

function readOne(received: Mail, policy: Policy, hints: ReadingHints): Reading {
  const lexicon = lexiconOf(policy)
  const mail = withoutOurLetter(received, lexicon)
  const budget = typoBudget()
  const isEnd = endTest(mail, lexicon)
  const collected = collect(mail, lexicon, { budget, isEnd })
  inferFields(mail, lexicon, { collected, hints, isEnd })
  dropExamples(collected, lexicon)
  bareAnswers(lexicon, { collected, hints })

  const secrets = findSecrets(mail, lexicon, budget)
  for (const value of collected.fields.values()) {
    if (value.kind === 'credentials' && value.value.password !== null) secrets.add(value.value.password)
  }
  const fields = finishFields(received, collected, { policy, secrets: [...secrets] })
  const content = sentencesOf(contentLines(readLines(mail.newText), lexicon, isEnd))
  const steps = fields['steps_taken']
  return {
    fields,
    threeRs: readThreeRs(
      {
        labelled: collected.threeRs,
        steps: steps?.kind === 'plain' ? sentencesOf(steps.value.split('\n')) : [],
        all: [...content, ...collected.attached],
      },
      lexicon,
    ),
    missing: missingFields(fields, policy),
    secrets: [...secrets].sort((one, other) => other.length - one.length),
    emptyAnswers: [...collected.emptyAnswers],
    // `Thank you!` alone reads as a closing, and is all that the mail says.
    tones: readTones(content.length > 0 ? content : firstLine(mail.newText), lexicon),
    language: guessLanguage(`${mail.subject ?? ''}\n${mail.newText}`, lexicon),
    warnings: [...collected.warnings, ...linkWarnings(fields)],
  }
}

/** A link that shows the password once is taken like a password; whoever opens it first uses it up. */
function linkWarnings(fields: Readonly<Record<FieldName, FieldValue>>): readonly string[] {
  const byLink = Object.values(fields).some(
    (field) => field.kind === 'credentials' && isSecretLink(field.value.password ?? ''),
  )
  return byLink ? ['credentials-by-link'] : []
}

function firstLine(text: string): readonly string[] {
  return readLines(text)
    .filter((line) => line.trim() !== '')
    .slice(0, 1)
}

/** Masks passwords in texts and adds where each value stands; in the policy's order. */
function finishFields(
  mail: Mail,
  collected: Collected,
  { policy, secrets }: { readonly policy: Policy; readonly secrets: readonly string[] },
): Record<FieldName, FieldValue> {
  const fields: Record<FieldName, FieldValue> = {}
  for (const { name } of policy.fields) {
    const value = collected.fields.get(name)
    if (value === undefined) continue
    const place = placeOf(mail, value)
    fields[name] =
      value.kind === 'plain'
        ? { kind: 'plain', value: maskSecrets(value.value, secrets), source: value.source, place }
        : { kind: 'credentials', value: value.value, source: value.source, place }
  }
  return fields
}
