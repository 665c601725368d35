/** `ticketgate partner|agent edit`: changes one entry of the registers, and says what changed from → to. */
import type { PartnerSettings, Registered, RegisterPlan, RegisterStep } from '../trust/register.ts'
import { planRegister, planSettings } from '../trust/register-diff.ts'
import {
  type Call,
  CONFIG_OPTION,
  type Command,
  choiceOption,
  oneWord,
  textOption,
  textOptions,
  UsageError,
} from './command.ts'
import { withDesk } from './open-desk.ts'
import { addressOption, domainOption, urlOption, zoneOption } from './partner.ts'
import { change, DRY_RUN_OPTION } from './register-change.ts'

type Known = Registered['partners'][number]

/** `none` takes a setting away. */
function setting(call: Call, option: string): string | null | undefined {
  const text = textOption(call, option)
  return text === null ? undefined : text === 'none' ? null : text
}

export const partnerEdit: Command = {
  name: 'partner edit',
  summary: "change a partner's entry",
  usage: 'NAME|DOMAIN|ID',
  details: `Only what is named changes; "none" takes a setting away. --of names a person by an address of theirs, so that
--add-address gives them one more instead of adding a new person. A suspended partner comes back with --state active.`,
  options: {
    ...CONFIG_OPTION,
    ...DRY_RUN_OPTION,
    name: { type: 'string', value: 'NAME', help: 'another name' },
    panel: { type: 'string', value: 'URL', help: 'Control Panel URL, or none' },
    'time-zone': { type: 'string', value: 'ZONE', help: 'such as Europe/Berlin, or none' },
    language: { type: 'string', value: 'CODE', help: 'language of letters, or none' },
    mode: { type: 'string', value: 'MODE', help: "observe, advise, enforce, or none for the desk's" },
    'machine-mail': { type: 'string', value: 'WORD', help: 'answer or silent' },
    state: { type: 'string', value: 'STATE', help: 'active or suspended' },
    'add-domain': { type: 'string', value: 'DOMAIN', multiple: true, help: 'one more domain of theirs' },
    'remove-domain': {
      type: 'string',
      value: 'DOMAIN',
      multiple: true,
      help: 'a domain that is not theirs any more',
    },
    'add-address': {
      type: 'string',
      value: 'ADDRESS',
      multiple: true,
      help: 'one more person, or address of --of',
    },
    'remove-address': { type: 'string', value: 'ADDRESS', multiple: true, help: 'an address that is over' },
    of: { type: 'string', value: 'ADDRESS', help: 'the person that --add-address is for' },
  },
  run: async (call, io) => {
    const word = oneWord(call, 'NAME, DOMAIN or ID')
    const edit = partnerEditOf(call)
    return withDesk(call, io, (desk) => {
      const { language } = edit.set
      if (typeof language === 'string' && !desk.letters.languages.includes(language))
        throw new UsageError(`--language takes ${desk.letters.languages.toSorted().join(', ')} or none`)
      return change(desk, io, (now) => planPartnerEdit(now, word, edit), call.options['dry-run'] === true)
    })
  },
}

type PartnerEdit = {
  readonly set: PartnerSettings
  readonly domains: readonly string[]
  readonly addresses: readonly string[]
  readonly of: string | null
  readonly removed: { readonly domains: readonly string[]; readonly addresses: readonly string[] }
}

function partnerEditOf(call: Call): PartnerEdit {
  const panel = setting(call, 'panel')
  const zone = setting(call, 'time-zone')
  const language = setting(call, 'language')
  const mode = setting(call, 'mode')
  const name = textOption(call, 'name')
  const machineMail = choiceOption(call, 'machine-mail', ['answer', 'silent'])
  const state = choiceOption(call, 'state', ['active', 'suspended'])
  if (typeof mode === 'string') choiceOption(call, 'mode', ['observe', 'advise', 'enforce'])
  const of = textOption(call, 'of')
  return {
    set: {
      ...(name === null ? {} : { name }),
      ...(panel === undefined ? {} : { controlPanelUrl: urlOption(panel) }),
      ...(zone === undefined ? {} : { timeZone: zoneOption(zone) }),
      ...(language === undefined ? {} : { language }),
      ...(mode === undefined ? {} : { mode }),
      ...(machineMail === null ? {} : { machineMail }),
      ...(state === null ? {} : { state }),
    },
    domains: textOptions(call, 'add-domain').map(domainOption),
    addresses: textOptions(call, 'add-address').map(addressOption),
    of: of === null ? null : addressOption(of),
    removed: {
      domains: textOptions(call, 'remove-domain').map(domainOption),
      addresses: textOptions(call, 'remove-address').map(addressOption),
    },
  }
}

function problem(text: string): RegisterPlan {
  return { kind: 'problems', problems: [text] }
}

