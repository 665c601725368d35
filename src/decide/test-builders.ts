/** Builders for tests: a plain partner mail, a known partner, agent and ticket, a context; each takes what differs. */
import { readdirSync, readFileSync } from 'node:fs'
import { parse } from 'yaml'
import { buildPolicy } from '../intake/build-policy.ts'
import type { Policy } from '../intake/policy.ts'
import type { ThreeRs } from '../intake/reading.ts'
import type { Envelope, InboxId, Mail } from '../mail/mail.ts'
import type {
  Context,
  DeskFacts,
  Facts,
  LetterId,
  OwnAddress,
  Partner,
  PartnerId,
  Person,
  PersonId,
  PromiseRow,
  Rounds,
  Ticket,
  TicketId,
} from './context.ts'

const words = new URL('../../templates/words/', import.meta.url)

function catalogue(file: string): { fields: unknown; reading: unknown } {
  return parse(readFileSync(new URL(file, words), 'utf8')) as { fields: unknown; reading: unknown }
}

/** The shipped policy in every language that there is. */
export const policy: Policy = buildPolicy(
  Object.fromEntries(readdirSync(words).map((file) => [file.replace('.yaml', ''), catalogue(file)])),
  {},
)

export const now = new Date('2025-02-03T10:00:00Z')
export const receivedAt = new Date('2025-02-03T09:59:30Z')

export const inboxId = 'inbox00000000001' as InboxId
export const ticketId = 'ticket0000000001' as TicketId
export const letterId = '0000000000000001' as LetterId

export const partner: Partner = {
  id: 'partner000000001' as PartnerId,
  name: 'Otterbrook',
  domains: ['otterbrook-it.example'],
  controlPanelUrl: 'https://cp.otterbrook-it.example',
  timeZone: null,
  language: null,
  mode: null,
  machineMail: 'silent',
  state: 'active',
}

export const otherPartner: Partner = {
  ...partner,
  id: 'partner000000002' as PartnerId,
  name: 'Nordwind',
  domains: ['nordwindhost.example'],
}

export const fenella: Person = {
  id: 'person0000000001' as PersonId,
  partnerId: partner.id,
  role: null,
  name: 'Fenella',
  address: 'fenella@otterbrook-it.example',
  timeZone: null,
  language: null,
}

export const mattis: Person = {
  ...fenella,
  id: 'person0000000002' as PersonId,
  partnerId: otherPartner.id,
  name: 'Mattis',
  address: 'mattis@nordwindhost.example',
}

export const agent: Person = {
  ...fenella,
  id: 'person0000000003' as PersonId,
  partnerId: null,
  role: 'support',
  name: 'Agent Three',
  address: 'agent3@desk.example',
}

export const nothingSaid: ThreeRs = {
  os: null,
  mail_client: null,
  reproducible: null,
  services: null,
  dns_checked: null,
  owa_checked: null,
  server_rules_checked: null,
  local_rules_checked: null,
  kb_searched: null,
  seen_before: null,
}

/** An envelope as a trusted relay gives it. */
function envelope(change: Partial<Envelope> = {}): Envelope {
  return {
    reversePath: 'fenella@otterbrook-it.example',
    forwardPaths: ['support@desk.example'],
    transport: 'smtp',
    clientIp: '127.0.0.1',
    ehloDomain: 'relay.example',
    tls: false,
    faces: 'relay',
    trustedRelay: '127.0.0.0/8',
    receivedAt,
    ...change,
  }
}

/** A mail by Fenella; `newText` alone also sets `text`. */
export function mail(change: Partial<Mail> = {}): Mail {
  const newText = change.newText ?? 'Hello'
  return {
    kind: 'mail',
    mailKind: 'ordinary',
    messageId: 'mail-1@otterbrook-it.example',
    inReplyTo: [],
    references: [],
    from: { displayName: 'Fenella', address: 'fenella@otterbrook-it.example' },
    authorCount: 1,
    sender: null,
    replyTo: [],
    to: [{ displayName: null, address: 'support@desk.example' }],
    cc: [],
    subject: 'Journal mailbox of a customer',
    date: receivedAt,
    text: newText,
    newText,
    quotedText: null,
    signature: null,
    forwarded: null,
    tableRows: [],
    attachments: [],
    automatic: null,
    answersUnwanted: null,
    bounce: null,
    headerFields: [],
    warnings: [],
    ...change,
  }
}

