import { expect, test } from 'vitest'
import { asciiDomain, makeTrust, parseNetwork } from './network.ts'

const trust = makeTrust(['127.0.0.0/8', '::1/128', '10.1.0.0/16', '10.0.0.0/8', '2001:db8::/32', '192.0.2.7'])

test.each([
  ['127.0.0.1', '127.0.0.0/8'],
  ['::ffff:127.0.0.1', '127.0.0.0/8'],
  ['::ffff:7f00:1', '127.0.0.0/8'],
  ['::1', '::1/128'],
  ['0:0:0:0:0:0:0:1', '::1/128'],
  ['10.1.2.3', '10.1.0.0/16'],
  ['10.2.2.3', '10.0.0.0/8'],
  ['11.0.0.1', null],
  ['2001:DB8:1::5', '2001:db8::/32'],
  ['2001:db9::', null],
  ['192.0.2.7', '192.0.2.7'],
  ['192.0.2.8', null],
  ['::ffff:192.0.2.8', null],
  ['fe80::1%eth0', null],
  ['localhost', null],
  ['', null],
])('the address %s is trusted through %s', (ip, expected) => {
  expect(trust(ip)).toBe(expected)
})

test('nobody is trusted when no network is named', () => {
  expect(makeTrust([])('127.0.0.1')).toBeNull()
})

test.each([
  ['192.0.2.0/24', { address: '192.0.2.0', prefix: 24, family: 'ipv4' }],
  ['2001:db8::/32', { address: '2001:db8::', prefix: 32, family: 'ipv6' }],
  ['192.0.2.1', { address: '192.0.2.1', prefix: 32, family: 'ipv4' }],
  ['192.0.2.0/33', null],
  ['2001:db8::/129', null],
  ['192.0.2.0/', null],
  ['192.0.2.0/8/8', null],
  ['192.0.2.0/-1', null],
  ['192.0.2/24', null],
  ['fe80::1%eth0/64', null],
  ['example.com', null],
  ['', null],
])('the network %s is read as %o', (value, expected) => {
  expect(parseNetwork(value)).toEqual(expected)
})

test.each([
  ['Example.COM', 'example.com'],
  ['münchen.example', 'xn--mnchen-3ya.example'],
  ['localhost', 'localhost'],
  ['_dmarc.example.com', '_dmarc.example.com'],
  ['a..b', null],
  ['example.com.', null],
  ['-a.example', null],
  ['127.0.0.1', null],
  ['0x7f.1', null],
  ['[::1]', null],
  ['a b.example', null],
  ['user@example.com', null],
  ['example.com:25', null],
  ['example.com/x', null],
  [`${'a'.repeat(64)}.example`, null],
  [`${'a.'.repeat(130)}example`, null],
  ['', null],
])('the domain %s is %s in A-labels', (value, expected) => {
  expect(asciiDomain(value)).toBe(expected)
})
