import { generateKeyPairSync } from 'node:crypto'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import * as fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { asSchema, formatProblems } from './config/problems.ts'
import { type Config, configJsonSchema, type Loaded, loadConfig } from './config.ts'
import { policyOverridesSchema } from './intake/policy-schema.ts'

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'ticketgate-config-'))
  mkdirSync(join(folder, 'empty'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function load(yaml: string, env: Record<string, string> = {}): Loaded {
  const file = join(folder, 'ticketgate.yaml')
  writeFileSync(file, yaml)
  return loadConfig({ path: file, env, policySchema: policyOverridesSchema })
}

/** Loads what must be right. */
function configOf(yaml: string, env: Record<string, string> = {}): Config {
  const loaded = load(yaml, env)
  if (loaded.kind === 'problems') throw new Error(formatProblems('test', loaded.problems))
  return loaded.config
}

/** Loads what must be wrong; `line path message` of each problem. */
function problemsOf(yaml: string, env: Record<string, string> = {}): readonly string[] {
  const loaded = load(yaml, env)
  if (loaded.kind === 'config') return []
  return loaded.problems.map(({ line, path, message }) => `${line} ${path} ${message}`)
}

function warningsOf(yaml: string): readonly string[] {
  const loaded = load(yaml)
  return loaded.kind === 'problems' ? ['problems'] : loaded.warnings.map((one) => `${one.line} ${one.path}`)
}

describe('which file is read', () => {
  const write = (name: string, brand: string): string => {
    const file = join(folder, name)
    writeFileSync(file, `brand: { name: ${brand} }\n`)
    return file
  }
  const nameOf = (loaded: Loaded): string =>
    loaded.kind === 'config' ? loaded.config.brand.name : loaded.kind

  test('--config comes before TICKETGATE_CONFIG, that before ./ticketgate.yaml', () => {
    const named = write('named.yaml', 'Named')
    const byEnv = write('env.yaml', 'Env')
    write('ticketgate.yaml', 'Usual')
    expect(nameOf(loadConfig({ path: named, env: { TICKETGATE_CONFIG: byEnv }, cwd: folder }))).toBe('Named')
    expect(nameOf(loadConfig({ path: 'named.yaml', env: {}, cwd: folder }))).toBe('Named')
    expect(nameOf(loadConfig({ env: { TICKETGATE_CONFIG: byEnv }, cwd: folder }))).toBe('Env')
    expect(nameOf(loadConfig({ env: { TICKETGATE_CONFIG: '' }, cwd: folder }))).toBe('Usual')
  })

  test('without any, the gateway tries itself out: loopback trusted, partners open, letters captured', () => {
    const cwd = join(folder, 'empty')
    const loaded = loadConfig({ env: {}, cwd })
    expect(loaded).toMatchObject({
      kind: 'config',
      warnings: [],
      config: {
        file: null,
        data: join(cwd, 'data'),
        captureFolder: join(cwd, 'data', 'sent'),
        database: `sqlite:${join(cwd, 'data', 'ticketgate.db')}`,
        keyRing: { kind: 'file', file: join(cwd, 'data', 'keyring.json') },
        hostName: 'ticketgate.localhost',
        partners: 'open',
        mode: 'enforce',
        addresses: { domain: 'ticketgate.localhost' },
        listeners: [{ host: '127.0.0.1', port: 2525, protocol: 'smtp', faces: 'relay', tls: null }],
        trust: { networks: ['127.0.0.0/8', '::1/128'] },
        relay: null,
      },
    })
  })

  test.each<[string, string | Uint8Array | null, string]>([
    ['that is not there', null, 'cannot be read: ENOENT'],
    ['that is no UTF-8', Uint8Array.of(0x61, 0x3a, 0x20, 0xff), 'is not UTF-8 text'],
    ['that is huge', `# ${'x'.repeat(1024 * 1024)}`, 'is far too large for a configuration'],
  ])('a named one %s is a problem', (name, content, message) => {
    const file = join(folder, `${name}.yaml`)
    if (content !== null) writeFileSync(file, content)
    expect(loadConfig({ path: file, env: {} })).toEqual({
      kind: 'problems',
      file,
      problems: [{ path: '', line: null, message }],
    })
  })
})

describe('with a file', () => {
  test.each(['', '# nothing yet\n', 'limits:\nbrand:\npolicy:\n', '{}'])(
    'that says nothing (%j), nothing is trusted and partners are registered',
    (yaml) => {
      const config = configOf(yaml)
      expect(config.partners).toBe('registered')
      expect(config.trust.networks).toEqual([])
      expect(config.listeners).toHaveLength(1)
    },
  )

  test('relative paths start from its folder', () => {
    mkdirSync(join(folder, 'words'), { recursive: true })
    const config = configOf('data: ./store\nkeyRing: keys/ring.json\nletters: { folder: words }')
    expect(config.data).toBe(join(folder, 'store'))
    expect(config.captureFolder).toBe(join(folder, 'store', 'sent'))
    expect(config.database).toBe(`sqlite:${join(folder, 'store', 'ticketgate.db')}`)
    expect(config.keyRing).toEqual({ kind: 'file', file: join(folder, 'keys', 'ring.json') })
    expect(config.letters.folder).toBe(join(folder, 'words'))
  })

  test('absent names are taken from their neighbours, and domains become A-labels', () => {
    const config = configOf('brand: { name: Acme }\naddresses: { domain: München.Example }')
    expect(config.brand).toMatchObject({ name: 'Acme', logoText: 'Acme', fromName: 'Acme' })
    expect(config.addresses.domain).toBe('xn--mnchen-3ya.example')
    expect(config.hostName).toBe('xn--mnchen-3ya.example')
  })

  test.each([
    ['sqlite:/var/lib/x.db', 'sqlite:/var/lib/x.db'],
    ['sqlite:///var/lib/x.db', 'sqlite:/var/lib/x.db'],
    [
      'postgres://u:p@one:5432,two:5433/desk?sslmode=require',
      'postgres://u:p@one:5432,two:5433/desk?sslmode=require',
    ],
    ['postgresql:///desk?host=/run/postgresql', null],
    ['sqlite::memory:', null],
    ['sqlite:', null],
    ['mysql://u:p@h/d', null],
    ['x.db', null],
  ])('the database %s becomes %s', (url, expected) => {
    const loaded = load(`database: "${url}"`)
    expect(loaded.kind === 'config' ? loaded.config.database : null).toBe(expected)
    expect(JSON.stringify(loaded)).not.toContain('mysql')
  })
})

describe('secrets', () => {
  test('come from the environment, from a file without its last line break, or as they are', () => {
    writeFileSync(join(folder, 'user.txt'), 'gate\n')
    const config = configOf(
      `
database: { env: DB }
keyRing: { env: RING }
relay:
  host: mail.example.com
  tls: required
  auth: { user: { file: user.txt }, password: plain }
addresses: { domain: desk.example }
`,
      { DB: 'postgres://u:p@h/d', RING: '{"format":1}' },
    )
    expect(config.database).toBe('postgres://u:p@h/d')
    expect(config.keyRing).toEqual({ kind: 'text', text: '{"format":1}', origin: 'RING' })
    expect(config.relay?.auth).toEqual({ user: 'gate', password: 'plain' })
  })

  test('that lead nowhere are problems which name the reference', () => {
    writeFileSync(join(folder, 'blank.txt'), '\n')
    const yaml = `
database: { env: NOT_SET }
keyRing: { env: EMPTY }
relay:
  host: mail.example.com
  auth:
    user: { file: blank.txt }
    password: { file: gone.txt }
`
    expect(problemsOf(yaml, { EMPTY: '' })).toEqual([
      '2 database refers to the environment variable NOT_SET, which is not set',
      '3 keyRing refers to the environment variable EMPTY, which is empty',
      `7 relay.auth.user refers to ${join(folder, 'blank.txt')}, which is empty`,
      `8 relay.auth.password refers to ${join(folder, 'gone.txt')}, which cannot be read: ENOENT`,
    ])
  })

  test('never appear in a problem', () => {
    const yaml = `
database: s3cret-url
brand: { url: s3cret-url }
relay:
  host: "s3cret host"
  auth: { user: [s3cret], password: { env: A, s3: s3cret } }
log: { level: s3cret }
`
    const problems = problemsOf(yaml)
    expect(problems.map((line) => line.split(' ')[1])).toEqual([
      'database',
      'brand.url',
      'relay.host',
      'relay.auth.user',
      'relay.auth.password.s3',
      'log.level',
    ])
    expect(problems.join('\n')).not.toContain('s3cret')
    expect(problemsOf('relay: { auth: { password: s3cret\nfoo: "s3cret').join('\n')).not.toContain('s3cret')
  })
})

describe('mistakes', () => {
  test('are told all at once: a file with five lists five, in order, with path and line', () => {
    const yaml = `# my desk
hostname: gate.example.com
addresses:
  domain: not a domain
listeners:
  - port: 25
    faces: internet
  - port: 99999
trust:
  networks:
    - 192.0.2.0/24
    - 10.0.0.0/33
relay:
  host: mail.example.com
  tls: required
  auth:
    user: gate
    password: { env: RELAY_PASSWORD }
`
    expect(problemsOf(yaml)).toEqual([
      '2 hostname is not known; did you mean "hostName"?',
      '4 addresses.domain must be a domain name such as support.example.com',
      '8 listeners[1].port must be at most 65535',
      '12 trust.networks[1] must be a network such as 192.0.2.0/24 or 2001:db8::/32, or one IP address',
      '18 relay.auth.password refers to the environment variable RELAY_PASSWORD, which is not set',
    ])
  })

  test('one does not hide another in the same place, nor a later check elsewhere', () => {
    const yaml = `
limits: { recipients: many, conections: 5, idleSeconds: 1.5 }
addresses: { note: support }
policy:
  queus: []
  draftExpiresDays: -1
`
    expect(problemsOf(yaml)).toEqual([
      '2 limits.recipients must be a number',
      '2 limits.idleSeconds must be a whole number',
      '2 limits.conections is not known; did you mean "connections"?',
      '3 addresses.note is the same address as addresses.queues.support',
      '5 policy.queus is not known; did you mean "queues"?',
      '6 policy.draftExpiresDays must be more than 0',
    ])
  })

  test.each<[string, string]>([
    ['mode: strict', '1 mode must be one of: observe, advise, enforce'],
    ['data: 5', '1 data must be a text; put it in quotes'],
    ['brand: [a]', '1 brand must be a group of "key: value" lines'],
    [
      'brand:\n  accentColour: #1f5f8b',
      '2 brand.accentColour is empty; give a value (in quotes when it begins with "#"), or leave the key out',
    ],
    ['brand:\n  accentColour: red', '2 brand.accentColour must be a colour such as "#1f5f8b", in quotes'],
    ['brand: { name: "" }', '1 brand.name must not be empty'],
    ['brand: { name: "a\\nb" }', '1 brand.name must be one line without control characters'],
    [
      'brand: { url: "javascript:x" }',
      '1 brand.url must be a web address that begins with https:// or http://',
    ],
    ['listeners: []', '1 listeners must not be empty'],
    [
      'listeners:\n',
      '1 listeners is empty; give a value (in quotes when it begins with "#"), or leave the key out',
    ],
    ['listeners:\n- port: 25\n  protocol: lmtp', '2 listeners[0].port must not be 25 for lmtp (RFC 2033 §5)'],
    ['listeners:\n- {}\n- {}', '3 listeners[1] takes the same port as listeners[0]'],
    ['listeners:\n- { host: "::" }\n- {}', '3 listeners[1] takes the same port as listeners[0]'],
    ['listeners: [{ host: 1.2.3 }]', '1 listeners[0].host must be a host name or an IP address'],
    [
      'listeners: [{ protocol: lmtp, faces: internet }]',
      '1 listeners[0].faces must be relay for lmtp: it is no protocol of the Internet',
    ],
    ['listeners: [{ tls: { certFile: a } }]', '1 listeners[0].tls.keyFile is missing'],
    [
      'trust: { networks: ["0.0.0.0/0"] }',
      '1 trust.networks[0] would trust the whole Internet; name the networks of your own mail servers',
    ],
    ['relay: { port: 25 }', '1 relay.host is missing'],
    [
      'relay: { host: localhost, port: 2525 }\naddresses: { domain: d.example }',
      '1 relay.port is our own listeners[0]: letters would come back',
    ],
    [
      'addresses: { queues: { support: help } }',
      '1 addresses.queues has no address for the policy\'s queue "engineering"',
    ],
    [
      'addresses: { queues: { support: a, engineering: b, sales: c } }',
      '1 addresses.queues.sales is no queue of the policy; its queues are: support, engineering',
    ],
    [
      'addresses: { queues: { Support: a } }',
      '1 addresses.queues.Support is no proper name: use a-z, 0-9 and "_", starting with a letter',
    ],
    ['addresses: { note: to-us, separator: "-" }', '1 addresses.note must not hold the separator "-"'],
    [
      'addresses: { note: Note }',
      '1 addresses.note must be the part of an address before the @: up to 19 of a-z, 0-9, ".", "_" and "-", starting with a letter or digit',
    ],
    [
      'operator: { address: Support@ticketgate.localhost }',
      '1 operator.address is one of our own addresses; name a mailbox that a person reads',
    ],
    [
      'operator: { address: postmaster }',
      '1 operator.address must be a mail address such as desk@example.com',
    ],
    ['letters: { folder: nowhere }', '1 letters.folder FOLDER/nowhere is not a folder'],
    ['keyRing: { path: x }', '1 keyRing must be the path of a file, or { env: NAME }, or { file: PATH }'],
    ['mode: advise\nmode: observe', '2  this key is given twice'],
    ['- a', '1  must be a list of "key: value" lines'],
    ['brand:\n\tname: x', '2  is not YAML: a tab is used to indent; use blanks'],
    [
      'brand: { name: x',
      '1  is not YAML: a line is not indented as the ones around it, or a closing bracket is missing',
    ],
    ['brand: *nobody', '1  has an alias (*name) that leads nowhere or expands too far: ReferenceError'],
    ['__proto__: { mode: advise }', `1 __proto__ is not known; known here: ${topKeys().join(', ')}`],
  ])('%s', (yaml, expected) => {
    expect(problemsOf(yaml)).toEqual([expected.replace('FOLDER', folder)])
  })

  test('one value that was wrong does not make its default collide', () => {
    expect(problemsOf('listeners:\n- { port: 99999 }\n- { port: 2525 }')).toEqual([
      '2 listeners[0].port must be at most 65535',
    ])
    expect(problemsOf('addresses: { queues: { support: help, engineering: "a b" } }')).toHaveLength(1)
  })

  test('the queues of the policy decide which need an address', () => {
    const policy = 'policy: { queues: [{ name: desk, promiseHours: 8 }], firstQueue: desk }\n'
    expect(configOf(`${policy}addresses: { queues: { desk: help } }`).addresses.queues).toEqual({
      desk: 'help',
    })
    expect(problemsOf(policy)).toEqual([
      '1 addresses.queues has no address for the policy\'s queue "desk"',
      '1 addresses.queues.support is no queue of the policy; its queues are: desk',
      '1 addresses.queues.engineering is no queue of the policy; its queues are: desk',
    ])
  })

  test('are printed a line each, beginning as compilers do', () => {
    const problems = [
      { path: 'relay.port', line: 7, message: 'must be at most 65535' },
      { path: '', line: null, message: 'cannot be read: EACCES' },
    ]
    expect(formatProblems('/etc/t.yaml', problems)).toBe(
      '/etc/t.yaml:7: relay.port must be at most 65535\n/etc/t.yaml: cannot be read: EACCES',
    )
  })
})

describe('whatever stands in a file', () => {
  // Values near the right ones reach further than values out of nowhere.
  const words = [
    '',
    '127.0.0.1',
    '::1',
    '::/1',
    'smtp',
    'lmtp',
    'a@b',
    'x.example',
    'sqlite:x',
    '#fff',
    '__proto__',
    '../..',
  ]
  const leaf = fc.oneof(
    fc.constantFrom(...words),
    fc.string(),
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
    fc.double(),
  )
  const names = Array.from(keysOf(configJsonSchema(policyOverridesSchema)))
  const { tree } = fc.letrec<{ tree: unknown; branch: unknown }>((tie) => ({
    tree: fc.oneof({ depthSize: 'small' }, leaf, tie('branch')),
    branch: fc.oneof(
      fc.array(tie('tree'), { maxLength: 4 }),
      fc.dictionary(fc.constantFrom(...names), tie('tree'), { maxKeys: 6 }),
    ),
  }))
  const file = fc.dictionary(fc.constantFrom(...topKeys()), tree, { maxKeys: 8 })

  test('it is a configuration, or problems that all have a line and a sentence', () => {
    fc.assert(
      fc.property(file, (content) => {
        const loaded = load(JSON.stringify(content))
        if (loaded.kind === 'config') return
        expect(loaded.problems.length).toBeGreaterThan(0)
        for (const problem of loaded.problems) {
          expect(problem.line).toBe(1)
          expect(problem.message).not.toMatch(/^$|undefined|\[object|Invalid/)
        }
      }),
      { numRuns: 300 },
    )
  })

  test('broken YAML never gets through as a fault', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(...Array.from('{}[]:,-#&*!|>\'"%@`? \n\tab1<')), { maxLength: 40 }),
        (characters) => {
          expect(load(characters.join('')).kind).toMatch(/config|problems/)
        },
      ),
      { numRuns: 300 },
    )
  })
})

