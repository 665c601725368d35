/** Every command has help and says whether it can be undone; every result has words. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { commandRows } from '../../src/decide/command-table.ts'
import { shippedPolicy } from '../../src/intake/mail-of-text.ts'

const ROOT = join(import.meta.dirname, '../..')
const words = parse(readFileSync(join(ROOT, 'templates/words/en.yaml'), 'utf8')) as {
  readonly letters: {
    readonly 'command-result': {
      readonly row: Readonly<Record<string, string>>
      readonly help: Readonly<Record<string, string>>
    }
  }
}
const { row, help } = words.letters['command-result']
const { queues } = shippedPolicy()

test('Every command has a line of help, and the documentation names it.', () => {
  const names = new Set(queues.map(({ name }) => name))
  const page = readFileSync(join(ROOT, 'docs/agents.md'), 'utf8')
  for (const { word, undo } of commandRows(queues)) {
    expect(help[names.has(word) ? 'queue' : word], word).toBeTypeOf('string')
    expect(page, word).toContain(`#${word}`)
    expect(['yes', 'no', 'none'], word).toContain(undo)
  }
})

test('Every result that the desk can tell has words.', () => {
  const sources = [
    'order-turns',
    'order-asks',
    'order-states',
    'order-people',
    'run-commands',
    'plan-agent',
  ].map((file) => readFileSync(join(ROOT, `src/decide/${file}.ts`), 'utf8'))
  const codes = sources.flatMap((source) =>
    [...source.matchAll(/(?:code: |problem\(|\? |: )'([a-z][a-z-]+)'/g)].map((match) => match[1] ?? ''),
  )
  const known = codes.filter((code) => code in row)
  expect(known.length).toBeGreaterThan(40)
  const told = sources.flatMap((source) =>
    [...source.matchAll(/(?:code: |problem\()'([a-z][a-z-]+)'/g)].map((match) => match[1] ?? ''),
  )
  expect(told.filter((code) => !(code in row))).toEqual([])
})
