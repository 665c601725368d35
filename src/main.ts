/**
 * The command line: finds the command, reads its words, runs it, and turns what went wrong into one line and the
 * right exit code (sysexits: 0 done, 1 fault, 2 bad command line, 69 unavailable, 73 cannot create, 75 temporary,
 * 78 configuration).
 */
import { readFileSync } from 'node:fs'
import process from 'node:process'
import { type Command, commandHelp, EXIT, ExitError, type Io, parseCall, UsageError } from './cli/command.ts'
import { COMMANDS, type CommandRow } from './cli/commands.ts'
import { nearest } from './nearest.ts'

const io: Io = {
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
  stdin: process.stdin,
  env: process.env,
  cwd: process.cwd(),
  isTerminal: process.stdout.isTTY,
}

function overview(): string {
  const width = Math.max(...COMMANDS.map((row) => row.name.length)) + 2
  return [
    'ticketgate: the mail gate in front of a support desk',
    '',
    'Usage: ticketgate COMMAND [options]',
    '',
    ...COMMANDS.map((row) => `  ${row.name.padEnd(width)}${row.summary}`),
    '',
    'ticketgate COMMAND --help tells more. Exit codes: 0 done, 1 fault, 2 bad command line,',
    '69 unavailable, 73 cannot create, 75 try again later, 78 configuration.',
    '',
  ].join('\n')
}

function version(): string {
  const read: unknown = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))
  return typeof read === 'object' && read !== null && 'version' in read ? String(read.version) : '?'
}

/** Finds the command that the first one or two words name. */
function findCommand(args: readonly string[]): { row: CommandRow; rest: readonly string[] } {
  for (const length of [2, 1]) {
    const name = args.slice(0, length).join(' ')
    const row = COMMANDS.find((one) => one.name === name)
    if (row !== undefined) return { row, rest: args.slice(length) }
  }
  const typed = args[0] ?? ''
  const group = COMMANDS.filter((row) => row.name.startsWith(`${typed} `))
  if (group.length > 0) {
    throw new UsageError(`"${typed}" needs one more word: ${group.map((row) => row.name).join(', ')}`)
  }
  const names = COMMANDS.map((row) => row.name)
  const groups = [...new Set(names.map((name) => name.split(' ', 1)[0] ?? ''))]
  const guess = nearest(args.slice(0, 2).join(' '), names) ?? nearest(typed, [...names, ...groups])
  throw new UsageError(`there is no command "${typed}"${guess === null ? '' : `; did you mean "${guess}"?`}`)
}

async function run(args: readonly string[]): Promise<number> {
  const first = args[0]
  if (first === undefined || first === '--help' || first === '-h' || first === 'help') {
    io.out(overview())
    return first === undefined ? EXIT.usage : EXIT.ok
  }
  if (first === '--version') {
    io.out(`${version()}\n`)
    return EXIT.ok
  }
  let pointer = 'ticketgate --help'
  try {
    const { row, rest } = findCommand(args)
    pointer = `ticketgate ${row.name} --help`
    const command: Command = await row.load()
    const call = parseCall(command, rest)
    if (call.help) {
      io.out(commandHelp(command))
      return EXIT.ok
    }
    return await command.run(call, io)
  } catch (error) {
    if (error instanceof UsageError) {
      io.err(`ticketgate: ${error.message}. See: ${pointer}\n`)
      return EXIT.usage
    }
    if (error instanceof ExitError) {
      io.err(`ticketgate: ${error.message}\n`)
      return error.exitCode
    }
    throw error
  }
}

// A reader that closes early (`| head`) is no fault of ours.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(EXIT.ok)
  throw error
})

try {
  process.exitCode = await run(process.argv.slice(2))
} catch (error) {
  io.err(`ticketgate: a fault: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`)
  process.exitCode = EXIT.fault
}
