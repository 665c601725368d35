import { expect, test } from 'vitest'
import { loadCatalogues } from '../letters/load.ts'
import { shippedPolicy } from './mail-of-text.ts'
import { oneWordOf } from './one-word.ts'

const policy = shippedPolicy()

test.each([
  ['leave', 'leave'],
  ['Leave.', 'leave'],
  ['LEAVE\n\nKind regards\nFenella Otter', 'leave'],
  ['austragen', 'leave'],
  ['Quitter !', 'leave'],
  ['salir', 'leave'],
  ['abbandona', 'leave'],
  ['afmelden', 'leave'],
  ['sair', 'leave'],
  ['退出。', 'leave'],
  ['status', 'status'],
  ['Status?\nFenella', 'status'],
  ['stato', 'status'],
  ['状況', 'status'],
  ['unsubscribe me', null],
  ['leave me a message', null],
  ['Status: still broken', null],
  ['leave\nIt happens again.', null],
  ['leave\nstatus', null],
  ['', null],
  ['leave '.repeat(100), null],
])('%j asks for %s.', (text, word) => {
  expect(oneWordOf(text, policy, 'Fenella Otter')).toBe(word)
})

test('The word that a letter asks for is one that leaves, in every language.', () => {
  const shipped = new URL('../../templates', import.meta.url).pathname
  for (const { language, letters } of Object.values(loadCatalogues({ shipped, override: null }))) {
    const { word } = (letters as { leaving: { word: string } }).leaving
    expect(oneWordOf(word, policy, null), language).toBe('leave')
  }
})
