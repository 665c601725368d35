/** A finished letter on its way out, and what can become of one attempt to deliver it. */

export type OutgoingLetter = {
  readonly letterId: string
  /** Without angle brackets, as all Message-IDs here. */
  readonly messageId: string
  readonly date: Date
  readonly from: { readonly name: string; readonly address: string }
  readonly to: { readonly name: string | null; readonly address: string }
  readonly replyTo: string
  readonly returnPath: string
  readonly subject: string
  readonly text: string
  readonly html: string
  readonly inReplyTo: string | null
  readonly references: readonly string[]
  readonly headerFields: readonly { readonly name: string; readonly value: string }[]
}

/** `reply` is the remote server's line, or a sentence of ours when there was none. */
export type DeliveryResult =
  | { readonly kind: 'sent'; readonly reply: string }
  | { readonly kind: 'deferred'; readonly reply: string; readonly routeTrouble: boolean }
  | { readonly kind: 'failed'; readonly reply: string }
  /** No reply came after the content: it may have been delivered. */
  | { readonly kind: 'unknown'; readonly reply: string }

/** Whoever takes letters away: a relay, or a folder. */
export type Courier = {
  readonly deliver: (letter: OutgoingLetter) => Promise<DeliveryResult>
  readonly close: () => Promise<void>
}
