import { expect, test } from 'vitest'
import type { Mail } from './mail.ts'
import { parseMail } from './parse.ts'

async function read(header: string, reversePath: string | null = 'ann@partner.example'): Promise<Mail> {
  const defaults = /^from:/im.test(header) ? '' : 'From: Ann <ann@partner.example>\r\n'
  const content = Buffer.from(
    `${defaults}To: support@gate.example\r\n${header}\r\n\r\nWebmail shows a blank page.\r\n`,
  )
  const mail = await parseMail(content, { reversePath })
  if (mail.kind !== 'mail') throw new Error(mail.reason)
  return mail
}

test.each([
  'Subject: Blank page',
  'Auto-Submitted: no',
  'Auto-Submitted: No',
  'Auto-Submitted: NO (really); owner=x',
  'X-Auto-Response-Suppress: All',
  'X-Auto-Response-Suppress: OOF, AutoReply',
  'X-AutoReply: no',
  'Precedence: first-class',
  'Subject: Our vacation responder is broken',
  'Subject: Customer cannot set an out of office message',
  'Subject: Delivery status notifications do not arrive',
  'From: Root <root@partner.example>',
])('a mail with %j was written by a human', async (header) => {
  expect((await read(header)).automatic).toBeNull()
  expect((await read(header)).mailKind).toBe('ordinary')
})

test.each([
  ['Auto-Submitted: auto-replied', 'auto-submitted'],
  ['Auto-Submitted: Auto-Replied; owner-email="x@y.example"', 'auto-submitted'],
  ['Auto-Submitted: something-new', 'auto-submitted'],
  ['X-Autoreply: yes', 'autoresponder-field'],
  ['X-Autorespond: Away', 'autoresponder-field'],
  ['Precedence: auto_reply', 'precedence'],
  ['X-MS-Exchange-Inbox-Rules-Loop: a@b.example\r\nX-Auto-Response-Suppress: All', 'autoresponder-field'],
  ['Subject: Automatic reply: Blank page', 'subject'],
  ['Subject: Out of Office: Blank page', 'subject'],
  ['Subject: Abwesenheitsnotiz: Postfach voll', 'subject'],
  ['Subject: =?utf-8?Q?R=C3=A9ponse_automatique?= : boîte pleine', 'subject'],
  ['Subject: 自動返信: メール', 'subject'],
  ['From: MAILER-DAEMON', 'daemon-address'],
  ['From: Mail System <mailer-daemon@mx.example>', 'daemon-address'],
  ['Return-Path: <>', 'null-reverse-path'],
])('a mail with %j is an answer of a machine', async (header, reason) => {
  const { automatic } = await read(header)
  expect(automatic).toMatchObject({ reason, mayBeSubmission: false })
})

test.each([
  ['Auto-Submitted: auto-generated', 'auto-submitted', 'automatic'],
  ['Precedence: bulk', 'precedence', 'automatic'],
  ['X-Loop: partner-desk', 'loop-field', 'automatic'],
  ['From: Desk <no-reply@partner.example>', 'daemon-address', 'automatic'],
  ['List-Id: <desk.partner.example>', 'list', 'list'],
  ['Precedence: list', 'precedence', 'list'],
])(
  'a mail with %j is a machine’s and may be an escalation all the same',
  async (header, reason, mailKind) => {
    expect(await read(header)).toMatchObject({ mailKind, automatic: { reason, mayBeSubmission: true } })
  },
)

test.each(['In-Reply-To: <1@gate.example>', 'Subject: Automatic reply: [TG-1001]'])(
  'an auto-generated mail with %j is an answer, not an escalation',
  async (header) => {
    const { automatic } = await read(`Auto-Submitted: auto-generated\r\n${header}`)
    expect(automatic?.mayBeSubmission).toBe(false)
  },
)

test('the null reverse-path of the envelope counts', async () => {
  expect((await read('Subject: x', null)).automatic).toEqual({
    reason: 'null-reverse-path',
    evidence: 'reverse-path: <>',
    mayBeSubmission: false,
  })
})

test('the evidence names the field and its value on one line', async () => {
  const { automatic } = await read('Auto-Submitted: auto-replied\r\n (by vacation)')
  expect(automatic?.evidence).toBe('Auto-Submitted: auto-replied (by vacation)')
})
