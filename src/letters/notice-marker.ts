/**
 * The marker of a notice to an agent: what stands above it in an answer goes to the partner. An answer that still holds
 * it in its own words would show the partner what is internal.
 */

/** Starts and ends the marker line, the same in every language. */
export const NOTICE_MARKER = '=-=-='
