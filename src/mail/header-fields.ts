/**
 * Splits a header block into fields and decodes their values. Duplicates and order are kept.
 * Fails: never; lines that are no field are skipped, number and length are bounded.
 * Source: RFC 5322 §2.2, RFC 2047, RFC 6532 (raw UTF-8).
 */
import libmime from 'libmime'
import { decodeHeaderOctets } from './charset.ts'
import { cleanLine } from './clean-text.ts'
import { decodeWords } from './encoded-words.ts'
import { MAX_FIELD_CHARS, MAX_HEADER_BYTES, MAX_HEADER_FIELDS } from './limits.ts'
import type { HeaderField } from './mail.ts'

/** A field as it stands: `name` as written, `value` unfolded but with its encoded words. */
export type RawField = { readonly name: string; readonly key: string; readonly value: string }

/** A name without blanks; old programs put one before the colon. */
export const FIELD_START = /^([!-9;-~]{1,200})[ \t]*:/

/** Reads the fields of a header block (octets up to, not including, the empty line). */
export function readRawFields(header: Uint8Array, decode = decodeHeaderOctets): RawField[] {
  const text = decode(header.subarray(0, MAX_HEADER_BYTES))
  const fields: { name: string; lines: string[] }[] = []
  for (const line of text.split(/\r\n|\n|\r/)) {
    const last = fields.at(-1)
    const start = FIELD_START.exec(line)
    if (/^[ \t]/.test(line) && last !== undefined) last.lines.push(line.slice(1))
    else if (start?.[1] !== undefined) {
      if (fields.length >= MAX_HEADER_FIELDS) break
      fields.push({ name: start[1], lines: [line.slice(start[0].length)] })
    }
  }
  return fields.map(({ name, lines }) => ({
    name,
    key: name.toLowerCase(),
    value: lines.join(' ').slice(0, MAX_FIELD_CHARS).trim(),
  }))
}

/** Decodes fields for `Mail.headerFields`: encoded words resolved, one line each. */
export function decodeFields(fields: readonly RawField[]): HeaderField[] {
  return fields.map(({ name, value }) => ({ name, value: decodeValue(value) }))
}

/** Decodes one unstructured value (Subject) to a single clean line. */
export function decodeValue(value: string): string {
  return cleanLine(decodeWords(value))
}

/** Finds the first field of that name (lower case), or null. */
export function firstField(fields: readonly RawField[], key: string): string | null {
  return fields.find((field) => field.key === key)?.value ?? null
}

/** Lists the values of every field of that name, in order. */
export function allFields(fields: readonly RawField[], key: string): string[] {
  return fields.filter((field) => field.key === key).map((field) => field.value)
}

/** Returns where the body starts: after the first empty line; the length when there is none. */
export function bodyOffset(content: Uint8Array): number {
  const buffer = Buffer.from(content.buffer, content.byteOffset, content.byteLength)
  if (buffer[0] === 0x0a) return 1
  if (buffer[0] === 0x0d && buffer[1] === 0x0a) return 2
  const ends = [
    [buffer.indexOf('\r\n\r\n'), 4],
    [buffer.indexOf('\n\n'), 2],
    [buffer.indexOf('\n\r\n'), 3],
  ].filter(([at]) => (at ?? -1) >= 0)
  return ends.reduce((least, [at = 0, length = 0]) => Math.min(least, at + length), content.byteLength)
}

/** A structured value such as Content-Type: the value in lower case, parameters decoded. */
export type Structured = { readonly value: string; readonly params: Readonly<Record<string, string>> }

/** Parses Content-Type, Content-Disposition and the like; RFC 2231 continuations are joined. */
export function readStructured(value: string | null): Structured {
  const parsed = libmime.parseHeaderValue(value ?? '', { stripComments: true })
  const params = Object.entries(parsed.params).map(([name, text]): [string, string] => [
    name,
    parsed.decodedParams.includes(name) ? text : decodeWords(text),
  ])
  return { value: parsed.value.trim().toLowerCase(), params: Object.fromEntries(params) }
}
