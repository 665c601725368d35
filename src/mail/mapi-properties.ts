/**
 * Reads a sequence of MAPI properties as TNEF lays them end to end: the octets of each by property id.
 * Fails: never; what ends early or claims a length beyond the end gives the properties before it.
 * Source: MS-OXTNEF §2.1.3.4 (encoding of properties), MS-OXCDATA §2.11.1 (types).
 */
import { decodeCharset } from './charset.ts'
import { charsetOfCodePage } from './code-page.ts'
import { MAX_MAPI_PROPERTIES } from './limits.ts'

export type MapiProperty = { readonly type: number; readonly octets: Uint8Array }
export type MapiProperties = ReadonlyMap<number, MapiProperty>

/** Octets of one value by type, filled up to four; types that are absent carry their length. */
const FIXED_BYTES: ReadonlyMap<number, number> = new Map([
  [0x0000, 0],
  [0x0001, 0],
  [0x0002, 4],
  [0x0003, 4],
  [0x0004, 4],
  [0x0005, 8],
  [0x0006, 8],
  [0x0007, 8],
  [0x000a, 4],
  [0x000b, 4],
  [0x0014, 8],
  [0x0040, 8],
  [0x0048, 16],
])
const TYPE_UNICODE = 0x1f
const MANY_VALUES = 0x1000
const FIRST_NAMED = 0x8000
const GUID_BYTES = 16

/** Reads a counted sequence of properties; of several values the first is kept. */
export function readMapiProperties(octets: Uint8Array): MapiProperties {
  const reader = new OctetReader(octets)
  const properties = new Map<number, MapiProperty>()
  const count = Math.min(reader.uint32() ?? 0, MAX_MAPI_PROPERTIES)
  for (let index = 0; index < count; index++) {
    const type = reader.uint16()
    const property = reader.uint16()
    if (type === null || property === null) break
    if (property >= FIRST_NAMED && !skipName(reader)) break
    const value = readValues(reader, type)
    if (value === null) break
    if (property < FIRST_NAMED && !properties.has(property)) {
      properties.set(property, { type: type & ~MANY_VALUES, octets: value })
    }
  }
  return properties
}

/** A named property has its name before its value: a number, or text. */
function skipName(reader: OctetReader): boolean {
  reader.skip(GUID_BYTES)
  const kind = reader.uint32()
  const numberOrLength = reader.uint32()
  if (kind === null || numberOrLength === null) return false
  if (kind === 1) reader.skip(padded(numberOrLength))
  return true
}

function readValues(reader: OctetReader, type: number): Uint8Array | null {
  const plainType = type & ~MANY_VALUES
  const fixed = FIXED_BYTES.get(plainType)
  const counted = fixed === undefined || (type & MANY_VALUES) !== 0
  const count = counted ? reader.uint32() : 1
  if (count === null) return null
  let first: Uint8Array | null = null
  // Every value takes octets, but for the empty ones: the count is bounded like everything else.
  for (let index = 0; index < Math.min(count, MAX_MAPI_PROPERTIES); index++) {
    const length = fixed ?? reader.uint32()
    if (length === null) return first
    const value = reader.take(length)
    reader.skip(padded(length) - length)
    first ??= value
  }
  return first ?? new Uint8Array()
}

/** Decodes a text property: UTF-16 by its type, or the code page of the message. */
export function textOfProperty(property: MapiProperty | undefined, codePage: number): string | null {
  if (property === undefined) return null
  const charset = property.type === TYPE_UNICODE ? 'utf-16le' : charsetOfCodePage(codePage)
  const { text } = decodeCharset(property.octets, charset)
  return text.replace(/\0+$/, '')
}

/** Reads a number of up to 32 bits; null when it is not there. */
export function numberOfProperty(property: MapiProperty | undefined): number | null {
  return property === undefined ? null : new OctetReader(property.octets).uint32()
}

function padded(length: number): number {
  return Math.ceil(length / 4) * 4
}

/** Walks over octets, little-endian; null and empty beyond the end. */
export class OctetReader {
  readonly #octets: Uint8Array
  readonly #view: DataView
  #at = 0

  constructor(octets: Uint8Array) {
    this.#octets = octets
    this.#view = new DataView(octets.buffer, octets.byteOffset, octets.byteLength)
  }

  get atEnd(): boolean {
    return this.#at >= this.#octets.length
  }

  uint8(): number | null {
    return this.#number(1, () => this.#view.getUint8(this.#at))
  }

  uint16(): number | null {
    return this.#number(2, () => this.#view.getUint16(this.#at, true))
  }

  uint32(): number | null {
    return this.#number(4, () => this.#view.getUint32(this.#at, true))
  }

  /** Gives the next octets, fewer when it ends before; no copy. */
  take(length: number): Uint8Array {
    const taken = this.#octets.subarray(this.#at, this.#at + length)
    this.#at += length
    return taken
  }

  skip(length: number): void {
    this.#at += length
  }

  #number(bytes: number, read: () => number): number | null {
    if (this.#at + bytes > this.#octets.length) return null
    const value = read()
    this.#at += bytes
    return value
  }
}
