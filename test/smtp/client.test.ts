/** A real client, nodemailer, sends through the wire in, by SMTP and by LMTP. */
import { createTransport } from 'nodemailer'
import { expect, test } from 'vitest'
import { startTestReceiver } from './test-receiver.ts'

const MAIL = {
  from: 'Pat <pat@partner.example>',
  to: ['support@gw.test', 'own1@gw.test'],
  subject: 'Grüße',
  text: 'First line\n.\n..two dots\nend without newline',
  attachments: [{ filename: 'a.log', content: 'x'.repeat(20_000) }],
}

test.each([
  ['smtp', false],
  ['lmtp', true],
] as const)('a mail with an attachment comes through by %s', async (protocol, lmtp) => {
  const receiver = await startTestReceiver({ protocol })
  const transport = createTransport({ host: '127.0.0.1', port: receiver.port, lmtp, ignoreTLS: true })
  const done = await transport.sendMail(MAIL)
  expect(done.response).toMatch(/^250 2\.6\.0 q1 /)
  expect(done.rejected).toEqual([])
  const [arrival] = receiver.arrivals
  const content = Buffer.from(arrival?.content ?? []).toString()
  expect(content).toContain('Subject: =?UTF-8?Q?Gr=C3=BC=C3=9Fe?=')
  expect(content).toContain('\r\n.\r\n..two dots\r\n')
  expect(arrival?.envelope).toMatchObject({
    transport: protocol,
    reversePath: 'pat@partner.example',
    forwardPaths: MAIL.to,
  })
  transport.close()
  await receiver.close()
})

test('a pooled client sends twenty mails over its connections, each exactly once', async () => {
  const receiver = await startTestReceiver()
  const transport = createTransport({
    host: '127.0.0.1',
    port: receiver.port,
    pool: true,
    maxConnections: 3,
    ignoreTLS: true,
  })
  const subjects = Array.from({ length: 20 }, (_, n) => `mail ${n}`)
  await Promise.all(subjects.map((subject) => transport.sendMail({ ...MAIL, subject })))
  const arrived = receiver.arrivals.map(
    ({ content }) => /^Subject: (.*)$/m.exec(Buffer.from(content).toString())?.[1]?.trim() ?? '',
  )
  expect(arrived.toSorted()).toEqual(subjects.toSorted())
  transport.close()
  await receiver.close()
})
