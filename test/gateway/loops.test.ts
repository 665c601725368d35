/**
 * Loops, with real processes over SMTP: a gateway wired to a vacation responder, to a bouncer, to a helpdesk that answers
 * everything, to itself and to another gateway falls silent within two letters, and the desk is told.
 */
import { createServer } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import {
  type Answer,
  type AnsweringMachine,
  type GotLetter,
  startAnsweringMachine,
} from '../support/answering-machine.ts'
import {
  type GatewayProcess,
  makeFolder,
  runCommand,
  startGatewayProcess,
} from '../support/gateway-process.ts'
import { lettersIn, outcomesIn, untilQuiet } from '../support/quiet.ts'
import { sendRaw } from './live-gateway.ts'
import { COMPLETE, INCOMPLETE, writeMail } from './write-mail.ts'

const FENELLA = 'fenella@otterbrook.example'
const DESK = 'ada@staff.example'
const ends: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const end of ends.splice(0).toReversed()) await end()
})

type Setting = {
  readonly domain: string
  readonly relayPort: number
  readonly port?: number
  readonly operator?: string
  readonly mode?: string
  readonly partners?: string
  /** Arguments of `partner add`. */
  readonly partner?: readonly string[]
}

async function startGateway(setting: Setting): Promise<GatewayProcess> {
  const config = {
    mode: setting.mode ?? 'enforce',
    partners: setting.partners ?? 'open',
    addresses: { domain: setting.domain },
    listeners: [{ port: setting.port ?? 0 }],
    trust: { networks: ['127.0.0.0/8'] },
    relay: { host: '127.0.0.1', port: setting.relayPort, tls: 'none' },
    operator: { address: setting.operator ?? DESK },
  }
  const place = makeFolder(config)
  if (setting.partner !== undefined) {
    const added = await runCommand(['partner', 'add', ...setting.partner, '--config', place.configFile])
    expect(added.code, added.stderr).toBe(0)
  }
  const gateway = await startGatewayProcess(config, place)
  ends.push(() => gateway.end())
  return gateway
}

type Wired = { readonly gateway: GatewayProcess; readonly machine: AnsweringMachine }

async function wireTo(
  answer: (letter: GotLetter, count: number) => Answer | null,
  setting: Partial<Setting> = {},
): Promise<Wired> {
  const wired: { port: number } = { port: 0 }
  const machine = await startAnsweringMachine(answer, () => wired.port)
  ends.push(() => machine.close())
  const gateway = await startGateway({ domain: 'desk.example', relayPort: machine.port, ...setting })
  wired.port = gateway.ports[0] ?? 0
  return { gateway, machine }
}

async function send(gateway: GatewayProcess, content: string, from = FENELLA, to = 'support@desk.example') {
  await sendRaw(gateway.ports[0] ?? 0, content, { from, to: [to] })
}

const mail = (text: string, more: object = {}) =>
  writeMail({ from: FENELLA, to: 'support@desk.example', text, ...more })

/** Letters to anybody but the desk. */
function partnerLetters(place: { readonly folder: string }) {
  return lettersIn(place).filter(({ letter, state }) => letter !== 'agent-notice' && state !== 'withheld')
}

const fromMachine = (letter: GotLetter): boolean => letter.to !== DESK

test.each([
  ['that marks its mail', { 'Auto-Submitted': 'auto-replied', Precedence: 'bulk' }, 'Out of office'],
  ['that marks nothing but the subject', {}, 'Automatic reply: '],
])('A vacation responder %s gets one letter, and moves nothing.', async (_, headerFields, prefix) => {
  const { gateway, machine } = await wireTo((letter) => ({
    from: '',
    to: letter.replyTo,
    content: writeMail({
      from: letter.to,
      to: letter.replyTo,
      subject: `${prefix}${letter.subject}`,
      text: 'I am away until Monday.',
      inReplyTo: letter.messageId.slice(1, -1),
      headerFields,
    }),
  }))
  await send(gateway, mail(INCOMPLETE))
  await untilQuiet([gateway], machine.pending)
  expect(partnerLetters(gateway).map(({ letter }) => letter)).toEqual(['checklist'])
  expect(outcomesIn(gateway).slice(0, 2)).toEqual(['incomplete', 'automatic'])
})

