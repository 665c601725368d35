/** `ticketgate rehearse` as a process, on every shape of one made mailbox. */
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { parse } from 'yaml'
import type { Report } from '../../src/rehearse/report.ts'
import { expectOneLine, makePlace, type Place } from '../cli/try-command.ts'
import { runCommand } from '../support/gateway-process.ts'
import { DESK, EXPECTED, madeMailbox, mboxOf, SECRETS, writeFolder, writeMaildir } from './made-mailbox.ts'

const mails = madeMailbox()
let place: Place
let temporary: string

beforeAll(() => {
  place = makePlace()
  temporary = join(place.folder, 'tmp')
  mkdirSync(temporary)
})
afterAll(() => place.remove())

/** Runs the command with a temporary folder of its own, and expects that nothing is left in it. */
async function rehearse(args: readonly string[], stdin?: string) {
  const done = await runCommand(['rehearse', ...args, '--config', place.configFile], {
    cwd: place.folder,
    env: { TMPDIR: temporary },
    ...(stdin === undefined ? {} : { stdin }),
  })
  expect(readdirSync(temporary)).toEqual([])
  for (const secret of SECRETS) expect(done.stdout + done.stderr).not.toContain(secret)
  return done
}

async function reportOf(args: readonly string[], stdin?: string): Promise<Report> {
  const done = await rehearse([...args, '--json', '--desk', DESK], stdin)
  expect(done.code, done.stderr).toBe(0)
  expect(done.stdout.trim().split('\n')).toHaveLength(1)
  return JSON.parse(done.stdout) as Report
}

function expectCounts(report: Report): void {
  const { found, ownReplies, copies, decided, threads, atOnce, afterAsking, neverComplete, withdrawn } =
    EXPECTED
  expect(report.mails).toEqual({ found, decided, ownReplies, copies, leftOut: 0, faults: 0 })
  expect(report.threads).toEqual({
    found: threads,
    acceptedAtOnce: atOnce,
    acceptedAfterAsking: afterAsking,
    askedBack: threads - atOnce,
    withdrawn,
    neverComplete,
    firstTimeComplete: atOnce / threads,
  })
}

test('the made mailbox has as many mails as its counts say', () => {
  expect(mails).toHaveLength(EXPECTED.found)
})

test('a folder is reported with the right counts, reasons and examples', async () => {
  const report = await reportOf([writeFolder(join(place.folder, 'folder'), mails)])
  expectCounts(report)
  expect(report.kind).toBe('folder')
  expect(report.since).toBe('2026-03-02T08:00:00.000Z')
  expect(report.hints).toEqual([])
  expect(Object.fromEntries(report.outcomes.map((one) => [one.outcome, one.mails]))).toEqual({
    'new-ticket': 20,
    incomplete: 14,
    'completes-draft': 8,
    reply: 1,
    automatic: 4,
    bounce: 1,
    held: 2,
  })
  expect(report.missed.map((one) => [one.field, one.threads])).toEqual([
    ['credentials', 14],
    ['steps_taken', 14],
  ])
  expect(report.setAside.map((row) => [row.outcome, row.reason, row.mails])).toEqual([
    ['held', 'stranger', 1],
    ['held', 'several-authors', 1],
    ['automatic', 'auto-submitted', 4],
    ['bounce', 'bounce', 1],
  ])
  const automatic = report.setAside.find((row) => row.outcome === 'automatic')
  expect(automatic?.examples).toHaveLength(3)
  expect(automatic?.examples[0]).toMatchObject({
    from: '…@otterbrook.example',
    subject: 'Automatic reply: Password: ••••••••',
  })
  const otterbrook = report.partners.find((one) => one.name === 'otterbrook.example')
  expect(otterbrook).toMatchObject({
    found: 10,
    acceptedAtOnce: 5,
    acceptedAfterAsking: 2,
    neverComplete: 2,
    withdrawn: 1,
  })
})

test('a Maildir and an mbox with either line end give the same counts', async () => {
  expectCounts(await reportOf([writeMaildir(join(place.folder, 'maildir'), mails)]))
  for (const newline of ['\n', '\r\n'] as const) {
    const report = await reportOf([place.write('old.mbox', mboxOf(mails, newline))])
    expect(report.kind).toBe('mbox')
    expectCounts(report)
  }
})

test('standard input takes an mbox or one mail', async () => {
  const report = await reportOf(['-'], mboxOf(mails, '\n'))
  expect(report.mailbox).toBe('standard input')
  expectCounts(report)
  const one = await reportOf(['-'], mails[0]?.content)
  expect([one.kind, one.mails.found, one.threads.acceptedAtOnce]).toEqual(['mail', 1, 1])
})

