/**
 * Unpacks compressed RTF, the form in which Outlook sends rich text.
 * Fails: never; null when the octets are not compressed RTF, and what can be read when they end early. The checksum is not
 * looked at: reading is not trusting.
 * Source: MS-OXRTFCP §2.1.3 (header, initial dictionary) and §3.1.1 (decompression).
 */
import { MAX_RTF_BYTES } from './limits.ts'

const COMPRESSED = 0x75465a4c
const UNCOMPRESSED = 0x414c454d
const HEADER_BYTES = 16
const DICTIONARY_BYTES = 4096

/** What the dictionary holds before the first octet, so that short texts compress too (MS-OXRTFCP §2.1.3.1.5). */
export const INITIAL_DICTIONARY =
  '{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern \\fscript \\fdecor ' +
  'MS Sans SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n' +
  '\\par \\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx'

/** Decompresses PR_RTF_COMPRESSED; the result is RTF in octets, bounded. */
export function decompressRtf(octets: Uint8Array): Uint8Array | null {
  if (octets.length < HEADER_BYTES) return null
  const header = new DataView(octets.buffer, octets.byteOffset, HEADER_BYTES)
  const size = Math.min(header.getUint32(4, true), MAX_RTF_BYTES)
  const type = header.getUint32(8, true)
  if (type === UNCOMPRESSED) return octets.subarray(HEADER_BYTES, HEADER_BYTES + size)
  return type === COMPRESSED ? expand(octets.subarray(HEADER_BYTES), size) : null
}

/** Each control octet announces eight runs, lowest bit first: 0 is one octet, 1 a reference into the dictionary. */
function expand(packed: Uint8Array, size: number): Uint8Array {
  const dictionary = new Uint8Array(DICTIONARY_BYTES)
  dictionary.set(Buffer.from(INITIAL_DICTIONARY, 'latin1'))
  // No reference gives more than 17 octets for 2, so that a huge announced size buys no memory.
  const output = new Uint8Array(Math.min(size, packed.length * 9))
  let write = INITIAL_DICTIONARY.length
  let made = 0
  const put = (octet: number) => {
    output[made++] = octet
    dictionary[write] = octet
    write = (write + 1) % DICTIONARY_BYTES
  }
  for (let at = 0; at < packed.length && made < output.length; ) {
    const control = packed[at++] ?? 0
    for (let bit = 0; bit < 8 && at < packed.length && made < output.length; bit++) {
      const first = packed[at++] ?? 0
      if ((control & (1 << bit)) === 0) {
        put(first)
        continue
      }
      const reference = first * 256 + (packed[at++] ?? 0)
      const from = reference >> 4
      // A reference to where the next octet goes is the end.
      if (from === write) return output.subarray(0, made)
      const run = Math.min((reference & 0xf) + 2, output.length - made)
      for (let step = 0; step < run; step++) put(dictionary[(from + step) % DICTIONARY_BYTES] ?? 0)
    }
  }
  return output.subarray(0, made)
}
