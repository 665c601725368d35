/**
 * Closes a switch over a union: the compiler points here when a case is new.
 * Fails: always; a value that slips by the types is a fault.
 */

/** Throws; only ever reached by a value that no type allows. */
export function assertNever(value: never): never {
  throw new Error(`unexpected case: ${JSON.stringify(value)}`)
}