describe('warnings', () => {
  test('trust that nothing can come of is told', () => {
    expect(warningsOf('trust: { authservId: mx.example.com }')).toEqual(['1 trust.authservId'])
    expect(warningsOf('trust: { authservId: mx.example.com, networks: [192.0.2.1] }')).toEqual([])
    expect(warningsOf('trust: { clientCertificates: [relay.example.com] }')).toEqual([
      '1 trust.clientCertificates',
    ])
  })

  test.each<[string, readonly string[]]>([
    ['{ host: mail.example.com, auth: { user: u, password: p } }', ['3 relay.tls']],
    ['{ host: mail.example.com, tls: none, auth: { user: u, password: p } }', ['3 relay.tls']],
    ['{ host: mail.example.com, tls: required, auth: { user: u, password: p } }', []],
    ['{ host: mail.example.com, tls: implicit, auth: { user: u, password: p } }', []],
    ['{ host: 127.0.0.1, auth: { user: u, password: p } }', []],
    ['{ host: mail.example.com }', []],
  ])('a password for the relay %s in clear', (relay, expected) => {
    expect(
      warningsOf(`addresses: { domain: desk.example }\n\nrelay: ${relay}`).map((line) =>
        line.replace(/^\d+/, '3'),
      ),
    ).toEqual(expected)
  })

  test('letters that leave from a domain that nobody can answer to', () => {
    expect(warningsOf('relay: { host: mail.example.com }')).toEqual(['1 addresses.domain'])
  })
})

