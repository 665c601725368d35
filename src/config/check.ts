/**
 * Checks of the configuration that take more than one key: queues and their addresses, listeners that collide, a relay
 * that is ourselves, passwords sent in clear.
 * Fails: never; problems stop the start, warnings are told and the gateway runs.
 */
import type { Config, Listener } from '../config.ts'
import type { Finding } from './problems.ts'

/** Queues of the shipped policy, which apply unless the configuration names its own. */
const SHIPPED_QUEUES: readonly string[] = ['support', 'engineering']
const LOOPBACK: ReadonlySet<string> = new Set(['127.0.0.1', '::1', 'localhost'])
const EVERY_ADDRESS: ReadonlySet<string> = new Set(['0.0.0.0', '::'])
/** The domain of a run without configuration: nobody can answer to it. */
const TRIAL_DOMAIN = 'ticketgate.localhost'

type Findings = { readonly problems: readonly Finding[]; readonly warnings: readonly Finding[] }

export function checkTogether(config: Config): Findings {
  return {
    problems: [
      ...checkAddresses(config),
      ...checkQueues(config),
      ...checkListeners(config.listeners),
      ...checkRelayLoop(config),
      ...checkOperator(config),
    ],
    warnings: [...warnOfClearPassword(config), ...warnOfTrialDomain(config), ...warnOfTrust(config)],
  }
}

/** Two addresses with one local part could not be told apart, nor one that holds the separator. */
function checkAddresses({ addresses }: Config): readonly Finding[] {
  const rows: readonly { path: readonly string[]; localPart: string }[] = [
    ...Object.entries(addresses.queues).map(([queue, localPart]) => ({ path: ['queues', queue], localPart })),
    { path: ['note'], localPart: addresses.note },
    { path: ['bounce'], localPart: addresses.bounce },
  ]
  return rows.flatMap(({ path, localPart }, i) => {
    const where = ['addresses', ...path]
    const earlier = rows.slice(0, i).find((row) => row.localPart === localPart)
    return [
      ...(earlier === undefined
        ? []
        : [
            {
              path: where,
              message: `is the same address as addresses.${earlier.path.join('.')}`,
              also: [['addresses', ...earlier.path]],
            },
          ]),
      ...(addresses.form === 'plus' && localPart.includes(addresses.separator)
        ? [{ path: where, message: `must not hold the separator "${addresses.separator}"` }]
        : []),
    ]
  })
}

function checkQueues({ addresses, policy }: Config): readonly Finding[] {
  const queues = queueNames(policy['queues']) ?? SHIPPED_QUEUES
  const named = Object.keys(addresses.queues)
  return [
    ...queues
      .filter((queue) => !named.includes(queue))
      .map((queue) => ({
        path: ['addresses', 'queues'],
        message: `has no address for the policy's queue "${queue}"`,
      })),
    ...named
      .filter((queue) => !queues.includes(queue))
      .map((queue) => ({
        path: ['addresses', 'queues', queue],
        message: `is no queue of the policy; its queues are: ${queues.join(', ')}`,
        also: [['policy', 'queues']],
      })),
  ]
}

/** Reads the names of the policy's queues, given as a list of rows or by name; null when there are none. */
function queueNames(queues: unknown): readonly string[] | null {
  if (typeof queues !== 'object' || queues === null) return null
  if (!Array.isArray(queues)) return [...new Set([...SHIPPED_QUEUES, ...Object.keys(queues)])]
  const names = queues.flatMap((row: unknown) =>
    typeof row === 'object' && row !== null && 'name' in row && typeof row.name === 'string'
      ? [row.name]
      : [],
  )
  return names.length === 0 ? null : names
}

function checkListeners(listeners: readonly Listener[]): readonly Finding[] {
  return listeners.flatMap((listener, i) => {
    const path = ['listeners', i]
    const earlier = listeners.findIndex((other, j) => j < i && collide(other, listener))
    const findings: Finding[] = []
    if (earlier !== -1)
      findings.push({
        path,
        message: `takes the same port as listeners[${earlier}]`,
        also: [
          ['listeners', earlier, 'port'],
          ['listeners', earlier, 'host'],
        ],
      })
    if (listener.protocol === 'lmtp' && listener.port === 25) {
      findings.push({ path: [...path, 'port'], message: 'must not be 25 for lmtp (RFC 2033 §5)' })
    }
    if (listener.protocol === 'lmtp' && listener.faces === 'internet') {
      findings.push({
        path: [...path, 'faces'],
        message: 'must be relay for lmtp: it is no protocol of the Internet',
      })
    }
    if (listener.tls?.implicit === true && listener.protocol === 'lmtp') {
      findings.push({ path: [...path, 'tls', 'implicit'], message: 'is not for lmtp; use STARTTLS' })
    }
    return findings
  })
}

function collide(a: Listener, b: Listener): boolean {
  if (a.port !== b.port || a.port === 0) return false
  return a.host === b.host || EVERY_ADDRESS.has(a.host) || EVERY_ADDRESS.has(b.host)
}

/** Letters handed to our own listener would come back in as mail. */
function checkRelayLoop({ relay, listeners }: Config): readonly Finding[] {
  if (relay === null) return []
  const own = listeners.findIndex(
    ({ host, port }) =>
      port === relay.port &&
      (host === relay.host || (LOOPBACK.has(relay.host) && (LOOPBACK.has(host) || EVERY_ADDRESS.has(host)))),
  )
  return own === -1
    ? []
    : [
        {
          path: ['relay', 'port'],
          message: `is our own listeners[${own}]: letters would come back`,
          also: [['listeners', own]],
        },
      ]
}

function checkOperator({ operator, addresses }: Config): readonly Finding[] {
  const address = operator.address?.toLowerCase()
  const localParts = [...Object.values(addresses.queues), addresses.note, addresses.bounce]
  return localParts.some((localPart) => `${localPart}@${addresses.domain}` === address)
    ? [
        {
          path: ['operator', 'address'],
          message: 'is one of our own addresses; name a mailbox that a person reads',
        },
      ]
    : []
}

function warnOfClearPassword({ relay }: Config): readonly Finding[] {
  if (relay === null || relay.auth === null || LOOPBACK.has(relay.host)) return []
  if (relay.tls !== 'none' && relay.tls !== 'opportunistic') return []
  return [
    {
      path: ['relay', 'tls'],
      message: `is "${relay.tls}", so the relay's password may cross the network in clear; "required" or "implicit" protects it`,
    },
  ]
}

function warnOfTrialDomain({ relay, addresses }: Config): readonly Finding[] {
  if (relay === null || addresses.domain !== TRIAL_DOMAIN) return []
  return [
    {
      path: ['addresses', 'domain'],
      message: `is still ${TRIAL_DOMAIN} although letters leave by a relay: nobody could answer them`,
    },
  ]
}

/** Trust that nothing can come of. */
function warnOfTrust({ trust, listeners }: Config): readonly Finding[] {
  const { networks, authservId, clientCertificates } = trust
  const findings: Finding[] = []
  if (authservId !== null && networks.length === 0 && clientCertificates.length === 0) {
    findings.push({
      path: ['trust', 'authservId'],
      message: 'is believed from nobody: trust.networks names no relay that may hand on its word',
    })
  }
  if (clientCertificates.length > 0 && listeners.every(({ tls }) => tls === null)) {
    findings.push({
      path: ['trust', 'clientCertificates'],
      message: 'are never asked for: no listener has tls',
    })
  }
  return findings
}
