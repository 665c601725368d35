/**
 * A real gateway as a process of its own, for tests and the demo: a temporary folder, free ports, JSON logs read line
 * by line. Ended by signal and pid; its folder is removed at `end`.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { stringify } from 'yaml'

export type LogLine = { readonly msg?: string; readonly [key: string]: unknown }

export type GatewayProcess = {
  readonly folder: string
  readonly configFile: string
  readonly child: ChildProcess
  /** Ports by listener, in the order of the configuration. */
  readonly ports: readonly number[]
  readonly lines: readonly LogLine[]
  /** Resolves with the first log line, past or future, that fits. */
  readonly waitForLine: (fits: (line: LogLine) => boolean) => Promise<LogLine>
  /** Sends the signal and resolves with the exit code (null when killed). */
  readonly stop: (signal: NodeJS.Signals) => Promise<number | null>
  /** Stops it if it still runs and removes its folder. */
  readonly end: () => Promise<void>
}

const PROGRAM = fileURLToPath(new URL('../../src/main.ts', import.meta.url))

/** Makes a temporary folder with a configuration file in it. */
export function makeFolder(config: object): { readonly folder: string; readonly configFile: string } {
  const folder = mkdtempSync(join(tmpdir(), 'ticketgate-'))
  mkdirSync(join(folder, 'data'))
  const configFile = join(folder, 'ticketgate.yaml')
  writeFileSync(configFile, stringify(config))
  return { folder, configFile }
}

/** Starts `serve` under `config` and resolves when it listens. Throws with its last words when it ends before. */
export async function startGatewayProcess(
  config: object,
  again?: { readonly folder: string; readonly configFile: string },
): Promise<GatewayProcess> {
  const { folder, configFile } = again ?? makeFolder(config)
  const child = spawn(process.execPath, [PROGRAM, 'serve', '--config', configFile], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const lines: LogLine[] = []
  const waiting = new Set<() => void>()
  const words: string[] = []
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', (text) => {
      words.push(text)
      lines.push(parseLine(text))
      for (const look of waiting) look()
    })
  }
  const exited = new Promise<number | null>((resolve) => {
    child.on('exit', (code) => {
      resolve(code)
      for (const look of waiting) look()
    })
  })
  const waitForLine = (fits: (line: LogLine) => boolean): Promise<LogLine> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        const found = lines.find(fits)
        if (found !== undefined) {
          waiting.delete(look)
          resolve(found)
        } else if (child.exitCode !== null) {
          waiting.delete(look)
          reject(new Error(`the gateway ended with ${child.exitCode}:\n${words.slice(-20).join('\n')}`))
        }
      }
      waiting.add(look)
      look()
    })
  const stop = (signal: NodeJS.Signals): Promise<number | null> => {
    child.kill(signal)
    return exited
  }
  await waitForLine((line) => line.msg === 'ready')
  return {
    folder,
    configFile,
    child,
    ports: lines.filter((line) => line.msg === 'listening').map((line) => Number(line['port'])),
    lines,
    waitForLine,
    stop,
    end: async () => {
      if (child.exitCode === null && child.signalCode === null) await stop('SIGKILL')
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

function parseLine(text: string): LogLine {
  try {
    const read: unknown = JSON.parse(text)
    return typeof read === 'object' && read !== null ? { ...read } : { text }
  } catch {
    return { text }
  }
}

/** Runs one command of the command line to its end. */
export function runCommand(
  args: readonly string[],
  options: {
    readonly cwd?: string
    readonly stdin?: string | Uint8Array
    readonly env?: Record<string, string>
  } = {},
): Promise<{ readonly code: number | null; readonly stdout: string; readonly stderr: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [PROGRAM, ...args], {
      cwd: options.cwd ?? tmpdir(),
      stdio: ['pipe', 'pipe', 'pipe'],
      env: { ...process.env, ...options.env },
    })
    let stdout = ''
    let stderr = ''
    child.stdout.on('data', (chunk: Buffer) => {
      stdout += chunk.toString('utf8')
    })
    child.stderr.on('data', (chunk: Buffer) => {
      stderr += chunk.toString('utf8')
    })
    child.on('error', reject)
    child.on('close', (code) => resolve({ code, stdout, stderr }))
    child.stdin.on('error', () => undefined)
    child.stdin.end(options.stdin ?? '')
  })
}