describe('keys of TLS and DKIM', () => {
  const pem = (): string =>
    generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()

  test('are read from their files', () => {
    const key = pem()
    writeFileSync(join(folder, 'dkim.pem'), key)
    const config = configOf(
      'addresses: { domain: d.example }\nrelay: { host: mx.example.com, dkim: { domain: d.example, selector: s, keyFile: dkim.pem } }',
    )
    expect(config.relay?.dkim).toEqual({ domain: 'd.example', selector: 's', privateKey: key.trimEnd() })
  })

  // For tests only: a key that everybody has.
  const shared = (name: string): string => fileURLToPath(new URL(`../test/tls/${name}`, import.meta.url))
  const cert = shared('localhost-cert.pem')
  const key = shared('localhost-key.pem')

  test('of a listener are handed on when they belong together', () => {
    const config = configOf(`listeners: [{ tls: { certFile: ${cert}, keyFile: ${key}, required: true } }]`)
    expect(config.listeners[0]?.tls).toEqual({
      certFile: cert,
      keyFile: key,
      cert: readFileSync(cert, 'utf8').trimEnd(),
      key: readFileSync(key, 'utf8').trimEnd(),
      implicit: false,
      required: true,
    })
  })

  test('of a listener that do not belong together are a problem', () => {
    writeFileSync(join(folder, 'other.pem'), pem())
    expect(problemsOf(`listeners: [{ tls: { certFile: ${cert}, keyFile: other.pem } }]`)).toEqual([
      '1 listeners[0].tls.keyFile does not belong to the certificate in certFile',
    ])
  })

  test('that are missing, no PEM or no key are problems', () => {
    writeFileSync(join(folder, 'text.pem'), 'hello')
    writeFileSync(
      join(folder, 'broken.pem'),
      '-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n',
    )
    writeFileSync(join(folder, 'key.pem'), pem())
    const yaml = `listeners:
  - tls: { certFile: gone.pem, keyFile: text.pem }
  - port: 2526
    tls: { certFile: broken.pem, keyFile: key.pem }
  - port: 2527
    tls: { certFile: broken.pem, keyFile: broken.pem }
`
    expect(problemsOf(yaml)).toEqual([
      `2 listeners[0].tls.certFile refers to ${join(folder, 'gone.pem')}, which cannot be read: ENOENT`,
      `2 listeners[0].tls.keyFile refers to ${join(folder, 'text.pem')}, which is not PEM ("-----BEGIN …")`,
      '4 listeners[1].tls.certFile is no certificate',
      '6 listeners[2].tls.keyFile is no private key that can be used without a passphrase',
    ])
  })
})

