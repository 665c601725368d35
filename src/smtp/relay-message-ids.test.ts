import { expect, test } from 'vitest'
import { relayMessageIds } from './relay-message-ids.ts'

const SES = '250 Ok 0102019a5f3c2b7e-1b2c3d4e-5f60-4718-9a2b-3c4d5e6f7081-000000'
const SES_ID = '0102019a5f3c2b7e-1b2c3d4e-5f60-4718-9a2b-3c4d5e6f7081-000000'

test.each([
  ['SES in a region', SES, 'email-smtp.eu-west-1.amazonaws.com', [`${SES_ID}@eu-west-1.amazonses.com`]],
  ['SES in its first region', SES, 'email-smtp.us-east-1.amazonaws.com', [`${SES_ID}@email.amazonses.com`]],
  ['the words of SES from another host', SES, 'mail.example.com', []],
  ['a queue id of Postfix', '250 2.0.0 Ok: queued as 4ZxYwV1n2Mz', 'mail.example.com', []],
  ['an id that is quoted', '250 OK <abc@relay.example> queued', 'mail.example.com', ['abc@relay.example']],
  ['our own id, quoted', '250 queued <tg.1@desk.example>', 'mail.example.com', []],
  ['nothing', '', '', []],
])('Message-IDs from %s.', (_, reply, host, expected) => {
  expect(relayMessageIds(reply, host, 'tg.1@desk.example')).toEqual(expected)
})