const bouncers: readonly (readonly [string, (letter: GotLetter) => Answer])[] = [
  [
    'to the return path',
    (letter) => ({ from: '', to: letter.reversePath, content: bounceText(letter, letter.reversePath) }),
  ],
  [
    'to the reply address',
    (letter) => ({ from: '', to: letter.replyTo, content: bounceText(letter, letter.replyTo) }),
  ],
  [
    'under its own name, with a reverse path',
    (letter) => ({
      from: 'mailer-daemon@otterbrook.example',
      to: letter.from,
      content: bounceText(letter, letter.from),
    }),
  ],
]

function bounceText(letter: GotLetter, to: string): string {
  return writeMail({
    from: 'MAILER-DAEMON@otterbrook.example',
    to,
    subject: 'Undeliverable: your message',
    text: `Your message to ${letter.to} could not be delivered: 550 5.1.1 no such user here`,
  })
}

test.each(bouncers)('A bouncer that answers %s gets no second letter.', async (_, answer) => {
  const { gateway, machine } = await wireTo(answer)
  await send(gateway, mail(INCOMPLETE))
  await untilQuiet([gateway], machine.pending)
  expect(partnerLetters(gateway).map(({ letter }) => letter)).toEqual(['checklist'])
  expect(lettersIn(gateway).length).toBeLessThan(5)
})

/** Answers everything under a new Message-ID and subject, with a number of its own and no sign of a program. */
function helpdesk(to: (letter: GotLetter) => string, more: (letter: GotLetter) => string = () => '') {
  return (letter: GotLetter, count: number): Answer | null => {
    if (!fromMachine(letter)) return null
    const text = `Thank you for contacting Otterbrook Care. Your request was registered as case OB-${5500 + count}.
One of our engineers will be in touch with you within one working day. Office hours are 9:00 to 17:00.
${more(letter)}`
    const from = letter.to
    const subject = `[OB-${5500 + count}] We have received your request`
    return { from, to: to(letter), content: writeMail({ from, to: to(letter), subject, text }) }
  }
}

const quoted = (letter: GotLetter): string => `\nYour message:\n\n${letter.text.replace(/^/gm, '> ')}`
const pasted = (letter: GotLetter): string => `\nYour message:\n\n${letter.text}`

test.each([
  ['at its reply address', helpdesk((letter) => letter.replyTo), INCOMPLETE, 'enforce'],
  ['at its From', helpdesk((letter) => letter.from), INCOMPLETE, 'enforce'],
  ['at its From, quoting it', helpdesk((letter) => letter.from, quoted), INCOMPLETE, 'enforce'],
  ['at its From, repeating it', helpdesk((letter) => letter.from, pasted), INCOMPLETE, 'enforce'],
  ['at its reply address, repeating it', helpdesk((letter) => letter.replyTo, pasted), INCOMPLETE, 'enforce'],
  ['at its From, in mode advise', helpdesk((letter) => letter.from), INCOMPLETE, 'advise'],
  ['at its From, after a complete mail', helpdesk((letter) => letter.from, pasted), COMPLETE, 'enforce'],
])(
  "A partner's helpdesk that answers every letter %s gets two at most, and the desk is told (pain 4).",
  async (_, answer, text, mode) => {
    const { gateway, machine } = await wireTo(answer, { mode })
    await send(gateway, mail(text))
    await untilQuiet([gateway], machine.pending)
    const letters = partnerLetters(gateway)
    expect(letters.length, JSON.stringify(letters)).toBeLessThanOrEqual(2)
    expect(lettersIn(gateway).filter(({ letter }) => letter === 'agent-notice').length).toBeGreaterThan(0)
    expect(lettersIn(gateway).length).toBeLessThan(8)
  },
)

