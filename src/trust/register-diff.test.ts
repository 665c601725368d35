import { expect, test } from 'vitest'
import type { RegisterEntries, Registered } from './register.ts'
import { planRegister } from './register-diff.ts'

const otterbrook: Registered['partners'][number] = {
  id: 'p1',
  tickets: 2,
  name: 'Otterbrook IT',
  domains: ['otterbrook.example'],
  people: [
    { id: 'a1', name: 'Fenella', addresses: ['fenella@otterbrook.example'], isInTickets: true },
    { id: 'a2', name: null, addresses: ['old@otterbrook.example'], isInTickets: false },
  ],
  controlPanelUrl: null,
  timeZone: null,
  language: 'en',
  mode: null,
  machineMail: 'silent',
  state: 'active',
}
const nordwind = {
  ...otterbrook,
  id: 'p2',
  tickets: 0,
  name: 'Nordwind',
  domains: ['nordwind.example'],
  people: [],
}
const ada = { id: 'g1', name: 'Ada', addresses: ['ada@desk.example'], role: 'support', timeZone: null }
const now: Registered = { partners: [otterbrook, nordwind], agents: [ada] }

function said(wanted: Partial<RegisterEntries>, prune = false): readonly string[] {
  const planned = planRegister(now, { partners: [], agents: [], ...wanted }, { prune })
  return planned.kind === 'steps' ? planned.steps.map((step) => step.says) : planned.problems
}

const entry = { name: 'Otterbrook IT', domains: ['otterbrook.example'], people: [] }

test.each<[string, Partial<RegisterEntries>, boolean, readonly string[]]>([
  ['the same changes nothing', { partners: [entry] }, false, []],
  [
    'a new partner is added',
    { partners: [{ name: 'Mill', domains: ['mill.example'], people: [] }] },
    false,
    ['+ Mill: mill.example'],
  ],
  [
    'settings change from → to, and null takes one away',
    { partners: [{ ...entry, timeZone: 'Europe/Berlin', language: null }] },
    false,
    ['~ Otterbrook IT: time zone – → Europe/Berlin', '~ Otterbrook IT: language en → –'],
  ],
  [
    'a partner with another name is known by its domain',
    { partners: [{ ...entry, name: 'Otterbrook Ltd' }] },
    false,
    ['~ Otterbrook IT: name Otterbrook IT → Otterbrook Ltd'],
  ],
  [
    'people and addresses are added',
    {
      partners: [
        {
          ...entry,
          people: [
            { name: 'Fenella Otter', addresses: ['fenella@otterbrook.example', 'fen@private.example'] },
            { name: 'Quill', addresses: ['quill@otterbrook.example'] },
          ],
        },
      ],
    },
    false,
    [
      '~ Otterbrook IT: person Fenella → Fenella Otter',
      '~ Otterbrook IT: + address fen@private.example',
      '~ Otterbrook IT: + person Quill quill@otterbrook.example',
    ],
  ],
  [
    'pruning takes away what is not in the file',
    { partners: [{ ...entry, people: [{ name: null, addresses: ['fenella@otterbrook.example'] }] }] },
    true,
    ['~ Otterbrook IT: - person old@otterbrook.example', '- Nordwind'],
  ],
  [
    'pruning never takes away who took part in tickets',
    { partners: [entry] },
    true,
    [
      'Otterbrook IT: fenella@otterbrook.example took part in tickets and stays in their history; keep one address',
    ],
  ],
  [
    'an agent changes role and gets an alias',
    { agents: [{ name: 'Ada', role: 'lead', addresses: ['ada@desk.example', 'ada@home.example'] }] },
    false,
    ['~ agent Ada: role support → lead', '~ agent Ada: + address ada@home.example'],
  ],
  [
    'every problem is told at once',
    {
      partners: [
        { name: 'Mill', domains: ['nordwind.example', 'mill.example'], people: [] },
        {
          name: 'Dairy',
          domains: ['mill.example'],
          people: [{ name: null, addresses: ['ada@desk.example'] }],
        },
      ],
    },
    false,
    [
      'Dairy: the domain mill.example is named twice, by Mill as well',
      'Dairy: the address ada@desk.example belongs to the agent Ada',
    ],
  ],
])('In a register file %s.', (_, wanted, prune, expected) => {
  expect(said(wanted, prune)).toEqual(expected)
})
