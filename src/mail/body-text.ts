/**
 * Chooses the parts of a mail that a reader would see and turns them to text; everything else is an attachment.
 * Fails: never; what cannot be read leaves a warning. Source: RFC 2046 §5.1 (alternative, related, mixed, digest),
 * RFC 1847 (signed), RFC 3462 (report), RFC 8551 §3.5 (opaque signed).
 */

import { readCalendar } from './calendar.ts'
import { decodeCharset } from './charset.ts'
import { readHtml } from './html.ts'
import { htmlCharset } from './html-scan.ts'
import { MAX_TEXT_CHARS, MAX_TEXT_PART_BYTES } from './limits.ts'
import type { MimePart } from './mime-tree.ts'
import { readPlain } from './plain.ts'
import { signedContent } from './signed-content.ts'
import { unpackTnef } from './tnef-parts.ts'

export type Body = {
  readonly text: string
  readonly tableRows: readonly (readonly string[])[]
  readonly attachments: readonly MimePart[]
  /** Messages inside this one, in order. */
  readonly embedded: readonly MimePart[]
  readonly warnings: readonly string[]
}

/** A stretch of text with the kind of part that it came from; `stub` is a text that only says "use another reader". */
type Rendering = {
  readonly texts: readonly string[]
  readonly source: 'plain' | 'html' | 'calendar' | 'none'
}

type Collector = {
  readonly tableRows: (readonly string[])[]
  readonly attachments: MimePart[]
  readonly embedded: MimePart[]
  /** Bodies inside `winmail.dat`. */
  readonly packedBodies: (readonly MimePart[])[]
  readonly warnings: Set<string>
  seenText: boolean
  readonly openSigned: (octets: Uint8Array) => Promise<MimePart | null>
}

const NOTHING: Rendering = { texts: [], source: 'none' }

/** Reads the body of a parsed mail. `parse` reads MIME found inside an opaque signature. */
export async function readBody(
  root: MimePart,
  parse: (octets: Uint8Array) => Promise<MimePart>,
): Promise<Body> {
  const collector: Collector = {
    tableRows: [],
    attachments: [],
    embedded: [],
    packedBodies: [],
    warnings: new Set(),
    seenText: false,
    openSigned: async (octets) => {
      const inner = signedContent(octets)
      return inner === null ? null : await parse(inner)
    },
  }
  const rendering = await renderPart(root, collector, true)
  const whole = await withPackedText(joinTexts(rendering), collector)
  const fallback = whole === '' ? calendarText(collector) : whole
  if (fallback.length > MAX_TEXT_CHARS) collector.warnings.add('text-truncated')
  const { tableRows, attachments, embedded, warnings } = collector
  return {
    text: fallback.slice(0, MAX_TEXT_CHARS),
    tableRows,
    attachments,
    embedded,
    warnings: [...warnings],
  }
}

async function renderPart(part: MimePart, collector: Collector, isRoot: boolean): Promise<Rendering> {
  const { contentType, children } = part
  if (contentType === 'multipart/alternative') return renderAlternative(children, collector)
  if (contentType === 'multipart/related') return renderRelated(part, collector)
  if (contentType === 'multipart/encrypted') collector.warnings.add('encrypted')
  if (contentType.startsWith('multipart/') && children.length > 0) return renderMixed(children, collector)
  if (/^message\/(?:rfc822|global)$/.test(contentType)) {
    collector.embedded.push(part)
    collector.attachments.push(part)
    return NOTHING
  }
  if (isOpaqueSigned(part)) return renderOpaque(part, collector)
  if (isTnef(part)) return collectTnef(part, collector)
  if (part.params['smime-type']?.toLowerCase() === 'enveloped-data') collector.warnings.add('encrypted')
  if (!isRoot && isAttachment(part, collector)) {
    collector.attachments.push(part)
    return NOTHING
  }
  return renderLeaf(part, collector, isRoot)
}

function renderLeaf(part: MimePart, collector: Collector, isRoot: boolean): Rendering {
  const { contentType } = part
  if (contentType === 'text/html' || contentType === 'application/xhtml+xml') {
    const html = readHtml(partText(part, collector, htmlCharset(part.octets)))
    if (html.truncated) collector.warnings.add('html-truncated')
    collector.tableRows.push(...html.tableRows)
    return { texts: [html.text], source: 'html' }
  }
  const isText =
    contentType.startsWith('text/') && !/^text\/(?:calendar|x-vcard|vcard|directory|css)$/.test(contentType)
  if (!isText && !(isRoot && contentType.startsWith('multipart/'))) {
    collector.attachments.push(part)
    return NOTHING
  }
  const text = partText(part, collector, null)
  const plain =
    contentType === 'text/enriched' || contentType === 'text/richtext' ? stripEnriched(text) : text
  return { texts: [readPlain(plain, part.params)], source: 'plain' }
}

/** Decodes a text part; of a very long one the whole lines at its start. */
function partText(part: MimePart, collector: Collector, fallbackCharset: string | null): string {
  const cut = part.octets.length > MAX_TEXT_PART_BYTES
  const end = cut
    ? part.octets.lastIndexOf(0x0a, MAX_TEXT_PART_BYTES) + 1 || MAX_TEXT_PART_BYTES
    : part.octets.length
  const { text, guessed } = decodeCharset(
    part.octets.subarray(0, end),
    part.params.charset ?? fallbackCharset,
  )
  if (cut) collector.warnings.add('text-truncated')
  if (guessed) collector.warnings.add('charset-guessed')
  collector.seenText = true
  return text
}

/** Text is a file when it says so, or when it has a name and stands below other text. */
function isAttachment(part: MimePart, collector: Collector): boolean {
  if (!part.contentType.startsWith('text/')) return true
  if (part.fileName !== null && collector.seenText) return true
  return part.disposition !== null && part.disposition !== 'inline'
}

