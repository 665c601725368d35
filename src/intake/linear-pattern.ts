/**
 * Is an operator's regular expression safe to run on strangers' text? Refused: what does not compile, back-references,
 * look-around, and any repetition of a group that itself repeats or chooses. What is left takes at most a small
 * polynomial of the bounded value's length. Fails: never.
 */

const MAX_PATTERN_CHARS = 300

/** Tells whether the pattern compiles and has no nested repetition, back-reference or look-around. */
export function isLinearPattern(pattern: string): boolean {
  if (pattern.length > MAX_PATTERN_CHARS) return false
  try {
    void new RegExp(pattern, 'u')
  } catch {
    return false
  }
  return !/\\[1-9k]|\(\?[=!<]/u.test(pattern) && !repeatsARepeatingGroup(pattern)
}

function repeatsARepeatingGroup(pattern: string): boolean {
  const opened: { repeats: boolean }[] = []
  let inClass = false
  for (let at = 0; at < pattern.length; at += 1) {
    const char = pattern[at]
    if (char === '\\') at += 1
    else if (inClass) inClass = char !== ']'
    else if (char === '[') inClass = true
    else if (char === '(') opened.push({ repeats: false })
    else if (char === ')') {
      const closed = opened.pop()
      const repeated = isRepetition(pattern[at + 1])
      if (repeated && closed?.repeats === true) return true
      const outer = opened.at(-1)
      if (outer !== undefined && (repeated || closed?.repeats === true)) outer.repeats = true
    } else if (isRepetition(char) || char === '|') {
      const group = opened.at(-1)
      if (group !== undefined) group.repeats = true
    }
  }
  return false
}

function isRepetition(char: string | undefined): boolean {
  return char === '*' || char === '+' || char === '{' || char === '?'
}
