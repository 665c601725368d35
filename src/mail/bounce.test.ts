import { expect, test } from 'vitest'
import type { Mail } from './mail.ts'
import { parseMail } from './parse.ts'

async function read(content: string, reversePath: string | null = null): Promise<Mail> {
  const mail = await parseMail(Buffer.from(content.replaceAll('\n', '\r\n')), { reversePath })
  if (mail.kind !== 'mail') throw new Error(mail.reason)
  return mail
}

const report = (
  status: string,
  original = 'Message-ID: <letter-1@gate.example>\nSubject: x\n',
): string => `From: Mail System <mailer-daemon@mx.example>
To: b+token@gate.example
Subject: Undelivered Mail Returned to Sender
Content-Type: multipart/report; report-type=delivery-status; boundary=b

--b
Content-Type: text/plain

This is the mail system at host mx.example.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example

${status}
--b
Content-Type: text/rfc822-headers

${original}
--b--
`

test('a delivery report gives recipient, status, action, diagnostic and the original Message-ID', async () => {
  const mail = await read(
    report(`Final-Recipient: rfc822; Ann@Partner.example
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 <ann@partner.example>:
 user unknown`),
  )
  expect(mail.mailKind).toBe('bounce')
  expect(mail.bounce).toEqual({
    recipients: ['ann@partner.example'],
    status: '5.1.1',
    action: 'failed',
    diagnosticCode: 'smtp; 550 5.1.1 <ann@partner.example>: user unknown',
    originalMessageId: 'letter-1@gate.example',
  })
  expect(mail.automatic).toMatchObject({ mayBeSubmission: false })
})

test('the recipient as it was written to comes before the one it was forwarded to', async () => {
  const { bounce } = await read(
    report(
      'Original-Recipient: rfc822;ann@partner.example\nFinal-Recipient: rfc822;x9@host.example\nAction: failed\nStatus: 5.2.2',
    ),
  )
  expect(bounce?.recipients).toEqual(['ann@partner.example'])
})

test.each([
  ['delayed', '4.4.1', 'bounce'],
  ['delivered', '2.0.0', 'report'],
  ['relayed', '2.0.0', 'report'],
  ['expanded', '2.0.0', 'report'],
])('a notice with action %s is told from a failure', async (action, status, mailKind) => {
  const mail = await read(
    report(`Final-Recipient: rfc822; a@b.example\nAction: ${action}\nStatus: ${status}`),
  )
  expect(mail).toMatchObject({ mailKind, bounce: { action, status } })
})

test('of several recipients the failed one decides, and all are named', async () => {
  const { bounce } = await read(
    report(`Final-Recipient: rfc822; a@x.example
Action: delivered
Status: 2.0.0

Final-Recipient: rfc822; b@x.example
Action: failed
Status: 5.1.1`),
  )
  expect(bounce).toMatchObject({
    recipients: ['a@x.example', 'b@x.example'],
    action: 'failed',
    status: '5.1.1',
  })
})

test('a vague status is made exact by the remote server’s own code', async () => {
  const { bounce } = await read(
    report(
      'Final-Recipient: rfc822; a@x.example\nAction: failed\nStatus: 5.0.0\nDiagnostic-Code: smtp; 550 5.7.1 no',
    ),
  )
  expect(bounce?.status).toBe('5.7.1')
})

test('a returned mail is named by its whole message too', async () => {
  const mail = await read(
    report('Final-Recipient: rfc822; a@x.example\nAction: failed\nStatus: 5.1.1').replace(
      'text/rfc822-headers',
      'message/rfc822',
    ),
  )
  expect(mail.bounce?.originalMessageId).toBe('letter-1@gate.example')
})

test('a read receipt and a complaint are reports, not bounces', async () => {
  const receipt = `From: ann@partner.example
Content-Type: multipart/report; report-type=disposition-notification; boundary=b

--b

Your mail was displayed.
--b
Content-Type: message/disposition-notification

Disposition: manual-action/MDN-sent-manually; displayed
--b--
`
  expect(await read(receipt, 'ann@partner.example')).toMatchObject({ mailKind: 'report', bounce: null })
  const complaint = receipt.replaceAll('disposition-notification', 'feedback-report')
  expect(await read(complaint, 'fbl@isp.example')).toMatchObject({ mailKind: 'report', bounce: null })
})

test('the X-Failed-Recipients field of Exim makes a bounce', async () => {
  const mail = await read(
    `X-Failed-Recipients: ann@partner.example
From: Mail Delivery System <Mailer-Daemon@mx.example>
Subject: Mail delivery failed: returning message to sender

A message that you sent could not be delivered. This is a permanent error.

  ann@partner.example
    550 5.1.1 no such user

Message-ID: <letter-2@gate.example>
`,
  )
  expect(mail).toMatchObject({
    mailKind: 'bounce',
    bounce: {
      recipients: ['ann@partner.example'],
      status: '5.1.1',
      action: 'failed',
      originalMessageId: 'letter-2@gate.example',
    },
  })
})

test('a prose bounce of qmail is read', async () => {
  const mail = await read(`From: MAILER-DAEMON@mx.example
Subject: failure notice

Hi. This is the qmail-send program at mx.example.
I'm afraid I wasn't able to deliver your message to the following addresses.

<ann@partner.example>:
Sorry, no mailbox here by that name. (#5.1.1)
`)
  expect(mail).toMatchObject({
    mailKind: 'bounce',
    bounce: { recipients: ['ann@partner.example'], status: '5.1.1', action: 'failed' },
  })
})

test('a prose warning that a mail is late is no failure', async () => {
  const mail = await read(`From: Mail Delivery System <mailer-daemon@mx.example>
Subject: Warning: message delayed 24 hours

The message has not yet been delivered to ann@partner.example. You do not need to resend it.
`)
  expect(mail).toMatchObject({ mailKind: 'bounce', bounce: { action: 'delayed' } })
})

test.each([
  [
    'a partner who quotes a bounce',
    'Customer gets bounces',
    '550 5.1.1 user unknown. Mail could not be delivered.',
  ],
  [
    'a partner who forwards a bounce',
    'FW: Undeliverable: Invoice',
    'Delivery has failed to these recipients: mailbox is full',
  ],
  [
    'a partner who writes about delivery',
    'Delivery problem at a.example',
    'Mail to the customer is delayed since noon.',
  ],
])('%s has not sent a bounce', async (_name, subject, text) => {
  const mail = await read(
    `From: Ann <ann@partner.example>\nSubject: ${subject}\n\n${text}\n`,
    'ann@partner.example',
  )
  expect(mail).toMatchObject({ mailKind: 'ordinary', bounce: null, automatic: null })
})

test('a helpdesk without a reply address that escalates a full mailbox has not sent a bounce', async () => {
  const mail = await read(
    'From: Desk <no-reply@partner.example>\nSubject: New ticket 4711\n\nThe mailbox is full, quota exceeded.\n',
    'desk@partner.example',
  )
  expect(mail).toMatchObject({ mailKind: 'automatic', bounce: null, automatic: { mayBeSubmission: true } })
})
