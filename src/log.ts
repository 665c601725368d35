/**
 * The log: one line per event, pretty on a terminal, JSON otherwise, written at once so that nothing is lost on exit.
 * Keeps out what must not be there: secrets and octets always; subjects, texts and the name part of addresses above
 * debug. It guards fields, not messages: a message is a fixed sentence, what varies is a field.
 * Fails: never; a log that cannot be written does not stop mail.
 */
import pino, { type DestinationStream, type Logger, type LoggerOptions } from 'pino'
import { prettyFactory } from 'pino-pretty'

export type Log = Logger

export type Room =
  | 'gateway'
  | 'smtp'
  | 'inbox'
  | 'desk'
  | 'outbox'
  | 'store'
  | 'jail'
  | 'vault'
  | 'clock'
  | 'config'

const SECRET = '[secret]'
const UNTOLD = '[not logged]'
const SECRET_KEYS = [
  'password',
  'passwd',
  'pass',
  'secret',
  'secrets',
  'token',
  'auth',
  'authorization',
  'credentials',
  'privateKey',
  'key',
  'keyRing',
  'database',
]
const CONTENT_KEYS: ReadonlySet<string> = new Set([
  'subject',
  'subjectStem',
  'text',
  'newText',
  'quotedText',
  'html',
  'body',
  'content',
  'fields',
  'headerFields',
  'signature',
])
const ADDRESS_KEYS: ReadonlySet<string> = new Set([
  'address',
  'from',
  'to',
  'cc',
  'sender',
  'replyTo',
  'recipient',
  'reversePath',
  'forwardPath',
  'forwardPaths',
  'returnPath',
])
/** Fields lie flat or one object deep; what lies deeper than this is not logged. */
const MAX_DEPTH = 4
const MAX_ENTRIES = 100
const MAX_TEXT_LENGTH = 2000
const DEBUG = 20
const NEWLINES = /[\r\n]+/g

/**
 * Makes the log. `destination` is where lines go: standard error unless a test takes them. `pretty` is for people at a
 * terminal.
 */
export function makeLog(options: {
  readonly level: string
  readonly pretty: boolean
  readonly destination?: DestinationStream
}): Log {
  const out = options.destination ?? standardError()
  return pino(
    loggerOptions(options.level),
    options.pretty ? prettied(out, options.destination === undefined) : out,
  )
}

/** Makes the log of one room: its lines say where they come from. */
export function logOf(log: Log, room: Room): Log {
  return log.child({ room })
}

function loggerOptions(level: string): LoggerOptions {
  return {
    level,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    // Errors among other fields have been told already when they come here.
    serializers: { err: (error: unknown) => (error instanceof Error ? tellError(error, MAX_DEPTH) : error) },
    // Also guards the fields that a child log carries, which the hook below never sees.
    redact: { paths: SECRET_KEYS.flatMap((key) => [key, `*.${key}`, `*.*.${key}`]), censor: SECRET },
    hooks: {
      logMethod(args, method, levelNumber) {
        const [first, ...rest] = args
        const fields: unknown = first
        if (typeof fields !== 'object' || fields === null || fields instanceof Error) {
          method.apply(this, args)
          return
        }
        Reflect.apply(method, this, [guard(fields, levelNumber > DEBUG, MAX_DEPTH), ...rest])
      },
    },
  }
}

/** Copies fields without what must not be logged. */
function guard(value: unknown, aboveDebug: boolean, depth: number): unknown {
  if (typeof value === 'string') return value.slice(0, MAX_TEXT_LENGTH)
  if (typeof value === 'bigint') return value.toString()
  if (typeof value !== 'object' || value === null || value instanceof Date) return value
  if (value instanceof Error) return tellError(value, depth)
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} octets]`
  if (depth === 0) return UNTOLD
  if (Array.isArray(value)) return value.slice(0, MAX_ENTRIES).map((one) => guard(one, aboveDebug, depth - 1))
  return Object.fromEntries(
    Object.entries(value)
      .slice(0, MAX_ENTRIES)
      .map(([key, one]): [string, unknown] => {
        if (aboveDebug && CONTENT_KEYS.has(key) && one !== null) return [key, UNTOLD]
        if (aboveDebug && ADDRESS_KEYS.has(key)) return [key, guard(domainsOnly(one), aboveDebug, depth - 1)]
        return [key, guard(one, aboveDebug, depth - 1)]
      }),
  )
}

/** Takes the name part off an address, or off each of a list. */
function domainsOnly(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(domainsOnly)
  if (typeof value !== 'string') return value
  const at = value.lastIndexOf('@')
  return at === -1 ? UNTOLD : `…${value.slice(at)}`
}

/** Tells an error by what finds its cause; further properties of libraries' errors may hold what was being sent. */
function tellError(error: unknown, depth: number): unknown {
  if (!(error instanceof Error))
    return typeof error === 'string' ? error.slice(0, MAX_TEXT_LENGTH) : typeof error
  const code: unknown = Reflect.get(error, 'code')
  return {
    type: error.name,
    message: error.message.slice(0, MAX_TEXT_LENGTH),
    ...(typeof code === 'string' || typeof code === 'number' ? { code } : {}),
    stack: (error.stack ?? '').slice(0, 2 * MAX_TEXT_LENGTH),
    ...(error.cause === undefined || depth === 0 ? {} : { cause: tellError(error.cause, depth - 1) }),
  }
}

function standardError(): DestinationStream {
  const out = pino.destination({ dest: 2, sync: true })
  out.on('error', () => {
    // Nobody is left to be told: the log itself is what failed.
  })
  return out
}

/** A stream that writes lines for people. In this thread and at once: a transport's worker would lose the last ones. */
function prettied(out: DestinationStream, colorize: boolean): DestinationStream {
  const pretty = prettyFactory({
    colorize,
    ignore: 'pid,hostname,room',
    translateTime: 'SYS:HH:MM:ss',
    messageFormat: (fields, messageKey) => {
      const message: unknown = fields[messageKey]
      const line = typeof message === 'string' ? message.replaceAll(NEWLINES, ' ') : ''
      return typeof fields['room'] === 'string' ? `${fields['room']}: ${line}` : line
    },
    singleLine: true,
  })
  return { write: (line) => out.write(pretty(line)) }
}
