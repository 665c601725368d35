/**
 * RTF to what a reader needs of it: the HTML that Outlook wrapped in it, or else its plain text.
 * Fails: never; unknown words are skipped, what ends early is read as far as it goes. One linear pass.
 * Source: Rich Text Format 1.9.1 (groups, control words, `\u`), MS-OXRTFEX §2.1.3 (`\fromhtml`, `\htmltag`, `\htmlrtf`).
 */
import { decodeCharset } from './charset.ts'
import { charsetOfCodePage, codePageOfFont, isLeadOctet } from './code-page.ts'

export type RtfText = {
  readonly kind: 'html' | 'plain'
  readonly text: string
}

type Group = {
  /** Inside a destination that is not text: fonts, colours, pictures. */
  skipped: boolean
  inFontTable: boolean
  /** `\htmlrtf`: text for readers of RTF alone, which the HTML says too. */
  rtfOnly: boolean
  /** `\uc`: how many characters stand after `\u` for readers that do not know it. */
  fallbackChars: number
  font: number
}

/** Groups deeper than this share the innermost one's state; real rich text nests about ten. */
const MAX_GROUPS = 500
const MAX_FONTS = 2000

const CONTROL_WORD = /\\([a-zA-Z]{1,32})(-?\d{1,10})? ?/y
/** Runs of letters that mean nothing but themselves. */
const PLAIN_RUN = /[^\\{}\r\n\x80-\xff]+/y

const TEXT_WORDS: ReadonlyMap<string, string> = new Map([
  ['par', '\n'],
  ['line', '\n'],
  ['sect', '\n'],
  ['page', '\n'],
  ['row', '\n'],
  ['nestrow', '\n'],
  ['tab', '\t'],
  ['cell', '\t'],
  ['nestcell', '\t'],
  ['lquote', '‘'],
  ['rquote', '’'],
  ['ldblquote', '“'],
  ['rdblquote', '”'],
  ['bullet', '•'],
  ['endash', '–'],
  ['emdash', '—'],
  ['enspace', ' '],
  ['emspace', ' '],
])

const SKIPPED_WORDS: ReadonlySet<string> = new Set(
  'colortbl stylesheet info pict header footer headerl headerr headerf footerl footerr footerf object mhtmltag'.split(
    ' ',
  ),
)

/** Reads RTF octets. */
export function readRtf(octets: Uint8Array): RtfText {
  return new RtfReader(Buffer.from(octets).toString('latin1')).read()
}

class RtfReader {
  readonly #rtf: string
  #at = 0
  readonly #pieces: string[] = []
  /** Octets of letters above ASCII, which only their font's code page can tell. */
  #octets: number[] = []
  #leadOpen = false
  #group: Group = { skipped: false, inFontTable: false, rtfOnly: false, fallbackChars: 1, font: -1 }
  readonly #outer: Group[] = []
  #tooDeep = 0
  #codePage = 1252
  readonly #fonts = new Map<number, number>()
  #fromHtml = false
  #fallbackLeft = 0
  /** `\*` came just before: the next word opens a destination that may be skipped. */
  #optional = false

  constructor(rtf: string) {
    this.#rtf = rtf
  }

