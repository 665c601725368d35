/**
 * The shape of `ticketgate.yaml`: every key, what it may hold, its default and a sentence about it. The JSON Schema
 * for editors is generated from here, so the sentences are what an editor shows.
 * Fails: never; what does not fit is turned into problems by `config/problems.ts`. What needs the environment, a file or
 * two keys at once is checked in `config/resolve.ts`.
 */
import { isIP } from 'node:net'
import { z } from 'zod'
import { isDomain, parseNetwork } from './network.ts'

/** Leaves room for the separator and the signed part within the 64 octets of a local part (RFC 5321 §4.5.3.1.1). */
const MAX_LOCAL_PART = 19
const LOCAL_PART = new RegExp(`^[a-z0-9][a-z0-9._-]{0,${MAX_LOCAL_PART - 1}}$`)
const BRAND_ID = /^[a-z][a-z0-9-]{0,31}$/
const QUEUE_NAME = /^[a-z][a-z0-9_-]{0,39}$/
/** RFC 5322 dot-atom on the left: enough for an operator's own address. */
const ADDRESS = /^[A-Za-z0-9.!#$%&'*+/=?^_{|}~-]{1,64}@[^@\s]{1,253}$/
/** One line: a line break in a name would break a header field. */
const ONE_LINE = /^[^\p{Cc}]*$/u

const text = (max: number) =>
  z.string().trim().min(1).max(max).regex(ONE_LINE, { error: 'must be one line without control characters' })

const filePath = () => z.string().min(1).max(4096)

const domain = () =>
  z.string().refine(isDomain, { error: 'must be a domain name such as support.example.com' })

const host = () =>
  z.string().refine((value) => isIP(value) !== 0 || value === 'localhost' || isDomain(value), {
    error: 'must be a host name or an IP address',
  })

const address = () =>
  z.string().refine((value) => ADDRESS.test(value) && isDomain(value.slice(value.lastIndexOf('@') + 1)), {
    error: 'must be a mail address such as desk@example.com',
  })

const webAddress = () =>
  z.string().refine((value) => URL.canParse(value) && /^https?:\/\//.test(value), {
    error: 'must be a web address that begins with https:// or http://',
  })

const localPart = () =>
  z.string().regex(LOCAL_PART, {
    error: `must be the part of an address before the @: up to ${MAX_LOCAL_PART} of a-z, 0-9, ".", "_" and "-", starting with a letter or digit`,
  })

const reference = [
  z.strictObject({ env: z.string().min(1).describe('Name of an environment variable that holds it.') }),
  z.strictObject({ file: filePath().describe('Path of a file that holds it.') }),
] as const

const SECRET_SHAPE = 'must be a text, or { env: NAME }, or { file: PATH }'
const secret = () => z.union([z.string().min(1), ...reference], { error: SECRET_SHAPE })

export type SecretInput = string | { readonly env: string } | { readonly file: string }

