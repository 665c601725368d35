/**
 * Two pains of other desks: error mails that loop, and bounces of notices that multiply. Each test is named after what
 * a fair human expects.
 */
import { join } from 'node:path'
import { expect } from 'vitest'
import { onEachDatabase, type Place } from '../store/databases.ts'
import type { MailStep, Script } from './script.ts'
import { openStage, type Stage } from './stage.ts'

const script: Script = {
  about: 'pains',
  config: {},
  register: {
    partners: [
      {
        name: 'Otterbrook IT',
        domains: ['otterbrook.example'],
        people: [{ name: 'Fenella Otter', address: 'fenella@otterbrook.example' }],
        controlPanelUrl: null,
        timeZone: null,
        language: null,
        mode: null,
        machineMail: 'silent',
      },
    ],
    agents: [{ name: 'Ada', address: 'ada@desk.example', aliases: [], role: 'support' }],
  },
  zone: {},
  relayReply: '250 2.0.0 Ok',
  relayHost: 'mail.provider.example',
  steps: [],
  end: {},
}

const step: MailStep = {
  mail: 'none',
  to: ['support@desk.example'],
  ip: '192.0.2.25',
  ehlo: 'mail.partner.example',
  expect: { exitCode: 0 },
}

async function onStage(place: Place, work: (stage: Stage) => Promise<void>): Promise<void> {
  const stage = await openStage(script, { folder: join(place.folder, 'desk'), database: place.url })
  try {
    await work(stage)
  } finally {
    await stage.close()
  }
}

const FIELDS = `Partner Domain: otterbrook.example
Control Panel URL: https://cp.otterbrook.example
Customer Domain Name: milkchurnmuseum.example
User Credentials: curator@milkchurnmuseum.example / Cream_Separator_4
Steps taken: sent five test mails from OWA, none was journaled; switched the rule off and on.
Details of the Issue: the journal mailbox stopped collecting copies on Thursday.
`

function mail(from: string, id: string, body: string): string {
  return `From: ${from}\nTo: support@desk.example\nSubject: Journal mailbox\nMessage-ID: <${id}>\nDate: Mon, 02 Mar 2026 09:00:00 +0000\n\n${body}`
}

function report(of: { to_address: string; return_path: string; message_id: string }, at: number): string {
  return `From: MAILER-DAEMON@mx.desk.example
To: ${of.return_path}
Subject: Undelivered Mail Returned to Sender
Message-ID: <report${at}@mx.desk.example>
Date: Mon, 02 Mar 2026 09:05:00 +0000
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.desk.example

Final-Recipient: rfc822; ${of.to_address}
Action: failed
Status: 5.1.1

--b
Content-Type: text/rfc822-headers

Message-ID: <${of.message_id}>

--b--
`
}

const letters = ({ store }: Place) => store.db.selectFrom('outbox').selectAll().orderBy('id').execute()

onEachDatabase((test) => {
  test('Pain 5: 100 identical bad mails from one sender are answered by no error mail, and counted for the operator.', ({
    place,
  }) =>
    onStage(place, async (stage) => {
      for (let at = 0; at < 100; at++) {
        const content = mail('Sel <sel@selkie.example>', `bad${at}@selkie.example`, 'Help!\n')
        await stage.receive(step, { content, from: 'sel@selkie.example', to: step.to })
      }
      expect(await letters(place)).toEqual([])
      await stage.moveClock(60_000)
      const [digest, ...more] = await letters(place)
      expect(more).toEqual([])
      expect(digest).toMatchObject({
        letter: 'held-digest',
        to_address: 'operator@desk.example',
        subject: '100 held mails wait for you',
      })
      expect(digest?.text).toContain('50 more wait.')
      await stage.moveClock(2 * 3_600_000)
      expect(await letters(place)).toHaveLength(1)
    }))

  test('Pain 6: a report about a notice never makes a notice, and after a 5.1.1 the address is spared and the owner told once.', ({
    place,
  }) =>
    onStage(place, async (stage) => {
      const content = mail('Fenella <fenella@otterbrook.example>', 'one@otterbrook.example', FIELDS)
      await stage.receive(step, { content, from: 'fenella@otterbrook.example', to: step.to })
      const [first, second] = await letters(place)
      const acknowledgement = first?.letter === 'acknowledgement' ? first : second
      const notice = first?.letter === 'agent-notice' ? first : second
      if (acknowledgement === undefined || notice === undefined) throw new Error('two letters are written')
      const bounce = (of: typeof notice, at: number) =>
        stage.receive(step, { content: report(of, at), from: null, to: [of.return_path] })
      for (let at = 0; at < 5; at++) await bounce(acknowledgement, at)
      const told = await letters(place)
      expect(told.slice(2).map((one) => [one.letter, one.to_address])).toEqual([
        ['agent-notice', 'ada@desk.example'],
      ])
      for (let at = 5; at < 10; at++) await bounce(notice, at)
      const [bounceNotice] = told.slice(2)
      if (bounceNotice !== undefined) await bounce(bounceNotice, 10)
      expect(await letters(place)).toHaveLength(3)
      const spared = await place.store.db
        .selectFrom('address')
        .select('address')
        .where('suppressed_until', 'is not', null)
        .orderBy('address')
        .execute()
      expect(spared.map((row) => row.address)).toEqual(['ada@desk.example', 'fenella@otterbrook.example'])
    }))
})
