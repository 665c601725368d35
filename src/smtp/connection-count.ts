/** Counts connections per client address, IPv6 by /56, so that one client cannot take all places. */
export class ConnectionCount {
  readonly #limit: number
  readonly #open = new Map<string, number>()
  readonly #placeOf = new Map<string, string>()

  constructor(limit: number) {
    this.#limit = limit
  }

  /** Returns false when the client has its share already; trusted relays are not counted. */
  enter(sessionId: string, ip: string, trusted: boolean): boolean {
    if (trusted) return true
    const place = placeOf(ip)
    const open = this.#open.get(place) ?? 0
    if (open >= this.#limit) return false
    this.#open.set(place, open + 1)
    this.#placeOf.set(sessionId, place)
    return true
  }

  leave(sessionId: string): void {
    const place = this.#placeOf.get(sessionId)
    if (place === undefined) return
    this.#placeOf.delete(sessionId)
    const open = (this.#open.get(place) ?? 1) - 1
    if (open > 0) this.#open.set(place, open)
    else this.#open.delete(place)
  }
}

/** A household or a rented server commonly has a whole /56. */
function placeOf(ip: string): string {
  if (!ip.includes(':')) return ip
  const groups = ip.split(':').slice(0, 4)
  return `${groups.slice(0, 3).join(':')}:${(groups[3] ?? '').padStart(4, '0').slice(0, 2)}`
}
