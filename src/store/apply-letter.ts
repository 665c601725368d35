/**
 * Writes a letter: resolves whom it goes to by the registers, renders it once for each, and stores the finished words
 * with fixed Message-ID, Date and addresses. A retry sends the same.
 * Fails: a recipient whose address is suppressed becomes an event, not a letter; a faulty template throws.
 */
import { assertNever } from '../decide/assert-never.ts'
import type { PersonId } from '../decide/context.ts'
import type { LetterOrder } from '../decide/effects.ts'
import type { LetterHead, NoticePost, RenderedLetter } from '../letters/models.ts'
import type { ApplyCase } from './apply-deps.ts'
import { recordEvent } from './event.ts'
import { insertLetter } from './insert-letter.ts'
import { personById } from './load-people.ts'
import { traceOf } from './load-trace.ts'
import { operatorAddress } from './operator.ts'
import { referencesOf } from './reference-chain.ts'

type Addressee = {
  readonly personId: PersonId | null
  readonly name: string | null
  readonly address: string
  readonly timeZone: string | null
  /** A partner's person, not one of the desk. */
  readonly isOutside: boolean
}

type TicketHead = {
  readonly id: string
  readonly number: number
  readonly queue: string
  readonly subject_stem: string
  readonly root_message_id: string | null
  readonly phone_code: string | null
}

/** An agent's role is the name of the queue that they serve; leads serve all. */
const LEAD = 'lead'
/** Notices that no new post stands behind. */
const NOT_OF_A_MAIL: ReadonlySet<string> = new Set(['bounce', 'assigned', 'handed-out', 'moved', 'history'])
/** How much of a ticket's past a notice carries; the rest is a command away. */
const HISTORY_POSTS = 20

/** Writes one order: a row for each recipient. */
export async function writeLetter(order: LetterOrder, at: ApplyCase): Promise<void> {
  const ticket = await at.tx
    .selectFrom('ticket')
    .select(['id', 'number', 'queue', 'subject_stem', 'root_message_id', 'phone_code'])
    .where('id', '=', order.ticketId)
    .executeTakeFirstOrThrow()
  const filled = await filledIn(order, at)
  let written = 0
  for (const to of await addressees(order, ticket, at)) {
    if (await isSuppressed(to, ticket, at)) continue
    await writeRow({ order: filled, ticket, to, at })
    written += 1
  }
  // Nobody waits unseen: when no mailbox of the desk takes mail, the operator is told.
  if (written === 0 && (order.to.kind === 'queue' || order.to.kind === 'leads'))
    await writeRow({ order: filled, ticket, to: await operator(at), at })
}

/** Adds what only the database knows: a notice's history, a status letter's place and trace. */
async function filledIn(order: LetterOrder, at: ApplyCase): Promise<LetterOrder> {
  if (order.template === 'agent-notice') return withHistory(order, at)
  if (order.template !== 'ticket-status') return order
  const { position, trace } = await traceOf(at.tx, order.ticketId)
  return { ...order, model: { ...order.model, position, trace } }
}

async function withHistory(
  order: Extract<LetterOrder, { template: 'agent-notice' }>,
  { tx }: ApplyCase,
): Promise<LetterOrder> {
  const posts = await tx
    .selectFrom('post')
    .select(['kind', 'author', 'text', 'created_at'])
    .where('ticket_id', '=', order.ticketId)
    .orderBy('id', 'desc')
    // The newest post is the new text itself.
    .offset(NOT_OF_A_MAIL.has(order.model.event) ? 0 : 1)
    .limit(HISTORY_POSTS)
    .execute()
  const history: readonly NoticePost[] = posts.map((post) => ({
    kind: post.kind,
    author: post.author ?? '',
    at: new Date(post.created_at),
    text: post.text,
  }))
  return { ...order, model: { ...order.model, history } }
}

async function addressees(
  order: LetterOrder,
  ticket: TicketHead,
  at: ApplyCase,
): Promise<readonly Addressee[]> {
  const { to } = order
  if (to.kind === 'queue') return queuePeople(to.queue, at)
  if (to.kind === 'leads') return agentsWith([LEAD], at)
  const persons = to.kind === 'person' ? [to.personId] : await participants(order.ticketId, to.except, at)
  const found: Addressee[] = []
  for (const personId of persons) {
    const person = await personById(at.tx, personId)
    if (person === null) continue
    const partner =
      person.partnerId === null
        ? undefined
        : await at.tx
            .selectFrom('partner')
            .select(['time_zone', 'state'])
            .where('id', '=', person.partnerId)
            .executeTakeFirst()
    if (partner?.state === 'suspended') {
      await suppressed('the partner is suspended; its people are not written to', person.id, ticket, at)
      continue
    }
    found.push({
      personId: person.id,
      name: person.name,
      address: person.address,
      timeZone: person.timeZone ?? partner?.time_zone ?? null,
      isOutside: person.role === null,
    })
  }
  return found
}

/** A letter that is not written leaves a trace on its ticket. */
async function suppressed(
  detail: string,
  personId: PersonId | null,
  ticket: TicketHead,
  at: ApplyCase,
): Promise<void> {
  await recordEvent(
    at.tx,
    { kind: 'letter-suppressed', detail, personId, ticketId: ticket.id, inboxId: at.inboxId },
    { now: at.now, newId: at.deps.newId },
  )
}

/** People of the partner who take part; agents get notices instead, observers get nothing. */
async function participants(
  ticketId: string,
  except: PersonId | null,
  { tx }: ApplyCase,
): Promise<readonly PersonId[]> {
  const rows = await tx
    .selectFrom('participant')
    .select('person_id')
    .where('ticket_id', '=', ticketId)
    .where('role', 'in', ['requester', 'colleague'])
    .where('left_at', 'is', null)
    .orderBy('joined_at')
    .orderBy('address')
    .execute()
  const persons = rows.flatMap((row) => (row.person_id === null ? [] : [row.person_id as PersonId]))
  return [...new Set(persons)].filter((personId) => personId !== except)
}

