/** What the judgement makes of programs' mail, of our own letters, and of what only looks like a program's. */
import { expect, test } from 'vitest'
import type { Automatic } from '../mail/mail.ts'
import { decide } from './decide.ts'
import { comparedWords } from './rounds.ts'
import {
  agent,
  completeText,
  context,
  fenella,
  letterId,
  mail,
  openTicket,
  replyAddress,
  verified,
} from './test-builders.ts'

const vacation: Automatic = {
  reason: 'subject',
  evidence: 'Subject: Automatic reply',
  mayBeSubmission: true,
  isWeak: true,
}
const helpdesk: Automatic = {
  reason: 'precedence',
  evidence: 'Precedence: bulk',
  mayBeSubmission: true,
  isWeak: false,
}

test('A letter of ours that comes back is kept as automatic, whoever seems to send it.', () => {
  const { verdict } = decide(
    mail({ newText: completeText }),
    verified,
    context({ returnedLetterId: letterId }),
  )
  expect(verdict).toEqual({ kind: 'automatic', reason: 'own-letter', ticketId: null })
})

test('Mail under an address of our own is held, and never answered even when a program wrote it.', () => {
  const given = context({ isFromOurselves: true })
  expect(decide(mail({ newText: completeText }), verified, given).verdict).toMatchObject({
    kind: 'held',
    reason: 'own-address',
  })
  const { verdict } = decide(mail({ newText: completeText, automatic: helpdesk }), verified, given)
  expect(verdict).toMatchObject({ kind: 'automatic' })
})

const onTicket = { thread: { ticket: openTicket(), by: 'signed-address' as const } }

test('A vacation notice that only its subject shows is kept on the ticket that it answers.', () => {
  const notice = mail({ subject: 'Automatic reply: Journal mailbox of a customer', automatic: vacation })
  expect(decide(notice, verified, context(onTicket)).verdict).toMatchObject({
    kind: 'automatic',
    ticketId: openTicket().id,
  })
})

test("An agent's own absence notice never becomes an answer to the partner (pain 8).", () => {
  const notice = mail({ subject: 'Out of office: Re: Journal mailbox of a customer', automatic: vacation })
  const given = context({
    ...onTicket,
    sender: { kind: 'agent', person: agent },
    ownAddresses: [replyAddress(agent)],
  })
  expect(decide(notice, verified, given).verdict.kind).toBe('automatic')
})

test('A ticket about absence notices is talked about like any other.', () => {
  const ticket = openTicket({ subjectStem: 'Out of office replies are not sent' })
  const reply = mail({ subject: 'Re: Out of office replies are not sent', automatic: vacation })
  const given = context({ thread: { ticket, by: 'signed-address' } })
  expect(decide(reply, verified, given).verdict.kind).toBe('reply')
})

test("A verified partner's helpdesk escalates and replies like anybody; another's program does not.", () => {
  const escalation = mail({ newText: completeText, automatic: helpdesk })
  expect(decide(escalation, verified, context()).verdict.kind).toBe('new-ticket')
  const reply = mail({ newText: 'It works now.', automatic: helpdesk })
  expect(decide(reply, verified, context(onTicket))).toMatchObject({
    verdict: { kind: 'reply' },
    circumstances: ['machine-mail'],
    author: { person: fenella },
  })
  expect(decide(escalation, verified, context({ sender: { kind: 'stranger' } })).verdict.kind).toBe(
    'automatic',
  )
})

test('Words are alike when only numbers and the subject differ.', () => {
  const first = comparedWords(mail({ subject: 'HD-1', newText: 'Your case HD-5531 is open since 10:04.' }))
  const second = comparedWords(mail({ subject: 'HD-2', newText: 'Your case  HD-5532 is open since 11:09.' }))
  expect(first.alike).toBe(second.alike)
  expect(first.same).not.toBe(second.same)
  expect(comparedWords(mail({ newText: '', text: ' 17 ' })).alike).toBeNull()
})
