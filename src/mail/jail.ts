/**
 * The jail: worker threads that parse hostile mail under a memory limit and a time limit. A worker that breaks either
 * is ended and replaced; its mail is tried once more by its header alone.
 * Fails: `read` never rejects because of a mail, however hostile; it rejects when workers cannot start at all or the
 * jail is closed.
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
export type JailAnswer =
  | { readonly kind: 'ready' }
  | { readonly kind: 'read'; readonly read: Mail | Unreadable }
  | { readonly kind: 'broken'; readonly reason: string }

type Outcome = Exclude<JailAnswer, { kind: 'ready' }>
type Job = {
  readonly question: JailQuestion
  readonly finish: (outcome: Outcome) => void
  readonly fail: (fault: Error) => void
}
type Cell = { readonly worker: Worker; ready: boolean; job: Job | null; timer: NodeJS.Timeout | null }
type State = {
  readonly options: JailOptions
  readonly cells: Cell[]
  waiting: Job[]
  failedStarts: number
  closed: boolean
}

const WORKER_FILE = new URL('./jail-worker.ts', import.meta.url)
/** After so many workers in a row that did not even start, the fault is ours and no mail's. */
const MAX_FAILED_STARTS = 3

/** Opens a jail with warm workers; mails beyond their number wait in the order they came. */
export function openJail(options: JailOptions): Jail {
  const state: State = { options, cells: [], waiting: [], failedStarts: 0, closed: false }
  fillCells(state)
  return {
    read: (content, readOptions) => readJailed(state, content, readOptions.reversePath),
    close: () => closeJail(state),
  }
}

/** Reads by the whole mail, then by the header alone, then gives up with what the first attempt said. */
async function readJailed(
  state: State,
  content: Uint8Array,
  reversePath: string | null,
): Promise<Mail | Unreadable> {
  const first = await ask(state, { content, reversePath, headerOnly: null })
  if (first.kind === 'read') return first.read
  const second = await ask(state, { content, reversePath, headerOnly: first.reason })
  if (second.kind === 'read') return second.read
  return { kind: 'unreadable', reason: first.reason, messageId: null, from: null, subject: null }
}

function ask(state: State, question: JailQuestion): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    if (state.closed) {
      reject(new Error('the jail is closed'))
      return
    }
    state.waiting.push({ question, finish: resolve, fail: reject })
    fillCells(state)
    pump(state)
  })
}

function fillCells(state: State): void {
  while (!state.closed && state.cells.length < Math.max(1, state.options.workers)) openCell(state)
}

function openCell(state: State): void {
  const cell: Cell = { worker: startWorker(state.options.memoryMb), ready: false, job: null, timer: null }
  state.cells.push(cell)
  cell.worker.on('message', (answer: JailAnswer) => {
    if (answer.kind === 'ready') {
      cell.ready = true
      state.failedStarts = 0
    } else endJob(cell, answer)
    pump(state)
  })
  cell.worker.once('error', (cause) => breakCell(state, cell, breakReason(cause)))
  cell.worker.once('exit', () => breakCell(state, cell, 'the parser ended early'))
}

/** Hands waiting mails to idle cells. */
function pump(state: State): void {
  for (const cell of state.cells) {
    const job = cell.ready && cell.job === null ? state.waiting.shift() : undefined
    if (job === undefined) continue
    cell.job = job
    cell.timer = setTimeout(() => breakCell(state, cell, 'reading took too long'), state.options.timeoutMs)
    // A copy of its own, handed over: a small view must not drag its whole buffer along.
    const content = new Uint8Array(job.question.content)
    cell.worker.postMessage({ ...job.question, content } satisfies JailQuestion, [content.buffer])
  }
}

function endJob(cell: Cell, outcome: Outcome): void {
  const { job, timer } = cell
  if (timer !== null) clearTimeout(timer)
  cell.timer = null
  cell.job = null
  job?.finish(outcome)
}

/** Takes a cell out and ends its worker; its mail's reader is told why, and a fresh cell takes its place. */
function breakCell(state: State, cell: Cell, reason: string): void {
  const at = state.cells.indexOf(cell)
  if (at < 0) return
  state.cells.splice(at, 1)
  void cell.worker.terminate()
  endJob(cell, { kind: 'broken', reason })
  if (!cell.ready) state.failedStarts++
  if (state.failedStarts >= MAX_FAILED_STARTS) {
    state.failedStarts = 0
    for (const job of state.waiting.splice(0)) job.fail(new Error(`no parser could be started: ${reason}`))
  } else fillCells(state)
}

async function closeJail(state: State): Promise<void> {
  state.closed = true
  const cells = state.cells.splice(0)
  const stopped = new Error('the jail is closed')
  for (const { job, timer } of cells) {
    if (timer !== null) clearTimeout(timer)
    job?.fail(stopped)
  }
  for (const job of state.waiting.splice(0)) job.fail(stopped)
  await Promise.all(cells.map(({ worker }) => worker.terminate()))
}

function startWorker(memoryMb: number): Worker {
  return new Worker(WORKER_FILE, {
    resourceLimits: {
      maxOldGenerationSizeMb: memoryMb,
      maxYoungGenerationSizeMb: Math.max(16, Math.floor(memoryMb / 8)),
      stackSizeMb: 4,
    },
    // Nothing of ours is needed inside, least of all secrets in the environment.
    env: {},
  })
}

function breakReason(cause: unknown): string {
  const code = cause instanceof Error && 'code' in cause ? cause.code : null
  if (code === 'ERR_WORKER_OUT_OF_MEMORY') return 'reading needed too much memory'
  return `the parser failed: ${cause instanceof Error ? cause.message.slice(0, 200) : 'unknown fault'}`
}
