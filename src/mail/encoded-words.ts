/**
 * Decodes encoded words in header values. Words side by side in one charset are joined as octets first, since
 * many programs cut a character in two between them.
 * Fails: never; what is no encoded word stays as written. Source: RFC 2047, RFC 2231 §5 (language tag).
 */
import { decodeCharset } from './charset.ts'

const WORD = /=\?([^?\s]{1,60})\?([bq])\?([^?]{0,8000})\?=/gi

type Run = { charset: string; octets: Uint8Array[] }

/** Decodes every encoded word in `value`. */
export function decodeWords(value: string): string {
  if (!value.includes('=?')) return value
  let decoded = ''
  let end = 0
  let run = null as Run | null
  for (const match of value.matchAll(WORD)) {
    const between = value.slice(end, match.index)
    const charset = (match[1] ?? '').split('*')[0]?.toLowerCase() ?? ''
    const octets = wordOctets(match[2] ?? '', match[3] ?? '')
    // Blanks between two encoded words are folding, not text (RFC 2047 §6.2).
    const adjacent = run !== null && between.trim() === ''
    if (adjacent && run?.charset === charset) run.octets.push(octets)
    else {
      decoded += endRun(run) + (adjacent ? '' : between)
      run = { charset, octets: [octets] }
    }
    end = match.index + match[0].length
  }
  return decoded + endRun(run) + value.slice(end)
}

function endRun(run: Run | null): string {
  return run === null ? '' : decodeCharset(Buffer.concat(run.octets), run.charset).text
}

function wordOctets(encoding: string, text: string): Uint8Array {
  if (encoding.toLowerCase() === 'b') return Buffer.from(text, 'base64')
  const bytes = text
    .replace(/[_\s]/g, ' ')
    .replace(/=([0-9a-f]{2})/gi, (_all, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
  // Raw letters above U+00FF inside a word are already decoded; they keep their UTF-8 octets.
  return Buffer.from(bytes, /[^\0-\xff]/.test(bytes) ? 'utf8' : 'latin1')
}
