/**
 * Reads the public fixtures and the sample mails that are measured against, when they are there.
 * Fails: a folder that is absent gives an empty list; a file that cannot be read throws.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

export type Expectation = Readonly<Record<string, unknown>>

/** One mail with what is expected of it; `measure` and `folder` are the two path parts above it. */
export type Fixture = {
  readonly measure: string
  readonly folder: string
  readonly name: string
  readonly content: Uint8Array
  readonly expected: Expectation
}

/** Reads `corpus/<measure>/<folder>/<name>.eml` with its `.json`, in order of path. */
export function readCorpus(corpus: string): Fixture[] {
  if (!existsSync(corpus)) return []
  return foldersIn(corpus).flatMap((measure) =>
    foldersIn(join(corpus, measure)).flatMap((folder) =>
      readFolder(join(corpus, measure, folder), measure, folder),
    ),
  )
}

/** Reads `samples/intake/NNN.eml` with their `.json`. */
export function readSamples(samples: string): Fixture[] {
  const folder = join(samples, 'intake')
  return existsSync(folder) ? readFolder(folder, 'samples', 'intake') : []
}

function foldersIn(path: string): string[] {
  return readdirSync(path, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort()
}

function readFolder(path: string, measure: string, folder: string): Fixture[] {
  return readdirSync(path)
    .filter((name) => name.endsWith('.eml') && existsSync(join(path, name.replace(/\.eml$/, '.json'))))
    .sort()
    .map((name) => ({
      measure,
      folder,
      name: name.replace(/\.eml$/, ''),
      content: readFileSync(join(path, name)),
      expected: JSON.parse(readFileSync(join(path, name.replace(/\.eml$/, '.json')), 'utf8')) as Expectation,
    }))
}
