/** A mailbox of an old desk, made for tests: its mails with what the gate must make of each, and its shapes on disk. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { COMPLETE, INCOMPLETE, PASSWORD, REST, writeMail } from '../gateway/write-mail.ts'

export const DESK = 'support@old-desk.example'
export const SECRETS: readonly string[] = [PASSWORD, 'Butter_Churn_77']

export type MadeMail = { readonly name: string; readonly content: string }

/** Counts that the report of `madeMailbox` must show. */
export const EXPECTED = {
  found: 61,
  ownReplies: 10,
  copies: 1,
  decided: 50,
  threads: 34,
  atOnce: 20,
  afterAsking: 8,
  neverComplete: 5,
  withdrawn: 1,
}

const START = Date.parse('2026-03-02T08:00:00Z')
const PARTNERS = [
  'otterbrook.example',
  'ferncliffe.example',
  'gorseandheath.example',
  'alderbrook.example',
] as const

/** Makes the mails in the order of their dates. */
export function madeMailbox(): readonly MadeMail[] {
  const mails: MadeMail[] = []
  const add = (
    name: string,
    parts: Omit<Parameters<typeof writeMail>[0], 'to'> & { readonly to?: string },
  ): void => {
    const date = new Date(START + mails.length * 3_600_000).toUTCString().replace('GMT', '+0000')
    const content = writeMail({
      to: DESK,
      ...parts,
      headerFields: { Date: date, ...parts.headerFields },
    })
    mails.push({ name: `${String(mails.length + 1).padStart(3, '0')}-${name}`, content })
  }
  const partnerOf = (i: number): string => PARTNERS[i % PARTNERS.length] ?? ''

  for (let i = 0; i < 20; i++) {
    add('complete', {
      from: `Fenella Marsh <fenella@${partnerOf(i)}>`,
      subject: `Journal mailbox ${i}`,
      text: COMPLETE.replaceAll('otterbrook.example', partnerOf(i)).replaceAll(
        'milkchurnmuseum',
        `museum${i}`,
      ),
      messageId: `complete-${i}@${partnerOf(i)}`,
    })
  }
  // Asked by the old desk, and completed by the answer to that: the desk's Message-ID alone leads to the thread.
  for (let i = 0; i < 8; i++) {
    const from = `teodor@${partnerOf(i)}`
    const subject = `Archive ${i}`
    add('incomplete', { from, subject, text: INCOMPLETE, messageId: `asked-${i}@${partnerOf(i)}` })
    add('desk', {
      from: `Old Desk <${DESK}>`,
      to: from,
      subject: `Re: ${subject}`,
      text: 'Please send us the credentials and what you tried.',
      messageId: `answer-${i}@old-desk.example`,
      inReplyTo: `asked-${i}@${partnerOf(i)}`,
    })
    add('rest', { from, subject: `Re: ${subject}`, text: REST, inReplyTo: `answer-${i}@old-desk.example` })
  }
  for (let i = 0; i < 5; i++) {
    add('never', {
      from: `marisol@${partnerOf(i)}`,
      subject: i === 0 ? `Password: ${SECRETS[1] ?? ''}` : `Calendar ${i}`,
      text: INCOMPLETE.replace('Details of the Issue: ', 'Password: Butter_Churn_77\nDetails of the Issue: '),
    })
  }
  add('withdrawn', {
    from: 'marisol@otterbrook.example',
    subject: 'Shared folder',
    text: INCOMPLETE,
    messageId: 'withdrawn@otterbrook.example',
  })
  add('withdraws', {
    from: 'marisol@otterbrook.example',
    subject: 'Re: Shared folder',
    text: 'It works again, please close this. Thank you!',
    inReplyTo: 'withdrawn@otterbrook.example',
  })
  for (let i = 0; i < 4; i++) {
    add('vacation', {
      from: `gone${i}@${partnerOf(i)}`,
      subject:
        i === 0
          ? `Automatic reply: Password: ${SECRETS[1] ?? ''}`
          : 'Out of office <img src=x onerror=alert(1)>',
      text: 'I am away until Monday.',
      headerFields: { 'Auto-Submitted': 'auto-replied' },
    })
  }
  add('bounce', {
    from: 'MAILER-DAEMON@mx.otterbrook.example',
    subject: 'Undelivered Mail Returned to Sender',
    text: 'This is the mail system. Your message could not be delivered: 550 5.1.1 User unknown.',
    headerFields: { 'Return-Path': '<>', 'Auto-Submitted': 'auto-replied' },
  })
  // Of the desk's own domain, and no agent: nobody there is a partner.
  add('colleague', {
    from: 'rota@old-desk.example',
    subject: 'Who is in on Friday?',
    text: 'Who is in on Friday?',
  })
  add('two-authors', {
    from: 'a@otterbrook.example, b@ferncliffe.example',
    subject: `From both of us, password: ${PASSWORD}`,
    text: COMPLETE,
  })
  add('desk', { from: DESK, to: 'x@otterbrook.example', subject: 'News', text: 'We move.' })
  add('desk', { from: DESK, to: 'y@otterbrook.example', subject: 'News', text: 'We have moved.' })
  const first = mails[0]
  if (first !== undefined) mails.push({ name: '061-copy', content: first.content })
  return mails
}

/** Writes a folder of .eml files, half of them in a folder inside; the names say nothing of the order. */
export function writeFolder(folder: string, mails: readonly MadeMail[]): string {
  mkdirSync(join(folder, 'inside'), { recursive: true })
  for (const [i, { name, content }] of mails.entries()) {
    const shuffled = String((i * 37) % 997).padStart(3, '0')
    writeFileSync(join(folder, i % 2 === 0 ? '' : 'inside', `${shuffled}-${name}.eml`), content)
  }
  return folder
}

/** Writes a Maildir: old mails in cur, the rest in new. */
export function writeMaildir(folder: string, mails: readonly MadeMail[]): string {
  for (const part of ['cur', 'new', 'tmp']) mkdirSync(join(folder, part), { recursive: true })
  for (const [i, { content }] of mails.entries()) {
    const name = `${1772438400 + i}.M${i}P1.host`
    writeFileSync(join(folder, i < 40 ? 'cur' : 'new', i < 40 ? `${name}:2,S` : name), content)
  }
  return folder
}

/** Writes mails as an mbox with the given line ends; lines that look like postmarks are quoted as mboxrd has it. */
export function mboxOf(mails: readonly MadeMail[], newline: '\n' | '\r\n'): string {
  return mails
    .map(({ content }) => {
      const quoted = content.replace(/^(>*From )/gmu, '>$1').replace(/\r\n/g, newline)
      return `From sender@host.example Mon Mar  2 10:00:00 2026${newline}${quoted}${newline}`
    })
    .join('')
}
