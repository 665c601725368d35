/**
 * One mail as `ticketgate inspect --json` prints it: every key present, passwords masked unless asked for.
 * The shape is an interface that other programs read: see docs/inspect.md.
 */
import { maskSecrets } from '../intake/mask.ts'
import type { FieldValue, Reading, ThreeRs } from '../intake/reading.ts'
import type { Attachment, Mail, Mailbox, Unreadable } from '../mail/mail.ts'

const MASK = '••••••••'

/** The three R's of a mail that could not be read. */
const NOTHING_SAID: ThreeRs = {
  os: null,
  mail_client: null,
  reproducible: null,
  services: null,
  dns_checked: null,
  owa_checked: null,
  server_rules_checked: null,
  local_rules_checked: null,
  kb_searched: null,
  seen_before: null,
}

type JsonMailbox = { readonly name: string | null; readonly address: string | null }

const KINDS = {
  ordinary: 'submission',
  automatic: 'auto-reply',
  bounce: 'bounce',
  report: 'delivery-report',
  list: 'list',
} as const satisfies Record<Mail['mailKind'], string>

/** Returns the object for one read mail. With `reveal`, passwords stay. */
export function inspectJson(
  file: string,
  mail: Mail | Unreadable,
  reading: Reading | null,
  reveal: boolean,
): object {
  const mask = (text: string): string =>
    reveal || reading === null ? text : maskSecrets(text, reading.secrets)
  const maskOrNull = (text: string | null): string | null => (text === null ? null : mask(text))
  const read = mail.kind === 'mail' ? mail : null
  return {
    file,
    messageId: mail.messageId,
    subject: maskOrNull(mail.subject),
    from: mail.from === null ? null : mailboxJson(mail.from),
    to: (read?.to ?? []).map(mailboxJson),
    cc: (read?.cc ?? []).map(mailboxJson),
    date: read?.date?.toISOString() ?? null,
    kind: read === null ? 'unreadable' : kindOf(read),
    inReplyTo: read?.inReplyTo ?? [],
    references: read?.references ?? [],
    text: mask(read?.text ?? ''),
    replyText: mask(read?.newText ?? ''),
    quotedText: maskOrNull(read?.quotedText ?? null),
    signature: maskOrNull(read?.signature ?? null),
    forwarded:
      read === null || read.forwarded === null
        ? null
        : {
            from: read.forwarded.from === null ? null : mailboxJson(read.forwarded.from),
            subject: maskOrNull(read.forwarded.subject),
            date: read.forwarded.date,
          },
    attachments: (read?.attachments ?? []).map((one) => attachmentJson(one, mask)),
    bounce: read === null ? null : bounceJson(read),
    fields: Object.fromEntries(
      Object.entries(reading?.fields ?? {}).map(([name, field]) => [name, fieldJson(field, mask, reveal)]),
    ),
    three_rs: reading?.threeRs ?? NOTHING_SAID,
    missing: reading?.missing ?? [],
    warnings: [
      ...(read?.warnings ?? [mail.kind === 'unreadable' ? mail.reason : '']),
      ...(reading?.warnings ?? []),
    ],
  }
}

function kindOf(mail: Mail): string {
  return mail.mailKind === 'bounce' && mail.bounce?.action === 'delivered'
    ? KINDS.report
    : KINDS[mail.mailKind]
}

function mailboxJson(
  mailbox: Mailbox | { readonly displayName: string; readonly address: null },
): JsonMailbox {
  return { name: mailbox.displayName, address: mailbox.address }
}

function attachmentJson(attachment: Attachment, mask: (text: string) => string): object {
  const { fileName, contentType, size, inline, sha256 } = attachment
  return { filename: fileName === null ? null : mask(fileName), contentType, size, inline, sha256 }
}

function bounceJson(mail: Mail): object | null {
  if (mail.bounce === null) return null
  const { recipients, status, action, diagnosticCode, originalMessageId } = mail.bounce
  return { recipients, status, action, diagnostic: diagnosticCode, originalMessageId }
}

function fieldJson(field: FieldValue, mask: (text: string) => string, reveal: boolean): object {
  if (field.kind === 'plain') return { value: mask(field.value), source: field.source }
  const { username, password } = field.value
  return {
    value: { username, password: password === null || reveal ? password : MASK },
    source: field.source,
  }
}
