/**
 * A progress bar of one line for a terminal: how many mails, how far, how long still. It is drawn a few times a second,
 * whatever the pace, and taken away at the end.
 * Fails: never.
 */

export type Progress = {
  readonly update: (done: number) => void
  /** Takes the line away. */
  readonly end: () => void
}

const WIDTH = 28
const REDRAW_MS = 100
/** Before this many mails an estimate is a guess. */
const MIN_FOR_ESTIMATE = 50

/** A progress bar for wherever nobody watches. */
export const NO_PROGRESS: Progress = { update: () => undefined, end: () => undefined }

/** Starts a progress bar; `total` is null for a stream. */
export function startProgress(options: {
  readonly total: number | null
  readonly write: (text: string) => void
  readonly clock: () => number
}): Progress {
  const { total, write, clock } = options
  const startedAt = clock()
  let drawnAt = Number.NEGATIVE_INFINITY
  return {
    update: (done) => {
      const now = clock()
      if (now - drawnAt < REDRAW_MS) return
      drawnAt = now
      write(`\r\u001b[K${progressLine(done, total, now - startedAt)}`)
    },
    end: () => write('\r\u001b[K'),
  }
}

/** Draws the line: `████████░░░░ 1,200 of 3,000 mails, 40 s left`. */
export function progressLine(done: number, total: number | null, elapsedMs: number): string {
  const count = done.toLocaleString('en')
  if (total === null || total === 0) return `${count} mails`
  const part = Math.min(1, done / total)
  const full = Math.round(part * WIDTH)
  const bar = '█'.repeat(full) + '░'.repeat(WIDTH - full)
  const leftMs = done < MIN_FOR_ESTIMATE ? null : (elapsedMs / done) * (total - done)
  const left = leftMs === null || leftMs < 1000 ? '' : `, ${duration(leftMs)} left`
  return `${bar} ${count} of ${total.toLocaleString('en')} mails${left}`
}

function duration(ms: number): string {
  const seconds = Math.round(ms / 1000)
  return seconds < 100 ? `${seconds} s` : `${Math.round(seconds / 60)} min`
}
