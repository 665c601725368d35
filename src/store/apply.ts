/**
 * Writes effects inside the caller's transaction: changes in order, then letters as rows of the outbox. Nothing is
 * awaited here but SQL of that transaction; sealing, rendering and signing are handed in and synchronous.
 * Fails: a fault undoes the whole transaction; the mail is tried again.
 */

import type { Kysely } from 'kysely'
import type { Effects } from '../decide/effects.ts'
import type { InboxId } from '../mail/mail.ts'
import { applyCommandChange } from './apply-command.ts'
import type { ApplyCase, ApplyDeps } from './apply-deps.ts'
import { writeLetter } from './apply-letter.ts'
import { applyPeopleChange } from './apply-people.ts'
import { applyPromiseChange } from './apply-promise.ts'
import { applyTicketChange } from './apply-ticket.ts'
import { recordRound } from './rounds.ts'
import type { Database } from './schema.ts'

/** Applies the effects of one mail. */
export async function applyEffects(
  tx: Kysely<Database>,
  cause: { readonly effects: Effects; readonly inboxId: InboxId | null; readonly now: Date },
  deps: ApplyDeps,
): Promise<void> {
  const at: ApplyCase = { tx, inboxId: cause.inboxId, now: cause.now, deps }
  for (const change of cause.effects.changes) {
    switch (change.kind) {
      case 'create-partner':
      case 'create-person':
      case 'add-participant':
      case 'lift-suppression':
      case 'leave-ticket':
      case 'ask-to-leave':
      case 'ask-agent':
      case 'tell-agent':
      case 'open-for':
        await applyPeopleChange(change, at)
        break
      case 'start-promise':
      case 'keep-promises':
      case 'pause-promises':
      case 'resume-promises':
      case 'end-promises':
      case 'warn-promise':
        await applyPromiseChange(change, at)
        break
      case 'log-command':
      case 'undo-command':
      case 'send-held':
        await applyCommandChange(change, at)
        break
      case 'record-round':
        await recordRound(change, at)
        break
      default:
        await applyTicketChange(change, at)
    }
  }
  for (const order of cause.effects.letters) await writeLetter(order, at)
}
