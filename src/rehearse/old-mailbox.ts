/**
 * Opens a mailbox of the old desk, whatever it is: a folder of .eml files, a Maildir, an mbox file, one mail, or a
 * stream. Files are put in the order of their dates first (a few octets each are remembered); a stream comes as it is.
 * Fails: NotAMailbox with one line for people; a single mail that cannot be had is told as left out.
 */
import { createReadStream } from 'node:fs'
import { type FileHandle, open, stat } from 'node:fs/promises'
import { PEEK_BYTES, peekHeader } from './header-peek.ts'
import { findMailFiles, type MailFile } from './mail-files.ts'
import { looksLikeMbox, mailOfSlice, splitMbox } from './mbox.ts'

export class NotAMailbox extends Error {}

export type FoundMail =
  | {
      readonly kind: 'mail'
      readonly place: string
      readonly content: Uint8Array
      readonly date: Date | null
    }
  | { readonly kind: 'left-out'; readonly place: string; readonly reason: string }

export type OldMailbox = {
  readonly kind: 'folder' | 'mbox' | 'mail'
  /** null for a stream, whose end nobody knows. */
  readonly total: number | null
  /** Gives the mails, one at a time. */
  readonly mails: () => AsyncGenerator<FoundMail>
}

export type OpenOptions = {
  readonly stdin: AsyncIterable<Uint8Array>
  readonly maxMailBytes: number
  readonly now: Date
}

const HEAD_BYTES = 1000
/** A Date field before this is a broken clock's. */
const OLDEST = new Date('1990-01-01T00:00:00Z')
const DAY_MS = 24 * 60 * 60 * 1000

/** Opens the mailbox that `word` names; `-` is standard input. */
export async function openOldMailbox(word: string, options: OpenOptions): Promise<OldMailbox> {
  if (word === '-') return openStream(options)
  const found = await stat(word).catch(() => null)
  if (found === null) throw new NotAMailbox(`cannot open ${word}`)
  if (found.isDirectory()) return openFolder(word, options)
  const file = await open(word).catch(() => null)
  if (file === null) throw new NotAMailbox(`cannot open ${word}`)
  try {
    if (looksLikeMbox(await readSlice(file, 0, HEAD_BYTES))) return await openMbox(word, options)
  } finally {
    await file.close()
  }
  const one = { path: word, place: word, writtenAt: found.mtime, size: found.size }
  return { kind: 'mail', total: 1, mails: () => readFiles([one], options) }
}

async function openFolder(folder: string, options: OpenOptions): Promise<OldMailbox> {
  const files: Dated<MailFile>[] = []
  for await (const file of findMailFiles(folder))
    files.push({ at: await dateOfFile(file, options.now), of: file })
  if (files.length === 0) {
    throw new NotAMailbox(`there is no mail in ${folder}: neither .eml files nor a Maildir (cur, new)`)
  }
  const ordered = inOrder(files)
  return { kind: 'folder', total: ordered.length, mails: () => readFiles(ordered, options) }
}

async function* readFiles(files: readonly MailFile[], options: OpenOptions): AsyncGenerator<FoundMail> {
  for (const { path, place, size, writtenAt } of files) {
    if (size > options.maxMailBytes) {
      yield { kind: 'left-out', place, reason: tooLarge(options) }
      continue
    }
    const file = await open(path).catch(() => null)
    if (file === null) {
      yield { kind: 'left-out', place, reason: 'the file cannot be opened' }
      continue
    }
    try {
      const content = await readSlice(file, 0, size)
      yield {
        kind: 'mail',
        place,
        content,
        date: plausible(peekHeader(content).date, options.now) ?? writtenAt,
      }
    } finally {
      await file.close()
    }
  }
}

async function dateOfFile(file: MailFile, now: Date): Promise<Date> {
  const opened = await open(file.path).catch(() => null)
  if (opened === null) return file.writtenAt
  try {
    return plausible(peekHeader(await readSlice(opened, 0, PEEK_BYTES)).date, now) ?? file.writtenAt
  } finally {
    await opened.close()
  }
}

type Slice = {
  readonly start: number
  readonly end: number
  readonly number: number
  readonly date: Date | null
}