describe('trust', () => {
  test('is brought to the form in which it is asked', () => {
    const fingerprint = Array.from({ length: 32 }, () => 'AB').join(':')
    const { trust } = configOf(
      `trust:
  authservId: MX.Example.com
  arcSealers: [Müller.example]
  clientCertificates: ['${fingerprint}', Relay.Example.com]
  dns: { servers: [192.0.2.53, '192.0.2.53:5353', '[2001:db8::53]:5353'] }`,
    )
    expect(trust).toEqual({
      networks: [],
      authservId: 'mx.example.com',
      arcSealers: ['xn--mller-kva.example'],
      clientCertificates: ['ab'.repeat(32), 'relay.example.com'],
      dns: ['192.0.2.53', '192.0.2.53:5353', '[2001:db8::53]:5353'],
    })
    expect(configOf('trust: { dns: none }').trust.dns).toBe('none')
    expect(configOf('').trust.dns).toBe('system')
  })

  test.each([
    ['authservId: "mx example"', 'authservId must be the name at the start of Authentication-Results'],
    ['arcSealers: [a b]', 'arcSealers[0] must be a domain name such as support.example.com'],
    [
      'clientCertificates: ["ab:cd"]',
      'clientCertificates[0] must be a SHA-256 fingerprint or the name in a certificate',
    ],
    ['dns: google', 'dns must be none, or { servers: [IP, …] }'],
    ['dns: { servers: [dns.example.com] }', 'dns.servers[0] must be the IP address of a resolver'],
    ['dns: { servers: ["192.0.2.53:x"] }', 'dns.servers[0] must be the IP address of a resolver'],
  ])('%s is a problem', (yaml, problem) => {
    expect(problemsOf(`trust: { ${yaml} }`)).toEqual([`1 trust.${problem}`])
  })
})

