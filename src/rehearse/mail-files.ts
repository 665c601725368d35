/**
 * Finds the mails of a folder and the folders in it: .eml files, and every file in cur and new of a Maildir (also of
 * the Maildirs inside one, as Maildir++ keeps its folders). Links are not followed.
 * Fails: a folder that cannot be listed is passed over. Source: maildir(5).
 */
import { lstat, readdir } from 'node:fs/promises'
import { basename, join, relative } from 'node:path'

export type MailFile = {
  readonly path: string
  /** As people find it: the path inside the folder that was named. */
  readonly place: string
  readonly writtenAt: Date
  readonly size: number
}

/** Finds the mails in `folder`, folder by folder, by name. */
export async function* findMailFiles(folder: string): AsyncGenerator<MailFile> {
  const waiting = [folder]
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    const entries = await readdir(path, { withFileTypes: true }).catch(() => [])
    const folders = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name)
    const isMaildir = folders.includes('cur') && (folders.includes('new') || folders.includes('tmp'))
    // What is in tmp was never delivered.
    waiting.push(...folders.filter((name) => !(isMaildir && name === 'tmp')).map((name) => join(path, name)))
    const takesAll = await isPartOfMaildir(path)
    const names = entries
      .filter((entry) => entry.isFile() && !entry.name.startsWith('.'))
      .filter((entry) => takesAll || /\.eml$/i.test(entry.name))
      .map((entry) => entry.name)
    for (const name of names.toSorted()) {
      const file = join(path, name)
      const found = await lstat(file).catch(() => null)
      if (found === null) continue
      yield {
        path: file,
        place: relative(folder, file),
        writtenAt: deliveredAt(name) ?? found.mtime,
        size: found.size,
      }
    }
  }
}

async function isPartOfMaildir(path: string): Promise<boolean> {
  const name = basename(path)
  if (name !== 'cur' && name !== 'new') return false
  const beside = await readdir(join(path, '..')).catch((): string[] => [])
  return beside.includes('cur') && (beside.includes('new') || beside.includes('tmp'))
}

/** The name of a file in a Maildir begins with the second of its delivery. */
function deliveredAt(name: string): Date | null {
  const seconds = /^(\d{9,10})\./.exec(name)?.[1]
  return seconds === undefined ? null : new Date(Number(seconds) * 1000)
}
