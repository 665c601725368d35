/**
 * Guards around the library's callbacks: called twice they would send two replies and the dialogue would be out of step;
 * never called they would hold the connection for ever.
 */
import type { SMTPServerDataResult } from 'smtp-server'

export type Reply = (error?: Error | null, message?: string | readonly string[]) => void

/** Returns `callback` so that only its first call counts. */
export function once(
  callback: (error?: Error | null, message?: string | SMTPServerDataResult[]) => void,
): Reply {
  let done = false
  return (error, message) => {
    if (done) return
    done = true
    // A callback in the same tick as the last read would answer before the library has ended the message.
    setImmediate(() => callback(error ?? null, typeof message === 'string' ? message : message?.slice()))
  }
}

/** Resolves with null when `work` takes longer than `ms`; its late result is dropped. */
export async function within<T>(ms: number, work: Promise<T>): Promise<T | null> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), ms)
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
    work.catch(() => undefined)
  }
}
