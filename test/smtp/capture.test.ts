/** Letters without a relay: files that a person finds, reads and opens. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { simpleParser } from 'mailparser'
import { afterEach, expect, test } from 'vitest'
import { openCapture } from '../../src/smtp/capture.ts'
import { LETTER } from './sample-letter.ts'

const folder = mkdtempSync(join(tmpdir(), 'ticketgate-capture-'))

afterEach(() => {
  rmSync(folder, { recursive: true, force: true })
})

test('a letter becomes one whole file, named by time, ticket, the recipient’s domain and letter', async () => {
  const sent = join(folder, 'sent')
  const result = await openCapture(sent).deliver(LETTER)
  const name = '20260301-093000-TG-1042-otterbrook.example-0001k2m3n4p5q6r7.eml'
  expect(result).toEqual({ kind: 'sent', reply: `captured as ${join(sent, name)}` })
  expect(readdirSync(sent)).toEqual([name])
  expect(statSync(join(sent, name)).mode & 0o777).toBe(0o600)
  const mail = await simpleParser(readFileSync(join(sent, name)))
  expect(mail.messageId).toBe(`<${LETTER.messageId}>`)
  expect(mail.subject).toBe(LETTER.subject)
  expect(mail.text?.trim()).toBe(LETTER.text.trim())
})

test('a second try replaces the file, another letter has its own', async () => {
  const courier = openCapture(folder)
  await courier.deliver(LETTER)
  await courier.deliver(LETTER)
  await courier.deliver({ ...LETTER, letterId: '0001k2m3n4p5q6r8' })
  expect(readdirSync(folder)).toHaveLength(2)
})

test('a recipient cannot choose where the file goes', async () => {
  const to = { name: null, address: 'x@../../evil' }
  await openCapture(folder).deliver({ ...LETTER, to, subject: 'no reference' })
  expect(readdirSync(folder)).toEqual(['20260301-093000-letter-.._.._evil-0001k2m3n4p5q6r7.eml'])
})

test('a folder that cannot be written defers the letter', async () => {
  rmSync(folder, { recursive: true, force: true })
  writeFileSync(folder, 'a file stands in the way')
  const result = await openCapture(join(folder, 'sent')).deliver(LETTER)
  expect(result).toMatchObject({ kind: 'deferred', routeTrouble: true })
})
