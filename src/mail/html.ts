/**
 * HTML to text that reads as the mail looked: tables as rows, lists as lines, quotes with `>`.
 * Fails: never; markup nested or long beyond the limits is read by a plain tag stripper.
 * Slow and hostile: only the jail and tests call this.
 */
import { type DomNode, type FormatCallback, htmlToText } from 'html-to-text'
import { cleanText } from './clean-text.ts'
import { isTooDeep, stripTags } from './html-scan.ts'
import {
  MAX_CELL_CHARS,
  MAX_HTML_CHARS,
  MAX_HTML_CHILDREN,
  MAX_HTML_DEPTH,
  MAX_TABLE_CELLS,
  MAX_TABLE_ROWS,
} from './limits.ts'

export type HtmlText = {
  readonly text: string
  /** Rows of two or more cells, inner tables before the outer ones. */
  readonly tableRows: readonly (readonly string[])[]
  readonly truncated: boolean
}

/** The converter puts a blank before the number of a list item. */
const NUMBER_INDENT = /^ (?=\d{1,3}\. )/gm
/** Stands where the converter left something out; private use, so that no mail can mean it. */
const CUT_MARK = '\uf8f0'
/** Quotes inside quotes beyond this keep their text and get no further mark; each mark grows every line. */
const MAX_QUOTE_MARKS = 8

/** Converts a mail's HTML to text and collects its table rows. */
export function readHtml(html: string): HtmlText {
  const bounded = html.slice(0, MAX_HTML_CHARS)
  if (isTooDeep(bounded, MAX_HTML_DEPTH))
    return { text: cleanText(stripTags(bounded)), tableRows: [], truncated: true }
  const tableRows: string[][] = []
  const converted = htmlToText(bounded, converterOptions(tableRows))
  const text = cleanText(converted.replaceAll(CUT_MARK, ''))
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n')
    .replace(NUMBER_INDENT, '')
  return { text, tableRows, truncated: html.length > MAX_HTML_CHARS || converted.includes(CUT_MARK) }
}

function converterOptions(tableRows: string[][]): Parameters<typeof htmlToText>[1] {
  const heading = { options: { uppercase: false, leadingLineBreaks: 1, trailingLineBreaks: 1 } }
  return {
    wordwrap: false,
    limits: {
      maxDepth: MAX_HTML_DEPTH,
      maxChildNodes: MAX_HTML_CHILDREN,
      maxInputLength: MAX_HTML_CHARS,
      ellipsis: CUT_MARK,
    },
    formatters: {
      link: formatLink,
      rows: makeTableFormatter(tableRows),
      quote: formatQuote,
      picture: formatPicture,
      rule: formatRule,
    },
    selectors: [
      { selector: 'a', format: 'link' },
      { selector: 'img', format: 'picture' },
      { selector: 'hr', format: 'rule' },
      { selector: 'table', format: 'rows' },
      { selector: 'blockquote', format: 'quote' },
      // Outlook writes each line as a paragraph without space around it.
      {
        selector: 'p.MsoNormal',
        format: 'paragraph',
        options: { leadingLineBreaks: 1, trailingLineBreaks: 1 },
      },
      { selector: 'ul', options: { itemPrefix: '* ', leadingLineBreaks: 1, trailingLineBreaks: 1 } },
      { selector: 'ol', options: { leadingLineBreaks: 1, trailingLineBreaks: 1 } },
      // A definition list is labels and values, each on a line of its own.
      ...['dl', 'dt', 'dd'].map((selector) => ({
        selector,
        format: 'block',
        options: { leadingLineBreaks: 1, trailingLineBreaks: 1 },
      })),
      { selector: 'title', format: 'skip' },
      ...['h1', 'h2', 'h3', 'h4', 'h5', 'h6'].map((selector) => ({ selector, ...heading })),
      // What the reader never saw is not what the sender wrote.
      { selector: '[style*="display:none"]', format: 'skip' },
      { selector: '[style*="display: none"]', format: 'skip' },
    ],
  }
}

/** Shows where a link leads when its text does not say so: `panel <https://cp.example/>`. */
const formatLink: FormatCallback = (element, walk, builder) => {
  walk(element.children, builder)
  const href = linkTarget(element.attribs?.href ?? '')
  const shown = textOf(element, 0).trim()
  if (href === null || shown === '' || /[\w-]\.[a-z]{2,}|@/i.test(shown)) return
  builder.addInline(` <${href}>`, { noWordTransform: true })
}

