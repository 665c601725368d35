/**
 * Captures letters as files while there is no relay: nothing leaves the machine. Each is written whole and renamed, so
 * that a reader never sees half a letter.
 * Fails: a disk that does not take the file defers the letter.
 */
import { mkdir, open, rename } from 'node:fs/promises'
import { join } from 'node:path'
import { createTransport } from 'nodemailer'
import { buildMessage } from './build-message.ts'
import { oneLine } from './classify.ts'
import type { Courier, OutgoingLetter } from './outgoing.ts'

/** Opens the folder as a courier. */
export function openCapture(folder: string): Courier {
  const transport = createTransport({ streamTransport: true, buffer: true, newline: 'windows' })
  return {
    deliver: async (letter) => {
      try {
        const composed = await transport.sendMail(buildMessage(letter))
        const file = join(folder, fileName(letter))
        await writeWhole(folder, file, composed.message as Buffer)
        return { kind: 'sent', reply: `captured as ${file}` }
      } catch (error) {
        const why = error instanceof Error ? error.message : String(error)
        return { kind: 'deferred', reply: oneLine(why), routeTrouble: true }
      }
    },
    close: () => Promise.resolve(),
  }
}

/**
 * `20260131-093000-TG-1042-otterbrook.example-0001k2….eml`: sorts by time, tells the ticket, is unique by the letter's id.
 * The log names the file, so the name part of an address must not be in it.
 */
function fileName(letter: OutgoingLetter): string {
  const stamp = letter.date.toISOString().replace(/[-:]/g, '').replace('T', '-').slice(0, 15)
  const reference = /\[(TG-\d+)\]/.exec(letter.subject)?.[1] ?? 'letter'
  const to =
    letter.to.address
      .split('@')
      .at(-1)
      ?.replace(/[^A-Za-z0-9.-]/g, '_')
      .slice(0, 40) ?? ''
  return `${stamp}-${reference}-${to}-${letter.letterId}.eml`
}

async function writeWhole(folder: string, file: string, content: Uint8Array): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const part = `${file}.part`
  const handle = await open(part, 'w', 0o600)
  try {
    await handle.writeFile(content)
    await handle.sync()
  } finally {
    await handle.close()
  }
  await rename(part, file)
}
