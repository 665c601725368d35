/**
 * The proposed register as a YAML file for people to check, in the shape that docs/rehearse.md describes.
 * Fails: never. Names in mails are anybody's words: the YAML writer quotes what needs it.
 */
import { stringify } from 'yaml'
import type { ProposedPartner } from './report.ts'

const HEAD = `# A register proposed by \`ticketgate rehearse\`: who wrote to the old desk, whoever wrote most first.
# Anybody can write to a desk: check every partner before you import it, and take out who is none.
# \`seen\` counts mails. \`statedDomains\` is what mails called the partner's domain; it is a hint and is not imported.
# The shape is described in docs/rehearse.md.

`

/** Writes the register file. */
export function registerFile(partners: readonly ProposedPartner[]): string {
  return HEAD + stringify({ format: 1, partners: partners.map(entry) }, { lineWidth: 0 })
}

/** What a partner does not have is left out. */
function entry(partner: ProposedPartner): object {
  const { name, seen, lastSeen, language, domains, people, controlPanelUrls, statedDomains } = partner
  return {
    name,
    seen,
    ...(lastSeen === null ? {} : { lastSeen }),
    ...(language === null ? {} : { language }),
    ...(domains.length === 0 ? {} : { domains }),
    people: people.map((one) => ({
      address: one.address,
      ...(one.name === null ? {} : { name: one.name }),
      seen: one.seen,
    })),
    ...(controlPanelUrls.length === 0 ? {} : { controlPanelUrls }),
    ...(statedDomains.length === 0 ? {} : { statedDomains }),
  }
}
