/**
 * The ready-made reply: a `mailto:` link that opens a mail to us with subject, tag and the missing labels.
 * Fails: never; a subject too long for the link is left out, the tag stays.
 * Source: RFC 6068 §2 and §5 (percent-encoding, CRLF in the body).
 */

/** Windows hands no longer link to Outlook. */
const MAX_LINK_CHARACTERS = 1_900

export type ReadyReply = {
  readonly address: string
  /** `Re: Mail bounces [TG-1042]`. */
  readonly subject: string
  /** `[TG-1042]`. */
  readonly tag: string
  readonly lines: readonly string[]
}

function linkOf(reply: ReadyReply, subject: string): string {
  const address = reply.address.split('@').map(encodeURIComponent).join('@')
  const body = reply.lines.map((line) => `${line}\r\n`).join('\r\n')
  return `mailto:${address}?subject=${encodeURIComponent(subject)}&body=${encodeURIComponent(body)}`
}

/** Makes the link; half a surrogate pair, which cannot be encoded, is replaced. */
export function replyLink(reply: ReadyReply): string {
  const whole = linkOf(reply, reply.subject.toWellFormed())
  return whole.length <= MAX_LINK_CHARACTERS ? whole : linkOf(reply, `Re: ${reply.tag}`)
}
