/**
 * Compares the registers with what a file or a command wants, and gives the steps between: added, changed from → to,
 * removed. What is left out of a file stays, unless `prune` makes the file the whole truth.
 * Fails: problems (an address or domain of somebody else, one named twice) are listed all at once, and no step is given.
 */
import type {
  AgentEntry,
  PartnerEntry,
  PartnerSettings,
  PersonEntry,
  RegisterEntries,
  Registered,
  RegisterPlan,
  RegisterStep,
} from './register.ts'

type KnownPartner = Registered['partners'][number]
type KnownAgent = Registered['agents'][number]
type Draft = { readonly steps: RegisterStep[]; readonly problems: string[]; untouched: number }

/** Plans the way from what is registered to what is wanted. */
export function planRegister(
  now: Registered,
  wanted: RegisterEntries,
  options: { readonly prune: boolean },
): RegisterPlan {
  const draft: Draft = { steps: [], problems: [...namedTwice(wanted)], untouched: 0 }
  const partners = new Set<string>()
  for (const entry of wanted.partners) {
    const known = samePartner(now, entry)
    if (known !== null && partners.has(known.id))
      draft.problems.push(`${entry.name}: is ${known.name}, which is there already`)
    if (known !== null) partners.add(known.id)
    counted(draft, () => planPartner(known, entry, { now, draft, prune: options.prune }))
  }
  const agents = new Set<string>()
  for (const entry of wanted.agents) {
    const known = now.agents.find((one) => one.addresses.some((address) => entry.addresses.includes(address)))
    if (known !== undefined) agents.add(known.id)
    counted(draft, () => planAgent(known ?? null, entry, { now, draft, prune: options.prune }))
  }
  if (options.prune) prune(now, { wanted, partners, agents, draft })
  if (draft.problems.length > 0) return { kind: 'problems', problems: draft.problems }
  return { kind: 'steps', steps: draft.steps, untouched: draft.untouched }
}

function counted(draft: Draft, plan: () => void): void {
  const before = draft.steps.length
  plan()
  if (draft.steps.length === before) draft.untouched += 1
}

/** The same name, else a domain or an address of theirs. */
function samePartner({ partners }: Registered, entry: PartnerEntry): KnownPartner | null {
  const addresses = entry.people.flatMap((person) => person.addresses)
  return (
    partners.find((one) => one.name.toLowerCase() === entry.name.toLowerCase()) ??
    partners.find(
      (one) =>
        one.domains.some((domain) => entry.domains.includes(domain)) ||
        one.people.some((person) => person.addresses.some((address) => addresses.includes(address))),
    ) ??
    null
  )
}

/** What two entries of one file both claim. */
function namedTwice({ partners, agents }: RegisterEntries): readonly string[] {
  const owners = new Map<string, string>()
  const problems: string[] = []
  const claim = (what: string, owner: string): void => {
    const before = owners.get(what)
    if (before !== undefined) problems.push(`${owner}: ${what} is named twice, by ${before} as well`)
    owners.set(what, owner)
  }
  for (const { name, domains, people } of partners) {
    claim(`the name ${name.toLowerCase()}`, name)
    for (const domain of domains) claim(`the domain ${domain}`, name)
    for (const address of people.flatMap((person) => person.addresses)) claim(`the address ${address}`, name)
  }
  for (const { name, addresses } of agents)
    for (const address of addresses) claim(`the address ${address}`, name)
  return problems
}

type Plan = { readonly now: Registered; readonly draft: Draft; readonly prune: boolean }

function planPartner(known: KnownPartner | null, entry: PartnerEntry, plan: Plan): void {
  const { now, draft } = plan
  for (const domain of entry.domains) {
    const owner = now.partners.find((one) => one.id !== known?.id && one.domains.includes(domain))
    if (owner !== undefined)
      draft.problems.push(`${entry.name}: the domain ${domain} belongs to ${owner.name}`)
  }
  for (const address of entry.people.flatMap((person) => person.addresses)) {
    const owner = ownerOf(address, now)
    if (owner !== null && owner.id !== known?.id)
      draft.problems.push(`${entry.name}: the address ${address} belongs to ${owner.name}`)
  }
  if (known === null) {
    const has = [...entry.domains, ...entry.people.flatMap((person) => person.addresses)].join(', ')
    draft.steps.push({ kind: 'add-partner', partner: entry, says: `+ ${entry.name}: ${has}` })
    return
  }
  draft.steps.push(...planSettings(known, entry))
  const partnerId = known.id
  for (const domain of entry.domains.filter((one) => !known.domains.includes(one)))
    draft.steps.push({ kind: 'add-domain', partnerId, domain, says: `~ ${known.name}: + domain ${domain}` })
  for (const person of entry.people) planPerson(known, person, plan)
  if (!plan.prune) return
  for (const domain of known.domains.filter((one) => !entry.domains.includes(one)))
    draft.steps.push({
      kind: 'remove-domain',
      partnerId,
      domain,
      says: `~ ${known.name}: - domain ${domain}`,
    })
  prunePeople(known, entry, draft)
}

function ownerOf(address: string, { partners, agents }: Registered): { id: string; name: string } | null {
  const partner = partners.find((one) => one.people.some((person) => person.addresses.includes(address)))
  const agent = agents.find((one) => one.addresses.includes(address))
  return partner ?? (agent === undefined ? null : { id: agent.id, name: `the agent ${agent.name}` })
}