describe('what is shipped beside it', () => {
  const example = readFileSync(new URL('../ticketgate.example.yaml', import.meta.url), 'utf8')

  test('the example sets every key to its default', () => {
    expect(configOf(example)).toEqual(configOf(''))
  })

  test('the example names every key there is', () => {
    const named = new Set(Array.from(example.matchAll(/^[ #]*(?:- )?(\w+):/gm), (match) => match[1]))
    const missing = Array.from(keysOf(configJsonSchema())).filter((key) => !named.has(key))
    expect(missing.filter((key) => !['env', 'file'].includes(key))).toEqual([])
  })

  test('what the example offers in comments is right as well', () => {
    // "#key" instead of "# prose"; the line "key: null" (or {}, []) before it makes room.
    const offered = example
      .replace(/^( *)#(?=\w+:| {2,}(?:- |# |\w+:))/gm, '$1')
      .replace(/^( *)(\w+): (?:null|\{\}|\[\])\n(?=\1\2:)/gm, '')
      .replace(/^database: sqlite.*\n|^keyRing: \/.*\n/gm, '')
    const env = {
      TICKETGATE_DATABASE_URL: 'postgres://u:p@one,two/d',
      TICKETGATE_KEY_RING: '{}',
      TICKETGATE_RELAY_PASSWORD: 'p',
    }
    expect(problemsOf(offered, env).map((line) => line.replace(/^\d+ /, ''))).toEqual([
      'listeners[0].tls.certFile refers to /etc/ticketgate/tls/fullchain.pem, which cannot be read: ENOENT',
      'listeners[0].tls.keyFile refers to /etc/ticketgate/tls/privkey.pem, which cannot be read: ENOENT',
      'relay.dkim.keyFile refers to /etc/ticketgate/dkim.pem, which cannot be read: ENOENT',
      `letters.folder ${join(folder, 'letters')} is not a folder`,
    ])
  })

  test('ticketgate.schema.json is up to date (else: node bin/with-node24.mjs test/write-schema.ts)', () => {
    const file = readFileSync(new URL('../ticketgate.schema.json', import.meta.url), 'utf8')
    expect(JSON.parse(file)).toEqual(JSON.parse(JSON.stringify(configJsonSchema(policyOverridesSchema))))
  })

  test('every key of the schema has a sentence about it', () => {
    expect(undescribed(configJsonSchema(), '')).toEqual([])
  })
})

function topKeys(): readonly string[] {
  return Object.keys(asSchema(configJsonSchema()['properties']))
}

/** All objects inside a JSON Schema, itself included, with the path to each. */
function* insideOf(schema: unknown, path: string): Generator<[string, Record<string, unknown>]> {
  if (typeof schema !== 'object' || schema === null) return
  const found = { ...schema }
  yield [path, found]
  for (const [key, value] of Object.entries(found)) yield* insideOf(value, `${path}/${key}`)
}

function keysOf(schema: unknown): ReadonlySet<string> {
  return new Set(
    Array.from(insideOf(schema, '')).flatMap(([, one]) => Object.keys(asSchema(one['properties']))),
  )
}

function undescribed(schema: unknown, path: string): readonly string[] {
  return Array.from(insideOf(schema, path)).flatMap(([place, one]) =>
    Object.entries(asSchema(one['properties']))
      .filter(([, key]) => typeof asSchema(key)['description'] !== 'string')
      .map(([key]) => `${place}/${key}`),
  )
}
