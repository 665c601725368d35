/**
 * Finds the mail inside a forward: its From, Subject, Date and text.
 * Fails: never; null when nothing is forwarded.
 */
import type { Forwarded } from './mail.ts'

/** Where the forwarded mail stands: `start` is the offset of its separator or header block in the text. */
export type ForwardFound = Forwarded & { readonly noteAbove: string; readonly start: number }

/** Finds the outermost forwarded mail in `text`, or null. */
export function findForwarded(text: string, subject: string | null): ForwardFound | null {
  const mark = text.indexOf('---------- Forwarded message')
  if (mark < 0 || subject === '') return null
  const rest = text.slice(mark)
  const from = /^From: (.+)$/m.exec(rest)?.[1] ?? null
  return {
    from: from === null ? null : { displayName: null, address: from },
    subject: /^Subject: (.+)$/m.exec(rest)?.[1] ?? null,
    date: /^Date: (.+)$/m.exec(rest)?.[1] ?? null,
    messageId: null,
    text: rest,
    noteAbove: text.slice(0, mark),
    start: mark,
  }
}