/** The web address a link leads to; a mail filter's wrapper is taken off. */
function linkTarget(href: string): string | null {
  if (!/^https?:\/\//i.test(href) || href.length > 2000) return null
  const wrapped = /^https:\/\/[a-z0-9.]+\.safelinks\.protection\.outlook\.com\/[^?]{0,40}\?url=([^&]+)/i.exec(
    href,
  )
  if (wrapped?.[1] === undefined) return href
  try {
    return decodeURIComponent(wrapped[1])
  } catch {
    return href
  }
}

function textOf(node: DomNode, depth: number): string {
  if (depth > 10) return ''
  return `${node.data ?? ''}${node.children
    .slice(0, 50)
    .map((child) => (child.children === undefined ? (child.data ?? '') : textOf(child, depth + 1)))
    .join('')}`
}

/** Emoji are pictures in some clients; logos and tracking pixels say nothing. */
const formatPicture: FormatCallback = (element, _walk, builder) => {
  const alt = element.attribs?.alt ?? ''
  if (alt !== '' && alt.length <= 8 && !/[\w.]/.test(alt)) builder.addInline(alt, { noWordTransform: true })
}

/** The line that Outlook's web client puts above the quoted mail. */
const formatRule: FormatCallback = (_element, _walk, builder) => {
  builder.openBlock({ leadingLineBreaks: 1 })
  builder.addInline('_'.repeat(32))
  builder.closeBlock({ trailingLineBreaks: 1 })
}

const formatQuote: FormatCallback = (element, walk, builder) => {
  const marked = quoteDepth(element) <= MAX_QUOTE_MARKS
  builder.openBlock({ leadingLineBreaks: 1, reservedLineLength: 2 })
  walk(element.children, builder)
  builder.closeBlock({
    trailingLineBreaks: 1,
    blockTransform: (text) => (marked ? text.split('\n').map(markQuoted).join('\n') : text),
  })
}

function markQuoted(line: string): string {
  return line.startsWith('>') ? `>${line}` : `> ${line}`.trimEnd()
}

function quoteDepth(element: DomNode): number {
  let depth = 0
  for (let node: DomNode | null | undefined = element; node; node = node.parent)
    if (node.name === 'blockquote') depth++
  return depth
}

/** Writes a table row by row, cells parted by a tab; a row with one filled cell is layout and reads as text. */
function makeTableFormatter(tableRows: string[][]): FormatCallback {
  return (element, walk, builder) => {
    builder.openTable()
    for (const row of rowsOf(element)) {
      builder.openTableRow()
      const cells = row.children.filter((cell) => cell.name === 'td' || cell.name === 'th')
      for (const cell of cells.slice(0, MAX_TABLE_CELLS)) {
        builder.openTableCell()
        walk(cell.children, builder)
        builder.closeTableCell({ colspan: 1, rowspan: 1 })
      }
      builder.closeTableRow()
    }
    builder.closeTable({
      tableToString: (rows) =>
        rows
          .map((row) =>
            rowText(
              row.map((cell) => cell.text),
              tableRows,
            ),
          )
          .join('\n'),
      leadingLineBreaks: 1,
      trailingLineBreaks: 1,
    })
  }
}

function rowsOf(table: DomNode): DomNode[] {
  return table.children
    .flatMap((child) =>
      child.name === 'tr'
        ? [child]
        : /^t(?:body|head|foot)$/.test(child.name ?? '')
          ? child.children.filter(({ name }) => name === 'tr')
          : [],
    )
    .slice(0, MAX_TABLE_ROWS)
}

function rowText(texts: readonly string[], tableRows: string[][]): string {
  const cells = texts.map((text) => cleanText(text).trim())
  const filled = cells.filter((cell) => cell !== '')
  if (cells.length > 1 && filled.length > 0 && tableRows.length < MAX_TABLE_ROWS) {
    if (cells.every((cell) => cell.length <= MAX_CELL_CHARS)) tableRows.push(cells)
  }
  const isLayout = filled.length <= 1 || filled.slice(0, -1).some((cell) => cell.includes('\n'))
  return isLayout ? filled.join('\n') : cells.join('\t').trimEnd()
}
