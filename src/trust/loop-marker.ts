/**
 * The marker on every letter of ours: should the letter come back by a forwarder, a list, or a mailbox wired to itself,
 * it is known again. It is sealed, so nobody can make somebody else's mail vanish by putting it there.
 * Fails: never; a marker that we did not make gives null. Source: RFC 3834 §2 (loops), RFC 2104.
 */
import type { LetterId } from '../decide/context.ts'
import { isSealOf, type Mac, makeSeal, ROW_ID } from './token.ts'

export const LOOP_FIELD = 'X-Ticketgate-Loop'

const SHAPE = /^([0-9a-hjkmnp-tv-z]{16})\.([0-9a-hjkmnp-tv-z]{16})$/

/** Makes the value of the field: `<letter>.<seal>`. */
export function makeLoopMarker(letterId: LetterId, domain: string, mac: Mac): string {
  if (!ROW_ID.test(letterId)) throw new Error('a letter id is 16 characters of base 32')
  return `${letterId}.${makeSeal([domain, letterId], 'loop', mac)}`
}

/** Tells which letter of ours a value belongs to; null when we did not make it. */
export function verifyLoopMarker(value: string, domain: string, mac: Mac): LetterId | null {
  const [, letterId, seal] = SHAPE.exec(value.trim().toLowerCase()) ?? []
  if (letterId === undefined || seal === undefined) return null
  return isSealOf(seal, [domain, letterId], 'loop', mac) ? (letterId as LetterId) : null
}
