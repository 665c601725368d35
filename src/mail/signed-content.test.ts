import { expect, test } from 'vitest'
import { signedContent } from './signed-content.ts'

const element = (tag: number, ...parts: Uint8Array[]): Buffer => {
  const body = Buffer.concat(parts)
  const long = body.length > 127
  return Buffer.concat([
    Buffer.from(long ? [tag, 0x82, body.length >> 8, body.length & 255] : [tag, body.length]),
    body,
  ])
}
const indefinite = (tag: number, ...parts: Uint8Array[]): Buffer =>
  Buffer.concat([Buffer.from([tag, 0x80]), ...parts, Buffer.from([0, 0])])

const SIGNED_DATA = Buffer.from('06092a864886f70d010702', 'hex')
const DATA = Buffer.from('06092a864886f70d010701', 'hex')
const VERSION = Buffer.from([2, 1, 1])
const TEXT = Buffer.from('Content-Type: text/plain\r\n\r\nHello')

test('the content of a DER signature is found', () => {
  const content = element(0xa0, element(0x04, TEXT))
  const inner = element(0x30, VERSION, element(0x31), element(0x30, DATA, content))
  const found = signedContent(element(0x30, SIGNED_DATA, element(0xa0, inner)))
  expect(Buffer.from(found ?? []).toString()).toBe(TEXT.toString())
})

test('the content of a BER signature in pieces is joined', () => {
  const pieces = indefinite(0x24, element(0x04, TEXT.subarray(0, 10)), element(0x04, TEXT.subarray(10)))
  const inner = indefinite(0x30, VERSION, element(0x31), indefinite(0x30, DATA, indefinite(0xa0, pieces)))
  const found = signedContent(indefinite(0x30, SIGNED_DATA, indefinite(0xa0, inner)))
  expect(Buffer.from(found ?? []).toString()).toBe(TEXT.toString())
})

test.each([
  ['nothing', Buffer.alloc(0)],
  ['text', TEXT],
  ['an endless nest', Buffer.from('3080'.repeat(10_000), 'hex')],
  ['a length beyond the end', Buffer.from('3084ffffffff', 'hex')],
])('%s holds no signed content', (_name, octets) => {
  expect(signedContent(octets)).toBeNull()
})
