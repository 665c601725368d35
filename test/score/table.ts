/**
 * Counts judgements per measure and folder and prints them as a table.
 */

type Tally = { right: number; total: number }

type Failure = { readonly measure: string; readonly path: string; readonly complaint: string }

export type Board = {
  /** Counts one judgement; null is right. */
  count(measure: string, folder: string, name: string, complaint: string | null): void
  readonly failures: readonly Failure[]
  /** Gives the table, one line for each measure and folder. */
  lines(): string[]
}

/** Makes an empty board. */
export function makeBoard(): Board {
  const tallies = new Map<string, Map<string, Tally>>()
  const failures: Failure[] = []
  return {
    count(measure, folder, name, complaint) {
      const folders = tallies.get(measure) ?? new Map<string, Tally>()
      const tally = folders.get(folder) ?? { right: 0, total: 0 }
      tally.total += 1
      if (complaint === null) tally.right += 1
      else failures.push({ measure, path: `${folder}/${name}`, complaint })
      tallies.set(measure, folders.set(folder, tally))
    },
    failures,
    lines() {
      return [...tallies].flatMap(([measure, folders]) => {
        const all = [...folders.values()].reduce(
          (sum, tally) => ({ right: sum.right + tally.right, total: sum.total + tally.total }),
          { right: 0, total: 0 },
        )
        const rows = [...folders].map(([folder, tally]) => row(`  ${folder}`, tally))
        return folders.size === 1
          ? [row(`${measure} (${[...folders.keys()].join()})`, all)]
          : [row(measure, all), ...rows]
      })
    },
  }
}

function row(name: string, tally: Tally): string {
  const percent = tally.total === 0 ? '-' : `${((100 * tally.right) / tally.total).toFixed(1)} %`
  return `${name.padEnd(40)} ${`${tally.right}/${tally.total}`.padStart(9)} ${percent.padStart(8)}`
}
