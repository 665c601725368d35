/**
 * Reads `winmail.dat` (TNEF): the body and the files that Outlook packs into one attachment.
 * Fails: never; null when the octets are no TNEF. Checksums are not looked at, since writers disagree about them; what ends
 * early gives what came before. Values are views, not copies: memory stays that of the mail.
 * Source: MS-OXTNEF §2.1.3 (attributes), MS-OXPROPS (property ids).
 */
import { decodeCharset } from './charset.ts'
import { charsetOfCodePage } from './code-page.ts'
import { MAX_MIME_PARTS, MAX_TNEF_ATTRIBUTES } from './limits.ts'
import {
  type MapiProperties,
  numberOfProperty,
  OctetReader,
  readMapiProperties,
  textOfProperty,
} from './mapi-properties.ts'

export type TnefFile = {
  readonly fileName: string | null
  readonly contentType: string | null
  readonly contentId: string | null
  readonly octets: Uint8Array
  /** True when the octets are a message, as TNEF again. */
  readonly isMessage: boolean
}

export type Tnef = {
  readonly subject: string | null
  readonly senderName: string | null
  /** null also when Exchange gives only a path of its directory. */
  readonly senderAddress: string | null
  readonly text: string | null
  readonly html: string | null
  /** Still compressed. */
  readonly rtf: Uint8Array | null
  readonly files: readonly TnefFile[]
}

const SIGNATURE = 0x223e9f78
const DEFAULT_CODE_PAGE = 1252

const ATTRIBUTE = {
  subject: 0x8004,
  body: 0x800c,
  attachData: 0x800f,
  attachTitle: 0x8010,
  attachRendering: 0x9002,
  messageProperties: 0x9003,
  attachProperties: 0x9005,
  codePage: 0x9007,
} as const

const PROPERTY = {
  subject: 0x0037,
  representedName: 0x0042,
  representedAddress: 0x0065,
  senderName: 0x0c1a,
  senderAddress: 0x0c1f,
  text: 0x1000,
  rtf: 0x1009,
  html: 0x1013,
  displayName: 0x3001,
  attachObject: 0x3701,
  attachFileName: 0x3704,
  attachLongFileName: 0x3707,
  attachMimeType: 0x370e,
  attachContentId: 0x3712,
  htmlCodePage: 0x3fde,
  senderSmtpAddress: 0x5d01,
  representedSmtpAddress: 0x5d02,
} as const

const TYPE_OBJECT = 0x0d
/** An object begins with the id of its interface. */
const INTERFACE_BYTES = 16

type OpenFile = { title: Uint8Array | null; octets: Uint8Array | null; properties: MapiProperties }

type Attributes = {
  codePage: number
  subject: Uint8Array | null
  body: Uint8Array | null
  properties: MapiProperties
  readonly files: OpenFile[]
}

/** Reads TNEF octets. */
export function readTnef(octets: Uint8Array): Tnef | null {
  const reader = new OctetReader(octets)
  if (reader.uint32() !== SIGNATURE) return null
  // A key that only the writer's own references need.
  reader.skip(2)
  const found: Attributes = {
    codePage: DEFAULT_CODE_PAGE,
    subject: null,
    body: null,
    properties: new Map(),
    files: [],
  }
  for (let count = 0; count < MAX_TNEF_ATTRIBUTES && !reader.atEnd; count++) {
    reader.skip(1)
    const attribute = reader.uint16()
    reader.skip(2)
    const length = reader.uint32()
    if (attribute === null || length === null) break
    keepAttribute(found, attribute, reader.take(length))
    // The checksum.
    reader.skip(2)
  }
  return tnefOf(found)
}

function keepAttribute(found: Attributes, attribute: number, value: Uint8Array): void {
  switch (attribute) {
    case ATTRIBUTE.codePage:
      found.codePage = new OctetReader(value).uint32() ?? DEFAULT_CODE_PAGE
      break
    case ATTRIBUTE.subject:
      found.subject = value
      break
    case ATTRIBUTE.body:
      found.body = value
      break
    case ATTRIBUTE.messageProperties:
      found.properties = readMapiProperties(value)
      break
    case ATTRIBUTE.attachRendering:
      // Every attachment begins with how it is drawn.
      openFile(found)
      break
    case ATTRIBUTE.attachTitle:
      lastFile(found).title ??= value
      break
    case ATTRIBUTE.attachData:
      lastFile(found).octets ??= value
      break
    case ATTRIBUTE.attachProperties:
      lastFile(found).properties = readMapiProperties(value)
      break
  }
}

function openFile(found: Attributes): OpenFile {
  const file: OpenFile = { title: null, octets: null, properties: new Map() }
  if (found.files.length < MAX_MIME_PARTS) found.files.push(file)
  return file
}

function lastFile(found: Attributes): OpenFile {
  return found.files.at(-1) ?? openFile(found)
}

function tnefOf(found: Attributes): Tnef {
  const { codePage, properties } = found
  const text = (property: number) => textOfProperty(properties.get(property), codePage)
  const html = properties.get(PROPERTY.html)
  const htmlCodePage = numberOfProperty(properties.get(PROPERTY.htmlCodePage)) ?? codePage
  const addresses = [
    text(PROPERTY.representedSmtpAddress),
    text(PROPERTY.representedAddress),
    text(PROPERTY.senderSmtpAddress),
    text(PROPERTY.senderAddress),
  ]
  return {
    subject: text(PROPERTY.subject) ?? plainText(found.subject, codePage),
    senderName: text(PROPERTY.representedName) ?? text(PROPERTY.senderName),
    senderAddress: addresses.find((address) => address?.includes('@')) ?? null,
    text: text(PROPERTY.text) ?? plainText(found.body, codePage),
    html: textOfProperty(html, htmlCodePage),
    rtf: properties.get(PROPERTY.rtf)?.octets ?? null,
    files: found.files.flatMap((file) => fileOf(file, codePage)),
  }
}

function plainText(octets: Uint8Array | null, codePage: number): string | null {
  return octets === null ? null : decodeCharset(octets, charsetOfCodePage(codePage)).text.replace(/\0+$/, '')
}

/** A file without octets is a link or a picture's place, and nothing to keep. */
function fileOf(file: OpenFile, codePage: number): TnefFile[] {
  const { properties } = file
  const text = (property: number) => textOfProperty(properties.get(property), codePage)
  const attached = properties.get(PROPERTY.attachObject)
  const inner = attached?.type === TYPE_OBJECT ? attached.octets.subarray(INTERFACE_BYTES) : null
  const isMessage = inner !== null && new OctetReader(inner).uint32() === SIGNATURE
  const octets = isMessage ? inner : (file.octets ?? inner ?? attached?.octets ?? null)
  if (octets === null) return []
  const names = [
    text(PROPERTY.attachLongFileName),
    plainText(file.title, codePage),
    text(PROPERTY.attachFileName),
    text(PROPERTY.displayName),
  ]
  const contentType = text(PROPERTY.attachMimeType)?.trim().toLowerCase() ?? ''
  return [
    {
      fileName: names.find((name) => name !== null && name.trim() !== '') ?? null,
      contentType: /^[a-z0-9.+-]{1,60}\/[a-z0-9.+-]{1,120}$/.test(contentType) ? contentType : null,
      contentId: text(PROPERTY.attachContentId)?.replace(/^<|>$/g, '') ?? null,
      octets,
      isMessage,
    },
  ]
}
