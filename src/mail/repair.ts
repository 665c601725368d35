/**
 * Repairs what careless programs do to a whole mail before it is split: an mbox line on top, empty lines before the
 * header, bare CR as line end, text where a header field should be.
 * Fails: never; a mail without such damage is returned as it is, not copied.
 * Source: RFC 5322 §2.1 and §4.1; mbox as RFC 4155 has it.
 */

const LF = 0x0a
const CR = 0x0d
/** Header lines looked at for damage; the bound is far above any real header. */
const MAX_LINES = 2000

/** Returns octets that a MIME parser reads as the sender meant them. */
export function repairContent(content: Uint8Array): Uint8Array {
  const withLines = content.includes(LF) || !content.includes(CR) ? content : bareCrToLf(content)
  const start = headerStart(withLines)
  const trimmed = start === 0 ? withLines : withLines.subarray(start)
  const gap = missingBlankLine(trimmed)
  if (gap === null) return trimmed
  return Buffer.concat([trimmed.subarray(0, gap), Buffer.from('\r\n'), trimmed.subarray(gap)])
}

function bareCrToLf(content: Uint8Array): Uint8Array {
  return content.map((octet) => (octet === CR ? LF : octet))
}

/** Skips an mbox `From ` line, and empty lines when a header field follows them. */
function headerStart(content: Uint8Array): number {
  let at = 0
  while (at < content.length && at < 200 && (content[at] === LF || content[at] === CR)) at++
  const line = lineAt(content, at)
  if (/^>?From [^\n]/.test(line.text)) return line.next
  return at > 0 && isField(line.text) ? at : 0
}

/** Finds where text begins inside the header without an empty line before it; null when all is well. */
function missingBlankLine(content: Uint8Array): number | null {
  let at = 0
  for (let count = 0; count < MAX_LINES && at < content.length; count++) {
    const line = lineAt(content, at)
    if (line.text.trim() === '') return null
    // A parameter on a line of its own lost its blank: still the header.
    const continues = /^[ \t]|^[a-z*0-9-]{1,40}="/i.test(line.text)
    // The first line decides: a mail without any header is all body, and the parser knows that case.
    if (!continues && !isField(line.text)) return /^>?From /.test(line.text) ? null : at
    at = line.next
  }
  return null
}

/** A field name without blanks (old programs put one before the colon). */
function isField(text: string): boolean {
  return /^[!-9;-~]{1,80}[ \t]{0,4}:/.test(text)
}

function lineAt(content: Uint8Array, at: number): { text: string; next: number } {
  const end = content.indexOf(LF, at)
  const next = end < 0 ? content.length : end + 1
  return {
    text: Buffer.from(content.subarray(at, Math.min(next, at + 400)))
      .toString('latin1')
      .replace(/\r?\n?$/, ''),
    next,
  }
}
