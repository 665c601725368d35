/**
 * What is kept of an attachment: a safe name, its size and hash, and the text of readable text files.
 * Fails: never; names that try to be paths or to hide their ending are made harmless.
 */
import { createHash } from 'node:crypto'
import { decodeCharset } from './charset.ts'
import { cleanLine, cleanText } from './clean-text.ts'
import { MAX_ATTACHMENT_TEXT_BYTES, MAX_FILE_NAME_CHARS } from './limits.ts'
import type { Attachment } from './mail.ts'
import type { MimePart } from './mime-tree.ts'

const READABLE_TYPE =
  /^text\/(?:plain|csv|tab-separated-values|markdown|x-log|x-diff|x-patch)$|^application\/(?:json|x-yaml|yaml)$/
const READABLE_NAME = /\.(?:txt|log|csv|tsv|md|ini|conf|cfg|json|ya?ml|text|out|err|trace)$/i

/** The end of a path is its name; what stands far before it is bait. */
const MAX_RAW_NAME_CHARS = 2000

/** Describes an attachment part. */
export function readAttachment(part: MimePart): Attachment {
  const fileName = safeFileName(part.fileName)
  const readable = READABLE_TYPE.test(part.contentType) || READABLE_NAME.test(fileName ?? '')
  return {
    fileName,
    contentType: part.contentType.slice(0, 200),
    size: part.octets.length,
    inline: part.disposition === 'inline' || (part.contentId !== null && part.disposition !== 'attachment'),
    sha256: createHash('sha256').update(part.octets).digest('hex'),
    text: readable ? readableText(part) : null,
  }
}

/**
 * Makes a name that is safe to show and to store: no folders, no control or direction characters, bounded, never
 * empty. `'../../etc/passwd'` gives `'passwd'`.
 */
export function safeFileName(name: string | null): string | null {
  if (name === null) return null
  const last = cleanLine(name.slice(-MAX_RAW_NAME_CHARS)).split(/[/\\]/).at(-1) ?? ''
  const plain = last
    .replace(/[<>"|?*\ufffd]/g, '_')
    .replace(/^[.\s]+|[.\s]+$/g, '')
    .replace(/\s{2,}/g, ' ')
  if (plain === '') return null
  if (plain.length <= MAX_FILE_NAME_CHARS) return plain
  const ending = /\.[A-Za-z0-9]{1,8}$/.exec(plain)?.[0] ?? ''
  return plain.slice(0, MAX_FILE_NAME_CHARS - ending.length) + ending
}

/** The start of a text file; null when the octets are no text whatever the name says. */
function readableText(part: MimePart): string | null {
  const head = part.octets.subarray(0, MAX_ATTACHMENT_TEXT_BYTES)
  const { text } = decodeCharset(head, part.params.charset ?? null)
  const nuls = text.split('\0').length - 1
  return nuls * 100 > text.length ? null : cleanText(text)
}
