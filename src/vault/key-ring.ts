/**
 * The key ring: the secrets under which everything else is sealed or signed. A JSON file of mode 0600, made at the
 * first start, or its text handed in (an environment variable, a mounted secret). Losing it loses every sealed mail.
 * Fails: an Error with one line for the operator; no message ever holds a secret.
 * Source: RFC 2104 (HMAC); subkeys are one HMAC per purpose over framed input, so that no two purposes share a key.
 */
import { createHmac, randomBytes } from 'node:crypto'
import {
  closeSync,
  fstatSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs'
import { dirname } from 'node:path'
import process from 'node:process'

/** Returns this many random octets; `crypto.randomBytes` outside of tests. */
export type Random = (size: number) => Uint8Array

export type KeyRing = {
  /** The key under which new content is sealed. */
  readonly currentKeyId: string
  /** Oldest first. */
  readonly keyIds: readonly string[]
  /** Names a key without giving it away: 16 hex digits, kept beside the data to notice a ring that does not fit. */
  readonly fingerprint: (keyId: string) => string
  /**
   * HMAC-SHA256 under a subkey for this purpose of the oldest key, so that it never changes; chunks are framed, so
   * ['a', 'b'] and ['ab'] differ.
   */
  readonly mac: (purpose: string, chunks: readonly Uint8Array[]) => Uint8Array
  /** The same under the key that is named: for what may end with its key. Throws when the ring does not hold it. */
  readonly macUnder: (keyId: string, purpose: string, chunks: readonly Uint8Array[]) => Uint8Array
  /** Derives 32 octets from one key; throws when the ring does not hold it. For `vault/seal.ts`. */
  readonly derive: (keyId: string, label: string, chunks: readonly Uint8Array[]) => Uint8Array
}

/** `created` is true when this call made the file: tell the operator, loudly, to back it up. */
export type OpenedKeyRing = KeyRing & { readonly created: boolean }

type KeyRow = { readonly id: string; readonly secret: Uint8Array }

/** One AES-256 or HMAC-SHA256 key. */
const SECRET_BYTES = 32
/** A ring of a thousand keys is smaller; anything larger is not a ring. */
const MAX_FILE_BYTES = 256 * 1024
const KEY_ID = /^[a-z0-9][a-z0-9-]{0,31}$/
const OTHERS_MAY = 0o077

/**
 * Opens the key ring file; with `create`, makes it when it is not there yet. Throws when others can read it, when it
 * is no key ring, or when it is missing and must not be made.
 */
export function openKeyRing(options: {
  readonly file: string
  readonly create: boolean
  readonly random?: Random
  readonly now?: Date
}): OpenedKeyRing {
  const { file, create, random = randomBytes, now = new Date() } = options
  const text = readRingFile(file)
  if (text !== null) return { ...parseKeyRing(text, file), created: false }
  if (!create) {
    throw new Error(
      `the key ring ${file} is not there; without it nothing sealed can be read. Bring it back from a backup`,
    )
  }
  const created = makeRingFile(file, newKeyRingText(random, now))
  const made = readRingFile(file)
  if (made === null) throw new Error(`the key ring ${file} was made but is gone again`)
  return { ...parseKeyRing(made, file), created }
}

/** Reads the text of a key ring; `origin` names it in errors, which never quote it. */
export function parseKeyRing(text: string, origin: string): KeyRing {
  const { current, rows } = readRing(text, origin)
  const first = rows[0]
  if (first === undefined) throw malformed(origin, 'it holds no key')
  const secrets = new Map(rows.map((row) => [row.id, row.secret]))
  if (!secrets.has(current)) throw malformed(origin, '"current" names a key that it does not hold')

  const derive = (keyId: string, label: string, chunks: readonly Uint8Array[]): Uint8Array => {
    const secret = secrets.get(keyId)
    if (secret === undefined) throw new Error(`the key ring (${origin}) does not hold the key "${keyId}"`)
    return framedHmac(secret, label, chunks)
  }
  const macUnder: KeyRing['macUnder'] = (keyId, purpose, chunks) =>
    framedHmac(derive(keyId, `mac ${purpose}`, []), 'mac', chunks)
  return {
    currentKeyId: current,
    keyIds: rows.map((row) => row.id),
    fingerprint: (keyId) =>
      Buffer.from(derive(keyId, 'fingerprint', []))
        .toString('hex')
        .slice(0, 16),
    mac: (purpose, chunks) => macUnder(first.id, purpose, chunks),
    macUnder,
    derive,
  }
}

/** Returns the text of a new ring with one key. */
export function newKeyRingText(random: Random, now: Date): string {
  const id = `k${now.toISOString().slice(0, 10).replaceAll('-', '')}-${Buffer.from(random(3)).toString('hex')}`
  const key = {
    id,
    createdAt: now.toISOString(),
    secret: Buffer.from(random(SECRET_BYTES)).toString('base64'),
  }
  return `${JSON.stringify({ format: 1, keys: [key], current: id }, null, 2)}\n`
}

function framedHmac(secret: Uint8Array, label: string, chunks: readonly Uint8Array[]): Uint8Array {
  const hmac = createHmac('sha256', secret)
  for (const chunk of [Buffer.from(`ticketgate v1 ${label}`, 'utf8'), ...chunks]) {
    const length = Buffer.alloc(8)
    length.writeBigUInt64BE(BigInt(chunk.byteLength))
    hmac.update(length).update(chunk)
  }
  return hmac.digest()
}

/** Returns the file's text, or null when it is not there. */
function readRingFile(file: string): string | null {
  let handle: number
  try {
    handle = openSync(file, 'r')
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return null
    throw new Error(`the key ring ${file} cannot be read: ${errorCode(error)}`, { cause: error })
  }
  try {
    const stat = fstatSync(handle)
    if (!stat.isFile()) throw new Error(`the key ring ${file} is not a file`)
    // Windows has no such bits and reports 0666 for every file.
    if (process.platform !== 'win32' && (stat.mode & OTHERS_MAY) !== 0) {
      const mode = (stat.mode & 0o777).toString(8).padStart(4, '0')
      throw new Error(`the key ring ${file} is open to others (mode ${mode}); close it: chmod 600 ${file}`)
    }
    if (stat.size > MAX_FILE_BYTES) throw malformed(file, 'it is far too large')
    return readFileSync(handle, 'utf8')
  } finally {
    closeSync(handle)
  }
}

/**
 * Writes the ring under another name and links it into place, so that a crash leaves no half-written ring and a second
 * process that starts at the same time makes no second one. Returns false when the other one was first.
 */
function makeRingFile(file: string, text: string): boolean {
  const draft = `${file}.${process.pid}.new`
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
    writeDurably(draft, text)
  } catch (error) {
    throw new Error(`the key ring ${file} cannot be made: ${errorCode(error)}`, { cause: error })
  }
  try {
    linkSync(draft, file)
    return true
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return false
    throw new Error(`the key ring ${file} cannot be made: ${errorCode(error)}`, { cause: error })
  } finally {
    unlinkSync(draft)
    syncFolder(dirname(file))
  }
}

