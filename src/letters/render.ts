/**
 * Renders a letter: subject, text and HTML, wholly in one language. Pure and synchronous, so that it can run inside a
 * transaction.
 * Fails: throws when a template asks for what the model does not have; the check at load has tried every branch.
 */
import { cleanInline } from './clean-text.ts'
import type { CompiledTemplate } from './compile-template.ts'
import { cutText } from './head-view.ts'
import type { BrandLook, FieldText, LetterHead, LetterName, Models, RenderedLetter } from './models.ts'
import type { RenderData } from './template-functions.ts'
import { makeView } from './views.ts'
import type { Words } from './words.ts'
import { wrapText } from './wrap-text.ts'

export type CompiledLetter = {
  readonly subject: CompiledTemplate
  readonly text: CompiledTemplate
  readonly html: CompiledTemplate
}

export type Letters = {
  render<N extends LetterName>(name: N, model: Models[N], head: LetterHead): RenderedLetter
  /** Codes of the languages that letters are written in. */
  readonly languages: readonly string[]
  /** Titles, hints and examples of the shipped fields in a language, for previews. */
  fieldTexts(language: string): readonly FieldText[]
}

export type LetterParts = {
  readonly letters: ReadonlyMap<LetterName, CompiledLetter>
  /** By letter, then by language. */
  readonly wordsOf: ReadonlyMap<LetterName, ReadonlyMap<string, Words>>
  readonly brand: BrandLook
  readonly languages: readonly string[]
  readonly fallback: string
  /** Titles, hints and examples of the shipped fields, by language. */
  readonly textsOf: ReadonlyMap<string, readonly FieldText[]>
}

/** RFC 5322 §2.1.1 allows 998; a subject that a person reads is far shorter. */
const MAX_SUBJECT_CHARACTERS = 300

/** Makes the renderer of compiled letters. */
export function makeLetters(parts: LetterParts): Letters {
  const fallbackTexts = parts.textsOf.get(parts.fallback) ?? []
  return {
    languages: parts.languages,
    fieldTexts: (language) => parts.textsOf.get(language) ?? fallbackTexts,
    render(name, model, head) {
      const compiled = parts.letters.get(name)
      if (compiled === undefined) throw new Error(`there is no letter ${name}`)
      const words = chooseWords(parts, name, head.language)
      const fellBack = words.language === parts.fallback && !sameLanguage(head.language, parts.fallback)
      const view = makeView(name, fellBack ? withTexts(model, fallbackTexts) : model, head, {
        brand: parts.brand,
        language: words.language,
      })
      const data: RenderData = { words, zone: head.timeZone }
      return {
        subject: cutText(cleanInline(compiled.subject(view, data)), MAX_SUBJECT_CHARACTERS),
        text: `${wrapText(tidy(compiled.text(view, data)))}\n`,
        html: compiled.html(view, data),
      }
    },
  }
}

function sameLanguage(one: string, other: string): boolean {
  return one.split('-')[0] === other.split('-')[0]
}

/** The language itself, else without its region (`de-AT` is `de`), else the fallback. */
function chooseWords(parts: LetterParts, name: LetterName, language: string): Words {
  const known = parts.wordsOf.get(name)
  const words =
    known?.get(language) ?? known?.get(language.split('-')[0] ?? language) ?? known?.get(parts.fallback)
  if (words === undefined) throw new Error(`the letter ${name} has no words`)
  return words
}

/** The model's titles and hints are in the language that was asked for; a letter must not mix two. */
function withTexts<M extends object>(model: M, texts: readonly FieldText[]): M {
  if (!('fieldTexts' in model)) return model
  const given = model.fieldTexts as readonly FieldText[]
  const fieldTexts = given.map((text) => {
    const known = texts.find(({ name }) => name === text.name)
    return known === undefined ? text : { ...known, group: text.group }
  })
  return { ...model, fieldTexts }
}

/** Templates leave empty lines where a block was left out: one is enough. */
function tidy(text: string): string {
  return text
    .split('\n')
    .map((line) => (line === '-- ' ? line : line.trimEnd()))
    .filter((line, at, lines) => line !== '' || (at > 0 && lines[at - 1] !== ''))
    .join('\n')
    .trim()
}
