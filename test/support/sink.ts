/** A mail server that keeps what it receives: the relay of tests and of the demo. */
import { type MailServer, type SunkMail, startMailServer } from './mail-server.ts'

export type { SunkMail } from './mail-server.ts'

export type Sink = MailServer & {
  readonly mails: readonly SunkMail[]
  /** Resolves with the first mail, past or future, that fits; or with the n-th of all. */
  readonly waitFor: (fits: number | ((mail: SunkMail) => boolean)) => Promise<SunkMail>
}

/** Starts a sink on a free loopback port. */
export async function startSink(): Promise<Sink> {
  const mails: SunkMail[] = []
  const waiting = new Set<() => void>()
  const server = await startMailServer((mail) => {
    mails.push(mail)
    for (const look of waiting) look()
  })
  return {
    ...server,
    mails,
    waitFor: (fits) =>
      new Promise((resolve) => {
        const look = (): void => {
          const found = typeof fits === 'number' ? mails[fits - 1] : mails.find(fits)
          if (found === undefined) return
          waiting.delete(look)
          resolve(found)
        }
        waiting.add(look)
        look()
      }),
  }
}