/** A draft of Fenella's that lacks credentials and steps. */
export function ticket(change: Partial<Ticket> = {}): Ticket {
  const stored = { source: 'label', inboxId, secretId: null }
  return {
    id: ticketId,
    number: 1042,
    state: 'draft',
    queue: 'support',
    assignee: null,
    partnerId: partner.id,
    requester: fenella,
    participants: [fenella.id],
    colleagues: [],
    participantAddresses: [fenella.address],
    observers: [],
    subjectStem: 'Journal mailbox of a customer',
    fields: {
      partner_domain: { value: 'otterbrook-it.example', ...stored },
      control_panel_url: { value: 'https://cp.otterbrook-it.example', ...stored },
      customer_domain: { value: 'milkchurnmuseum.example', ...stored },
      details: { value: 'The journal mailbox stopped collecting copies.', ...stored },
    },
    threeRs: nothingSaid,
    missing: ['credentials', 'steps_taken'],
    warnings: [],
    checklistsSent: 1,
    language: 'en',
    promises: [],
    createdAt: receivedAt,
    expiresAt: null,
    replacedBy: null,
    askedToLeaveAt: null,
    ...change,
  }
}

/** The support promise, running since the mail came. */
function runningPromise(dueAt: Date): PromiseRow {
  return {
    kind: 'first-response',
    queue: 'support',
    state: 'running',
    startedAt: receivedAt,
    dueAt,
    promisedMs: dueAt.getTime() - receivedAt.getTime(),
    bankedMs: 0,
    runningSince: receivedAt,
    brokenAt: null,
  }
}

/** The same ticket, open with its promise running. */
export function openTicket(change: Partial<Ticket> = {}): Ticket {
  const draft = ticket()
  const credentials = {
    value: 'curator@milkchurnmuseum.example',
    source: 'label',
    inboxId,
    secretId: 'secret0000000001' as never,
  }
  const steps_taken = { value: 'Sent five test mails.', source: 'label', inboxId, secretId: null }
  const dueAt = new Date(receivedAt.getTime() + 24 * 3_600_000)
  return {
    ...draft,
    state: 'open',
    fields: { ...draft.fields, credentials, steps_taken },
    missing: [],
    promises: [runningPromise(dueAt)],
    ...change,
  }
}

/** No mail before this one. */
export const quietRounds: Rounds = {
  idleOfAddress: 0,
  idleOfTicket: 0,
  sameWords: 0,
  wordsAlike: 0,
  told: false,
  sameKey: 'same',
  alikeKey: 'alike',
}

/** A context in which Fenella writes to the base address, all being well. */
export function context(change: Partial<Context> = {}): Context {
  return {
    now,
    inboxId: 'inbox00000000002' as InboxId,
    envelope: envelope(),
    policy,
    mode: 'enforce',
    brand: { id: 'brand', name: 'Desk' },
    partners: 'registered',
    sender: { kind: 'partner', partner, person: fenella },
    ownAddresses: [{ kind: 'base', queue: 'support' }],
    ownDomains: ['desk.example'],
    thread: null,
    bounced: null,
    earlier: null,
    resumed: null,
    suppressed: false,
    lettersToday: 0,
    namedPeople: [],
    waitingDrafts: [],
    forwarder: null,
    onBehalf: null,
    question: null,
    desk: null,
    rounds: quietRounds,
    returnedLetterId: null,
    isFromOurselves: false,
    fresh: {
      ticketId: 'ticket0000000009' as TicketId,
      personId: 'person0000000009' as PersonId,
      partnerId: 'partner000000009' as PartnerId,
    },
    ...change,
  }
}

/** A desk on which nothing has happened. */
export function deskFacts(change: Partial<DeskFacts> = {}): DeskFacts {
  return {
    agents: [agent],
    other: null,
    head: null,
    ahead: 0,
    passedOver: [],
    answeredSince: null,
    heldAnswer: null,
    lastCommand: null,
    named: null,
    resultsToday: 0,
    strayResultsToday: 0,
    ...change,
  }
}

export const verified: Facts = { proof: { result: 'verified', by: 'trusted network 127.0.0.0/8' } }
export const unproven: Facts = { proof: { result: 'none', by: 'no check configured' } }

/** The signed reply address that one person got for ticket 1042. */
export function replyAddress(person: Person): OwnAddress {
  return {
    kind: 'reply',
    ticketNumber: 1042,
    personId: person.id,
    as: person.role === null ? 'partner' : 'agent',
  }
}

export const completeText = [
  'Partner Domain: otterbrook-it.example',
  'Control Panel URL: https://cp.otterbrook-it.example',
  'Customer Domain Name: milkchurnmuseum.example',
  'User Credentials: curator@milkchurnmuseum.example / Cream_Separator_4',
  'Details of the Issue: The journal mailbox stopped collecting copies on 30 January.',
  'Steps taken to replicate and resolve: sent five test mails from OWA, none was journaled.',
].join('\n')

/** Lacks credentials and steps. */
export const incompleteText = completeText
  .split('\n')
  .filter((line) => !/^(User|Steps)/u.test(line))
  .join('\n')