async function renderMixed(children: readonly MimePart[], collector: Collector): Promise<Rendering> {
  const renderings: Rendering[] = []
  for (const child of children) renderings.push(await renderPart(child, collector, false))
  const found = renderings.filter((rendering) => rendering.source !== 'none')
  return { texts: found.flatMap((rendering) => rendering.texts), source: found[0]?.source ?? 'none' }
}

/** RFC 2387: the part named by `start`, else the first, is the text; the others are its pictures. */
async function renderRelated(part: MimePart, collector: Collector): Promise<Rendering> {
  const start = part.params.start?.replace(/^<|>$/g, '')
  const root =
    part.children.find((child) => start !== undefined && child.contentId === start) ?? part.children[0]
  let rendering = NOTHING
  for (const child of part.children) {
    if (child === root) rendering = await renderPart(child, collector, false)
    else if (child.contentType.startsWith('multipart/')) await renderPart(child, collector, false)
    else collector.attachments.push(child)
  }
  return rendering
}

/** Plain text wins when it says something; HTML when plain is missing, empty or a stub. */
async function renderAlternative(children: readonly MimePart[], collector: Collector): Promise<Rendering> {
  const renderings: Rendering[] = []
  for (const child of children) renderings.push(await renderPart(child, collector, false))
  const plain = joinOf(renderings, 'plain')
  const html = joinOf(renderings, 'html')
  if (plain === undefined || html === undefined) return plain ?? html ?? NOTHING
  return hasSubstance(plain.texts.join('\n'), html.texts.join('\n')) ? plain : html
}

/** Two alternatives of one kind are no alternatives: some programs mean `mixed`, and no word may be lost. */
function joinOf(renderings: readonly Rendering[], source: Rendering['source']): Rendering | undefined {
  const same = renderings.filter((rendering) => rendering.source === source)
  return same.length === 0 ? undefined : { texts: same.flatMap((rendering) => rendering.texts), source }
}

/** Sentences that stand where the text should be. */
const STUB =
  /\b(?:(?:does not|doesn't|cannot|can't|unable to|not) (?:support|display|show|read|view|render)\b.{0,60}\bhtml|html\b.{0,60}\b(?:capable|compatible|enabled|mail (?:reader|client|program)|version|format)|view (?:it|this|the).{0,40}\b(?:browser|online)|unterstützt kein html|html-?(?:ansicht|fähig)|format html|formato html)/i

function hasSubstance(plain: string, html: string): boolean {
  const plainWords = wordCount(plain)
  const htmlWords = wordCount(html)
  if (plainWords === 0) return false
  if (htmlWords <= plainWords) return true
  if (plainWords < 60 && STUB.test(plain) && htmlWords > plainWords) return false
  // A lone line beside a long HTML text is a stub too, in whatever language.
  return plainWords * 5 >= htmlWords
}

function wordCount(text: string): number {
  return text.slice(0, 100_000).match(/[\p{L}\p{N}]+/gu)?.length ?? 0
}

function isOpaqueSigned(part: MimePart): boolean {
  if (!/^application\/(?:x-)?pkcs7-mime$/.test(part.contentType)) return false
  const type = part.params['smime-type']?.toLowerCase()
  return type === undefined || type === 'signed-data'
}

async function renderOpaque(part: MimePart, collector: Collector): Promise<Rendering> {
  const inner = await collector.openSigned(part.octets)
  if (inner !== null)
    return renderPart(inner, { ...collector, openSigned: () => Promise.resolve(null) }, false)
  collector.warnings.add('smime-unreadable')
  collector.attachments.push(part)
  return NOTHING
}

function isTnef(part: MimePart): boolean {
  if (/^application\/(?:vnd\.)?ms-tnef$/.test(part.contentType)) return true
  return part.contentType === 'application/octet-stream' && /^winmail\.dat$/i.test(part.fileName ?? '')
}

function collectTnef(part: MimePart, collector: Collector): Rendering {
  const unpacked = unpackTnef(part.octets)
  if (unpacked === null) {
    collector.warnings.add('tnef-unread')
    collector.attachments.push(part)
    return NOTHING
  }
  collector.packedBodies.push(unpacked.body)
  collector.attachments.push(...unpacked.files)
  collector.embedded.push(...unpacked.files.filter((file) => file.contentType === 'message/rfc822'))
  return NOTHING
}

/** The body in `winmail.dat` is the mail's, unless the text beside it says the same: it may be a list's footer. */
async function withPackedText(text: string, collector: Collector): Promise<string> {
  const body = collector.packedBodies.find((parts) => parts.length > 0)
  if (body === undefined) return text
  const tableRows: (readonly string[])[] = []
  const packed = joinTexts(await renderAlternative(body, { ...collector, tableRows, seenText: false }))
  if (hasSubstance(text, packed)) return text
  collector.tableRows.push(...tableRows)
  return [packed, text].filter((part) => part !== '').join('\n')
}

function joinTexts(rendering: Rendering): string {
  return rendering.texts.filter((text) => text.trim() !== '').join('\n')
}

function calendarText(collector: Collector): string {
  const invitation = collector.attachments.find((part) => part.contentType === 'text/calendar')
  if (invitation === undefined) return ''
  return readCalendar(decodeCharset(invitation.octets, invitation.params.charset ?? 'utf-8').text)
}

/** RFC 1896: `<bold>x</bold>` is x, `<<` is `<`. */
function stripEnriched(text: string): string {
  return text.replace(/<<|<\/?[a-z0-9-]{1,60}>/gi, (tag) => (tag === '<<' ? '<' : ''))
}
