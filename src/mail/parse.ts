/**
 * Turns the octets of a mail into `Mail`: plain data that everything after it decides by.
 * Slow and hostile: run only in the jail or in tests. Fails: never; a mail beyond the limits becomes `Unreadable`
 * with what its header gave.
 * Source: RFC 5322, RFC 2045 to 2049, RFC 6532.
 */
import { readAttachment } from './attachment.ts'
import { findAnswersUnwanted, findAutomatic, isListMail } from './automatic.ts'
import { type Body, readBody } from './body-text.ts'
import { type Report, readReport } from './bounce.ts'
import { findEmbedded } from './embedded.ts'
import { findForwarded } from './forward.ts'
import {
  allFields,
  bodyOffset,
  decodeFields,
  decodeValue,
  firstField,
  type RawField,
  readRawFields,
} from './header-fields.ts'
import { MAX_HEADER_BYTES, MAX_SPLIT_CHARS } from './limits.ts'
import type { Automatic, Forwarded, Mail, Mailbox, MailKind, Unreadable } from './mail.ts'
import { parseMailDate } from './mail-date.ts'
import { parseMailboxes } from './mailbox.ts'
import { parseMessageIds } from './message-id.ts'
import { readMimeTree } from './mime-tree.ts'
import { splitText } from './quote.ts'
import { repairContent } from './repair.ts'

export type ParseOptions = { readonly reversePath: string | null }

/** Parses a mail; `reversePath` is the envelope's, null for `<>`. */
export async function parseMail(content: Uint8Array, options: ParseOptions): Promise<Mail | Unreadable> {
  const repaired = repairContent(content)
  try {
    const root = await readMimeTree(repaired)
    const body = await readBody(root, readMimeTree)
    return await assemble(root, body, options)
  } catch (cause) {
    return readHeaderOnly(repaired, reasonOf(cause))
  }
}

/** Reads what the header alone gives, for a mail whose body is beyond the limits. */
export function readHeaderOnly(content: Uint8Array, reason: string): Unreadable {
  const head = content.subarray(0, MAX_HEADER_BYTES)
  const fields = readRawFields(head.subarray(0, bodyOffset(head)))
  return {
    kind: 'unreadable',
    reason,
    messageId: parseMessageIds(firstField(fields, 'message-id') ?? '')[0] ?? null,
    from: firstMailbox(fields, 'from'),
    subject: readSubject(fields),
  }
}

async function assemble(
  root: Parameters<typeof readBody>[0],
  body: Body,
  options: ParseOptions,
): Promise<Mail> {
  const { fields } = root
  const from = firstMailbox(fields, 'from')
  const subject = readSubject(fields)
  const date = firstField(fields, 'date')
  const sentAt = date === null ? null : parseMailDate(date)
  const sender = firstMailbox(fields, 'sender')
  const report = readReport({ root, text: body.text, reversePath: options.reversePath, from, subject })
  const isReport = report.kind !== null
  const automatic = findAutomatic({
    fields,
    reversePath: options.reversePath,
    from,
    sender,
    subject,
    isReport,
  })
  const written = isReport ? wholeText(body.text) : await splitWritten(body, subject)
  return {
    kind: 'mail',
    mailKind: kindOf(report, automatic, fields),
    messageId: parseMessageIds(firstField(fields, 'message-id') ?? '')[0] ?? null,
    inReplyTo: parseMessageIds(allFields(fields, 'in-reply-to').join(' ')),
    references: parseMessageIds(allFields(fields, 'references').join(' ')),
    from,
    authorCount: mailboxesOf(fields, 'from').length,
    sender,
    replyTo: mailboxesOf(fields, 'reply-to'),
    to: mailboxesOf(fields, 'to'),
    cc: mailboxesOf(fields, 'cc'),
    subject,
    date: sentAt,
    text: body.text,
    ...written,
    tableRows: body.tableRows,
    attachments: body.attachments.map(readAttachment),
    automatic,
    answersUnwanted: findAnswersUnwanted(fields),
    bounce: report.bounce,
    headerFields: decodeFields(fields),
    warnings: [...body.warnings, ...(date !== null && sentAt === null ? ['date-unreadable'] : [])],
  }
}

function kindOf(report: Report, automatic: Automatic | null, fields: readonly RawField[]): MailKind {
  if (report.kind !== null) return report.kind
  // A program that says so itself outweighs the list that carried its mail.
  if (automatic?.reason === 'auto-submitted' || automatic?.reason === 'autoresponder-field')
    return 'automatic'
  if (isListMail(fields)) return 'list'
  return automatic === null ? 'ordinary' : 'automatic'
}

type Written = Pick<Mail, 'newText' | 'quotedText' | 'signature' | 'forwarded'>

function wholeText(text: string): Written {
  return { newText: text.trim(), quotedText: null, signature: null, forwarded: null }
}

/** Parts what was typed from what was quoted; in a forward only the note above it is typed. */
async function splitWritten(body: Body, subject: string | null): Promise<Written> {
  const text = body.text.slice(0, MAX_SPLIT_CHARS)
  const found = findForwarded(text, subject)
  if (found === null) {
    const { newText, quotedText, signature } = splitText(text)
    const rest = body.text.slice(MAX_SPLIT_CHARS)
    const forwarded = await findEmbedded(body.embedded)
    // What is too long to be split belongs to whatever came last.
    if (quotedText === null) return { newText: newText + rest, quotedText, signature, forwarded }
    return { newText, quotedText: quotedText + rest, signature, forwarded }
  }
  const { noteAbove, start, ...forwarded } = found
  const { newText, quotedText, signature } = splitText(noteAbove)
  const quoted = [quotedText, body.text.slice(start)].filter((part) => part !== null)
  return { newText, quotedText: quoted.join('\n'), signature, forwarded: forwarded satisfies Forwarded }
}

/** The subject as one clean line; null when there is none. */
function readSubject(fields: readonly RawField[]): string | null {
  const value = firstField(fields, 'subject')
  return value === null ? null : decodeValue(value)
}

function firstMailbox(fields: readonly RawField[], key: string): Mailbox | null {
  return mailboxesOf(fields, key)[0] ?? null
}

/** Mailboxes over all fields of that name: some programs repeat To and Cc, and forgers repeat From. */
function mailboxesOf(fields: readonly RawField[], key: string): Mailbox[] {
  return allFields(fields, key).flatMap(parseMailboxes)
}

/** A short reason without content of the mail. */
function reasonOf(cause: unknown): string {
  return cause instanceof Error ? cause.message.slice(0, 200) : 'the mail could not be parsed'
}
