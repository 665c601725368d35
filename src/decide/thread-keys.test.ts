import { expect, test } from 'vitest'
import { fenella, letterId, mail, replyAddress } from './test-builders.ts'
import { threadKeys } from './thread-keys.ts'

test('Message-IDs are looked up from In-Reply-To, then References from the newest to the oldest, each once.', () => {
  const of = mail({ inReplyTo: ['c@x'], references: ['a@x', 'b@x', 'c@x'] })
  expect(threadKeys(of, []).messageIds).toEqual(['c@x', 'b@x', 'a@x'])
})

test('A mail that names itself is not its own thread.', () => {
  expect(threadKeys(mail({ messageId: 'a@x', references: ['a@x'] }), []).messageIds).toEqual([])
})

test('A thread of a thousand mails is looked up by its newest fifty.', () => {
  const references = Array.from({ length: 1000 }, (_, n) => `${n}@x`)
  const { messageIds } = threadKeys(mail({ references }), [])
  expect(messageIds).toHaveLength(50)
  expect(messageIds[0]).toBe('999@x')
})

test('Signed addresses, tags, the bounced letter and the returned Message-ID are all keys.', () => {
  const bounce = {
    recipients: [],
    status: null,
    action: null,
    diagnosticCode: null,
    originalMessageId: 'ours@desk.example',
  }
  const keys = threadKeys(mail({ subject: 'Re: [TG-1042] x', bounce }), [
    replyAddress(fenella),
    { kind: 'bounce', letterId },
    { kind: 'base', queue: 'support' },
  ])
  expect(keys).toEqual({
    signed: [{ kind: 'reply', ticketNumber: 1042, personId: fenella.id, as: 'partner' }],
    messageIds: [],
    tagNumbers: [1042],
    bouncedLetterId: letterId,
    bouncedMessageId: 'ours@desk.example',
    messageId: 'mail-1@otterbrook-it.example',
  })
})
