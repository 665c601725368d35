/** The report's sums, against plain SQL; and the alarms that are raised once for their cause. */
import { sql } from 'kysely'
import { expect } from 'vitest'
import { sumReport } from '../../src/cli/report-sums.ts'
import { planPromiseCheck } from '../../src/decide/plan-promise.ts'
import { policy } from '../../src/decide/test-builders.ts'
import { dueAlarms, rememberAlarm } from '../../src/store/alarms.ts'
import { workDuePromises } from '../../src/store/due-promises.ts'
import type { Store } from '../../src/store/open.ts'
import { loadReport } from '../../src/store/report.ts'
import { onEachDatabase } from './databases.ts'
import { applyDeps, DAY_MS, later } from './desk-parts.ts'
import { apply, ids, opening } from './scene.ts'

const HOUR_MS = 3_600_000

async function start(store: Store, queue: string, startedMs: number): Promise<void> {
  const startedAt = later(startedMs)
  await apply(store, {
    changes: [
      {
        kind: 'start-promise',
        ticketId: ids.ticket,
        promise: 'first-response',
        queue,
        startedAt,
        dueAt: new Date(startedAt.getTime() + DAY_MS),
        promisedMs: DAY_MS,
      },
    ],
  })
}

async function answer(store: Store, ms: number, bankedMs: number): Promise<void> {
  await apply(store, {
    changes: [{ kind: 'keep-promises', ticketId: ids.ticket, at: later(ms), bankedMs }],
  })
}

async function look(store: Store, ms: number): Promise<number> {
  const at = later(ms)
  return workDuePromises(store, {
    now: at,
    deps: applyDeps(store),
    plan: (due) => planPromiseCheck({ ...due, now: at, policy }),
    onFault: (error) => {
      throw error
    },
  })
}

async function count(store: Store, where: string): Promise<number> {
  const found = await sql<{
    n: number | string
  }>`select count(*) as n from promise where ${sql.raw(where)}`.execute(store.db)
  return Number(found.rows[0]?.n)
}

onEachDatabase((test) => {
  test('the sums of the report are those of the promise rows', async ({ place: { store } }) => {
    await apply(store, { changes: opening })
    for (const [queue, startMs, endMs] of [
      ['support', 0, 2 * HOUR_MS],
      ['support', DAY_MS, DAY_MS + 25 * HOUR_MS],
      ['engineering', 3 * DAY_MS, 3 * DAY_MS + HOUR_MS],
    ] as const) {
      await start(store, queue, startMs)
      await answer(store, endMs, endMs - startMs)
    }
    await start(store, 'support', 5 * DAY_MS)
    const span = { from: later(-HOUR_MS), to: later(10 * DAY_MS) }
    const { all, queues } = sumReport(await loadReport(store.db, span))
    expect(all).toMatchObject({
      kept: await count(store, "state = 'kept'"),
      broken: await count(store, "state = 'broken' or broken_at is not null"),
      running: await count(store, "state in ('running', 'paused')"),
      medianHours: 2,
    })
    expect(all).toMatchObject({ kept: 2, broken: 1, running: 1 })
    expect(queues.reduce((sum, one) => sum + one.kept + one.broken + one.running, 0)).toBe(
      await count(store, '1 = 1'),
    )
    // A day later nothing of it counts any more, but what began then.
    const other = sumReport(await loadReport(store.db, { from: later(4 * DAY_MS), to: later(10 * DAY_MS) }))
    expect(other.all).toMatchObject({ kept: 0, broken: 0, running: 1, tickets: 0 })
  })

  test('each warning is told once, also when a look comes late, and the break is an alarm', async ({
    place: { store },
  }) => {
    await apply(store, { changes: opening })
    await start(store, 'support', 0)
    expect(await look(store, HOUR_MS)).toBe(0)
    expect(await look(store, 13 * HOUR_MS)).toBe(1)
    expect(await look(store, 14 * HOUR_MS)).toBe(0)
    // Down over the second warning and the end: the break alone is told.
    expect(await look(store, 30 * HOUR_MS)).toBe(1)
    expect(await look(store, 60 * HOUR_MS)).toBe(0)
    const letters = await store.db.selectFrom('outbox').select('letter').orderBy('id').execute()
    expect(letters.map(({ letter }) => letter)).toEqual(['promise-warning', 'promise-broken'])
    const at = { now: later(31 * HOUR_MS), silentHours: null }
    const [alarm, ...more] = await dueAlarms(store.db, at)
    expect(more).toEqual([])
    expect(alarm).toMatchObject({ kind: 'promise-broken', text: expect.stringContaining('TG-') })
    if (alarm !== undefined) await rememberAlarm(store, alarm)
    expect(await dueAlarms(store.db, at)).toEqual([])
    // An answer after the break leaves it broken.
    await answer(store, 61 * HOUR_MS, 61 * HOUR_MS)
    expect(await count(store, "state = 'broken'")).toBe(1)
  })

  test('a paused promise is neither warned about nor broken', async ({ place: { store } }) => {
    await apply(store, { changes: opening })
    await start(store, 'support', 0)
    await apply(store, { changes: [{ kind: 'pause-promises', ticketId: ids.ticket, bankedMs: 6 * HOUR_MS }] })
    expect(await look(store, 20 * DAY_MS)).toBe(0)
    const dueAt = later(20 * DAY_MS + 18 * HOUR_MS)
    await apply(store, {
      changes: [{ kind: 'resume-promises', ticketId: ids.ticket, at: later(20 * DAY_MS), dueAt }],
    })
    expect(await look(store, 20 * DAY_MS + 5 * HOUR_MS)).toBe(0)
    expect(await look(store, 20 * DAY_MS + 7 * HOUR_MS)).toBe(1)
    await answer(store, 20 * DAY_MS + 17 * HOUR_MS, 23 * HOUR_MS)
    expect(await count(store, "state = 'kept'")).toBe(1)
  })
})
