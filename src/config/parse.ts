/**
 * Parses what the YAML held by the schema, and finds every mistake of it: a value that does not fit is taken out and the
 * rest parsed again, so that one mistake does not hide the next.
 * Fails: never; without a finding the input is exactly what the file says.
 */
import { z } from 'zod'
import { asSchema, type Finding, findingsOf, type JsonSchema, wordIssue } from './problems.ts'
import type { ConfigInput, configSchema } from './schema.ts'
import type { Path } from './yaml.ts'

export type Parsed = {
  readonly input: ConfigInput
  readonly findings: readonly Finding[]
  /** What was taken out before the rest could be parsed. */
  readonly taken: readonly Path[]
}

type Schema = ReturnType<typeof configSchema>

/** Each round takes out all that it finds, so a few are enough; the bound is for what cannot be taken out. */
const MAX_ROUNDS = 20

/** Parses the file's content; a section whose keys are all commented out (null) means its defaults. */
export function parseAll(schema: Schema, raw: Readonly<Record<string, unknown>>): Parsed {
  const jsonSchema = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' })
  const findings: Finding[] = []
  const taken: Path[] = []
  const rest = structuredClone(dropEmptySections(raw, jsonSchema))
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const parsed = schema.safeParse(rest, { error: wordIssue })
    if (parsed.success) return { input: parsed.data, findings, taken }
    const found = findingsOf(parsed.error.issues, jsonSchema)
    findings.push(...found.filter((one) => !taken.some((path) => touches(path, one.path))))
    for (const one of found) taken.push(takeOut(rest, one.path))
  }
  return { input: schema.parse({}), findings, taken: [...taken, []] }
}

/** Removes the value at a path, or the thing that should have had it; of a list, the whole list. Returns what went. */
function takeOut(root: Record<string, unknown>, path: Path): Path {
  let place: unknown = root
  let last: { holder: Record<string, unknown>; key: string; length: number } | null = null
  for (const [i, key] of path.entries()) {
    if (typeof place !== 'object' || place === null) break
    const value: unknown = Reflect.get(place, key)
    // Entries of a list keep their numbers, which lines are found by: only keys of mappings are taken out.
    if (!Array.isArray(place) && value !== undefined) {
      last = { holder: place as Record<string, unknown>, key: String(key), length: i + 1 }
    }
    place = value
  }
  if (last === null) return path
  delete last.holder[last.key]
  return path.slice(0, last.length)
}

/** Is one of the two paths the other, or around it? */
export function touches(a: Path, b: Path): boolean {
  return a.slice(0, b.length).every((key, i) => key === b[i])
}

function dropEmptySections(
  raw: Readonly<Record<string, unknown>>,
  schema: JsonSchema,
): Record<string, unknown> {
  const sections = asSchema(schema['properties'])
  return Object.fromEntries(
    Object.entries(raw).filter(
      ([key, value]) => value !== null || asSchema(sections[key])['type'] !== 'object',
    ),
  )
}
