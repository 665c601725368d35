/**
 * Where in the mail a value stands, so that it can be shown marked up. Fails: never; null when the value was put together
 * from several places or rewritten.
 */
import type { Mail } from '../mail/mail.ts'
import type { FieldValue, Place } from './reading.ts'

/** Finds the value's first line in the text that its source names. */
export function placeOf(mail: Mail, value: FieldValue): Place | null {
  const needle = (value.kind === 'plain' ? value.value : (value.value.username ?? value.value.password ?? ''))
    .split('\n')[0]
    ?.trim()
  if (needle === undefined || needle === '' || value.source === 'account') return null
  const texts: readonly [Place['within'], string | null][] =
    value.source === 'subject'
      ? [['subject', mail.subject]]
      : value.source === 'attachment'
        ? mail.attachments.map((attachment): [Place['within'], string | null] => [
            'attachment',
            attachment.text,
          ])
        : [
            ['new-text', mail.newText],
            ['text', mail.text],
          ]
  for (const [within, text] of texts) {
    const start = text?.indexOf(needle) ?? -1
    if (start !== -1) return { within, start, end: start + needle.length }
  }
  return null
}
