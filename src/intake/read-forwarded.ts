/**
 * A reply that forwards an answer: the partner asked their customer, and passes on what they wrote. What is still missing
 * may stand in the forwarded mail, as if the partner had written it.
 * Fails: never.
 */
import type { Mail } from '../mail/mail.ts'
import { missingFields } from './complete.ts'
import { maskSecrets } from './mask.ts'
import type { FieldName, Policy } from './policy.ts'
import type { FieldValue, Reading } from './reading.ts'

/** Gives the forwarded mail as one of its own, by the author who passed it on; null when nothing was forwarded. */
export function forwardedAsMail(mail: Mail): Mail | null {
  const { forwarded } = mail
  if (forwarded === null) return null
  const { text } = forwarded
  return {
    ...mail,
    text,
    newText: text,
    quotedText: null,
    signature: null,
    forwarded: null,
    tableRows: [],
    attachments: [],
  }
}

/** Fills what `asked` names and the reply itself does not give; the partner's own words go before. */
export function withForwarded(
  own: Reading,
  passedOn: Reading,
  { asked, policy }: { readonly asked: readonly FieldName[]; readonly policy: Policy },
): Reading {
  const fields: Record<FieldName, FieldValue> = { ...own.fields }
  for (const name of asked) {
    const found = passedOn.fields[name]
    if (found !== undefined && own.missing.includes(name)) fields[name] = { ...found, place: null }
  }
  const secrets = [...new Set([...own.secrets, ...passedOn.secrets])].sort(
    (one, other) => other.length - one.length,
  )
  for (const [name, field] of Object.entries(fields)) {
    if (field.kind === 'plain') fields[name] = { ...field, value: maskSecrets(field.value, secrets) }
  }
  return { ...own, fields, missing: missingFields(fields, policy), secrets }
}
