/**
 * Turns what a Zod schema found wrong into problems for people: path, line, and a plain sentence with the next step.
 * Fails: never. A message never quotes a value, since it may be a secret; names of unknown keys are quoted.
 */
import { z } from 'zod'
import { nearest } from '../nearest.ts'
import { formatPath, type Locate, type Path, type Problem } from './yaml.ts'

/** What the walk below needs of a JSON Schema. */
export type JsonSchema = { readonly [key: string]: unknown }

/** A problem with its place still as a path; `also` are the other keys that it takes into account. */
export type Finding = { readonly path: Path; readonly message: string; readonly also?: readonly Path[] }

/** Gives the words for one issue; handed to `safeParse`, so that sentences of the schema itself come first. */
export function wordIssue(issue: z.core.$ZodRawIssue): string {
  const { input } = issue
  switch (issue.code) {
    case 'invalid_type':
      if (input === undefined) return 'is missing'
      if (input === null)
        return 'is empty; give a value (in quotes when it begins with "#"), or leave the key out'
      return `must be ${sayKind(issue.expected)}`
    case 'invalid_value':
      return `must be one of: ${issue.values.map(String).join(', ')}`
    case 'too_small':
      return issue.origin === 'string' || issue.origin === 'array'
        ? 'must not be empty'
        : `must be ${issue.inclusive === false ? 'more than' : 'at least'} ${issue.minimum}`
    case 'too_big':
      return sayTooBig(issue.origin, Number(issue.maximum))
    case 'invalid_key':
      return 'is no proper name: use a-z, 0-9 and "_", starting with a letter'
    case 'unrecognized_keys':
      return 'is not known'
    default:
      return 'has the wrong form'
  }
}

/** Makes findings of Zod's issues; an unknown key is one finding each, with the nearest key that exists. */
export function findingsOf(issues: readonly z.core.$ZodIssue[], schema: JsonSchema): readonly Finding[] {
  return issues.flatMap((issue): readonly Finding[] => {
    const path = issue.path.map((key) => (typeof key === 'number' ? key : String(key)))
    if (issue.code === 'unrecognized_keys') {
      const known = knownKeys(schema, path)
      return issue.keys.map((key) => ({ path: [...path, key], message: sayUnknown(key, known) }))
    }
    return [{ path, message: issue.message }]
  })
}

export function toProblem(finding: Finding, locate: Locate): Problem {
  return { path: formatPath(finding.path), line: locate(finding.path), message: finding.message }
}

/** Writes all problems (or warnings) as lines for a terminal. */
export function formatProblems(file: string | null, problems: readonly Problem[]): string {
  const place = (problem: Problem): string =>
    [file ?? 'configuration', ...(problem.line === null ? [] : [String(problem.line)])].join(':')
  return problems
    .map((problem) =>
      [`${place(problem)}:`, ...(problem.path === '' ? [] : [problem.path]), problem.message].join(' '),
    )
    .join('\n')
}

function sayUnknown(key: string, known: readonly string[]): string {
  const guess = nearest(key, known)
  if (guess !== null) return `is not known; did you mean "${guess}"?`
  return known.length === 0 ? 'is not known' : `is not known; known here: ${known.join(', ')}`
}

function sayKind(expected: string): string {
  const words: Readonly<Record<string, string>> = {
    string: 'a text; put it in quotes',
    number: 'a number',
    int: 'a whole number',
    boolean: 'true or false',
    array: 'a list',
    object: 'a group of "key: value" lines',
    record: 'a group of "key: value" lines',
  }
  return words[expected] ?? expected
}

function sayTooBig(origin: string, maximum: number): string {
  if (origin === 'string') return `is too long; at most ${maximum} characters`
  return origin === 'array' ? `has too many entries; at most ${maximum}` : `must be at most ${maximum}`
}

/** Lists the keys that exist at a path of the schema. */
function knownKeys(schema: JsonSchema, path: Path): readonly string[] {
  let places: readonly JsonSchema[] = [schema]
  for (const key of path) places = places.flatMap(branches).flatMap((place) => step(place, key))
  return [...new Set(places.flatMap(branches).flatMap((place) => Object.keys(asSchema(place['properties']))))]
}

function branches(schema: JsonSchema): readonly JsonSchema[] {
  const choices = ['anyOf', 'oneOf', 'allOf'].flatMap((word): readonly unknown[] => {
    const list = schema[word]
    return Array.isArray(list) ? list : []
  })
  return [schema, ...choices.map(asSchema).flatMap(branches)]
}

function step(schema: JsonSchema, key: string | number): readonly JsonSchema[] {
  const next =
    typeof key === 'number'
      ? schema['items']
      : (asSchema(schema['properties'])[key] ?? schema['additionalProperties'])
  return next === undefined ? [] : [asSchema(next)]
}

/** Returns an object as a schema; anything else as an empty one. */
export function asSchema(value: unknown): JsonSchema {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value))
    : {}
}
