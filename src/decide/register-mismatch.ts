/**
 * Compares what a partner gave of themselves with their entry in the register: a domain of another name, another panel. A
 * mismatch is told to both sides and never rejects: the register may be old, and a partner may have brought a new domain.
 * Fails: never. Pure; what the register does not know is not compared.
 */
import { comparable, isSameOrUnder } from '../intake/find-hosts.ts'
import type { FieldName } from '../intake/policy.ts'
import type { StoredField } from './context.ts'
import type { PartnerAuthor } from './judgement.ts'

const WARNING = 'register-mismatch'

/** Lists a warning such as `register-mismatch:partner_domain` for each value that the register contradicts. */
export function registerMismatches(
  author: PartnerAuthor,
  fields: Readonly<Record<FieldName, StoredField>>,
): readonly string[] {
  // An entry that this very mail makes knows nothing of its own.
  if (author.created === 'partner') return []
  const { domains, controlPanelUrl } = author.partner
  const domain = givenIn(fields['partner_domain'])
  const panel = givenIn(fields['control_panel_url'])
  const mismatches: string[] = []
  if (domain !== null && domains.length > 0 && !domains.some((own) => isSameDomain(domain, own)))
    mismatches.push(`${WARNING}:partner_domain`)
  if (panel !== null && controlPanelUrl !== null && !isSamePanel(panel, controlPanelUrl))
    mismatches.push(`${WARNING}:control_panel_url`)
  return mismatches
}

/** What a mail said; a value of the register itself needs no check. */
function givenIn(field: StoredField | undefined): string | null {
  return field === undefined || field.source === 'account' || field.value === '' ? null : field.value
}

/** A host below the domain, or the domain above a registered host, is the same partner's. */
function isSameDomain(given: string, registered: string): boolean {
  return isSameOrUnder(given, registered) || isSameOrUnder(registered, given)
}

/** The same host and a path at or below the registered one: partners copy the page that they are on. */
function isSamePanel(given: string, registered: string): boolean {
  const [one, other] = [panelOf(given), panelOf(registered)]
  if (one.host !== other.host) return false
  return one.path === other.path || one.path.startsWith(`${other.path}/`)
}

/** Without scheme, user, the ports that a scheme implies, query and final slashes. */
function panelOf(url: string): { readonly host: string; readonly path: string } {
  const [authority = '', ...segments] = url
    .trim()
    .toLowerCase()
    .replace(/^[a-z]{1,10}:\/\//, '')
    .replace(/[?#].*$/s, '')
    .split('/')
  const host = authority.slice(authority.lastIndexOf('@') + 1).replace(/:(?:80|443)$/, '')
  const [name = '', port] = host.split(':')
  const path = segments.filter((segment) => segment !== '').map((segment) => `/${segment}`)
  return { host: [comparable(name), port ?? ''].join(':'), path: path.join('') }
}
