/**
 * Loads word catalogues and letters at start and checks everything: every template of every language is parsed,
 * checked against its view and its words, and rendered with samples.
 * Fails: an Error that lists every problem at once, each with file, line and variable.
 */
import { parseDocument } from 'yaml'
import { type CompiledTemplate, type Compiler, makeCompiler, parseTemplate } from './compile-template.ts'
import type { BrandLook, LetterName } from './models.ts'
import { type CompiledLetter, type Letters, makeLetters } from './render.ts'
import { samplesOf } from './sample-models.ts'
import { sampleTexts } from './sample-parts.ts'
import { mergeShapes, type Shape, shapeOf } from './shape.ts'
import { checkTemplate, type TemplateFile } from './template-check.ts'
import {
  type Folders,
  type FoundFiles,
  findFiles,
  layoutFiles,
  readText,
  wordFiles,
} from './template-files.ts'
import type { Part } from './template-functions.ts'
import { LETTER_NAMES, makeView } from './views.ts'
import { isPluralKey, keysOf, readWords, type Words } from './words.ts'

/** One language's file: how partners write, what letters say. `fields` and `reading` are for `intake/build-policy.ts`. */
export type Catalogue = {
  readonly language: string
  readonly name: string
  readonly file: string
  readonly fields: unknown
  readonly reading: unknown
  readonly letters: unknown
}

const FALLBACK_LANGUAGE = 'en'
const PARTS: readonly Part[] = ['subject', 'text', 'html']

function lettersError(problems: ReadonlySet<string>): Error {
  return new Error(`the letters cannot be used:\n${[...problems].map((line) => `  ${line}`).join('\n')}`)
}

/** Reads every catalogue, the operator's in place of the shipped one of the same language. */
export function loadCatalogues(folders: Folders): Record<string, Catalogue> {
  const problems = new Set<string>()
  const catalogues = readCatalogues(findFiles(folders, problems), problems)
  if (problems.size > 0) throw lettersError(problems)
  return catalogues
}

function readCatalogues(found: FoundFiles, problems: Set<string>): Record<string, Catalogue> {
  const catalogues: Record<string, Catalogue> = {}
  for (const { language, file } of wordFiles(found)) {
    const document = parseDocument(readText(file))
    for (const error of document.errors) problems.add(`${file}: ${error.message.split('\n')[0] ?? ''}`)
    if (document.errors.length > 0) continue
    const content: unknown = document.toJS()
    const part = (name: string): unknown =>
      content !== null && typeof content === 'object' ? (content as Record<string, unknown>)[name] : undefined
    const given = part('language')
    const name = part('name')
    if (given !== language) problems.add(`${file}: language must be ${language}, as the file is called`)
    if (typeof name !== 'string') problems.add(`${file}: name is missing`)
    catalogues[language] = {
      language,
      name: typeof name === 'string' ? name : language,
      file,
      fields: part('fields') ?? null,
      reading: part('reading') ?? null,
      letters: part('letters') ?? null,
    }
  }
  if (catalogues[FALLBACK_LANGUAGE] === undefined) problems.add('words/en.yaml is missing')
  return catalogues
}

/** Loads, checks and compiles all letters. */
export function loadLetters(options: Folders & { readonly brand: BrandLook }): Letters {
  const problems = new Set<string>()
  const found = findFiles(options, problems)
  const catalogues = readCatalogues(found, problems)
  const layouts = parseAll(layoutFiles(found), problems)
  const english = catalogues[FALLBACK_LANGUAGE]
  if (english === undefined) throw lettersError(problems)
  const words = new Map<string, Words>()
  for (const { language, file, letters } of Object.values(catalogues)) {
    if (letters !== null) words.set(language, readWords(letters, language, file, problems))
  }
  const englishWords = words.get(FALLBACK_LANGUAGE)
  if (englishWords === undefined) {
    problems.add(`${english.file}: letters is missing`)
    throw lettersError(problems)
  }

  const compilers: Compilers = {
    subject: makeCompiler('subject', layouts),
    text: makeCompiler('text', layouts),
    html: makeCompiler('html', layouts),
  }
  const letters = new Map<LetterName, CompiledLetter>()
  const wordsOf = new Map<LetterName, ReadonlyMap<string, Words>>()
  for (const name of LETTER_NAMES) {
    const own = [...words.values()].filter((each) => writesLetter(each, name))
    for (const each of own) compareWords(each, englishWords, name, problems)
    const checked = {
      name,
      view: viewShape(name, options.brand, english),
      catalogues: own,
      layouts,
      compilers,
    }
    const compiled = compileLetter(found, checked, problems)
    if (compiled !== null) letters.set(name, compiled)
    wordsOf.set(name, new Map(own.map((each) => [each.language, each])))
  }
  if (problems.size > 0) throw lettersError(problems)
  const loaded = makeLetters({
    letters,
    wordsOf,
    brand: options.brand,
    languages: [...words.keys()],
    fallback: FALLBACK_LANGUAGE,
    textsOf: new Map(Object.values(catalogues).map((each) => [each.language, sampleTexts(each.fields)])),
  })
  renderSamples(loaded, problems)
  if (problems.size > 0) throw lettersError(problems)
  return loaded
}