function writeDurably(file: string, text: string): void {
  const handle = openSync(file, 'wx', 0o600)
  try {
    writeFileSync(handle, text)
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
}

/** A new name is durable only once its folder is. Windows cannot open a folder and needs no such call. */
function syncFolder(folder: string): void {
  if (process.platform === 'win32') return
  const handle = openSync(folder, 'r')
  try {
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
}

function readRing(text: string, origin: string): { current: string; rows: readonly KeyRow[] } {
  let ring: unknown
  try {
    ring = JSON.parse(text)
  } catch {
    // No cause: the parser's message quotes the text, and with it a secret.
    throw malformed(origin, 'it is not JSON')
  }
  if (!isRecord(ring) || !Array.isArray(ring['keys'])) throw malformed(origin, 'it lists no keys')
  if (ring['format'] !== 1)
    throw malformed(origin, 'its format is not 1, the only one that this program knows')
  const { current } = ring
  if (typeof current !== 'string') throw malformed(origin, '"current" names no key')
  const rows = ring['keys'].map((key: unknown, i) => readKey(key, `key ${i + 1}`, origin))
  if (new Set(rows.map((row) => row.id)).size !== rows.length) throw malformed(origin, 'two keys share an id')
  return { current, rows }
}

function readKey(key: unknown, name: string, origin: string): KeyRow {
  if (!isRecord(key)) throw malformed(origin, `${name} is not an object`)
  const { id, secret } = key
  if (typeof id !== 'string' || !KEY_ID.test(id)) throw malformed(origin, `${name} has no proper id`)
  const octets = typeof secret === 'string' ? Buffer.from(secret, 'base64') : Buffer.alloc(0)
  // The decoder skips what it does not know: only the same text back proves that nothing was skipped.
  if (octets.byteLength !== SECRET_BYTES || octets.toString('base64') !== secret) {
    throw malformed(origin, `${name} has no secret of ${SECRET_BYTES} octets in base64`)
  }
  return { id, secret: octets }
}

function malformed(origin: string, why: string): Error {
  return new Error(`the key ring (${origin}) cannot be used: ${why}`)
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function errorCode(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error)
}
