/**
 * Looks into the header of a mail before it is read: its date, to put a mailbox in order, and its Return-Path, since a
 * stored mail has no envelope. Everything else is read in the jail.
 * Fails: never; what is absent or unreadable is null. Source: RFC 5321 §4.4 (Return-Path), RFC 5322 §3.6.1 (Date).
 */

import { parseMailDate } from '../mail/mail-date.ts'
import { normaliseAddress } from '../mail/mailbox.ts'

/** Date and Return-Path stand near the top; chains of Received and signatures above them stay below this. */
export const PEEK_BYTES = 32 * 1024

export type HeaderPeek = {
  readonly date: Date | null
  /** null is the null reverse-path `<>`; the empty text means that the mail does not say. */
  readonly reversePath: string | null
}

/** Peeks into the first octets of a mail. */
export function peekHeader(head: Uint8Array): HeaderPeek {
  const text = Buffer.from(head.subarray(0, PEEK_BYTES)).toString('latin1')
  const header = text.split(/\r?\n\r?\n/, 1)[0] ?? ''
  const date = /^date:[ \t]*(.{0,200})/im.exec(header)?.[1] ?? ''
  const path = /^return-path:[ \t]*<?([^<>\s]{0,320})>?[ \t]*\r?$/im.exec(header)?.[1]
  return {
    date: parseMailDate(date),
    reversePath: path === undefined ? '' : path === '' ? null : (normaliseAddress(path) ?? ''),
  }
}
