/**
 * Splits the text of a mail into what the sender typed, what was quoted, and the signature.
 * Fails: never; every word is in exactly one of the three.
 */

export type SplitText = {
  readonly newText: string
  readonly quotedText: string | null
  readonly signature: string | null
}

/** Splits `text` (LF lines); the parts keep the order of the lines. */
export function splitText(text: string): SplitText {
  const lines = text.split('\n')
  const quoted = lines.filter((line) => line.startsWith('>'))
  const typed = lines.filter((line) => !line.startsWith('>'))
  const mark = typed.findIndex((line) => /^--\s?$/.test(line))
  const signature = mark < 0 ? null : typed.slice(mark).join('\n')
  const newText = (mark < 0 ? typed : typed.slice(0, mark)).join('\n').trim()
  return { newText, quotedText: quoted.length > 0 ? quoted.join('\n') : null, signature }
}
