import { expect, test } from 'vitest'
import { classifyFailure, oneLine } from './classify.ts'

const failure = (fields: object, message = 'Something failed'): Error =>
  Object.assign(new Error(message), fields)

test.each([
  ['a refused recipient', { code: 'EENVELOPE', command: 'RCPT TO', responseCode: 550 }, 'failed', null],
  ['a recipient put off', { code: 'EENVELOPE', command: 'RCPT TO', responseCode: 450 }, 'deferred', false],
  ['refused content', { code: 'EMESSAGE', command: 'DATA', responseCode: 554 }, 'failed', null],
  ['a wrong password', { code: 'EAUTH', command: 'AUTH PLAIN', responseCode: 535 }, 'deferred', true],
  ['no password', { code: 'ENOAUTH' }, 'deferred', true],
  ['a password asked for', { code: 'EENVELOPE', command: 'MAIL FROM', responseCode: 530 }, 'deferred', true],
  ['a relay going down', { code: 'ECONNECTION', command: 'CONN', responseCode: 421 }, 'deferred', true],
  ['a refusal of us', { code: 'ECONNECTION', command: 'EHLO', responseCode: 550 }, 'deferred', true],
  ['no name', { code: 'EDNS', command: 'CONN' }, 'deferred', true],
  ['no TLS', { code: 'ETLS', command: 'CONN' }, 'deferred', true],
  ['a lost connection', { code: 'ECONNECTION', command: 'CONN' }, 'unknown', null],
  ['a broken socket', { code: 'ESOCKET', command: 'CONN' }, 'unknown', null],
  ['an impossible address', { code: 'EENVELOPE', command: 'API' }, 'failed', null],
  ['something unheard of', { code: 'EWHAT' }, 'deferred', true],
])('%s', (_name, fields, kind, routeTrouble) => {
  const result = classifyFailure(failure(fields))
  expect(result.kind).toBe(kind)
  expect('routeTrouble' in result ? result.routeTrouble : null).toBe(routeTrouble)
})

test.each(['connect ECONNREFUSED 127.0.0.1:25', 'Greeting never received', 'TLS handshake timed out'])(
  'nothing was sent when the library says %s',
  (message) => {
    const result = classifyFailure(failure({ code: 'ESOCKET', command: 'CONN' }, message))
    expect(result).toEqual({ kind: 'deferred', routeTrouble: true, reply: message })
  },
)

test('the words of a remote server are one bounded line', () => {
  const response = `550 no\r\nSubject: evil\u2028${'x'.repeat(1000)}`
  const { reply } = classifyFailure(
    failure({ code: 'EMESSAGE', command: 'DATA', responseCode: 550, response }),
  )
  expect(reply).toMatch(/^550 no Subject: evil x+$/)
  expect(reply).toHaveLength(500)
  expect(oneLine('a\tb')).toBe('a b')
})

test('something that is no error is tried again', () => {
  expect(classifyFailure('strange')).toMatchObject({ kind: 'deferred', reply: 'strange' })
})
