/** A receiver on a free loopback port that keeps what it accepts; the wire alone, without store and desk. */
import pino from 'pino'
import { type Arrival, type Receiver, type ReceiverOptions, startReceiver } from '../../src/smtp/receive.ts'

export type TestReceiver = Receiver & {
  readonly arrivals: readonly Arrival[]
  /** Resolves when `count` mails were offered. */
  readonly offered: (count: number) => Promise<void>
}

export const LIMITS: ReceiverOptions['limits'] = {
  messageBytes: 65_536,
  recipients: 100,
  connections: 100,
  connectionsPerIp: 100,
  idleSeconds: 60,
  messageSeconds: 60,
  sessionErrors: 20,
}

export const NOW = new Date('2026-03-01T09:30:00Z')

/** `support@gw.test` and every `own…@gw.test` exist; the rest of gw.test does not; other domains are foreign. */
function resolveRecipient(address: string): ReturnType<ReceiverOptions['resolveRecipient']> {
  const [localPart = '', domain] = address.toLowerCase().split('@')
  if (domain !== 'gw.test') return 'foreign'
  if (localPart.startsWith('support+')) return 'forged'
  return localPart === 'support' || localPart.startsWith('own') ? 'own' : 'unknown'
}

/** Starts one. `change` overrides any option; an own `accept` still has its arrivals recorded. */
export async function startTestReceiver(change: Partial<ReceiverOptions> = {}): Promise<TestReceiver> {
  const arrivals: Arrival[] = []
  const waiting = new Set<() => void>()
  const accept =
    change.accept ?? (() => Promise.resolve({ kind: 'accepted' as const, queueId: `q${arrivals.length}` }))
  const receiver = await startReceiver({
    host: '127.0.0.1',
    port: 0,
    protocol: 'smtp',
    faces: 'relay',
    tls: null,
    hostName: 'gw.test',
    limits: LIMITS,
    trustOf: () => null,
    resolveRecipient,
    isFull: () => false,
    now: () => NOW,
    log: pino({ level: 'silent' }),
    ...change,
    accept: (arrival) => {
      arrivals.push(arrival)
      for (const look of waiting) look()
      return accept(arrival)
    },
  })
  return {
    ...receiver,
    arrivals,
    offered: (count) =>
      new Promise((resolve) => {
        const look = (): void => {
          if (arrivals.length < count) return
          waiting.delete(look)
          resolve()
        }
        waiting.add(look)
        look()
      }),
  }
}

/** The lines of a script up to the reply to EHLO, MAIL and RCPT. */
export const OPENING = `
  S: 220 gw.test
  C: EHLO client.example
  S: 250 SIZE 65536
`
export const ENVELOPE = `
  C: MAIL FROM:<pat@partner.example>
  S: 250 2.1.0
  C: RCPT TO:<support@gw.test>
  S: 250 2.1.5
`
export const TO_DATA = `${OPENING}${ENVELOPE}
  C: DATA
  S: 354
`
export const QUIT = `
  C: QUIT
  S: 221 2.0.0
  S: (closed)
`
