import { expect, test } from 'vitest'
import { ConnectionCount, placeOf } from './connection-count.ts'

test.each([
  ['192.0.2.1', '192.0.2.2', false],
  ['2001:db8::1', '2001:db8::ffff:2', true],
  ['2001:db8::1234:1', '2001:db8::2234:1', true],
  ['2001:db8:0:12::1', '2001:db8:0:34::1', true],
  ['2001:db8:0:1200::1', '2001:db8:0:1300::1', false],
  ['2001:db8:0:1::1', '2001:0DB8:0:1:0:0:0:2', true],
  ['::1', '::2', true],
  ['2001:db8:1::', '2001:db8:2::', false],
])('%s and %s are one client: %s', (one, other, same) => {
  expect(placeOf(one) === placeOf(other)).toBe(same)
})

test('each place has its own count, and gives back what it took, once', () => {
  const count = new ConnectionCount(2)
  expect(count.enter('a', '192.0.2.1', false)).toBe(true)
  expect(count.enter('b', '192.0.2.1', false)).toBe(true)
  expect(count.enter('c', '192.0.2.1', false)).toBe(false)
  expect(count.enter('d', '192.0.2.2', false)).toBe(true)
  expect(count.enter('e', '192.0.2.1', true)).toBe(true)
  count.leave('c')
  count.leave('e')
  expect(count.enter('f', '192.0.2.1', false)).toBe(false)
  count.leave('a')
  count.leave('a')
  expect(count.enter('g', '192.0.2.1', false)).toBe(true)
  expect(count.enter('h', '192.0.2.1', false)).toBe(false)
})
