/**
 * Signed addresses over the wire: what is altered, foreign or over is refused at RCPT and leaves an event; an expired
 * reply address is the plain one.
 */
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { LetterId, PersonId } from '../../src/decide/context.ts'
import { signReplyAddress, signReturnPath } from '../../src/trust/own-address.ts'
import { type LiveGateway, lettersOfMail, openLiveGateway, registerPartner } from './live-gateway.ts'

const DAY_MS = 24 * 60 * 60 * 1000
const FENELLA = 'fenella@otterbrook.example'
const SUBMISSION = [
  `From: Fenella <${FENELLA}>`,
  'To: escalations@mailhub.example',
  'Subject: Journal mailbox stopped',
  'Message-ID: <first@otterbrook.example>',
  '',
  'Customer Domain Name: milkchurnmuseum.example',
  'Details of the Issue: the journal mailbox stopped on Thursday.',
  '',
].join('\r\n')

let gateway: LiveGateway
let reply = ''
let returnPath = ''
let firstInboxId = ''
beforeAll(async () => {
  gateway = await openLiveGateway({ partners: 'registered' })
  const name = 'Otterbrook IT'
  await registerPartner(gateway.desk, { name, domain: 'otterbrook.example', address: FENELLA })
  const first = await gateway.decide(SUBMISSION, { from: FENELLA })
  firstInboxId = first.inboxId
  const [checklist] = await lettersOfMail(gateway.desk, firstInboxId)
  reply = checklist?.reply_to ?? ''
  returnPath = checklist?.return_path ?? ''
})
afterAll(() => gateway.end())

const answer = (id: string, to = reply): string =>
  `From: <${FENELLA}>\r\nTo: <${to}>\r\nSubject: Re: Journal\r\nMessage-ID: <${id}@otterbrook.example>\r\n\r\nSteps taken: switched the rule off and on, sent a test.\r\n`

function refusalOf(address: string, from: string | null): Promise<string> {
  return gateway.send(answer('refused'), { from, to: [address] }).then(
    (queueId) => `taken: ${queueId}`,
    (error: Error) => error.message,
  )
}

function events(): Promise<readonly { readonly detail: string }[]> {
  return gateway.desk.store.db
    .selectFrom('event')
    .select('detail')
    .where('kind', '=', 'mail-refused')
    .execute()
}

const PERSON = '0123456789abcdef' as PersonId

test.each<[string, () => readonly [string, string | null]]>([
  ['an altered reply address', () => [altered(reply), FENELLA]],
  ['the reply address of another ticket', () => [reply.replace(/\+r(....)./, '+r$1y'), FENELLA]],
  ["a partner's address made an agent's", () => [reply.replace('+r', '+a'), FENELLA]],
  ['an altered return path', () => [altered(returnPath), null]],
  ['the bounce address without a token', () => ['bounce@mailhub.example', null]],
  [
    'a return path that is over',
    () => [signReturnPath('zyxwvtsrqpnmkjhg' as LetterId, ago(40), gateway.desk.signing), null],
  ],
  ["an agent's address that is over", () => [oldReply('agent'), FENELLA]],
])('Mail to %s is refused at RCPT and leaves an event.', async (_, make) => {
  const before = (await events()).length
  const [address, from] = make()
  expect(await refusalOf(address, from)).toContain('550 5.7.1')
  const after = await events()
  expect(after).toHaveLength(before + 1)
  expect(after.at(-1)?.detail).toContain('token')
})

test('A reply address that is over counts as the plain address: the mail is taken as a case of its own.', async () => {
  const decided = await gateway.decide(answer('late', oldReply('partner')), {
    from: FENELLA,
    to: [oldReply('partner')],
  })
  expect(decided.outcome).toBe('incomplete')
  const rows = await gateway.desk.store.db.selectFrom('inbox').select(['id', 'ticket_id']).execute()
  const ticketOf = (id: string): string | null | undefined => rows.find((row) => row.id === id)?.ticket_id
  expect(ticketOf(decided.inboxId)).not.toBe(ticketOf(firstInboxId))
})

test('The genuine address leads to its ticket, in capitals too.', async () => {
  const decided = await gateway.decide(answer('genuine'), { from: FENELLA, to: [reply.toUpperCase()] })
  const row = await gateway.desk.store.db
    .selectFrom('inbox')
    .select(['ticket_id', 'verdict'])
    .where('id', '=', decided.inboxId)
    .executeTakeFirstOrThrow()
  const first = await gateway.desk.store.db
    .selectFrom('inbox')
    .select('ticket_id')
    .where('id', '=', firstInboxId)
    .executeTakeFirstOrThrow()
  expect(row.ticket_id).toBe(first.ticket_id)
})

function ago(days: number): Date {
  return new Date(Date.now() - days * DAY_MS)
}

function oldReply(as: 'partner' | 'agent'): string {
  return signReplyAddress(
    { queue: 'support', ticketNumber: 1001, personId: PERSON, as },
    ago(460),
    gateway.desk.signing,
  )
}

/** Changes the last character before the at sign: a part of the seal. */
function altered(address: string): string {
  const at = address.indexOf('@') - 1
  return address.slice(0, at) + (address[at] === '7' ? '8' : '7') + address.slice(at + 1)
}
