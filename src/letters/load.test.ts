/** What is found at start: broken templates and words, and the operator's own folder. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { loadCatalogues, loadLetters } from './load.ts'
import { previewLetters } from './preview.ts'
import { samplesOf } from './sample-models.ts'
import { LETTER_NAMES } from './views.ts'

const SHIPPED = join(import.meta.dirname, '../../templates')
const BRAND = { name: 'Hosting Desk', url: null, logoText: 'Hosting', accentColour: '#1f5f8b' }

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ticketgate-letters-'))
})
afterEach(() => {
  rmSync(folder, { recursive: true, force: true })
})

function put(path: string, content: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true })
  writeFileSync(join(folder, path), content)
}

function load() {
  return loadLetters({ shipped: SHIPPED, override: folder, brand: BRAND })
}

function faultOf(work: () => unknown): string {
  try {
    work()
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
  return 'no fault'
}

/** The shipped words of a language with one line changed. */
function changedWords(language: string, line: RegExp, by: string): string {
  const words = readFileSync(join(SHIPPED, `words/${language}.yaml`), 'utf8')
  const changed = words.replace(line, by)
  if (changed === words) throw new Error(`nothing in ${language}.yaml matches ${String(line)}`)
  return changed
}

describe('a template that does not hold fails at start', () => {
  const cases: readonly (readonly [string, string, string, string])[] = [
    [
      'an unknown variable',
      'checklist/text.hbs',
      'a\n{{refernce}}',
      'checklist/text.hbs:2: there is no variable refernce',
    ],
    [
      'an unknown variable in a condition',
      'checklist/text.hbs',
      '{{#if missng}}a{{/if}}',
      ':1: there is no variable missng',
    ],
    [
      'an unknown variable of a list',
      'checklist/text.hbs',
      '{{#each items}}{{titel}}{{/each}}',
      ':1: there is no variable titel',
    ],
    [
      'an unknown variable in a branch that is rarely taken',
      'checklist/text.hbs',
      '{{#if severalCustomers}}{{#unless reference}}{{oops}}{{/unless}}{{/if}}',
      ':1: there is no variable oops',
    ],
    [
      'an unknown variable of the brand',
      'held-digest/html.hbs',
      '{{brand.colour}}',
      'held-digest/html.hbs:1: there is no variable brand.colour',
    ],
    [
      'an unknown variable as a value of a word',
      'checklist/text.hbs',
      '{{t "common.greeting" name=recipent}}',
      ':1: there is no variable recipent',
    ],
    [
      'an unknown word',
      'checklist/text.hbs',
      '{{t "checklist.introo"}}',
      ':1: the word letters.checklist.introo is missing in',
    ],
    [
      'an unknown group of words',
      'checklist/text.hbs',
      '{{choose "common.moods" reference}}',
      ':1: the word letters.common.moods.other is missing in',
    ],
    [
      "another letter's word",
      'checklist/text.hbs',
      '{{t "acknowledgement.intro"}}',
      ':1: the word letters.acknowledgement.intro belongs to another letter',
    ],
    [
      'a word that is not in quotes',
      'checklist/text.hbs',
      '{{t reference}}',
      ':1: the word of t must stand in quotes',
    ],
    [
      'a value that the word needs',
      'checklist/text.hbs',
      '{{t "common.greeting"}}',
      'letters.common.greeting uses {name}',
    ],
    ['an unknown function', 'checklist/text.hbs', '{{shout reference}}', ':1: there is no function shout'],
    [
      'the inner function show',
      'checklist/text.hbs',
      '{{show reference "x"}}',
      ':1: there is no function show',
    ],
    ['an unknown layout', 'checklist/html.hbs', '{{> html-pag}}', ':1: there is no layout html-pag'],
    [
      'a layout that uses itself',
      'layouts/text-greeting.hbs',
      '{{> text-greeting}}',
      'layout text-greeting uses itself',
    ],
    ['unescaped output', 'checklist/html.hbs', '{{{stem}}}', ':1: {{{stem}}} is not escaped'],
    ['a list shown as a value', 'checklist/text.hbs', '{{items}}', ':1: items is no plain value'],
    ['each over a text', 'checklist/text.hbs', '{{#each stem}}a{{/each}}', ':1: each needs a list'],
    [
      'an unknown block',
      'checklist/text.hbs',
      '{{#with brand}}a{{/with}}',
      ':1: {{#with}} is not known here',
    ],
    ['block parameters', 'checklist/text.hbs', '{{#each items as |item|}}a{{/each}}', 'block parameters'],
    ['bad syntax', 'checklist/text.hbs', '{{#if stem}}a', 'checklist/text.hbs: Parse error on line 1'],
    [
      'a misspelt file name',
      'checklist/txt.hbs',
      'a',
      'checklist/txt.hbs: replaces no template of this name',
    ],
  ]
  test.each(cases)('%s', (_what, path, content, expected) => {
    put(path, content)
    expect(faultOf(load)).toContain(expected)
  })

  test('all problems are told at once', () => {
    put('checklist/text.hbs', '{{one}}\n{{two}}')
    put('agent-answer/html.hbs', '{{three}}')
    const fault = faultOf(load)
    for (const name of ['one', 'two', 'three']) expect(fault).toContain(`there is no variable ${name}`)
  })

  test('a value that is null where it is shown is a fault and not an empty place', () => {
    put('checklist/text.hbs', '{{recipient}}')
    expect(faultOf(load)).toMatch(/checklist\/text\.hbs:1: \{\{recipient\}\} has no value to show/)
  })
})

