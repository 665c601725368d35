/** Runs commands of the command line as processes, in a folder of their own. */
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import { makeFolder, runCommand } from '../support/gateway-process.ts'

export type Done = Awaited<ReturnType<typeof runCommand>>

export type Place = {
  readonly folder: string
  readonly configFile: string
  /** Runs a command under this folder's configuration. */
  readonly run: (args: readonly string[], stdin?: string | Uint8Array) => Promise<Done>
  /** The same, expecting exit code 0; returns what it printed. */
  readonly ok: (args: readonly string[], stdin?: string | Uint8Array) => Promise<string>
  /** The same with `--json`: one object a line. */
  readonly json: (args: readonly string[]) => Promise<readonly Record<string, unknown>[]>
  /** Writes a file into the folder and returns its path. */
  readonly write: (name: string, content: string | Uint8Array) => string
  readonly remove: () => void
}

const CONFIG = {
  data: './data',
  partners: 'open',
  addresses: { domain: 'mailhub.example', queues: { support: 'escalations', engineering: 'engineering' } },
  listeners: [{ host: '127.0.0.1', port: 0, protocol: 'smtp', faces: 'relay' }],
  trust: { networks: ['127.0.0.0/8'] },
}

/** Makes a folder; `change` replaces top-level keys of the configuration. */
export function makePlace(change: Readonly<Record<string, unknown>> = {}): Place {
  const { folder, configFile } = makeFolder({ ...CONFIG, ...change })
  const run: Place['run'] = (args, stdin) =>
    runCommand([...args, '--config', configFile], { cwd: folder, ...(stdin === undefined ? {} : { stdin }) })
  const ok: Place['ok'] = async (args, stdin) => {
    const done = await run(args, stdin)
    expect(done.code, done.stderr).toBe(0)
    return done.stdout
  }
  return {
    folder,
    configFile,
    run,
    ok,
    json: async (args) => jsonLines(await ok([...args, '--json'])),
    write: (name, content) => {
      const file = join(folder, name)
      writeFileSync(file, content)
      return file
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  }
}

/** Reads one JSON object per line. */
export function jsonLines(text: string): readonly Record<string, unknown>[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>)
}

/** Expects a failure that is told in one line, with `words` in it. */
export function expectOneLine(done: Done, code: number, ...words: readonly string[]): void {
  expect(done.code, done.stderr).toBe(code)
  expect(done.stderr.trim().split('\n'), done.stderr).toHaveLength(1)
  for (const word of words) expect(done.stderr).toContain(word)
  expect(done.stderr).not.toMatch(/\n\s+at /)
}
