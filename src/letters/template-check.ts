/**
 * Checks a parsed template before it is ever used: every variable is in the letter's view, every word is in the
 * catalogue with its placeholders given, every partial and function exists, nothing goes out unescaped.
 * Fails: never; each problem is a line that names file, line and variable.
 */
import type { Shape } from './shape.ts'
import { TEMPLATE_FUNCTIONS } from './template-functions.ts'
import { keysOf, placeholdersOf, type Words } from './words.ts'

export type TemplateFile = { readonly file: string; readonly ast: hbs.AST.Program }

export type CheckAgainst = {
  /** First part of the word keys that this letter may use, beside `common`. */
  readonly letter: string
  readonly view: Shape
  /** English decides which words there must be. */
  readonly catalogues: readonly Words[]
  readonly partials: ReadonlyMap<string, TemplateFile>
  readonly problems: Set<string>
}

type Scope = { readonly here: Shape; readonly outer: Scope | null; readonly partialDepth: number }
type At = { readonly file: string; readonly scope: Scope; readonly against: CheckAgainst }

const LEAF: Shape = { kind: 'leaf' }
const UNKNOWN: Shape = { kind: 'unknown' }
const LOOP_VARIABLES: ReadonlySet<string> = new Set(['first', 'last', 'index', 'key'])
const MAX_PARTIAL_DEPTH = 8

/** Checks one template of a letter, and the partials it uses. */
export function checkTemplate(template: TemplateFile, against: CheckAgainst): void {
  const scope: Scope = { here: against.view, outer: null, partialDepth: 0 }
  checkProgram(template.ast, { file: template.file, scope, against })
}

function complain(at: At, node: hbs.AST.Node, message: string): void {
  at.against.problems.add(`${at.file}:${node.loc.start.line}: ${message}`)
}

function checkProgram(program: hbs.AST.Program, at: At): void {
  if ((program.blockParams ?? []).length > 0)
    complain(at, program, 'block parameters ("as |x|") are not known here')
  for (const statement of program.body) checkStatement(statement, at)
}

function checkStatement(statement: hbs.AST.Statement, at: At): void {
  switch (statement.type) {
    case 'ContentStatement':
    case 'CommentStatement':
      return
    case 'MustacheStatement':
      checkMustache(statement as hbs.AST.MustacheStatement, at)
      return
    case 'BlockStatement':
      checkBlock(statement as hbs.AST.BlockStatement, at)
      return
    case 'PartialStatement':
    case 'PartialBlockStatement':
      checkPartial(statement as hbs.AST.PartialBlockStatement, at)
      return
    default:
      complain(at, statement, `a ${statement.type} is not known here`)
  }
}

function checkMustache(statement: hbs.AST.MustacheStatement, at: At): void {
  const path = statement.path as hbs.AST.PathExpression
  if (!statement.escaped)
    complain(at, statement, `{{{${path.original}}}} is not escaped; use {{${path.original}}}`)
  if (Object.hasOwn(TEMPLATE_FUNCTIONS, path.original)) {
    checkCall(statement as unknown as hbs.AST.SubExpression, at)
  } else if (statement.params.length > 0 || statement.hash !== undefined) {
    complain(at, statement, `there is no function ${path.original}`)
  } else {
    const shape = shapeAt(path, at)
    if (shape.kind === 'list' || shape.kind === 'map')
      complain(at, statement, `${path.original} is no plain value`)
  }
}

function checkBlock(statement: hbs.AST.BlockStatement, at: At): void {
  const name = statement.path.original
  const [given] = statement.params
  if (!['if', 'unless', 'each'].includes(name) || given === undefined || statement.params.length > 1) {
    complain(at, statement, `{{#${name}}} is not known here: if, unless and each are, with one value`)
    return
  }
  const shape = checkExpression(given, at)
  let inner = at
  if (name === 'each') {
    if (shape.kind === 'leaf' || shape.kind === 'map') complain(at, statement, 'each needs a list')
    const here = shape.kind === 'list' ? shape.of : UNKNOWN
    inner = { ...at, scope: { here, outer: at.scope, partialDepth: at.scope.partialDepth } }
  }
  checkProgram(statement.program, inner)
  // Handlebars leaves it out when there is no else.
  if ((statement.inverse as hbs.AST.Program | undefined) !== undefined) checkProgram(statement.inverse, at)
}

