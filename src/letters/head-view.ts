/**
 * What every template may use: the brand, the reference, the reader's name and zone.
 * Fails: never; text is cleaned when it is shown, here it is only cut to a length that a letter can bear.
 */
import { textOn } from './accent.ts'
import type { BrandLook, LetterHead } from './models.ts'
import { knownTimeZone } from './show-instant.ts'

const MAX_NAME_CHARACTERS = 60
/** The stem is cut where it is made; this only bounds what an operator's own code hands in. */
const MAX_STEM_CHARACTERS = 250

export type HeadView = {
  readonly brand: {
    readonly name: string
    readonly url: string | null
    readonly logoText: string
    readonly accentColour: string
    /** Readable on the accent colour. */
    readonly accentText: string
  }
  readonly language: string
  /** `TG-1042`; empty for a letter without a ticket. */
  readonly reference: string
  /** `[TG-1042]`; empty for a letter without a ticket. */
  readonly tag: string
  readonly stem: string
  readonly recipient: string | null
  /** Six digits by which a caller is matched to the ticket; null where there are none. */
  readonly phoneCode: string | null
  readonly replyAddress: string
  readonly zone: string
}

/** Cuts text that is too long for a letter, at a whole character. */
export function cutText(text: string, maxCharacters: number): string {
  if (text.length <= maxCharacters) return text
  return `${text
    .slice(0, maxCharacters - 1)
    .toWellFormed()
    .trimEnd()}…`
}

/** Makes what all letters share. */
export function headView(head: LetterHead, brand: BrandLook, language: string): HeadView {
  return {
    brand: { ...brand, accentText: textOn(brand.accentColour) },
    language,
    reference: head.reference ?? '',
    tag: head.reference === null ? '' : `[${head.reference}]`,
    stem: cutText(head.subjectStem.trim(), MAX_STEM_CHARACTERS),
    phoneCode: head.phoneCode ?? null,
    recipient: head.recipientName === null ? null : cutText(head.recipientName, MAX_NAME_CHARACTERS),
    replyAddress: head.replyAddress,
    zone: knownTimeZone(head.timeZone),
  }
}
