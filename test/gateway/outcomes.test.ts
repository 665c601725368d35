/** Every outcome, reached by real mails over the wire, with what it leaves: tickets, posts, letters, promises. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { inboxById, listTickets } from '../../src/store/list.ts'
import {
  type Decided,
  type LiveGateway,
  lettersOfMail,
  OPERATOR,
  openLiveGateway,
  postsOfMail,
  registerAgent,
  registerPartner,
  SUPPORT,
} from './live-gateway.ts'
import { COMPLETE, INCOMPLETE, PASSWORD, REST, writeMail, writeReport } from './write-mail.ts'

const FENELLA = 'fenella@otterbrook.example'
const ADA = 'ada@mailhub.example'

let gateway: LiveGateway
beforeAll(async () => {
  gateway = await openLiveGateway()
  await registerAgent(gateway.desk, 'Ada', ADA)
})
afterAll(() => gateway.end())

const from = { from: FENELLA }

async function rowOf({ inboxId }: Decided) {
  return gateway.desk.store.db
    .selectFrom('inbox')
    .selectAll()
    .where('id', '=', inboxId)
    .executeTakeFirstOrThrow()
}

async function ticketOf(decided: Decided, of = gateway) {
  const row = await inboxById(of.desk.store.db, decided.inboxId)
  const tickets = await listTickets(of.desk.store.db, { state: null, limit: 1000 })
  return tickets.find((ticket) => ticket.number === row?.ticket)
}

/** Letters of a mail as `letter to state`, in the order written. */
async function lettersOf(decided: Decided, of = gateway): Promise<readonly string[]> {
  const rows = await lettersOfMail(of.desk, decided.inboxId)
  return rows.map((row) => `${row.letter} to ${row.to_address}${row.state === 'withheld' ? ' withheld' : ''}`)
}

/** Brings a complete submission in and gives its acknowledgement and its notice. */
async function openTicket() {
  const decided = await gateway.decide(writeMail({ from: FENELLA, text: COMPLETE }), from)
  const letters = await lettersOfMail(gateway.desk, decided.inboxId)
  const acknowledgement = letters.find((letter) => letter.letter === 'acknowledgement')
  const notice = letters.find((letter) => letter.letter === 'agent-notice')
  if (acknowledgement === undefined || notice === undefined) throw new Error('letters are missing')
  return { decided, acknowledgement, notice }
}

