/**
 * Reads Message-ID, In-Reply-To and References as lists of ids without angle brackets.
 * Fails: never; what holds no id gives an empty list.
 * Source: RFC 5322 §3.6.4; In-Reply-To of old programs holds phrases and several ids.
 */
import { MAX_MESSAGE_IDS } from './limits.ts'

/** An id inside angle brackets; blanks inside come from bad folding and are dropped. */
const BRACKETED = /<([^<>]{1,1000})>/g

/**
 * Parses the message ids in a field value, in order, each once: `'<a@b> <c@d>'` gives `['a@b', 'c@d']`.
 * Of a list longer than the limit the first id (the thread's root) and the newest are kept.
 */
export function parseMessageIds(value: string): string[] {
  const bracketed = [...value.matchAll(BRACKETED)].map((match) =>
    (match[1] ?? '').replace(/[\s\x00-\x1f\x7f]+/g, ''),
  )
  const found = bracketed.length > 0 ? bracketed : bareIds(value)
  const ids = [...new Set(found)].filter((id) => id !== '')
  return ids.length <= MAX_MESSAGE_IDS ? ids : [...ids.slice(0, 1), ...ids.slice(1 - MAX_MESSAGE_IDS)]
}

/** Ids written without brackets: single words with an at sign. */
function bareIds(value: string): string[] {
  return value
    .split(/[\s,;]+/)
    .map((word) => word.replace(/^<|>$/g, ''))
    .filter((word) => /^[^@\s<>\x00-\x1f\x7f]+@[^@\s<>\x00-\x1f\x7f]+$/.test(word) && word.length <= 1000)
}
