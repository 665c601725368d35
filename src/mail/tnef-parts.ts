/**
 * Makes MIME parts of what a `winmail.dat` holds, so that the rest of the reader knows nothing of TNEF.
 * Fails: never; null when the octets are no TNEF. Source: MS-OXTNEF; a message inside becomes RFC 822 text (RFC 6532).
 */
import { cleanLine } from './clean-text.ts'
import { MAX_MIME_PARTS, MAX_TNEF_DEPTH } from './limits.ts'
import type { MimePart } from './mime-tree.ts'
import { readRtf } from './rtf.ts'
import { decompressRtf } from './rtf-compressed.ts'
import { readTnef, type Tnef, type TnefFile } from './tnef.ts'

export type TnefParts = {
  /** The body's renderings, as multipart/alternative has them; empty when there is none. */
  readonly body: readonly MimePart[]
  readonly files: readonly MimePart[]
}

const CHARSET = { charset: 'utf-8' }

/** Unpacks TNEF octets. Files of messages inside stand among the files. */
export function unpackTnef(octets: Uint8Array): TnefParts | null {
  const tnef = readTnef(octets)
  if (tnef === null) return null
  return { body: bodyParts(tnef), files: fileParts(tnef.files, 1).slice(0, MAX_MIME_PARTS) }
}

/** Rich text is read only when there is nothing simpler: it says the same. */
function bodyParts(tnef: Tnef): MimePart[] {
  const parts = [partOf('text/plain', tnef.text), partOf('text/html', tnef.html)]
  const simple = parts.filter((part) => part !== null)
  if (simple.length > 0) return simple
  const rtf = tnef.rtf === null ? null : decompressRtf(tnef.rtf)
  if (rtf === null) return []
  const { kind, text } = readRtf(rtf)
  const part = partOf(kind === 'html' ? 'text/html' : 'text/plain', text)
  return part === null ? [] : [part]
}

function partOf(contentType: string, text: string | null): MimePart | null {
  if (text === null || text.trim() === '') return null
  return { ...leaf(contentType, Buffer.from(text)), params: CHARSET }
}

function leaf(contentType: string, octets: Uint8Array): MimePart {
  return {
    fields: [],
    contentType,
    params: {},
    disposition: null,
    fileName: null,
    contentId: null,
    children: [],
    octets,
  }
}

function fileParts(files: readonly TnefFile[], depth: number): MimePart[] {
  return files.flatMap((file) => {
    const inner = file.isMessage && depth < MAX_TNEF_DEPTH ? readTnef(file.octets) : null
    if (inner !== null) return [messagePart(file, inner), ...fileParts(inner.files, depth + 1)]
    const contentType =
      file.contentType ?? (file.isMessage ? 'application/ms-tnef' : 'application/octet-stream')
    return [
      {
        ...leaf(contentType, file.octets),
        fileName: file.fileName,
        contentId: file.contentId,
        disposition: file.contentId === null ? 'attachment' : 'inline',
      },
    ]
  })
}

/** Writes a message inside as the mail that it was. */
function messagePart(file: TnefFile, inner: Tnef): MimePart {
  const body = bodyParts(inner)[0] ?? leaf('text/plain', new Uint8Array())
  const name = cleanLine(inner.senderName ?? '').replaceAll(/["\\]/g, '')
  const address = cleanLine(inner.senderAddress ?? '').replaceAll(/[<>\s]/g, '')
  const header = [
    ...(name === '' && address === '' ? [] : [`From: "${name}" <${address}>`]),
    ...(inner.subject === null ? [] : [`Subject: ${cleanLine(inner.subject)}`]),
    `Content-Type: ${body.contentType}; charset=utf-8`,
    'Content-Transfer-Encoding: 8bit',
  ]
  const octets = Buffer.concat([Buffer.from(`${header.join('\r\n')}\r\n\r\n`), body.octets])
  return { ...leaf('message/rfc822', octets), fileName: file.fileName, disposition: 'attachment' }
}
