/**
 * Plain text bodies: format=flowed is unfolded, and Outlook's doubles become the one value that was typed.
 * Fails: never. Source: RFC 3676; Outlook writes a link of an HTML mail as `shown<target>`.
 */
import libmime from 'libmime'
import { cleanText } from './clean-text.ts'

/** Targets in angle brackets right behind the text they belong to. */
const TARGET = /[ ]?<((?:https?:\/\/|mailto:|tel:)[^<>\s]{1,2000})>/gi
const MAX_SHOWN_CHARS = 2000

/** Reads a text/plain body that is decoded from its charset already. */
export function readPlain(text: string, params: Readonly<Record<string, string>>): string {
  const lines = cleanText(text)
  const flowed = params.format?.trim().toLowerCase() === 'flowed'
  const unfolded = flowed ? libmime.decodeFlowed(lines, params.delsp?.trim().toLowerCase() === 'yes') : lines
  return collapseDoubles(unfolded.replace(/\r\n/g, '\n'))
}

/** Collapses `https://x<https://x/>` and `a@b<mailto:a@b>` to what was shown; other targets stay readable. */
export function collapseDoubles(text: string): string {
  return text.replace(TARGET, (all, target: string, offset: number) => {
    const shown = lastWord(text, offset)
    if (sameTarget(shown, target)) return ''
    const bare = target.replace(/^(?:mailto|tel):/i, '')
    const blank = all.startsWith(' ') || (shown !== '' && !/[(<[]$/.test(shown)) ? ' ' : ''
    return `${blank}<${bare}>`
  })
}

/** The word that ends at `end`, angle brackets not counted; a loop, since a regular expression for it takes quadratic time. */
function lastWord(text: string, end: number): string {
  let start = end
  while (start > 0 && end - start < MAX_SHOWN_CHARS && !/[\s<>]/.test(text[start - 1] ?? '')) start--
  return text.slice(start, end)
}

function sameTarget(shown: string, target: string): boolean {
  const left = comparable(shown)
  return left !== '' && left === comparable(target)
}

/** Scheme, closing slash and the punctuation around a word do not make another target. */
function comparable(text: string): string {
  const bare = text
    .toLowerCase()
    .replace(/^[([{<"'*_]{1,4}/, '')
    .replace(/^(?:https?:\/\/|mailto:|tel:)/, '')
  const tail = /[/.,;:)\]}>"'*_]{1,6}$/.exec(bare.slice(-6))?.[0].length ?? 0
  return bare.slice(0, bare.length - tail)
}
