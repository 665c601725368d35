/**
 * What one line of a mail's end looks like: a closing formula, a name, contact details, "Sent from my …", a disclaimer.
 * Fails: never; a line in doubt counts as typed text. Works on bounded, cleaned lines.
 */
import { hasAddress } from './attribution.ts'
import { stripEnd } from './quoted-line.ts'
import {
  CLOSINGS,
  CONTACT_LABELS,
  DISCLAIMER_STARTS,
  DISCLAIMER_WORDS,
  NOT_NAMES,
  PRODUCT_WORDS,
  SECRET_WORDS,
  SENDING_PROGRAMS,
  SENT_FROM_STARTS,
  THANKS,
} from './signature-table.ts'

const CLOSING_SET = new Set(CLOSINGS)
const THANKS_SET = new Set(THANKS)
const CONTACT_SET = new Set(CONTACT_LABELS)
const NOT_NAME_SET = new Set(NOT_NAMES)
const PRODUCT_SET = new Set(PRODUCT_WORDS)
const PROGRAM_SET = new Set(SENDING_PROGRAMS.map((program) => program.toLowerCase()))
const MAX_CLOSING_WORDS = 7
// A name part: capital first, letters, marks of names; also an initial.
const NAME_PART = /^["'(]?\p{Lu}(?!\S*\.\.)[\p{L}\p{M}'’.-]*[,)"']?$/u
const NAME_JOINER =
  /^(?:van|von|der|den|de|del|della|di|da|dos|du|la|le|bin|al|y|e|und|and|of|for|the|zu|zur|&|\||-|–|\/|ter|ten|af|av)$/i
const PHONE = /(?:^|[\s:(.])\+?\(?\d{1,5}\)?(?:[\s./()–-]{1,3}\d{2,7}){2,6}\b/
const EXTENSION = /^(?:x|ext\.?\s?|#)\s?\d{2,6}$/i
// A whole address with a domain, and few words beside it: "root@host:/tmp # ls" is no way to reach someone.
const MAIL_LINE =
  /^(?:[^\s@:#$]{1,30}:? ){0,4}<?[^\s@:<>]{1,64}@[^\s@:<>]{1,200}\.\p{L}{2,24}>?(?:\s.{0,40})?$/u
const URL_LINE = /^(?:\S{1,12}:\s?)?(?:https?:\/\/|www\.)\S+$/i

const trimMarks = (text: string): string =>
  stripEnd(text.replace(/^[\s*_~>–—-]+/, ''), ',.!;:。、！，~*_–—…)-')

/** Gives the closing formula on the line and what follows it ("Regards, Pat"), or null. */
export function closingOn(line: string): { kind: 'closing' | 'thanks'; rest: string } | null {
  if (line.length > 90 || /[?？]\s*$/.test(line)) return null
  const bare = trimMarks(line)
  const whole = bare.toLowerCase()
  if (CLOSING_SET.has(whole)) return { kind: 'closing', rest: '' }
  if (THANKS_SET.has(whole)) return { kind: 'thanks', rest: '' }
  const words = bare.split(/\s+/)
  for (let count = Math.min(words.length - 1, MAX_CLOSING_WORDS); count > 0; count -= 1) {
    const head = words.slice(0, count).join(' ')
    const formula = trimMarks(head).toLowerCase()
    const rest = words.slice(count).join(' ')
    // "Best, Pat" and "Viele Grüße aus Köln" close a mail; "Best of all it works again" does not.
    const parted = /[,.!–—-]$/.test(head) || formula.includes(' ')
    if (
      CLOSING_SET.has(formula) &&
      words.length - count <= 4 &&
      (parted || isName(rest)) &&
      !/[.:]\s|\d/.test(rest)
    )
      return { kind: 'closing', rest }
    if (THANKS_SET.has(formula) && /[,.!–—-]$/.test(head) && isName(trimMarks(rest)))
      return { kind: 'thanks', rest }
  }
  return null
}

/** Answers whether the line is a person's or a company's name: one to six capitalised words, no value, no sentence. */
export function isName(line: string): boolean {
  const bare = stripEnd(line.replace(/^[-–—/~*\s]+/, ''), ',.')
  if (bare.length < 2 || bare.length > 60 || NOT_NAME_SET.has(bare.toLowerCase())) return false
  const words = bare.split(/\s+/)
  if (words.length > 7 || PRODUCT_SET.has((words[0] ?? '').toLowerCase())) return false
  if (!NAME_PART.test(words[0] ?? '')) return /^[\u3040-\u9fff\uac00-\ud7af]{2,6}$/.test(bare)
  return words.every((word) => NAME_PART.test(word) || NAME_JOINER.test(word) || /^\d{1,3}$/.test(word))
}

/** Answers whether the line alone at the end is a sender's name: as `isName`, short, no initials only, no closing sentence. */
export function isSoleName(line: string): boolean {
  if (!isName(line) || /[,;:]$/.test(line)) return false
  const words = trimMarks(line).split(/\s+/)
  if (words.length > 3 || /[,\d]/.test(line) || (words.length > 1 && line.endsWith('.'))) return false
  const bare = trimMarks(line)
  return !(bare.length <= 3 && bare === bare.toUpperCase())
}

/** Answers whether the line is signed with a dash or slash: "-Pat", "//Pat", "/Pat Doe", "~ Pat". */
export function isDashedName(line: string): boolean {
  const match = /^(?:--?|[–—]|\/{1,2}|~ ?|\/s\/ ?)(\p{L}[\p{L}'’.-]*(?: \p{L}[\p{L}'’.-]*){0,2})[.,]?$/u.exec(
    line,
  )
  return match?.[1] !== undefined && match[1].length < 40 && !NOT_NAME_SET.has(match[1].toLowerCase())
}

/** Answers whether the line holds a way to reach someone: phone, extension, address, site. */
export function isContact(line: string): boolean {
  if (SECRET_WORDS.some((word) => line.toLowerCase().includes(word))) return false
  return (
    PHONE.test(line) ||
    EXTENSION.test(line) ||
    URL_LINE.test(line) ||
    (line.length < 90 && MAIL_LINE.test(line)) ||
    labelKind(line) === 'contact'
  )
}

export const isPhone = (line: string): boolean => PHONE.test(line) || EXTENSION.test(line)

/** Tells a contact label ("Tel: …") from a label of a submission ("Customer domain: …"); null when there is none. */
export function labelKind(line: string): 'contact' | 'other' | null {
  const match = /^[\s*•·|-]{0,6}([\p{L}][\p{L}\d .()/'’&+-]{0,40}?)\s?[:：=](?!\/\/)/u.exec(line)
  if (match?.[1] === undefined) return null
  const label = match[1].toLowerCase().replace(/[*.\s]+$/, '')
  if (CONTACT_SET.has(label)) return 'contact'
  const first = label.split(/[\s./(]/)[0] ?? ''
  return CONTACT_SET.has(first) && first.length > 1 ? 'contact' : 'other'
}

/** Answers whether the line can stand inside a signature: short, no label of a submission, no secret, no sentence. */
export function fitsSignature(line: string): boolean {
  if (line === '') return true
  const lower = line.toLowerCase()
  if (SECRET_WORDS.some((word) => lower.includes(word))) return false
  if (labelKind(line) === 'other') return false
  if (isPostscript(line)) return false
  if (isContact(line) || isDisclaimer(line)) return true
  const words = line.split(/\s+/).length
  if (line.length > 110 || words > 12) return false
  if (words > 6 && /[.?!]$/.test(line)) return false
  // A lone word that mixes letters and digits is more like a password or a reference than a part of a signature.
  return !(words === 1 && /\d/.test(line) && /\p{L}/u.test(line) && !/^[\p{L}\d-]+$/u.test(line))
}

export const isPostscript = (line: string): boolean =>
  /^(?:p\.?\s?s\.?|n\.?b\.?|btw)(?:[\s:,-]|$)/i.test(line)

// Words of a sentence about sending: "Sent from Outlook but not received" is a symptom, not a signature.
const SENTENCE_WORDS =
  /(?<![\p{L}'])(?:is|was|are|were|has|have|it|he|she|they|we|i|bounced?|bounces|not|no|never|but|and|nothing|arrives?|arrived|works?|fails?|nicht|kein|keine|aber|und|kommt|geht|es|pas|mais|et|pero|non|ma|niet|geen|maar|inte|ikke|men|ei)(?!\p{L})/u

/** Answers whether a program signed here: "Sent from my iPhone", "Von meinem iPad gesendet", "Get Outlook for iOS". */
export function isSentFrom(line: string): boolean {
  if (line.length > 220) return false
  const full = line.toLowerCase()
  const lower = full.replace(/^[\s*_([<-]+(?=\p{L})/u, '')
  if (!SENT_FROM_STARTS.some((start) => lower.startsWith(start) || full.startsWith(start))) return false
  const clause = lower.replace(/<?https?:\/\/\S+|\([^)]{0,200}\)/g, ' ').split(/[,.;](?:\s|$)/, 1)[0]
  const words = (clause ?? '').split(/[^\p{L}\d&'-]+/u).filter((word) => word !== '')
  if (words.length > 12 || hasAddress(clause ?? '') || SENTENCE_WORDS.test(clause ?? '')) return false
  // "Von meinem iPhone" signs when it says no more, or that it was sent; "from my phone …" when it stays that short.
  const sent = /(?:gesendet|geschickt|verschickt|versendet)/.test(lower)
  if (!sent && lower.startsWith('von mein') && words.length > 3) return false
  if (!sent && lower.startsWith('from my') && words.length > 5) return false
  if (words.some(isProgram)) return true
  // "Sent from my TI-85": a device that nobody listed. More words behind a comma make a sentence of it.
  const rest = lower.slice((clause ?? '').length)
  return (
    /^(?:sent )?from my /.test(lower) &&
    words.length <= 7 &&
    (rest.trim().length < 2 || /^, (?:please|excuse|pardon|sorry|apolog)/.test(rest))
  )
}

const isProgram = (word: string): boolean =>
  PROGRAM_SET.has(word) ||
  /iphone|ipad|android|outlook|blackberry|手機|手机|mobil|telefon|téléphone|アウトルック|아이폰|スマート|smartphone/.test(
    word,
  )

/** Answers whether the line or paragraph is a disclaimer or the kind of notice that companies append. */
export function isDisclaimer(text: string): boolean {
  const lower = text.toLowerCase().replace(/^[\s*_\-=>]+/, '')
  if (DISCLAIMER_STARTS.some((start) => lower.startsWith(start))) return true
  let count = 0
  for (const word of DISCLAIMER_WORDS) if (lower.includes(word)) count += 1
  return count >= 3 || (count >= 2 && lower.length > 80 && NOTICE_START.test(lower))
}

const NOTICE_START =
  /^(?:this (?:e-?mail|message|communication|transmission|electronic)|the (?:information|contents?)|the sender|if you (?:are not|have received)|any (?:unauthor|disclosure)|diese (?:e-?mail|nachricht|mail)|die(?:se)? (?:in dieser )?information|der inhalt|ce (?:message|courriel|mail|courrier)|les informations|este (?:mensaje|correo|e-?mail)|esta (?:mensagem|comunicación)|la información|as informações|quest[oa] (?:messaggio|e-?mail|comunicazione)|le informazioni|dit (?:bericht|e-?mail)|deze (?:e-?mail|mail)|de informatie|den(?:ne|na|tta) |detta |tämä |ta wiadomość|niniejsza|tato zpráva|bu (?:e-?posta|mesaj)|это |данное|настоящее)/
