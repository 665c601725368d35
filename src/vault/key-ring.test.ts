import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { newKeyRingText, openKeyRing, parseKeyRing } from './key-ring.ts'

const NOW = new Date('2026-05-06T07:08:09Z')
const octets = (text: string): Uint8Array => Buffer.from(text, 'utf8')
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')
const counting = (size: number): Uint8Array => Uint8Array.from({ length: size }, (_, i) => i + 1)
const SECRET = Buffer.alloc(32, 7).toString('base64')
const OTHER_SECRET = Buffer.alloc(32, 8).toString('base64')

function ringText(keys: readonly unknown[], current: unknown, format: unknown = 1): string {
  return JSON.stringify({ format, keys, current })
}

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'ticketgate-ring-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('the key ring file', () => {
  test('is made at first start with mode 0600, in a folder of its own, and says so once', () => {
    const file = join(folder, 'new', 'deep', 'ring.json')
    const first = openKeyRing({ file, create: true, now: NOW })
    expect(first.created).toBe(true)
    expect(statSync(file).mode & 0o777).toBe(0o600)
    expect(readdirSync(join(folder, 'new', 'deep'))).toEqual(['ring.json'])
    const again = openKeyRing({ file, create: true, now: NOW })
    expect(again.created).toBe(false)
    expect(again.keyIds).toEqual(first.keyIds)
    expect(again.fingerprint(again.currentKeyId)).toBe(first.fingerprint(first.currentKeyId))
  })

  test('holds format, keys with id, instant and 32 secret octets, and the current key', () => {
    const file = join(folder, 'shape.json')
    openKeyRing({ file, create: true, random: counting, now: NOW })
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({
      format: 1,
      keys: [
        {
          id: 'k20260506-010203',
          createdAt: '2026-05-06T07:08:09.000Z',
          secret: Buffer.from(counting(32)).toString('base64'),
        },
      ],
      current: 'k20260506-010203',
    })
  })

  test('is never overwritten', () => {
    const file = join(folder, 'kept.json')
    openKeyRing({ file, create: true })
    const before = readFileSync(file)
    openKeyRing({ file, create: true })
    expect(readFileSync(file)).toEqual(before)
  })

  test('that is missing is refused when it must not be made', () => {
    const file = join(folder, 'missing.json')
    expect(() => openKeyRing({ file, create: false })).toThrow(/is not there.*backup/)
    expect(readdirSync(folder)).not.toContain('missing.json')
  })

  test.each([0o640, 0o604, 0o660, 0o644])(
    'that others can reach (mode %o) is refused with the remedy',
    (mode) => {
      const file = join(folder, `mode-${mode}.json`)
      openKeyRing({ file, create: true })
      chmodSync(file, mode)
      expect(() => openKeyRing({ file, create: true })).toThrow(`chmod 600 ${file}`)
    },
  )

  test('that is a folder or lies under a file is refused', () => {
    mkdirSync(join(folder, 'a-folder'), { mode: 0o700 })
    expect(() => openKeyRing({ file: join(folder, 'a-folder'), create: true })).toThrow('is not a file')
    writeFileSync(join(folder, 'plain'), '')
    expect(() => openKeyRing({ file: join(folder, 'plain', 'ring.json'), create: true })).toThrow(
      /key ring .*ENOTDIR/,
    )
  })

  test('that was left empty is refused and not replaced', () => {
    const file = join(folder, 'empty.json')
    writeFileSync(file, '', { mode: 0o600 })
    expect(() => openKeyRing({ file, create: true })).toThrow('it is not JSON')
    expect(readFileSync(file, 'utf8')).toBe('')
  })
})

