/**
 * Makes text of strangers fit to be shown: no terminal escapes, no characters that turn the reading direction round.
 * Fails: never.
 * Source: Unicode TR 36 §3.4 (bidirectional text spoofing); ECMA-48 (control functions).
 */

/** C0 and C1 controls except line feed and tab, bidirectional overrides and isolates, zero-width and line separators. */
const UNSAFE = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]/gu

/** Cleans text that may have several lines; line ends become LF, no more than one empty line in a row. */
export function cleanBlock(text: string): string {
  const lines = text
    .replace(/\r\n?|[\u2028\u2029]/gu, '\n')
    .replace(UNSAFE, '')
    .replaceAll('\t', '    ')
    .split('\n')
    .map((line) => line.trimEnd())
  const kept = lines.filter((line, at) => line !== '' || (at > 0 && lines[at - 1] !== ''))
  while (kept.at(-1) === '') kept.pop()
  return kept.join('\n')
}

/** Cleans text that belongs on one line. */
export function cleanInline(text: string): string {
  return text
    .replace(/[\s\u2028\u2029]+/gu, ' ')
    .replace(UNSAFE, '')
    .trim()
}
