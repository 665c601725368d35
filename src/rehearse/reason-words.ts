/** Says in a few words why a mail was set aside. Fails: never; a reason without words stands for itself. */
import type { HeldReason } from '../decide/verdict.ts'
import type { Automatic } from '../mail/mail.ts'

export const HELD_WORDS: Readonly<Record<HeldReason, string>> = {
  stranger: 'the sender is no registered partner',
  'proof-failed': 'the check of the From address failed',
  'proof-temporary': 'the check of the From address did not come to an end',
  'agent-unproven': "an agent's address, with nothing to prove it",
  'not-a-participant': 'names a ticket that its sender has no part in',
  'own-address': 'From is an address of the desk itself',
  'several-authors': 'more than one author in From',
  'no-author': 'no author in From',
  'partner-suspended': 'the partner is suspended',
  'agent-mail-without-ticket': 'an agent wrote it, and it names no ticket',
  'agent-without-signed-address': 'an agent wrote it, and perhaps not to the partner',
  'agent-command': 'an agent wrote it, with a line that starts with "#"',
  'agent-answer-empty': 'an answer without words of its own',
  'agent-answer-secret': 'an answer that holds a password',
  'agent-answer-overtaken': 'an answer, though a colleague has answered since',
  'agent-answer-quotes-notice': "an answer that holds the desk's notice",
  'auto-forwarded': "forwarded by a partner's mailbox by itself, written by somebody else",
  'agent-for-whom': 'an agent forwarded it, and its author is no partner',
}

export const AUTOMATIC_WORDS: Readonly<Record<string, string>> = {
  'null-reverse-path': 'sent with an empty return path, as reports are',
  'auto-submitted': 'says itself that a program sent it (Auto-Submitted)',
  precedence: 'bulk or list mail (Precedence)',
  list: 'mail of a list',
  'autoresponder-field': 'marked by an autoresponder',
  'loop-field': 'marked against loops',
  report: 'a report or receipt',
  'daemon-address': "a program's address",
  subject: 'the subject of an automatic answer',
} satisfies Record<Automatic['reason'], string>

export const BOUNCE_WORDS = 'a report about a mail that could not be delivered'

/** Words for a sender who may not be one in the rehearsal of an open desk. */
export const OWN_DOMAIN_WORDS = "the sender is of the desk's own domain and no agent"
