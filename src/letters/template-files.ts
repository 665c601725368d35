/**
 * Finds templates and word catalogues: the shipped folder, and over it, file by file, the operator's own.
 * Fails: an unreadable folder or file is a fault that names it; a file of the operator that replaces nothing is a problem,
 * since it is most likely misspelt.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, relative, sep } from 'node:path'

export type Folders = {
  readonly shipped: string
  /** null when the operator has none. */
  readonly override: string | null
}

/** Path below the folder, with `/`, and the file that counts. */
export type FoundFiles = ReadonlyMap<string, string>

const WORDS_FOLDER = 'words/'
const LAYOUTS_FOLDER = 'layouts/'

function filesIn(folder: string): FoundFiles {
  const found = new Map<string, string>()
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue
    const file = join(entry.parentPath, entry.name)
    const path = relative(folder, file).split(sep).join('/')
    if (/^(?:[a-z-]+\/[a-z-]+\.hbs|words\/[a-zA-Z0-9-]+\.yaml)$/.test(path)) found.set(path, file)
  }
  return found
}

/** Finds every file; `problems` gets a line for one of the operator's that replaces nothing. */
export function findFiles(folders: Folders, problems: Set<string>): FoundFiles {
  const found = new Map(filesIn(folders.shipped))
  if (folders.override === null) return found
  if (!existsSync(folders.override)) {
    problems.add(`${folders.override}: there is no such folder`)
    return found
  }
  for (const [path, file] of filesIn(folders.override)) {
    const mayBeNew = path.startsWith(WORDS_FOLDER) || path.startsWith(LAYOUTS_FOLDER)
    if (!mayBeNew && !found.has(path)) problems.add(`${file}: replaces no template of this name`)
    found.set(path, file)
  }
  return found
}

/** Gives the catalogue files by language code. */
export function wordFiles(
  found: FoundFiles,
): readonly { readonly language: string; readonly file: string }[] {
  return [...found]
    .filter(([path]) => path.startsWith(WORDS_FOLDER))
    .map(([path, file]) => ({ language: path.slice(WORDS_FOLDER.length, -'.yaml'.length), file }))
    .sort((one, other) => (one.language < other.language ? -1 : 1))
}

/** Gives the layouts by name. */
export function layoutFiles(found: FoundFiles): ReadonlyMap<string, string> {
  return new Map(
    [...found]
      .filter(([path]) => path.startsWith(LAYOUTS_FOLDER))
      .map(([path, file]) => [path.slice(LAYOUTS_FOLDER.length, -'.hbs'.length), file]),
  )
}

/** Reads a text file. */
export function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    throw new Error(`${file} cannot be read`, { cause: error })
  }
}
