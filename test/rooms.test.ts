/** Holds the table "Rooms" of docs/architecture.md: which room may import which. */
import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const src = fileURLToPath(new URL('../src', import.meta.url))

type Rule = { readonly values: readonly string[]; readonly types: readonly string[] }

/** What each room may import beside itself: values (functions, constants), and what only as types. */
const RULES: Readonly<Record<string, Rule>> = {
  mail: { values: [], types: [] },
  intake: { values: ['mail'], types: ['mail'] },
  trust: { values: ['mail'], types: ['mail', 'decide'] },
  decide: { values: ['mail', 'intake'], types: ['mail', 'intake', 'letters'] },
  letters: { values: [], types: ['decide', 'intake', 'mail'] },
  vault: { values: [], types: [] },
  store: {
    values: ['mail', 'intake', 'decide'],
    types: ['mail', 'intake', 'decide', 'letters', 'vault', 'trust'],
  },
  smtp: { values: ['mail'], types: ['mail'] },
  rehearse: { values: ['mail', 'intake', 'decide'], types: ['mail', 'intake', 'decide'] },
}

const IMPORT = /^(import|export)\s+(type\s+)?[^'"]*?from\s+['"](\.[^'"]+)['"]/gmu

function sourceFiles(): readonly string[] {
  return readdirSync(src, { recursive: true, encoding: 'utf8' }).filter(
    (file) => file.endsWith('.ts') && !file.endsWith('.test.ts'),
  )
}

test('imports between rooms point one way', () => {
  const wrong: string[] = []
  let seen = 0
  for (const file of sourceFiles()) {
    const [room = '', inside] = file.split('/')
    const rule = RULES[room]
    if (inside === undefined || rule === undefined) continue
    for (const [, , isType, target] of readFileSync(join(src, file), 'utf8').matchAll(IMPORT)) {
      seen += 1
      const path = relative(src, join(src, file, '..', target ?? ''))
      const other = path.split('/')[0] ?? ''
      if (other === room || path.startsWith('..')) continue
      const allowed = isType === undefined ? rule.values : [...rule.values, ...rule.types]
      if (!allowed.includes(other)) wrong.push(`src/${file} imports ${isType ?? ''}${path}`)
    }
  }
  expect(seen).toBeGreaterThan(100)
  expect(wrong).toEqual([])
})

test('the environment is read in main and config only', () => {
  const wrong = sourceFiles().filter(
    (file) =>
      !['main.ts', 'config.ts'].includes(file) &&
      readFileSync(join(src, file), 'utf8').includes('process.env'),
  )
  expect(wrong).toEqual([])
})
