import { expect, test } from 'vitest'
import { bodyOffset } from '../mail/header-fields.ts'
import { handOver } from './hand-over.ts'

const cut = (header: string, arc = false): { readonly text: string; readonly leftOut: number } | null => {
  const content = Buffer.from(`${header}\r\nDKIM-Signature: in the body\r\n`)
  const made = handOver(content, bodyOffset(content), { arc })
  return made === null ? null : { text: Buffer.from(made.content).toString(), leftOut: made.leftOut }
}

const BODY = '\r\nDKIM-Signature: in the body\r\n'
const signature = (at: number): string => `DKIM-Signature: v=1;\r\n s=s${at};\r\n\td=a.example\r\n`
const many = (count: number): string => Array.from({ length: count }, (_, at) => signature(at)).join('')

test.each([
  ['no signature', 'From: a@b.example\r\n', 'From: a@b.example\r\n', 0],
  ['eight signatures', `${many(8)}From: a@b.example\r\n`, `${many(8)}From: a@b.example\r\n`, 0],
  ['ten signatures', `${many(10)}From: a@b.example\r\n`, `${many(8)}From: a@b.example\r\n`, 2],
  [
    'a signature whose colon stands on the next line',
    `${many(8)}DKIM-Signature\r\n : v=1\r\nFrom: a@b.example\r\n`,
    `${many(8)}From: a@b.example\r\n`,
    1,
  ],
  [
    'a signature of 20,000 octets',
    `dkim-signature: ${'x'.repeat(20_000)}\r\nFrom: a@b.example\r\n`,
    'From: a@b.example\r\n',
    1,
  ],
  [
    'a chain of seals that nobody believes',
    'ARC-Seal: i=1\r\nARC-Message-Signature: i=1;\r\n a=b\r\nARC-Authentication-Results: i=1\r\nFrom: a@b.example\r\n',
    'From: a@b.example\r\n',
    0,
  ],
])('Of a mail with %s the checks see what they may.', (...[, header, expected, leftOut]) => {
  expect(cut(header)).toEqual({ text: expected + BODY, leftOut })
})

test('Seals are kept where a sealer is believed.', () => {
  const header = 'ARC-Seal: i=1\r\nFrom: a@b.example\r\n'
  expect(cut(header, true)?.text).toBe(header + BODY)
})

test.each([
  ['300,000 octets', `X-Filler: ${'x'.repeat(300_000)}\r\n`],
  ['6,000 lines', `X-Filler: a\r\n${' b\r\n'.repeat(6000)}`],
])('A header of %s is not checked at all.', (_, header) => {
  expect(cut(header)).toBeNull()
})
