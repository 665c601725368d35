/** One gateway per SQLite file: a second process is turned away, and a killed one leaves nothing locked. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, inject, test } from 'vitest'
import { takeInstanceLock } from '../../src/store/instance-lock.ts'
import { StoreUnavailable } from '../../src/store/open.ts'

const program = new URL('./hold-lock.ts', import.meta.url).pathname
const children: ChildProcess[] = []
let folder = ''

beforeEach(() => {
  folder = mkdtempSync(join(inject('runFolder'), 'lock-'))
})

afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
})

/** Another process that takes the lock; `word` is what it says: `held`, or why not. */
async function holdElsewhere(file: string): Promise<{ child: ChildProcess; word: string }> {
  const child = spawn(process.execPath, ['--expose-gc', program, file], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  children.push(child)
  const [chunk] = (await once(child.stdout, 'data')) as [Buffer]
  return { child, word: chunk.toString('utf8').trim() }
}

test('a second process is turned away while the first one runs', async () => {
  const file = join(folder, 'desk.sqlite')
  expect((await holdElsewhere(file)).word).toBe('held')
  expect(() => takeInstanceLock(file)).toThrow(StoreUnavailable)
  expect(() => takeInstanceLock(file)).toThrow(`another gateway runs on ${file} already`)
  expect((await holdElsewhere(file)).word).toBe(`another gateway runs on ${file} already`)
})

test('the lock of another file is free', async () => {
  expect((await holdElsewhere(join(folder, 'one.sqlite'))).word).toBe('held')
  takeInstanceLock(join(folder, 'two.sqlite')).release()
})

test('a released lock is free at once', () => {
  const file = join(folder, 'desk.sqlite')
  for (let i = 0; i < 3; i++) takeInstanceLock(file).release()
})

test('the lock of a killed process is free', async () => {
  const file = join(folder, 'desk.sqlite')
  const { child } = await holdElsewhere(file)
  const exited = once(child, 'exit')
  child.kill('SIGKILL')
  await exited
  takeInstanceLock(file).release()
})

test('a folder that is not there is not mistaken for another gateway', () => {
  const file = join(folder, 'nowhere', 'desk.sqlite')
  expect(() => takeInstanceLock(file)).toThrow(StoreUnavailable)
  expect(() => takeInstanceLock(file)).toThrow(/^cannot lock .*desk\.sqlite: /)
})
