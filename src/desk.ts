/**
 * The desk: the store with everything that decisions and letters need, opened from a configuration. The gateway adds
 * the wires; the command line uses it as it is.
 * Fails: StoreUnavailable, or an Error of the key ring or the letters: each is one clear line for an operator.
 */
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { makeTrust } from './config/network.ts'
import type { Config } from './config.ts'
import { buildPolicy } from './intake/build-policy.ts'
import type { Policy } from './intake/policy.ts'
import { policyOverridesSchema } from './intake/policy-schema.ts'
import { loadCatalogues, loadLetters } from './letters/load.ts'
import type { Letters } from './letters/render.ts'
import { domainOf } from './mail/mailbox.ts'
import type { ApplyDeps } from './store/apply-deps.ts'
import type { InboxDeps } from './store/inbox.ts'
import { freeLeases, type InstanceLock, takeInstanceLock } from './store/instance-lock.ts'
import { type MigrationReport, migrateStore, requireSchema } from './store/migrate.ts'
import { makeIdSource } from './store/new-id.ts'
import { openStore, type Store, StoreUnavailable } from './store/open.ts'
import { checkKeyRing, knowsKeys } from './store/setting.ts'
import { cachedResolver } from './trust/cached-resolver.ts'
import { LOOP_FIELD, makeLoopMarker } from './trust/loop-marker.ts'
import {
  addressingProblems,
  ownDomainsOf,
  type Signing,
  signReplyAddress,
  signReturnPath,
} from './trust/own-address.ts'
import { openResolver, type Resolver } from './trust/resolver.ts'
import { makeMessageId } from './trust/sign-message-id.ts'
import { type Mac, tokenKeysOf } from './trust/token.ts'
import { type KeyRing, openKeyRing, parseKeyRing } from './vault/key-ring.ts'
import { open, seal } from './vault/seal.ts'

const SHIPPED_TEMPLATES = fileURLToPath(new URL('../templates', import.meta.url))

export type Desk = {
  readonly config: Config
  readonly policy: Policy
  readonly letters: Letters
  readonly store: Store
  /** How our addresses are signed and resolved. */
  readonly signing: Signing
  readonly mac: Mac
  readonly trustOf: (ip: string) => string | null
  /** Answers what sender proof asks of DNS; null when nobody may be asked. */
  readonly resolver: Resolver | null
  readonly inboxDeps: InboxDeps
  readonly applyDeps: ApplyDeps
  readonly clock: () => Date
  /** The key ring file when this start made it: its owner must be told to back it up. */
  readonly madeKeyRing: string | null
  readonly migrated: MigrationReport
  readonly close: () => Promise<void>
}

export type DeskOptions = {
  /** Bring the schema up to date; else a database that is behind is refused. */
  readonly migrate: boolean
  /** Be the only gateway on an SQLite file. */
  readonly exclusive: boolean
  /** Stands in for the DNS that the configuration names. */
  readonly resolver?: Resolver | null
}

/** Builds the policy from the shipped words and the operator's changes. Throws with every problem in one message. */
export function policyOf(config: Config): Policy {
  const catalogues = loadCatalogues({ shipped: SHIPPED_TEMPLATES, override: config.letters.folder })
  return buildPolicy(catalogues, policyOverridesSchema.parse(config.policy))
}

/** Loads and checks the letters of a configuration. */
export function lettersOf(config: Config): Letters {
  const { name, url, logoText, accentColour } = config.brand
  return loadLetters({
    shipped: SHIPPED_TEMPLATES,
    override: config.letters.folder,
    brand: { name, url, logoText, accentColour },
  })
}

/** Opens the desk. */
export async function openDesk(config: Config, options: DeskOptions): Promise<Desk> {
  const problems = addressingProblems(config.addresses)
  if (problems.length > 0) throw new Error(`the addresses cannot be used: ${problems.join('; ')}`)
  const policy = policyOf(config)
  const letters = lettersOf(config)
  const store = await openStore(config.database)
  let lock: InstanceLock | null = null
  try {
    if (options.exclusive && store.file !== null) lock = takeInstanceLock(store.file)
    const clock = (): Date => new Date()
    const migrated = options.migrate
      ? await migrateStore(store, clock())
      : await requireSchema(store).then((): MigrationReport => ({ applied: [], backup: null }))
    if (lock !== null) await freeLeases(store.db)
    const { ring, made } = await ringFor(config, store)
    await checkKeyRing(
      store,
      ring.keyIds.map((keyId) => ({ keyId, fingerprint: ring.fingerprint(keyId) })),
    )
    return {
      ...deskOf({ config, policy, letters, store, ring }),
      resolver: resolverOf(config, options),
      clock,
      madeKeyRing: made,
      migrated,
      close: async () => {
        await store.close()
        lock?.release()
      },
    }
  } catch (error) {
    await store.close()
    lock?.release()
    throw error
  }
}