function checkPartial(statement: hbs.AST.PartialBlockStatement, at: At): void {
  const name = (statement.name as hbs.AST.PathExpression).original
  if ((statement.program as hbs.AST.Program | undefined) !== undefined) checkProgram(statement.program, at)
  const more = hashShapes(statement.hash, at)
  if (name === '@partial-block') return
  const partial = at.against.partials.get(name)
  if (partial === undefined) {
    complain(at, statement, `there is no layout ${name}`)
    return
  }
  const [context] = statement.params
  const base = context === undefined ? at.scope.here : checkExpression(context, at)
  const { partialDepth } = at.scope
  if (partialDepth >= MAX_PARTIAL_DEPTH) {
    complain(at, statement, `layout ${name} uses itself`)
    return
  }
  const here: Shape =
    more.size === 0 ? base : { kind: 'map', of: new Map([...(base.kind === 'map' ? base.of : []), ...more]) }
  // As Handlebars does it: a context of its own goes on top of the caller's.
  const outer = here === at.scope.here ? at.scope.outer : at.scope
  const scope: Scope = { here, outer, partialDepth: partialDepth + 1 }
  checkProgram(partial.ast, { file: partial.file, scope, against: at.against })
}

function hashShapes(hash: hbs.AST.Hash | undefined, at: At): ReadonlyMap<string, Shape> {
  return new Map((hash?.pairs ?? []).map(({ key, value }) => [key, checkExpression(value, at)]))
}

function checkExpression(expression: hbs.AST.Expression, at: At): Shape {
  switch (expression.type) {
    case 'PathExpression':
      return shapeAt(expression as hbs.AST.PathExpression, at)
    case 'SubExpression':
      checkCall(expression as hbs.AST.SubExpression, at)
      return LEAF
    default:
      return LEAF
  }
}

function checkCall(call: hbs.AST.SubExpression, at: At): void {
  const name = call.path.original
  const known = Object.hasOwn(TEMPLATE_FUNCTIONS, name) ? TEMPLATE_FUNCTIONS[name] : undefined
  if (known === undefined || name === 'show') {
    complain(at, call, `there is no function ${name}`)
    return
  }
  if (call.params.length !== known.values) complain(at, call, `${name} takes ${known.values} value(s)`)
  for (const param of call.params) checkExpression(param, at)
  const given = [...hashShapes(call.hash, at).keys()]
  if (name === 't') checkWord(call, given, at)
  if (name === 'choose') checkGroup(call, [...given, 'value'], at)
}

function literalKey(call: hbs.AST.SubExpression, at: At): string | null {
  const [key] = call.params
  if (key?.type !== 'StringLiteral') {
    complain(at, call, `the word of ${call.path.original} must stand in quotes`)
    return null
  }
  const { value } = key as hbs.AST.StringLiteral
  const section = value.split('.')[0] ?? ''
  if (section === 'common' || section === at.against.letter) return value
  complain(at, call, `the word letters.${value} belongs to another letter`)
  return null
}

function checkWord(call: hbs.AST.SubExpression, given: readonly string[], at: At): void {
  const key = literalKey(call, at)
  if (key === null) return
  for (const words of at.against.catalogues) {
    const keys = keysOf(words, key)
    if (keys.length === 0) complain(at, call, `the word letters.${key} is missing in ${words.file}`)
    for (const each of keys) checkPlaceholders(words, each, given, at)
  }
}

function checkGroup(call: hbs.AST.SubExpression, given: readonly string[], at: At): void {
  const key = literalKey(call, at)
  if (key === null) return
  for (const words of at.against.catalogues) {
    if (!words.entries.has(`${key}.other`)) {
      complain(at, call, `the word letters.${key}.other is missing in ${words.file}`)
    }
    for (const each of words.entries.keys()) {
      if (each.startsWith(`${key}.`)) checkPlaceholders(words, each, given, at)
    }
  }
}

function checkPlaceholders(words: Words, key: string, given: readonly string[], at: At): void {
  for (const name of placeholdersOf(words.entries.get(key) ?? '')) {
    if (!given.includes(name)) {
      at.against.problems.add(`${words.file}: letters.${key} uses {${name}}, which ${at.file} does not give`)
    }
  }
}

function shapeAt(path: hbs.AST.PathExpression, at: At): Shape {
  let shape: Shape
  let parts = path.parts
  if (path.data) {
    const [first, ...rest] = parts
    if (first !== 'root') {
      if (!LOOP_VARIABLES.has(first ?? '')) complain(at, path, `there is no variable ${path.original}`)
      return LEAF
    }
    shape = at.against.view
    parts = rest
  } else {
    let scope: Scope | null = at.scope
    for (let depth = 0; depth < path.depth; depth += 1) scope = scope?.outer ?? null
    shape = scope?.here ?? UNKNOWN
  }
  for (const part of parts) {
    if (shape.kind === 'unknown') return UNKNOWN
    const inner: Shape | undefined = shape.kind === 'map' ? shape.of.get(part) : undefined
    if (inner === undefined) {
      if (shape.kind === 'list' && part === 'length') return LEAF
      complain(at, path, `there is no variable ${path.original}`)
      return UNKNOWN
    }
    shape = inner
  }
  return shape
}
