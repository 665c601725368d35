/**
 * Which text can be read on the brand's accent colour.
 * Fails: never. Source: WCAG 2.2, relative luminance and contrast ratio.
 */

function channel(hex: string): number {
  const value = Number.parseInt(hex, 16) / 255
  return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4
}

/** Gives white or near-black, whichever stands out better on a colour `#rrggbb`. */
export function textOn(colour: string): string {
  const luminance =
    0.2126 * channel(colour.slice(1, 3)) +
    0.7152 * channel(colour.slice(3, 5)) +
    0.0722 * channel(colour.slice(5, 7))
  const onWhite = 1.05 / (luminance + 0.05)
  const onBlack = (luminance + 0.05) / 0.06
  return onWhite >= onBlack ? '#ffffff' : '#10151b'
}