describe('each outcome', () => {
  test('A complete mail opens a ticket with its promise, an acknowledgement and a notice.', async () => {
    const decided = await gateway.decide(writeMail({ from: `Fenella <${FENELLA}>`, text: COMPLETE }), from)
    expect(decided.outcome).toBe('new-ticket')
    const ticket = await ticketOf(decided)
    expect(ticket).toMatchObject({ state: 'open', queue: 'support', requester: FENELLA, missing: [] })
    const [promise] = ticket?.promises ?? []
    const started = Date.parse(promise?.startedAt ?? '')
    expect(promise).toMatchObject({ state: 'running' })
    expect(Date.parse(promise?.dueAt ?? '') - started).toBe(24 * 3600 * 1000)
    expect(started).toBe((await rowOf(decided)).received_at)
    expect((await lettersOf(decided)).toSorted()).toEqual([
      `acknowledgement to ${FENELLA}`,
      `agent-notice to ${ADA}`,
    ])
  })

  test('An incomplete mail is a draft without a promise, and a reply with the rest completes it.', async () => {
    const first = await gateway.decide(writeMail({ from: FENELLA, text: INCOMPLETE }), from)
    expect(first.outcome).toBe('incomplete')
    const draft = await ticketOf(first)
    expect(draft).toMatchObject({ state: 'draft', missing: ['credentials', 'steps_taken'], promises: [] })
    expect(await lettersOf(first)).toEqual([`checklist to ${FENELLA}`])
    const [checklist] = await lettersOfMail(gateway.desk, first.inboxId)
    const second = await gateway.decide(
      writeMail({
        from: FENELLA,
        to: checklist?.reply_to ?? '',
        subject: `Re: ${checklist?.subject}`,
        text: `${REST}\n\n> Your submission is missing two items.`,
        inReplyTo: checklist?.message_id ?? '',
      }),
      { from: FENELLA, to: [checklist?.reply_to ?? ''] },
    )
    expect(second.outcome).toBe('completes-draft')
    expect(await ticketOf(second)).toMatchObject({ number: draft?.number, state: 'open', missing: [] })
    expect((await ticketOf(second))?.promises).toHaveLength(1)
    const letters = await lettersOfMail(gateway.desk, second.inboxId)
    const acknowledgement = letters.find((letter) => letter.letter === 'acknowledgement')
    // One chain: the letter answers this mail and is rooted at the first one.
    expect(acknowledgement?.in_reply_to).toBe((await rowOf(second)).message_id)
    expect(JSON.parse(acknowledgement?.reference_ids ?? '[]')).toEqual([
      (await rowOf(first)).message_id,
      checklist?.message_id,
      (await rowOf(second)).message_id,
    ])
  })

  test('A reply lands on its ticket and is told to the desk, not answered.', async () => {
    const { decided, acknowledgement } = await openTicket()
    const reply = await gateway.decide(
      writeMail({
        from: FENELLA,
        to: acknowledgement.reply_to,
        text: 'It also happens with mails from outside.',
        inReplyTo: acknowledgement.message_id,
      }),
      { from: FENELLA, to: [acknowledgement.reply_to] },
    )
    expect(reply.outcome).toBe('reply')
    expect((await ticketOf(reply))?.number).toBe((await ticketOf(decided))?.number)
    expect(await lettersOf(reply)).toEqual([`agent-notice to ${ADA}`])
  })

  test('An agent who answers the notice answers the partner, a minute later.', async () => {
    const { decided, notice } = await openTicket()
    const answer = await gateway.decide(
      writeMail({
        from: `Ada <${ADA}>`,
        to: notice.reply_to,
        subject: `Re: ${notice.subject}`,
        text: 'The journal rule pointed at a mailbox that was moved. Please test again.\n\n> the notice',
        inReplyTo: notice.message_id,
      }),
      { from: ADA, to: [notice.reply_to] },
    )
    expect(answer.outcome).toBe('agent-reply')
    const [letter, ...more] = await lettersOfMail(gateway.desk, answer.inboxId)
    expect(more).toEqual([])
    expect(letter).toMatchObject({
      letter: 'agent-answer',
      state: 'queued',
      to_address: FENELLA,
      attempts: 0,
    })
    const decidedAt = (await rowOf(answer)).decided_at ?? 0
    expect(letter?.not_before).toBe(decidedAt + 60_000)
    expect(letter?.next_attempt_at).toBe(decidedAt + 60_000)
    expect(letter?.text).toContain('pointed at a mailbox that was moved')
    // A person wrote it: a helpdesk that drops automatic mail must not drop this (RFC 3834 §5).
    expect(letter?.header_fields).not.toMatch(/auto-submitted|x-auto-response-suppress/i)
    const ticket = await ticketOf(decided)
    expect(ticket?.promises.map((promise) => promise.state)).toEqual(['kept'])
  })

  test('A vacation message is kept on its ticket and answered by nobody.', async () => {
    const { decided, acknowledgement } = await openTicket()
    const before = await ticketOf(decided)
    const automatic = await gateway.decide(
      writeMail({
        from: FENELLA,
        to: acknowledgement.reply_to,
        subject: 'Out of office',
        text: 'I am away until Monday.',
        inReplyTo: acknowledgement.message_id,
        headerFields: { 'Auto-Submitted': 'auto-replied' },
      }),
      { from: null, to: [acknowledgement.reply_to] },
    )
    expect(automatic.outcome).toBe('automatic')
    expect(await ticketOf(automatic)).toEqual(before)
    expect(await postsOfMail(gateway.desk, automatic.inboxId)).toHaveLength(1)
    expect(await lettersOf(automatic)).toEqual([])
  })

  test('A delivery report to the signed return path marks its letter and tells the desk once.', async () => {
    const { decided, acknowledgement } = await openTicket()
    const report = writeReport({ to: FENELLA, messageId: acknowledgement.message_id })
    const bounce = await gateway.decide(report, { from: null, to: [acknowledgement.return_path] })
    expect(bounce.outcome).toBe('bounce')
    expect((await ticketOf(bounce))?.number).toBe((await ticketOf(decided))?.number)
    expect(await lettersOf(bounce)).toEqual([`agent-notice to ${ADA}`])
    const letter = await gateway.desk.store.db
      .selectFrom('outbox')
      .selectAll()
      .where('id', '=', acknowledgement.id)
      .executeTakeFirstOrThrow()
    expect(letter).toMatchObject({ bounce_status: '5.1.1' })
    expect(letter.bounced_at).not.toBeNull()
    const second = await gateway.decide(report.replace('<report-1@', '<report-2@'), {
      from: null,
      to: [acknowledgement.return_path],
    })
    expect(second.outcome).toBe('bounce')
    expect(await lettersOf(second)).toEqual([])
    // Delivery to a registered person resumes with their next mail; the tests below need it.
    await gateway.desk.store.db.updateTable('address').set({ suppressed_until: null }).execute()
  })

  test('The same mail by another route is a duplicate and changes nothing.', async () => {
    const mail = writeMail({ from: FENELLA, text: INCOMPLETE })
    const first = await gateway.decide(mail, from)
    const second = await gateway.decide(mail, { from: 'forwarder@elsewhere.example' })
    expect(second.outcome).toBe('duplicate')
    expect(second.inboxId).not.toBe(first.inboxId)
    expect(await lettersOf(second)).toEqual([])
    expect(await postsOfMail(gateway.desk, second.inboxId)).toEqual([])
    expect((await ticketOf(second))?.number).toBe((await ticketOf(first))?.number)
  })

  test('The same bytes again get the same queue id and write no second letter.', async () => {
    const mail = writeMail({ from: FENELLA, text: INCOMPLETE })
    const first = await gateway.decide(mail, from)
    const letters = await lettersOf(first)
    expect(await gateway.send(mail, from)).toBe(first.inboxId)
    expect(await inboxById(gateway.desk.store.db, first.inboxId)).toMatchObject({
      duplicates: 1,
      outcome: 'incomplete',
    })
    expect(await lettersOf(first)).toEqual(letters)
  })

  test('A mail that is torture to read is recorded as unreadable by its header.', async () => {
    const torture = writeMail({
      from: FENELLA,
      text: 'x',
      subject: 'Torture',
      headerFields: { 'X-Long': 'a'.repeat(2_000_000) },
    })
    const decided = await gateway.decide(torture, from)
    expect(decided.outcome).toBe('unreadable')
    expect(await rowOf(decided)).toMatchObject({ ticket_id: null, from_address: FENELLA })
    expect(await lettersOf(decided)).toEqual([])
  })

  test('The ledger closes: every accepted mail has one outcome.', async () => {
    const rows = await gateway.desk.store.db.selectFrom('inbox').select(['state', 'outcome']).execute()
    expect(rows.filter((row) => row.state === 'received' || row.outcome === null)).toEqual([])
  })
})

