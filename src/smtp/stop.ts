/**
 * Stops a listener without losing or doubling a mail: whoever is in the middle of a message gets its reply first. The
 * library's own `close` says 421 to a client whose message is then committed, which makes it come again.
 * Fails: never; in the end every socket is closed, whatever the client does.
 * Source: RFC 5321 §3.8 (421) and §4.2.5.
 */
import type { Socket } from 'node:net'
import type { SMTPServerSession } from 'smtp-server'
import { type CodedServer, dismiss } from './coded-server.ts'
import { within } from './guard.ts'
import { REPLIES } from './replies.ts'

export type UnderWay = {
  /** The whole message is in: its commit is bounded in time, and a stop waits for it. */
  readonly complete: () => void
  /** It has been answered. */
  readonly end: () => void
}

export type Drain = {
  readonly isStopping: boolean
  readonly begin: (session: SMTPServerSession) => UnderWay
  readonly stop: () => Promise<void>
}

/** How long a client may take to close its side after our last word. */
const LAST_WORD_MS = 2_000

type Message = { readonly session: SMTPServerSession; isComplete: boolean; readonly ended: Promise<void> }

/** Watches over the messages and sockets of one listener. */
export function makeDrain(server: CodedServer, drainMs: number): Drain {
  const messages = new Set<Message>()
  const sockets = new Set<Socket>()
  let stopping: Promise<void> | null = null
  server.server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })

  const dismissAll = (keep: (message: Message) => boolean): void => {
    const kept = new Set([...messages].filter(keep).map(({ session }) => session))
    for (const connection of server.connections) {
      if (!kept.has(connection.session)) dismiss(connection, REPLIES.stopping)
    }
  }

  const stop = async (): Promise<void> => {
    const closed = new Promise<void>((resolve) => {
      server.server.close(() => resolve())
    })
    server.dropHandshakes()
    dismissAll(() => true)
    await within(drainMs, Promise.all([...messages].map(({ ended }) => ended)))
    dismissAll(({ isComplete }) => isComplete)
    await Promise.all([...messages].filter(({ isComplete }) => isComplete).map(({ ended }) => ended))
    const cut = setTimeout(() => {
      for (const socket of sockets) socket.destroy()
    }, LAST_WORD_MS)
    await closed
    clearTimeout(cut)
  }

  return {
    get isStopping() {
      return stopping !== null
    },
    begin: (session) => {
      const { promise, resolve } = Promise.withResolvers<void>()
      const message: Message = { session, isComplete: false, ended: promise }
      messages.add(message)
      return {
        complete: () => {
          message.isComplete = true
        },
        end: () => {
          messages.delete(message)
          const connection = stopping === null ? null : server.connectionOf(session)
          if (connection !== null) dismiss(connection, REPLIES.stopping)
          resolve()
        },
      }
    },
    stop: () => (stopping ??= stop()),
  }
}
