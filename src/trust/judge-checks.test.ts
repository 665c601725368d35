import { expect, test } from 'vitest'
import { readAuthenticationResults } from './authentication-results.ts'
import type { Checks } from './checks.ts'
import { judgeChecks, sameOwner } from './judge-checks.ts'

const PASS = 'dmarc=pass header.from=partner.example'

/** Sets newest first, as `sealer found`. */
function judgeSeals(sets: readonly string[], result: 'pass' | 'fail' = 'pass'): string {
  const checks: Checks = {
    authorDomains: ['partner.example'],
    spf: null,
    signatures: [],
    dmarc: { result: 'fail', policy: 'reject' },
    arc: {
      result,
      sets: sets.map((set) => {
        const [sealer = '', ...found] = set.split(' ')
        return { sealer, found: readAuthenticationResults(`${sealer}; ${found.join(' ')}`) }
      }),
    },
    lines: [],
  }
  const arcSealers = ['one.example', 'two.example']
  const author = 'partner.example'
  const judged = judgeChecks({ checks, author, arcSealers, unanswered: new Set(), isExhausted: false })
  return judged.result === 'verified' ? judged.by : judged.result
}

test.each<[readonly string[], string]>([
  [[`one.example ${PASS}`], 'ARC seal of one.example'],
  // The second forwarder sees the first one's changes and cannot prove the author any more.
  [['two.example dmarc=fail header.from=partner.example', `one.example ${PASS}`], 'ARC seal of one.example'],
  // A stranger in between could have made up what lies before.
  [['two.example arc=pass', `evil.example ${PASS}`, `one.example ${PASS}`], 'failed'],
  [[`evil.example ${PASS}`, `one.example ${PASS}`], 'failed'],
  [['one.example dkim=pass header.i=@mail.partner.example'], 'ARC seal of one.example'],
  [['one.example spf=pass smtp.mailfrom=bounces@partner.example'], 'ARC seal of one.example'],
  [['one.example dkim=pass header.d=evil.example; spf=pass smtp.mailfrom=evil.example'], 'failed'],
  [['one.example dmarc=pass'], 'failed'],
  [['one.example none'], 'failed'],
])('Seals %j are worth: %s.', (sets, expected) => {
  expect(judgeSeals(sets)).toBe(expected)
})

test('A chain that does not hold is worth nothing, whoever made it.', () => {
  expect(judgeSeals([`one.example ${PASS}`], 'fail')).toBe('failed')
})

test.each([
  ['partner.example', 'partner.example', true],
  ['mail.partner.example', 'partner.example', true],
  ['a.partner.co.uk', 'b.partner.co.uk', true],
  ['a.co.uk', 'b.co.uk', false],
  // Customers of one host are strangers to each other.
  ['one.github.io', 'two.github.io', false],
  ['partner.example', 'partner.example.evil.example', false],
  ['', '', false],
  ['', 'partner.example', false],
])('%j and %j have the same owner: %s.', (one, other, expected) => {
  expect(sameOwner(one, other)).toBe(expected)
})
