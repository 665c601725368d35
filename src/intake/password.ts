/**
 * Where a password ends, and what looks like one. A password keeps every character; what is cut is only what the
 * sentence around it added: its full stop, a remark in parentheses, the quotation marks around it.
 * Fails: never.
 */

const MAX_PASSWORD_CHARS = 256

/** Cuts from a labelled value what is not the password. */
export function trimPassword(raw: string): string {
  let text = raw.trim().slice(0, MAX_PASSWORD_CHARS)
  text = withoutNextSentence(text)
  text = withoutRemark(text)
  return unquote(withoutLooseParenthesis(text))
}

/** Cuts the punctuation that ends a sentence or clause; `!` and `?` stay, since they are often part of it. */
export function trimProsePassword(raw: string): string {
  return unquote(withoutLooseParenthesis(raw.trim().replace(/[.,;:]+$/u, '')).replace(/[.,;]+$/u, ''))
}

/** `Foo123. Since yesterday the user …`: a sentence begins after the password. */
function withoutNextSentence(text: string): string {
  const end = /[.;]\s+(?=\p{Lu}\p{Ll}*\s+\p{L}+\s+\p{L})/u.exec(text)
  return end === null || end.index === 0 ? text : text.slice(0, end.index)
}

/** `Foo123 (temporary)` and `Foo123, please reset it`: one token, then words. */
function withoutRemark(text: string): string {
  const parts = /^(\S+)\s+[([][^()[\]]*\p{L}{3}[^()[\]]*[)\]]\.?$/u.exec(text)
  if (parts?.[1] !== undefined) return parts[1]
  const clause = /^(\S+)(?:,|\s[-–—])\s+\p{Ll}+\s+\p{Ll}+/u.exec(text)
  return clause?.[1] !== undefined && looksLikePassword(clause[1]) ? clause[1] : text
}

function withoutLooseParenthesis(text: string): string {
  if (!text.endsWith(')')) return text
  const opened = text.split('(').length - 1
  const closed = text.split(')').length - 1
  return closed > opened ? text.slice(0, -1) : text
}

const QUOTES: Readonly<Record<string, string>> = {
  '"': '"',
  "'": "'",
  '`': '`',
  '“': '”',
  '„': '“',
  '«': '»',
  '‘': '’',
  '「': '」',
}

function unquote(raw: string): string {
  // `pwd "Chalk 2".`: the full stop after the quotation mark is the sentence's.
  const text = /^["“„«`].{1,256}["”“»`][.,;]$/u.test(raw) ? raw.slice(0, -1) : raw
  const closing = QUOTES[text.slice(0, 1)]
  const inner = text.slice(1, -1)
  return closing !== undefined && text.length > 2 && text.endsWith(closing) && !inner.includes(closing)
    ? inner
    : text
}

/** Tells whether a token is more likely a password than a word: a digit, a sign inside, or capitals inside. */
export function looksLikePassword(token: string): boolean {
  const text = token.replace(/[.,;:)]+$/u, '')
  if (text.length < 4 || /^https?:/iu.test(text)) return false
  return (
    (/\d/u.test(text) && /\D/u.test(text)) ||
    /[!#$%&*+=^~@_§|?]/u.test(text) ||
    /\p{Ll}\p{Lu}/u.test(text) ||
    /^\d{6,}$/u.test(text) ||
    (/[.:;/\\<>()-]/u.test(text) && /\p{Lu}.*[.:;/\\<>()-].*\p{Lu}/u.test(text))
  )
}
