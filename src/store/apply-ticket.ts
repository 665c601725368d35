/**
 * Writes changes of a ticket: its row, sealed credentials, posts, Message-IDs, bounces, events.
 * Fails: faults of the database are thrown; so is a change that names no row.
 */

import { createHash } from 'node:crypto'
import { assertNever } from '../decide/assert-never.ts'
import type { SecretId } from '../decide/context.ts'
import type { Change } from '../decide/effects.ts'
import type { CommandChange } from './apply-command.ts'
import type { ApplyCase } from './apply-deps.ts'
import type { PeopleChange } from './apply-people.ts'
import type { PromiseChange } from './apply-promise.ts'
import { nextTicketNumber } from './dialect.ts'
import { messageKey, recordEvent, storable } from './event.ts'
import { jsonObject } from './load-ticket.ts'

type TicketChange = Exclude<Change, PeopleChange | PromiseChange | CommandChange | { kind: 'record-round' }>
type Of<K extends Change['kind']> = Extract<Change, { kind: K }>

/** RFC 5321 §4.2.5 gives no time; a mailbox that is gone today is asked again after a week. */
const SUPPRESSED_MS = 7 * 24 * 60 * 60 * 1000

/** Applies one change of this group. */
export async function applyTicketChange(change: TicketChange, at: ApplyCase): Promise<void> {
  switch (change.kind) {
    case 'create-ticket':
      return createTicket(change, at)
    case 'update-ticket':
      return updateTicket(change, at)
    case 'seal-credentials':
      return sealCredentials(change, at)
    case 'add-post':
      return addPost(change, at)
    case 'remember-message-id':
      return rememberMessageId(change, at)
    case 'letter-bounced':
      return letterBounced(change, at)
    case 'record-event':
      return recordEvent(
        at.tx,
        { kind: change.event, detail: change.detail, ticketId: change.ticketId, inboxId: at.inboxId },
        { now: at.now, newId: at.deps.newId },
      )
    default:
      return assertNever(change)
  }
}

async function createTicket(change: Of<'create-ticket'>, at: ApplyCase): Promise<void> {
  const { tx, now, deps } = at
  await tx
    .insertInto('policy_version')
    .values({ version: deps.policy.version, content: deps.policy.content, created_at: now.getTime() })
    .onConflict((conflict) => conflict.column('version').doNothing())
    .execute()
  await tx
    .insertInto('ticket')
    .values({
      id: change.ticketId,
      number: await nextTicketNumber(tx, deps.dialect),
      brand_id: deps.brand.id,
      partner_id: change.partnerId,
      requester_id: change.requesterId,
      queue: change.queue,
      state: change.state,
      subject_stem: storable(change.subjectStem),
      root_message_id: change.rootMessageId === null ? null : messageKey(change.rootMessageId),
      fields: '{}',
      missing: '[]',
      three_rs: '{}',
      warnings: '[]',
      mode: change.mode,
      policy_version: change.policyVersion,
      language: change.language,
      checklists_sent: 0,
      linked_to: change.linkedTo,
      created_at: change.createdAt.getTime(),
      opened_at: change.state === 'open' ? now.getTime() : null,
      queued_at: change.state === 'open' ? now.getTime() : null,
      phone_code: phoneCodeOf(change.ticketId),
      expires_at: change.expiresAt?.getTime() ?? null,
      remind_at: halfway(now, change.expiresAt),
      last_activity_at: now.getTime(),
    })
    .execute()
}

/** Six digits for a caller; two tickets may share them, and then both are found. */
function phoneCodeOf(ticketId: string): string {
  const word = createHash('sha256').update(`phone|${ticketId}`).digest().readUInt32BE()
  return String(word % 1_000_000).padStart(6, '0')
}

async function updateTicket(change: Of<'update-ticket'>, { tx, now }: ApplyCase): Promise<void> {
  const { fields, missing, threeRs, warnings, checklistsSent, expiresAt, state, queue, assigneeId } = change
  const before = await tx
    .selectFrom('ticket')
    .select(['state', 'opened_at', 'reminded_at'])
    .where('id', '=', change.ticketId)
    .executeTakeFirstOrThrow()
  await tx
    .updateTable('ticket')
    .set({
      last_activity_at: now.getTime(),
      ...(state === undefined ? {} : { state, ...instantsOf(state, before, now) }),
      ...(queue === undefined ? {} : { queue, queued_at: now.getTime() }),
      ...(assigneeId === undefined ? {} : { assignee_id: assigneeId }),
      ...(fields === undefined ? {} : { fields: storable(JSON.stringify(fields)) }),
      ...(missing === undefined ? {} : { missing: JSON.stringify(missing) }),
      ...(threeRs === undefined ? {} : { three_rs: storable(JSON.stringify(threeRs)) }),
      ...(warnings === undefined ? {} : { warnings: JSON.stringify(warnings) }),
      ...(checklistsSent === undefined ? {} : { checklists_sent: checklistsSent }),
      ...(expiresAt === undefined
        ? {}
        : {
            expires_at: expiresAt?.getTime() ?? null,
            // Once in the life of a draft.
            remind_at: before.reminded_at === null ? halfway(now, expiresAt) : null,
          }),
      ...(change.reminded === undefined ? {} : { remind_at: null, reminded_at: now.getTime() }),
      ...(change.replacedBy === undefined ? {} : { replaced_by: change.replacedBy }),
    })
    .where('id', '=', change.ticketId)
    .execute()
}

