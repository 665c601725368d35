/**
 * Runs a whole mailbox past the desk: a few mails are read ahead in the jail, each is decided in its turn, and counted.
 * The desk is handed in; it is a temporary one.
 * Fails: a fault with one mail is counted and told, the next one goes on; faults of the mailbox itself reject.
 */
import type { Evidence } from '../decide/explain.ts'
import type { Verdict } from '../decide/verdict.ts'
import type { Jail } from '../mail/jail.ts'
import type { Mail, Unreadable } from '../mail/mail.ts'
import { normaliseAddress } from '../mail/mailbox.ts'
import { peekHeader } from './header-peek.ts'
import type { FoundMail, OldMailbox } from './old-mailbox.ts'
import type { Tally } from './tally.ts'

/** A mail as it would have come to the gate. */
export type OldMail = {
  readonly content: Uint8Array
  readonly read: Mail | Unreadable
  readonly reversePath: string | null
  readonly receivedAt: Date
}

export type Decided =
  | {
      readonly kind: 'decided'
      readonly verdict: Verdict
      readonly evidence: Evidence
      readonly ticket: string | null
      /** Masked. */
      readonly subject: string | null
    }
  /** The same octets came before. */
  | { readonly kind: 'copy' }

export type RehearsalDesk = {
  readonly decide: (mail: OldMail) => Promise<Decided>
  /** An answer of the old desk: its Message-ID leads to the thread that it answers, and nothing else comes of it. */
  readonly rememberAnswer: (mail: Mail, at: Date) => Promise<void>
}

export type Rehearsal = {
  readonly mailbox: OldMailbox
  readonly jail: Jail
  readonly desk: RehearsalDesk
  readonly tally: Tally
  /** The old desk's addresses, in comparison form. */
  readonly deskAddresses: ReadonlySet<string>
  /** Mails in the jail at once. */
  readonly ahead: number
  /** The instant of mails that tell none, before any did. */
  readonly now: Date
  readonly onMail: (done: number) => void
  readonly onFault: (place: string, fault: unknown) => void
}

/** Large mails must not fill the memory, however many of them follow each other. */
const MAX_AHEAD_BYTES = 48 * 1024 * 1024

type Pending = {
  readonly found: FoundMail
  readonly size: number
  readonly reversePath: string | null
  readonly read: Promise<Mail | Unreadable | null>
}

/** Brings every mail of the mailbox to its outcome. */
export async function rehearseMailbox(rehearsal: Rehearsal): Promise<void> {
  const pending: Pending[] = []
  const state = { at: rehearsal.now, done: 0 }
  let waitingBytes = 0
  const finishFirst = async (): Promise<void> => {
    const first = pending.shift()
    if (first === undefined) return
    waitingBytes -= first.size
    state.at = (first.found.kind === 'mail' ? first.found.date : null) ?? state.at
    await finish(first, rehearsal, state.at)
    state.done += 1
    rehearsal.onMail(state.done)
  }
  const isFull = (): boolean => pending.length >= rehearsal.ahead || waitingBytes > MAX_AHEAD_BYTES
  for await (const found of rehearsal.mailbox.mails()) {
    const next = begin(found, rehearsal.jail)
    pending.push(next)
    waitingBytes += next.size
    while (isFull()) await finishFirst()
  }
  while (pending.length > 0) await finishFirst()
}

function begin(found: FoundMail, jail: Jail): Pending {
  if (found.kind === 'left-out') return { found, size: 0, reversePath: null, read: Promise.resolve(null) }
  const { reversePath } = peekHeader(found.content)
  const read = jail.read(found.content, { reversePath })
  // Awaited in its turn; a failure there is the rehearsal's.
  read.catch(() => undefined)
  return { found, size: found.content.byteLength, reversePath, read }
}

async function finish(pending: Pending, rehearsal: Rehearsal, at: Date): Promise<void> {
  const { tally, desk, deskAddresses, onFault } = rehearsal
  const { found } = pending
  const { place } = found
  if (found.kind === 'left-out') {
    tally.addLeftOut(place, found.reason)
    return
  }
  const read = await pending.read
  if (read === null) return
  const author = read.from === null ? null : normaliseAddress(read.from.address)
  try {
    if (author !== null && deskAddresses.has(author)) {
      tally.addOwnReply()
      if (read.kind === 'mail') await desk.rememberAnswer(read, at)
      return
    }
    // A file has no envelope; without a Return-Path the author is the best guess.
    const reversePath = pending.reversePath === '' ? (author ?? null) : pending.reversePath
    const decided = await desk.decide({ content: found.content, read, reversePath, receivedAt: at })
    if (decided.kind === 'copy') {
      tally.addCopy()
      return
    }
    const { verdict, evidence, ticket, subject } = decided
    const recipients = read.kind === 'mail' ? [...read.to, ...read.cc].map((one) => one.address) : []
    tally.add({ place, date: found.date, from: read.from, subject, recipients, ticket, verdict, evidence })
  } catch (fault) {
    tally.addFault()
    onFault(place, fault)
  }
}
