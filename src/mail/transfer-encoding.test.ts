import { expect, test } from 'vitest'
import { decodeTransfer } from './transfer-encoding.ts'

test.each([
  ['quoted-printable', 'a=3Db', 'a=b'],
  ['quoted-printable', 'soft=\r\nbreak', 'softbreak'],
  ['quoted-printable', 'soft= \t\nbreak', 'softbreak'],
  ['quoted-printable', 'low=3d and =zz and =4', 'low= and =zz and =4'],
  ['quoted-printable', 'ends with =', 'ends with '],
  ['base64', 'aGVs\r\nbG8=', 'hello'],
  ['base64', 'aGVsbG8=d29ybGQ=', 'helloworld'],
  ['base64', '%%%aGVs!bG8', 'hello'],
  ['x-uuencode', 'begin 644 a.txt\n%:&5L;&\\\n`\nend\n', 'hello'],
  ['7bit', 'a=3Db', 'a=3Db'],
  ['unheard-of', 'a=3Db', 'a=3Db'],
])('%s %j decodes to %j', (encoding, body, text) => {
  expect(Buffer.from(decodeTransfer(Buffer.from(body, 'latin1'), encoding)).toString('latin1')).toBe(text)
})