describe('the text of a key ring', () => {
  const key = { id: 'k1', createdAt: NOW.toISOString(), secret: SECRET }
  test.each([
    ['no JSON', `{"secret":"${SECRET}"`, 'it is not JSON'],
    ['a list', '[]', 'it lists no keys'],
    ['null', 'null', 'it lists no keys'],
    ['keys that are no list', ringText(null as never, 'k1'), 'it lists no keys'],
    ['another format', ringText([key], 'k1', 2), 'its format is not 1'],
    ['no key', ringText([], 'k1'), 'it holds no key'],
    ['a current key that is not there', ringText([key], 'k2'), '"current" names a key'],
    ['no current key', ringText([key], undefined), '"current" names no key'],
    ['two keys of one id', ringText([key, key], 'k1'), 'two keys share an id'],
    ['a key that is a text', ringText([SECRET], 'k1'), 'key 1 is not an object'],
    ['an id with blanks', ringText([{ ...key, id: 'k 1' }], 'k 1'), 'key 1 has no proper id'],
    [
      'a short secret',
      ringText([key, { ...key, id: 'k2', secret: 'AAAA' }], 'k1'),
      'key 2 has no secret of 32',
    ],
    [
      'a secret that is no base64',
      ringText([{ ...key, secret: `${SECRET}!` }], 'k1'),
      'key 1 has no secret of 32',
    ],
    ['no secret', ringText([{ ...key, secret: 5 }], 'k1'), 'key 1 has no secret of 32'],
  ])('with %s is refused, and the secret is not told', (_name, text, expected) => {
    let message = ''
    try {
      parseKeyRing(text, 'TICKETGATE_KEYS')
    } catch (error) {
      message = error instanceof Error ? `${error.stack} ${JSON.stringify(error.cause)}` : ''
    }
    expect(message).toContain(expected)
    expect(message).toContain('TICKETGATE_KEYS')
    expect(message).not.toContain(SECRET.slice(0, 8))
  })

  test('made anew is a ring', () => {
    const ring = parseKeyRing(newKeyRingText(counting, NOW), 'test')
    expect(ring.keyIds).toEqual([ring.currentKeyId])
  })
})

describe('what a ring gives', () => {
  const one = { id: 'one', createdAt: '', secret: SECRET }
  const two = { id: 'two', createdAt: '', secret: OTHER_SECRET }
  const before = parseKeyRing(ringText([one], 'one'), 'test')
  const after = parseKeyRing(ringText([one, two], 'two'), 'test')

  test('a mac outlives a rotation and is another for each purpose and for other chunks', () => {
    const mac = hex(before.mac('reply', [octets('a'), octets('b')]))
    expect(mac).toHaveLength(64)
    expect(hex(after.mac('reply', [octets('a'), octets('b')]))).toBe(mac)
    const others = [
      before.mac('bounce', [octets('a'), octets('b')]),
      before.mac('reply', [octets('ab')]),
      before.mac('reply', [octets('b'), octets('a')]),
      before.mac('reply', [octets('a'), octets('b'), octets('')]),
      parseKeyRing(ringText([two], 'two'), 'test').mac('reply', [octets('a'), octets('b')]),
    ]
    expect(new Set([mac, ...others.map(hex)]).size).toBe(6)
  })

  test('a mac stays what it was in released versions', () => {
    expect(hex(before.mac('dedupe', [octets('x')]))).toMatchInlineSnapshot(
      `"3913964965498ef30681d83bcfa407ab2f920c6351c8e50ae94e4d2f87d5545d"`,
    )
  })

  test('a fingerprint names its key, gives nothing of it away, and is the same in every ring', () => {
    expect(after.fingerprint('one')).toBe(before.fingerprint('one'))
    expect(after.fingerprint('two')).not.toBe(after.fingerprint('one'))
    expect(after.fingerprint('one')).toMatch(/^[0-9a-f]{16}$/)
  })

  test('a key that it does not hold is a fault that names the key', () => {
    expect(() => before.derive('two', 'seal', [])).toThrow('does not hold the key "two"')
  })

  test('printing a ring shows no secret', () => {
    expect(JSON.stringify(after)).toBe('{"currentKeyId":"two","keyIds":["one","two"]}')
  })
})
