/**
 * The reverse path of a mail in a file, which has no envelope: the final delivery wrote it down as `Return-Path:`
 * (RFC 5321 §4.4), when it kept anything.
 */

/** Return-Path is the first field that a delivery adds. */
const RETURN_PATH_WITHIN_BYTES = 16 * 1024

/** null for a null reverse path, an empty string for one that is not known. */
export function reversePathInFile(content: Uint8Array): null | '' {
  const start = Buffer.from(content.subarray(0, RETURN_PATH_WITHIN_BYTES)).toString('latin1')
  const header = start.split(/\r?\n\r?\n/, 1)[0] ?? ''
  return /^return-path:[ \t]*<>/im.test(header) ? null : ''
}
