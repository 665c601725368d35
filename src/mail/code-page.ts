/**
 * Names the charset of a Windows code page or of an RTF font, as TNEF and RTF number them.
 * Fails: never; an unknown number gives a name that `decodeCharset` will guess by. Source: MS-UCODEREF §2.2.1.
 */

const BY_NUMBER: ReadonlyMap<number, string> = new Map([
  [874, 'windows-874'],
  [932, 'shift_jis'],
  [936, 'gbk'],
  [949, 'euc-kr'],
  [950, 'big5'],
  [1200, 'utf-16le'],
  [10000, 'macintosh'],
  [20127, 'us-ascii'],
  [20866, 'koi8-r'],
  [21866, 'koi8-u'],
  [50220, 'iso-2022-jp'],
  [50221, 'iso-2022-jp'],
  [50222, 'iso-2022-jp'],
  [51932, 'euc-jp'],
  [51949, 'euc-kr'],
  [52936, 'hz-gb-2312'],
  [54936, 'gb18030'],
  [65000, 'utf-7'],
  [65001, 'utf-8'],
])

/** The charsets of `\fcharset`; those that are absent follow the code page of the whole text. */
const BY_FONT: ReadonlyMap<number, number> = new Map([
  [77, 10000],
  [128, 932],
  [129, 949],
  [134, 936],
  [136, 950],
  [161, 1253],
  [162, 1254],
  [163, 1258],
  [177, 1255],
  [178, 1256],
  [186, 1257],
  [204, 1251],
  [222, 874],
  [238, 1250],
])

/** Names the charset of a code page: 1252 gives `windows-1252`. */
export function charsetOfCodePage(codePage: number): string {
  const named = BY_NUMBER.get(codePage)
  if (named !== undefined) return named
  if (codePage >= 1250 && codePage <= 1258) return `windows-${codePage}`
  if (codePage > 28590 && codePage < 28607) return `iso-8859-${codePage - 28590}`
  return `cp${codePage}`
}

/** Gives the code page of a font's charset number; null when it has none of its own. */
export function codePageOfFont(fontCharset: number): number | null {
  return BY_FONT.get(fontCharset) ?? null
}

/** Tells whether `octet` begins a letter of two octets in this code page. */
export function isLeadOctet(octet: number, codePage: number): boolean {
  if (codePage === 932) return (octet >= 0x81 && octet <= 0x9f) || (octet >= 0xe0 && octet <= 0xfc)
  return (codePage === 936 || codePage === 949 || codePage === 950) && octet >= 0x81 && octet <= 0xfe
}
