import { PassThrough } from 'node:stream'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Collected, collect } from './collect.ts'
import { MemoryBudget } from './memory-budget.ts'

/** Sends the chunks through a stream; `end: false` breaks it off. */
async function collected(
  chunks: readonly Buffer[],
  { limit = 1000, memory = 10_000, end = true } = {},
): Promise<{ readonly result: Collected; readonly floods: number; readonly kept: number }> {
  const stream = new PassThrough()
  const budget = new MemoryBudget(memory)
  let floods = 0
  const ending = collect(stream, {
    limit,
    share: budget.open(),
    onFlood: () => {
      floods += 1
    },
  })
  for (const chunk of chunks) stream.write(chunk)
  if (end) stream.end()
  else stream.destroy(new Error('connection lost'))
  const result = await ending
  return { result, floods, kept: budget.used }
}

test('however a message is cut, it is put together again', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.uint8Array({ maxLength: 9000 }), { maxLength: 12 }), async (pieces) => {
      const chunks = pieces.map((piece) => Buffer.from(piece))
      const whole = Buffer.concat(chunks)
      const { result, kept } = await collected(chunks, { limit: 1_000_000, memory: 1_000_000 })
      expect(result.kind === 'content' && whole.equals(result.content)).toBe(true)
      expect(kept).toBe(whole.byteLength)
    }),
    { numRuns: 40 },
  )
})

test.each([
  ['of the limit is content', 1000, { result: { kind: 'content' }, floods: 0, kept: 1000 }],
  [
    'beyond the limit is too large, and not kept',
    1001,
    { result: { kind: 'too-large' }, floods: 0, kept: 0 },
  ],
  ['at twice the limit is no flood yet', 2000, { result: { kind: 'too-large' }, floods: 0, kept: 0 }],
  ['far beyond is a flood, told once', 5000, { result: { kind: 'too-large' }, floods: 1, kept: 0 }],
])('a message %s', async (_name, size, expected) => {
  const chunks = Array.from({ length: size }, () => Buffer.from('a'))
  expect(await collected(chunks)).toMatchObject(expected)
})

test('a message without room in the memory gives back what it had', async () => {
  const { result, kept } = await collected([Buffer.alloc(60), Buffer.alloc(60)], { memory: 100 })
  expect(result.kind).toBe('no-room')
  expect(kept).toBe(0)
})

test('a broken stream is a client that has gone', async () => {
  const { result } = await collected([Buffer.from('half')], { end: false })
  expect(result.kind).toBe('gone')
})

test('shares of one budget see each other, and a share is given back once', () => {
  const budget = new MemoryBudget(100)
  const one = budget.open()
  const other = budget.open()
  expect(one.take(70)).toBe(true)
  expect(other.take(31)).toBe(false)
  expect(other.take(30)).toBe(true)
  one.release()
  one.release()
  expect(budget.used).toBe(30)
})
