/**
 * Claim, run, back off, stop: the one loop behind mails, letters and clocks. It sleeps when nothing is due, is woken
 * by a hint, and never dies of a fault: a failing claim backs off and is logged; `run` deals with its own faults.
 */
import type { Logger } from 'pino'

export type Loop = {
  /** Says that there may be work now; safe to call at any time. */
  readonly wake: () => void
  /** Stops claiming and resolves when what was claimed is finished. */
  readonly stop: () => Promise<void>
}

export type LoopOptions<Work> = {
  readonly name: string
  readonly log: Logger
  /** Takes up to `limit` due rows under a lease. */
  readonly claim: (limit: number) => Promise<readonly Work[]>
  /** Brings one row to its end. Throws only on a fault of ours, which is logged. */
  readonly run: (work: Work) => Promise<void>
  /** Rows in work at once. */
  readonly concurrency: number
  /** Longest sleep, in milliseconds, between two looks when nobody wakes the loop. */
  readonly idleMs: number
}

/** A claim that fails (a database away) is tried again after this long, doubling up to a minute. */
const FIRST_BACK_OFF_MS = 250
const LONGEST_BACK_OFF_MS = 60_000

/** Starts the loop. */
export function startLoop<Work>(options: LoopOptions<Work>): Loop {
  const { log, name } = options
  const running = new Set<Promise<void>>()
  let stopping = false
  let woken = false
  let wakeUp: (() => void) | null = null

  const sleep = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      const timer = setTimeout(done, ms)
      function done(): void {
        clearTimeout(timer)
        wakeUp = null
        resolve()
      }
      wakeUp = done
      if (woken || stopping) done()
    })

  const runOne = (work: Work): void => {
    const task = options
      .run(work)
      .catch((error: unknown) => log.error({ err: error, loop: name }, 'fault in a loop'))
      .finally(() => {
        running.delete(task)
        wakeUp?.()
      })
    running.add(task)
  }

  const main = async (): Promise<void> => {
    let backOffMs = FIRST_BACK_OFF_MS
    while (!stopping) {
      woken = false
      const room = options.concurrency - running.size
      let claimed: readonly Work[] = []
      if (room > 0) {
        try {
          claimed = await options.claim(room)
          backOffMs = FIRST_BACK_OFF_MS
        } catch (error) {
          log.error({ err: error, loop: name, againMs: backOffMs }, 'cannot look for work')
          await sleep(backOffMs)
          backOffMs = Math.min(backOffMs * 2, LONGEST_BACK_OFF_MS)
          continue
        }
      }
      for (const work of claimed) runOne(work)
      if (claimed.length < room || room === 0) await sleep(options.idleMs)
    }
    await Promise.all(running)
  }

  const ended = main()
  return {
    wake: () => {
      woken = true
      wakeUp?.()
    },
    stop: () => {
      stopping = true
      wakeUp?.()
      return ended
    },
  }
}
