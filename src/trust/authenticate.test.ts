import { BlockList } from 'node:net'
import { expect, test } from 'vitest'
import type { Envelope } from '../mail/mail.ts'
import { authenticate } from './authenticate.ts'

const networks = new BlockList()
networks.addSubnet('127.0.0.0', 8, 'ipv4')
networks.addAddress('2001:db8::1', 'ipv6')

function envelope(clientIp: string | null, trustedRelay: string | null): Envelope {
  return {
    reversePath: 'piet@partner.example',
    forwardPaths: ['support@desk.example'],
    transport: 'smtp',
    clientIp,
    ehloDomain: null,
    tls: false,
    faces: 'relay',
    trustedRelay,
    receivedAt: new Date(0),
  }
}

test.each([
  ['192.0.2.1', '192.0.2.0/24', 'verified', 'trusted network 192.0.2.0/24'],
  ['127.0.0.1', null, 'verified', 'trusted network 127.0.0.1'],
  ['::ffff:127.0.0.1', null, 'verified', 'trusted network ::ffff:127.0.0.1'],
  ['2001:db8::1', null, 'verified', 'trusted network 2001:db8::1'],
  ['2001:db8::2', null, 'none', 'no check configured'],
  ['192.0.2.1', null, 'none', 'no check configured'],
  [null, 'the pipe', 'verified', 'trusted network the pipe'],
  [null, null, 'none', 'no check configured'],
])('A mail from %s vouched for by %s is %s.', (clientIp, trustedRelay, result, by) => {
  expect(authenticate(envelope(clientIp, trustedRelay), { networks })).toEqual({ result, by })
})
