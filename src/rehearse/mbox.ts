/**
 * Splits an mbox into its mails as it streams by: what is held is one chunk and one mail, never the mailbox.
 * A line that starts with `From ` parts two mails when it looks like a postmark; `>From ` lines of the mails are restored.
 * Fails: never on what the mailbox holds; a mail above the limit is told without its octets. Faults of the stream reject.
 * Source: RFC 4155 (mbox), mboxrd as qmail's mbox(5) has it.
 */

export type SplitMail = {
  /** Octets of the stream between which the mail lies, without its postmark. */
  readonly start: number
  readonly end: number
  /** The mail as it was before it was put into the mbox; null when it is larger than the limit. */
  readonly content: Buffer | null
}

const FROM = Buffer.from('From ')
const NEXT_FROM = Buffer.from('\nFrom ')
const NEXT_QUOTED_FROM = Buffer.from('\n>')
const NEWLINE = 10
const RETURN = 13
const GREATER = 62
/** Postmarks hold an address and a date; a longer line is text. */
const MAX_POSTMARK = 1000
/** Octets before a line that tell whether the line before it is empty: `\n\r\n`. */
const LOOK_BACK = 4
/** `From ` alone (Thunderbird), or with a time of day behind it: a sentence that starts with the word has neither. */
const POSTMARK = /^From (?:\s*$|.*\d{1,2}:\d{2})/
/** The whole form needs no empty line before it: some programs leave that out. */
const WHOLE_POSTMARK = /^From \S+ +[A-Z][a-z]{2} +[A-Z][a-z]{2} +\d{1,2} +\d{1,2}:\d{2}/

/** Tells whether a stream that starts like this is an mbox. */
export function looksLikeMbox(head: Uint8Array): boolean {
  const text = Buffer.from(head.subarray(0, MAX_POSTMARK)).toString('latin1').trimStart()
  return POSTMARK.test(text.split('\n', 1)[0] ?? '')
}

/** Splits a stream of octets into mails. */
export async function* splitMbox(
  chunks: AsyncIterable<Uint8Array>,
  maxMailBytes: number,
): AsyncGenerator<SplitMail> {
  const state = newState(maxMailBytes)
  for await (const chunk of chunks) {
    state.buffer = state.buffer.length === 0 ? Buffer.from(chunk) : Buffer.concat([state.buffer, chunk])
    yield* scan(state, false)
  }
  yield* scan(state, true)
  const last = endMail(state)
  if (last !== null) yield last
}

/** Brings the octets between two postmarks back to the mail: the empty line at its end goes, `>From ` is restored. */
export function mailOfSlice(slice: Buffer): Buffer {
  return withoutQuotedFrom(slice.subarray(0, slice.length - lastEmptyLine(slice)))
}

type State = {
  readonly maxMailBytes: number
  buffer: Buffer
  /** Where in the stream `buffer` begins. */
  base: number
  /** How much of `buffer` was looked through. */
  scanned: number
  /** The mail that is being collected; null before the first postmark. */
  mail: { readonly start: number; parts: Buffer[]; size: number } | null
}

function newState(maxMailBytes: number): State {
  return { maxMailBytes, buffer: Buffer.alloc(0), base: 0, scanned: 0, mail: null }
}

/** Finds postmarks; keeps back what a further chunk may show to be one. */
function* scan(state: State, isEnd: boolean): Generator<SplitMail> {
  const limit = isEnd ? state.buffer.length : state.buffer.length - MAX_POSTMARK
  let taken = 0
  for (let at = nextLine(state); at >= 0 && at < limit; at = nextLine(state)) {
    const lineEnd = state.buffer.indexOf(NEWLINE, at)
    const end = lineEnd < 0 ? state.buffer.length : lineEnd
    state.scanned = at + FROM.length
    if (end - at > MAX_POSTMARK || !isPostmark(state, at, end)) continue
    take(state, taken, at)
    const mail = endMail(state)
    if (mail !== null) yield mail
    taken = Math.min(end + 1, state.buffer.length)
    state.mail = { start: state.base + taken, parts: [], size: 0 }
    // The newline that ends this postmark may begin the next one.
    state.scanned = Math.max(taken - 1, at + 1)
  }
  const keep = isEnd ? state.buffer.length : Math.max(taken, limit - LOOK_BACK, 0)
  take(state, taken, keep)
  state.scanned = Math.max(0, Math.max(state.scanned, limit) - keep)
  state.base += keep
  state.buffer = state.buffer.subarray(keep)
}

/** The next line that starts with `From `, at or behind what was looked through. */
function nextLine(state: State): number {
  const { buffer, scanned } = state
  if (state.base === 0 && state.mail === null && scanned === 0) {
    const first = buffer.findIndex((octet) => octet !== NEWLINE && octet !== RETURN)
    if (first >= 0 && buffer.subarray(first, first + FROM.length).equals(FROM)) return first
  }
  const at = buffer.indexOf(NEXT_FROM, Math.max(0, scanned - 1))
  return at < 0 ? -1 : at + 1
}

function isPostmark(state: State, at: number, end: number): boolean {
  const { buffer } = state
  const line = buffer.subarray(at, end).toString('latin1')
  if (WHOLE_POSTMARK.test(line)) return true
  const before = buffer.subarray(Math.max(0, at - 3), at).toString('latin1')
  const isAfterEmpty = state.mail === null || state.base + at === state.mail.start || /\n\r?\n$/.test(before)
  return isAfterEmpty && POSTMARK.test(line)
}

function take(state: State, from: number, to: number): void {
  const { mail, buffer, maxMailBytes } = state
  if (mail === null || to <= from) return
  mail.size += to - from
  // Copied, or a few octets would hold the whole chunk; beyond the limit only the size is counted.
  if (mail.size <= maxMailBytes) mail.parts.push(Buffer.from(buffer.subarray(from, to)))
  else mail.parts = []
}

function endMail(state: State): SplitMail | null {
  const { mail, maxMailBytes } = state
  state.mail = null
  if (mail === null || mail.size === 0) return null
  const end = mail.start + mail.size
  const content = mail.size > maxMailBytes ? null : mailOfSlice(Buffer.concat(mail.parts))
  return content?.length === 0 ? null : { start: mail.start, end, content }
}

/** Length of the empty line that the mbox adds behind a mail. */
function lastEmptyLine(mail: Buffer): number {
  const end = mail.subarray(-LOOK_BACK).toString('latin1')
  if (end.endsWith('\r\n\r\n')) return 2
  return end.endsWith('\n\n') ? 1 : 0
}

/** mboxrd: each line of `>`s and `From ` has one `>` more than the mail had. */
function withoutQuotedFrom(mail: Buffer): Buffer {
  const pieces: Buffer[] = []
  let kept = 0
  for (let at = mail.indexOf(NEXT_QUOTED_FROM); at >= 0; at = mail.indexOf(NEXT_QUOTED_FROM, at + 1)) {
    let word = at + 1
    while (mail[word] === GREATER) word += 1
    if (!mail.subarray(word, word + FROM.length).equals(FROM)) continue
    pieces.push(mail.subarray(kept, at + 1))
    kept = at + 2
  }
  return kept === 0 ? mail : Buffer.concat([...pieces, mail.subarray(kept)])
}
