/**
 * Agents' commands as they are kept: the ticket as it was before each, so that `#undo` can go back; and held answers that
 * their agent lets go.
 * Fails: faults of the database are thrown; a command that was undone already, and a mail no longer held, change nothing.
 */
import type { Kysely } from 'kysely'
import { assertNever } from '../decide/assert-never.ts'
import type { Change } from '../decide/effects.ts'
import type { ApplyCase } from './apply-deps.ts'
import { recordEvent } from './event.ts'
import { takenUpAgain } from './inbox.ts'
import type { Database } from './schema.ts'

export type CommandChange = Extract<Change, { kind: 'log-command' | 'undo-command' | 'send-held' }>
type Of<K extends Change['kind']> = Extract<Change, { kind: K }>

/** What a command may change of a ticket's row. */
const COLUMNS = [
  'state',
  'queue',
  'queued_at',
  'assignee_id',
  'missing',
  'waiting_since',
  'resolved_at',
  'closed_at',
  'opened_at',
  'expires_at',
  'remind_at',
  'replaced_by',
  'checklists_sent',
] as const

type Snapshot = {
  readonly ticket: Readonly<Record<string, string | number | null>>
  readonly promises: readonly Readonly<Record<string, string | number | null>>[]
  readonly participants: readonly Readonly<Record<string, string | number | null>>[]
}

/** Applies one change of this group. */
export async function applyCommandChange(change: CommandChange, at: ApplyCase): Promise<void> {
  switch (change.kind) {
    case 'log-command':
      return logCommand(change, at)
    case 'undo-command':
      return undoCommand(change, at)
    case 'send-held':
      return sendHeld(change, at)
    default:
      return assertNever(change)
  }
}

async function logCommand(change: Of<'log-command'>, { tx, now, deps, inboxId }: ApplyCase): Promise<void> {
  await tx
    .insertInto('command')
    .values({
      id: deps.newId(now),
      ticket_id: change.ticketId,
      person_id: change.personId,
      inbox_id: inboxId,
      at: now.getTime(),
      words: change.words,
      snapshot: JSON.stringify(await snapshotOf(tx, change.ticketId)),
    })
    .execute()
}

async function snapshotOf(tx: Kysely<Database>, ticketId: string): Promise<Snapshot> {
  return {
    ticket: await tx
      .selectFrom('ticket')
      .select([...COLUMNS])
      .where('id', '=', ticketId)
      .executeTakeFirstOrThrow(),
    promises: await tx.selectFrom('promise').selectAll().where('ticket_id', '=', ticketId).execute(),
    participants: await tx.selectFrom('participant').selectAll().where('ticket_id', '=', ticketId).execute(),
  }
}

async function undoCommand(change: Of<'undo-command'>, at: ApplyCase): Promise<void> {
  const { tx, now } = at
  const row = await tx
    .selectFrom('command')
    .selectAll()
    .where('id', '=', change.commandId)
    .where('undone_at', 'is', null)
    .executeTakeFirst()
  if (row === undefined) return
  const { ticket, promises, participants } = JSON.parse(row.snapshot) as Snapshot
  await tx.updateTable('ticket').set(ticket).where('id', '=', row.ticket_id).execute()
  await tx.deleteFrom('promise').where('ticket_id', '=', row.ticket_id).execute()
  for (const promise of promises)
    await tx
      .insertInto('promise')
      .values(promise as never)
      .execute()
  await tx.deleteFrom('participant').where('ticket_id', '=', row.ticket_id).execute()
  for (const one of participants)
    await tx
      .insertInto('participant')
      .values(one as never)
      .execute()
  if (row.inbox_id !== null) await recall(tx, row.inbox_id)
  await tx.updateTable('command').set({ undone_at: now.getTime() }).where('id', '=', row.id).execute()
  await recordEvent(
    tx,
    { kind: 'undone', detail: row.words, ticketId: row.ticket_id, inboxId: at.inboxId },
    { now, newId: at.deps.newId },
  )
}

/** Letters that the relay does not have stay here; the answer stands in the history as what it is. */
async function recall(tx: Kysely<Database>, inboxId: string): Promise<void> {
  const recalled = await tx
    .updateTable('outbox')
    .set({ state: 'withheld' })
    .where('inbox_id', '=', inboxId)
    .where('state', '=', 'queued')
    .where('attempts', '=', 0)
    .where('lease_owner', 'is', null)
    .where('letter', 'in', [
      'agent-answer',
      'resolved',
      'closed',
      'engineering-forwarded',
      'checklist',
      'reopened',
    ])
    .executeTakeFirst()
  if (Number(recalled.numUpdatedRows) === 0) return
  await tx
    .updateTable('post')
    .set({ kind: 'recalled' })
    .where('inbox_id', '=', inboxId)
    .where('kind', '=', 'agent-answer')
    .execute()
}

async function sendHeld(change: Of<'send-held'>, { tx, now, deps }: ApplyCase): Promise<void> {
  const done = await tx
    .updateTable('inbox')
    .set({
      ...takenUpAgain(now),
      released: 1,
      released_as: change.personId,
      sent_as_is: 1,
      resumed_at: now.getTime(),
    })
    .where('id', '=', change.heldInboxId)
    .where('state', '=', 'held')
    .executeTakeFirst()
  if (done.numUpdatedRows !== 1n) return
  await recordEvent(
    tx,
    { kind: 'answer-sent-anyway', detail: '', inboxId: change.heldInboxId, personId: change.personId },
    { now, newId: deps.newId },
  )
}
