/** Counts of words, and their order. Fails: never. */

/** Adds one to the count of `key`. */
export function countOne<Key>(counts: Map<Key, number>, key: Key): void {
  counts.set(key, (counts.get(key) ?? 0) + 1)
}

/** Gives the entries with the greatest count first, those of one count by name. */
export function mostFirst<Key extends string>(
  counts: ReadonlyMap<Key, number>,
): readonly (readonly [Key, number])[] {
  return [...counts].toSorted(
    ([one, times], [other, otherTimes]) => otherTimes - times || (one < other ? -1 : 1),
  )
}
