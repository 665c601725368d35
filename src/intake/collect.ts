/**
 * Collects the labelled values of all sources of a mail, the better source first, and keeps what is left as prose.
 * Fails: never.
 */
import type { Mail } from '../mail/mail.ts'
import { fold } from './fold.ts'
import { emptyGathered, type Gathered, gather, joinCredentials } from './gather.ts'
import { inlineAnswers } from './inline-answers.ts'
import type { Lexicon } from './lexicon.ts'
import { contentLines, type LineTest, readLines, unquoteLine } from './mail-lines.ts'
import type { TypoBudget } from './match-label.ts'
import { nonAnswer } from './non-answer.ts'
import type { FieldName } from './policy.ts'
import type { FieldSource, FieldValue } from './reading.ts'
import { type Segment, segmentLines } from './segment.ts'
import { sentencesOf } from './sentences.ts'
import { segmentRows } from './table-rows.ts'

export type Collected = {
  readonly fields: Map<FieldName, FieldValue>
  /** Values of the three R's own labels, by row name. */
  readonly threeRs: Map<string, string>
  /** Asked by a label of the sender's own, answered or not. */
  readonly labelled: Set<FieldName>
  /** Answered with a non-answer: nothing is guessed for them. */
  readonly refused: Set<FieldName>
  readonly warnings: Set<string>
  /** Lines of the new text outside labels, without greeting and closing. */
  readonly proseLines: string[]
  /** The same as sentences. */
  readonly prose: string[]
  /** Sentences of readable attachments outside labels. */
  readonly attached: string[]
  readonly customers: Set<string>
  /** Lines typed under a quoted item that answer nothing. */
  readonly emptyAnswers: Set<string>
}

type CollectTools = { readonly budget: TypoBudget; readonly isEnd: LineTest }

const MAX_ATTACHMENTS = 10
const MIN_FORM_LABELS = 3

function emptyCollected(): Collected {
  return {
    fields: new Map(),
    threeRs: new Map(),
    labelled: new Set(),
    refused: new Set(),
    warnings: new Set(),
    proseLines: [],
    prose: [],
    attached: [],
    customers: new Set(),
    emptyAnswers: new Set(),
  }
}

/** Collects the labelled values of the mail. */
export function collect(mail: Mail, lexicon: Lexicon, tools: CollectTools): Collected {
  const { budget, isEnd } = tools
  const collected = emptyCollected()
  const newLines = readLines(mail.newText)
  const inline = hasQuotes(mail.text)
    ? inlineAnswers(readLines(mail.text), lexicon, budget, isEnd)
    : { segments: [], used: new Set<string>() }
  const table = gather(
    rowsOfNewText(segmentRows(mail.tableRows, lexicon, budget), mail, inline.used),
    lexicon,
  )
  const text = gather(
    segmentLines(
      newLines.filter((line) => !inline.used.has(line.trim())),
      lexicon,
      budget,
      isEnd,
    ),
    lexicon,
  )
  const attachments = mail.attachments
    .slice(0, MAX_ATTACHMENTS)
    .map((attachment) =>
      attachment.text === null ? emptyGathered() : gatherText(attachment.text, lexicon, tools),
    )

  // What a table's cell gives or leaves empty, its flattened text gives no better.
  for (const name of table.labelled) {
    text.values.delete(name)
    text.refused.delete(name)
    if (lexicon.rows.get(name)?.kind === 'credentials' && table.credentials.length > 0)
      text.credentials.length = 0
  }
  add(collected, table, 'table', lexicon)
  add(collected, text, 'label', lexicon)
  add(collected, gather(inline.segments, lexicon), 'inline-answer', lexicon)
  for (const line of emptyAnswersOf(inline.segments, lexicon)) collected.emptyAnswers.add(line)
  for (const attached of attachments) add(collected, attached, 'attachment', lexicon)
  if (readsQuoteToo(mail, newLines)) {
    add(collected, gatherText(mail.quotedText ?? '', lexicon, tools), 'inline-answer', lexicon)
  }
  for (const cut of [mail.signature, mail.quotedText]) {
    const form = isReply(mail) || cut === null ? emptyGathered() : gatherText(cut, lexicon, tools)
    if (isForm(form, lexicon)) add(collected, form, 'label', lexicon)
  }
  const cells = new Set(mail.tableRows.slice(0, 500).flatMap((row) => row.map(fold)))
  const prose = contentLines(text.prose, lexicon, isEnd).filter(
    (line) => line === '' || !cells.has(fold(line)),
  )
  collected.proseLines.push(...prose)
  collected.prose.push(...sentencesOf(prose))
  collected.attached.push(
    ...attachments.flatMap((one) => sentencesOf(contentLines(one.prose, lexicon, isEnd))),
  )
  if (collected.customers.size > 1) collected.warnings.add('several-customers')
  return collected
}