/** Reads an mbox twice: once for where its mails are and when they were written, once for the mails in that order. */
async function openMbox(path: string, options: OpenOptions): Promise<OldMailbox> {
  const slices: Dated<Slice>[] = []
  let at = OLDEST
  for await (const { start, end, content } of splitMbox(createReadStream(path), options.maxMailBytes)) {
    const date = content === null ? null : plausible(peekHeader(content).date, options.now)
    // A mail without a date keeps its place behind the one before it.
    at = date ?? at
    slices.push({ at, of: { start, end, number: slices.length + 1, date } })
  }
  const ordered = inOrder(slices)
  return { kind: 'mbox', total: ordered.length, mails: () => readSlices(path, ordered, options) }
}

async function* readSlices(
  path: string,
  slices: readonly Slice[],
  options: OpenOptions,
): AsyncGenerator<FoundMail> {
  const file = await open(path)
  try {
    for (const { start, end, number, date } of slices) {
      const place = `mail ${number}`
      if (end - start > options.maxMailBytes) yield { kind: 'left-out', place, reason: tooLarge(options) }
      else
        yield { kind: 'mail', place, content: mailOfSlice(await readSlice(file, start, end - start)), date }
    }
  } finally {
    await file.close()
  }
}

async function openStream(options: OpenOptions): Promise<OldMailbox> {
  const { head, rest } = await withHead(options.stdin)
  if (head.length === 0) throw new NotAMailbox('standard input is empty')
  return looksLikeMbox(head)
    ? { kind: 'mbox', total: null, mails: () => streamMbox(rest, options) }
    : { kind: 'mail', total: 1, mails: () => streamOne(rest, options) }
}

async function* streamMbox(
  chunks: AsyncIterable<Uint8Array>,
  options: OpenOptions,
): AsyncGenerator<FoundMail> {
  let number = 0
  for await (const { content } of splitMbox(chunks, options.maxMailBytes)) {
    number += 1
    const place = `mail ${number}`
    if (content === null) yield { kind: 'left-out', place, reason: tooLarge(options) }
    else yield { kind: 'mail', place, content, date: plausible(peekHeader(content).date, options.now) }
  }
}

async function* streamOne(
  chunks: AsyncIterable<Uint8Array>,
  options: OpenOptions,
): AsyncGenerator<FoundMail> {
  const parts: Uint8Array[] = []
  let size = 0
  for await (const chunk of chunks) {
    size += chunk.byteLength
    if (size <= options.maxMailBytes) parts.push(chunk)
  }
  const place = 'mail 1'
  if (size > options.maxMailBytes) {
    yield { kind: 'left-out', place, reason: tooLarge(options) }
    return
  }
  const content = Buffer.concat(parts)
  yield { kind: 'mail', place, content, date: plausible(peekHeader(content).date, options.now) }
}

/** Reads as much of a stream as tells what it is, and gives all of it again. */
async function withHead(
  chunks: AsyncIterable<Uint8Array>,
): Promise<{ readonly head: Buffer; readonly rest: AsyncIterable<Uint8Array> }> {
  const iterator = chunks[Symbol.asyncIterator]()
  let head: Buffer = Buffer.alloc(0)
  while (head.length < HEAD_BYTES) {
    const next = await iterator.next()
    if (next.done === true) break
    head = Buffer.concat([head, next.value])
  }
  async function* again(): AsyncGenerator<Uint8Array> {
    yield head
    for (let next = await iterator.next(); next.done !== true; next = await iterator.next()) yield next.value
  }
  return { head, rest: again() }
}

async function readSlice(file: FileHandle, start: number, length: number): Promise<Buffer> {
  const buffer = Buffer.allocUnsafe(length)
  let filled = 0
  while (filled < length) {
    const { bytesRead } = await file.read(buffer, filled, length - filled, start + filled)
    if (bytesRead === 0) break
    filled += bytesRead
  }
  return buffer.subarray(0, filled)
}

type Dated<Of> = { readonly at: Date; readonly of: Of }

function inOrder<Of>(dated: readonly Dated<Of>[]): readonly Of[] {
  return dated.toSorted((one, other) => one.at.getTime() - other.at.getTime()).map(({ of }) => of)
}

function plausible(date: Date | null, now: Date): Date | null {
  return date !== null && date >= OLDEST && date.getTime() <= now.getTime() + DAY_MS ? date : null
}

function tooLarge(options: OpenOptions): string {
  return `larger than the gate accepts (${Math.floor(options.maxMailBytes / (1024 * 1024))} MB)`
}
