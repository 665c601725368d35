/** `ticketgate partner add|list|show|remove`: the register of partners. */
import { asciiDomain } from '../config/network.ts'
import { normaliseAddress } from '../mail/mailbox.ts'
import {
  addPartner,
  findPartner,
  listPartners,
  type PartnerView,
  RegisterProblem,
  removePartner,
} from '../store/registers.ts'
import {
  CONFIG_OPTION,
  type Command,
  choiceOption,
  EXIT,
  ExitError,
  JSON_OPTION,
  oneWord,
  textOption,
  textOptions,
  UsageError,
} from './command.ts'
import { withDesk } from './open-desk.ts'
import { printable, printRows } from './table.ts'

export const partnerAdd: Command = {
  name: 'partner add',
  summary: 'register a partner',
  usage: 'NAME',
  details: `NAME is the partner's name as the desk reads it, in quotes when it has blanks. At least one --domain or
--address: mail from a domain counts as the partner's when it is proven, mail from an address always.`,
  options: {
    ...CONFIG_OPTION,
    domain: { type: 'string', value: 'DOMAIN', multiple: true, help: "a domain of the partner's own" },
    address: { type: 'string', value: 'ADDRESS', multiple: true, help: "somebody's mail address there" },
    panel: { type: 'string', value: 'URL', help: "the partner's Control Panel URL" },
    'time-zone': { type: 'string', value: 'ZONE', help: 'such as Europe/Berlin; letters show times in it' },
    language: { type: 'string', value: 'CODE', help: 'language of letters, such as de' },
    mode: { type: 'string', value: 'MODE', help: 'observe, advise or enforce, for this partner' },
    'machine-mail': {
      type: 'string',
      value: 'WORD',
      help: "answer or silent: letters back to the partner's own programs",
    },
  },
  run: async (call, io) => {
    const partner = {
      name: nonEmpty(oneWord(call, 'NAME'), 'NAME'),
      domains: textOptions(call, 'domain').map(domainOption),
      people: textOptions(call, 'address').map((address) => ({
        name: null,
        address: addressOption(address),
      })),
      controlPanelUrl: urlOption(textOption(call, 'panel')),
      timeZone: zoneOption(textOption(call, 'time-zone')),
      language: textOption(call, 'language'),
      mode: choiceOption(call, 'mode', ['observe', 'advise', 'enforce']),
      machineMail: choiceOption(call, 'machine-mail', ['answer', 'silent']) ?? 'silent',
    } as const
    if (partner.domains.length + partner.people.length === 0)
      throw new UsageError('give at least one --domain or --address')
    return withDesk(call, io, async (desk) => {
      const { languages } = desk.letters
      if (partner.language !== null && !languages.includes(partner.language)) {
        throw new UsageError(`--language takes ${languages.toSorted().join(', ')}`)
      }
      const at = { now: desk.clock(), newId: desk.applyDeps.newId, brandId: desk.config.brand.id }
      const id = await addPartner(desk.store, partner, at).catch(registerProblem)
      io.out(`registered ${printable(partner.name)} (${id})\n`)
      return EXIT.ok
    })
  },
}

export const partnerList: Command = {
  name: 'partner list',
  summary: 'list the partners',
  usage: '',
  details: '',
  options: { ...CONFIG_OPTION, ...JSON_OPTION },
  run: (call, io) =>
    withDesk(call, io, async (desk) => {
      printRows(io, await listPartners(desk.store.db), {
        json: call.options['json'] === true,
        nothing: 'no partner is registered yet; see: ticketgate partner add --help',
        columns: [
          { title: 'NAME', of: (row) => row.name },
          { title: 'STATE', of: (row) => row.state },
          { title: 'DOMAINS', of: (row) => row.domains.join(' ') },
          { title: 'TICKETS', of: (row) => String(row.tickets) },
          { title: 'PEOPLE', of: (row) => row.people.flatMap((person) => person.addresses).join(' ') },
        ],
      })
      return EXIT.ok
    }),
}

