import { expect, test } from 'vitest'
import { makeCertificateTrust } from './client-certificate.ts'

const PINNED = 'ab'.repeat(32)

test.each<[string, readonly string[], string | null]>([
  [PINNED, [], 'client certificate abababababababab'],
  ['cd'.repeat(32), ['relay.example.com', 'other.example'], 'client certificate relay.example.com'],
  ['cd'.repeat(32), ['sub.relay.example.com'], null],
  ['cd'.repeat(32), ['*.example.com'], null],
  ['cd'.repeat(32), [], null],
])('The certificate %s of %j is trusted as %s.', (fingerprint, names, expected) => {
  expect(makeCertificateTrust([PINNED, 'relay.example.com'])({ fingerprint, names })).toBe(expected)
})