describe('a desk of registered partners', () => {
  let registered: LiveGateway
  beforeAll(async () => {
    registered = await openLiveGateway({ partners: 'registered' })
    await registerPartner(registered.desk, {
      name: 'Otterbrook IT',
      domain: 'otterbrook.example',
      address: FENELLA,
    })
  })
  afterAll(() => registered.end())

  test('A stranger’s mail is held, unanswered, and told to the operator.', async () => {
    const stranger = { from: 'someone@stranger.example' }
    const decided = await registered.decide(writeMail({ from: stranger.from, text: COMPLETE }), stranger)
    expect(decided.outcome).toBe('held')
    expect(await inboxById(registered.desk.store.db, decided.inboxId)).toMatchObject({
      state: 'held',
      reason: 'stranger',
      ticket: null,
    })
    await registered.reopen()
    await registered.waitForLine((line) => line.msg === 'told the operator of held mail')
    const letters = await registered.desk.store.db.selectFrom('outbox').selectAll().execute()
    expect(letters.map((letter) => `${letter.letter} to ${letter.to_address}`)).toEqual([
      `held-digest to ${OPERATOR}`,
    ])
    expect(letters[0]?.text).toContain(decided.inboxId)
    expect(letters[0]?.text).not.toContain(PASSWORD)
  })

  test('A mail that could not be read is told to the operator as well.', async () => {
    const torture = writeMail({ from: FENELLA, text: 'x', headerFields: { 'X-Long': 'a'.repeat(2_000_000) } })
    const decided = await registered.decide(torture, from)
    expect(decided.outcome).toBe('unreadable')
    // A digest goes at most once an hour.
    await registered.desk.store.db.deleteFrom('setting').where('name', '=', 'held-digest-at').execute()
    await registered.desk.store.db.deleteFrom('outbox').execute()
    await registered.reopen()
    await registered.waitForLine(
      (line) => line.msg === 'told the operator of held mail' && line['mails'] === 2,
    )
    const [digest] = await registered.desk.store.db.selectFrom('outbox').select('text').execute()
    expect(digest?.text).toContain(decided.inboxId)
  })

  test('A registered person opens a ticket.', async () => {
    const decided = await registered.decide(writeMail({ from: FENELLA, text: COMPLETE }), from)
    expect(decided.outcome).toBe('new-ticket')
    expect((await ticketOf(decided, registered))?.partner).toBe('Otterbrook IT')
  })
})

