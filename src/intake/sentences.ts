/**
 * Cuts prose into sentences: hard-wrapped lines are joined, list items stand alone, dots inside names and numbers do not
 * end a sentence. Fails: never; linear, bounded by MAX_SENTENCES.
 */

const MAX_SENTENCES = 600
const MAX_SENTENCE_CHARS = 1500
/** Nobody wraps by hand at more; a longer line is a paragraph of its own. */
const MAX_WIDTH = 80
const WRAP_SLACK = 6
const ITEM = /^\s*(?:[-–—*•·▪‣+>]|\(?\d{1,2}[.)]|\(?[a-z]\))\s+/u
const ABBREVIATIONS = new Set([
  'e.g',
  'i.e',
  'z.b',
  'd.h',
  'u.a',
  'bzw',
  'ca',
  'approx',
  'no',
  'nr',
  'vs',
  'mr',
  'mrs',
  'ms',
  'dr',
  'etc',
  'evtl',
  'ggf',
  'inkl',
  'incl',
  'p.ex',
  'p.es',
  'sr',
  'sra',
  'hr',
  'fr',
  'tel',
  'st',
  'usw',
  'o.ä',
  'bijv',
])

/** Joins lines of one paragraph; an empty line or a list item begins a new one. */
function paragraphsOf(lines: readonly string[]): string[] {
  const paragraphs: string[] = []
  let open: string[] = []
  const close = (): void => {
    if (open.length > 0) paragraphs.push(open.join(' '))
    open = []
  }
  const width = Math.min(
    MAX_WIDTH,
    lines.reduce((longest, line) => Math.max(longest, line.length), 0),
  )
  for (const [at, line] of lines.entries()) {
    if (line.trim() === '') close()
    else {
      const before = lines[at - 1] ?? ''
      // A short line before a capital was ended on purpose; one that had no room for the next word was wrapped.
      const needed = before.length + (/^\s*\S+/u.exec(line)?.[0].length ?? 0)
      const wrapped = (before.length > 55 && needed > width - WRAP_SLACK) || /^\s*\p{Ll}/u.test(line)
      if (ITEM.test(line) || !wrapped) close()
      open.push(line.trim().replace(ITEM, ''))
    }
  }
  close()
  return paragraphs
}

/** Gives the blocks between empty lines, lines kept: a user name may stand above its password. */
export function blocksOf(lines: readonly string[]): string[] {
  const blocks: string[][] = [[]]
  for (const line of lines) {
    if (line.trim() === '') blocks.push([])
    else blocks.at(-1)?.push(line.trim())
  }
  return blocks.filter((block) => block.length > 0).map((block) => block.join('\n'))
}

/** Splits paragraphs into sentences, in order. */
export function sentencesOf(lines: readonly string[]): string[] {
  const sentences: string[] = []
  for (const paragraph of paragraphsOf(lines)) {
    let from = 0
    for (const match of paragraph.matchAll(/(?<![.!?…])[.!?…]+["”')\]]?\s+|[。！？]+\s*/gu)) {
      const sentence = paragraph.slice(from, match.index + match[0].length).trim()
      if (endsInAbbreviation(sentence)) continue
      sentences.push(sentence.slice(0, MAX_SENTENCE_CHARS))
      from = match.index + match[0].length
      if (sentences.length >= MAX_SENTENCES) return sentences
    }
    const rest = paragraph.slice(from).trim()
    if (rest !== '') sentences.push(rest.slice(0, MAX_SENTENCE_CHARS))
    if (sentences.length >= MAX_SENTENCES) return sentences
  }
  return sentences
}

function endsInAbbreviation(sentence: string): boolean {
  const last = /(\S{1,8})\.$/u.exec(sentence)?.[1]?.toLowerCase().replace(/^[("]/u, '') ?? ''
  return ABBREVIATIONS.has(last) || /^\p{L}$/u.test(last)
}