/** Plans an edit as an import of one entry, with what is taken away in front. */
function planPartnerEdit(now: Registered, word: string, edit: PartnerEdit): RegisterPlan {
  const known = now.partners.find(
    (one) => one.id === word || one.name === word || one.domains.includes(word.toLowerCase()),
  )
  if (known === undefined) return problem(`there is no partner "${word}"`)
  const owner = known.people.find((person) => edit.of !== null && person.addresses.includes(edit.of))
  if (edit.of !== null && owner === undefined)
    return problem(`${known.name} has no person with the address ${edit.of}`)
  const taken = removals(known, edit)
  if (taken.kind === 'problems') return taken
  const people =
    owner === undefined
      ? edit.addresses.map((address) => ({ name: null, addresses: [address] }))
      : [{ name: null, addresses: [...owner.addresses, ...edit.addresses] }]
  const others = now.partners.find(
    (one) => one.id !== known.id && one.name.toLowerCase() === edit.set.name?.toLowerCase(),
  )
  if (others !== undefined) return problem(`the name ${others.name} belongs to a partner already`)
  const added = planRegister(
    now,
    { partners: [{ name: known.name, domains: edit.domains, people }], agents: [] },
    { prune: false },
  )
  if (added.kind === 'problems') return added
  const settings = planSettings(known, edit.set)
  return { kind: 'steps', steps: [...taken.steps, ...added.steps, ...settings], untouched: 0 }
}

function removals(known: Known, { removed }: PartnerEdit): RegisterPlan {
  const steps: RegisterStep[] = []
  for (const domain of removed.domains) {
    if (!known.domains.includes(domain)) return problem(`${known.name} has no domain ${domain}`)
    steps.push({
      kind: 'remove-domain',
      partnerId: known.id,
      domain,
      says: `~ ${known.name}: - domain ${domain}`,
    })
  }
  for (const address of removed.addresses) {
    const person = known.people.find((one) => one.addresses.includes(address))
    if (person === undefined) return problem(`${known.name} has no address ${address}`)
    if (person.addresses.length > 1)
      steps.push({
        kind: 'remove-address',
        personId: person.id,
        address,
        says: `~ ${known.name}: - address ${address}`,
      })
    else if (person.isInTickets)
      return problem(
        `${address} took part in tickets and stays in their history; give them another address first`,
      )
    else
      steps.push({ kind: 'remove-person', personId: person.id, says: `~ ${known.name}: - person ${address}` })
  }
  return { kind: 'steps', steps, untouched: 0 }
}

export const agentEdit: Command = {
  name: 'agent edit',
  summary: "change an agent's entry",
  usage: 'NAME|ADDRESS|ID',
  details: 'Only what is named changes. An alias is one more address whose mail counts as this agent’s.',
  options: {
    ...CONFIG_OPTION,
    ...DRY_RUN_OPTION,
    name: { type: 'string', value: 'NAME', help: 'another name' },
    role: { type: 'string', value: 'ROLE', help: 'support, engineering or lead' },
    'time-zone': { type: 'string', value: 'ZONE', help: 'such as Europe/Berlin, or none' },
    'add-address': { type: 'string', value: 'ADDRESS', multiple: true, help: 'an alias' },
    'remove-address': { type: 'string', value: 'ADDRESS', multiple: true, help: 'an address that is over' },
  },
  run: async (call, io) => {
    const word = oneWord(call, 'NAME, ADDRESS or ID')
    const zone = setting(call, 'time-zone')
    const edit = {
      name: textOption(call, 'name'),
      role: choiceOption(call, 'role', ['support', 'engineering', 'lead']),
      timeZone: typeof zone === 'string' ? zoneOption(zone) : zone,
      added: textOptions(call, 'add-address').map(addressOption),
      removed: textOptions(call, 'remove-address').map(addressOption),
    }
    return withDesk(call, io, (desk) =>
      change(desk, io, (now) => planAgentEdit(now, word, edit), call.options['dry-run'] === true),
    )
  },
}

function planAgentEdit(
  now: Registered,
  word: string,
  edit: {
    readonly name: string | null
    readonly role: string | null
    readonly timeZone: string | null | undefined
    readonly added: readonly string[]
    readonly removed: readonly string[]
  },
): RegisterPlan {
  const known = now.agents.find(
    (one) => one.id === word || one.name === word || one.addresses.includes(word.toLowerCase()),
  )
  if (known === undefined) return problem(`there is no agent "${word}"`)
  const strange = edit.removed.find((address) => !known.addresses.includes(address))
  if (strange !== undefined) return problem(`${known.name} has no address ${strange}`)
  const kept = known.addresses.filter((address) => !edit.removed.includes(address))
  if (kept.length + edit.added.length === 0)
    return problem(`${known.name} needs an address; see: ticketgate agent remove`)
  const entry = {
    name: edit.name ?? known.name,
    role: edit.role ?? known.role,
    timeZone: edit.timeZone,
    addresses: [...known.addresses, ...edit.added],
  }
  const planned = planRegister(now, { partners: [], agents: [entry] }, { prune: false })
  if (planned.kind === 'problems') return planned
  const taken = edit.removed.map((address): RegisterStep => {
    const says = `~ agent ${known.name}: - address ${address}`
    return { kind: 'remove-address', personId: known.id, address, says }
  })
  return { kind: 'steps', steps: [...planned.steps, ...taken], untouched: 0 }
}
