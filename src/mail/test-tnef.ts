/**
 * Writes `winmail.dat` for tests: attributes, properties and compressed RTF (literal runs only), as Outlook lays them out.
 * Fails: never. Source: MS-OXTNEF §2.1.3, MS-OXRTFCP §2.1.3.
 */

const MESSAGE = 1
const ATTACHMENT = 2

export type WrittenProperty = readonly [property: number, type: number, value: Uint8Array]

/** Joins numbers and octets, little-endian: `[2, 7]` is 7 in two octets. */
export function layOut(...parts: readonly (Uint8Array | readonly [bytes: number, value: number])[]): Buffer {
  return Buffer.concat(
    parts.map((part) => {
      if (part instanceof Uint8Array) return part
      const number = Buffer.alloc(part[0])
      number.writeUIntLE(part[1], 0, part[0])
      return number
    }),
  )
}

function attribute(level: number, name: number, value: Uint8Array): Buffer {
  const checksum = value.reduce((sum, octet) => (sum + octet) & 0xffff, 0)
  return layOut([1, level], [2, name], [2, 6], [4, value.length], value, [2, checksum])
}

/** An attribute of the message, such as 0x800c for its text. */
export function messageAttribute(name: number, value: Uint8Array): Buffer {
  return attribute(MESSAGE, name, value)
}

export function attachmentAttribute(name: number, value: Uint8Array): Buffer {
  return attribute(ATTACHMENT, name, value)
}

/** A counted sequence of properties whose values carry their length. */
export function propertySequence(properties: readonly WrittenProperty[]): Buffer {
  const written = properties.map(([property, type, value]) => {
    const padding = Buffer.alloc((4 - (value.length % 4)) % 4)
    const tag = layOut([2, type], [2, property])
    if (type === 3) return layOut(tag, value)
    return layOut(tag, [4, 1], [4, value.length], value, padding)
  })
  return layOut([4, properties.length], ...written)
}

export function tnefStream(...attributes: readonly Uint8Array[]): Buffer {
  return layOut([4, 0x223e9f78], [2, 1], ...attributes)
}

/** Text in UTF-16 with its final NUL. */
export function wide(text: string): Buffer {
  return Buffer.from(`${text}\0`, 'utf16le')
}

/** A file of the message with its long name. */
export function attachedFile(name: string, octets: Uint8Array): Buffer {
  return layOut(
    attachmentAttribute(0x9002, Buffer.alloc(14)),
    attachmentAttribute(0x8010, Buffer.from('SHORT~1.TXT\0')),
    attachmentAttribute(0x800f, octets),
    attachmentAttribute(0x9005, propertySequence([[0x3707, 0x1f, wide(name)]])),
  )
}

/** Compressed RTF that refers to nothing, with its end mark. */
export function compressedRtf(rtf: string): Buffer {
  const raw = Buffer.from(rtf, 'latin1')
  const runs: Uint8Array[] = []
  for (let at = 0; at < raw.length; at += 8) {
    const run = raw.subarray(at, at + 8)
    const isLast = run.length < 8
    runs.push(Buffer.from([isLast ? 1 << run.length : 0]), run)
    if (isLast) runs.push(endMark(raw.length))
  }
  if (raw.length % 8 === 0) runs.push(Buffer.from([1]), endMark(raw.length))
  const packed = Buffer.concat(runs)
  return layOut([4, packed.length + 12], [4, raw.length], [4, 0x75465a4c], [4, 0], packed)
}

function endMark(length: number): Buffer {
  const mark = Buffer.alloc(2)
  mark.writeUInt16BE(((207 + length) % 4096) << 4)
  return mark
}