const SETTINGS: readonly (readonly [keyof PartnerSettings, string])[] = [
  ['name', 'name'],
  ['controlPanelUrl', 'Control Panel URL'],
  ['timeZone', 'time zone'],
  ['language', 'language'],
  ['mode', 'mode'],
  ['machineMail', 'machine mail'],
  ['state', 'state'],
]

/** A step for each setting that is named and other than now. */
export function planSettings(known: KnownPartner, set: PartnerSettings): readonly RegisterStep[] {
  return SETTINGS.flatMap(([key, title]): readonly RegisterStep[] => {
    const value = set[key]
    if (value === undefined || value === known[key]) return []
    const says = `~ ${known.name}: ${title} ${known[key] ?? '–'} → ${value ?? '–'}`
    return [{ kind: 'set-partner', partnerId: known.id, set: { [key]: value }, says }]
  })
}

function planPerson(known: KnownPartner, person: PersonEntry, { draft }: Plan): void {
  const before = known.people.find((one) =>
    one.addresses.some((address) => person.addresses.includes(address)),
  )
  if (before === undefined) {
    const who = [person.name ?? '', ...person.addresses].join(' ').trim()
    draft.steps.push({
      kind: 'add-person',
      partnerId: known.id,
      person,
      says: `~ ${known.name}: + person ${who}`,
    })
    return
  }
  const personId = before.id
  if (person.name !== null && person.name !== before.name) {
    const says = `~ ${known.name}: person ${before.name ?? before.addresses[0] ?? ''} → ${person.name}`
    draft.steps.push({ kind: 'set-person', personId, set: { name: person.name }, says })
  }
  for (const address of person.addresses.filter((one) => !before.addresses.includes(one)))
    draft.steps.push({
      kind: 'add-address',
      personId,
      address,
      says: `~ ${known.name}: + address ${address}`,
    })
}

function prunePeople(known: KnownPartner, entry: PartnerEntry, draft: Draft): void {
  const wanted = new Set(entry.people.flatMap((person) => person.addresses))
  for (const person of known.people) {
    const gone = person.addresses.filter((address) => !wanted.has(address))
    if (gone.length < person.addresses.length) {
      for (const address of gone)
        draft.steps.push({
          kind: 'remove-address',
          personId: person.id,
          address,
          says: `~ ${known.name}: - address ${address}`,
        })
    } else if (person.isInTickets) {
      const who = person.addresses.join(' ')
      draft.problems.push(
        `${known.name}: ${who} took part in tickets and stays in their history; keep one address`,
      )
    } else {
      const says = `~ ${known.name}: - person ${person.name ?? person.addresses.join(' ')}`
      draft.steps.push({ kind: 'remove-person', personId: person.id, says })
    }
  }
}

function planAgent(known: KnownAgent | null, entry: AgentEntry, { now, draft, prune: pruning }: Plan): void {
  for (const address of entry.addresses) {
    const owner = ownerOf(address, now)
    if (owner !== null && owner.id !== known?.id)
      draft.problems.push(`${entry.name}: the address ${address} belongs to ${owner.name}`)
  }
  if (known === null) {
    const says = `+ agent ${entry.name}: ${entry.role}, ${entry.addresses.join(', ')}`
    draft.steps.push({ kind: 'add-agent', agent: entry, says })
    return
  }
  const personId = known.id
  const set = (title: string, from: string | null, to: string | null, change: object): void => {
    const says = `~ agent ${known.name}: ${title} ${from ?? '–'} → ${to ?? '–'}`
    if (from !== to) draft.steps.push({ kind: 'set-person', personId, set: change, says })
  }
  set('name', known.name, entry.name, { name: entry.name })
  set('role', known.role, entry.role, { role: entry.role })
  if (entry.timeZone !== undefined)
    set('time zone', known.timeZone ?? null, entry.timeZone, { timeZone: entry.timeZone })
  for (const address of entry.addresses.filter((one) => !known.addresses.includes(one)))
    draft.steps.push({
      kind: 'add-address',
      personId,
      address,
      says: `~ agent ${known.name}: + address ${address}`,
    })
  if (!pruning) return
  for (const address of known.addresses.filter((one) => !entry.addresses.includes(one)))
    draft.steps.push({
      kind: 'remove-address',
      personId,
      address,
      says: `~ agent ${known.name}: - address ${address}`,
    })
}

/** Takes out who is not in the file; a kind that the file does not hold at all is left alone. */
function prune(
  now: Registered,
  of: {
    readonly wanted: RegisterEntries
    readonly partners: ReadonlySet<string>
    readonly agents: ReadonlySet<string>
    readonly draft: Draft
  },
): void {
  const { wanted, partners, agents, draft } = of
  if (wanted.partners.length > 0) {
    for (const partner of now.partners.filter((one) => !partners.has(one.id))) {
      if (partner.tickets > 0 && partner.state === 'suspended') continue
      const says = `- ${partner.name}${partner.tickets > 0 ? ' (suspended: it has tickets)' : ''}`
      draft.steps.push({ kind: 'remove-partner', partnerId: partner.id, says })
    }
  }
  if (wanted.agents.length === 0) return
  for (const agent of now.agents.filter((one) => !agents.has(one.id)))
    draft.steps.push({ kind: 'remove-agent', agentId: agent.id, says: `- agent ${agent.name}` })
}
