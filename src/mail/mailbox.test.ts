import { expect, test } from 'vitest'
import { domainOf, normaliseAddress, parseMailboxes } from './mailbox.ts'

test.each([
  ['Ann@Example.ORG', 'ann@example.org'],
  [' <a@b.example> ', 'a@b.example'],
  ['info@Bücher.example', 'info@xn--bcher-kva.example'],
  ['a@b.example.', 'a@b.example'],
  ['"quoted local"@b.example', '"quoted local"@b.example'],
  ['a@[192.0.2.1]', 'a@[192.0.2.1]'],
  ['a b@c.example', null],
  ['nobody', null],
  ['@b.example', null],
  ['a@', null],
  ['a@b c.example', null],
])('%j compares as %j', (address, normal) => {
  expect(normaliseAddress(address)).toBe(normal)
})

test.each([
  ['a@Example.org', 'example.org'],
  ['a@BÜCHER.example', 'xn--bcher-kva.example'],
  ['"a@b"@c.example', 'c.example'],
  ['nobody', ''],
])('%j is in the domain %j', (address, domain) => {
  expect(domainOf(address)).toBe(domain)
})

test.each([
  ['Ann <ann@b.example>', [{ displayName: 'Ann', address: 'ann@b.example' }]],
  ['ann@b.example (Ann Lee)', [{ displayName: 'Ann Lee', address: 'ann@b.example' }]],
  ['"Lee, Ann" <ann@b.example>', [{ displayName: 'Lee, Ann', address: 'ann@b.example' }]],
  ['=?utf-8?Q?Lee=2C_Ann?= <ann@b.example>', [{ displayName: 'Lee, Ann', address: 'ann@b.example' }]],
  ['=?iso-8859-1?B?SvxyZ2Vu?= <j@b.example>', [{ displayName: 'Jürgen', address: 'j@b.example' }]],
  ["'ann@b.example' <ann@b.example>", [{ displayName: null, address: 'ann@b.example' }]],
  ['Ann <Ann.Lee@B.Example>', [{ displayName: 'Ann', address: 'Ann.Lee@b.example' }]],
  [
    'Team: a@b.example, Bo <b@b.example>;',
    [
      { displayName: null, address: 'a@b.example' },
      { displayName: 'Bo', address: 'b@b.example' },
    ],
  ],
  ['undisclosed-recipients:;', []],
  ['MAILER-DAEMON', []],
  ['', []],
])('the field %j names the mailboxes %j', (value, mailboxes) => {
  expect(parseMailboxes(value)).toEqual(mailboxes)
})

test('a display name that hides an address in encoded words does not become the address', () => {
  const [mailbox] = parseMailboxes('=?utf-8?Q?boss=40partner.example?= <evil@other.example>')
  expect(mailbox).toEqual({ displayName: 'boss@partner.example', address: 'evil@other.example' })
})
