/**
 * Makes decoded text safe to store, compare and read: what nobody can see is removed, line ends are LF.
 * Fails: never. Visible letters are never changed, so a password keeps every character.
 */

/** Zero-width characters and direction marks; U+200C and U+200D stay, they join letters and emoji in real words. */
const INVISIBLE =
  /[\u00ad\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff\ufff9-\ufffb]/g
/** Every kind of space that is not a tab or a line end. */
const ODD_SPACE = /[\u00a0\u1680\u2000-\u200a\u202f\u205f]/g
/** Control characters but tab, LF and NUL; form feed and vertical tab become line ends before. */
const CONTROL = /[\x01-\x08\x0e-\x1f\x7f]/g
const LONE_SURROGATE = /\p{Surrogate}/gu

/** Cleans a text of several lines. */
export function cleanText(text: string): string {
  return text
    .replace(/\r\n?|[\u2028\u2029\x0b\x0c\x85]/g, '\n')
    .replace(/\0/g, '\ufffd')
    .replace(LONE_SURROGATE, '\ufffd')
    .replace(CONTROL, '')
    .replace(INVISIBLE, '')
    .replace(ODD_SPACE, ' ')
}

/** Cleans a header value: one line, single blanks where lines were folded or line ends were smuggled in. */
export function cleanLine(text: string): string {
  return cleanText(text)
    .replace(/[\n\t]+/g, ' ')
    .trim()
}
