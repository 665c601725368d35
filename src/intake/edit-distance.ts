/**
 * How many typing slips apart are two labels? Counts insertions, deletions, replacements and swapped neighbours.
 * Fails: never; gives up as soon as the limit is passed. Source: Damerau, optimal string alignment.
 */

/**
 * Marks which letters a word has, one bit for each of 32 groups. A slip changes at most two of them, so words whose marks
 * differ more are not worth a closer look.
 */
export function letterMarks(word: string): number {
  let marks = 0
  for (let at = 0; at < word.length; at += 1) marks |= 1 << (word.charCodeAt(at) & 31)
  return marks
}

/** Tells whether words with these marks can be at most `limit` slips apart. */
export function mayBeWithinEdits(one: number, other: number, limit: number): boolean {
  let different = one ^ other
  let count = 0
  for (; different !== 0 && count <= 2 * limit; count += 1) different &= different - 1
  return count <= 2 * limit
}

/** Tells whether two words are at most `limit` slips apart. */
export function isWithinEdits(one: string, other: string, limit: number): boolean {
  if (Math.abs(one.length - other.length) > limit) return false
  let beforeLast: number[] = []
  let last = Array.from({ length: other.length + 1 }, (_, at) => at)
  for (let row = 1; row <= one.length; row += 1) {
    const current = [row]
    let best = row
    for (let column = 1; column <= other.length; column += 1) {
      const same = one[row - 1] === other[column - 1]
      let cost = Math.min(
        (last[column] ?? 0) + 1,
        (current[column - 1] ?? 0) + 1,
        (last[column - 1] ?? 0) + (same ? 0 : 1),
      )
      if (row > 1 && column > 1 && one[row - 1] === other[column - 2] && one[row - 2] === other[column - 1]) {
        cost = Math.min(cost, (beforeLast[column - 2] ?? 0) + 1)
      }
      current.push(cost)
      best = Math.min(best, cost)
    }
    if (best > limit) return false
    beforeLast = last
    last = current
  }
  return (last[other.length] ?? 0) <= limit
}
