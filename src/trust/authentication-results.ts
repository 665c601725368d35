/**
 * The field Authentication-Results: read as data, and taken out of mail where it claims to be our own.
 * Fails: never; what cannot be read says nothing. One pass over each value, and only so much of it.
 * Source: RFC 8601 §2.2 (grammar), §5 (remove what claims to be ours), RFC 8617 §4.1.1 (the same inside ARC).
 */

export type MethodResult = {
  readonly method: string
  readonly result: string
  /** What stands in brackets: some programs tell the policy there. */
  readonly comment: string
  /** `ptype.property` to value, both lower case in the name: `header.from`, `smtp.mailfrom`. */
  readonly properties: Readonly<Record<string, string>>
}

export type AuthenticationResults = {
  /** Who says so, lower case. */
  readonly authservId: string
  readonly results: readonly MethodResult[]
}

const MAX_CHARS = 8192
const MAX_RESULTS = 50

type Segment = { text: string; comment: string }

/** Parts a value at its semicolons; quotes are resolved, comments set apart. A space in quotes becomes `_`. */
function segmentsOf(value: string): readonly Segment[] {
  const segments: Segment[] = [{ text: '', comment: '' }]
  let depth = 0
  let quoted = false
  const bounded = value.slice(0, MAX_CHARS)
  for (let at = 0; at < bounded.length; at += 1) {
    const segment = segments.at(-1) ?? { text: '', comment: '' }
    const sign = bounded[at] ?? ''
    if (sign === '\\' && (quoted || depth > 0)) {
      at += 1
      if (quoted) segment.text += plain(bounded[at] ?? '')
    } else if (quoted) {
      if (sign === '"') quoted = false
      else segment.text += plain(sign)
    } else if (sign === '(') depth += 1
    else if (sign === ')' && depth > 0) {
      depth -= 1
      segment.comment += ' '
    } else if (depth > 0) segment.comment += sign
    else if (sign === '"') quoted = true
    else if (sign === ';') {
      if (segments.length > MAX_RESULTS) break
      segments.push({ text: '', comment: '' })
    } else segment.text += sign
  }
  return segments
}

/** Inside quotes no sign has a meaning of its own. */
function plain(sign: string): string {
  return /[\s=;]/.test(sign) ? '_' : sign
}

/** Reads the value of a field; null when it names nobody. `inArc` skips the instance that ARC puts in front. */
export function readAuthenticationResults(
  value: string,
  { inArc = false }: { readonly inArc?: boolean } = {},
): AuthenticationResults | null {
  const [first, ...rest] = segmentsOf(value).slice(inArc ? 1 : 0)
  const authservId = first?.text.trim().split(/\s/, 1)[0]?.toLowerCase() ?? ''
  if (authservId === '' || authservId.includes('=')) return null
  return { authservId, results: rest.flatMap(readResult) }
}

function readResult({ text, comment }: Segment): readonly MethodResult[] {
  const words = text
    // Comments may part a name from what belongs to it; a lone dot or slash is never a value.
    .replace(/\s{1,50}([./])\s{1,50}/g, '$1')
    .replace(/\s{0,50}=\s{0,50}/g, '=')
    .trim()
    .split(/\s+/)
  const [method = '', result = ''] = pair(words[0] ?? '')
  if (method === '' || result === '') return []
  const properties = words.slice(1).flatMap((word) => {
    const [name, value] = pair(word)
    return name === undefined || value === undefined ? [] : [[name, value] as const]
  })
  return [
    {
      // `dkim/1`: RFC 8601 §2.2 lets a version follow.
      method: (method.split('/', 1)[0] ?? method).toLowerCase(),
      result: result.toLowerCase(),
      comment: comment.trim(),
      properties: Object.fromEntries(properties),
    },
  ]
}

function pair(word: string): readonly [string, string] | readonly [] {
  const at = word.indexOf('=')
  return at < 1 ? [] : [word.slice(0, at).toLowerCase(), word.slice(at + 1)]
}

const FIELD = /^authentication-results[ \t]*:/i

/**
 * Removes the fields that claim to be written by one of `authservIds` (lower case). Content without such a field is
 * returned as it is, not copied; `headerLength` says where its body starts.
 */
export function removeResultsOf(
  content: Uint8Array,
  headerLength: number,
  authservIds: readonly string[],
): Uint8Array {
  const header = Buffer.from(content.buffer, content.byteOffset, headerLength).toString('latin1')
  if (!/^authentication-results/im.test(header)) return content
  const kept: string[] = []
  let field: string[] = []
  const close = (): void => {
    if (!isOf(field.join(''), authservIds)) kept.push(...field)
    field = []
  }
  for (const line of header.split(/(?<=\n)/)) {
    if (!/^[ \t]/.test(line)) close()
    field.push(line)
  }
  close()
  const whole = kept.join('')
  if (whole.length === header.length) return content
  return Buffer.concat([Buffer.from(whole, 'latin1'), content.subarray(headerLength)])
}

function isOf(field: string, authservIds: readonly string[]): boolean {
  // A fold may stand between name and colon: then no program reads it as this field in the same way, so it goes.
  const name = FIELD.exec(field)
  if (name === null) return /^authentication-results\s*:/i.test(field)
  const read = readAuthenticationResults(field.slice(name[0].length))
  return read !== null && authservIds.includes(read.authservId)
}
