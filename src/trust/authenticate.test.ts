import { expect, test } from 'vitest'
import { makeTrust } from '../config/network.ts'
import type { Envelope } from '../mail/mail.ts'
import { authenticate } from './authenticate.ts'

const trust = {
  trustOf: makeTrust(['127.0.0.0/8', '2001:db8::1']),
  authservId: null,
  arcSealers: [],
  resolver: null,
  hostName: 'gate.desk.example',
}

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
  ['127.0.0.1', null, 'verified', 'trusted network 127.0.0.0/8'],
  ['::ffff:127.0.0.1', null, 'verified', 'trusted network 127.0.0.0/8'],
  ['2001:db8::1', null, 'verified', 'trusted network 2001:db8::1'],
  ['2001:db8::2', null, 'none', 'no check configured'],
  ['192.0.2.1', null, 'none', 'no check configured'],
  [null, 'the pipe', 'verified', 'trusted network the pipe'],
  [null, null, 'none', 'no check configured'],
])('A mail from %s vouched for by %s is %s.', async (clientIp, trustedRelay, result, by) => {
  const mail = {
    envelope: envelope(clientIp, trustedRelay),
    content: Buffer.from('From: a@b.example\r\n\r\n'),
  }
  expect(await authenticate(mail, trust)).toEqual({ result, by })
})
