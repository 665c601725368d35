/**
 * Brings text of any language to the form in which words are compared: no case, accents, punctuation, or characters
 * that cannot be seen. Fails: never; linear. Source: UAX #15 (normalisation forms).
 */

/** Zero-width, bidi and soft-hyphen characters: invisible, so they must not make two words differ. */
const INVISIBLE = /[\p{Default_Ignorable_Code_Point}]/gu
/** NBSP and the other blanks that are not a plain space. */
const BLANK = /[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]/gu
/** Most text; it needs no Unicode tables, which cost ten times as much. */
const ASCII = /^[\0-\x7f]*$/
const CJK = /[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]/u

/** Replaces odd blanks by spaces, drops invisible characters, and makes every line end `\n`. */
export function cleanText(text: string): string {
  return text
    .replace(/\r\n?|\u2028|\u2029/gu, '\n')
    .replace(INVISIBLE, '')
    .replace(BLANK, ' ')
}

/** Folds to lower-case words with single spaces: `Customer's  Domaín:` becomes `customers domain`. */
export function fold(text: string): string {
  if (ASCII.test(text))
    return text
      .toLowerCase()
      .replace(/['`]/g, '')
      .replace(/[^a-z0-9]+/g, ' ')
      .trim()
  return text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/ß/gu, 'ss')
    .replace(/['’‘`´]/gu, '')
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()
}

/** Splits folded text into its words. */
export function wordsOf(folded: string): string[] {
  return folded === '' ? [] : folded.split(' ')
}

/** Tells whether a phrase is written without blanks between words (Japanese, Chinese, Korean). */
export function isUnspaced(text: string): boolean {
  return CJK.test(text)
}
