/** Closes a switch over a union: the compiler points here when a case is new, a fault is thrown if one slips by. */

/** Throws; only ever reached by a value that no type allows. */
export function assertNever(value: never): never {
  throw new Error(`unexpected case: ${JSON.stringify(value)}`)
}
