/**
 * Every reply of ours to a client that is not the library's own: one table, so that strangers never read a text that
 * was made up in code. Source: RFC 5321 §4.2 (reply codes), RFC 3463 (enhanced codes), RFC 7372, RFC 6531.
 * A text names no address, no path and no product of the inside.
 */

export type SmtpReply = { readonly code: number; readonly enhanced: string; readonly text: string }

export const REPLIES = {
  unknownRecipient: { code: 550, enhanced: '5.1.1', text: 'There is no such mailbox here' },
  foreignRecipient: { code: 550, enhanced: '5.7.1', text: 'We do not relay mail for this domain' },
  forgedRecipient: {
    code: 550,
    enhanced: '5.7.1',
    text: 'This address was not given out by us, or is no longer valid; write to the plain address instead',
  },
  unknownParameter: { code: 555, enhanced: '5.5.4', text: 'A parameter of this command is not known here' },
  needsSmtputf8: { code: 553, enhanced: '5.6.7', text: 'This address needs the SMTPUTF8 extension' },
  brokenAddress: { code: 501, enhanced: '5.1.3', text: 'This address is not valid' },
  needsTls: { code: 530, enhanced: '5.7.0', text: 'Start TLS first' },
  tooLarge: { code: 552, enhanced: '5.3.4', text: 'This message is larger than we take' },
  bareNewline: {
    code: 550,
    enhanced: '5.5.2',
    text: 'Lines must end in CR LF; this message has a CR, an LF or a NUL by itself',
  },
  loop: {
    code: 554,
    enhanced: '5.4.6',
    text: 'This message has passed too many servers; it looks like a loop',
  },
  /** RFC 7372 §3.3: more than one check failed. */
  unproven: {
    code: 550,
    enhanced: '5.7.26',
    text: 'The domain in From does not vouch for this message (SPF, DKIM, DMARC); send it through the mail server of that domain',
  },
  /** RFC 3463 §3.8: the message was refused for whom it came from. */
  stranger: {
    code: 550,
    enhanced: '5.7.1',
    text: 'This desk takes mail from registered partners only; please write from your registered address, or ask your contact here to register it',
  },
  storeFull: { code: 452, enhanced: '4.3.1', text: 'No room left at the moment; try again later' },
  storeFailed: { code: 451, enhanced: '4.3.0', text: 'Cannot take mail at the moment; try again later' },
  tooSlow: { code: 421, enhanced: '4.4.2', text: 'The message took too long; try again later' },
  stopping: { code: 421, enhanced: '4.3.2', text: 'Going down for a moment; try again soon' },
  fault: { code: 421, enhanced: '4.3.0', text: 'Cannot take mail at the moment; try again later' },
  tooManyFromThere: {
    code: 421,
    enhanced: '4.7.0',
    text: 'Too many connections from your address; try again later',
  },
  tooManyErrors: { code: 421, enhanced: '4.7.0', text: 'Too many errors; try again later' },
  /** RFC 2920 §3.1: nothing may follow DATA before its reply; what follows a refused one is a message, not commands. */
  outOfStep: { code: 421, enhanced: '4.5.0', text: 'DATA was refused; what follows it is not taken' },
} as const satisfies Record<string, SmtpReply>

/** The library's own refusals for which its table has no code, or one that says something else. Found by their words. */
export const LIBRARY_REPLIES: readonly { readonly words: string; readonly reply: SmtpReply }[] = [
  {
    words: 'Too many connected clients',
    reply: { code: 421, enhanced: '4.3.2', text: 'Too many connections at the moment; try again later' },
  },
  { words: 'You talk too soon', reply: { code: 421, enhanced: '4.7.0', text: 'Wait for the greeting' } },
  { words: 'too many unrecognized commands', reply: REPLIES.tooManyErrors },
  {
    words: 'Command line too long',
    reply: { code: 421, enhanced: '4.5.2', text: 'This command line is too long' },
  },
  {
    words: 'HTTP requests not allowed',
    reply: { code: 421, enhanced: '4.7.0', text: 'This is a mail server' },
  },
]

/** An error for smtp-server's callbacks: its code and text reach the client as they stand. */
export class ReplyError extends Error {
  readonly responseCode: number
  constructor(reply: SmtpReply) {
    super(`${reply.enhanced} ${reply.text}`)
    this.responseCode = reply.code
  }
}
