/**
 * Reads the text of a configuration file as YAML 1.2, and remembers on which line each key stands.
 * Fails: what is no YAML becomes problems; messages quote nothing of the file, since it may hold secrets.
 */
import { isCollection, isMap, isNode, isScalar, LineCounter, type Node, parseDocument } from 'yaml'

export type Path = readonly (string | number)[]

/** `path` as people write it, `listeners[0].port`; '' is the whole file. Lines count from 1; null without a file. */
export type Problem = { readonly path: string; readonly line: number | null; readonly message: string }

/** Finds the line of a key, or of the nearest thing around it that is there. */
export type Locate = (path: Path) => number | null

export type YamlReading = {
  /** null when nothing sensible could be read. */
  readonly raw: Readonly<Record<string, unknown>> | null
  readonly problems: readonly Problem[]
  readonly locate: Locate
}

/** After so many places that are no YAML, more of them tell nothing. */
const MAX_ERRORS = 10
/** A configuration expands no more aliases than this ("billion laughs"). */
const MAX_ALIASES = 50

export function readYaml(text: string): YamlReading {
  const lines = new LineCounter()
  // Pretty errors would quote the line, and with it perhaps a password.
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false })
  const lineAt = (offset: number | undefined): number =>
    offset === undefined ? 1 : lines.linePos(offset).line
  const locate: Locate = (path) => lineAt(offsetOf(document.contents, path))
  const problems = document.errors
    // The reader stumbles on for a while after the first mistake: once per line and kind is enough.
    .map((error) => ({ line: lineAt(error.pos[0]), code: error.code }))
    .filter(({ line, code }, i, all) => line !== all[i - 1]?.line || code !== all[i - 1]?.code)
    .slice(0, MAX_ERRORS)
    .map(({ line, code }) => ({ path: '', line, message: sayError(code) }))
  // With a key given twice everything else still means something; with broken syntax nothing does.
  if (document.errors.some((error) => error.code !== 'DUPLICATE_KEY')) return { raw: null, problems, locate }
  const whole = (message: string): YamlReading => ({
    raw: null,
    problems: [...problems, { path: '', line: 1, message }],
    locate,
  })
  let raw: unknown
  try {
    raw = document.toJS({ maxAliasCount: MAX_ALIASES })
  } catch (error) {
    return whole(`has an alias (*name) that leads nowhere or expands too far: ${sayType(error)}`)
  }
  if (raw === null || raw === undefined) return { raw: {}, problems, locate }
  if (typeof raw !== 'object' || Array.isArray(raw)) return whole('must be a list of "key: value" lines')
  return { raw: { ...raw }, problems, locate }
}

/** Writes a path as people do: `listeners[0].port`. */
export function formatPath(path: Path): string {
  return path.reduce<string>((text, key) => {
    if (typeof key === 'number') return `${text}[${key}]`
    return text === '' ? key : `${text}.${key}`
  }, '')
}

/** Follows the path as far as it goes; returns where the last key or list entry found begins. */
function offsetOf(contents: unknown, path: Path): number | undefined {
  let node: unknown = contents
  let found = isNode(contents) ? startOf(contents) : undefined
  for (const key of path) {
    if (!isCollection(node)) break
    if (isMap(node)) {
      const pair = node.items.find(
        (item) => String(isScalar(item.key) ? item.key.value : item.key) === String(key),
      )
      if (pair === undefined) break
      if (isNode(pair.key)) found = startOf(pair.key)
      node = pair.value
    } else {
      node = node.items[Number(key)]
      if (!isNode(node)) break
      found = startOf(node)
    }
  }
  return found
}

function startOf(node: Node): number | undefined {
  return node.range?.[0]
}

/** Turns `BAD_INDENT` into words. */
function sayError(code: string): string {
  const words: Readonly<Record<string, string>> = {
    DUPLICATE_KEY: 'this key is given twice',
    BAD_INDENT: 'a line is not indented as the ones around it, or a closing bracket is missing',
    TAB_AS_INDENT: 'a tab is used to indent; use blanks',
    MISSING_CHAR: 'a character is missing, such as a closing quote or bracket, or the ":" behind a key',
    BLOCK_AS_IMPLICIT_KEY: 'a ":" stands inside a value; put the value in quotes',
    MULTILINE_IMPLICIT_KEY: 'a key goes over several lines; is the ":" missing?',
    BAD_SCALAR_START: 'a value starts with a reserved character; put it in quotes',
    UNEXPECTED_TOKEN: 'something stands here that does not belong here',
    MULTIPLE_DOCS: 'only one document is allowed ("---" begins another)',
  }
  const said = words[code] ?? code.toLowerCase().replaceAll('_', ' ')
  return code === 'DUPLICATE_KEY' ? said : `is not YAML: ${said}`
}

function sayType(error: unknown): string {
  return error instanceof Error ? error.name : 'unknown'
}