test('A hundred identical bad mails from one sender give two letters, one notice and a counter (pain 5).', async () => {
  const { gateway, machine } = await wireTo(() => null)
  for (let count = 0; count < 100; count += 1) await send(gateway, mail(INCOMPLETE))
  await untilQuiet([gateway], machine.pending)
  expect(outcomesIn(gateway)).toHaveLength(100)
  expect(partnerLetters(gateway)).toHaveLength(2)
  // The new partner is shown once; that letters stopped is told once.
  expect(lettersIn(gateway).filter(({ letter }) => letter === 'agent-notice').length).toBeLessThanOrEqual(3)
})

test('A mailbox that sends our letters back to us makes nothing of it: each is kept as our own.', async () => {
  const raw: { letter: GotLetter | null } = { letter: null }
  const { gateway, machine } = await wireTo((letter) => {
    raw.letter = letter
    return {
      from: FENELLA,
      to: 'support@desk.example',
      content: writeMail({
        from: 'list@otterbrook.example',
        subject: letter.subject,
        text: letter.text,
        messageId: letter.messageId.slice(1, -1),
      }),
    }
  })
  await send(gateway, mail(INCOMPLETE))
  await untilQuiet([gateway], machine.pending)
  expect(outcomesIn(gateway)[0]).toBe('incomplete')
  expect(new Set(outcomesIn(gateway).slice(1))).toEqual(new Set(['automatic']))
  expect(partnerLetters(gateway)).toHaveLength(1)
})

test('A marker that somebody else put on a mail makes nothing vanish.', async () => {
  const { gateway, machine } = await wireTo(() => null)
  const headerFields = { 'X-Ticketgate-Loop': '0123456789abcdef.0123456789abcdef' }
  await send(gateway, mail(INCOMPLETE, { headerFields }))
  await untilQuiet([gateway], machine.pending)
  expect(outcomesIn(gateway)).toEqual(['incomplete'])
})

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  const address = server.address()
  await new Promise((resolve) => {
    server.close(resolve)
  })
  return typeof address === 'object' && address !== null ? address.port : 0
}

const answering = (domain: string) => ['Other', '--domain', domain, '--address', `support@${domain}`]

test.each([
  ['open', 'enforce', 'enforce', []],
  ['open', 'advise', 'advise', []],
  ['open', 'observe', 'enforce', []],
  ['registered', 'enforce', 'enforce', ['--machine-mail', 'answer']],
  ['registered', 'advise', 'enforce', ['--machine-mail', 'answer']],
  ['registered', 'observe', 'advise', []],
] as const)(
  'Two gateways wired to each other (%s, %s and %s) fall silent within two letters each (pain 4).',
  async (partners, modeA, modeB, more) => {
    const [portA, portB] = [await freePort(), await freePort()]
    const wire = (domain: string, other: string) => ({
      domain,
      partners,
      // An operator's domain counts as the desk's own, which an open register lets nobody join from.
      ...(partners === 'registered' ? { operator: `support@${other}` } : {}),
      ...(partners === 'registered' ? { partner: [...answering(other), ...more] } : {}),
    })
    const a = await startGateway({
      ...wire('a.example', 'b.example'),
      mode: modeA,
      port: portA,
      relayPort: portB,
    })
    const b = await startGateway({
      ...wire('b.example', 'a.example'),
      mode: modeB,
      port: portB,
      relayPort: portA,
    })
    for (const [gateway, from, to] of [
      [a, 'support@b.example', 'support@a.example'],
      [b, 'support@a.example', 'support@b.example'],
    ] as const) {
      await send(gateway, writeMail({ from, to, text: INCOMPLETE }), from, to)
    }
    await untilQuiet([a, b])
    // Each took the other for a partner, or falling silent would prove nothing.
    expect([a, b].map((gateway) => outcomesIn(gateway)[0])).not.toContain('held')
    expect(partnerLetters(a).length + partnerLetters(b).length).toBeGreaterThan(0)
    for (const gateway of [a, b]) {
      expect(partnerLetters(gateway).length).toBeLessThanOrEqual(2)
      expect(lettersIn(gateway).length).toBeLessThanOrEqual(4)
      expect(
        outcomesIn(gateway)
          .slice(1)
          .filter((outcome) => outcome !== 'automatic'),
      ).toEqual([])
    }
  },
  60_000,
)
