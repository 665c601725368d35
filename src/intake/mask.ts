/**
 * Cuts secrets out of a text before it is stored, shown or sent in clear.
 * Fails: never. A very short secret is masked only as a word of its own, or every `a` of the text would be.
 */

export const MASK = '••••••••'

/** Shorter secrets made of letters and digits alone are masked at word borders only. */
const MIN_ANYWHERE_CHARS = 6
const WORD = /^[\p{L}\p{N}]+$/u
const WORD_CHAR = /[\p{L}\p{N}]/u

/** Replaces each secret by the mask, the longest first, so that no part of one is left over. */
export function maskSecrets(text: string, secrets: readonly string[]): string {
  let masked = text
  for (const secret of [...new Set(secrets)].sort((one, other) => other.length - one.length)) {
    if (secret === '' || !masked.includes(secret)) continue
    masked =
      secret.length < MIN_ANYWHERE_CHARS && WORD.test(secret)
        ? maskWord(masked, secret)
        : masked.split(secret).join(MASK)
  }
  return masked
}

function maskWord(text: string, word: string): string {
  const pieces = text.split(word)
  let masked = pieces[0] ?? ''
  for (const piece of pieces.slice(1)) {
    const inWord = WORD_CHAR.test(masked.slice(-1)) || WORD_CHAR.test(piece.slice(0, 1))
    masked += (inWord ? word : MASK) + piece
  }
  return masked
}
