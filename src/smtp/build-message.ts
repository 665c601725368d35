/**
 * Turns a stored letter into the message that nodemailer composes: text and HTML, fixed Message-ID and Date, one
 * recipient, the chain of References within legal length.
 * Fails: never. Source: RFC 5322 §2.1.1 and §3.6.4.
 */
import type { SendMailOptions } from 'nodemailer'
import type { OutgoingLetter } from './outgoing.ts'

/** RFC 5322 §2.1.1: a line has at most 998 octets; folding breaks only between ids, and some relays unfold. */
const MAX_REFERENCES_OCTETS = 900
/** An id that leaves no room for the rest of the chain is left out: a relay may refuse the letter for its sake. */
const MAX_ID_OCTETS = 500

const PLAIN_MAILBOX = /^[^\s\p{Cc}<>@,;:"()[\]\\]{1,64}@[^\s\p{Cc}<>@,;:"()[\]\\]{1,255}$/u

/** Composes the options of nodemailer. Nothing in them reads a file or fetches a URL. */
export function buildMessage(letter: OutgoingLetter): SendMailOptions {
  const references = trimReferences(letter.references)
  return {
    // Objects, since the library reads a string as a list of mailboxes and picks whom it finds in it.
    envelope: { from: mailbox(letter.returnPath), to: [mailbox(letter.to.address)] },
    from: { name: letter.from.name, address: letter.from.address },
    to: { name: letter.to.name ?? '', address: letter.to.address },
    replyTo: { name: letter.from.name, address: letter.replyTo },
    messageId: `<${letter.messageId}>`,
    date: letter.date,
    subject: letter.subject,
    text: letter.text,
    html: letter.html,
    textEncoding: 'quoted-printable',
    ...(letter.inReplyTo === null || isTooLong(letter.inReplyTo)
      ? {}
      : { inReplyTo: `<${letter.inReplyTo}>` }),
    ...(references.length === 0 ? {} : { references: references.map((one) => `<${one}>`).join(' ') }),
    headers: letter.headerFields.map(({ name, value }) => ({ key: name, value })),
    disableFileAccess: true,
    disableUrlAccess: true,
  }
}

/** Keeps the root and as many of the newest ids as fit (RFC 5322 §3.6.4 leaves what to drop to us). */
export function trimReferences(references: readonly string[]): readonly string[] {
  const [root, ...rest] = references.filter((one) => !isTooLong(one))
  if (root === undefined) return []
  const kept: string[] = []
  let octets = Buffer.byteLength(root) + 3
  for (const one of rest.toReversed()) {
    octets += Buffer.byteLength(one) + 3
    if (octets > MAX_REFERENCES_OCTETS) break
    kept.unshift(one)
  }
  return [root, ...kept]
}

function mailbox(address: string): { readonly name: string; readonly address: string } {
  return { name: '', address }
}

/**
 * Tells whether an address is one plain mailbox, which cannot be read as anything else on the way. Quoted local parts
 * are left out: relays have sent such letters to somebody else.
 */
export function isPlainMailbox(address: string): boolean {
  return PLAIN_MAILBOX.test(address)
}

function isTooLong(messageId: string): boolean {
  return Buffer.byteLength(messageId) > MAX_ID_OCTETS
}
