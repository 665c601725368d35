/**
 * Golden conversations: each folder is a script of mails in order, with what a fair human expects after each. They run
 * on SQLite and on PostgreSQL.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { onEachDatabase, type Place } from '../store/databases.ts'
import { type Did, expectEnd, expectStep } from './expect-step.ts'
import { fill } from './placeholders.ts'
import { type MailStep, readScript, type Script, type Step } from './script.ts'
import { openStage, type Stage } from './stage.ts'

const FOLDER = fileURLToPath(new URL('.', import.meta.url))
const names = readdirSync(FOLDER, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map((entry) => entry.name)

onEachDatabase((test) => {
  for (const name of names) {
    const script = readScript(join(FOLDER, name))
    test(`${name}: ${script.about}`, ({ place }) => play(name, script, place))
  }
})

async function play(name: string, script: Script, place: Place): Promise<void> {
  const stage = await openStage(script, { folder: join(place.folder, 'desk'), database: place.url })
  const known = { db: place.store.db, tickets: new Map<string, string>(), mails: [] as string[] }
  try {
    for (const [at, step] of script.steps.entries()) {
      const title = `${name}, step ${at + 1}`
      const before = await newestLetterId(place)
      const did = await take(step, { folder: join(FOLDER, name), stage, known })
      await expectStep(step.expect, { title, before, did, known })
      await stage.deliver()
    }
    await expectEnd(script.end, name, known)
  } finally {
    await stage.close()
  }
}

async function newestLetterId({ store }: Place): Promise<string> {
  const row = await store.db
    .selectFrom('outbox')
    .select('id')
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row?.id ?? ''
}

type Scene = {
  readonly folder: string
  readonly stage: Stage
  readonly known: Parameters<typeof fill>[1] & { readonly mails: string[] }
}

async function take(step: Step, { folder, stage, known }: Scene): Promise<Did> {
  if ('wait' in step) {
    await stage.moveClock(milliseconds(step.wait))
    return { inboxId: null, command: null }
  }
  if ('make' in step) {
    const { ticket, state } = step.make
    const id = known.tickets.get(ticket) ?? ticket
    await known.db.updateTable('ticket').set({ state }).where('id', '=', id).execute()
    // Whatever ended a ticket kept or ended its promises.
    await known.db.updateTable('promise').set({ state: 'kept' }).where('ticket_id', '=', id).execute()
    return { inboxId: null, command: null }
  }
  if ('command' in step) {
    const words = await Promise.all(step.command.map((word) => fill(word, known)))
    const command = await stage.command(words)
    await stage.decideWaiting()
    return { inboxId: null, command }
  }
  const inboxId = await stage.receive(step, await mailOf(step, folder, known))
  known.mails.push(inboxId)
  return { inboxId, command: null }
}

async function mailOf(step: MailStep, folder: string, known: Scene['known']) {
  const content = await fill(readFileSync(join(folder, step.mail), 'utf8'), known)
  const author = /^From:[^\r\n]*?([^\s<>"]+@[^\s<>"]+?)>?\r?$/im.exec(content)?.[1] ?? null
  const to = await Promise.all(step.to.map((address) => fill(address, known)))
  const from = step.from === undefined ? author : step.from === null ? null : await fill(step.from, known)
  return { content, from, to }
}

const UNITS = { day: 86_400_000, hour: 3_600_000, minute: 60_000 }

function milliseconds(text: string): number {
  const [count = '0', unit = 'minute'] = text.split(' ')
  return Number(count) * UNITS[unit.replace(/s$/, '') as keyof typeof UNITS]
}
