/**
 * Which client certificates are trusted as a network is: pinned by fingerprint, or by a name that an authority signed.
 * Fails: null for any other.
 */

/** Makes the question "which trusted certificate is this?"; the answer names it for people. */
export function makeCertificateTrust(
  trusted: readonly string[],
): (certificate: { readonly fingerprint: string; readonly names: readonly string[] }) => string | null {
  const known = new Set(trusted)
  return ({ fingerprint, names }) => {
    const found = known.has(fingerprint) ? fingerprint.slice(0, 16) : names.find((name) => known.has(name))
    return found === undefined ? null : `client certificate ${found}`
  }
}
