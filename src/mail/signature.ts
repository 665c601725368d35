/**
 * Finds the signature at the end of a run of typed lines: "-- ", "Sent from my iPhone", list footers and disclaimers,
 * a closing formula with a name, a name with contact lines.
 * Fails: null; what is in doubt stays typed text. A guessed signature never takes a line with a label or a secret along.
 * Source: RFC 3676 §4.3 (the "-- " line); the rest is how clients and people sign.
 */

import { cleanLine } from './quoted-line.ts'
import {
  closingOn,
  fitsSignature,
  isContact,
  isDashedName,
  isDisclaimer,
  isName,
  isPhone,
  isPostscript,
  isSentFrom,
  isSoleName,
  labelKind,
} from './signature-line.ts'
import { LIST_FOOTER_WORDS } from './signature-table.ts'

/** Lines `start` to `end` (exclusive) of the run are signature. */
export type SignatureSpan = { readonly start: number; readonly end: number }

/** `typedBefore` counts typed words above this run; `afterQuote` says that a quote stands right above it. */
export type RunPlace = { readonly typedBefore: number; readonly afterQuote: boolean }

// A signature is no longer than this; more lines after a mark are text.
const MAX_DELIMITED_LINES = 40
const MAX_DASH_LINES = 25
const MAX_GUESSED_LINES = 20
const MAX_FOOTER_LINES = 30
const RULE = /^[\s\-_*#~=+ᐧ—–.]{1,}$/

/** Finds the spans of signature in a run of lines, last first removed; spans do not overlap and are in order. */
export function findSignature(lines: readonly string[], place: RunPlace): SignatureSpan[] {
  const clean = lines.map(cleanLine)
  const spans: SignatureSpan[] = []
  let end = clean.length
  while (end > 0 && (clean[end - 1] === '' || isRule(clean[end - 1] ?? ''))) end -= 1
  if (clean.slice(end).some((line) => line !== '')) spans.unshift({ start: end, end: clean.length })
  // Each round cuts one thing off the end: a footer, then the phone's line, then "-- ", then the closing.
  for (let round = 0; round < 6 && end > 0; round += 1) {
    const marked = markedStart(clean, end, place)
    if (marked === null) break
    const cut = marked.end < end ? { start: marked.start, end: marked.end } : { start: marked.start, end }
    spans.unshift(cut)
    if (marked.end < end) return spans
    end = trimEnd(clean, marked.start)
  }
  const guessed = guess(clean, end, place)
  if (guessed !== null) spans.unshift(guessed)
  return spans
}

const isRule = (line: string): boolean =>
  line === 'ᐧ' || (RULE.test(line) && line.length >= 2 && !line.startsWith('.'))

function trimEnd(clean: readonly string[], end: number): number {
  let at = end
  while (at > 0 && (clean[at - 1] === '' || isRule(clean[at - 1] ?? ''))) at -= 1
  return at
}

function filledCount(clean: readonly string[], start: number, end: number, most: number): number {
  let count = 0
  for (let index = start; index < end && count <= most; index += 1) if (clean[index] !== '') count += 1
  return count
}

/** Two labels of a submission below a mark: somebody parts a form with dashes. */
function holdsForm(clean: readonly string[], start: number, end: number): boolean {
  let count = 0
  for (let index = start; index < end && count < 2; index += 1)
    if (labelKind(clean[index] ?? '') === 'other') count += 1
  return count >= 2
}

function markedStart(clean: readonly string[], end: number, place: RunPlace): SignatureSpan | null {
  const from = Math.max(0, end - 400)
  let words = place.typedBefore
  for (let index = 0; index < from; index += 1) if (clean[index] !== '') words += 1
  for (let index = from; index < end; index += 1) {
    const line = clean[index] ?? ''
    if (line === '') continue
    if (line.startsWith('-----BEGIN PGP SIGNATURE')) return { start: index, end }
    if (isDelimiter(clean, index, end) && !holdsForm(clean, index + 1, end)) return { start: index, end }
    if (words > 0 && isSentFrom(line))
      return { start: index, end: holdsForm(clean, index + 1, end) ? index + 1 : end }
    if (isFooterStart(clean, index, end)) return { start: index, end }
    words += 1
  }
  return null
}

function isDelimiter(clean: readonly string[], index: number, end: number): boolean {
  const line = clean[index] ?? ''
  if (
    line === '--' ||
    line === '—' ||
    line === '––' ||
    line === '- --' ||
    line === '-- --' ||
    line === '---' ||
    line === '__'
  ) {
    const most = line === '--' ? MAX_DELIMITED_LINES : line === '---' || line === '—' ? 10 : MAX_DASH_LINES
    if (filledCount(clean, index, end, most + 1) > most + 1) return false
    // Three dashes are also a Markdown rule: then the lines below must look like a signature.
    return line !== '---' || clean.slice(index + 1, end).every(fitsSignature)
  }
  return false
}

function isFooterStart(clean: readonly string[], index: number, end: number): boolean {
  if (end - index > 400) return false
  const line = clean[index] ?? ''
  const first = index === 0 || clean[index - 1] === '' || isRule(clean[index - 1] ?? '')
  if (isRule(line) && line.length >= 2) {
    return (
      filledCount(clean, index, end, MAX_FOOTER_LINES) <= MAX_FOOTER_LINES &&
      footerBelow(clean, index + 1, end)
    )
  }
  if (LIST_URL.test(line) && filledCount(clean, index, end, 2) === 1) return true
  if (!first || filledCount(clean, index, end, MAX_FOOTER_LINES) > MAX_FOOTER_LINES) return false
  return isDisclaimer(paragraphAt(clean, index, end)) || isListFooter(line)
}

function footerBelow(clean: readonly string[], start: number, end: number): boolean {
  let at = start
  while (at < end && (clean[at] === '' || isRule(clean[at] ?? ''))) at += 1
  if (at >= end) return true
  const paragraph = paragraphAt(clean, at, end)
  return isDisclaimer(paragraph) || hasListWords(paragraph)
}

function paragraphAt(clean: readonly string[], start: number, end: number): string {
  let text = ''
  for (let at = start; at < Math.min(end, start + 15) && clean[at] !== '' && text.length < 1500; at += 1) {
    text = `${text} ${clean[at] ?? ''}`
  }
  return text.trim()
}

const hasListWords = (text: string): boolean => {
  const lower = text.toLowerCase()
  return LIST_FOOTER_WORDS.some((word) => lower.includes(word))
}

// The only footer that some lists add: a bare link to the list's page, on the last line.
const LIST_URL = /^https?:\/\/\S{1,200}\/listinfo\/\S{1,100}$/

const isListFooter = (line: string): boolean =>
  /^(?:you (?:received|are receiving) this|this e-?mail is a service from|to unsubscribe|to post to this group|reply to this email directly|this email was sent to|um sich abzumelden)/i.test(
    line,
  )

/** Guesses the signature by its looks: a closing with a name, a name with contact lines, a lone name. */
function guess(clean: readonly string[], end: number, place: RunPlace): SignatureSpan | null {
  const floor = lowestLine(clean, end)
  return (
    byClosing(clean, { floor, end }, place) ??
    byBlock(clean, { floor, end }, place) ??
    bySoleName(clean, end, place)
  )
}

// Only the last lines can be a signature: so many filled ones from the end.
function lowestLine(clean: readonly string[], end: number): number {
  let count = 0
  let at = end
  while (at > 0 && count < MAX_GUESSED_LINES && end - at < 60) {
    at -= 1
    if (clean[at] !== '') count += 1
  }
  return at
}

type Window = { readonly floor: number; readonly end: number }

function byClosing(clean: readonly string[], window: Window, place: RunPlace): SignatureSpan | null {
  let partial: SignatureSpan | null = null
  for (let index = window.floor; index < window.end; index += 1) {
    const line = clean[index] ?? ''
    const closing = line === '' ? null : closingOn(line)
    if (closing === null || !hasTextAbove(clean, index, place)) continue
    if (closing.kind === 'thanks' && closing.rest === '' && !nameFollows(clean, index + 1, window.end))
      continue
    const stop = signatureEnd(clean, index + 1, window.end)
    if (stop === window.end) return { start: index, end: window.end }
    // Text follows the signature ("PS: …", a form below the name): only the lines that fit are cut.
    if (closing.kind === 'closing' && nameFollows(clean, index + 1, window.end))
      partial = { start: index, end: stop }
  }
  return partial
}

function hasTextAbove(clean: readonly string[], index: number, place: RunPlace): boolean {
  if (place.typedBefore > 0) return true
  for (let at = index - 1; at >= 0; at -= 1) if (clean[at] !== '') return true
  return false
}

function nameFollows(clean: readonly string[], start: number, end: number): boolean {
  let at = start
  while (at < end && clean[at] === '' && at < start + 3) at += 1
  const line = clean[at]
  if (at >= end || line === undefined) return false
  return isName(line) || isDashedName(line) || /^\p{L}{1,12}[.,]?$/u.test(line)
}

function signatureEnd(clean: readonly string[], start: number, end: number): number {
  for (let at = start; at < end; at += 1) {
    const line = clean[at] ?? ''
    if (fitsSignature(line)) continue
    if (isPostscript(line) || !isDisclaimer(paragraphAt(clean, at, end))) return trimEnd(clean, at)
    while (at + 1 < end && clean[at + 1] !== '') at += 1
  }
  return end
}

function byBlock(clean: readonly string[], window: Window, place: RunPlace): SignatureSpan | null {
  for (let index = window.floor; index < window.end; index += 1) {
    const line = clean[index] ?? ''
    if (line === '' || !opensBlock(clean, index, place)) continue
    const block = clean.slice(index, window.end)
    if (!block.every(fitsSignature)) continue
    const filled = block.filter((text) => text !== '')
    if (filled.length < 2 || filled.length > 14) continue
    const contacts = filled.filter(isContact).length
    const named = isName(line)
    if (named && filled.some(isPhone)) return { start: index, end: window.end }
    if (named && contacts > 0 && filled.length >= 3) return { start: index, end: window.end }
    if (hasOnlyMailAndPhone(filled)) return { start: index, end: window.end }
    // Name, title, company: every line reads like a name, in one paragraph.
    if (named && filled.length <= 4 && filled.length === block.length && filled.every(isName))
      return { start: index, end: window.end }
  }
  return null
}

const hasOnlyMailAndPhone = (filled: readonly string[]): boolean =>
  filled.length <= 3 &&
  isContact(filled[0] ?? '') &&
  !isPhone(filled[0] ?? '') &&
  filled.slice(1).every(isPhone)

// "It fails for the users below.": the names that follow are what the mail is about.
const ANNOUNCES =
  /(?<!\p{L})(?:below|following|these (?:users|people|mailboxes|accounts)|affected|folgende[nrs]?|unten|betroffen|ci-dessous|suivante?s?|siguientes?|a continuación|abaixo|seguintes?|seguenti|di seguito|volgende|hieronder|följande|følgende|seuraavat|poniżej|následující)(?!\p{L})/iu

/** A block opens behind a blank line or a finished sentence, below typed text, and not as the value of a label. */
function opensBlock(clean: readonly string[], index: number, place: RunPlace): boolean {
  let at = index - 1
  while (at >= 0 && clean[at] === '') at -= 1
  if (at < 0) return place.typedBefore > 0 && !place.afterQuote
  const above = clean[at] ?? ''
  if (/[:：=]$/.test(above) || labelWithoutValue(above) || ANNOUNCES.test(above)) return false
  return index - at > 1 || /[.!?…)"'。！？]$/.test(above)
}

const labelWithoutValue = (line: string): boolean => /^[-*•\d.)\s]{0,6}[\p{L} ]{3,40}[:：?]\s*$/u.test(line)

function bySoleName(clean: readonly string[], end: number, place: RunPlace): SignatureSpan | null {
  const line = clean[end - 1] ?? ''
  if (end < 1 || !opensBlock(clean, end - 1, place)) return null
  if (isDashedName(line)) return { start: end - 1, end }
  if (!isSoleName(line) || !saysEnough(clean, end - 1, place)) return null
  return { start: end - 1, end }
}

// A name alone below "Call" or "Hello" is the text itself.
function saysEnough(clean: readonly string[], end: number, place: RunPlace): boolean {
  let words = place.typedBefore
  for (let at = end - 1; at >= 0 && words < 4; at -= 1)
    words += (clean[at] ?? '').split(/\s+/).filter((word) => word !== '').length
  return words >= 4
}