async function operator({ tx, deps }: ApplyCase): Promise<Addressee> {
  const address = await operatorAddress(tx, deps)
  return { personId: null, name: null, address, timeZone: null, isOutside: false }
}

/** Whom a queue notifies, each address once; nobody when it has no agents. */
export async function queuePeople(queue: string, at: ApplyCase): Promise<readonly Addressee[]> {
  const found: Addressee[] = []
  for (const word of at.deps.queueNotify(queue)) {
    if (word !== 'agents') {
      found.push({ personId: null, name: null, address: word, timeZone: null, isOutside: false })
      continue
    }
    found.push(...(await agentsWith([queue, LEAD], at)))
  }
  // A registered agent goes before the same address in the configuration: only a person can answer by mail.
  const persons = new Set(found.filter((one) => one.personId !== null).map((one) => one.address))
  const seen = new Set<string>()
  return found.filter((one) => {
    if (seen.has(one.address) || (one.personId === null && persons.has(one.address))) return false
    seen.add(one.address)
    return true
  })
}

async function agentsWith(roles: readonly string[], { tx }: ApplyCase): Promise<readonly Addressee[]> {
  const agents = await tx
    .selectFrom('person')
    .select('id')
    .where('role', 'in', roles)
    .where('state', '=', 'active')
    .orderBy('id')
    .execute()
  const people = await Promise.all(agents.map((agent) => personById(tx, agent.id)))
  return people.flatMap((person) =>
    person === null
      ? []
      : [
          {
            personId: person.id,
            name: person.name,
            address: person.address,
            timeZone: person.timeZone,
            isOutside: false,
          },
        ],
  )
}

async function isSuppressed(to: Addressee, ticket: TicketHead, at: ApplyCase): Promise<boolean> {
  const row = await at.tx
    .selectFrom('address')
    .select('suppressed_until')
    .where('address', '=', to.address)
    .executeTakeFirst()
  if (row?.suppressed_until == null || row.suppressed_until < at.now.getTime()) return false
  await suppressed(
    'mail to this address came back; it is not written to for a while',
    to.personId,
    ticket,
    at,
  )
  return true
}

type Row = {
  readonly order: LetterOrder
  readonly ticket: TicketHead
  readonly to: Addressee
  readonly at: ApplyCase
}

async function writeRow({ order, ticket, to, at }: Row): Promise<void> {
  const { tx, now, deps } = at
  const replyTo =
    to.personId === null
      ? deps.queueAddress(ticket.queue)
      : deps.replyAddress(
          {
            queue: ticket.queue,
            ticketNumber: ticket.number,
            personId: to.personId,
            as: to.isOutside ? 'partner' : 'agent',
          },
          now,
        )
  const head: LetterHead = {
    reference: `TG-${ticket.number}`,
    subjectStem: ticket.subject_stem,
    recipientName: to.name,
    phoneCode: ticket.phone_code,
    replyAddress: replyTo,
    isPersonal: to.personId !== null,
    timeZone: to.timeZone ?? 'UTC',
    language: order.language,
    now,
  }
  const { letterId, messageId } = await insertLetter(
    tx,
    {
      letter: order.template,
      ticketId: ticket.id,
      inboxId: at.inboxId,
      personId: to.personId,
      to: { name: to.name, address: to.address },
      queue: ticket.queue,
      replyTo,
      inReplyTo: order.inReplyTo,
      references: await referencesOf(order, ticket, at.tx),
      words: renderOrder(order, head, deps),
      // RFC 3834 §5: what the clock sent answers no mail.
      autoSubmitted: order.automatic ? (at.inboxId === null ? 'auto-generated' : 'auto-replied') : null,
      rated: order.automatic && to.isOutside,
      state: order.withheld ? 'withheld' : 'queued',
      notBefore: order.notBefore,
    },
    at,
  )
  await tx
    .insertInto('message_reference')
    .values({
      message_id: messageId,
      ticket_id: ticket.id,
      kind: 'ours',
      outbox_id: letterId,
      created_at: now.getTime(),
    })
    .execute()
}

function renderOrder(order: LetterOrder, head: LetterHead, deps: ApplyCase['deps']): RenderedLetter {
  switch (order.template) {
    case 'checklist':
      return deps.render('checklist', order.model, head)
    case 'acknowledgement':
      return deps.render('acknowledgement', order.model, head)
    case 'agent-notice':
      return deps.render('agent-notice', order.model, head)
    case 'agent-answer':
      return deps.render('agent-answer', order.model, head)
    case 'draft-reminder':
      return deps.render('draft-reminder', order.model, head)
    case 'draft-expired':
      return deps.render('draft-expired', order.model, head)
    case 'reopened':
      return deps.render('reopened', order.model, head)
    case 'resolved':
      return deps.render('resolved', order.model, head)
    case 'closed':
      return deps.render('closed', order.model, head)
    case 'engineering-forwarded':
      return deps.render('engineering-forwarded', order.model, head)
    case 'command-result':
      return deps.render('command-result', order.model, head)
    case 'promise-warning':
      return deps.render('promise-warning', order.model, head)
    case 'promise-broken':
      return deps.render('promise-broken', order.model, head)
    case 'leaving':
      return deps.render('leaving', order.model, head)
    case 'ticket-status':
      return deps.render('ticket-status', order.model, head)
    default:
      return assertNever(order)
  }
}
