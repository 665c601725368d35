import { describe, expect, it } from 'vitest'
import { buildPolicy } from './build-policy.ts'
import { isLinearPattern } from './linear-pattern.ts'
import { mailOfText, NO_HINTS, shippedCatalogues, shippedPolicy } from './mail-of-text.ts'
import type { PolicyOverrides } from './policy-schema.ts'
import { readSubmission } from './read.ts'

const SIX = [
  'partner_domain',
  'control_panel_url',
  'customer_domain',
  'credentials',
  'details',
  'steps_taken',
]

describe('the shipped policy', () => {
  const policy = shippedPolicy()

  it('demands the six items and recommends ten more', () => {
    expect(policy.fields.filter((row) => row.required).map((row) => row.name)).toEqual(SIX)
    expect(policy.fields).toHaveLength(16)
  })

  it('promises 24 hours in support and 72 sequential hours in engineering', () => {
    expect(policy.queues.map(({ name, promiseHours, order }) => [name, promiseHours, order])).toEqual([
      ['support', 24, 'earliest-due'],
      ['engineering', 72, 'sequential'],
    ])
    expect(policy.firstQueue).toBe('support')
  })

  it('has words for every field in every language', () => {
    for (const row of policy.fields) {
      expect(Object.keys(row.words).sort()).toEqual(['de', 'en', 'es', 'fr', 'it', 'ja', 'nl', 'pt'])
    }
  })

  it('has the same version for the same content and another for another', () => {
    expect(shippedPolicy().version).toBe(policy.version)
    expect(shippedPolicy({ draftExpiresDays: 7 }).version).not.toBe(policy.version)
  })
})

describe('operator overrides', () => {
  it('remove, rename, reorder, add and relax fields', () => {
    const policy = shippedPolicy({
      fields: [
        { name: 'steps_taken', remove: true },
        { name: 'partner_domain', required: false, acceptFrom: ['mail', 'account'] },
        {
          name: 'invoice',
          kind: 'number',
          words: { en: { title: 'Invoice Number', labels: ['invoice no'], hint: '', example: '' } },
        },
      ],
      order: ['details', 'invoice'],
      requireThreeRs: ['os'],
    })
    expect(policy.fields.filter((row) => row.required).map((row) => row.name)).toEqual([
      'details',
      'invoice',
      'control_panel_url',
      'customer_domain',
      'credentials',
      'os',
    ])
    const text = 'Invoice no: 4711\nIssue: no mail since Monday\nOS: Windows 11'
    const reading = readSubmission(mailOfText(text), policy, NO_HINTS)
    expect(reading.fields['invoice']?.value).toBe('4711')
    expect(reading.missing).toEqual(['control_panel_url', 'customer_domain', 'credentials'])
  })

  it('demand a pattern and a choice', () => {
    const policy = shippedPolicy({
      fields: [
        { name: 'control_panel_url', pattern: '^https://cp\\.' },
        {
          name: 'plan',
          kind: 'choice',
          choices: ['Basic', 'Pro'],
          words: { en: { title: 'Service Level' } },
        },
      ],
    })
    const read = (text: string): readonly string[] =>
      readSubmission(mailOfText(text), policy, NO_HINTS).missing
    expect(read('Control Panel URL: https://x.example/panel\nService Level: gold')).toEqual(
      expect.arrayContaining(['plan']),
    )
    expect(read('Control Panel URL: https://cp.x.example\nService Level: pro')).toEqual(
      expect.not.arrayContaining(['control_panel_url', 'plan']),
    )
  })

  const MISTAKES: readonly [string, PolicyOverrides, RegExp][] = [
    ['an unknown name in the order', { order: ['nonsense'] }, /policy\.order: no field nonsense/],
    ['an unknown three-R item', { requireThreeRs: ['weather'] }, /requireThreeRs: no field weather/],
    ['a first queue that is not there', { firstQueue: 'sales' }, /firstQueue: no queue sales/],
    [
      'a new field without a title',
      { fields: [{ name: 'colour' }] },
      /colour is new and needs words\.en\.title/,
    ],
    [
      'a choice without choices',
      { fields: [{ name: 'plan', kind: 'choice', words: { en: { title: 'Plan' } } }] },
      /needs choices/,
    ],
    [
      'a field that only the register may give',
      { fields: [{ name: 'partner_domain', acceptFrom: ['account'] }] },
      /acceptFrom of partner_domain must name mail/,
    ],
    [
      'a field that the register does not know',
      { fields: [{ name: 'details', acceptFrom: ['mail', 'account'] }] },
      /register knows only partner_domain and control_panel_url/,
    ],
    ['a slow pattern', { fields: [{ name: 'details', pattern: '(a+)+$' }] }, /nested repetition/],
    ['an unknown key', { colour: 'red' } as PolicyOverrides, /colour/],
    [
      'two queues of one name',
      {
        queues: [
          { name: 'a', promiseHours: 1 },
          { name: 'a', promiseHours: 2 },
        ],
      },
      /a is there twice/,
    ],
  ]
  it.each(MISTAKES)('are refused for %s', (_name, overrides, line) => {
    expect(() => shippedPolicy(overrides)).toThrow(line)
  })

  it('are refused with every problem at once', () => {
    expect(() => buildPolicy({ ...shippedCatalogues(), xx: { fields: 1, reading: {} } }, {})).toThrow(
      /words\/xx\.yaml fields[\s\S]*words\/xx\.yaml reading/,
    )
  })
})

describe('isLinearPattern', () => {
  it.each([
    ['^[a-z]+$', true],
    ['^(?:abc|def)$', true],
    ['[(+*]{2,3}x', true],
    ['(a+)+', false],
    ['(a|a)*', false],
    ['((ab)*c)*', false],
    ['(x)\\1', false],
    ['(?=x)y', false],
    ['[', false],
  ])('judges %s as %s', (pattern, linear) => {
    expect(isLinearPattern(pattern)).toBe(linear)
  })
})
