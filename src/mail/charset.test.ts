import { expect, test } from 'vitest'
import { decodeCharset } from './charset.ts'
import { decodeWords } from './encoded-words.ts'

const latin = (text: string): Uint8Array => Buffer.from(text, 'latin1')
const utf8 = (text: string): Uint8Array => Buffer.from(text, 'utf8')
const hex = (digits: string): Uint8Array => Buffer.from(digits.replaceAll(' ', ''), 'hex')

test.each([
  [latin('caf\xe9'), 'iso-8859-1', 'café', false],
  [latin('\x93quoted\x94'), 'iso-8859-1', '“quoted”', false],
  [hex('d0 cf c4 c4 c5 d2 d6 cb c1'), 'koi8-r', 'поддержка', false],
  [hex('ef ee e4 e4 e5 f0 e6 ea e0'), 'windows-1251', 'поддержка', false],
  [hex('1b 24 42 25 61 21 3c 25 6b 1b 28 42'), 'iso-2022-jp', 'メール', false],
  [hex('c4 e3 ba c3'), 'gb2312', '你好', false],
  [hex('c4 e3 ba c3'), 'gb18030', '你好', false],
  [hex('68 00 69 00'), 'utf-16le', 'hi', false],
  [hex('ff fe 68 00 69 00'), 'utf-16', 'hi', false],
  [hex('00 68 00 69'), 'utf-16', 'hi', false],
  [latin('Hi+AD0-there'), 'utf-7', 'Hi=there', false],
  [hex('81'), 'cp850', 'ü', false],
])('octets %o in %s read %j', (octets, charset, text, guessed) => {
  expect(decodeCharset(octets, charset)).toEqual({ text, guessed })
})

test.each([
  ['UTF-8 that is declared ASCII', utf8('Größe'), 'us-ascii', 'Größe'],
  ['UTF-8 that is declared Latin-1', utf8('Größe'), 'iso-8859-1', 'Größe'],
  ['Latin-1 that is declared UTF-8', latin('Gr\xf6\xdfe und mehr Text'), 'utf-8', 'Größe und mehr Text'],
  ['Latin-1 that is declared nothing', latin('Gr\xf6\xdfe und mehr Text'), null, 'Größe und mehr Text'],
  ['UTF-8 of an unknown charset', utf8('Größe'), 'x-nope', 'Größe'],
  ['ISO-2022-JP that is declared nothing', hex('1b 24 42 25 61 21 3c 25 6b 1b 28 42'), null, 'メール'],
])('%s is read as it was meant, and said to be guessed', (_name, octets, charset, text) => {
  expect(decodeCharset(octets, charset)).toEqual({ text, guessed: true })
})

test('Cyrillic octets that are declared nothing are told apart by their letters', () => {
  const koi8 = hex('d0 cf c4 c4 c5 d2 d6 cb c1 20 d0 cf de d4 d9 20 ce c5 20 d2 c1 c2 cf d4 c1 c5 d4')
  const windows = hex('ef ee e4 e4 e5 f0 e6 ea e0 20 ef ee f7 f2 fb 20 ed e5 20 f0 e0 e1 ee f2 e0 e5 f2')
  expect(decodeCharset(koi8, null).text).toBe('поддержка почты не работает')
  expect(decodeCharset(windows, null).text).toBe('поддержка почты не работает')
})

test('undeclared UTF-8 is no guess: RFC 6532 says so', () => {
  expect(decodeCharset(utf8('Größe'), null)).toEqual({ text: 'Größe', guessed: false })
})

test.each([
  ['=?utf-8?Q?Gr=C3=B6=C3=9Fe?=', 'Größe'],
  ['=?utf-8?B?R3I=?= =?utf-8?B?w7bDn2U=?=', 'Größe'],
  ['=?utf-8?Q?Gr=C3?= =?utf-8?Q?=B6=C3=9Fe?=', 'Größe'],
  ['=?utf-8?Q?a?= b =?utf-8?Q?c?=', 'a b c'],
  ['=?utf-8?Q?a?= =?iso-8859-1?Q?=E9?=', 'aé'],
  ['=?utf-8*en?Q?a_b?=', 'a b'],
  ['=?gb2312?B?xOO6ww==?=', '你好'],
  ['=?nonsense', '=?nonsense'],
  ['1 =? 2 ?= 3', '1 =? 2 ?= 3'],
])('encoded words %j read %j', (value, text) => {
  expect(decodeWords(value)).toBe(text)
})
