/**
 * Every statement on the path of a mail finds its rows by an index, on both databases. The statements are those that the
 * real functions send, recorded on their way, and asked for their plan afterwards.
 */
import {
  CompiledQuery,
  createQueryId,
  type KyselyPlugin,
  type PluginTransformQueryArgs,
  type RootOperationNode,
  sql,
} from 'kysely'
import { expect } from 'vitest'
import type { LetterId } from '../../src/decide/context.ts'
import type { Evidence } from '../../src/decide/explain.ts'
import { context as baseContext } from '../../src/decide/test-builders.ts'
import type { InboxId } from '../../src/mail/mail.ts'
import type { DialectName } from '../../src/store/dialect.ts'
import { claimInbox, finishInbox, openClaimed, postponeInbox } from '../../src/store/inbox.ts'
import { loadContext } from '../../src/store/load-context.ts'
import type { Store } from '../../src/store/open.ts'
import { claimLetters, markLetter, retryLetter } from '../../src/store/outbox.ts'
import { addAgent } from '../../src/store/registers.ts'
import { retryMail } from '../../src/store/release.ts'
import { onEachDatabase, type Place } from './databases.ts'
import { DAY_MS, inboxDeps, later, newId, now, put } from './desk-parts.ts'
import { acknowledgement, answer, apply, checklist, ids, notice, opening, post, ROOT } from './scene.ts'

/** A store whose statements are kept as they are sent. */
function recorded(store: Store): {
  readonly store: Store
  readonly statements: () => readonly CompiledQuery[]
} {
  const nodes: RootOperationNode[] = []
  const recorder: KyselyPlugin = {
    transformQuery: ({ node }: PluginTransformQueryArgs) => {
      nodes.push(node)
      return node
    },
    transformResult: async ({ result }) => result,
  }
  const db = store.db.withPlugin(recorder)
  const statements = (): readonly CompiledQuery[] => {
    const compiled = nodes.map((node) => store.db.getExecutor().compileQuery(node, createQueryId()))
    return [...new Map(compiled.map((query) => [query.sql, query])).values()].filter((query) =>
      /^(select|insert|update|delete|with)\b/i.test(query.sql),
    )
  }
  return { store: { ...store, db, transact: (work) => db.transaction().execute(work) }, statements }
}

/** Takes a mail and its letters through everything that the gateway does with them. */
async function wholePath(place: Place): Promise<void> {
  const { store } = place
  const deps = inboxDeps(place)
  const agent = { name: 'Ida', role: 'support', addresses: ['ida@desk.example'], timeZone: null }
  await addAgent(store, agent, { now, newId, brandId: 'brand' })
  const start = {
    kind: 'start-promise',
    ticketId: ids.ticket,
    promise: 'first-response',
    queue: 'support',
    promisedMs: 24 * 3_600_000,
    startedAt: now,
    dueAt: later(DAY_MS),
  } as const
  const seal = {
    kind: 'seal-credentials',
    ticketId: ids.ticket,
    field: 'credentials',
    username: 'u',
    password: 'p',
    source: 'label',
  } as const
  const attachments = [{ fileName: 'a', contentType: 'b/c', size: 1, inline: false }]
  const [letter] = await apply(store, {
    changes: [
      ...opening,
      start,
      post({ attachments }),
      { kind: 'update-ticket', ticketId: ids.ticket, state: 'open', fields: {} },
      seal,
    ],
    letters: [checklist(), acknowledgement(), notice(), answer()],
  })
  const bounced = {
    kind: 'letter-bounced',
    letterId: letter?.id as LetterId,
    outcome: 'bounced',
    suppresses: true,
    status: '5.1.1',
    diagnosticCode: null,
  } as const
  const event = { kind: 'record-event', ticketId: ids.ticket, event: 'reopened', detail: '' } as const
  await apply(store, {
    changes: [bounced, event, { kind: 'keep-promises', ticketId: ids.ticket, at: now, bankedMs: 1000 }],
    letters: [checklist()],
  })

  await put(place, 'one')
  await put(place, 'one')
  await put(place, 'two')
  const [one, two] = await claimInbox(store, { owner: 'x', now, leaseMs: 1000, limit: 2 })
  if (one === undefined || two === undefined) throw new Error('two mails are due')
  await openClaimed(store, one, deps)
  const { sender: _sender, thread: _thread, bounced: _bounced, earlier: _earlier, ...rest } = baseContext()
  const thread = {
    signed: [{ ticketNumber: 5, personId: ids.fenella }],
    messageIds: [ROOT, 'a@b'],
    tagNumbers: [1001],
    bouncedLetterId: letter?.id as LetterId,
    bouncedMessageId: null,
    messageId: 'm@x',
  }
  for (const change of [
    {},
    { messageIds: [] },
    { messageIds: [], tagNumbers: [], bouncedLetterId: null, bouncedMessageId: letter?.message_id ?? '' },
  ]) {
    for (const from of ['fenella@otterbrook-it.example', 'new@otterbrook-it.example', 'ida@desk.example']) {
      const keys = {
        inboxId: one.row.id as InboxId,
        from,
        thread: { ...thread, ...change },
        textKey: 'k',
        sameKey: 's',
        alikeKey: 'a',
        resumed: { at: now, vouched: true, as: ids.fenella, asIs: false },
        asides: {
          named: ['quill@otterbrook-it.example'],
          traces: { addresses: ['fenella@otterbrook-it.example'], domains: ['otterbrook-it.example'] },
          forwardAuthors: ['fenella@otterbrook-it.example'],
          firstLineNames: 'otterbrook-it.example',
          commands: {
            words: ['merge', 'cc'],
            otherNumber: 1001,
            namedAddress: 'fenella@otterbrook-it.example',
          },
        },
        now,
      }
      await store.transact((tx) => loadContext(tx, keys, { ...rest, deskMode: 'enforce' }))
    }
  }
  const verdict = { kind: 'held', reason: 'stranger', ticketId: null } as const
  const end = {
    verdict,
    evidence: {} as Evidence,
    ticketId: ids.ticket,
    messageId: 'm@x',
    textKey: 'k',
    from: null,
    subject: null,
    now,
  }
  await store.transact((tx) => finishInbox(tx, one, end))
  await postponeInbox(store, two, { text: 'fault', now, newId })
  await retryMail(store, one.row.id, { now, newId })

  const letters = await claimLetters(store, { owner: 'x', now, leaseMs: 1000, limit: 2 })
  for (const [i, claimed] of letters.entries()) {
    const kind = i === 0 ? 'sent' : 'failed'
    await markLetter(store, claimed, { attempt: { kind, reply: '' }, now, newId, jitter: 0 })
    await retryLetter(store, claimed.row.id, { now, newId })
  }
}