describe('modes', () => {
  async function inMode(mode: string, check: (of: LiveGateway) => Promise<void>): Promise<void> {
    const of = await openLiveGateway({ mode })
    try {
      await registerAgent(of.desk, 'Ada', ADA)
      await check(of)
    } finally {
      await of.end()
    }
  }

  test('observe decides everything and writes to no partner; the desk sees what would have gone out.', async () => {
    await inMode('observe', async (of) => {
      const decided = await of.decide(writeMail({ from: FENELLA, text: INCOMPLETE }), from)
      expect(decided.outcome).toBe('incomplete')
      expect((await lettersOf(decided, of)).toSorted()).toEqual([
        `agent-notice to ${ADA}`,
        `checklist to ${FENELLA} withheld`,
      ])
      const complete = await of.decide(writeMail({ from: 'pat@quayside.example', text: COMPLETE }), {
        from: 'pat@quayside.example',
      })
      expect((await lettersOf(complete, of)).toSorted()).toEqual([
        'acknowledgement to pat@quayside.example withheld',
        `agent-notice to ${ADA}`,
      ])
    })
  })

  test('advise opens a ticket with its promise at once and asks for the rest.', async () => {
    await inMode('advise', async (of) => {
      const decided = await of.decide(writeMail({ from: FENELLA, text: INCOMPLETE }), from)
      expect(decided.outcome).toBe('new-ticket')
      const ticket = await ticketOf(decided, of)
      expect(ticket).toMatchObject({ state: 'open', missing: ['credentials', 'steps_taken'] })
      expect(ticket?.promises.map((promise) => promise.state)).toEqual(['running'])
      const letters = await lettersOf(decided, of)
      expect(letters).toContain(`agent-notice to ${ADA}`)
      expect(letters.filter((letter) => letter.endsWith(FENELLA))).toEqual([`checklist to ${FENELLA}`])
    })
  })

  test('A partner’s own mode goes before the desk’s.', async () => {
    await inMode('enforce', async (of) => {
      await registerPartner(of.desk, {
        name: 'Otterbrook IT',
        domain: 'otterbrook.example',
        address: FENELLA,
        mode: 'advise',
      })
      const theirs = await of.decide(writeMail({ from: FENELLA, text: INCOMPLETE }), from)
      const others = await of.decide(writeMail({ from: 'pat@quayside.example', text: INCOMPLETE }), {
        from: 'pat@quayside.example',
      })
      expect([theirs.outcome, others.outcome]).toEqual(['new-ticket', 'incomplete'])
    })
  })
})

describe('LMTP', () => {
  test('A mail comes in by LMTP for several recipients, one mail, one reply for each.', async () => {
    const decided = await gateway.decide(writeMail({ from: FENELLA, text: COMPLETE }), {
      from: FENELLA,
      to: [SUPPORT, 'engineering@mailhub.example'],
      listener: 1,
    })
    expect(decided.outcome).toBe('new-ticket')
    expect(await inboxById(gateway.desk.store.db, decided.inboxId)).toMatchObject({
      forwardPaths: [SUPPORT, 'engineering@mailhub.example'],
      duplicates: 0,
    })
  })
})
