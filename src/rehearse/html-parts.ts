/**
 * Pieces of the report's page: escaped text, bars as inline SVG, lists of them. Plots are lists whose words hold every
 * number, so that a screen reader or a printer without colours loses nothing.
 * Fails: never. Everything that came from a mail goes through `text`.
 */

import { REPORT_STYLE } from './report-style.ts'

/** Escapes text for element content and quoted attributes; what could reorder or hide text is shown as `?`. */
export function text(words: string): string {
  return words
    .replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, '?')
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/"/g, '&quot;')
    .replace(/'/g, '&#39;')
}

/** Begins a page that needs nothing else; its security policy forbids whatever it does not use. */
export function pageHead(title: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<meta name="robots" content="noindex">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'">
<title>${text(title)}</title>
<style>${REPORT_STYLE}</style>
</head>`
}

/** `tone` names a colour of the style sheet. */
export type BarPart = { readonly tone: Tone; readonly size: number }
export type Tone = 'once' | 'later' | 'never' | 'withdrawn' | 'missed' | 'plain'

const BAR_HEIGHT = 12

/** Draws one bar of parts, `of` being its whole width. The words beside it say the same. */
export function bar(parts: readonly BarPart[], of: number): string {
  let x = 0
  const drawn = parts
    .filter((part) => part.size > 0)
    .map((part) => {
      const width = of === 0 ? 0 : (part.size / of) * 100
      const rect = `<rect class="${part.tone}" x="${x.toFixed(2)}" width="${width.toFixed(2)}" height="${BAR_HEIGHT}"/>`
      x += width
      return rect
    })
  return `<svg class="bar" viewBox="0 0 100 ${BAR_HEIGHT}" preserveAspectRatio="none" aria-hidden="true" focusable="false"><rect class="ground" width="100" height="${BAR_HEIGHT}"/>${drawn.join('')}</svg>`
}

export type BarRow = {
  readonly label: string
  readonly value: string
  /** Smaller words below; null for none. */
  readonly note: string | null
  readonly parts: readonly BarPart[]
}

/** Draws a plot of bars with one common scale. */
export function barList(rows: readonly BarRow[], of: number): string {
  const items = rows.map(
    ({ label, value, note, parts }) =>
      `<li><p class="row"><span class="label">${text(label)}</span> <span class="value">${text(value)}</span></p>${bar(parts, of)}${note === null ? '' : `<p class="note">${text(note)}</p>`}</li>`,
  )
  return `<ul class="bars">${items.join('\n')}</ul>`
}

/** Draws the colours of a plot with their names. */
export function legend(tones: readonly (readonly [Tone, string])[]): string {
  const items = tones.map(
    ([tone, name]) =>
      `<li><svg class="key" viewBox="0 0 12 12" aria-hidden="true" focusable="false"><rect class="${tone}" width="12" height="12" rx="2"/></svg>${text(name)}</li>`,
  )
  return `<ul class="legend">${items.join('')}</ul>`
}