test('the terminal gets tables, the page holds no script, no reference elsewhere and no secret', async () => {
  const folder = writeFolder(join(place.folder, 'folder'), mails)
  const page = join(place.folder, 'report.html')
  const done = await rehearse([folder, '--desk', DESK, '--html', page])
  expect(done.code, done.stderr).toBe(0)
  expect(done.stdout).toContain('34 threads: 20 (59 %) complete with the first mail')
  expect(done.stdout).toMatch(/accepted at once +█+·+ +20 +59 %/)
  expect(done.stdout).toMatch(/otterbrook\.example +\d+ +10 +5 +2 +2 /)
  expect(done.stderr).toBe(`wrote ${page}\n`)
  const html = readFileSync(page, 'utf8')
  const tags = [...html.matchAll(/<([a-z0-9]+)([^>]*)>/g)]
  const used = new Set(tags.map(([, name]) => name))
  for (const name of ['script', 'link', 'img', 'iframe', 'object', 'a', 'form'])
    expect(used).not.toContain(name)
  for (const [, , attributes] of tags) expect(attributes).not.toMatch(/\s(src|href|style|on\w+)\s*=/i)
  expect(html).not.toMatch(/@import|url\(/)
  expect(html).not.toMatch(/https?:/)
  expect(html).toContain('&lt;img src=x onerror=alert(1)&gt;')
  expect(html).toContain('<svg class="bar"')
  for (const secret of SECRETS) expect(html).not.toContain(secret)
  for (const found of html.matchAll(/aria-labelledby="([^"]+)"/g))
    expect(html).toContain(`id="${found[1] ?? ''}"`)
})

test('the proposed register names partners, people and panels, whoever wrote most first, and nobody of the desk', async () => {
  const file = join(place.folder, 'register.yaml')
  const folder = writeFolder(join(place.folder, 'folder'), mails)
  const done = await rehearse([folder, '--desk', DESK, '--register', file])
  expect(done.code, done.stderr).toBe(0)
  const text = readFileSync(file, 'utf8')
  const register = parse(text) as { format: number; partners: Record<string, unknown>[] }
  expect(register.format).toBe(1)
  expect(register.partners.map((one) => one['name'])).toEqual([
    'otterbrook.example',
    'alderbrook.example',
    'ferncliffe.example',
    'gorseandheath.example',
  ])
  expect(register.partners[0]).toEqual({
    name: 'otterbrook.example',
    seen: 13,
    lastSeen: '2026-03-04',
    language: 'en',
    domains: [{ domain: 'otterbrook.example', seen: 13 }],
    people: [
      { address: 'fenella@otterbrook.example', name: 'Fenella Marsh', seen: 5 },
      { address: 'marisol@otterbrook.example', seen: 4 },
      { address: 'teodor@otterbrook.example', seen: 4 },
    ],
    controlPanelUrls: [{ url: 'https://cp.otterbrook.example', seen: 10 }],
  })
  for (const secret of SECRETS) expect(text).not.toContain(secret)
  expect(text).not.toContain('old-desk.example')
})

test('without --desk the report says which address is likely the desk', async () => {
  const done = await rehearse([writeFolder(join(place.folder, 'folder'), mails), '--json'])
  expect((JSON.parse(done.stdout) as Report).hints).toEqual([expect.stringContaining(`--desk ${DESK}`)])
})

test('--registered takes only whom the real register knows, and leaves the real database as it was', async () => {
  const folder = writeFolder(join(place.folder, 'folder'), mails)
  const database = join(place.folder, 'data', 'ticketgate.db')
  expect(existsSync(database)).toBe(false)
  expectOneLine(await rehearse([folder, '--registered']), 69, 'there is no database')
  await rehearse([folder])
  expect(existsSync(database)).toBe(false)
  await place.ok(['partner', 'add', 'Otterbrook Ltd', '--domain', 'otterbrook.example', '--mode', 'advise'])
  const before = fingerprint(database)
  const report = await reportOf([folder, '--registered'])
  expect(fingerprint(database)).toBe(before)
  expect(report.partners.map((one) => one.name)).toEqual(['Otterbrook Ltd'])
  expect(report.threads).toMatchObject({ found: 10, acceptedAtOnce: 5, acceptedAfterAsking: 2 })
  expect(report.setAside.find((row) => row.reason === 'stranger')?.mails).toBe(31)
})

function fingerprint(file: string): string {
  return createHash('sha256').update(readFileSync(file)).digest('hex')
}

test('what cannot be rehearsed is told in one line', async () => {
  expectOneLine(await rehearse([join(place.folder, 'nowhere')]), 2, 'cannot open')
  expectOneLine(await rehearse(['-'], ''), 2, 'standard input is empty')
  expectOneLine(await rehearse([place.folder, '--desk', 'nobody']), 2, 'no mail address')
  const file = place.write('one.eml', mails[0]?.content ?? '')
  expectOneLine(await rehearse([file, '--html', join(place.folder, 'no/such/page.html')]), 73, 'cannot write')
})
