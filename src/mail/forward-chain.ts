/**
 * Who wrote a forwarded mail, and the mail that was forwarded inside it, outermost first: an agent forwards what a
 * colleague forwarded, or a partner what their customer wrote.
 * Fails: never; bounded.
 */
import { type ForwardFound, findForwarded } from './forward.ts'
import type { Forwarded, Mail } from './mail.ts'

/** Nobody reads through more. */
const MAX_DEPTH = 5

/** Lists the forwarded mails, the outermost first; none when nothing was forwarded. */
export function forwardChain(mail: Mail): readonly Forwarded[] {
  const chain: Forwarded[] = []
  let inner: Forwarded | null = mail.forwarded
  while (inner !== null && chain.length < MAX_DEPTH) {
    chain.push(inner)
    inner = forwardInside(inner.text)
  }
  return chain
}

/** Finds the mail that was forwarded inside a forwarded one; it stands there whatever the subject says. */
export function forwardInside(text: string): ForwardFound | null {
  const found = findForwarded(text, 'Fwd:')
  return found === null || found.text === text ? null : found
}
