/**
 * Counts the open connections of each client, IPv6 by /56, so that one client cannot take all places.
 * Fails: never. Trusted relays are not counted: all mail may come through one of them.
 */
export class ConnectionCount {
  readonly #limit: number
  readonly #open = new Map<string, number>()
  readonly #placeOf = new Map<string, string>()

  constructor(limit: number) {
    this.#limit = limit
  }

  /** Returns false when the client has its share already. */
  enter(sessionId: string, ip: string, trusted: boolean): boolean {
    if (trusted) return true
    const place = placeOf(ip)
    const open = this.#open.get(place) ?? 0
    if (open >= this.#limit) return false
    this.#open.set(place, open + 1)
    this.#placeOf.set(sessionId, place)
    return true
  }

  /** Frees the place of a connection that has ended; one that was never let in has none. */
  leave(sessionId: string): void {
    const place = this.#placeOf.get(sessionId)
    if (place === undefined) return
    this.#placeOf.delete(sessionId)
    const open = (this.#open.get(place) ?? 1) - 1
    if (open > 0) this.#open.set(place, open)
    else this.#open.delete(place)
  }
}

const IPV6_GROUPS = 8
/** A household or a rented server commonly has a whole /56: 14 hexadecimal digits. */
const PLACE_DIGITS = 14

/** The client as it is counted: an IPv4 address, or the /56 of an IPv6 address. */
export function placeOf(ip: string): string {
  if (!ip.includes(':')) return ip
  const [head = '', tail = ''] = ip.split('::')
  const first = head === '' ? [] : head.split(':')
  const last = tail === '' ? [] : tail.split(':')
  const zeros = Array.from({ length: Math.max(0, IPV6_GROUPS - first.length - last.length) }, () => '0')
  return [...first, ...zeros, ...last]
    .map((group) => group.toLowerCase().padStart(4, '0'))
    .join('')
    .slice(0, PLACE_DIGITS)
}
