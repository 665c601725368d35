/**
 * Judges the address and parameters of one MAIL or RCPT command.
 * Fails: never; a problem is the reply that refuses it, else null.
 * Source: RFC 5321 §4.1.1.2, §4.1.1.3 and §4.1.1.11 (parameters), RFC 1870, RFC 6152, RFC 6531 §3.4 (SMTPUTF8).
 */
import type { SMTPServerAddress, SMTPServerSession } from 'smtp-server'
import { domainOf } from '../mail/mailbox.ts'
import { wasAscii } from './coded-server.ts'
import { REPLIES, type SmtpReply } from './replies.ts'

export type RecipientKind = 'own' | 'unknown' | 'foreign' | 'forged'

/** What RFC 5321, 1870, 6152 and 6531 give MAIL; DSN, REQUIRETLS and AUTH are not announced. */
const MAIL_PARAMETERS: ReadonlySet<string> = new Set(['SIZE', 'BODY', 'SMTPUTF8'])

/** Judges a reverse-path. */
export function mailProblem(address: SMTPServerAddress): SmtpReply | null {
  const names = parameterNames(address)
  if (names.some((name) => !MAIL_PARAMETERS.has(name))) return REPLIES.unknownParameter
  return syntaxProblem(address, names.includes('SMTPUTF8'))
}

/** Judges a forward-path; `resolve` says whose it is. */
export function recipientProblem(
  address: SMTPServerAddress,
  session: SMTPServerSession,
  resolve: (address: string) => RecipientKind,
): SmtpReply | null {
  if (parameterNames(address).length > 0) return REPLIES.unknownParameter
  const { mailFrom } = session.envelope
  const smtputf8 = mailFrom !== false && parameterNames(mailFrom).includes('SMTPUTF8')
  const problem = syntaxProblem(address, smtputf8)
  if (problem !== null) return problem
  const kind = resolve(wireAddress(address.address))
  switch (kind) {
    case 'own':
      return null
    case 'unknown':
      return REPLIES.unknownRecipient
    case 'forged':
      return REPLIES.forgedRecipient
    case 'foreign':
      return REPLIES.foreignRecipient
    default:
      return kind satisfies never
  }
}

/** The local part as written, the domain in lower-case A-labels (the library shows U-labels). */
export function wireAddress(address: string): string {
  const at = address.lastIndexOf('@')
  const domain = domainOf(address)
  return at < 0 || domain === '' ? address : `${address.slice(0, at)}@${domain}`
}

/** The library turns octets that are no UTF-8 into U+FFFD, so that two addresses would become one. */
function syntaxProblem(address: SMTPServerAddress, smtputf8: boolean): SmtpReply | null {
  if (address.address.includes('\uFFFD')) return REPLIES.brokenAddress
  if (!smtputf8 && !wasAscii(address)) return REPLIES.needsSmtputf8
  if (address.address.includes('@') && domainOf(address.address) === '') return REPLIES.brokenAddress
  return null
}

function parameterNames(address: SMTPServerAddress): readonly string[] {
  return address.args === false ? [] : Object.keys(address.args)
}
