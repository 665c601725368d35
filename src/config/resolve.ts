/**
 * Makes the finished configuration of what the file says: paths made whole, secrets fetched from environment and
 * files, absent values filled in from their neighbours, and everything checked that takes more than one key.
 * Fails: never; what is wrong comes back as findings, and the configuration beside them is then not to be used.
 */
import { createPrivateKey, X509Certificate } from 'node:crypto'
import { readFileSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { Config, KeyRingSource, Listener, Relay } from '../config.ts'
import { checkTogether } from './check.ts'
import { asciiDomain } from './network.ts'
import type { Finding } from './problems.ts'
import type { ConfigInput, SecretInput } from './schema.ts'
import type { Path } from './yaml.ts'

export type Env = Readonly<Record<string, string | undefined>>

/** Where references lead: the environment, and the folder that relative paths start from. */
export type Surroundings = { readonly env: Env; readonly base: string; readonly file: string | null }

export type Resolved = {
  readonly config: Config
  readonly problems: readonly Finding[]
  readonly warnings: readonly Finding[]
}

/** Collects findings while values are fetched. */
type Desk = Surroundings & { readonly problems: Finding[] }

/** No secret is larger: a key ring of a thousand keys, a chain of certificates. */
const MAX_SECRET_BYTES = 256 * 1024

export function resolveConfig(input: ConfigInput, around: Surroundings): Resolved {
  const desk: Desk = { ...around, problems: [] }
  const whole = (path: string): string => resolve(around.base, path)
  const data = whole(input.data)
  const domain = asciiDomain(input.addresses.domain) ?? input.addresses.domain
  const { brand } = input
  const config: Config = {
    file: around.file,
    data,
    captureFolder: join(data, 'sent'),
    database: resolveDatabase(input, data, desk),
    keyRing: resolveKeyRing(input, data, desk),
    log: input.log,
    hostName: input.hostName === null ? domain : (asciiDomain(input.hostName) ?? input.hostName),
    mode: input.mode,
    partners: input.partners,
    brand: { ...brand, logoText: brand.logoText ?? brand.name, fromName: brand.fromName ?? brand.name },
    addresses: { ...input.addresses, domain },
    listeners: input.listeners.map((listener, i) => resolveListener(listener, ['listeners', i], desk)),
    limits: input.limits,
    trust: resolveTrust(input.trust),
    relay: resolveRelay(input, desk),
    alarms: input.alarms,
    letters: {
      ...input.letters,
      folder:
        input.letters.folder === null ? null : wholeFolder(input.letters.folder, ['letters', 'folder'], desk),
    },
    operator: input.operator,
    workers: input.workers,
    policy: asRecord(input.policy),
  }
  const { problems, warnings } = checkTogether(config)
  return { config, problems: [...desk.problems, ...problems], warnings }
}

function resolveTrust({ networks, authservId, arcSealers, clientCertificates, dns }: ConfigInput['trust']) {
  return {
    networks,
    authservId: authservId?.toLowerCase() ?? null,
    arcSealers: arcSealers.map((one) => asciiDomain(one) ?? one),
    clientCertificates: clientCertificates.map(
      (one) => asciiDomain(one) ?? one.replaceAll(':', '').toLowerCase(),
    ),
    dns: dns === null ? ('system' as const) : dns === 'none' ? dns : dns.servers,
  }
}

function resolveDatabase(input: ConfigInput, data: string, desk: Desk): string {
  const path = ['database']
  if (input.database === null) return `sqlite:${join(data, 'ticketgate.db')}`
  const url = fetchSecret(input.database, path, desk)
  if (url === null) return ''
  if (/^postgres(?:ql)?:\/\/[^\s/]+\/[^\s/]+$/.test(url)) return url
  const found = /^sqlite:(?:\/\/(?=\/))?([^\s?]+)$/.exec(url)?.[1]
  if (found === undefined || found.startsWith('//')) {
    say(desk, path, 'must be sqlite:FILE or postgres://USER:PASSWORD@HOST/NAME')
    return ''
  }
  if (found === ':memory:')
    say(desk, path, 'must be a file: mail that was accepted has to outlive the program')
  return `sqlite:${resolve(desk.base, found)}`
}

function resolveKeyRing(input: ConfigInput, data: string, desk: Desk): KeyRingSource {
  const { keyRing } = input
  if (keyRing === null) return { kind: 'file', file: join(data, 'keyring.json') }
  if (typeof keyRing === 'string') return { kind: 'file', file: resolve(desk.base, keyRing) }
  if ('file' in keyRing) return { kind: 'file', file: resolve(desk.base, keyRing.file) }
  return { kind: 'text', text: fetchSecret(keyRing, ['keyRing'], desk) ?? '', origin: keyRing.env }
}

function resolveListener(input: ConfigInput['listeners'][number], path: Path, desk: Desk): Listener {
  const { tls } = input
  if (tls === null) return { ...input, tls: null }
  const cert = readPem(tls.certFile, [...path, 'tls', 'certFile'], desk)
  const key = readPem(tls.keyFile, [...path, 'tls', 'keyFile'], desk)
  checkCertificate(cert, key, [...path, 'tls'], desk)
  const { certFile, keyFile } = tls
  return {
    ...input,
    tls: {
      ...tls,
      certFile: resolve(desk.base, certFile),
      keyFile: resolve(desk.base, keyFile),
      cert: cert ?? '',
      key: key ?? '',
    },
  }
}

function resolveRelay(input: ConfigInput, desk: Desk): Relay | null {
  const { relay } = input
  if (relay === null) return null
  const { auth, dkim } = relay
  return {
    ...relay,
    auth: auth && {
      user: fetchSecret(auth.user, ['relay', 'auth', 'user'], desk) ?? '',
      password: fetchSecret(auth.password, ['relay', 'auth', 'password'], desk) ?? '',
    },
    dkim: dkim && {
      domain: asciiDomain(dkim.domain) ?? dkim.domain,
      selector: dkim.selector,
      privateKey: readPrivateKey(dkim.keyFile, ['relay', 'dkim', 'keyFile'], desk),
    },
  }
}

/** Returns the secret's text, or null and a finding. */
function fetchSecret(input: SecretInput, path: Path, desk: Desk): string | null {
  if (typeof input === 'string') return input
  if ('file' in input) return readText(input.file, path, desk)
  const value = desk.env[input.env]
  if (value === undefined || value === '') {
    const state = value === undefined ? 'is not set' : 'is empty'
    return say(desk, path, `refers to the environment variable ${input.env}, which ${state}`)
  }
  return value
}

/** Reads a small text file; a line break at its end belongs to the editor, not to the secret. */
function readText(file: string, path: Path, desk: Desk): string | null {
  const whole = resolve(desk.base, file)
  try {
    if (statSync(whole).size > MAX_SECRET_BYTES)
      return say(desk, path, `refers to ${whole}, which is far too large`)
    const value = readFileSync(whole, 'utf8').replace(/\r?\n$/, '')
    return value === '' ? say(desk, path, `refers to ${whole}, which is empty`) : value
  } catch (error) {
    return say(desk, path, `refers to ${whole}, which cannot be read: ${errorCode(error)}`)
  }
}

function readPem(file: string, path: Path, desk: Desk): string | null {
  const text = readText(file, path, desk)
  if (text === null || text.includes('-----BEGIN ')) return text
  return say(desk, path, `refers to ${resolve(desk.base, file)}, which is not PEM ("-----BEGIN …")`)
}

function readPrivateKey(file: string, path: Path, desk: Desk): string {
  const text = readPem(file, path, desk)
  if (text === null) return ''
  if (!isPrivateKey(text)) say(desk, path, 'is no private key that can be used without a passphrase')
  return text
}

function checkCertificate(cert: string | null, key: string | null, path: Path, desk: Desk): void {
  if (key !== null && !isPrivateKey(key)) {
    say(desk, [...path, 'keyFile'], 'is no private key that can be used without a passphrase')
    return
  }
  if (cert === null) return
  try {
    const certificate = new X509Certificate(cert)
    if (key !== null && !certificate.checkPrivateKey(createPrivateKey(key))) {
      say(desk, [...path, 'keyFile'], 'does not belong to the certificate in certFile')
    }
  } catch {
    say(desk, [...path, 'certFile'], 'is no certificate')
  }
}

function isPrivateKey(text: string): boolean {
  try {
    createPrivateKey(text)
    return true
  } catch {
    return false
  }
}

function wholeFolder(folder: string, path: Path, desk: Desk): string {
  const whole = resolve(desk.base, folder)
  if (statSync(whole, { throwIfNoEntry: false })?.isDirectory() !== true)
    say(desk, path, `${whole} is not a folder`)
  return whole
}

function say(desk: Desk, path: Path, message: string): null {
  desk.problems.push({ path, message })
  return null
}

function asRecord(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {}
}

function errorCode(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error)
}
