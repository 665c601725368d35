/**
 * Folds the outcomes of a mailbox into a report, one mail at a time: what is kept grows with threads and senders, and
 * holds no text of a mail beside a few masked subjects.
 * Fails: never. Pure.
 */
import type { FieldName, Policy } from '../intake/policy.ts'
import { normaliseAddress } from '../mail/mailbox.ts'
import { countOne, mostFirst } from './count.ts'
import type { Rehearsed } from './rehearsed.ts'
import type { ProposedPartner, Report } from './report.ts'
import { type RegisterTally, registerOf, tallyRegister } from './tally-register.ts'
import { type SetAsideTally, setAsideOf, tallyLeftOut, tallySetAside } from './tally-set-aside.ts'
import { missedOf, newThreadTally, partnersOf, tallyThread, threadsOf } from './tally-threads.ts'

export type TallyOptions = {
  readonly mailbox: string
  readonly kind: Report['kind']
  readonly partnersAre: Report['partnersAre']
  readonly brand: string
  readonly policy: Policy
  /** Domains of the desk itself. */
  readonly ownDomains: readonly string[]
}

export type Tally = {
  readonly add: (mail: Rehearsed) => void
  readonly addOwnReply: () => void
  readonly addCopy: () => void
  readonly addFault: () => void
  readonly addLeftOut: (place: string, reason: string) => void
  readonly report: () => Report
  readonly register: () => readonly ProposedPartner[]
}

/** An address that this part of all mail went to is likely the desk's own. */
const DESK_PART = 0.3
/** Recipients beyond this many are not counted any more: the desk's address comes early and often. */
const MAX_RECIPIENTS = 20_000
const MAX_HINTS = 3

/** Starts an empty tally. */
export function startTally(options: TallyOptions): Tally {
  const threads = newThreadTally()
  const setAside: SetAsideTally = new Map()
  const register: RegisterTally = new Map()
  const outcomes = new Map<Rehearsed['verdict']['kind'], number>()
  const traffic: Traffic = { authors: new Map(), recipients: new Map() }
  const mails = { decided: 0, ownReplies: 0, copies: 0, leftOut: 0, faults: 0 }
  const days = newDays()
  return {
    add: (mail) => {
      mails.decided += 1
      countOne(outcomes, mail.verdict.kind)
      noteDay(days, mail.date)
      tallyTraffic(traffic, mail)
      tallyThread(threads, mail)
      tallySetAside(setAside, mail, options.partnersAre)
      tallyRegister(register, mail, options.ownDomains)
    },
    addOwnReply: () => {
      mails.ownReplies += 1
    },
    addCopy: () => {
      mails.copies += 1
    },
    addFault: () => {
      mails.faults += 1
    },
    addLeftOut: (place, reason) => {
      mails.leftOut += 1
      tallyLeftOut(setAside, place, reason)
    },
    report: () => {
      const titleOf = (field: FieldName): string => titleIn(options.policy, field)
      const { mailbox, kind, partnersAre, brand } = options
      return {
        format: 1,
        mailbox,
        kind,
        partnersAre,
        brand,
        since: days.since?.toISOString() ?? null,
        until: days.until?.toISOString() ?? null,
        mails: { found: Object.values(mails).reduce((sum, count) => sum + count, 0), ...mails },
        threads: threadsOf(threads),
        outcomes: mostFirst(outcomes).map(([outcome, times]) => ({ outcome, mails: times })),
        missed: missedOf(threads, titleOf),
        partners: partnersOf(threads, titleOf),
        setAside: setAsideOf(setAside),
        hints: hintsOf(traffic, mails.decided),
      }
    },
    register: () => registerOf(register),
  }
}

function titleIn(policy: Policy, field: FieldName): string {
  return policy.fields.find((row) => row.name === field)?.words['en']?.title ?? field
}

type Days = { since: Date | null; until: Date | null }

function newDays(): Days {
  return { since: null, until: null }
}

function noteDay(days: Days, date: Date | null): void {
  if (date === null) return
  if (days.since === null || date < days.since) days.since = date
  if (days.until === null || date > days.until) days.until = date
}

type Traffic = { readonly authors: Map<string, number>; readonly recipients: Map<string, number> }

function tallyTraffic(traffic: Traffic, mail: Rehearsed): void {
  const author = mail.from === null ? null : normaliseAddress(mail.from.address)
  if (author !== null) countOne(traffic.authors, author)
  for (const written of new Set(mail.recipients)) {
    const address = normaliseAddress(written) ?? written
    if (traffic.recipients.has(address) || traffic.recipients.size < MAX_RECIPIENTS) {
      countOne(traffic.recipients, address)
    }
  }
}

/** Whoever most mail goes to, and who writes as well, is the desk: its answers were counted as partners' mail. */
function hintsOf(traffic: Traffic, decided: number): readonly string[] {
  const likely = mostFirst(traffic.recipients).filter(
    ([address, times]) => times >= decided * DESK_PART && (traffic.authors.get(address) ?? 0) > 1,
  )
  return likely.slice(0, MAX_HINTS).map(([address, times]) => {
    const wrote = traffic.authors.get(address) ?? 0
    return `${address} was written to ${times} times and wrote ${wrote} of these mails. If it is the desk's own address, rehearse again with --desk ${address}, so that its answers are not taken for a partner's mail.`
  })
}