export const partnerShow: Command = {
  name: 'partner show',
  summary: 'show one partner',
  usage: 'NAME|DOMAIN|ID',
  details: '',
  options: { ...CONFIG_OPTION, ...JSON_OPTION },
  run: (call, io) =>
    withDesk(call, io, async (desk) => {
      const word = oneWord(call, 'NAME, DOMAIN or ID')
      const partner = await findPartner(desk.store.db, word)
      if (partner === null) throw new ExitError(EXIT.fault, `there is no partner "${printable(word)}"`)
      io.out(call.options['json'] === true ? `${JSON.stringify(partner)}\n` : partnerPage(partner))
      return EXIT.ok
    }),
}

export const partnerRemove: Command = {
  name: 'partner remove',
  summary: 'remove a partner',
  usage: 'NAME|DOMAIN|ID',
  details: `A partner that has tickets is suspended instead, so that its history stays: its mail is held from then on.`,
  options: CONFIG_OPTION,
  run: (call, io) =>
    withDesk(call, io, async (desk) => {
      const word = oneWord(call, 'NAME, DOMAIN or ID')
      const at = { now: desk.clock(), newId: desk.applyDeps.newId, brandId: desk.config.brand.id }
      const done = await removePartner(desk.store, word, at)
      if (done === null) throw new ExitError(EXIT.fault, `there is no partner "${printable(word)}"`)
      io.out(
        done === 'removed'
          ? 'removed\n'
          : 'suspended: it has tickets, so its history stays and its mail is held\n',
      )
      return EXIT.ok
    }),
}

function partnerPage(partner: PartnerView): string {
  const rows: readonly (readonly [string, string])[] = [
    ['Name', partner.name],
    ['Id', partner.id],
    ['State', partner.state],
    ['Domains', partner.domains.join(', ') || '–'],
    ['Control Panel URL', partner.controlPanelUrl ?? '–'],
    ['Time zone', partner.timeZone ?? '–'],
    ['Language', partner.language ?? '–'],
    ['Mode', partner.mode ?? "the desk's"],
    ['Machine mail', partner.machineMail],
    ['Tickets', String(partner.tickets)],
    ...partner.people.map((person): [string, string] => [
      'Person',
      [person.name ?? '', ...person.addresses].join(' ').trim(),
    ]),
  ]
  return `${rows.map(([title, value]) => `${title.padEnd(20)}${printable(value)}`).join('\n')}\n`
}

/** A taken name or domain is the operator's to mend. */
export function registerProblem(error: unknown): never {
  if (error instanceof RegisterProblem) throw new ExitError(EXIT.fault, error.message)
  throw error
}

function nonEmpty(text: string, what: string): string {
  const trimmed = text.trim()
  if (trimmed === '' || trimmed.length > 200) throw new UsageError(`${what} must have 1 to 200 characters`)
  return trimmed
}

/** Reads a domain into A-labels. Throws UsageError. */
export function domainOption(text: string): string {
  const domain = asciiDomain(text)
  if (domain === null || !domain.includes('.') || domain.includes('_'))
    throw new UsageError(`"${text}" is no domain`)
  return domain
}

/** Reads a mail address into its comparison form. Throws UsageError. */
export function addressOption(text: string): string {
  const address = normaliseAddress(text)
  if (address === null) throw new UsageError(`"${text}" is no mail address`)
  return address
}

/** Checks a web address. Throws UsageError. */
export function urlOption(text: string | null): string | null {
  if (text === null) return null
  if (!/^https?:\/\//.test(text) || !URL.canParse(text))
    throw new UsageError('--panel takes a web address with https://')
  return text
}

/** Checks a time zone by name. Throws UsageError. */
export function zoneOption(text: string | null): string | null {
  if (text === null) return null
  try {
    return new Intl.DateTimeFormat('en', { timeZone: text }).resolvedOptions().timeZone
  } catch (error) {
    throw new UsageError(`"${text}" is no time zone; write it like Europe/Berlin`, { cause: error })
  }
}
