/**
 * Bounds the octets of all messages that are coming in at one time: each has its own limit, but a few hundred clients
 * could fill the memory together. Who finds no room is asked to come again.
 * Fails: never.
 */
export class MemoryBudget {
  readonly #limit: number
  #used = 0

  constructor(limit: number) {
    this.#limit = limit
  }

  /** Opens the share of one message; `release` gives all of it back, once. */
  open(): MemoryShare {
    let taken = 0
    return {
      take: (octets) => {
        if (this.#used + octets > this.#limit) return false
        this.#used += octets
        taken += octets
        return true
      },
      release: () => {
        this.#used -= taken
        taken = 0
      },
    }
  }

  get used(): number {
    return this.#used
  }
}

export type MemoryShare = {
  /** Returns false, and takes nothing, when there is no room. */
  readonly take: (octets: number) => boolean
  readonly release: () => void
}
