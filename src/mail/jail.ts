/**
 * The jail: worker threads that parse hostile mail under a memory limit and a time limit. A worker that breaks either
 * is ended and replaced; its mail is tried once more by its header alone.
 * Fails: `read` never rejects for a mail, however hostile; it rejects only once the jail is closed.
 */
import { Worker } from 'node:worker_threads'
import type { Mail, Unreadable } from './mail.ts'

export type JailOptions = { readonly workers: number; readonly timeoutMs: number; readonly memoryMb: number }
export type ReadOptions = { readonly reversePath: string | null }
export type Jail = {
  read(content: Uint8Array, options: ReadOptions): Promise<Mail | Unreadable>
  close(): Promise<void>
}

/** What a worker is asked; `headerOnly` is the reason why the body is left alone, or null. */
export type JailQuestion = {
  readonly content: Uint8Array
  readonly reversePath: string | null
  readonly headerOnly: string | null
}
export type JailAnswer = { readonly read: Mail | Unreadable } | { readonly fault: string }

type Job = { readonly question: JailQuestion; readonly finish: (outcome: Outcome) => void }
type Outcome =
  | { readonly kind: 'read'; readonly read: Mail | Unreadable }
  | { readonly kind: 'broken'; readonly reason: string }
type Cell = { worker: Worker; job: Job | null; timer: NodeJS.Timeout | null; started: boolean }

const WORKER_FILE = new URL('./jail-worker.ts', import.meta.url)
/** Loading the parser takes longer than most mails; it does not count as the mail's own time. */
const START_ALLOWANCE_MS = 10_000

/** Opens a jail with warm workers; mails beyond their number wait in the order they came. */
export function openJail(options: JailOptions): Jail {
  const cells: Cell[] = []
  const waiting: Job[] = []
  let closed = false

  const openCell = (): void => {
    const cell: Cell = { worker: startWorker(options.memoryMb), job: null, timer: null, started: false }
    cells.push(cell)
    cell.worker.on('message', (answer: JailAnswer) => endJob(cell, outcomeOf(answer)))
    cell.worker.once('error', (cause) => breakCell(cell, memoryReason(cause)))
    cell.worker.once('exit', () => breakCell(cell, 'the parser ended early'))
  }

  const endJob = (cell: Cell, outcome: Outcome): void => {
    const { job } = cell
    if (cell.timer !== null) clearTimeout(cell.timer)
    cell.timer = null
    cell.job = null
    cell.started = true
    job?.finish(outcome)
    pump()
  }

  /** Takes a cell out, replaces it, and tells its mail's reader why. */
  const breakCell = (cell: Cell, reason: string): void => {
    const at = cells.indexOf(cell)
    if (at < 0) return
    cells.splice(at, 1)
    void cell.worker.terminate()
    if (!closed) openCell()
    endJob(cell, { kind: 'broken', reason })
  }

  const pump = (): void => {
    for (const cell of cells) {
      const job = cell.job === null ? waiting.shift() : undefined
      if (job === undefined) continue
      cell.job = job
      const limitMs = options.timeoutMs + (cell.started ? 0 : START_ALLOWANCE_MS)
      cell.timer = setTimeout(() => breakCell(cell, 'reading took too long'), limitMs)
      cell.worker.postMessage(job.question, [])
    }
  }

  const ask = (question: JailQuestion): Promise<Outcome> =>
    new Promise((resolve, reject) => {
      if (closed) reject(new Error('the jail is closed'))
      else {
        waiting.push({ question, finish: resolve })
        pump()
      }
    })

  for (let count = 0; count < Math.max(1, options.workers); count++) openCell()

  return {
    read: (content, { reversePath }) => readJailed(ask, content, reversePath),
    close: async () => {
      closed = true
      const ended = cells.splice(0)
      for (const cell of ended) endJob(cell, { kind: 'broken', reason: 'the gateway is stopping' })
      for (const job of waiting.splice(0)) job.finish({ kind: 'broken', reason: 'the gateway is stopping' })
      await Promise.all(ended.map((cell) => cell.worker.terminate()))
    },
  }
}

async function readJailed(
  ask: (question: JailQuestion) => Promise<Outcome>,
  content: Uint8Array,
  reversePath: string | null,
): Promise<Mail | Unreadable> {
  const first = await ask({ content, reversePath, headerOnly: null })
  if (first.kind === 'read') return first.read
  const second = await ask({ content, reversePath, headerOnly: first.reason })
  if (second.kind === 'read') return second.read
  return { kind: 'unreadable', reason: first.reason, messageId: null, from: null, subject: null }
}

function startWorker(memoryMb: number): Worker {
  const worker = new Worker(WORKER_FILE, {
    resourceLimits: {
      maxOldGenerationSizeMb: memoryMb,
      maxYoungGenerationSizeMb: Math.max(16, Math.floor(memoryMb / 8)),
      stackSizeMb: 4,
    },
    // Nothing of ours is needed inside, least of all secrets in the environment.
    env: {},
    stdout: false,
  })
  worker.unref()
  return worker
}

function outcomeOf(answer: JailAnswer): Outcome {
  return 'read' in answer ? { kind: 'read', read: answer.read } : { kind: 'broken', reason: answer.fault }
}

function memoryReason(cause: unknown): string {
  const code = cause instanceof Error && 'code' in cause ? cause.code : null
  return code === 'ERR_WORKER_OUT_OF_MEMORY' ? 'reading needed too much memory' : 'the parser failed'
}
