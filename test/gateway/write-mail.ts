/** Mails of tests as octets: header fields in order, CRLF, whatever body; and the report that says a letter came back. */
import { SUPPORT } from './live-gateway.ts'

export type MailParts = {
  readonly from: string
  readonly to?: string
  readonly subject?: string
  readonly text: string
  readonly messageId?: string
  /** Message-ID, without brackets, of the letter that this answers. */
  readonly inReplyTo?: string
  readonly headerFields?: Readonly<Record<string, string>>
}

let count = 0

/** Writes one mail; each gets a Message-ID of its own unless one is given. */
export function writeMail(parts: MailParts): string {
  count += 1
  const domain = parts.from.slice(parts.from.lastIndexOf('@') + 1).replace(/>$/, '')
  const fields: Readonly<Record<string, string>> = {
    From: parts.from,
    To: parts.to ?? SUPPORT,
    Subject: parts.subject ?? 'Journal mailbox',
    Date: 'Mon, 02 Mar 2026 10:00:00 +0000',
    'Message-ID': `<${parts.messageId ?? `test-${count}@${domain}`}>`,
    ...(parts.inReplyTo === undefined
      ? {}
      : { 'In-Reply-To': `<${parts.inReplyTo}>`, References: `<${parts.inReplyTo}>` }),
    'MIME-Version': '1.0',
    'Content-Type': 'text/plain; charset=utf-8',
    ...parts.headerFields,
  }
  const header = Object.entries(fields).map(([name, value]) => `${name}: ${value}`)
  return `${[...header, '', ...parts.text.split('\n')].join('\r\n')}\r\n`
}

export const PASSWORD = 'Cream_Separator_4'

export const COMPLETE = `Hello,

Partner Domain: otterbrook.example
Control Panel URL: https://cp.otterbrook.example
Customer Domain Name: milkchurnmuseum.example
User Credentials: curator@milkchurnmuseum.example / ${PASSWORD}
Details of the Issue: the journal mailbox stopped collecting copies on Thursday evening.
Steps taken: sent five test mails from OWA and from Outlook, none was journaled.`

export const INCOMPLETE = `Hello,

Partner Domain: otterbrook.example
Control Panel URL: https://cp.otterbrook.example
Customer Domain Name: milkchurnmuseum.example
Details of the Issue: the journal mailbox stopped collecting copies on Thursday evening.`

export const REST = `User Credentials: curator@milkchurnmuseum.example / ${PASSWORD}
Steps taken: sent five test mails from OWA and from Outlook, none was journaled.`

/** A delivery report as RFC 3464 has it; `messageId` is of the letter that came back. */
export function writeReport(letter: { readonly to: string; readonly messageId: string }): string {
  return [
    'From: Mail Delivery System <MAILER-DAEMON@mx.otterbrook.example>',
    'To: bounce@mailhub.example',
    'Subject: Undelivered Mail Returned to Sender',
    'Date: Mon, 02 Mar 2026 10:05:00 +0000',
    'Message-ID: <report-1@mx.otterbrook.example>',
    'Auto-Submitted: auto-replied',
    'MIME-Version: 1.0',
    'Content-Type: multipart/report; report-type=delivery-status; boundary="b"',
    '',
    '--b',
    'Content-Type: text/plain',
    '',
    'I am sorry to have to inform you that your message could not be delivered.',
    '--b',
    'Content-Type: message/delivery-status',
    '',
    'Reporting-MTA: dns; mx.otterbrook.example',
    '',
    `Final-Recipient: rfc822; ${letter.to}`,
    'Action: failed',
    'Status: 5.1.1',
    'Diagnostic-Code: smtp; 550 5.1.1 User unknown',
    '--b',
    'Content-Type: text/rfc822-headers',
    '',
    `To: ${letter.to}`,
    `Message-ID: <${letter.messageId}>`,
    '--b--',
    '',
  ].join('\r\n')
}
