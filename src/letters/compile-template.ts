/**
 * Parses and compiles templates. Every plain `{{value}}` becomes a call of `show`, which refuses a missing value and
 * names it; HTML is escaped by Handlebars, subject and text are not.
 * Fails: a template that cannot be parsed or calls an unknown function is a line in `problems`.
 */
import Handlebars from 'handlebars'
import type { TemplateFile } from './template-check.ts'
import { type Part, type RenderData, TEMPLATE_FUNCTIONS, templateFunctions } from './template-functions.ts'

export type CompiledTemplate = (view: object, data: RenderData) => string

export type Compiler = (template: TemplateFile) => CompiledTemplate

const KNOWN = Object.fromEntries(Object.keys(TEMPLATE_FUNCTIONS).map((name) => [name, true]))

/** Parses one template; null, and a problem, when its syntax is wrong. */
export function parseTemplate(source: string, file: string, problems: Set<string>): TemplateFile | null {
  try {
    return { file, ast: Handlebars.parse(source, { srcName: file }) }
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    problems.add(`${file}: ${message.split('\n').join(' ')}`)
    return null
  }
}

/** Makes the compiler of one part, with its layouts. Trees are changed in place: check them before. */
export function makeCompiler(part: Part, partials: ReadonlyMap<string, TemplateFile>): Compiler {
  const own = Handlebars.create()
  const options: CompileOptions = {
    strict: false,
    noEscape: part !== 'html',
    knownHelpers: KNOWN,
    knownHelpersOnly: true,
  }
  for (const [name, body] of Object.entries(templateFunctions(part))) {
    own.registerHelper(name, body as Handlebars.HelperDelegate)
  }
  for (const [name, partial] of partials) {
    own.registerPartial(name, own.compile(showPlainValues(partial), options))
  }
  return (template) => {
    const compiled = own.compile<object>(showPlainValues(template), options)
    return (view, data) => compiled(view, { data: { ...data } })
  }
}

/** Gives a copy of the tree in which each plain value is shown by `show`, with the place where it stands. */
function showPlainValues({ file, ast }: TemplateFile): hbs.AST.Program {
  const copy = structuredClone(ast)
  const visitor = new Handlebars.Visitor()
  visitor.MustacheStatement = (statement: hbs.AST.MustacheStatement): void => {
    const path = statement.path as hbs.AST.PathExpression
    if (statement.params.length > 0 || Object.hasOwn(TEMPLATE_FUNCTIONS, path.original)) return
    const where = `${file}:${path.loc.start.line}: {{${path.original}}}`
    const literal: hbs.AST.StringLiteral = {
      type: 'StringLiteral',
      value: where,
      original: where,
      loc: path.loc,
    }
    statement.params = [path, literal]
    statement.path = { ...path, data: false, depth: 0, parts: ['show'], original: 'show' }
  }
  visitor.accept(copy)
  return copy
}