function parseAll(
  files: ReadonlyMap<string, string>,
  problems: Set<string>,
): ReadonlyMap<string, TemplateFile> {
  const parsed = new Map<string, TemplateFile>()
  for (const [name, file] of files) {
    const template = parseTemplate(readText(file), file, problems)
    if (template !== null) parsed.set(name, template)
  }
  return parsed
}

/** A language without a word of its own for a letter leaves that letter to English, whole. */
function writesLetter(words: Words, name: LetterName): boolean {
  return [...words.entries.keys()].some((key) => key.startsWith(`${name}.`))
}

/** A letter is wholly in one language: whatever English says, this language says too, and nothing else. */
function compareWords(words: Words, english: Words, name: LetterName, problems: Set<string>): void {
  const isOurs = (key: string): boolean => key.startsWith(`${name}.`) || key.startsWith('common.')
  const plain = (key: string): string => (isPluralKey(key) ? key.replace(/\.[a-z]+$/, '') : key)
  for (const key of english.entries.keys()) {
    if (isOurs(key) && keysOf(words, plain(key)).length === 0) {
      problems.add(`${words.file}: the word letters.${plain(key)} is missing`)
    }
  }
  for (const key of words.entries.keys()) {
    if (isOurs(key) && keysOf(english, plain(key)).length === 0) {
      problems.add(`${words.file}: there is no word letters.${key} in English`)
    }
  }
}

function viewShape(name: LetterName, brand: BrandLook, english: Catalogue): Shape {
  const texts = sampleTexts(english.fields)
  return mergeShapes(
    samplesOf(name, texts).map(({ model, head }) =>
      shapeOf(
        makeView(
          name,
          model,
          { ...head, language: FALLBACK_LANGUAGE },
          { brand, language: FALLBACK_LANGUAGE },
        ),
      ),
    ),
  )
}

type Compilers = Readonly<Record<Part, Compiler>>

type Checked = {
  readonly name: LetterName
  readonly view: Shape
  readonly catalogues: readonly Words[]
  readonly layouts: ReadonlyMap<string, TemplateFile>
  readonly compilers: Compilers
}

function compileLetter(found: FoundFiles, checked: Checked, problems: Set<string>): CompiledLetter | null {
  const { name, view, catalogues, layouts, compilers } = checked
  const compiled: Partial<Record<Part, CompiledTemplate>> = {}
  for (const part of PARTS) {
    const path = `${name}/${part}.hbs`
    const file = found.get(path)
    if (file === undefined) {
      problems.add(`${path} is missing`)
      continue
    }
    const template = parseTemplate(readText(file), file, problems)
    if (template === null) continue
    const before = problems.size
    checkTemplate(template, { letter: name, view, catalogues, partials: layouts, problems })
    // What does not hold is not compiled: its message would only say the same in other words.
    if (problems.size === before) compiled[part] = compilers[part](template)
  }
  const { subject, text, html } = compiled
  return subject === undefined || text === undefined || html === undefined ? null : { subject, text, html }
}

/** Renders every letter in every language once, so that what the check cannot see fails now and not at night. */
function renderSamples(letters: Letters, problems: Set<string>): void {
  for (const language of letters.languages) {
    for (const name of LETTER_NAMES) {
      for (const sample of samplesOf(name, letters.fieldTexts(language))) {
        try {
          letters.render(name, sample.model, { ...sample.head, language })
        } catch (error) {
          problems.add(error instanceof Error ? error.message : String(error))
        }
      }
    }
  }
}
