/** Thousands of mails: memory stays flat, nothing lies in clear in the temporary folder, and Ctrl+C leaves none. */
import { spawn } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { type Io, parseCall } from '../../src/cli/command.ts'
import { rehearse } from '../../src/cli/rehearse.ts'
import type { Report } from '../../src/rehearse/report.ts'
import { makePlace, type Place } from '../cli/try-command.ts'
import { COMPLETE, PASSWORD, writeMail } from '../gateway/write-mail.ts'
import { DESK, mboxOf } from './made-mailbox.ts'

const MAILS = 3000
/** Looked at first when everything is warm: caches of statements, compiled letters, words. */
const WARM = 600
/** Held together, the mails between the two looks would be more than three times this. */
const MAX_GROWTH_BYTES = 16 * 1024 * 1024
/** A picture, quick to read over. */
const ATTACHMENT = 'Q3JlYW0gc2VwYXJhdG9yIGFuZCBidXR0ZXIgY2h1cm4sIGhhbGYgYSBwaWN0dXJlIG9mIGVhY2g=\n'.repeat(
  400,
)

let place: Place
let temporary: string
const before = process.env['TMPDIR']

beforeAll(() => {
  place = makePlace()
  temporary = join(place.folder, 'tmp')
  mkdirSync(temporary)
  process.env['TMPDIR'] = temporary
})
afterAll(() => {
  if (before === undefined) delete process.env['TMPDIR']
  else process.env['TMPDIR'] = before
  place.remove()
})

function mailOf(i: number): string {
  const from = `person${i % 9}@partner${i % 40}.example`
  const isSubmission = i % 5 === 0
  const words = isSubmission ? COMPLETE : 'Away.'
  const content = writeMail({
    from,
    to: DESK,
    subject: isSubmission ? `Journal ${i}, password ${PASSWORD}` : 'Out of office',
    text: `--b\nContent-Type: text/plain\n\n${words}\n--b\nContent-Type: image/png; name=churn.png\nContent-Disposition: attachment\nContent-Transfer-Encoding: base64\n\n${ATTACHMENT}--b--`,
    headerFields: {
      'Content-Type': 'multipart/mixed; boundary=b',
      ...(isSubmission ? {} : { 'Auto-Submitted': 'auto-replied' }),
    },
  })
  return mboxOf([{ name: '', content }], '\n')
}

function usedHeap(): number {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  collect()
  return process.memoryUsage().heapUsed
}

/** All octets of the files that the rehearsal has on disk at this moment. */
function filesOnDisk(): readonly Buffer[] {
  return readdirSync(temporary, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name)))
}

test('three thousand mails run through a heap that does not grow with them, and no password touches the disk', {
  timeout: 240_000,
}, async () => {
  const heaps: number[] = []
  let onDisk: readonly Buffer[] = []
  async function* mbox(): AsyncGenerator<Uint8Array> {
    for (let i = 0; i < MAILS; i++) {
      if (i === WARM || i === MAILS - 1) heaps.push(usedHeap())
      if (i === MAILS - 1) onDisk = filesOnDisk()
      yield Buffer.from(mailOf(i))
    }
  }
  let printed = ''
  const io: Io = {
    out: (text) => {
      printed += text
    },
    err: (text) => {
      printed += text
    },
    stdin: mbox(),
    env: {},
    cwd: place.folder,
    isTerminal: false,
  }
  const call = parseCall(rehearse, ['-', '--json', '--desk', DESK, '--config', place.configFile])
  expect(await rehearse.run(call, io)).toBe(0)
  const report = JSON.parse(printed) as Report
  expect(report.mails.decided).toBe(MAILS)
  expect(report.threads.acceptedAtOnce).toBe(MAILS / 5)
  expect((heaps[1] ?? 0) - (heaps[0] ?? 0)).toBeLessThan(MAX_GROWTH_BYTES)
  expect(onDisk.length).toBeGreaterThan(0)
  // It is the right folder: what is no secret is found there.
  expect(onDisk.some((octets) => octets.includes('milkchurnmuseum.example'))).toBe(true)
  expect(onDisk.some((octets) => octets.includes(PASSWORD))).toBe(false)
  expect(printed).not.toContain(PASSWORD)
  expect(readdirSync(temporary)).toEqual([])
})

test('Ctrl+C in the middle leaves nothing behind', async () => {
  const program = fileURLToPath(new URL('../../src/main.ts', import.meta.url))
  const child = spawn(process.execPath, [program, 'rehearse', '-', '--config', place.configFile], {
    cwd: place.folder,
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  const ended = new Promise<number | null>((resolve) => {
    child.on('exit', resolve)
  })
  let words = ''
  child.stderr.on('data', (chunk: Buffer) => {
    words += chunk.toString()
  })
  child.stdin.on('error', () => undefined)
  // The stream stays open: only the signal ends it.
  child.stdin.write(Array.from({ length: 20 }, (_, i) => mailOf(i)).join(''))
  await vi.waitFor(() => expect(filesOnDisk().length).toBeGreaterThan(0), { timeout: 20_000, interval: 20 })
  child.kill('SIGINT')
  expect(await ended).toBe(130)
  expect(words).toContain('stopped; nothing was kept')
  expect(readdirSync(temporary)).toEqual([])
})
