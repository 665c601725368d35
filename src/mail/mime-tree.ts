/**
 * Splits a mail into its tree of MIME parts, bounded in header size and number of parts.
 * Fails: `readMimeTree` rejects when a bound is crossed; the caller reads headers only then.
 * Source: RFC 2045, RFC 2046; boundaries and their odd cases by mailsplit.
 */
import mailsplit from '@zone-eu/mailsplit'
import { bodyOffset, firstField, type RawField, readRawFields, readStructured } from './header-fields.ts'
import { MAX_HEADER_BYTES, MAX_MIME_PARTS } from './limits.ts'
import { decodeTransfer } from './transfer-encoding.ts'

export type MimePart = {
  readonly fields: readonly RawField[]
  /** Lower case, `type/subtype`. */
  readonly contentType: string
  readonly params: Readonly<Record<string, string>>
  readonly disposition: string | null
  readonly fileName: string | null
  /** Without angle brackets. */
  readonly contentId: string | null
  /** Empty unless multipart. */
  readonly children: readonly MimePart[]
  /** Transfer encoding undone; empty for a multipart. */
  readonly octets: Uint8Array
}

type OpenPart = { fields: readonly RawField[]; chunks: Uint8Array[]; children: OpenPart[] }

/** Parses `content` to its root part. Embedded messages stay leaves of type message/rfc822. */
export async function readMimeTree(content: Uint8Array): Promise<MimePart> {
  const splitter = new mailsplit.Splitter({
    ignoreEmbedded: true,
    maxHeadSize: MAX_HEADER_BYTES,
    maxChildNodes: MAX_MIME_PARTS,
  })
  const open = new Map<object, OpenPart>()
  let root: OpenPart | null = null
  const reading = (async () => {
    for await (const chunk of splitter) {
      if (chunk.type === 'node') {
        const part: OpenPart = { fields: readRawFields(chunk.getHeaders()), chunks: [], children: [] }
        open.set(chunk, part)
        if (chunk.parentNode === false) root = part
        else open.get(chunk.parentNode)?.children.push(part)
      } else if (chunk.type === 'body' || chunk.node.multipart !== false)
        open.get(chunk.node)?.chunks.push(chunk.value)
    }
  })()
  splitter.end(Buffer.from(content.buffer, content.byteOffset, content.byteLength))
  await reading
  if (root === null)
    return closePart(
      { fields: readRawFields(content.subarray(0, bodyOffset(content))), chunks: [], children: [] },
      'text/plain',
    )
  return closePart(root, 'text/plain')
}

function closePart(open: OpenPart, defaultType: string): MimePart {
  const type = readStructured(firstField(open.fields, 'content-type'))
  const disposition = readStructured(firstField(open.fields, 'content-disposition'))
  const named = /^[^\s/;,]+\/[^\s/;,]+$/.test(type.value) ? type.value : defaultType
  // A multipart whose boundary is missing or never comes is read as the text it is.
  const contentType = named.startsWith('multipart/') && open.children.length === 0 ? 'text/plain' : named
  const isMultipart = contentType.startsWith('multipart/')
  const encoding = (firstField(open.fields, 'content-transfer-encoding') ?? '')
    .replace(/\([^()]{0,200}\)/g, '')
    .trim()
    .toLowerCase()
  const childType = contentType === 'multipart/digest' ? 'message/rfc822' : 'text/plain'
  const body = open.chunks.length === 1 ? (open.chunks[0] ?? new Uint8Array()) : Buffer.concat(open.chunks)
  return {
    fields: open.fields,
    contentType,
    params: type.params,
    disposition: disposition.value === '' ? null : disposition.value,
    fileName: disposition.params.filename ?? type.params.name ?? null,
    contentId: firstField(open.fields, 'content-id')?.replace(/^<|>$/g, '') ?? null,
    children: open.children.map((child) => closePart(child, childType)),
    octets: isMultipart ? new Uint8Array() : decodeTransfer(body, encoding),
  }
}
