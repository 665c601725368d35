/**
 * What a command of the command line is, how its words are read, and how its help looks.
 * Fails: UsageError with one line for people; main shows it with a pointer to --help and exits 2.
 */
import { parseArgs } from 'node:util'

export type Option = {
  readonly type: 'boolean' | 'string'
  readonly multiple?: boolean
  /** Shown in help behind the option: `FILE`. */
  readonly value?: string
  readonly help: string
}

export type OptionValue = string | boolean | readonly (string | boolean)[] | undefined

export type Call = {
  readonly options: Readonly<Record<string, OptionValue>>
  /** The words behind the command's name that are no options. */
  readonly words: readonly string[]
}

/** The world as a command sees it; tests hand in their own. */
export type Io = {
  readonly out: (text: string) => void
  readonly err: (text: string) => void
  readonly stdin: AsyncIterable<Uint8Array>
  readonly env: Readonly<Record<string, string | undefined>>
  readonly cwd: string
  readonly isTerminal: boolean
}

export type Command = {
  /** One or two words: `inspect`, `partner add`. */
  readonly name: string
  readonly summary: string
  /** Words behind the name: `FILE...`. */
  readonly usage: string
  /** Paragraphs shown by --help below the summary. */
  readonly details: string
  readonly options: Readonly<Record<string, Option>>
  /** Returns the exit code. */
  readonly run: (call: Call, io: Io) => Promise<number>
}

/** Exit codes, named as sysexits.h names them; 2 is a bad command line. */
export const EXIT = {
  ok: 0,
  fault: 1,
  usage: 2,
  data: 65,
  noUser: 67,
  unavailable: 69,
  cannotCreate: 73,
  temporary: 75,
  config: 78,
} as const

export class UsageError extends Error {}

/** An expected failure with its exit code: one clear line, no stack. */
export class ExitError extends Error {
  readonly exitCode: number
  constructor(exitCode: number, message: string) {
    super(message)
    this.exitCode = exitCode
  }
}

/** Options that every command which touches the desk takes. */
export const CONFIG_OPTION = {
  config: {
    type: 'string',
    value: 'FILE',
    help: 'configuration file (else $TICKETGATE_CONFIG, ./ticketgate.yaml, defaults)',
  },
} as const satisfies Record<string, Option>

export const JSON_OPTION = {
  json: { type: 'boolean', help: 'print JSON, one object per line' },
} as const satisfies Record<string, Option>

const HELP_OPTION: Option = { type: 'boolean', help: 'show this help' }

/** Reads the words behind a command's name. Throws UsageError on an unknown option or a missing value. */
export function parseCall(command: Command, args: readonly string[]): Call & { readonly help: boolean } {
  const options = { ...command.options, help: HELP_OPTION }
  const spec = Object.fromEntries(
    Object.entries(options).map(([name, row]) => [
      name,
      { type: row.type, multiple: row.multiple ?? false, ...(name === 'help' ? { short: 'h' } : {}) },
    ]),
  )
  try {
    const parsed = parseArgs({ args: [...args], options: spec, allowPositionals: true, strict: true })
    return { options: parsed.values, words: parsed.positionals, help: parsed.values['help'] === true }
  } catch (error) {
    throw new UsageError(error instanceof Error ? (error.message.split('. ')[0] ?? '') : String(error), {
      cause: error,
    })
  }
}

/** Returns the text option `name`, or null. */
export function textOption(call: Call, name: string): string | null {
  const value = call.options[name]
  return typeof value === 'string' ? value : null
}

/** Returns all values of the repeatable text option `name`. */
export function textOptions(call: Call, name: string): readonly string[] {
  const value = call.options[name]
  if (Array.isArray(value)) return value.filter((one): one is string => typeof one === 'string')
  return typeof value === 'string' ? [value] : []
}

/** Returns the whole number of option `name`, or `fallback`. Throws UsageError when it is none. */
export function countOption(call: Call, name: string, fallback: number): number {
  const text = textOption(call, name)
  if (text === null) return fallback
  if (!/^\d{1,9}$/.test(text)) throw new UsageError(`--${name} takes a whole number, not "${text}"`)
  return Number(text)
}

/** Reads an option that has a few allowed words. Throws UsageError. */
export function choiceOption<T extends string>(call: Call, name: string, choices: readonly T[]): T | null {
  const text = textOption(call, name)
  if (text === null) return null
  const choice = choices.find((one) => one === text)
  if (choice === undefined) throw new UsageError(`--${name} takes ${choices.join(', ')}`)
  return choice
}

/** Returns the one word a command needs. Throws UsageError when there is none or more than one. */
export function oneWord(call: Call, what: string): string {
  const [word, ...more] = call.words
  if (word === undefined) throw new UsageError(`${what} is missing`)
  if (more.length > 0) throw new UsageError(`one ${what} only; "${more[0] ?? ''}" is too much`)
  return word
}

/** Returns the words a command needs, each once. Throws UsageError when there is none. */
export function manyWords(call: Call, what: string): readonly string[] {
  if (call.words.length === 0) throw new UsageError(`${what} is missing`)
  return [...new Set(call.words)]
}

/** Returns the help page of one command. */
export function commandHelp(command: Command): string {
  const rows = Object.entries({ ...command.options, help: HELP_OPTION }).map(
    ([name, row]): [string, string] => [
      `--${name}${row.type === 'string' ? ` ${row.value ?? 'TEXT'}` : ''}`,
      row.help + (row.multiple === true ? ' (may be repeated)' : ''),
    ],
  )
  const width = Math.max(...rows.map(([left]) => left.length)) + 2
  return [
    `ticketgate ${command.name}: ${command.summary}`,
    '',
    `Usage: ticketgate ${command.name} [options]${command.usage === '' ? '' : ` ${command.usage}`}`,
    ...(command.details === '' ? [] : ['', command.details.trim()]),
    '',
    'Options:',
    ...rows.map(([left, right]) => `  ${left.padEnd(width)}${right}`),
    '',
  ].join('\n')
}
