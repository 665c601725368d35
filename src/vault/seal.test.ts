import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseKeyRing } from './key-ring.ts'
import { open, type Sealed, seal } from './seal.ts'

const key = (id: string, octet: number) => ({
  id,
  createdAt: '2026-05-06T07:08:09.000Z',
  secret: Buffer.alloc(32, octet).toString('base64'),
})
const ringOf = (keys: readonly unknown[], current: string) =>
  parseKeyRing(JSON.stringify({ format: 1, keys, current }), 'test')

const ring = ringOf([key('one', 1)], 'one')
const rotated = ringOf([key('one', 1), key('two', 2)], 'two')
const octets = (text: string): Uint8Array => Buffer.from(text, 'utf8')
const counting = (size: number): Uint8Array => Uint8Array.from({ length: size }, (_, i) => i)
const BINDING = 'content:01jz0000000000aa'

/** Returns the octets with one bit of one octet turned. */
function turned(bytes: Uint8Array, at: number): Uint8Array {
  const copy = Uint8Array.from(bytes)
  copy[at] = (copy[at] ?? 0) ^ 1
  return copy
}

describe('sealed octets', () => {
  test('open again to what was sealed, whatever it was', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.string(), (plain, binding) => {
        expect(Buffer.from(open(ring, seal(ring, plain, binding), binding))).toEqual(Buffer.from(plain))
      }),
    )
  })

  test('do not hold the plain text, and never look the same twice', () => {
    const plain = octets('Password: Hunter2!')
    const first = seal(ring, plain, BINDING)
    const second = seal(ring, plain, BINDING)
    expect(Buffer.from(first.octets).includes('Hunter2!')).toBe(false)
    expect(Buffer.from(first.octets)).not.toEqual(Buffer.from(second.octets))
    expect(Buffer.from(first.salt)).not.toEqual(Buffer.from(second.salt))
  })

  test('have a version, a nonce of 12, the text and a tag of 16 octets, the same in every released version', () => {
    const sealed = seal(ring, octets('hello'), BINDING, counting)
    expect(sealed.octets.byteLength).toBe(1 + 12 + 5 + 16)
    expect(sealed.octets[0]).toBe(1)
    expect(Buffer.from(sealed.octets).toString('hex')).toMatchInlineSnapshot(
      `"01000102030405060708090a0b1af4c7083cc6af0f447471fda6d1cfeccb05c92e05"`,
    )
  })

  test('open after a rotation, and new ones are sealed under the new key', () => {
    const old = seal(ring, octets('old'), BINDING)
    expect(Buffer.from(open(rotated, old, BINDING)).toString()).toBe('old')
    expect(seal(rotated, octets('new'), BINDING).keyId).toBe('two')
  })
})

describe('sealed octets do not open', () => {
  const sealed = seal(ring, octets('the plain text'), BINDING)
  const other = seal(ring, octets('another text'), BINDING)

  test('when any one octet was changed', () => {
    for (let at = 0; at < sealed.octets.byteLength; at++) {
      expect(() => open(ring, { ...sealed, octets: turned(sealed.octets, at) }, BINDING)).toThrow(
        /sealed octets/,
      )
    }
  })

  test('when any octet of the salt was changed', () => {
    for (let at = 0; at < sealed.salt.byteLength; at++) {
      expect(() => open(ring, { ...sealed, salt: turned(sealed.salt, at) }, BINDING)).toThrow('do not open')
    }
  })

  test.each<[string, Sealed, string, string]>([
    ['under another binding', sealed, 'content:01jz0000000000ab', 'do not open'],
    ['with the salt of another content', { ...sealed, salt: other.salt }, BINDING, 'do not open'],
    ['with the octets of another content', { ...sealed, octets: other.octets }, BINDING, 'do not open'],
    ['when cut', { ...sealed, octets: sealed.octets.subarray(0, -1) }, BINDING, 'do not open'],
    [
      'when cut to less than a header',
      { ...sealed, octets: sealed.octets.subarray(0, 20) },
      BINDING,
      'cut short',
    ],
    ['when empty', { ...sealed, octets: new Uint8Array(0) }, BINDING, 'cut short'],
    [
      'when lengthened',
      { ...sealed, octets: Buffer.concat([sealed.octets, octets('x')]) },
      BINDING,
      'do not open',
    ],
    [
      'under a key id that the ring does not hold',
      { ...sealed, keyId: 'two' },
      BINDING,
      'does not hold the key "two"',
    ],
  ])('%s', (_name, changed, binding, expected) => {
    expect(() => open(ring, changed, binding)).toThrow(expected)
  })

  test('under another key of the same ring, or a ring with another secret of the same id', () => {
    expect(() => open(rotated, { ...sealed, keyId: 'two' }, BINDING)).toThrow('do not open')
    expect(() => open(ringOf([key('one', 9)], 'one'), sealed, BINDING)).toThrow('do not open')
  })
})