  read(): RtfText {
    while (this.#at < this.#rtf.length) this.#step()
    this.#flush()
    return { kind: this.#fromHtml ? 'html' : 'plain', text: this.#pieces.join('') }
  }

  #step(): void {
    const char = this.#rtf.charAt(this.#at)
    if (char === '\\') return this.#control()
    if (char === '{') this.#open()
    else if (char === '}') this.#close()
    else if (char >= '\x80') this.#octet(char.charCodeAt(0))
    else if (char !== '\r' && char !== '\n') return this.#plainRun()
    this.#at++
  }

  #plainRun(): void {
    PLAIN_RUN.lastIndex = this.#at
    const run = PLAIN_RUN.exec(this.#rtf)?.[0] ?? this.#rtf.charAt(this.#at)
    this.#at += run.length
    const skipped = Math.min(this.#fallbackLeft, run.length)
    this.#fallbackLeft -= skipped
    this.#letters(run.slice(skipped))
  }

  #open(): void {
    this.#flush()
    this.#fallbackLeft = 0
    if (this.#outer.length >= MAX_GROUPS) this.#tooDeep++
    else {
      this.#outer.push(this.#group)
      this.#group = { ...this.#group }
    }
  }

  #close(): void {
    this.#flush()
    this.#fallbackLeft = 0
    this.#optional = false
    if (this.#tooDeep > 0) this.#tooDeep--
    else this.#group = this.#outer.pop() ?? this.#group
  }

  #control(): void {
    CONTROL_WORD.lastIndex = this.#at
    const match = CONTROL_WORD.exec(this.#rtf)
    if (match === null) return this.#symbol()
    this.#at += match[0].length
    const word = match[1] ?? ''
    const number = match[2] === undefined ? null : Number(match[2])
    const optional = this.#optional
    this.#optional = false
    if (word === 'u') return this.#unicode(number ?? 0)
    if (this.#fallbackLeft > 0) {
      this.#fallbackLeft--
      return
    }
    this.#flush()
    if (word === 'bin') this.#at += Math.max(0, number ?? 0)
    else if (optional && word !== 'htmltag') this.#group.skipped = true
    else this.#word(word, number)
  }

  #word(word: string, number: number | null): void {
    const text = TEXT_WORDS.get(word)
    if (text !== undefined) return this.#letters(text)
    if (SKIPPED_WORDS.has(word)) this.#group.skipped = true
    switch (word) {
      case 'fonttbl':
        this.#group.skipped = true
        this.#group.inFontTable = true
        break
      case 'f':
        this.#group.font = number ?? -1
        break
      case 'fcharset':
        this.#nameFont(number ?? 0)
        break
      case 'ansicpg':
        this.#codePage = number ?? this.#codePage
        break
      case 'uc':
        this.#group.fallbackChars = Math.min(Math.max(number ?? 1, 0), 8)
        break
      case 'fromhtml':
        this.#fromHtml = number !== 0
        break
      case 'htmlrtf':
        this.#group.rtfOnly = number !== 0
        break
    }
  }

  #nameFont(fontCharset: number): void {
    const codePage = codePageOfFont(fontCharset)
    const { inFontTable, font } = this.#group
    if (inFontTable && codePage !== null && this.#fonts.size < MAX_FONTS) this.#fonts.set(font, codePage)
  }

  #unicode(number: number): void {
    this.#flush()
    // Signed 16 bits; a letter beyond them comes as two halves.
    this.#letters(String.fromCharCode(number & 0xffff))
    this.#fallbackLeft = this.#group.fallbackChars
  }

  #symbol(): void {
    const symbol = this.#rtf.charAt(this.#at + 1)
    this.#at += 2
    if (symbol === "'") {
      const octet = Number.parseInt(this.#rtf.slice(this.#at, this.#at + 2), 16)
      this.#at += 2
      if (!Number.isNaN(octet)) this.#octet(octet)
      return
    }
    if (symbol === '*') {
      this.#optional = true
      return
    }
    if (this.#fallbackLeft > 0) this.#fallbackLeft--
    else if (symbol === '\\' || symbol === '{' || symbol === '}') this.#letters(symbol)
    else if (symbol === '~') this.#letters(' ')
    else if (symbol === '_') this.#letters('-')
    else if (symbol === '\n' || symbol === '\r') this.#letters('\n')
  }

  #octet(octet: number): void {
    if (this.#fallbackLeft > 0) {
      this.#fallbackLeft--
      return
    }
    if (octet < 0x80 && !this.#leadOpen) return this.#letters(String.fromCharCode(octet))
    this.#octets.push(octet)
    this.#leadOpen = !this.#leadOpen && isLeadOctet(octet, this.#codePageHere())
  }

  #letters(text: string): void {
    if (text === '') return
    let rest = text
    // The second octet of a Japanese or Chinese letter may be an ASCII letter.
    if (this.#leadOpen) {
      this.#octets.push(text.charCodeAt(0) & 0xff)
      this.#leadOpen = false
      rest = text.slice(1)
    }
    this.#flush()
    this.#emit(rest)
  }

  #codePageHere(): number {
    return this.#fonts.get(this.#group.font) ?? this.#codePage
  }

  #flush(): void {
    this.#leadOpen = false
    if (this.#octets.length === 0) return
    const octets = Uint8Array.from(this.#octets)
    this.#octets = []
    this.#emit(decodeCharset(octets, charsetOfCodePage(this.#codePageHere())).text)
  }

  #emit(text: string): void {
    const { skipped, rtfOnly } = this.#group
    if (!skipped && !(rtfOnly && this.#fromHtml)) this.#pieces.push(text)
  }
}
