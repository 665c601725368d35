/** The clock of drafts: each reminder and each end once, whoever looks, and however often. */
import { expect } from 'vitest'
import { planDraftExpiry, planDraftReminder } from '../../src/decide/plan-clock.ts'
import { policy } from '../../src/decide/test-builders.ts'
import { type DraftClock, workDueDrafts } from '../../src/store/due-drafts.ts'
import type { Store } from '../../src/store/open.ts'
import { onEachDatabase } from './databases.ts'
import { applyDeps, now } from './desk-parts.ts'
import { apply, createTicket, ids, opening, participant } from './scene.ts'

const DAY_MS = 86_400_000

function clockAt(store: Store, days: number, change: Partial<DraftClock> = {}): DraftClock {
  const at = new Date(now.getTime() + days * DAY_MS)
  return {
    now: at,
    deskMode: 'enforce',
    deps: applyDeps(store),
    plan: (work, draft) =>
      work === 'expire'
        ? planDraftExpiry({ ...draft, now: at, policy })
        : planDraftReminder({ ...draft, now: at, policy }),
    onFault: (error) => {
      throw error
    },
    ...change,
  }
}

async function lettersOf(store: Store): Promise<readonly string[]> {
  const rows = await store.db.selectFrom('outbox').select(['letter', 'header_fields']).orderBy('id').execute()
  return rows.filter((row) => row.letter !== 'checklist').map((row) => `${row.letter} ${row.header_fields}`)
}

async function openDraft(store: Store): Promise<void> {
  await apply(store, {
    changes: [...opening, participant({ role: 'requester' })],
    letters: [checklistTo()],
  })
}

function checklistTo() {
  return {
    to: { kind: 'person' as const, personId: ids.fenella },
    ticketId: ids.ticket,
    withheld: false,
    notBefore: now,
    language: 'en',
    automatic: true,
    inReplyTo: null,
    template: 'checklist' as const,
    model: {
      items: [],
      guidance: [],
      fieldTexts: [],
      missing: [],
      round: 1,
      ticketIsOpen: false,
      promise: null,
      expiresAt: createTicket.expiresAt,
      severalCustomers: false,
    },
  }
}

onEachDatabase((test) => {
  test('Two nodes that look at once remind once, and end once, by letters that answer no mail.', async ({
    place: { store },
  }) => {
    await openDraft(store)
    expect(await workDueDrafts(store, clockAt(store, 6))).toBe(0)
    const reminded = await Promise.all([1, 2, 3].map(() => workDueDrafts(store, clockAt(store, 7.1))))
    expect(reminded.toSorted((a, b) => a - b)).toEqual([0, 0, 1])
    expect(await workDueDrafts(store, clockAt(store, 8))).toBe(0)
    const ended = await Promise.all([1, 2, 3].map(() => workDueDrafts(store, clockAt(store, 14.1))))
    expect(ended.toSorted((a, b) => a - b)).toEqual([0, 0, 1])
    expect(await workDueDrafts(store, clockAt(store, 30))).toBe(0)
    const letters = await lettersOf(store)
    expect(letters.map((letter) => letter.split(' ')[0])).toEqual(['draft-reminder', 'draft-expired'])
    for (const letter of letters) expect(letter).toContain('auto-generated')
  })

  test('After a long stop only the end is told.', async ({ place: { store } }) => {
    await openDraft(store)
    await workDueDrafts(store, clockAt(store, 40))
    expect((await lettersOf(store)).map((letter) => letter.split(' ')[0])).toEqual(['draft-expired'])
  })

  test('A requester who left, and one of an observed desk, is told nothing.', async ({
    place: { store },
  }) => {
    await openDraft(store)
    expect(await workDueDrafts(store, clockAt(store, 7.1, { deskMode: 'observe' }))).toBe(1)
    const { fenella: personId } = ids
    const address = 'fenella@otterbrook-it.example'
    await apply(store, {
      changes: [{ kind: 'leave-ticket', ticketId: ids.ticket, personId, address, successor: null }],
    })
    expect(await workDueDrafts(store, clockAt(store, 14.1))).toBe(1)
    expect(await lettersOf(store)).toEqual([])
  })
})
