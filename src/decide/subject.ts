/**
 * Subjects: the stem without reply and forward prefixes, and our own tag `[TG-1042]`.
 * Fails: never; a subject without a stem gives an empty string.
 * Source: RFC 5322 §3.6.5 ("Re: "); the other prefixes are what mail clients write in their languages.
 */

/** A header subject may be 1 MiB long; nobody reads further than this. */
const MAX_SUBJECT_CHARACTERS = 998
/** Longer stems are cut where shown, so a letter's subject stays one readable line. */
const MAX_STEM_CHARACTERS = 200
/** A subject with more tags than this is no reply. */
const MAX_TAGS = 5

/**
 * Prefixes of two letters or more, lower case. One-letter prefixes (Italian `R:`, `I:`) are left alone: they collide
 * with real words ("R: drive is missing").
 */
const PREFIXES: ReadonlySet<string> = new Set(
  (
    're aw antw antwort sv vs vá rif res odp ynt atb σχετ απ отв ответ ' +
    'fw fwd wg doorst tr rv enc vb vl pd i̇lt ilt továbbítás πρθ пер пересл ' +
    'תשובה הועבר رد 回复 回覆 答复 答覆 返信 답장 转发 轉寄 転送 전달'
  ).split(' '),
).add('إعادة توجيه')

/** A prefix word, a counter such as `[2]` or `(3)`, a colon; all parts bounded, so the match is linear. */
const PREFIX =
  /^\s{0,10}([^\s:：[\]()]{2,14}(?: [^\s:：[\]()]{2,10})?)(?:\s?[[(]\d{1,3}[\])]|\^\d{1,3})?\s?[:：]/u

const TAG = /\[\s?tg-(\d{1,12})\s?\]/giu

/**
 * Strips reply and forward prefixes and our own tag from a subject: "AW: Re[2]: [TG-7] Spam" becomes "Spam".
 * What the partner wrote stays as it is otherwise.
 */
export function subjectStem(subject: string | null): string {
  let stem = (subject ?? '').slice(0, MAX_SUBJECT_CHARACTERS).replace(TAG, ' ').trim()
  for (;;) {
    const match = PREFIX.exec(stem)
    if (match === null || !PREFIXES.has((match[1] ?? '').toLowerCase())) break
    stem = stem.slice(match[0].length).trim()
  }
  return stem.replace(/\s+/gu, ' ').slice(0, MAX_STEM_CHARACTERS).trim()
}

/** Makes the tag that our letters carry in their subject: `[TG-1042]`. */
export function ticketTag(ticketNumber: number): string {
  return `[TG-${ticketNumber}]`
}

/** Finds the ticket numbers that a subject's tags name, in order, each once. */
export function tagNumbers(subject: string | null): readonly number[] {
  const numbers = new Set<number>()
  for (const match of (subject ?? '').slice(0, MAX_SUBJECT_CHARACTERS).matchAll(TAG)) {
    if (numbers.size === MAX_TAGS) break
    numbers.add(Number(match[1]))
  }
  return [...numbers]
}