describe('a catalogue that does not hold fails at start', () => {
  test('a word missing in English', () => {
    put('words/en.yaml', changedWords('en', /\n {4}notOpen: .*/, ''))
    expect(faultOf(load)).toMatch(/the word letters\.checklist\.notOpen is missing in .*words\/en\.yaml/)
  })

  test('a word missing in another language', () => {
    put('words/de.yaml', changedWords('de', /\n {4}notOpen: .*/, ''))
    expect(faultOf(load)).toMatch(/words\/de\.yaml: the word letters\.checklist\.notOpen is missing/)
  })

  test('a misspelt word in another language', () => {
    put('words/de.yaml', changedWords('de', /\n {4}notOpen: /, '\n    notOpenn: '))
    expect(faultOf(load)).toMatch(/words\/de\.yaml: there is no word letters\.checklist\.notOpenn in English/)
  })

  test('a placeholder that the letter does not give', () => {
    put('words/en.yaml', changedWords('en', /\n {4}notOpen: .*/, "\n    notOpen: 'Dear {nme}'"))
    expect(faultOf(load)).toMatch(
      /words\/en\.yaml: letters\.checklist\.notOpen uses \{nme\}, which .* does not give/,
    )
  })

  test('a brace that is no placeholder', () => {
    put('words/en.yaml', changedWords('en', /\n {4}notOpen: .*/, "\n    notOpen: 'Dear {name'"))
    expect(faultOf(load)).toContain('letters.checklist.notOpen has a { or } that belongs to no {placeholder}')
  })

  test('a word that is no text', () => {
    put('words/en.yaml', changedWords('en', /\n {4}notOpen: .*/, '\n    notOpen: 7'))
    expect(faultOf(load)).toContain('letters.checklist.notOpen must be a text')
  })

  test('bad YAML, or a language under the name of another', () => {
    put('words/fr.yaml', 'language: [')
    expect(faultOf(load)).toContain('words/fr.yaml: ')
    put('words/fr.yaml', 'language: de\nname: x\n')
    expect(faultOf(load)).toContain('words/fr.yaml: language must be fr')
  })

  test('a folder that is not there', () => {
    const fault = faultOf(() =>
      loadLetters({ shipped: SHIPPED, override: join(folder, 'none'), brand: BRAND }),
    )
    expect(fault).toContain('there is no such folder')
  })
})

