/**
 * Command lines: lines of their own that begin with `#word`, above or below an agent's text. One in the middle of a text is
 * told apart, since it may be either.
 * Fails: never; linear.
 */

export type CommandLine = {
  /** Lower case, without `#`. */
  readonly word: string
  /** What stands after it on the line. */
  readonly rest: string
  readonly line: string
}

export type WrittenLines = {
  /** The text without the commands above and below it. */
  readonly text: string
  readonly commands: readonly CommandLine[]
  /** Lines of the text itself that look like commands. */
  readonly inText: readonly CommandLine[]
}

/** No blank after `#`, so that `# of users` and `#1` stay text. */
const COMMAND = /^[ \t\u00a0]{0,8}#([a-z][a-z-]{0,30})(?![\p{L}\p{N}_])[:.,]?[ \t\u00a0]*(.*)$/iu

function commandOf(line: string): CommandLine | null {
  const match = COMMAND.exec(line)
  if (match?.[1] === undefined) return null
  return { word: match[1].toLowerCase(), rest: (match[2] ?? '').trim(), line: line.trim() }
}

/** Parts commands from text. */
export function splitCommands(newText: string): WrittenLines {
  const lines = newText.split('\n')
  const read = lines.map(commandOf)
  const isOutside = (at: number): boolean => read[at] !== null || (lines[at] ?? '').trim() === ''
  let first = 0
  while (first < lines.length && isOutside(first)) first += 1
  let last = lines.length
  while (last > first && isOutside(last - 1)) last -= 1
  const found = (from: number, to: number): CommandLine[] =>
    read.slice(from, to).filter((one) => one !== null)
  return {
    text: lines.slice(first, last).join('\n').trim(),
    commands: [...found(0, first), ...found(last, lines.length)],
    inText: found(first, last),
  }
}
