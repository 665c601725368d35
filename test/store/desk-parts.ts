/** What the store is handed by other rooms, for tests: the real vault, signatures and letters over a throw-away ring. */
import { createHash, randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { policy } from '../../src/decide/test-builders.ts'
import { loadLetters } from '../../src/letters/load.ts'
import type { Envelope } from '../../src/mail/mail.ts'
import type { ApplyDeps } from '../../src/store/apply-deps.ts'
import { type InboxDeps, type PutMail, putMail } from '../../src/store/inbox.ts'
import { makeIdSource } from '../../src/store/new-id.ts'
import type { Store } from '../../src/store/open.ts'
import {
  type Addressing,
  type Signing,
  signReplyAddress,
  signReturnPath,
} from '../../src/trust/own-address.ts'
import { makeMessageId } from '../../src/trust/sign-message-id.ts'
import { tokenKeysOf } from '../../src/trust/token.ts'
import { newKeyRingText, parseKeyRing } from '../../src/vault/key-ring.ts'
import { open, seal } from '../../src/vault/seal.ts'
import type { Place } from './databases.ts'

export const now = new Date('2026-11-24T09:12:00Z')

export const MINUTE_MS = 60_000
export const HOUR_MS = 60 * MINUTE_MS
export const DAY_MS = 24 * HOUR_MS

/** The instant so many milliseconds after `now`. */
export function later(ms: number): Date {
  return new Date(now.getTime() + ms)
}

export const ring = parseKeyRing(newKeyRingText(randomBytes, now), 'test')

const addressing: Addressing = {
  domain: 'desk.example',
  queues: { support: 'support', engineering: 'engineering' },
  note: 'note',
  bounce: 'bounce',
  form: 'plus',
  separator: '+',
  replyDays: 400,
}

export const signing: Signing = { addressing, brandId: 'brand', keys: tokenKeysOf(ring) }

export const letters = loadLetters({
  shipped: join(import.meta.dirname, '../../templates'),
  override: null,
  brand: { name: 'Hosting Desk', url: null, logoText: 'Hosting', accentColour: '#1f5f8b' },
})

export const newId = makeIdSource(randomBytes)

const sealing: InboxDeps['sealing'] = {
  seal: (plain, binding) => seal(ring, plain, binding),
  open: (sealed, binding) => open(ring, sealed, binding),
}

/** What `putMail` and `openClaimed` are handed. */
export function inboxDeps(place: Place): InboxDeps {
  return { sealing, newId, blobs: { folder: join(place.folder, 'blobs') }, brandId: 'brand' }
}

/** What `applyEffects` is handed; `change` gives what a test wants otherwise. */
export function applyDeps(store: Store, change: Partial<ApplyDeps> = {}): ApplyDeps {
  return {
    dialect: store.dialect,
    newId,
    sealing,
    brand: { id: 'brand', fromName: 'Hosting Desk' },
    policy: { version: policy.version, content: '{}' },
    render: (name, model, head) => letters.render(name, model, head),
    firstQueue: 'support',
    queueAddress: (queue) => `${addressing.queues[queue] ?? 'support'}@${addressing.domain}`,
    replyAddress: (target, at) => signReplyAddress(target, at, signing),
    returnPath: (letterId, at) => signReturnPath(letterId, at, signing),
    messageId: (letterId) => makeMessageId({ letterId }, addressing.domain, ring.mac),
    loopField: (letterId) => ({ name: 'X-Ticketgate-Loop', value: `marker of ${letterId}` }),
    queueNotify: () => ['agents'],
    operator: { address: 'operator@desk.example', postmaster: 'postmaster@desk.example' },
    ...change,
  }
}

export function envelope(change: Partial<Envelope> = {}): Envelope {
  return {
    reversePath: 'fenella@otterbrook-it.example',
    forwardPaths: ['support@desk.example'],
    transport: 'smtp',
    clientIp: '127.0.0.1',
    ehloDomain: 'relay.example',
    tls: true,
    faces: 'relay',
    trustedRelay: '127.0.0.0/8',
    receivedAt: now,
    ...change,
  }
}

type Arrival = Omit<Parameters<typeof putMail>[1], 'envelope'> & { readonly envelope: Partial<Envelope> }

/** Puts a mail: one with the same text is the same mail. */
export function put(place: Place, text: string, change: Partial<Arrival> = {}): Promise<PutMail> {
  const arrival = {
    content: Buffer.from(text),
    dedupeKey: createHash('sha256').update(text).digest('hex'),
    now,
    ...change,
    envelope: envelope(change.envelope),
  }
  return putMail(place.store, arrival, inboxDeps(place))
}
