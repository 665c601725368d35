import { expect, test } from 'vitest'
import { decide } from './decide.ts'
import type { Effects } from './effects.ts'
import { evidenceOf } from './explain.ts'
import { plan } from './plan.ts'
import { registerMismatches } from './register-mismatch.ts'
import {
  completeText,
  context,
  fenella,
  inboxId,
  incompleteText,
  mail,
  openTicket,
  partner,
  policy,
  ticket,
  verified,
} from './test-builders.ts'

const DOMAIN = 'register-mismatch:partner_domain'
const PANEL = 'register-mismatch:control_panel_url'

function mismatchesOf(field: string, value: string, source = 'label', change: Partial<typeof partner> = {}) {
  const author = { kind: 'partner', partner: { ...partner, ...change }, person: fenella } as const
  const stored = { [field]: { value, source, inboxId, secretId: null } }
  return registerMismatches({ ...author, created: 'nothing' }, stored)
}

test.each([
  ['otterbrook-it.example', []],
  ['OTTERBROOK-IT.example', []],
  ['www.otterbrook-it.example', []],
  ['support.otterbrook-it.example', []],
  ['otterbrook.example', [DOMAIN]],
  ['not-otterbrook-it.example', [DOMAIN]],
  ['otterbrook-it.example.net', [DOMAIN]],
])('The partner domain %s is compared with the registered ones.', (value, expected) => {
  expect(mismatchesOf('partner_domain', value)).toEqual(expected)
})

test('An internationalised domain is the same in both of its forms.', () => {
  const domains = ['müller-it.example']
  expect(mismatchesOf('partner_domain', 'xn--mller-it-65a.example', 'label', { domains })).toEqual([])
  expect(mismatchesOf('partner_domain', 'muller-it.example', 'label', { domains })).toEqual([DOMAIN])
})

test.each([
  ['https://cp.otterbrook-it.example', []],
  ['HTTP://CP.otterbrook-it.example/', []],
  ['cp.otterbrook-it.example', []],
  ['https://cp.otterbrook-it.example:443/login?user=1#top', []],
  ['https://cp.otterbrook-it.example:8443', [PANEL]],
  ['https://panel.otterbrook-it.example', [PANEL]],
  ['https://cp.otterbrook-it.example@evil.example/', [PANEL]],
  ['', []],
])('The panel %s is compared by host and path.', (value, expected) => {
  expect(mismatchesOf('control_panel_url', value)).toEqual(expected)
})

test.each([
  ['https://cp.example/otter/', []],
  ['https://cp.example/otter/login', []],
  ['https://cp.example/', [PANEL]],
  ['https://cp.example/otters', [PANEL]],
])('The panel %s is compared with a registered path.', (value, expected) => {
  const controlPanelUrl = 'https://cp.example/otter'
  expect(mismatchesOf('control_panel_url', value, 'label', { controlPanelUrl })).toEqual(expected)
})

test('What the register does not know, or said itself, is not compared.', () => {
  expect(mismatchesOf('control_panel_url', 'https://a.example', 'label', { controlPanelUrl: null })).toEqual(
    [],
  )
  expect(mismatchesOf('partner_domain', 'a.example', 'label', { domains: [] })).toEqual([])
  expect(mismatchesOf('partner_domain', 'a.example', 'account')).toEqual([])
})

function effectsOf(newText: string, change: Parameters<typeof context>[0] = {}): Effects {
  const of = mail({ newText })
  const at = context(change)
  return plan(decide(of, verified, at), of, at)
}

function storedWarnings(effects: Effects) {
  return effects.changes.find((change) => change.kind === 'update-ticket')?.warnings
}

function notesOf(effects: Effects, template: 'checklist' | 'acknowledgement') {
  const letter = effects.letters.find((order) => order.template === template)
  if (letter?.template !== template) throw new Error(`there is no ${template}`)
  return letter.model.items.filter((item) => item.note !== null).map(({ name, note }) => [name, note])
}

const elsewhere = (text: string) =>
  text
    .replace('cp.otterbrook-it.example', 'cp.elsewhere.example')
    .replace('Domain: otterbrook-it', 'Domain: otter')

