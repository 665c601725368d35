/** Our own checklist, pasted into a new mail without quote marks: what it says of itself answers nothing. */
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { NO_HINTS, shippedPolicy } from '../../src/intake/mail-of-text.ts'
import { readSubmission } from '../../src/intake/read.ts'
import { loadLetters } from '../../src/letters/load.ts'
import { samplesOf } from '../../src/letters/sample-models.ts'
import { parseMail } from '../../src/mail/parse.ts'

const policy = shippedPolicy()
const letters = loadLetters({
  shipped: join(import.meta.dirname, '../../templates'),
  override: null,
  brand: { name: 'Hosting Desk', url: null, logoText: 'Hosting', accentColour: '#1f5f8b' },
})

const pasted = letters.languages.flatMap((language) =>
  samplesOf('checklist', letters.fieldTexts(language)).map(({ title, model, head }) => ({
    label: `${language} ${title}`,
    model,
    letter: letters.render('checklist', model, { ...head, language }),
  })),
)

const acknowledged = letters.languages.flatMap((language) =>
  samplesOf('acknowledgement', letters.fieldTexts(language)).map(({ title, model, head }) => ({
    label: `${language} ${title}`,
    letter: letters.render('acknowledgement', model, { ...head, language }),
  })),
)

async function missingOf(type: 'plain' | 'html', body: string): Promise<readonly string[]> {
  const content = [
    'From: Rhea Marsh <rhea@quillpoint.example>',
    'Subject: Ticket',
    `Content-Type: text/${type}; charset=utf-8`,
    '',
    body,
  ].join('\r\n')
  const mail = await parseMail(Buffer.from(content), { reversePath: 'rhea@quillpoint.example' })
  if (mail.kind !== 'mail') throw new Error(mail.reason)
  return readSubmission(mail, policy, NO_HINTS).missing
}

const ANSWERS: Readonly<Record<string, string>> = {
  partner_domain: 'quillpoint.example',
  control_panel_url: 'https://cp.quillpoint.example',
  customer_domain: 'redkite.example',
  credentials: 'info@redkite.example / Kite;4711',
  details: 'Outlook shows error 0x800CCC0F whenever she sends a mail.',
  steps_taken: 'We tested in webmail and made the account again.',
}

test.each(pasted)(
  'A pasted checklist answers nothing that it asks for ($label).',
  async ({ model, letter }) => {
    const { missing } = model
    expect((await missingOf('plain', letter.text)).toSorted()).toEqual(expect.arrayContaining([...missing]))
    expect((await missingOf('html', letter.html)).toSorted()).toEqual(expect.arrayContaining([...missing]))
  },
)

test.each(pasted)('A pasted checklist that was filled in is read ($label).', async ({ model, letter }) => {
  let text = letter.text
  for (const { name, title } of model.fieldTexts.filter((one) => model.missing.includes(one.name)))
    text = text.replace(
      new RegExp(`^ {4}${title.replace(/[.*+?^${}()|[\]\\]/gu, '\\$&')} ?[:：]$`, 'mu'),
      `$& ${ANSWERS[name]}`,
    )
  expect(text).not.toBe(letter.text)
  const missing = await missingOf('plain', text)
  expect(missing.filter((name) => model.missing.includes(name))).toEqual([])
})

test.each(acknowledged)('A pasted acknowledgement gives no password ($label).', async ({ letter }) => {
  expect(await missingOf('plain', letter.text)).toContain('credentials')
  expect(await missingOf('html', letter.html)).toContain('credentials')
})
