import { expect, test } from 'vitest'
import type { InboxId } from '../mail/mail.ts'
import type { Ticket } from './context.ts'
import { decide } from './decide.ts'
import type { Effects } from './effects.ts'
import { plan } from './plan.ts'
import { completeText, context, inboxId, mail, openTicket, verified } from './test-builders.ts'

const later = 'inbox00000000002' as InboxId

function replyOn(of: Ticket, newText: string): Effects {
  const given = mail({ newText })
  const at = context({ inboxId: later, thread: { ticket: of, by: 'signed-address' } })
  return plan(decide(given, verified, at), given, at)
}

function updateOf(effects: Effects) {
  return effects.changes.find((change) => change.kind === 'update-ticket')
}

test.each(['open', 'waiting', 'resolved'] as const)(
  'A labelled value in a reply replaces the stored one on a ticket that is %s.',
  (state) => {
    const effects = replyOn(openTicket({ state }), 'Sorry.\nCustomer Domain Name: butterchurn.example')
    const fields = updateOf(effects)?.fields
    expect(fields?.['customer_domain']).toEqual({
      value: 'butterchurn.example',
      source: 'label',
      inboxId: later,
      secretId: null,
    })
    expect(fields?.['partner_domain']).toEqual({
      value: 'otterbrook-it.example',
      source: 'label',
      inboxId,
      secretId: null,
    })
    expect(updateOf(effects)?.missing).toEqual([])
  },
)

test('The desk sees the corrected value in its notice.', () => {
  const effects = replyOn(openTicket(), 'Customer Domain Name: butterchurn.example')
  expect(effects.letters.map((letter) => letter.template)).toEqual(['agent-notice'])
  const [notice] = effects.letters
  if (notice?.template !== 'agent-notice') throw new Error('there is no notice')
  expect(notice.model.items.find((item) => item.name === 'customer_domain')?.understood).toBe(
    'butterchurn.example',
  )
})

test('An inferred value that is corrected becomes a labelled one.', () => {
  const before = openTicket()
  const guess = { value: 'milkchurn.example', source: 'inferred', inboxId, secretId: null }
  const of = { ...before, fields: { ...before.fields, customer_domain: guess } }
  const effects = replyOn(of, 'Customer Domain: milkchurnmuseum.example')
  expect(updateOf(effects)?.fields?.['customer_domain']).toMatchObject({
    value: 'milkchurnmuseum.example',
    source: 'label',
  })
})

test('Words that could be taken for a value correct nothing.', () => {
  const effects = replyOn(openTicket(), 'The mails to info@butterchurn.example bounce as well.')
  expect(updateOf(effects)?.fields).toBeUndefined()
})

test('New credentials are sealed anew, with the mail they came from, and stand in no text.', () => {
  const password = 'Whey_Bucket-9'
  const effects = replyOn(openTicket(), `User Credentials: curator@milkchurnmuseum.example / ${password}`)
  expect(effects.changes.filter((change) => change.kind === 'seal-credentials')).toEqual([
    {
      kind: 'seal-credentials',
      ticketId: openTicket().id,
      field: 'credentials',
      username: 'curator@milkchurnmuseum.example',
      password,
      source: 'label',
    },
  ])
  // The old ones are not written back over the new.
  expect(updateOf(effects)?.fields).not.toHaveProperty('credentials')
  const rest = effects.changes.filter((change) => change.kind !== 'seal-credentials')
  expect(JSON.stringify([rest, effects.letters])).not.toContain(password)
})

const LINK = 'https://onetimesecret.example/secret/8f3kq2x7'
const byLink = completeText.replace('Cream_Separator_4', LINK)

test('A one-time link counts as the password: it is sealed, named in the acknowledgement and shown nowhere.', () => {
  const given = mail({ newText: byLink })
  const judgement = decide(given, verified, context())
  const effects = plan(judgement, given, context())
  expect(judgement.verdict.kind).toBe('new-ticket')
  expect(updateOf(effects)?.warnings).toEqual(['credentials-by-link'])
  const [letter, notice] = effects.letters
  if (letter?.template !== 'acknowledgement' || notice?.template !== 'agent-notice')
    throw new Error('no letters')
  expect(letter.model.items.find((item) => item.name === 'credentials')?.note).toBe('one-time-link')
  expect(notice.model.warnings).toContain('credentials-by-link')
  const rest = effects.changes.filter((change) => change.kind !== 'seal-credentials')
  expect(JSON.stringify([rest, effects.letters])).not.toContain('8f3kq2x7')
  expect(effects.changes.find((change) => change.kind === 'seal-credentials')?.password).toBe(LINK)
})

test('The link stays named while it is what is sealed, and no longer once a password came.', () => {
  const of = openTicket({ warnings: ['credentials-by-link', 'non-answer:details'] })
  const other = replyOn(of, 'Customer Domain: butterchurn.example')
  expect(updateOf(other)?.warnings).toEqual(['credentials-by-link'])
  const password = replyOn(of, 'Credentials: curator@milkchurnmuseum.example / Whey_Bucket-9')
  expect(updateOf(password)?.warnings).toEqual([])
  const nothing = replyOn(of, 'It also happens with a 1.4 MB mail.')
  expect(updateOf(nothing)?.warnings).toBeUndefined()
})