test('A complete mail that the register contradicts opens its ticket, and both sides are told.', () => {
  const effects = effectsOf(elsewhere(completeText))
  expect(effects.changes[0]).toMatchObject({ kind: 'create-ticket', state: 'open' })
  expect(storedWarnings(effects)).toEqual([DOMAIN, PANEL])
  expect(notesOf(effects, 'acknowledgement')).toEqual([
    ['partner_domain', 'register-mismatch'],
    ['control_panel_url', 'register-mismatch'],
  ])
  const notice = effects.letters.find((order) => order.template === 'agent-notice')
  expect(notice?.template === 'agent-notice' && notice.model.warnings).toEqual([DOMAIN, PANEL])
})

test('The checklist says it as well, and so does the evidence.', () => {
  const newText = elsewhere(incompleteText)
  expect(notesOf(effectsOf(newText), 'checklist')).toHaveLength(2)
  const at = context()
  const judgement = decide(mail({ newText }), verified, at)
  expect(evidenceOf(judgement, verified, at, mail({ newText })).warnings).toEqual([DOMAIN, PANEL])
})

test('What agrees with the register is told to nobody.', () => {
  expect(storedWarnings(effectsOf(completeText))).toEqual([])
  expect(notesOf(effectsOf(completeText), 'acknowledgement')).toEqual([])
})

test('A correction of the mismatch takes the warning back.', () => {
  const wrong = { value: 'https://cp.elsewhere.example', source: 'label', inboxId, secretId: null }
  const of = openTicket({ warnings: [PANEL], fields: { ...openTicket().fields, control_panel_url: wrong } })
  const thread = { ticket: of, by: 'signed-address' as const }
  const effects = effectsOf('Control Panel URL: https://cp.otterbrook-it.example', { thread })
  expect(storedWarnings(effects)).toEqual([])
})

test('A partner that this mail registers has nothing to be compared with.', () => {
  const effects = effectsOf(elsewhere(completeText), { sender: { kind: 'stranger' }, partners: 'open' })
  expect(storedWarnings(effects)).toEqual([])
})

const lenient = {
  ...policy,
  fields: policy.fields.map((row) =>
    ['partner_domain', 'control_panel_url'].includes(row.name)
      ? { ...row, acceptFrom: ['mail' as const, 'account' as const] }
      : row,
  ),
}
const without = completeText
  .split('\n')
  .filter((line) => !/^(?:Partner Domain|Control Panel)/u.test(line))
  .join('\n')

test('A field that may come from the register is asked for only when the register lacks it.', () => {
  const judgement = decide(mail({ newText: without }), verified, context({ policy: lenient }))
  expect(judgement.verdict).toMatchObject({ kind: 'new-ticket', missing: [] })
  expect(judgement.merged?.fields['control_panel_url']).toMatchObject({
    value: 'https://cp.otterbrook-it.example',
    source: 'account',
  })
  const sender = { kind: 'partner' as const, partner: { ...partner, controlPanelUrl: null }, person: fenella }
  const asked = decide(mail({ newText: without }), verified, context({ policy: lenient, sender }))
  expect(asked.verdict).toMatchObject({ kind: 'incomplete', missing: ['control_panel_url'] })
})

test('The shipped policy takes them from the mail alone.', () => {
  const { verdict } = decide(mail({ newText: without }), verified, context())
  expect(verdict).toMatchObject({ kind: 'incomplete', missing: ['partner_domain', 'control_panel_url'] })
})

test('What the mail says goes before the register.', () => {
  const newText = elsewhere(completeText)
  const { merged } = decide(mail({ newText }), verified, context({ policy: lenient }))
  expect(merged?.fields['control_panel_url']).toMatchObject({
    value: 'https://cp.elsewhere.example',
    source: 'label',
  })
  const same = decide(mail({ newText: completeText }), verified, context({ policy: lenient }))
  expect(same.merged?.fields['control_panel_url']?.source).toBe('label')
})

test('A draft from before the register knew the partner is filled up by it.', () => {
  const { details, customer_domain } = ticket().fields
  const draft = ticket({
    fields: { ...(details && { details }), ...(customer_domain && { customer_domain }) },
    missing: ['partner_domain', 'control_panel_url', 'credentials', 'steps_taken'],
  })
  const thread = { ticket: draft, by: 'signed-address' as const }
  const newText = 'User Credentials: curator / Cream_Separator_4\nSteps taken: sent five test mails from OWA.'
  const { verdict } = decide(mail({ newText }), verified, context({ policy: lenient, thread }))
  expect(verdict.kind).toBe('completes-draft')
})