/** One memory of answers for all mails of the desk. */
function resolverOf(config: Config, options: DeskOptions): Resolver | null {
  const resolver = options.resolver === undefined ? openResolver(config.trust.dns) : options.resolver
  return resolver === null ? null : cachedResolver(resolver)
}

/** A ring is made only for data that no ring has sealed yet: another one could open none of it. */
async function ringFor(
  config: Config,
  store: Store,
): Promise<{ readonly ring: KeyRing; readonly made: string | null }> {
  if (config.keyRing.kind === 'text') {
    return { ring: parseKeyRing(config.keyRing.text, config.keyRing.origin), made: null }
  }
  const { file } = config.keyRing
  try {
    const ring = openKeyRing({ file, create: !(await knowsKeys(store.db)) })
    return { ring, made: ring.created ? file : null }
  } catch (error) {
    throw new StoreUnavailable('unfit', error instanceof Error ? error.message : String(error), {
      cause: error,
    })
  }
}

type Parts = {
  readonly config: Config
  readonly policy: Policy
  readonly letters: Letters
  readonly store: Store
  readonly ring: KeyRing
}

function deskOf(parts: Parts): Omit<Desk, 'resolver' | 'clock' | 'madeKeyRing' | 'migrated' | 'close'> {
  const { config, policy, letters, store, ring } = parts
  const { addresses, brand } = config
  const { mac } = ring
  const sealing: ApplyDeps['sealing'] = {
    seal: (plain, binding) => seal(ring, plain, binding),
    open: (sealed, binding) => open(ring, sealed, binding),
  }
  const signing: Signing = { addressing: addresses, brandId: brand.id, keys: tokenKeysOf(ring) }
  const newId = makeIdSource(randomBytes)
  const notify = new Map(policy.queues.map((queue) => [queue.name, queue.notify]))
  return {
    config,
    policy,
    letters,
    store,
    signing,
    mac,
    trustOf: makeTrust(config.trust.networks),
    inboxDeps: { sealing, newId, blobs: { folder: join(config.data, 'blobs') }, brandId: brand.id },
    applyDeps: {
      dialect: store.dialect,
      newId,
      sealing,
      brand: { id: brand.id, fromName: brand.fromName },
      policy: {
        version: policy.version,
        content: JSON.stringify({ fields: policy.fields, queues: policy.queues }),
      },
      render: (name, model, head) => letters.render(name, model, head),
      firstQueue: policy.firstQueue,
      queueAddress: (queue) => `${addresses.queues[queue] ?? firstAddress(config)}@${addresses.domain}`,
      replyAddress: (target, at) => signReplyAddress(target, at, signing),
      returnPath: (letterId, at) => signReturnPath(letterId, at, signing),
      messageId: (letterId) => makeMessageId({ letterId }, addresses.domain, mac),
      loopField: (letterId) => ({ name: LOOP_FIELD, value: makeLoopMarker(letterId, addresses.domain, mac) }),
      queueNotify: (queue) => notify.get(queue) ?? ['agents'],
      operator: { address: config.operator.address, postmaster: postmaster(config) },
    },
  }
}

/** RFC 5321 §4.5.1: every domain has a postmaster. */
function postmaster(config: Config): string {
  return `postmaster@${config.addresses.domain}`
}

function firstAddress(config: Config): string {
  return Object.values(config.addresses.queues)[0] ?? 'support'
}

/** Domains that are ours: never a customer's, never an observer's. */
export function ownDomains(config: Config): readonly string[] {
  return [
    ...new Set([...ownDomainsOf(config.addresses), domainOf(config.operator.address ?? postmaster(config))]),
  ]
}
