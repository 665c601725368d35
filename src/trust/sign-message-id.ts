/**
 * Message-IDs of our letters: they name the letter and carry a seal, so that one found in In-Reply-To or a report is
 * known to be ours without a look-up.
 * Fails: never; an id that we did not make gives null. Source: RFC 5322 §3.6.4.
 */
import type { LetterId } from '../decide/context.ts'
import type { Mac } from './token.ts'
import { isSealOf, makeSeal, ROW_ID } from './token.ts'

/** `tg.<letter>.<seal>`; case is ignored, since some relays fold it. */
const SHAPE = /^tg\.([0-9a-hjkmnp-tv-z]{16})\.([0-9a-hjkmnp-tv-z]{16})$/

/** Makes the Message-ID of a letter, without angle brackets: `tg.<letter>.<seal>@domain`. */
export function makeMessageId(letter: { readonly letterId: LetterId }, domain: string, mac: Mac): string {
  if (!ROW_ID.test(letter.letterId)) throw new Error('a letter id is 16 characters of base 32')
  return `tg.${letter.letterId}.${makeSeal([domain, letter.letterId], 'message-id', mac)}@${domain}`
}

/** Tells which letter a Message-ID (without angle brackets) belongs to; null when we did not make it. */
export function verifyMessageId(messageId: string, domain: string, mac: Mac): LetterId | null {
  const at = messageId.lastIndexOf('@')
  if (at < 0 || messageId.slice(at + 1).toLowerCase() !== domain.toLowerCase()) return null
  const match = SHAPE.exec(messageId.slice(0, at).toLowerCase())
  const letterId = match?.[1]
  const seal = match?.[2]
  if (letterId === undefined || seal === undefined) return null
  return isSealOf(seal, [domain, letterId], 'message-id', mac) ? (letterId as LetterId) : null
}
