import { expect, test } from 'vitest'
import { progressLine, startProgress } from './progress.ts'

const bar = (full: number): string => '█'.repeat(full) + '░'.repeat(28 - full)

test.each([
  [0, 100, 0, `${bar(0)} 0 of 100 mails`],
  [50, 100, 5_000, `${bar(14)} 50 of 100 mails, 5 s left`],
  [1200, 3000, 400_000, `${bar(11)} 1,200 of 3,000 mails, 10 min left`],
  [100, 100, 9_000, `${bar(28)} 100 of 100 mails`],
  [1234, null, 9_000, '1,234 mails'],
  [0, 0, 0, '0 mails'],
])('%i of %s after %i ms reads %j', (done, total, elapsedMs, line) => {
  expect(progressLine(done, total, elapsedMs)).toBe(line)
})

test('the line is drawn at most ten times a second, and taken away at the end', () => {
  let now = 0
  const written: string[] = []
  const progress = startProgress({ total: 1000, write: (text) => written.push(text), clock: () => now })
  for (let done = 1; done <= 1000; done++) {
    now += 1
    progress.update(done)
  }
  progress.end()
  expect(written).toHaveLength(11)
  expect(written.at(-1)).toBe('\r\u001b[K')
})
