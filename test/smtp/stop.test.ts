/** Stopping the wire in: no accepted mail without its 250, no 421 for a mail that is then committed. */
import { expect, test } from 'vitest'
import type { Accepted } from '../../src/smtp/receive.ts'
import { type Client, openClient } from './dialogue.ts'
import { startTestReceiver } from './test-receiver.ts'

/** Brings a client to the point where it may send its message. */
async function openInData(port: number): Promise<Client> {
  const client = openClient(port)
  expect(await client.reply()).toMatch(/^220 /)
  client.send('EHLO a.example\r\nMAIL FROM:<a@b.example>\r\nRCPT TO:<support@gw.test>\r\nDATA\r\n')
  for (const code of [/^250/, /^250/, /^250/, /^354/]) expect(await client.reply()).toMatch(code)
  return client
}

async function openIdle(port: number): Promise<Client> {
  const client = openClient(port)
  expect(await client.reply()).toMatch(/^220 /)
  return client
}

test('a mail in its commit gets its 250 and then 421, an idle client gets 421 at once', async () => {
  const commit = Promise.withResolvers<Accepted>()
  const receiver = await startTestReceiver({ accept: () => commit.promise })
  const idle = await openIdle(receiver.port)
  const committing = await openInData(receiver.port)
  committing.send('text\r\n.\r\n')
  await receiver.offered(1)

  const stopped = receiver.close()
  expect(await idle.reply()).toMatch(/^421 4\.3\.2 /)
  expect(await idle.reply()).toBeNull()
  expect(committing.unread()).toEqual([])
  commit.resolve({ kind: 'accepted', queueId: 'q1' })
  expect(await committing.reply()).toMatch(/^250 2\.6\.0 q1 /)
  expect(await committing.reply()).toMatch(/^421 4\.3\.2 /)
  expect(await committing.reply()).toBeNull()
  await stopped

  const late = openClient(receiver.port)
  expect(await late.reply()).toBeNull()
})

test('a mail that is still coming in may finish', async () => {
  const receiver = await startTestReceiver()
  const idle = await openIdle(receiver.port)
  const sending = await openInData(receiver.port)
  const stopped = receiver.close()
  // The 421 of the idle client tells that the stop has begun.
  expect(await idle.reply()).toMatch(/^421 /)
  sending.send('text\r\n.\r\n')
  expect(await sending.reply()).toMatch(/^250 2\.6\.0 q1 /)
  expect(await sending.reply()).toMatch(/^421 4\.3\.2 /)
  await stopped
  expect(receiver.arrivals).toHaveLength(1)
})

test('a mail that does not end in time is not taken, while one in its commit is still waited for', async () => {
  const commit = Promise.withResolvers<Accepted>()
  const receiver = await startTestReceiver({ accept: () => commit.promise, drainMs: 20 })
  const slow = await openInData(receiver.port)
  slow.send('half of')
  const committing = await openInData(receiver.port)
  committing.send('text\r\n.\r\n')
  await receiver.offered(1)
  const stopped = receiver.close()
  expect(await slow.reply()).toMatch(/^421 4\.3\.2 /)
  slow.socket.destroy()
  commit.resolve({ kind: 'accepted', queueId: 'q1' })
  expect(await committing.reply()).toMatch(/^250 2\.6\.0 q1 /)
  expect(await committing.reply()).toMatch(/^421 4\.3\.2 /)
  await stopped
  expect(receiver.arrivals).toHaveLength(1)
})

test('a second mail pipelined behind the first is not begun during a stop', async () => {
  const commit = Promise.withResolvers<Accepted>()
  const receiver = await startTestReceiver({ accept: () => commit.promise })
  const client = await openInData(receiver.port)
  client.send('one\r\n.\r\nMAIL FROM:<a@b.example>\r\nRCPT TO:<support@gw.test>\r\nDATA\r\n')
  await receiver.offered(1)
  const stopped = receiver.close()
  commit.resolve({ kind: 'accepted', queueId: 'q1' })
  expect(await client.reply()).toMatch(/^250 2\.6\.0 q1 /)
  expect(await client.reply()).toMatch(/^421 4\.3\.2 /)
  expect(await client.reply()).toBeNull()
  await stopped
  expect(receiver.arrivals).toHaveLength(1)
})

test('closing twice is closing once, and a client that never closes its side does not hold it', async () => {
  const receiver = await startTestReceiver()
  const client = await openIdle(receiver.port)
  client.socket.pause()
  await Promise.all([receiver.close(), receiver.close()])
  client.socket.destroy()
})
