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
  const running = new Set<Promise<void>>()
  const bell = makeBell()
  const state = { stopping: false }

  const runOne = (work: Work): void => {
    const task = options
      .run(work)
      .catch((error: unknown) => options.log.error({ err: error, loop: options.name }, 'fault in a loop'))
      .finally(() => {
        running.delete(task)
        bell.ring()
      })
    running.add(task)
  }

  const main = async (): Promise<void> => {
    let backOffMs = FIRST_BACK_OFF_MS
    while (!state.stopping) {
      const room = options.concurrency - running.size
      const claimed = room > 0 ? await tryClaim(options, room) : []
      if (claimed === null) {
        await bell.wait(backOffMs)
        backOffMs = Math.min(backOffMs * 2, LONGEST_BACK_OFF_MS)
        continue
      }
      backOffMs = FIRST_BACK_OFF_MS
      for (const work of claimed) runOne(work)
      if (claimed.length < room || room === 0) await bell.wait(options.idleMs)
    }
    await Promise.all(running)
  }

  const ended = main()
  return {
    wake: bell.ring,
    stop: () => {
      state.stopping = true
      bell.ring()
      return ended
    },
  }
}

/** Claims; null when the claim failed and must be tried again later. */
async function tryClaim<Work>(options: LoopOptions<Work>, room: number): Promise<readonly Work[] | null> {
  try {
    return await options.claim(room)
  } catch (error) {
    options.log.error({ err: error, loop: options.name }, 'cannot look for work')
    return null
  }
}

type Bell = {
  readonly ring: () => void
  /** Resolves when the bell rings, at once when it rang since the last wait, or after `ms`. */
  readonly wait: (ms: number) => Promise<void>
}

function makeBell(): Bell {
  let rang = false
  let wakeUp: (() => void) | null = null
  return {
    ring: () => {
      rang = true
      wakeUp?.()
    },
    wait: (ms) =>
      new Promise((resolve) => {
        const done = (): void => {
          clearTimeout(timer)
          wakeUp = null
          rang = false
          resolve()
        }
        const timer = setTimeout(done, ms)
        wakeUp = done
        if (rang) done()
      }),
  }
}
