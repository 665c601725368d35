/** Row ids sort by time, never repeat, and hold their instant. */
import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { makeIdSource } from './new-id.ts'

const now = new Date('2026-11-24T09:12:00Z')

test('an id is sixteen lower-case digits of Crockford base 32, of instant and randomness', () => {
  const zero = makeIdSource((size) => new Uint8Array(size))
  expect(zero(new Date(0))).toBe('0000000000000001')
  const one = makeIdSource((size) => new Uint8Array(size))
  expect(one(new Date(1))).toBe('0000000080000000')
  const most = makeIdSource((size) => new Uint8Array(size).fill(0xff))
  expect(most(now)).toMatch(/^[0-9a-hjkmnp-tv-z]{9}z{7}$/)
})

test('ids of one process ascend, also in one millisecond and when the clock steps back', () => {
  const newId = makeIdSource(randomBytes)
  const instants = [...Array.from({ length: 1000 }, () => 0), 5, 1, -60_000, 10]
  const ids = instants.map((ms) => newId(new Date(now.getTime() + ms)))
  expect(ids.toSorted()).toEqual(ids)
  expect(new Set(ids).size).toBe(ids.length)
})

test('ids of two processes differ in the same millisecond', () => {
  const [one, two] = [makeIdSource(randomBytes), makeIdSource(randomBytes)]
  const ids = Array.from({ length: 500 }, () => [one(now), two(now)]).flat()
  expect(new Set(ids).size).toBe(ids.length)
})

test('a later instant gives a greater id in any process', () => {
  const high = makeIdSource((size) => new Uint8Array(size).fill(0xff))
  const low = makeIdSource((size) => new Uint8Array(size))
  expect(high(now) < low(new Date(now.getTime() + 1))).toBe(true)
})
