/**
 * Looks at markup in one linear pass, without building a tree: how deep it nests, and its bare text.
 * Fails: never. Used before and instead of the real converter, which is slow on hostile markup.
 */

/** Elements that hold nothing, and those a browser closes by itself when the next one opens. */
const OPENS_NOTHING = new Set(
  'area base br col embed hr img input link meta param source track wbr p li dt dd option tr td th thead tbody tfoot'.split(
    ' ',
  ),
)

/** A tag's name right after `<`; sticky, so that one look costs a name and not the rest of the mail. */
const TAG_NAME = /\/?([a-z][a-z0-9:-]{0,30})/iy

/** True when elements nest deeper than `maxDepth`; a tree of such markup costs quadratic time. */
export function isTooDeep(html: string, maxDepth: number): boolean {
  const open: string[] = []
  for (let at = html.indexOf('<'); at >= 0; at = html.indexOf('<', at + 1)) {
    TAG_NAME.lastIndex = at + 1
    const name = TAG_NAME.exec(html)?.[1]?.toLowerCase()
    if (name === undefined || OPENS_NOTHING.has(name)) continue
    if (html[at + 1] === '/') {
      const opener = open.lastIndexOf(name)
      if (opener >= 0) open.length = opener
    } else if (open.push(name) > maxDepth) return true
  }
  return false
}

const NAMED: Readonly<Record<string, string>> = {
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: ' ',
  amp: '&',
}

/** Takes the tags off: blocks become lines, a few entities are decoded, script and style are dropped. */
export function stripTags(html: string): string {
  const pieces: string[] = []
  let hidden = ''
  let from = 0
  for (let at = html.indexOf('<'); at >= 0; at = html.indexOf('<', from)) {
    if (hidden === '') pieces.push(html.slice(from, at))
    const end = html.indexOf('>', at)
    if (end < 0) break
    TAG_NAME.lastIndex = at + 1
    const name = TAG_NAME.exec(html)?.[1]?.toLowerCase() ?? ''
    const closes = html[at + 1] === '/'
    if (hidden !== '' && closes && name === hidden) hidden = ''
    else if (hidden === '' && !closes && (name === 'script' || name === 'style')) hidden = name
    if (hidden === '' && /^(?:br|p|div|tr|li|table|blockquote|h[1-6])$/.test(name) && pieces.at(-1) !== '\n')
      pieces.push('\n')
    from = end + 1
  }
  if (hidden === '') pieces.push(html.slice(from))
  return pieces.join('').replace(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|([a-z]{2,5}));/gi, decodeEntity)
}

function decodeEntity(all: string, decimal?: string, hex?: string, name?: string): string {
  if (name !== undefined) return NAMED[name.toLowerCase()] ?? all
  const code = decimal === undefined ? Number.parseInt(hex ?? '', 16) : Number(decimal)
  return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : '\ufffd'
}

/** Reads the charset that markup declares for itself, for a part whose header declares none. */
export function htmlCharset(octets: Uint8Array): string | null {
  const head = Buffer.from(octets.subarray(0, 4096)).toString('latin1')
  return /<meta\s[^>]{0,200}charset\s{0,3}=\s{0,3}["']?([\w.:-]{1,40})/i.exec(head)?.[1] ?? null
}
