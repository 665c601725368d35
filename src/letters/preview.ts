/**
 * Writes every sample letter in every language to files, with a page that shows them all: what an operator looks at
 * after changing a template or a wording.
 * Fails: a folder that cannot be written is a fault.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { LetterName, RenderedLetter } from './models.ts'
import type { Letters } from './render.ts'
import { samplesOf } from './sample-models.ts'
import { LETTER_NAMES } from './views.ts'

type Preview = {
  readonly name: LetterName
  readonly title: string
  readonly language: string
  /** File name without its ending. */
  readonly stem: string
  readonly letter: RenderedLetter
}

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

function escapeHtml(text: string): string {
  return text.replace(/[&<>"]/g, (char) => ESCAPES[char] ?? char)
}

function renderAll(letters: Letters): readonly Preview[] {
  return letters.languages.flatMap((language) =>
    LETTER_NAMES.flatMap((name) =>
      samplesOf(name, letters.fieldTexts(language)).map(({ title, model, head }) => ({
        name,
        title,
        language,
        stem: `${name}.${title}.${language}`,
        letter: letters.render(name, model, { ...head, language }),
      })),
    ),
  )
}

function indexPage(previews: readonly Preview[]): string {
  const sections = previews.map(({ name, title, language, stem, letter }) => {
    const heading = escapeHtml(`${name}, ${title}, ${language}`)
    return `<section><h2>${heading}</h2><p><b>${escapeHtml(letter.subject)}</b> &middot; <a href="${stem}.html">HTML</a> &middot; <a href="${stem}.txt">text</a></p>
<div class="pair"><iframe src="${stem}.html" title="${heading}" loading="lazy"></iframe><pre>${escapeHtml(letter.text)}</pre></div></section>`
  })
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Letters</title><style>
:root { color-scheme: light dark; } body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem; }
.pair { display: flex; flex-wrap: wrap; gap: 1rem; } iframe, pre { flex: 1 1 420px; height: 720px; margin: 0; border: 1px solid #8888; }
pre { overflow: auto; padding: 1rem; box-sizing: border-box; font-size: 13px; }
</style></head><body><h1>Letters</h1>
${sections.join('\n')}
</body></html>
`
}

/** Writes the samples as `<letter>.<sample>.<language>.html`, `.txt` and `.subject`, and `index.html`; gives the files. */
export function previewLetters(letters: Letters, folder: string): readonly string[] {
  mkdirSync(folder, { recursive: true })
  const previews = renderAll(letters)
  const contents: readonly (readonly [string, string])[] = [
    ['index.html', indexPage(previews)],
    ...previews.flatMap(({ stem, letter }) => [
      [`${stem}.html`, letter.html] as const,
      [`${stem}.txt`, letter.text] as const,
      [`${stem}.subject`, `${letter.subject}\n`] as const,
    ]),
  ]
  return contents.map(([name, content]) => {
    const file = join(folder, name)
    writeFileSync(file, content)
    return file
  })
}
