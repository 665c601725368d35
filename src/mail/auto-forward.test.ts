import { expect, test } from 'vitest'
import { forwardTraces } from './auto-forward.ts'
import { forwardChain } from './forward-chain.ts'
import { parseMail } from './parse.ts'

async function read(header: string, body = 'Help.', reversePath: string | null = null) {
  const content = Buffer.from(
    `From: anna@customer.example\r\nTo: help@partner.example\r\n${header}Subject: Fwd: Help\r\n\r\n${body}`,
  )
  const mail = await parseMail(content, { reversePath })
  if (mail.kind !== 'mail') throw new Error(mail.reason)
  return mail
}

test.each([
  ['Resent-From: Help <help@partner.example>\r\n', 'help@partner.example'],
  ['X-Forwarded-For: help@partner.example support@desk.example\r\n', 'help@partner.example'],
  ['Delivered-To: HELP@partner.example\r\n', 'help@partner.example'],
  [
    'Received: from mx by mx.partner.example with ESMTP\r\n\tfor <help@partner.example>; Mon, 2 Mar 2026 09:00:00 +0000\r\n',
    'help@partner.example',
  ],
  ['X-MS-Exchange-ForwardingLoop: help@partner.example;5f0c\r\n', 'help@partner.example'],
])('A mail with %j came through a mailbox of the partner.', async (header, address) => {
  expect(forwardTraces(await read(header), null).addresses).toContain(address)
})

test('A seal and a rewritten reverse path tell the forwarder’s domain.', async () => {
  const sealed = await read('ARC-Seal: i=1; a=rsa-sha256; d=Partner.example; s=s1; cv=none; b=xyz\r\n')
  expect(forwardTraces(sealed, null).domains).toEqual(['partner.example'])
  const srs = 'SRS0=x7=QK=customer.example=anna@partner.example'
  expect(forwardTraces(await read('', 'Help.', srs), srs).domains).toEqual(['partner.example'])
})

test('A mail that came straight tells nothing, and a thousand fields are read no further than some.', async () => {
  expect(forwardTraces(await read(''), null)).toEqual({ addresses: [], domains: [] })
  const many = Array.from({ length: 150 }, (_none, at) => `Delivered-To: a${at}@x.example\r\n`).join('')
  expect(forwardTraces(await read(many), null).addresses.length).toBeLessThanOrEqual(20)
})

test('A forward inside a forward is found behind the outer one.', async () => {
  const inner =
    '---------- Forwarded message ---------\r\nFrom: Anna <anna@customer.example>\r\nSubject: Help\r\n\r\nIt fails.\r\n'
  const outer = `Look.\r\n\r\n---------- Forwarded message ---------\r\nFrom: Fenella <fenella@partner.example>\r\nSubject: Fwd: Help\r\n\r\nPlease help.\r\n\r\n${inner}`
  const chain = forwardChain(await read('', outer))
  expect(chain.map((level) => level.from?.address)).toEqual([
    'fenella@partner.example',
    'anna@customer.example',
  ])
})