const brand = z
  .strictObject({
    id: z
      .string()
      .regex(BRAND_ID, { error: 'must be a short name of a-z, 0-9 and "-", starting with a letter' })
      .default('default')
      .describe('Short name that tickets and letters carry. Do not change it once mail has come in.'),
    name: text(80).default('Support Desk').describe('What the desk is called in letters.'),
    url: webAddress().nullable().default(null).describe('Web address behind the logo; null for none.'),
    logoText: text(40).nullable().default(null).describe('Words shown as the logo; null means the name.'),
    accentColour: z
      .string()
      .regex(/^#[0-9a-fA-F]{6}$/, { error: 'must be a colour such as "#1f5f8b", in quotes' })
      .default('#1f5f8b')
      .describe('Colour of lines and buttons, in quotes: "#rrggbb".'),
    fromName: text(80).nullable().default(null).describe('Name in the From of letters; null means the name.'),
  })
  .prefault({})
  .describe('What letters look like.')

const addresses = z
  .strictObject({
    domain: domain().default('ticketgate.localhost').describe('Domain that the gateway receives mail for.'),
    queues: z
      .record(z.string().regex(QUEUE_NAME), localPart())
      .default({ support: 'support', engineering: 'engineering' })
      .describe('For each queue of the policy, the part of its address before the @.'),
    note: localPart().default('note').describe('Mail of an agent that has this address is internal.'),
    bounce: localPart().default('bounce').describe('Where delivery reports about our letters come back to.'),
    form: z
      .enum(['plus', 'subdomain', 'catch-all'])
      .default('plus')
      .describe(
        'Where the signed part of an address stands: support+…@domain, …@support.domain, or …@domain, whichever your mail system can deliver to us.',
      ),
    separator: z
      .enum(['+', '-', '=', '_'])
      .default('+')
      .describe('Between the name and the signed part of an address, in the form plus.'),
    replyDays: z
      .int()
      .min(30)
      .max(3650)
      .default(400)
      .describe('Days that a signed reply address leads to its ticket; then it counts as the plain address.'),
  })
  .prefault({})
  .describe('Our own addresses.')

const listenerTls = z.strictObject({
  certFile: filePath().describe('Certificate chain, PEM.'),
  keyFile: filePath().describe('Private key, PEM.'),
  implicit: z.boolean().default(false).describe('TLS from the first octet on, not by STARTTLS.'),
  required: z.boolean().default(false).describe('Refuse mail before STARTTLS.'),
})

const listener = z.strictObject({
  host: host().default('127.0.0.1').describe('Address to listen on; 0.0.0.0 or :: for all.'),
  port: z.int().min(0).max(65535).default(2525).describe('Port; 0 takes any free one.'),
  protocol: z.enum(['smtp', 'lmtp']).default('smtp').describe('smtp, or lmtp behind a mail server of yours.'),
  faces: z
    .enum(['internet', 'relay'])
    .default('relay')
    .describe('relay never refuses mail for policy, it holds it; internet may refuse with a 5xx.'),
  tls: listenerTls.nullable().default(null).describe('TLS for this listener; null for none.'),
})

const limits = z
  .strictObject({
    messageBytes: z
      .int()
      .min(65536)
      .max(268435456)
      .default(26214400)
      .describe('Largest mail in octets (25 MiB); a larger one gets 552.'),
    recipients: z.int().min(1).max(1000).default(100).describe('Recipients of one mail; more get 452.'),
    connections: z.int().min(1).max(20000).default(500).describe('Connections at one time, per listener.'),
    connectionsPerIp: z
      .int()
      .min(1)
      .max(20000)
      .default(30)
      .describe('Connections at one time from one address.'),
    idleSeconds: z.int().min(10).max(3600).default(300).describe('A silent connection is closed after this.'),
    messageSeconds: z
      .int()
      .min(30)
      .max(7200)
      .default(900)
      .describe('Longest time that one mail may take to come in.'),
    sessionErrors: z
      .int()
      .min(1)
      .max(1000)
      .default(20)
      .describe('Wrong commands before a connection is closed.'),
  })
  .prefault({})
  .describe('What one client may ask of the gateway.')

const network = z
  .string()
  .refine((value) => parseNetwork(value) !== null, {
    error: 'must be a network such as 192.0.2.0/24 or 2001:db8::/32, or one IP address',
  })
  .refine((value) => parseNetwork(value)?.prefix !== 0, {
    error: 'would trust the whole Internet; name the networks of your own mail servers',
  })

/** `192.0.2.53`, or with a port: `192.0.2.53:5353`, `[2001:db8::53]:5353`. */
const nameServer = z.string().refine(
  (value) => {
    const [, bracketed, plain = ''] = /^(?:\[([0-9a-fA-F:.]+)\]|([0-9.]+)):\d{1,5}$/.exec(value) ?? []
    return isIP(value) !== 0 || isIP(bracketed ?? plain) !== 0
  },
  { error: 'must be the IP address of a resolver' },
)

const relay = z.strictObject({
  host: host().describe('Mail server that sends our letters on.'),
  port: z.int().min(1).max(65535).default(25).describe('25, 587 with a password, 465 with implicit TLS.'),
  tls: z
    .enum(['opportunistic', 'required', 'implicit', 'none'])
    .default('opportunistic')
    .describe('STARTTLS if offered, STARTTLS or nothing, TLS from the first octet on, never.'),
  auth: z
    .strictObject({ user: secret().describe('User name.'), password: secret().describe('Password.') })
    .nullable()
    .default(null)
    .describe('User name and password at the relay; null for none.'),
  dkim: z
    .strictObject({
      domain: domain().describe('Domain that signs (d=).'),
      selector: z
        .string()
        .refine(isDomain, { error: 'must be a selector such as mail2026' })
        .describe('Selector (s=).'),
      keyFile: filePath().describe('Private key, PEM.'),
    })
    .nullable()
    .default(null)
    .describe('Sign letters here; null when the relay signs, which is the better place.'),
  connections: z.int().min(1).max(50).default(5).describe('Connections to the relay at one time.'),
})

/** Stands in where the policy's own schema is not handed in: any mapping. */
const anyPolicy = z.record(z.string(), z.unknown())

const log = z
  .strictObject({
    level: z
      .enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'])
      .default('info')
      .describe('Least important lines that are still written.'),
  })
  .prefault({})
  .describe('What is logged.')

/** SHA-256 of the certificate as OpenSSL and browsers show it, with or without colons. */
const FINGERPRINT = /^(?:[0-9a-f]{2}:){31}[0-9a-f]{2}$|^[0-9a-f]{64}$/i

/** RFC 8601 §2.2: the authserv-id is a token, usually a host name. */
const AUTHSERV_ID = /^[A-Za-z0-9][A-Za-z0-9._-]{0,252}$/

const trust = z
  .strictObject({
    networks: z
      .array(network)
      .max(1000)
      .default([])
      .describe('Networks whose word about the sender is believed.'),
    authservId: z
      .string()
      .regex(AUTHSERV_ID, { error: 'must be the name at the start of Authentication-Results' })
      .nullable()
      .default(null)
      .describe(
        'Name by which your relay signs its Authentication-Results; then that field decides, not the network alone.',
      ),
    arcSealers: z
      .array(domain())
      .max(100)
      .default([])
      .describe('Domains (d=) whose ARC seal is believed about the mail they forward.'),
    clientCertificates: z
      .array(
        z.string().refine((value) => FINGERPRINT.test(value) || isDomain(value), {
          error: 'must be a SHA-256 fingerprint or the name in a certificate',
        }),
      )
      .max(100)
      .default([])
      .describe(
        'Client certificates trusted as a network is: fingerprints, or names of public certificates.',
      ),
    dns: z
      .union(
        [
          z.literal('none'),
          z.strictObject({
            servers: z.array(nameServer).min(1).max(8).describe('IP addresses of resolvers.'),
          }),
        ],
        { error: 'must be none, or { servers: [IP, …] }' },
      )
      .nullable()
      .default(null)
      .describe('Who is asked for SPF, DKIM and DMARC; null means the resolvers of this machine.'),
  })
  .prefault({})
  .describe('Whom to believe. Nothing is trusted that is not named here.')

const alarms = z
  .strictObject({
    webhook: webAddress().nullable().default(null).describe('Gets each alarm as JSON by POST.'),
    command: z
      .array(z.string().min(1).max(1000))
      .min(1)
      .max(50)
      .nullable()
      .default(null)
      .describe('Program with arguments; the kind and the text of the alarm follow. No shell.'),
    silentHours: z
      .number()
      .positive()
      .max(10_000)
      .nullable()
      .default(null)
      .describe('An alarm when no mail has come for so many hours; null for none.'),
  })
  .prefault({})
  .describe(
    'How you hear of what must not depend on mail: a broken promise, stopped letters, silence, a refusing relay.',
  )

const letters = z
  .strictObject({
    folder: filePath()
      .nullable()
      .default(null)
      .describe('Own templates and words, file by file; null for none.'),
    language: z
      .string()
      .regex(/^[a-z]{2,3}(-[A-Za-z0-9]{2,8})?$/, { error: 'must be a language code such as en' })
      .default('en')
      .describe('Language of letters to people whose language is not known.'),
    perHour: z
      .int()
      .min(1)
      .max(1_000_000)
      .default(500)
      .describe(
        'Letters to partners within an hour that programs may decide on; more wait, and you are told.',
      ),
  })
  .prefault({})
  .describe('What we write.')

const operator = z
  .strictObject({
    address: address()
      .nullable()
      .default(null)
      .describe('Gets digests of held mail and troubles; null means one of the agents, a lead first.'),
  })
  .prefault({})
  .describe('Who looks after the gateway.')

const workers = z
  .strictObject({
    count: z.int().min(1).max(64).default(2).describe('Threads that read mails.'),
    timeoutSeconds: z.int().min(1).max(300).default(20).describe('Time to read one mail.'),
    memoryMb: z.int().min(64).max(4096).default(256).describe('Memory of one thread.'),
  })
  .prefault({})
  .describe('The jail in which mails are read.')

/** The whole file; `policy` is the schema of the policy's part, which belongs to another room. */
export function configSchema(policy: z.ZodType = anyPolicy) {
  return z.strictObject({
    data: filePath()
      .default('./data')
      .describe('Folder for the database, the key ring and captured letters.'),
    database: secret()
      .nullable()
      .default(null)
      .describe('sqlite:FILE or postgres://USER:PASSWORD@HOST/NAME; null means sqlite in the data folder.'),
    keyRing: z
      .union([filePath(), ...reference], {
        error: 'must be the path of a file, or { env: NAME }, or { file: PATH }',
      })
      .nullable()
      .default(null)
      .describe(
        'The key ring: a path, or { env: NAME } that holds its text; null means keyring.json in data.',
      ),
    log,
    hostName: domain()
      .nullable()
      .default(null)
      .describe('Name by which the gateway greets; null means the domain of the addresses.'),
    mode: z
      .enum(['observe', 'advise', 'enforce'])
      .default('enforce')
      .describe('observe writes to no partner, advise opens every ticket, enforce asks first.'),
    partners: z
      .enum(['open', 'registered'])
      .default('registered')
      .describe('registered: only partners that you added; open: whoever proves an address becomes one.'),
    brand,
    addresses,
    listeners: z.array(listener).min(1).max(20).prefault([{}]).describe('Where mail comes in.'),
    limits,
    trust,
    relay: relay.nullable().default(null).describe('Way out; null captures letters as files in data/sent.'),
    letters,
    alarms,
    operator,
    workers,
    policy: policy.prefault({}).describe('Changes to the support policy: fields, queues, hours.'),
  })
}

export type ConfigInput = z.output<ReturnType<typeof configSchema>>
