/**
 * The clock: what becomes due by time alone. Digests of held mail, reminders and ends of drafts; each looks for its due
 * rows by an index and does them in transactions of its own, so any number of nodes may look at once.
 * Fails: a fault of one task is logged and tried again at the next look; it stops no other task.
 */
import { raiseAlarms } from './alarms.ts'
import { planDraftExpiry, planDraftReminder } from './decide/plan-clock.ts'
import { planPromiseCheck } from './decide/plan-promise.ts'
import type { Desk } from './desk.ts'
import type { Log } from './log.ts'
import { writeHeldDigest } from './store/digest.ts'
import { writeDraftDigest } from './store/draft-digest.ts'
import { workDueDrafts } from './store/due-drafts.ts'
import { workDuePromises } from './store/due-promises.ts'

const CLOCK_MS = 30_000

type Faults = (error: unknown, about: string) => void

type Task = {
  /** What it deals with: counted in the log under this name. */
  readonly name: string
  /** For the log, when something was done. */
  readonly says: string
  /** Does what is due now; returns how many rows it dealt with. */
  readonly run: (desk: Desk, onFault: Faults) => Promise<number>
}

const TASKS: readonly Task[] = [
  {
    name: 'mails',
    says: 'told the operator of held mail',
    run: (desk) => {
      const { applyDeps, policy, config } = desk
      const { language } = config.letters
      const deps = { ...applyDeps, firstQueue: policy.firstQueue, language, partners: config.partners }
      return writeHeldDigest(desk.store, deps, desk.clock())
    },
  },
  {
    name: 'drafts',
    says: 'reminded of drafts, or ended them',
    run: (desk, onFault) => {
      const now = desk.clock()
      const { policy } = desk
      return workDueDrafts(desk.store, {
        now,
        deskMode: desk.config.mode,
        deps: desk.applyDeps,
        plan: (work, draft) =>
          work === 'expire'
            ? planDraftExpiry({ ...draft, now, policy })
            : planDraftReminder({ ...draft, now, policy }),
        onFault,
      })
    },
  },
  {
    name: 'promises',
    says: 'told the desk of promises that run out or broke',
    run: (desk, onFault) => {
      const now = desk.clock()
      const { policy } = desk
      return workDuePromises(desk.store, {
        now,
        deps: desk.applyDeps,
        plan: (due) => planPromiseCheck({ ...due, now, policy }),
        onFault,
      })
    },
  },
  {
    name: 'waiting drafts',
    says: 'told the desk of drafts',
    run: (desk) => {
      const { language } = desk.config.letters
      return writeDraftDigest(desk.store, { ...desk.applyDeps, language }, desk.clock())
    },
  },
  {
    name: 'alarms',
    says: 'raised alarms',
    run: (desk) => raiseAlarms(desk),
  },
]

/** Does everything that is due at this instant. Returns what each task dealt with, tasks without any left out. */
export async function runClock(desk: Desk, onFault: Faults): Promise<ReadonlyMap<Task, number>> {
  const done = new Map<Task, number>()
  for (const task of TASKS) {
    try {
      const rows = await task.run(desk, onFault)
      if (rows > 0) done.set(task, rows)
    } catch (error) {
      onFault(error, task.name)
    }
  }
  return done
}

/** Looks every half minute; `stop` resolves when a look under way has come to its end. */
export function startClock(
  desk: Desk,
  log: Log,
  onLetters: () => void,
): { readonly stop: () => Promise<void> } {
  const look = async (): Promise<void> => {
    const done = await runClock(desk, (error, about) => log.error({ err: error, about }, 'the clock failed'))
    for (const [{ name, says }, rows] of done) log.info({ [name]: rows }, says)
    if (done.size > 0) onLetters()
  }
  let looking = look()
  let isLooking = true
  const settled = (): void => {
    isLooking = false
  }
  void looking.then(settled)
  const timer = setInterval(() => {
    // A long look is not joined by a second one.
    if (isLooking) return
    isLooking = true
    looking = look()
    void looking.then(settled)
  }, CLOCK_MS)
  return {
    stop: async () => {
      clearInterval(timer)
      await looking
    },
  }
}
