/**
 * `npm run demo`: a gateway as a process of its own on free ports, with a temporary database and a real SMTP sink as its
 * relay. Sends mails over SMTP, prints the conversation as a reader would like to see it, and exits 0 only if every
 * step happened.
 */
import process from 'node:process'
import { createTransport } from 'nodemailer'
import {
  type GatewayProcess,
  makeFolder,
  runCommand,
  startGatewayProcess,
} from '../support/gateway-process.ts'
import { startSink } from '../support/sink.ts'
import { asLetter, type DemoMail, heading, show } from './show.ts'

const DESK = 'support@desk.example'
const FENELLA = 'Fenella Otter <fenella@otterbrook.example>'
const DEADLINE_MS = 60_000

let gateway: GatewayProcess | null = null
const watchdog = setTimeout(() => {
  process.stderr.write('the demo did not finish in time\n')
  gateway?.child.kill('SIGKILL')
  process.exit(1)
}, DEADLINE_MS)

const sink = await startSink()
const place = makeFolder({
  data: './data',
  addresses: { domain: 'desk.example' },
  brand: { name: 'Harbour Hosting Support', logoText: 'Harbour Hosting' },
  listeners: [{ host: '127.0.0.1', port: 0, protocol: 'smtp', faces: 'relay' }],
  trust: { networks: ['127.0.0.0/8'] },
  relay: { host: '127.0.0.1', port: sink.port, tls: 'none' },
  operator: { address: 'operator@desk.example' },
})

function must<T>(value: T | null | undefined, what: string): T {
  if (value === null || value === undefined) throw new Error(`did not happen: ${what}`)
  return value
}

async function command(...args: string[]): Promise<string> {
  const done = await runCommand([...args, '--config', place.configFile], { cwd: place.folder })
  if (done.code !== 0) throw new Error(`ticketgate ${args.join(' ')} ended with ${done.code}: ${done.stderr}`)
  return done.stdout
}

/** The words of a letter, without soft breaks and line ends. */
function wordsOf(content: Buffer): string {
  return content
    .toString('utf8')
    .replace(/=\r?\n/g, '')
    .replace(/\s+/g, ' ')
}

/** Waits for the letter to `to` whose text has all the phrases. */
async function letterTo(to: string, ...phrases: string[]): Promise<DemoMail> {
  const raw = await sink.waitFor(
    (mail) =>
      mail.recipients.includes(to) && phrases.every((phrase) => wordsOf(mail.content).includes(phrase)),
  )
  return asLetter(raw.content)
}

