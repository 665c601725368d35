/**
 * Reads a mail that was forwarded as an attachment: who wrote it, about what, and its text.
 * Fails: never; an embedded message that cannot be parsed gives what its header says.
 * Source: RFC 2046 §5.2.1.
 */
import { readBody } from './body-text.ts'
import { decodeValue, firstField } from './header-fields.ts'
import type { Forwarded } from './mail.ts'
import { parseMailboxes } from './mailbox.ts'
import { parseMessageIds } from './message-id.ts'
import { type MimePart, readMimeTree } from './mime-tree.ts'
import { repairContent } from './repair.ts'

/** Describes the first embedded message as the forwarded mail; null when there is none. */
export async function findEmbedded(embedded: readonly MimePart[]): Promise<Forwarded | null> {
  const [first] = embedded
  if (first === undefined) return null
  const root = await readMimeTree(repairContent(first.octets))
  const body = await readBody(root, readMimeTree)
  const subject = firstField(root.fields, 'subject')
  return {
    from: parseMailboxes(firstField(root.fields, 'from') ?? '')[0] ?? null,
    subject: subject === null ? null : decodeValue(subject),
    date: firstField(root.fields, 'date'),
    messageId: parseMessageIds(firstField(root.fields, 'message-id') ?? '')[0] ?? null,
    text: body.text,
  }
}
