/**
 * The functions that templates may call: words (`t`, `choose`), values (`date`, `size`, `list`, `block`), and for the
 * text part `heading`. Plain values go through `show`, put in at compile time, so that a missing one is a fault.
 * Fails: throws, naming template and variable. HTML is escaped by Handlebars, or here where line ends become tags.
 */
import Handlebars from 'handlebars'
import { cleanBlock, cleanInline } from './clean-text.ts'
import { showInstant, showSize } from './show-instant.ts'
import { say, type Words, type WordValues } from './words.ts'
import { columnsOf } from './wrap-text.ts'

export type Part = 'subject' | 'text' | 'html'

/** What a rendering carries beside its view. */
export type RenderData = { readonly words: Words; readonly zone: string }

/** Functions by name, with how many values each takes, not counting `name=value` pairs. */
export const TEMPLATE_FUNCTIONS: Readonly<Record<string, { readonly values: number }>> = {
  t: { values: 1 },
  choose: { values: 2 },
  date: { values: 1 },
  size: { values: 1 },
  list: { values: 1 },
  block: { values: 1 },
  heading: { values: 1 },
  // Written by the compiler only: value and where it stands.
  show: { values: 2 },
}

type Options = { readonly hash: Readonly<Record<string, unknown>>; readonly data?: unknown }

function dataOf(options: Options): RenderData {
  return options.data as RenderData
}

function shown(value: unknown, where: string): string {
  if (typeof value === 'string') return cleanInline(value)
  if (typeof value === 'number') return String(value)
  throw new Error(`${where} has no value to show`)
}

function wordValues(hash: Options['hash'], key: string): WordValues {
  return Object.fromEntries(
    Object.entries(hash).map(([name, value]) => [
      name,
      typeof value === 'number' ? value : shown(value, `{${name}} of the word ${key}`),
    ]),
  )
}

function instantOf(value: unknown): Date {
  if (value instanceof Date && !Number.isNaN(value.getTime())) return value
  throw new Error('{{date}} was given no instant')
}

function textOf(value: unknown): string {
  if (typeof value === 'string') return cleanBlock(value)
  throw new Error('{{block}} was given no text')
}

/** Line ends as tags: Outlook knows no `white-space: pre-wrap`. Blanks at a line's start are kept. */
function htmlLines(text: string): Handlebars.SafeString {
  const lines = text.split('\n').map((line) => {
    const blanks = line.length - line.trimStart().length
    return '&nbsp;'.repeat(Math.min(blanks, 40)) + Handlebars.escapeExpression(line.trimStart())
  })
  return new Handlebars.SafeString(lines.join('<br>'))
}

function indented(text: string, indent: unknown): string {
  const blanks = ' '.repeat(typeof indent === 'number' ? indent : 0)
  return text
    .split('\n')
    .map((line) => (line === '' ? '' : blanks + line))
    .join('\n')
}

/** Makes the functions of one part of a letter. */
export function templateFunctions(part: Part): Record<string, (...values: never[]) => unknown> {
  return {
    show: (value: unknown, where: string) => shown(value, where),
    t: (key: string, options: Options) => say(dataOf(options).words, key, wordValues(options.hash, key)),
    choose: (group: string, value: unknown, options: Options) => {
      const { words } = dataOf(options)
      const name = shown(value, `the choice of ${group}`)
      const key = words.entries.has(`${group}.${name}`) ? `${group}.${name}` : `${group}.other`
      return say(words, key, { ...wordValues(options.hash, key), value: name })
    },
    date: (value: unknown, options: Options) => {
      const { words, zone } = dataOf(options)
      return showInstant(instantOf(value), words.language, zone)
    },
    size: (bytes: unknown, options: Options) => showSize(Number(bytes), dataOf(options).words.language),
    list: (values: readonly string[], options: Options) =>
      new Intl.ListFormat(dataOf(options).words.language, { type: 'conjunction' }).format(
        values.map(cleanInline),
      ),
    block: (value: unknown, options: Options) =>
      part === 'html' ? htmlLines(textOf(value)) : indented(textOf(value), options.hash['indent']),
    heading: (value: unknown) => {
      const title = shown(value, '{{heading}}')
      return part === 'text' ? `${title}\n${'-'.repeat(columnsOf(title))}` : title
    },
  }
}