/** Answers of one line that are wholly a non-answer; longer ones may say more than they promise. */
function emptyAnswersOf(segments: readonly Segment[], lexicon: Lexicon): readonly string[] {
  return segments.flatMap(({ lines }) => {
    const written = lines.map((line) => line.trim()).filter((line) => line !== '')
    const [only, ...more] = written
    return only !== undefined && more.length === 0 && nonAnswer(only, lexicon) !== null ? [only] : []
  })
}

/** A form below a dashed line looks like a signature; three labels with values tell that it is none. */
function isForm(gathered: Gathered, lexicon: Lexicon): boolean {
  const labels = [...gathered.labelled].filter((name) => lexicon.rows.get(name)?.group === 'submission')
  return labels.length >= MIN_FORM_LABELS
}

function isReply(mail: Mail): boolean {
  return mail.inReplyTo.length > 0 || mail.references.length > 0 || mail.forwarded !== null
}

function hasQuotes(text: string): boolean {
  return /^\s?>/mu.test(text)
}

function gatherText(text: string, lexicon: Lexicon, tools: CollectTools): Gathered {
  const lines = readLines(text).map((line) => unquoteLine(line).text)
  return gather(segmentLines(lines, lexicon, tools.budget, tools.isEnd), lexicon)
}

/** Only rows that the sender wrote: our own checklist, quoted in a reply, is a table too. */
function rowsOfNewText(segments: readonly Segment[], mail: Mail, used: ReadonlySet<string>): Segment[] {
  if (segments.length === 0 || used.size > 0) return []
  if (mail.quotedText === null) return [...segments]
  const written = fold(mail.newText)
  return segments.filter(({ lines }) => {
    const value = fold(lines.join(' '))
    return value !== '' && written.includes(value)
  })
}

/** `See below`, or nothing at all, above a quote: the answers were typed into it. */
function readsQuoteToo(mail: Mail, newLines: readonly string[]): boolean {
  if (mail.quotedText === null || mail.forwarded !== null) return false
  const words = newLines.join(' ').trim().split(/\s+/u)
  const points =
    /\b(?:below|inline|in-?line|in red|in blue|unten|ci-dessous|abajo|abaixo|sotto|hieronder)\b/iu
  return words.join('').length === 0 || (words.length <= 20 && points.test(words.join(' ')))
}

function add(collected: Collected, gathered: Gathered, source: FieldSource, lexicon: Lexicon): void {
  for (const name of gathered.labelled) collected.labelled.add(name)
  for (const [name, value] of gathered.values) {
    const row = lexicon.rows.get(name)
    if (row !== undefined && row.group !== 'submission' && !collected.threeRs.has(name)) {
      collected.threeRs.set(name, value)
    }
    if (!collected.fields.has(name)) {
      collected.fields.set(name, { kind: 'plain', value, source, place: null })
    }
  }
  const credentialsRow = [...lexicon.rows.values()].find((row) => row.kind === 'credentials')
  const credentials = joinCredentials(gathered.credentials)
  if (credentialsRow !== undefined && credentials !== null) {
    const before = collected.fields.get(credentialsRow.name)
    if (before === undefined) {
      collected.fields.set(credentialsRow.name, {
        kind: 'credentials',
        value: credentials,
        source,
        place: null,
      })
    } else if (before.kind === 'credentials' && before.value.password === null) {
      const value = {
        username: before.value.username ?? credentials.username,
        password: credentials.password,
      }
      collected.fields.set(credentialsRow.name, {
        kind: 'credentials',
        value,
        source: before.source,
        place: null,
      })
    }
  }
  for (const name of gathered.refused) {
    if (!collected.fields.has(name)) collected.refused.add(name)
    collected.warnings.add(`non-answer:${name}`)
  }
  for (const name of gathered.invalid)
    if (!collected.fields.has(name)) collected.warnings.add(`invalid:${name}`)
  for (const customer of gathered.customers) collected.customers.add(customer)
}
