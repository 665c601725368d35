/** Every reason to hold a mail has words wherever people read it: command line, explain, digest, rehearsal. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { nextCommands, refusalText, whyItWaits } from '../../src/cli/held-words.ts'
import { HELD_REASONS, heldActions } from '../../src/decide/held-reasons.ts'
import { HELD_WORDS } from '../../src/rehearse/reason-words.ts'
import type { InboxLine } from '../../src/store/list.ts'

type DigestWords = { reason: Record<string, string>; advice: Record<string, string> }

function digestWords(language: string): DigestWords {
  const file = join(import.meta.dirname, '../../templates/words', `${language}.yaml`)
  const { letters } = parse(readFileSync(file, 'utf8')) as { letters: { 'held-digest': DigestWords } }
  return letters['held-digest']
}

const line: InboxLine = {
  id: '06g3k5w8r1n0v4t0',
  receivedAt: '2026-11-24T09:00:00.000Z',
  state: 'held',
  outcome: 'held',
  messageId: null,
  reversePath: null,
  forwardPaths: [],
  ticket: null,
  duplicates: 0,
  from: null,
  subject: null,
  reason: 'stranger',
  lastFault: null,
}

test('No reason to hold a mail lacks words: list, explain, rehearsal, digest in each language that has one.', () => {
  expect(HELD_REASONS.length).toBeGreaterThanOrEqual(14)
  for (const reason of HELD_REASONS) {
    const words = whyItWaits({ ...line, reason })
    expect(words, reason).toMatch(/^[A-Z].{15,}\.$/)
    expect(HELD_WORDS[reason], reason).toMatch(/\w{3}/)
    for (const language of ['en', 'de']) {
      const { reason: why, advice } = digestWords(language)
      expect(why[reason], `${language}: why ${reason}`).toMatch(/\.$/)
      expect(advice[reason], `${language}: what to do about ${reason}`).toMatch(/\.$/)
    }
  }
})

test('The digest has words for no reason that does not exist.', () => {
  const known = [...HELD_REASONS, 'unreadable', 'failed', 'other']
  for (const language of ['en', 'de']) {
    const { reason, advice } = digestWords(language)
    expect(Object.keys(reason).filter((name) => !known.includes(name as never))).toEqual([])
    expect(Object.keys(advice).toSorted()).toEqual(Object.keys(reason).toSorted())
  }
})

test('Every waiting mail has at least one command, and only such as lead somewhere.', () => {
  const ask = { state: 'held', isStranger: true, partners: 'registered' } as const
  for (const reason of [...HELD_REASONS, 'unreadable', null])
    expect(heldActions({ ...ask, reason }), reason ?? 'undecided').toContain('drop')
  expect(heldActions({ ...ask, reason: 'stranger' })).toEqual(['release-as', 'retry', 'drop'])
  expect(heldActions({ ...ask, reason: 'stranger', partners: 'open' })).toEqual(['release', 'drop'])
  expect(heldActions({ ...ask, reason: 'proof-failed', isStranger: false })).toEqual(['release', 'drop'])
  expect(heldActions({ ...ask, reason: 'several-authors' })).toEqual(['release-as', 'drop'])
  expect(heldActions({ ...ask, reason: 'agent-command' })).toEqual(['drop'])
  expect(heldActions({ ...ask, state: 'failed', reason: 'failed' })).toEqual(['retry', 'drop'])
})

test('A mail that was dropped can be taken up again, one that is done needs nothing.', () => {
  const around = { isStranger: false, partners: 'registered' } as const
  const commands = nextCommands({ ...line, state: 'done', outcome: 'dropped' }, around)
  expect(commands.map(([, command]) => command)).toEqual([
    `ticketgate inbox retry ${line.id}`,
    `ticketgate inbox release ${line.id}`,
  ])
  expect(nextCommands({ ...line, state: 'done', outcome: 'reply' }, around)).toEqual([])
})

test('A refused release says what to do instead.', () => {
  const address = 'jo@freemail.example'
  expect(refusalText({ why: 'stranger', address }, line.id)).toContain('ticketgate partner add')
  expect(refusalText({ why: 'stranger', address }, line.id)).toContain('--as PERSON')
  expect(refusalText({ why: 'unreadable' }, line.id)).toContain('--raw')
  expect(refusalText({ why: 'answer-anew' }, line.id)).toContain('ask the agent')
})