function halfway(now: Date, end: Date | null): number | null {
  return end === null ? null : Math.round((now.getTime() + end.getTime()) / 2)
}

/** The instants that a change of state leaves in the row. */
function instantsOf(
  state: string,
  before: { readonly state: string; readonly opened_at: number | null },
  now: Date,
) {
  const at = now.getTime()
  if (state === before.state) return {}
  switch (state) {
    case 'open':
      return {
        opened_at: before.opened_at ?? at,
        ...(before.opened_at === null ? { queued_at: at } : {}),
        waiting_since: null,
        resolved_at: null,
        closed_at: null,
      }
    case 'waiting':
      return { waiting_since: at }
    case 'resolved':
      return { resolved_at: at, waiting_since: null }
    case 'closed':
      return { closed_at: at, waiting_since: null }
    default:
      return {}
  }
}

async function sealCredentials(change: Of<'seal-credentials'>, at: ApplyCase): Promise<void> {
  const { tx, now, deps } = at
  const secretId = deps.newId(now) as SecretId
  const binding = secretBinding({
    brandId: deps.brand.id,
    ticketId: change.ticketId,
    field: change.field,
    secretId,
  })
  const sealed = deps.sealing.seal(Buffer.from(change.password, 'utf8'), binding)
  await tx
    .insertInto('secret')
    .values({
      id: secretId,
      brand_id: deps.brand.id,
      ticket_id: change.ticketId,
      field: change.field,
      key_id: sealed.keyId,
      salt: Buffer.from(sealed.salt),
      octets: Buffer.from(sealed.octets),
      created_at: now.getTime(),
    })
    .execute()
  const ticket = await tx
    .selectFrom('ticket')
    .select('fields')
    .where('id', '=', change.ticketId)
    .executeTakeFirstOrThrow()
  const fields = {
    ...jsonObject(ticket.fields),
    [change.field]: {
      value: change.username ?? '',
      source: change.source,
      inboxId: at.inboxId ?? '',
      secretId,
    },
  }
  await tx
    .updateTable('ticket')
    .set({ fields: storable(JSON.stringify(fields)) })
    .where('id', '=', change.ticketId)
    .execute()
}

/** What a sealed secret is bound to: moved to another row, ticket or field, it does not open. */
export function secretBinding(of: {
  readonly brandId: string
  readonly ticketId: string
  readonly field: string
  readonly secretId: string
}): string {
  return `secret|${of.brandId}|${of.ticketId}|${of.field}|${of.secretId}`
}

async function addPost(change: Of<'add-post'>, at: ApplyCase): Promise<void> {
  const { tx, now, deps, inboxId } = at
  const postId = deps.newId(now)
  const author = change.author === null ? null : (change.author.displayName ?? change.author.address)
  await tx
    .insertInto('post')
    .values({
      id: postId,
      ticket_id: change.ticketId,
      kind: change.post,
      inbox_id: inboxId,
      person_id: change.personId,
      author: author === null ? null : storable(author),
      text: storable(change.text),
      quoted_text: change.quotedText === null ? null : storable(change.quotedText),
      signature: change.signature === null ? null : storable(change.signature),
      created_at: now.getTime(),
    })
    .execute()
  if (change.attachments.length > 0) {
    await tx
      .insertInto('attachment')
      .values(
        change.attachments.map((one, position) => ({
          id: deps.newId(now),
          post_id: postId,
          ticket_id: change.ticketId,
          position,
          file_name: one.fileName === null ? null : storable(one.fileName),
          content_type: storable(one.contentType),
          size: one.size,
          inline: one.inline ? (1 as const) : (0 as const),
        })),
      )
      .execute()
  }
  await tx
    .updateTable('ticket')
    .set({ last_activity_at: now.getTime() })
    .where('id', '=', change.ticketId)
    .execute()
}

async function rememberMessageId(change: Of<'remember-message-id'>, at: ApplyCase): Promise<void> {
  await at.tx
    .insertInto('message_reference')
    .values({
      message_id: messageKey(change.messageId),
      ticket_id: change.ticketId,
      kind: 'foreign',
      inbox_id: at.inboxId,
      created_at: at.now.getTime(),
    })
    .onConflict((conflict) => conflict.columns(['message_id', 'ticket_id']).doNothing())
    .execute()
}

async function letterBounced(change: Of<'letter-bounced'>, at: ApplyCase): Promise<void> {
  const { tx, now } = at
  const row = await tx
    .selectFrom('outbox')
    .select(['to_address', 'ticket_id'])
    .where('id', '=', change.letterId)
    .executeTakeFirst()
  if (row === undefined) return
  await tx
    .updateTable('outbox')
    .set({
      bounce_status: change.status,
      ...(change.outcome === 'bounced' ? { bounced_at: now.getTime() } : {}),
    })
    .where('id', '=', change.letterId)
    .execute()
  if (change.suppresses) {
    await tx
      .updateTable('address')
      .set({ suppressed_until: now.getTime() + SUPPRESSED_MS })
      .where('address', '=', row.to_address)
      .execute()
  }
  await recordEvent(
    tx,
    {
      kind: `letter-${change.outcome}`,
      detail: [row.to_address, change.status, change.diagnosticCode]
        .filter((word) => word !== null)
        .join(' · '),
      outboxId: change.letterId,
      ticketId: row.ticket_id,
      inboxId: at.inboxId,
    },
    { now, newId: at.deps.newId },
  )
}
