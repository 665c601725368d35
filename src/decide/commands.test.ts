/** What commands come to, and where they stop. */
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Context, DeskFacts } from './context.ts'
import { decide } from './decide.ts'
import { plan } from './plan.ts'
import {
  agent,
  context,
  deskFacts,
  mail,
  openTicket,
  replyAddress,
  ticketId,
  verified,
} from './test-builders.ts'

const given = (desk: Partial<DeskFacts>, change: Partial<Context> = {}): Context =>
  context({
    sender: { kind: 'agent', person: agent },
    thread: { ticket: openTicket(), by: 'signed-address' },
    ownAddresses: [replyAddress(agent)],
    desk: deskFacts(desk),
    ...change,
  })

function effectsOf(newText: string, at: Context) {
  const written = mail({ text: newText, newText, from: { displayName: null, address: agent.address } })
  const judgement = decide(written, verified, at)
  return { judgement, ...plan(judgement, written, at) }
}

test('A hundred results a day are enough: two machines that answer each other fall silent.', () => {
  for (const newText of ['', '#take', '#help']) {
    expect(effectsOf(newText, given({ resultsToday: 99 })).letters).not.toEqual([])
    expect(effectsOf(newText, given({ resultsToday: 100 })).letters).toEqual([])
  }
})

test('Words that their agent is not told of any more wait for an operator.', () => {
  const text = '#resolv\n\nPlease test.'
  expect(effectsOf(text, given({ resultsToday: 99 })).judgement.verdict).toMatchObject({ command: 'refused' })
  expect(effectsOf(text, given({ resultsToday: 100 })).judgement.verdict).toMatchObject({
    kind: 'held',
    reason: 'agent-command',
  })
})

test('What kept a promise is not owed again: an answer that has left is not undone.', () => {
  const last = { id: 'one', by: agent.id, words: '#resolve', overtaken: false } as const
  const undone = (answered: 'no' | 'recallable' | 'left') =>
    effectsOf('#undo', given({ lastCommand: { ...last, answered } })).changes.map(({ kind }) => kind)
  expect(undone('no')).toContain('undo-command')
  expect(undone('recallable')).toContain('undo-command')
  expect(undone('left')).not.toContain('undo-command')
})

test('A password in the reason of a command is kept nowhere.', () => {
  const { changes, letters } = effectsOf(
    '#engineering the password is "Churn;Butter9" for curator@milkchurnmuseum.example',
    given({}),
  )
  expect(letters.length).toBeGreaterThan(0)
  expect(JSON.stringify([changes, letters])).not.toContain('Churn;Butter9')
})

test('A ticket of a sequential queue is taken out of its turn only with a recorded jump.', () => {
  const waiting = { ...openTicket(), queue: 'engineering' }
  const head = {
    ...openTicket(),
    id: 'ticket0000000007' as typeof ticketId,
    number: 1007,
    queue: 'engineering',
  }
  const line = fc.constantFrom(
    '#take',
    '#assign agent three',
    '#jump it is down',
    '#note',
    '#wait',
    '#need os',
  )
  fc.assert(
    fc.property(fc.uniqueArray(line, { minLength: 1, maxLength: 4 }), fc.boolean(), (lines, isHead) => {
      const at = given(
        { head: isHead ? waiting : head },
        { thread: { ticket: waiting, by: 'signed-address' } },
      )
      const { changes } = effectsOf(lines.join('\n'), at)
      const taken = changes.some((change) => change.kind === 'update-ticket' && change.assigneeId != null)
      const jumped = changes.some((change) => change.kind === 'record-event' && change.event === 'queue-jump')
      if (taken && !isHead) expect(jumped).toBe(true)
      if (jumped) expect(isHead).toBe(false)
    }),
  )
})

test('Commands run all or none: beside one that fails, no other changes anything.', () => {
  const line = fc.constantFrom(
    '#take',
    '#resolve',
    '#close',
    '#need os',
    '#reopen',
    '#wait',
    '#frobnicate',
    '#accept now',
  )
  fc.assert(
    fc.property(fc.uniqueArray(line, { minLength: 1, maxLength: 5 }), (lines) => {
      const { judgement, changes } = effectsOf(lines.join('\n'), given({}))
      const touched = changes.some(({ kind }) => kind === 'update-ticket' || kind === 'start-promise')
      if (judgement.verdict.kind === 'command' && judgement.verdict.command === 'refused')
        expect(touched).toBe(false)
      if (lines.includes('#frobnicate')) expect(touched).toBe(false)
    }),
  )
})
