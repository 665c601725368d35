/**
 * The registers as plain data: partners with their people, and agents. What files hold, what the store shows, what two
 * states of them differ in.
 */

export type PersonEntry = { readonly name: string | null; readonly addresses: readonly string[] }

/** Domains in A-labels, addresses in comparison form. A key that a file leaves out is `undefined`: it stays as it is. */
export type PartnerEntry = {
  readonly name: string
  readonly domains: readonly string[]
  readonly people: readonly PersonEntry[]
  readonly controlPanelUrl?: string | null | undefined
  readonly timeZone?: string | null | undefined
  readonly language?: string | null | undefined
  readonly mode?: string | null | undefined
  readonly machineMail?: string | undefined
  readonly state?: string | undefined
}

export type AgentEntry = {
  readonly name: string
  readonly addresses: readonly string[]
  readonly role: string
  readonly timeZone?: string | null | undefined
}

/** What a file says, or an `edit` command. */
export type RegisterEntries = {
  readonly partners: readonly PartnerEntry[]
  readonly agents: readonly AgentEntry[]
}

/** What is registered now. */
export type Registered = {
  readonly partners: readonly (Required<Omit<PartnerEntry, 'people'>> & {
    readonly id: string
    readonly tickets: number
    readonly people: readonly (PersonEntry & { readonly id: string; readonly isInTickets: boolean })[]
  })[]
  readonly agents: readonly (Required<AgentEntry> & { readonly id: string })[]
}

export type PartnerSettings = Partial<
  Pick<
    Required<PartnerEntry>,
    'name' | 'controlPanelUrl' | 'timeZone' | 'language' | 'mode' | 'machineMail' | 'state'
  >
>

/** One change, with its line for people: `Otterbrook IT: time zone – → Europe/Berlin`. */
export type RegisterStep = { readonly says: string } & (
  | { readonly kind: 'add-partner'; readonly partner: PartnerEntry }
  | { readonly kind: 'set-partner'; readonly partnerId: string; readonly set: PartnerSettings }
  | { readonly kind: 'remove-partner'; readonly partnerId: string }
  | { readonly kind: 'add-domain' | 'remove-domain'; readonly partnerId: string; readonly domain: string }
  | { readonly kind: 'add-person'; readonly partnerId: string; readonly person: PersonEntry }
  | { readonly kind: 'remove-person'; readonly personId: string }
  | { readonly kind: 'add-agent'; readonly agent: AgentEntry }
  | { readonly kind: 'remove-agent'; readonly agentId: string }
  | {
      readonly kind: 'set-person'
      readonly personId: string
      readonly set: {
        readonly name?: string | null
        readonly role?: string
        readonly timeZone?: string | null
      }
    }
  | { readonly kind: 'add-address' | 'remove-address'; readonly personId: string; readonly address: string }
)

/** Steps to take, or every reason why none is taken. */
export type RegisterPlan =
  | { readonly kind: 'steps'; readonly steps: readonly RegisterStep[]; readonly untouched: number }
  | { readonly kind: 'problems'; readonly problems: readonly string[] }