describe("the operator's own folder", () => {
  test('replaces single files and leaves the others', () => {
    put('agent-answer/text.hbs', '{{block answer}}\n\nYours, {{agentName}}\n')
    const letters = load()
    const [sample] = samplesOf('agent-answer', [])
    if (sample === undefined) throw new Error('no sample')
    const { text, html } = letters.render('agent-answer', sample.model, sample.head)
    expect(text).toMatch(/\n\nYours, Mara Lind\n$/)
    expect(html).toContain('Mara Lind, Hosting Desk')
  })

  test('changes a wording', () => {
    put('words/en.yaml', changedWords('en', /greeting: 'Hello \{name\},'/, "greeting: 'Dear {name},'"))
    const [sample] = samplesOf('checklist', [])
    if (sample === undefined) throw new Error('no sample')
    expect(load().render('checklist', sample.model, sample.head).text).toMatch(/^Dear Fenella Brandt,/)
  })

  test('may teach a new language to read before it writes: its letters fall back whole', () => {
    put('words/sv.yaml', 'language: sv\nname: Svenska\nfields: {}\nreading: {}\n')
    const letters = load()
    expect(letters.languages).not.toContain('sv')
    expect(loadCatalogues({ shipped: SHIPPED, override: folder })['sv']?.name).toBe('Svenska')
  })

  test('may write one letter in a new language: the others fall back whole', () => {
    const english = readFileSync(join(SHIPPED, 'words/en.yaml'), 'utf8')
    const letters = english.slice(english.indexOf('\nletters:'))
    const common = letters.slice(letters.indexOf('\n  common:'), letters.indexOf('\n  checklist:'))
    const answer =
      "\n  agent-answer:\n    preheader: 'Svar {agent}'\n    ticket: 'Svara {reference}'\n    signed: 'Hej {agent} {brand}'\n    closing: { resolved: klart, closed: stängt, other: '{value}' }\n"
    put('words/sv.yaml', `language: sv\nname: Svenska\nletters:${common}${answer}`)
    const loaded = load()
    const [ours] = samplesOf('agent-answer', [])
    const [other] = samplesOf('checklist', [])
    if (ours === undefined || other === undefined) throw new Error('no sample')
    expect(loaded.render('agent-answer', ours.model, { ...ours.head, language: 'sv' }).text).toContain(
      'Svara TG-1042',
    )
    expect(loaded.render('checklist', other.model, { ...other.head, language: 'sv' }).html).toContain(
      'lang="en"',
    )
  })
})

describe('loadCatalogues', () => {
  test('gives each language with its parts', () => {
    const catalogues = loadCatalogues({ shipped: SHIPPED, override: null })
    expect(catalogues['en']).toMatchObject({ language: 'en', name: 'English' })
    expect(catalogues['de']?.fields).toBeTypeOf('object')
  })
})

test('every shipped word is used by a template', () => {
  const used = new Set<string>()
  for (const path of LETTER_NAMES) {
    for (const part of ['subject', 'text', 'html']) collectWords(join(SHIPPED, path, `${part}.hbs`), used)
  }
  for (const name of [
    'html-checklist',
    'html-items',
    'html-guidance',
    'html-greeting',
    'html-notice-items',
    'html-page',
    'text-page',
    'text-greeting',
    'text-guidance',
    'text-asked',
  ]) {
    collectWords(join(SHIPPED, 'layouts', `${name}.hbs`), used)
  }
  const unused = wordKeys(loadCatalogues({ shipped: SHIPPED, override: null })['en']?.letters, '').filter(
    (key) => ![...used].some((word) => key === word || key.startsWith(`${word}.`)),
  )
  expect(unused).toEqual([])
})

function collectWords(file: string, used: Set<string>): void {
  for (const match of readFileSync(file, 'utf8').matchAll(/(?:t|choose) "([a-zA-Z.-]+)"/g))
    used.add(match[1] ?? '')
}

function wordKeys(node: unknown, key: string): readonly string[] {
  if (node === null || typeof node !== 'object') return [key]
  return Object.entries(node).flatMap(([name, value]) =>
    wordKeys(value, key === '' ? name : `${key}.${name}`),
  )
}

test('the preview writes every letter in every language, and a page that shows them', () => {
  const letters = loadLetters({ shipped: SHIPPED, override: null, brand: BRAND })
  const files = previewLetters(letters, folder)
  expect(files).toContain(join(folder, 'index.html'))
  for (const language of letters.languages) {
    for (const ending of ['html', 'txt', 'subject']) {
      expect(readFileSync(join(folder, `checklist.first-round.${language}.${ending}`), 'utf8')).not.toBe('')
    }
  }
  expect(readFileSync(join(folder, 'index.html'), 'utf8')).toContain('checklist.first-round.en.html')
})

test('no shipped word is cut off where YAML sees a comment', () => {
  const files = readdirSync(join(SHIPPED, 'words'))
  const cut = files.flatMap((file) =>
    readFileSync(join(SHIPPED, 'words', file), 'utf8')
      .split('\n')
      .filter((line) => /^\s+[\w'-]+: [^'"[{].* #/.test(line)),
  )
  expect(files.length).toBeGreaterThan(5)
  expect(cut).toEqual([])
})
