/**
 * The nearest known word to a mistyped one, for "did you mean".
 * Fails: never; null when nothing is near enough to be worth saying.
 */

/** Longer words are cut before they are compared: the work grows with the product of both lengths. */
const MAX_WORD_LENGTH = 60

/** Returns the known word at the smallest edit distance, at most a third of its length; else null. */
export function nearest(typed: string, known: readonly string[]): string | null {
  let best: { word: string; distance: number } | null = null
  for (const word of known) {
    const distance = editDistance(typed.slice(0, MAX_WORD_LENGTH), word)
    if (distance <= Math.max(1, Math.floor(word.length / 3)) && (best === null || distance < best.distance)) {
      best = { word, distance }
    }
  }
  return best?.word ?? null
}

function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      const swap = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
      next.push(Math.min(swap, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1))
    }
    row = next
  }
  return row[b.length] ?? 0
}