/** The steps of a plan that read a whole table. */
async function scansOf(store: Store, dialect: DialectName, query: CompiledQuery): Promise<readonly string[]> {
  if (dialect === 'sqlite') {
    const plan = await store.db.executeQuery<{ detail: string }>(
      CompiledQuery.raw(`explain query plan ${query.sql}`, [...query.parameters]),
    )
    return plan.rows.map((row) => row.detail).filter((step) => /^SCAN\b/.test(step))
  }
  return store.db.transaction().execute(async (tx) => {
    // Few rows are quicker read as a whole: what counts is whether there is another way.
    await sql`set local enable_seqscan = off`.execute(tx)
    const plan = await tx.executeQuery<{ 'QUERY PLAN': string }>(
      CompiledQuery.raw(`explain ${query.sql}`, [...query.parameters]),
    )
    const steps = plan.rows.map((row) => row['QUERY PLAN'])
    return steps.filter((step) => /Seq Scan/.test(step))
  })
}

onEachDatabase((test, dialect) => {
  test('no statement on the path of a mail reads a whole table', async ({ place }) => {
    const { store, statements } = recorded(place.store)
    await wholePath({ ...place, store })
    const found = statements()
    for (const table of [
      'address',
      'content',
      'inbox',
      'message_reference',
      'outbox',
      'participant',
      'partner_domain',
      'person',
      'promise',
      'ticket',
    ]) {
      expect(
        found.some((query) => query.sql.includes(`from "${table}"`)),
        table,
      ).toBe(true)
    }
    for (const table of ['event', 'inbox', 'outbox', 'post', 'secret', 'attachment']) {
      expect(
        found.some((query) => query.sql.startsWith(`insert into "${table}"`)),
        table,
      ).toBe(true)
    }
    const scans: string[] = []
    for (const query of found) {
      const steps = await scansOf(place.store, dialect, query)
      if (steps.length > 0) scans.push(`${query.sql}\n${steps.join('\n')}`)
    }
    expect(scans).toEqual([])
    expect(found.length).toBeGreaterThan(40)
  })

  test('a statement without an index would be found', async ({ place: { store } }) => {
    const query = store.db.selectFrom('ticket').selectAll().where('subject_stem', '=', 'x').compile()
    expect(await scansOf(store, dialect, query)).toHaveLength(1)
  })
})
