/**
 * The same mail by two ways: a list or a gateway on one of them put a banner above it or a footer below. Told by its
 * words: all that was kept of the first copy stands in the second, in order, with little besides.
 * Fails: never. Pure. Source: RFC 5322 §3.6.4 (one Message-ID is one mail).
 */
import { MASK } from '../intake/mask.ts'
import type { Mail } from '../mail/mail.ts'
import { normaliseAddress } from '../mail/mailbox.ts'

/** A disclaimer is longer than a banner, and shorter than what somebody would write anew. */
const MAX_ADDED_CHARACTERS = 1_500
/** Fewer words than these stand in many mails. */
const MIN_KEPT_CHARACTERS = 20

/** Tells whether a mail is one that was kept before, with a banner or a footer; `post` is what was kept, masked. */
export function isSameWithFooter(
  mail: Mail,
  post: { readonly from: string | null; readonly text: string } | null,
): boolean {
  if (post === null || mail.from === null) return false
  const author = normaliseAddress(mail.from.address)
  if (author === null || author !== normaliseAddress(post.from ?? '')) return false
  const kept = plain(post.text)
  const told = plain(mail.text)
  const length = kept.replaceAll(MASK, '').length
  if (length < MIN_KEPT_CHARACTERS) return false
  const own = plain(mail.newText).length + plain(mail.forwarded?.text ?? '').length
  return Math.abs(own - kept.length) <= MAX_ADDED_CHARACTERS && holdsInOrder(told, kept.split(MASK))
}

function plain(text: string): string {
  return text.replace(/\s+/gu, ' ').trim()
}

/** Do the pieces between masked secrets stand in the text, one after the other? */
function holdsInOrder(text: string, pieces: readonly string[]): boolean {
  let from = 0
  for (const piece of pieces) {
    const at = text.indexOf(piece.trim(), from)
    if (at < 0) return false
    from = at + piece.trim().length
  }
  return true
}
