/**
 * The configuration: finds the file (--config, TICKETGATE_CONFIG, ./ticketgate.yaml, or none), reads it, and either gives
 * the whole configuration or every problem at once, each with its path and line. The only reader of the environment.
 * Fails: never for what stands in a file; problems are a value, and the caller exits 78 with them.
 */
import { existsSync, readFileSync, statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import process from 'node:process'
import { z } from 'zod'
import { parseAll, touches } from './config/parse.ts'
import { type Finding, type JsonSchema, toProblem } from './config/problems.ts'
import { type Env, resolveConfig } from './config/resolve.ts'
import { configSchema } from './config/schema.ts'
import { type Locate, type Path, type Problem, readYaml } from './config/yaml.ts'

export type KeyRingSource =
  | { readonly kind: 'file'; readonly file: string }
  /** `origin` names the environment variable, for errors. */
  | { readonly kind: 'text'; readonly text: string; readonly origin: string }

type ListenerTls = {
  readonly certFile: string
  readonly keyFile: string
  /** The files' content, PEM. */
  readonly cert: string
  readonly key: string
  readonly implicit: boolean
  readonly required: boolean
}

export type Listener = {
  readonly host: string
  readonly port: number
  readonly protocol: 'smtp' | 'lmtp'
  readonly faces: 'internet' | 'relay'
  readonly tls: ListenerTls | null
}

export type Relay = {
  readonly host: string
  readonly port: number
  readonly tls: 'opportunistic' | 'required' | 'implicit' | 'none'
  readonly auth: { readonly user: string; readonly password: string } | null
  readonly dkim: { readonly domain: string; readonly selector: string; readonly privateKey: string } | null
  readonly connections: number
}

/** Everything an operator decides, complete: paths are absolute, secrets fetched, domains in A-labels. */
export type Config = {
  /** null when the gateway runs without a file. */
  readonly file: string | null
  readonly data: string
  /** Where letters go as files while there is no relay. */
  readonly captureFolder: string
  /** `sqlite:/absolute/file` or `postgres://…`; may hold a password. */
  readonly database: string
  readonly keyRing: KeyRingSource
  readonly log: { readonly level: 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace' | 'silent' }
  readonly hostName: string
  readonly mode: 'observe' | 'advise' | 'enforce'
  readonly partners: 'open' | 'registered'
  readonly brand: {
    readonly id: string
    readonly name: string
    readonly url: string | null
    readonly logoText: string
    readonly accentColour: string
    readonly fromName: string
  }
  readonly addresses: {
    readonly domain: string
    readonly queues: Readonly<Record<string, string>>
    readonly note: string
    readonly bounce: string
    readonly form: 'plus' | 'subdomain' | 'catch-all'
    readonly separator: string
    readonly replyDays: number
  }
  readonly listeners: readonly Listener[]
  readonly limits: {
    readonly messageBytes: number
    readonly recipients: number
    readonly connections: number
    readonly connectionsPerIp: number
    readonly idleSeconds: number
    readonly messageSeconds: number
    readonly sessionErrors: number
  }
  readonly trust: {
    /** CIDR as written; `makeTrust` of config/network.ts asks them. */
    readonly networks: readonly string[]
    /** Lower case. Its Authentication-Results decides about mail that a trusted network hands on; null: the network alone. */
    readonly authservId: string | null
    /** A-labels. */
    readonly arcSealers: readonly string[]
    /** SHA-256 fingerprints (64 lower-case hex digits) or names in A-labels. */
    readonly clientCertificates: readonly string[]
    readonly dns: 'system' | 'none' | readonly string[]
  }
  /** null: letters are captured in `captureFolder`. */
  readonly relay: Relay | null
  readonly alarms: {
    readonly webhook: string | null
    readonly command: readonly string[] | null
    readonly silentHours: number | null
  }
  readonly letters: { readonly folder: string | null; readonly language: string; readonly perHour: number }
  readonly operator: { readonly address: string | null }
  readonly workers: { readonly count: number; readonly timeoutSeconds: number; readonly memoryMb: number }
  /** As written; checked by the schema that `loadConfig` was handed. */
  readonly policy: Readonly<Record<string, unknown>>
}

export type Loaded =
  | { readonly kind: 'config'; readonly config: Config; readonly warnings: readonly Problem[] }
  | { readonly kind: 'problems'; readonly file: string | null; readonly problems: readonly Problem[] }

/** A configuration is a few pages; anything larger is another file. */
const MAX_FILE_BYTES = 1024 * 1024

/** What differs in a run without a file: it is tried out on one machine, by whoever sits there. */
const TRIAL: Readonly<Record<string, unknown>> = {
  partners: 'open',
  trust: { networks: ['127.0.0.0/8', '::1/128'] },
}

/**
 * Loads the configuration. `path` is what --config says; `policySchema` checks the policy's part, so that its problems
 * are told together with all others.
 */
export function loadConfig(
  options: {
    readonly path?: string | null
    readonly env?: Env
    readonly cwd?: string
    readonly policySchema?: z.ZodType
  } = {},
): Loaded {
  const { path = null, env = process.env, cwd = process.cwd(), policySchema } = options
  const file = findFile(path, env, cwd)
  const schema = configSchema(policySchema)
  if (file === null)
    return load({ raw: TRIAL, problems: [], locate: () => null }, schema, { env, base: cwd, file })
  const text = readFile(file)
  if (typeof text !== 'string') return { kind: 'problems', file, problems: [text] }
  return load(readYaml(text), schema, { env, base: dirname(file), file })
}

/** Returns the JSON Schema (draft 7, which editors know best) of the configuration file. */
export function configJsonSchema(policySchema?: z.ZodType): JsonSchema {
  const schema = z.toJSONSchema(configSchema(policySchema), {
    io: 'input',
    target: 'draft-7',
    unrepresentable: 'any',
  })
  return { ...schema, title: 'Ticketgate configuration' }
}

function findFile(path: string | null, env: Env, cwd: string): string | null {
  const named = path ?? env['TICKETGATE_CONFIG'] ?? ''
  if (named !== '') return resolve(cwd, named)
  const usual = resolve(cwd, 'ticketgate.yaml')
  return existsSync(usual) ? usual : null
}

function readFile(file: string): string | Problem {
  const problem = (message: string): Problem => ({ path: '', line: null, message })
  try {
    if (statSync(file).size > MAX_FILE_BYTES) return problem('is far too large for a configuration')
    return new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(file))
  } catch (error) {
    if (error instanceof TypeError) return problem('is not UTF-8 text')
    return problem(
      `cannot be read: ${error instanceof Error && 'code' in error ? String(error.code) : String(error)}`,
    )
  }
}

type Around = { readonly env: Env; readonly base: string; readonly file: string | null }

function load(
  reading: { raw: Readonly<Record<string, unknown>> | null; problems: readonly Problem[]; locate: Locate },
  schema: ReturnType<typeof configSchema>,
  around: Around,
): Loaded {
  const { file } = around
  if (reading.raw === null) return { kind: 'problems', file, problems: reading.problems }
  const { input, findings, taken } = parseAll(schema, reading.raw)
  const resolved = resolveConfig(input, around)
  const later = resolved.problems.filter((one) => !isAbout(one, taken))
  const problems = [
    ...reading.problems,
    ...[...findings, ...later].map((one) => toProblem(one, reading.locate)),
  ]
  if (problems.length > 0) return { kind: 'problems', file, problems: inOrder(problems) }
  const warnings = inOrder(resolved.warnings.map((one) => toProblem(one, reading.locate)))
  return { kind: 'config', config: resolved.config, warnings }
}

/** A value that was taken out left a default in its place: what is found there is not the operator's doing. */
function isAbout(finding: Finding, taken: readonly Path[]): boolean {
  return [finding.path, ...(finding.also ?? [])].some((place) => taken.some((path) => touches(path, place)))
}

function inOrder(problems: readonly Problem[]): readonly Problem[] {
  return problems.toSorted((a, b) => (a.line ?? 0) - (b.line ?? 0))
}
