/**
 * A partner corrects what we understood, on a ticket that is open: the values in the store, what is sealed, what the
 * register contradicts, and what the letters say of it.
 */
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { StoredField } from '../../src/decide/context.ts'
import { openSecret } from './conversation.ts'
import { type LiveGateway, lettersOfMail, openLiveGateway, registerPartner } from './live-gateway.ts'
import { COMPLETE, PASSWORD, writeMail } from './write-mail.ts'

const FENELLA = 'fenella@otterbrook.example'
const LINK = 'https://onetimesecret.example/secret/8f3kq2x7'

let gateway: LiveGateway
beforeAll(async () => {
  gateway = await openLiveGateway()
  await registerPartner(gateway.desk, {
    name: 'Otterbrook',
    domain: 'otterbrook.example',
    address: FENELLA,
    controlPanelUrl: 'https://cp.otterbrook.example/',
  })
})
afterAll(() => gateway.end())

async function open(text: string) {
  const mail = await gateway.decide(writeMail({ from: FENELLA, text }), { from: FENELLA })
  expect(mail.outcome).toBe('new-ticket')
  const [acknowledgement] = await lettersOfMail(gateway.desk, mail.inboxId)
  if (acknowledgement === undefined) throw new Error('there is no acknowledgement')
  const reply = async (words: string) => {
    const to = acknowledgement.reply_to
    const parts = { from: FENELLA, to, inReplyTo: acknowledgement.message_id, text: words }
    return gateway.decide(writeMail(parts), { from: FENELLA, to: [to] })
  }
  return { acknowledgement, inboxId: mail.inboxId, reply, ticketId: acknowledgement.ticket_id ?? '' }
}

async function ticketRow(ticketId: string) {
  const row = await gateway.desk.store.db
    .selectFrom('ticket')
    .select(['fields', 'warnings', 'state'])
    .where('id', '=', ticketId)
    .executeTakeFirstOrThrow()
  const fields = JSON.parse(row.fields) as Readonly<Record<string, StoredField>>
  return { ...row, fields, warnings: JSON.parse(row.warnings) as readonly string[] }
}

test('a labelled value in a reply replaces the stored one, and credentials are sealed anew', async () => {
  const ticket = await open(COMPLETE)
  const before = await ticketRow(ticket.ticketId)
  const corrected = await ticket.reply(
    'Sorry, that was wrong.\n\nCustomer Domain: butterchurn.example\nUser Credentials: curator@butterchurn.example / Whey_Bucket-9',
  )
  expect(corrected.outcome).toBe('reply')
  const { fields, state } = await ticketRow(ticket.ticketId)
  expect(state).toBe('open')
  expect(fields['customer_domain']).toMatchObject({
    value: 'butterchurn.example',
    source: 'label',
    inboxId: corrected.inboxId,
  })
  expect(fields['partner_domain']).toEqual(before.fields['partner_domain'])
  expect(fields['credentials']).toMatchObject({
    value: 'curator@butterchurn.example',
    source: 'label',
    inboxId: corrected.inboxId,
  })
  expect(fields['credentials']?.secretId).not.toBe(before.fields['credentials']?.secretId)
  expect(await openSecret(fields['credentials']?.secretId ?? '', gateway)).toBe('Whey_Bucket-9')
})

test('a panel that the register contradicts is said in the acknowledgement and in the notice, until it is corrected', async () => {
  const ticket = await open(COMPLETE.replace('https://cp.otterbrook', 'https://cp.elsewhere'))
  const warning = 'register-mismatch:control_panel_url'
  expect((await ticketRow(ticket.ticketId)).warnings).toEqual([warning])
  expect(ticket.acknowledgement.text.replace(/\s+/g, ' ')).toContain(
    'differs from what we have on record for you',
  )
  await ticket.reply('Control Panel URL: http://CP.otterbrook.example')
  expect((await ticketRow(ticket.ticketId)).warnings).toEqual([])
})

test('a one-time link is sealed, and named but not shown in the letters', async () => {
  const ticket = await open(COMPLETE.replace(PASSWORD, LINK))
  const { fields, warnings } = await ticketRow(ticket.ticketId)
  expect(warnings).toEqual(['credentials-by-link'])
  expect(await openSecret(fields['credentials']?.secretId ?? '', gateway)).toBe(LINK)
  expect(ticket.acknowledgement.text).toContain('one-time link')
  for (const letter of await lettersOfMail(gateway.desk, ticket.inboxId))
    expect(`${letter.subject}${letter.text}${letter.html}`).not.toContain('8f3kq2x7')
})
