import { createHmac } from 'node:crypto'
import { expect, test } from 'vitest'
import type { LetterId } from '../decide/context.ts'
import { makeLoopMarker, verifyLoopMarker } from './loop-marker.ts'

const letterId = '0123456789abcdef' as LetterId

const macOf =
  (key: string) =>
  (purpose: string, chunks: readonly Uint8Array[]): Uint8Array => {
    const hmac = createHmac('sha256', `${key} ${purpose}`)
    for (const chunk of chunks) hmac.update(chunk)
    return hmac.digest()
  }
const mac = macOf('ours')
const marker = makeLoopMarker(letterId, 'desk.example', mac)

test('Our marker names the letter that it stands on, in any case and with blanks around it.', () => {
  expect(verifyLoopMarker(` ${marker.toUpperCase()} `, 'desk.example', mac)).toBe(letterId)
})

test.each([
  ['of another Ticketgate', makeLoopMarker(letterId, 'desk.example', macOf('theirs'))],
  ['of another domain', makeLoopMarker(letterId, 'other.example', mac)],
  ['for another letter', marker.replace('0123', '0124')],
  ['with a word', 'yes'],
  ['with nothing', ''],
])('A marker %s makes no mail vanish.', (_, value) => {
  expect(verifyLoopMarker(value, 'desk.example', mac)).toBeNull()
})