async function conversation(running: GatewayProcess): Promise<void> {
  const client = createTransport({
    host: '127.0.0.1',
    port: must(running.ports[0], 'a listener'),
    secure: false,
    ignoreTLS: true,
  })
  const send = async (mail: DemoMail & { envelopeFrom?: string }): Promise<void> => {
    const { envelopeFrom, headers, ...rest } = mail
    const sent = await client.sendMail({
      ...rest,
      headers,
      ...(envelopeFrom === undefined ? {} : { envelope: { from: envelopeFrom, to: [mail.to] } }),
    })
    show({ ...mail, arrow: '→', note: sent.response })
  }
  const answerTo = (letter: DemoMail): Pick<DemoMail, 'to' | 'subject' | 'headers'> => ({
    to: must(letter.replyTo, 'a Reply-To'),
    subject: letter.subject.startsWith('Re:') ? letter.subject : `Re: ${letter.subject}`,
    headers: {
      'In-Reply-To': must(letter.messageId, 'a Message-ID'),
      References: must(letter.messageId, 'a Message-ID'),
    },
  })

  heading('1. A partner escalates, and forgets two items')
  await send({
    from: FENELLA,
    to: DESK,
    subject: 'Journal mailbox of a customer',
    text: [
      'Hello,',
      '',
      'Partner Domain: otterbrook.example',
      'Control Panel URL: https://cp.otterbrook.example',
      'Customer Domain Name: milkchurnmuseum.example',
      'Details of the Issue: the journal mailbox stopped collecting copies on Thursday evening.',
      '',
      'Kind regards',
      'Fenella',
    ].join('\n'),
  })
  const checklist = await letterTo('fenella@otterbrook.example', 'No ticket is open yet')
  show({ ...checklist, arrow: '←' })

  heading('2. The partner replies with what was missing')
  await send({
    from: FENELLA,
    ...answerTo(checklist),
    text: [
      'Of course, sorry:',
      '',
      'User Credentials: curator@milkchurnmuseum.example / Cream_Separator_4',
      'Steps taken to replicate and resolve: sent five test mails from OWA and from Outlook for Mac, none was',
      'journaled. Journal rule switched off and on in the panel. DNS is fine.',
      '',
      '> Your submission is missing two items.',
    ].join('\n'),
  })
  const acknowledgement = await letterTo('fenella@otterbrook.example', 'Received and sealed')
  show({ ...acknowledgement, arrow: '←' })
  const notice = await letterTo('ada@desk.example', 'milkchurnmuseum.example')
  heading('3. The desk is told, with everything needed to answer')
  show({ ...notice, arrow: '⇐' })

  heading('4. The partner adds something: it lands on the same ticket')
  await send({
    from: FENELLA,
    ...answerTo(acknowledgement),
    text: 'It also happens with mails from outside.',
  })
  show({ ...(await letterTo('ada@desk.example', 'It also happens with mails from outside')), arrow: '⇐' })

  heading('5. A vacation message: kept on the ticket, answered by nobody')
  const lettersBefore = sink.mails.length
  await send({
    from: FENELLA,
    envelopeFrom: '',
    ...answerTo(acknowledgement),
    subject: 'Out of office',
    headers: { ...answerTo(acknowledgement).headers, 'Auto-Submitted': 'auto-replied' },
    text: 'I am away until Monday.',
  })
  await running.waitForLine((line) => line['outcome'] === 'automatic')

  // Stopping drains: whatever the gateway still had to send would have reached the sink by now.
  const code = await running.stop('SIGTERM')
  if (code !== 0) throw new Error(`the gateway ended with ${code}`)
  if (sink.mails.length !== lettersBefore) throw new Error('somebody answered the vacation message')

  heading('What the gateway remembers')
  process.stdout.write(await command('inbox', 'list'))
  process.stdout.write(`\n${await command('ticket', 'list')}\n`)
  const outcomes = (await command('inbox', 'list', '--json'))
    .trim()
    .split('\n')
    .map((line): unknown => JSON.parse(line))
    .map((row) => (typeof row === 'object' && row !== null && 'outcome' in row ? String(row.outcome) : ''))
  const expected = ['automatic', 'completes-draft', 'incomplete', 'reply']
  if (outcomes.sort().join() !== expected.join()) throw new Error(`the outcomes were ${outcomes.join(', ')}`)
  const everything = sink.mails.map((mail) => mail.content.toString('utf8')).join('\n')
  if (everything.includes('Cream_Separator_4')) throw new Error('a password left the gateway')
}

let failed = false
try {
  await command(
    'partner',
    'add',
    'Otterbrook IT',
    '--domain',
    'otterbrook.example',
    '--address',
    'fenella@otterbrook.example',
    '--panel',
    'https://cp.otterbrook.example',
  )
  await command('agent', 'add', 'Ada', '--address', 'ada@desk.example', '--role', 'support')
  gateway = await startGatewayProcess({}, place)
  await conversation(gateway)
  process.stdout.write('Every step happened.\n')
} catch (error) {
  failed = true
  process.stderr.write(`\nThe demo failed: ${error instanceof Error ? error.message : String(error)}\n`)
  if (gateway !== null)
    process.stderr.write(
      `${gateway.lines
        .slice(-15)
        .map((line) => JSON.stringify(line))
        .join('\n')}\n`,
    )
} finally {
  await gateway?.end()
  await sink.close()
  clearTimeout(watchdog)
}
process.exitCode = failed ? 1 : 0
