/** Whose address a report may silence, and what a report makes of its letter. */
import { expect, test } from 'vitest'
import type { Bounce } from '../mail/mail.ts'
import type { BouncedLetter } from './context.ts'
import { decide } from './decide.ts'
import { plan } from './plan.ts'
import { context, fenella, letterId, mail, ticket, ticketId, unproven } from './test-builders.ts'

const letter: BouncedLetter = {
  letterId,
  ticketId,
  recipient: fenella.address,
  letter: 'checklist',
  bouncedBefore: false,
  by: 'return-path',
}
const report: Bounce = {
  recipients: [fenella.address],
  status: '5.1.1',
  action: 'failed',
  diagnosticCode: 'smtp; 550 5.1.1 User unknown',
  originalMessageId: null,
}

function effectsOf(bounce: Partial<Bounce>, of: Partial<BouncedLetter> = {}) {
  const bounced = { ...letter, ...of }
  const at = context({
    sender: { kind: 'stranger' },
    bounced,
    thread: { ticket: ticket(), by: 'bounce-path' },
  })
  const about = mail({ mailKind: 'bounce', from: null, bounce: { ...report, ...bounce } })
  return plan(decide(about, unproven, at), about, at)
}

function changeOf(bounce: Partial<Bounce>, of: Partial<BouncedLetter> = {}) {
  const change = effectsOf(bounce, of).changes.find((one) => one.kind === 'letter-bounced')
  if (change === undefined) throw new Error('no letter bounced')
  return change
}

const mine = { by: 'message-id' } as const
const other = ['somebody@else.example']

test.each<[string, Partial<Bounce>, Partial<BouncedLetter>, boolean]>([
  ['an unknown user', {}, {}, true],
  ['an unknown host', { status: '5.1.2' }, {}, true],
  ['a host that takes no mail (null MX)', { status: '5.1.10' }, {}, true],
  ['a mailbox that moved away', { status: '5.1.6' }, {}, true],
  ['an unknown user whom the report does not name', { recipients: [] }, {}, true],
  ['a mailbox that forwards to a dead one', { recipients: other }, {}, false],
  ['an address of ours that they dislike', { status: '5.1.8' }, {}, false],
  ['an ambiguous address', { status: '5.1.4' }, {}, false],
  ['a full mailbox', { status: '5.2.2' }, {}, false],
  ['a refusal by policy', { status: '5.7.1' }, {}, false],
  ['no reason at all', { status: null }, {}, false],
  ['an address that may work later', { status: '4.1.1', action: 'delayed' }, {}, false],
  ['an end after many tries', { status: '4.4.7' }, {}, false],
  ['an unknown user, by our signed Message-ID', {}, mine, true],
  [
    'an unknown user, by our signed Message-ID, in other letters',
    { recipients: [fenella.address.toUpperCase()] },
    mine,
    true,
  ],
  ['somebody else, by our signed Message-ID', { recipients: other }, mine, false],
  ['nobody, by our signed Message-ID', { recipients: [] }, mine, false],
  ["an unknown user, by the relay's own Message-ID, which we did not sign", {}, { by: 'alias' }, false],
])('A report about %s: is the address spared?', (_, bounce, of, spared) => {
  expect(changeOf(bounce, of).suppresses).toBe(spared)
})

test.each<[Bounce['action'], string | null, string]>([
  ['failed', '5.1.1', 'bounced'],
  ['failed', '4.4.7', 'bounced'],
  ['delayed', '4.4.1', 'delayed'],
  ['delivered', '2.0.0', 'delivered'],
  ['relayed', '2.0.0', 'delivered'],
  [null, null, 'bounced'],
])('A report with action %s and status %s says that the letter was %s.', (action, status, outcome) => {
  expect(changeOf({ action, status }).outcome).toBe(outcome)
})

test('The desk is told that an address is spared, and of a delay nothing.', () => {
  const [notice] = effectsOf({}).letters
  expect(notice?.template === 'agent-notice' ? notice.model.warnings : []).toEqual(['address-spared'])
  const [full] = effectsOf({ status: '5.2.2' }).letters
  expect(full?.template === 'agent-notice' ? full.model.warnings : ['none']).toEqual([])
  expect(effectsOf({ action: 'delayed', status: '4.4.1' }).letters).toEqual([])
})
