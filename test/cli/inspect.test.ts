/** `inspect --json` prints what other programs read: every key for every sample, passwords masked unless asked for. */
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { PASSWORD, writeMail } from '../gateway/write-mail.ts'
import { expectOneLine, jsonLines, makePlace } from './try-command.ts'

const samples = fileURLToPath(new URL('../samples/intake/', import.meta.url))
const KEYS = [
  'file',
  'messageId',
  'subject',
  'from',
  'to',
  'cc',
  'date',
  'kind',
  'inReplyTo',
  'references',
  'text',
  'replyText',
  'quotedText',
  'signature',
  'forwarded',
  'attachments',
  'bounce',
  'fields',
  'three_rs',
  'missing',
  'warnings',
]
const THREE_RS = [
  'os',
  'mail_client',
  'reproducible',
  'services',
  'dns_checked',
  'owa_checked',
  'server_rules_checked',
  'local_rules_checked',
  'kb_searched',
  'seen_before',
]
const FIELDS = [
  'partner_domain',
  'control_panel_url',
  'customer_domain',
  'credentials',
  'details',
  'steps_taken',
]
const names = readdirSync(samples).filter((name) => name.endsWith('.eml'))

type Sample = {
  readonly missing: readonly string[]
  readonly either?: readonly string[]
  readonly fields: { readonly credentials: { username: string; password: string | null } | null }
}

const sampleOf = (name: string): Sample =>
  JSON.parse(readFileSync(`${samples}${name.replace(/\.eml$/, '.json')}`, 'utf8')) as Sample

const place = makePlace()
let masked: readonly Record<string, unknown>[]
let revealed: readonly Record<string, unknown>[]
beforeAll(async () => {
  masked = jsonLines(await place.ok(['inspect', '--json', samples]))
  revealed = jsonLines(await place.ok(['inspect', '--json', '--reveal', samples]))
})
afterAll(() => place.remove())

test('A folder is its mails, in order, one object a line.', () => {
  expect(masked.map((row) => String(row['file']).split('/').at(-1))).toEqual(names.toSorted())
})

test.each(names.map((name, at) => [name, at] as const))(
  '%s has every key, and its missing fields.',
  (name, at) => {
    const row = masked[at] ?? {}
    expect(Object.keys(row)).toEqual(KEYS)
    expect(row['kind']).toBe('submission')
    expect(row['bounce']).toBe(null)
    expect(Object.keys(row['three_rs'] ?? {})).toEqual(THREE_RS)
    const given = Object.keys(row['fields'] ?? {})
    expect(given).toEqual(FIELDS.filter((field) => given.includes(field)))
    const { missing, either = [] } = sampleOf(name)
    const counts = (field: string): boolean => !either.includes(field)
    expect((row['missing'] as string[]).filter(counts).toSorted()).toEqual(missing.filter(counts).toSorted())
  },
)

test.each(names.map((name, at) => [name, at] as const))(
  '%s shows its password only with --reveal.',
  (name, at) => {
    const password = sampleOf(name).fields.credentials?.password ?? null
    if (password === null) return
    expect(JSON.stringify(masked[at])).not.toContain(JSON.stringify(password).slice(1, -1))
    expect(masked[at]).toMatchObject({ fields: { credentials: { value: { password: '••••••••' } } } })
    expect(revealed[at]).toMatchObject({ fields: { credentials: { value: { password } } } })
  },
)

describe('single mails', () => {
  test('An unreadable mail has every key, and is no failure.', async () => {
    const file = place.write(
      'torture.eml',
      writeMail({ from: 'a@b.example', text: 'x', headerFields: { 'X-Long': 'a'.repeat(2_000_000) } }),
    )
    const [row] = jsonLines(await place.ok(['inspect', '--json', file]))
    expect(Object.keys(row ?? {})).toEqual(KEYS)
    expect(row).toMatchObject({
      kind: 'unreadable',
      file,
      from: { name: null, address: 'a@b.example' },
      fields: {},
      missing: [],
    })
    expect(row?.['warnings']).toHaveLength(1)
    expect(Object.keys(row?.['three_rs'] ?? {})).toEqual(THREE_RS)
  })

  test('Standard input is "-"; a mail of nothing has no date and no sender.', async () => {
    const [row] = jsonLines(await place.ok(['inspect', '--json', '-'], ''))
    expect(Object.keys(row ?? {})).toEqual(KEYS)
    expect(row).toMatchObject({ file: '-', from: null, date: null, messageId: null, subject: null, text: '' })
  })

  test.each([
    ['thread/03-vacation/02-auto-rfc3834.eml', 'auto-reply'],
    ['thread/03-vacation/04-auto-no-header.eml', 'auto-reply'],
    ['thread/04-bounce/02-dsn-headers.eml', 'bounce'],
  ])('%s is of kind %s.', async (name, kind) => {
    const file = fileURLToPath(new URL(`../samples/${name}`, import.meta.url))
    const [row] = jsonLines(await place.ok(['inspect', '--json', file]))
    expect(Object.keys(row ?? {})).toEqual(KEYS)
    expect(row).toMatchObject({ kind })
    if (kind === 'bounce') {
      expect(row?.['bounce']).toEqual({
        recipients: ['olddesk@ferncliffe-host.example'],
        status: '5.1.1',
        action: 'failed',
        diagnostic: 'smtp; 550 5.1.1 User unknown',
        originalMessageId: 'checklist-0401@placeholder.invalid',
      })
    }
  })

  test('The page for people masks too, and says what is missing.', async () => {
    const mail = writeMail({ from: 'a@b.example', text: `User Credentials: u@c.example / ${PASSWORD}` })
    const page = await place.ok(['inspect', '-'], mail)
    expect(page).toContain('••••••••')
    expect(page).not.toContain(PASSWORD)
    expect(page).toContain('missing')
    expect(await place.ok(['inspect', '--reveal', '-'], mail)).toContain(PASSWORD)
  })

  test('Nothing is stored: no database, no key ring.', () => {
    expect(readdirSync(`${place.folder}/data`)).toEqual([])
  })

  test('A file that is not there is a bad command line.', async () => {
    expectOneLine(await place.run(['inspect', '--json', 'absent.eml']), 2, 'cannot open absent.eml')
  })
})
