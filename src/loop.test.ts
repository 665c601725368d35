import { pino } from 'pino'
import { expect, test } from 'vitest'
import { startLoop } from './loop.ts'

const log = pino({ level: 'silent' })

test('the loop runs everything it claims, wakes on a hint, and finishes its rows before it stops', async () => {
  const due = [1, 2, 3]
  const done: number[] = []
  let release: () => void = () => undefined
  const gate = new Promise<void>((resolve) => {
    release = resolve
  })
  let allStarted: () => void = () => undefined
  const started = new Promise<void>((resolve) => {
    allStarted = resolve
  })
  const loop = startLoop({
    name: 'test',
    log,
    claim: (limit) => Promise.resolve(due.splice(0, limit)),
    run: async (work) => {
      if (work === 4) {
        allStarted()
        await gate
      }
      done.push(work)
    },
    concurrency: 2,
    idleMs: 60_000,
  })
  due.push(4)
  loop.wake()
  await started
  const stopped = loop.stop()
  release()
  await stopped
  expect(done.toSorted((a, b) => a - b)).toEqual([1, 2, 3, 4])
})

test('a fault in one row does not keep the next from running', async () => {
  const due = ['bad', 'good']
  let finish: () => void = () => undefined
  const good = new Promise<void>((resolve) => {
    finish = resolve
  })
  const loop = startLoop({
    name: 'test',
    log,
    claim: () => Promise.resolve(due.splice(0, 1)),
    run: (work) => {
      if (work === 'bad') return Promise.reject(new Error('fault'))
      finish()
      return Promise.resolve()
    },
    concurrency: 1,
    idleMs: 60_000,
  })
  await good
  await loop.stop()
  expect(due).toEqual([])
})

test('a claim that fails is tried again', async () => {
  let tries = 0
  let finish: () => void = () => undefined
  const second = new Promise<void>((resolve) => {
    finish = resolve
  })
  const loop = startLoop<never>({
    name: 'test',
    log,
    claim: () => {
      tries += 1
      if (tries === 1) return Promise.reject(new Error('database away'))
      finish()
      return Promise.resolve([])
    },
    run: () => Promise.resolve(),
    concurrency: 1,
    idleMs: 60_000,
  })
  await second
  await loop.stop()
  expect(tries).toBeGreaterThanOrEqual(2)
})
