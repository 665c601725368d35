import { createHmac } from 'node:crypto'
import { expect, test } from 'vitest'
import type { LetterId } from '../decide/context.ts'
import { makeMessageId, verifyMessageId } from './sign-message-id.ts'

const letterId = '0123456789abcdef' as LetterId

function mac(purpose: string, chunks: readonly Uint8Array[]): Uint8Array {
  const hmac = createHmac('sha256', `key ${purpose}`)
  for (const chunk of chunks) hmac.update(chunk)
  return hmac.digest()
}

test('A Message-ID of ours names its letter, in any case.', () => {
  const messageId = makeMessageId({ letterId }, 'desk.example', mac)
  expect(verifyMessageId(messageId, 'desk.example', mac)).toBe(letterId)
  expect(verifyMessageId(messageId.toUpperCase(), 'desk.example', mac)).toBe(letterId)
})

test('A letter always gets the same Message-ID, so that it may be sent twice.', () => {
  expect(makeMessageId({ letterId }, 'desk.example', mac)).toBe(
    makeMessageId({ letterId }, 'desk.example', mac),
  )
})

test('An altered, foreign or shapeless Message-ID names no letter.', () => {
  const messageId = makeMessageId({ letterId }, 'desk.example', mac)
  for (const other of [
    messageId.replace('0123', '0124'),
    messageId.replace('desk', 'disk'),
    `x${messageId}`,
    'CAabc@mail.gmail.com',
    'tg.@desk.example',
    '',
  ]) {
    expect(verifyMessageId(other, 'desk.example', mac)).toBeNull()
  }
  expect(verifyMessageId(messageId, 'desk.example', () => new Uint8Array(32))).toBeNull()
})
