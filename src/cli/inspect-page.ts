/**
 * One mail as a colleague would mark it up with a highlighter: what was read, from where, and the text with the found
 * passages marked. On a plain pipe the marks are brackets. Fails: never; control characters are made harmless.
 */
import process from 'node:process'
import { MASK, maskSecrets } from '../intake/mask.ts'
import type { Policy } from '../intake/policy.ts'
import type { FieldValue, Reading } from '../intake/reading.ts'
import type { Mail, Mailbox, Unreadable } from '../mail/mail.ts'
import { printable } from './table.ts'

type Look = { readonly policy: Policy; readonly reveal: boolean }
type Mark = { readonly name: string; readonly start: number; readonly end: number }

const isTerminal = process.stdout.isTTY
const style = (code: string, text: string): string => (isTerminal ? `\u001B[${code}m${text}\u001B[0m` : text)

/** Returns the page of one mail. */
export function inspectPage(
  file: string,
  mail: Mail | Unreadable,
  reading: Reading | null,
  look: Look,
): string {
  const mask = (text: string): string => (look.reveal ? text : maskSecrets(text, reading?.secrets ?? []))
  const head = [
    style('1', `── ${file}`),
    `From     ${mail.from === null ? '(none)' : printable(mailboxText(mail.from))}`,
    `Subject  ${printable(mask(mail.subject ?? '(none)'))}`,
  ]
  if (mail.kind === 'unreadable')
    return `${[...head, `Unreadable: ${printable(mail.reason)}`, ''].join('\n')}\n`
  return `${[
    ...head,
    `Kind     ${mail.mailKind}${mail.automatic === null ? '' : ` (${mail.automatic.reason}: ${printable(mail.automatic.evidence)})`}`,
    '',
    ...(reading === null ? [] : fieldLines(reading, look, mask)),
    '',
    ...block('new text', marked(mail.newText, marksIn(reading, 'new-text'), mask)),
    ...block('forwarded', mail.forwarded === null ? '' : indented(clean(mask(mail.forwarded.text)))),
    ...block('signature', indented(clean(mask(mail.signature ?? '')))),
    ...block('quoted', indented(clean(mask(mail.quotedText ?? '')))),
    ...mail.attachments.map(
      (one) =>
        `attachment: ${printable(one.fileName ?? '(no name)')}, ${one.contentType}, ${one.size} octets`,
    ),
    ...[...mail.warnings, ...(reading?.warnings ?? [])].map((warning) => `warning: ${printable(warning)}`),
    '',
  ].join('\n')}\n`
}

function mailboxText(mailbox: Mailbox): string {
  return mailbox.displayName === null ? mailbox.address : `${mailbox.displayName} <${mailbox.address}>`
}

function fieldLines(reading: Reading, look: Look, mask: (text: string) => string): readonly string[] {
  const rows = look.policy.fields
    .filter((row) => row.group === 'submission' || reading.fields[row.name] !== undefined)
    .map((row) => {
      const field = reading.fields[row.name]
      const title = (row.words['en']?.title ?? row.name).padEnd(22)
      const missing = reading.missing.includes(row.name)
      const sign = missing ? style('31', '✗') : field === undefined ? '·' : style('32', '✓')
      if (field === undefined) return `${sign} ${title} ${missing ? 'missing' : 'not said'}`
      const value = printable(oneLine(mask(fieldText(field, look.reveal))))
      const place =
        field.place === null ? '' : ` ${field.place.within}:${field.place.start}–${field.place.end}`
      return `${sign} ${title} ${value} ${style('2', `(${field.source}${place}${missing ? ', not enough' : ''})`)}`
    })
  const threeRs = Object.entries(reading.threeRs)
    .filter(([, value]) => value !== null)
    .map(
      ([name, value]) =>
        `${name}: ${printable(String(value === true ? 'yes' : value === false ? 'no' : value))}`,
    )
  return threeRs.length === 0 ? rows : [...rows, `  three R's              ${threeRs.join(', ')}`]
}

function fieldText(field: FieldValue, reveal: boolean): string {
  if (field.kind === 'plain') return field.value
  const { username, password } = field.value
  return `${username ?? '(no user name)'} / ${password === null ? '(no password)' : reveal ? password : MASK}`
}

/** Long values are shown whole in the marked text below. */
const SHORT = 100

function oneLine(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim()
  return line.length > SHORT ? `${line.slice(0, SHORT)}…` : line
}

function marksIn(reading: Reading | null, within: string): readonly Mark[] {
  const marks = Object.entries(reading?.fields ?? {}).flatMap(([name, field]): readonly Mark[] =>
    field.place?.within === within ? [{ name, start: field.place.start, end: field.place.end }] : [],
  )
  return marks.toSorted((a, b) => a.start - b.start)
}

/** Marks passages; of two that overlap the first is marked. */
function marked(text: string, marks: readonly Mark[], mask: (text: string) => string): string {
  let at = 0
  let out = ''
  for (const mark of marks) {
    if (mark.start < at || mark.end > text.length) continue
    const passage = clean(mask(text.slice(mark.start, mark.end)))
    out += clean(mask(text.slice(at, mark.start)))
    out += isTerminal
      ? `${style('30;43', passage)}${style('2', `‹${mark.name}›`)}`
      : `[${mark.name}: ${passage}]`
    at = mark.end
  }
  return indented(out + clean(mask(text.slice(at))))
}

/** Makes control characters harmless, line ends aside. */
function clean(text: string): string {
  return text.split('\n').map(printable).join('\n')
}

function indented(text: string): string {
  return text.replace(/^/gm, '    ').trimEnd()
}

function block(title: string, text: string): readonly string[] {
  return text.trim() === '' ? [] : [style('1', title), text, '']
}
