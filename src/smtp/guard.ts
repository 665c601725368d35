/**
 * Time limits around work of others: a commit that never ends would hold a connection for ever.
 * Fails: as the work itself does, while it is waited for.
 */

/** Resolves with null when `work` takes longer than `ms`; its late result is dropped. */
export async function within<T>(ms: number, work: Promise<T>): Promise<T | null> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), ms)
  })
  // Late failures are nobody's any more.
  work.catch(() => undefined)
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}
