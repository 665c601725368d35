/** One ticket as a mail makes it, for tests of what comes after: its changes, its letters, and how they are applied. */
import type { PartnerId, PersonId, TicketId } from '../../src/decide/context.ts'
import type { Change, LetterOrder } from '../../src/decide/effects.ts'
import type { LetterName, Models } from '../../src/letters/models.ts'
import { samplesOf } from '../../src/letters/sample-models.ts'
import type { InboxId } from '../../src/mail/mail.ts'
import { applyEffects } from '../../src/store/apply.ts'
import type { ApplyDeps } from '../../src/store/apply-deps.ts'
import type { Store } from '../../src/store/open.ts'
import type { OutboxRow } from '../../src/store/schema.ts'
import { applyDeps, DAY_MS, later, letters, newId, now } from './desk-parts.ts'

export const ids = {
  partner: 'partner000000001' as PartnerId,
  fenella: 'pers000000000001' as PersonId,
  ticket: 'ticket0000000001' as TicketId,
}

export const ROOT = 'root@otterbrook-it.example'

type Of<K extends Change['kind']> = Extract<Change, { kind: K }>

export const createPartner: Of<'create-partner'> = {
  kind: 'create-partner',
  partnerId: ids.partner,
  name: 'Otterbrook',
  domains: ['otterbrook-it.example'],
}

export const createFenella: Of<'create-person'> = {
  kind: 'create-person',
  personId: ids.fenella,
  partnerId: ids.partner,
  name: 'Fenella',
  address: 'fenella@otterbrook-it.example',
}

export const createTicket: Of<'create-ticket'> = {
  kind: 'create-ticket',
  ticketId: ids.ticket,
  state: 'draft',
  queue: 'support',
  partnerId: ids.partner,
  requesterId: ids.fenella,
  subjectStem: 'Journal mailbox',
  rootMessageId: ROOT,
  mode: 'enforce',
  policyVersion: 'version-1',
  language: 'en',
  linkedTo: null,
  createdAt: now,
  expiresAt: later(14 * DAY_MS),
}

export function participant(change: Partial<Of<'add-participant'>> = {}): Of<'add-participant'> {
  return {
    kind: 'add-participant',
    ticketId: ids.ticket,
    personId: ids.fenella,
    address: 'fenella@otterbrook-it.example',
    role: 'requester',
    ...change,
  }
}

export function post(change: Partial<Of<'add-post'>> = {}): Of<'add-post'> {
  return {
    kind: 'add-post',
    ticketId: ids.ticket,
    post: 'partner-mail',
    personId: ids.fenella,
    author: { displayName: 'Fenella', address: 'fenella@otterbrook-it.example' },
    text: 'It stopped.',
    quotedText: null,
    signature: null,
    attachments: [],
    ...change,
  }
}

/** What the first mail of a new partner makes. */
export const opening: readonly Change[] = [
  createPartner,
  createFenella,
  createTicket,
  participant(),
  post(),
  { kind: 'remember-message-id', ticketId: ids.ticket, messageId: ROOT },
]

/** A person of the partner besides Fenella. */
export function person(personId: string, address: string): Of<'create-person'> {
  return { ...createFenella, personId: personId as PersonId, name: null, address }
}

function modelOf<N extends LetterName>(name: N): Models[N] {
  const [sample] = samplesOf(name, letters.fieldTexts('en'))
  if (sample === undefined) throw new Error(`no sample of ${name}`)
  return sample.model
}

const COMMON = {
  ticketId: ids.ticket,
  withheld: false,
  notBefore: now,
  language: 'en',
  automatic: true,
  inReplyTo: ROOT,
} as const

type Common = Partial<Omit<LetterOrder, 'template' | 'model'>>

export function checklist(change: Common = {}): LetterOrder {
  const to = { kind: 'person', personId: ids.fenella } as const
  return { ...COMMON, to, template: 'checklist', model: modelOf('checklist'), ...change }
}

export function acknowledgement(change: Common = {}): LetterOrder {
  const to = { kind: 'person', personId: ids.fenella } as const
  return { ...COMMON, to, template: 'acknowledgement', model: modelOf('acknowledgement'), ...change }
}

export function notice(change: Common = {}): LetterOrder {
  const to = { kind: 'queue', queue: 'support' } as const
  return {
    ...COMMON,
    to,
    inReplyTo: null,
    template: 'agent-notice',
    model: modelOf('agent-notice'),
    ...change,
  }
}

export function answer(change: Common = {}): LetterOrder {
  const to = { kind: 'participants', except: null } as const
  return {
    ...COMMON,
    to,
    automatic: false,
    template: 'agent-answer',
    model: modelOf('agent-answer'),
    ...change,
  }
}

export type Applied = {
  readonly changes?: readonly Change[]
  readonly letters?: readonly LetterOrder[]
  readonly at?: Date
  readonly inboxId?: InboxId | null
  readonly deps?: Partial<ApplyDeps>
}

/** Applies effects in a transaction of their own. Returns the letters that they wrote, oldest first. */
export async function apply(store: Store, what: Applied): Promise<readonly OutboxRow[]> {
  const before = newId(what.at ?? now)
  await store.transact((tx) =>
    applyEffects(
      tx,
      {
        effects: { changes: what.changes ?? [], letters: what.letters ?? [] },
        inboxId: what.inboxId ?? null,
        now: what.at ?? now,
      },
      applyDeps(store, what.deps),
    ),
  )
  return store.db.selectFrom('outbox').selectAll().where('id', '>', before).orderBy('id').execute()
}

/** Kinds of all events, oldest first. */
export async function eventKinds(store: Store): Promise<readonly string[]> {
  const rows = await store.db.selectFrom('event').select('kind').orderBy('id').execute()
  return rows.map((row) => row.kind)
}
