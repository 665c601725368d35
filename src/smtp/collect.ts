/**
 * Collects the octets of one message: at once, bounded, never asking the stream to wait. Beyond the limit nothing is
 * kept, and far beyond it the caller is told to cut the connection.
 * Fails: never; what goes wrong is a case of Collected.
 * Source: RFC 5321 §4.5.3.1.9 (size), RFC 1870.
 */
import type { Readable } from 'node:stream'
import type { MemoryShare } from './memory-budget.ts'

export type Collected =
  | { readonly kind: 'content'; readonly content: Buffer }
  | { readonly kind: 'too-large' }
  /** Others fill the memory: not this client's fault. */
  | { readonly kind: 'no-room' }
  /** The client went away before the end of data. */
  | { readonly kind: 'gone' }

export type CollectOptions = {
  readonly limit: number
  readonly share: MemoryShare
  /** Called once, when the client goes on far beyond the limit. */
  readonly onFlood: () => void
}

/** A client that goes on to this multiple of the limit is not worth the traffic. */
const FLOOD_AT = 2
/** Octets often come in drops; they are gathered in blocks, so that a drop costs its own size and no more. */
const MIN_BLOCK_OCTETS = 4 * 1024
const MAX_BLOCK_OCTETS = 256 * 1024

/** Reads a message to its end. */
export function collect(stream: Readable, { limit, share, onFlood }: CollectOptions): Promise<Collected> {
  return new Promise((resolve) => {
    const blocks = new Blocks()
    let size = 0
    let problem: 'too-large' | 'no-room' | null = null
    let flooded = false
    stream.on('data', (chunk: Buffer) => {
      size += chunk.byteLength
      if (size > limit) problem = 'too-large'
      else if (problem === null && !share.take(chunk.byteLength)) problem = 'no-room'
      if (problem === null) blocks.add(chunk)
      else {
        blocks.drop()
        share.release()
      }
      if (size > limit * FLOOD_AT && !flooded) {
        flooded = true
        onFlood()
      }
    })
    // An error without a listener would end the process.
    stream.on('error', () => resolve({ kind: 'gone' }))
    stream.once('close', () => resolve({ kind: 'gone' }))
    stream.once('end', () =>
      resolve(problem === null ? { kind: 'content', content: blocks.join() } : { kind: problem }),
    )
  })
}

/** Octets in blocks that grow with what is kept. */
class Blocks {
  #full: Buffer[] = []
  #block = Buffer.alloc(0)
  #filled = 0
  #size = 0

  add(chunk: Buffer): void {
    for (let at = 0; at < chunk.byteLength; ) {
      if (this.#filled === this.#block.byteLength) this.#next()
      const copied = chunk.copy(this.#block, this.#filled, at)
      at += copied
      this.#filled += copied
      this.#size += copied
    }
  }

  drop(): void {
    this.#full = []
    this.#block = Buffer.alloc(0)
    this.#filled = 0
    this.#size = 0
  }

  join(): Buffer {
    const octets = Buffer.concat([...this.#full, this.#block.subarray(0, this.#filled)], this.#size)
    this.drop()
    return octets
  }

  #next(): void {
    if (this.#filled > 0) this.#full.push(this.#block)
    this.#block = Buffer.allocUnsafeSlow(Math.min(MAX_BLOCK_OCTETS, Math.max(MIN_BLOCK_OCTETS, this.#size)))
    this.#filled = 0
  }
}
