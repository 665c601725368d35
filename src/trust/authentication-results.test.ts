import { expect, test } from 'vitest'
import { bodyOffset } from '../mail/header-fields.ts'
import { readAuthenticationResults, removeResultsOf } from './authentication-results.ts'

test.each<[string, string, readonly string[]]>([
  // RFC 8601, appendix B.
  ['example.org 1; none', 'example.org', []],
  ['example.com; spf=pass smtp.mailfrom=example.net', 'example.com', ['spf=pass smtp.mailfrom=example.net']],
  [
    'example.com; auth=pass (cram-md5) smtp.auth=sender@example.net; spf=pass smtp.mailfrom=example.net',
    'example.com',
    ['auth=pass smtp.auth=sender@example.net (cram-md5)', 'spf=pass smtp.mailfrom=example.net'],
  ],
  [
    'example.com; dkim=pass reason="good signature" header.i=@x.example',
    'example.com',
    ['dkim=pass reason=good_signature header.i=@x.example'],
  ],
  [
    "foo.example.net (foobar) 1 (baz);\r\n dkim (Because I like it) / 1 (One yay) = (wait for it) fail\r\n policy (A dot can go here) . (like that) expired (this surprised me) = (as I wasn't expecting it) 1362471462",
    'foo.example.net',
    ['dkim=fail policy.expired=1362471462'],
  ],
  // As programs write it.
  [
    'mx; dmarc=fail (p=reject dis=none) header.from=a.example',
    'mx',
    ['dmarc=fail header.from=a.example (p=reject dis=none)'],
  ],
  ['MX.Example; DKIM=Pass header.D=A.Example', 'mx.example', ['dkim=pass header.d=A.Example']],
  // A quote or a bracket that never ends swallows the rest; it proves nothing.
  ['mx; dkim=fail (oops; dmarc=pass header.from=a.example', 'mx', ['dkim=fail']],
  ['mx; dkim=fail reason="; dmarc=pass"', 'mx', ['dkim=fail reason=__dmarc_pass']],
])('The value %j is read as the word of %s.', (value, authservId, expected) => {
  const read = readAuthenticationResults(value)
  expect(read?.authservId).toBe(authservId)
  const told = read?.results.map(
    ({ method, result, properties, comment }) =>
      [`${method}=${result}`, ...Object.entries(properties).map(([name, text]) => `${name}=${text}`)].join(
        ' ',
      ) +
      (comment === '' || authservId === 'foo.example.net' || comment.startsWith('oops')
        ? ''
        : ` (${comment})`),
  )
  expect(told).toEqual(expected)
})

test.each(['', ' ', ';', '; dkim=pass', 'dkim=pass', '(mx); dkim=pass'])(
  'The value %j names nobody.',
  (value) => {
    expect(readAuthenticationResults(value)).toBeNull()
  },
)

test('The same inside ARC begins with the instance.', () => {
  expect(readAuthenticationResults('i=2; mx.example; spf=pass', { inArc: true })).toMatchObject({
    authservId: 'mx.example',
    results: [{ method: 'spf', result: 'pass' }],
  })
})

const OURS = ['gate.example']

test.each([
  ['Authentication-Results: gate.example; dkim=pass\r\n', true],
  ['authentication-results:GATE.example 1;\r\n\tdkim=pass\r\n', true],
  ['Authentication-Results : (hello) "gate.example"; dkim=pass\r\n', true],
  ['Authentication-Results:\r\n gate.example;\r\n dkim=pass\r\n', true],
  ['Authentication-Results\r\n : gate.example; dkim=pass\r\n', true],
  ['Authentication-Results: other.example; dkim=pass\r\n', false],
  ['Authentication-Results: gate.example.evil.example; dkim=pass\r\n', false],
  ['ARC-Authentication-Results: i=1; gate.example; dkim=pass\r\n', false],
  ['X-Old: Authentication-Results: gate.example; dkim=pass\r\n', false],
])('The field %j is taken out: %s', (field, isTaken) => {
  const body = '\r\nAuthentication-Results: gate.example; dkim=pass\r\n'
  const content = Buffer.from(`From: a@b.example\r\n${field}To: c@d.example\r\n${body}`)
  const made = removeResultsOf(content, bodyOffset(content), OURS)
  expect(Buffer.from(made).toString()).toBe(
    `From: a@b.example\r\n${isTaken ? '' : field}To: c@d.example\r\n${body}`,
  )
  if (!isTaken) expect(made).toBe(content)
})
