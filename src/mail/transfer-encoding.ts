/**
 * Undoes a Content-Transfer-Encoding.
 * Fails: never; damaged input gives what can be read. Source: RFC 2045 §6; uuencode as POSIX has it.
 */

/** Decodes the octets of a part body by its declared encoding; unknown encodings are left as they are. */
export function decodeTransfer(body: Uint8Array, encoding: string): Uint8Array {
  switch (encoding) {
    case 'base64':
      return decodeBase64(body)
    case 'quoted-printable':
      return decodeQuotedPrintable(body)
    case 'x-uuencode':
    case 'uuencode':
    case 'x-uue':
      return decodeUuencoded(body)
    default:
      return body
  }
}

function decodeBase64(body: Uint8Array): Uint8Array {
  const text = Buffer.from(body)
    .toString('latin1')
    .replace(/[^A-Za-z0-9+/=]+/g, '')
  // Several encoded pieces put one after another: each ends with its own padding.
  const pieces = text.split(/=+/).filter((piece) => piece !== '')
  return pieces.length <= 1
    ? Buffer.from(text, 'base64')
    : Buffer.concat(pieces.map((piece) => Buffer.from(piece, 'base64')))
}

function decodeQuotedPrintable(body: Uint8Array): Uint8Array {
  const decoded = new Uint8Array(body.length)
  let length = 0
  for (let at = 0; at < body.length; at++) {
    const octet = body[at] ?? 0
    if (octet !== EQUALS) {
      decoded[length++] = octet
      continue
    }
    const soft = softBreakLength(body, at)
    const pair = (hexDigit(body[at + 1]) << 4) | hexDigit(body[at + 2])
    if (soft > 0) at += soft
    else if (pair >= 0) {
      decoded[length++] = pair
      at += 2
    } else decoded[length++] = octet
  }
  return decoded.subarray(0, length)
}

const EQUALS = 0x3d

/** Octets of a soft line break after the `=` at `at`: blanks and a line end; 0 when there is none. */
function softBreakLength(body: Uint8Array, at: number): number {
  let next = at + 1
  // RFC 2045 §6.7 (3): blanks at a line end were added on the way.
  while (next < body.length && next - at < 80 && (body[next] === 0x20 || body[next] === 0x09)) next++
  if (next >= body.length) return next - at
  if (body[next] === 0x0d && body[next + 1] === 0x0a) return next + 1 - at
  return body[next] === 0x0a || body[next] === 0x0d ? next - at : 0
}

/** The digit's value, or a negative number that makes the pair negative. */
function hexDigit(octet: number | undefined): number {
  if (octet === undefined) return -1024
  if (octet >= 0x30 && octet <= 0x39) return octet - 0x30
  const letter = octet | 0x20
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1024
}

function decodeUuencoded(body: Uint8Array): Uint8Array {
  const lines = Buffer.from(body).toString('latin1').split(/\r?\n/)
  const begin = lines.findIndex((line) => /^begin [0-7]{3,4} /.test(line))
  const octets: number[] = []
  for (const line of lines.slice(begin + 1)) {
    if (line === 'end' || line === '`') break
    const count = (line.charCodeAt(0) - 32) & 63
    const values = Array.from(line.slice(1), (letter) => (letter.charCodeAt(0) - 32) & 63)
    const unpacked = values.flatMap((_value, at) => {
      if (at % 4 !== 0) return []
      const [a = 0, b = 0, c = 0, d = 0] = values.slice(at, at + 4)
      return [((a << 2) | (b >> 4)) & 255, ((b << 4) | (c >> 2)) & 255, ((c << 6) | d) & 255]
    })
    for (const octet of unpacked.slice(0, count)) octets.push(octet)
  }
  return Uint8Array.from(octets)
}
