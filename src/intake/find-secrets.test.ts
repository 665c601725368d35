import { describe, expect, it } from 'vitest'
import type { Mail } from '../mail/mail.ts'
import { mailOfText, NO_HINTS, shippedPolicy } from './mail-of-text.ts'
import { MASK, maskSecrets } from './mask.ts'
import { readSubmission } from './read.ts'

const policy = shippedPolicy()
const SECRET = 'Rye+Bread9'

const PLACES: readonly [string, string, Partial<Mail>][] = [
  ['after a label', `Password: ${SECRET}`, {}],
  ['beside a user name', `User Credentials: oven@bakery-lane.example / ${SECRET}`, {}],
  ['in a sentence', `You may use oven@bakery-lane.example, the password is ${SECRET}.`, {}],
  ['in the subject', 'Hello', { subject: `login oven@bakery-lane.example / ${SECRET} fails` }],
  [
    'in a quote',
    `> > User Credentials: oven@bakery-lane.example / ${SECRET}\n\nThanks`,
    { newText: 'Thanks', quotedText: `> > User Credentials: oven@bakery-lane.example / ${SECRET}` },
  ],
  [
    'in a quote without marks',
    `Thanks\n\nFrom: Robin\nPassword: ${SECRET}`,
    { newText: 'Thanks', quotedText: `From: Robin\nPassword: ${SECRET}` },
  ],
  ['in a table', `Password\t${SECRET}`, { tableRows: [['Password', SECRET]] }],
  [
    'in an attachment',
    'see file',
    {
      attachments: [
        {
          fileName: 'a.txt',
          contentType: 'text/plain',
          size: 9,
          inline: false,
          sha256: '00',
          text: `mot de passe : ${SECRET}`,
        },
      ],
    },
  ],
  [
    'in a forward',
    'see below',
    {
      forwarded: {
        from: null,
        subject: null,
        date: null,
        messageId: null,
        text: `Hi, my Passwort ist ${SECRET}`,
      },
    },
  ],
  ['in German prose', `Benutzer oven@bakery-lane.example, Kennwort ${SECRET}, geht nicht`, {}],
  ['in Spanish prose', `usuario oven@bakery-lane.example y contraseña ${SECRET}`, {}],
  ['in Japanese', `パスワード：${SECRET}`, {}],
  ['in the steps', `Steps taken: logged in as oven@bakery-lane.example with pw ${SECRET}, same`, {}],
  ['with two passwords', `Password: other-Pass1\nUser: b@c.example\nPassword: ${SECRET}`, {}],
]

describe('secrets', () => {
  it.each(PLACES)('are found %s', (_place, text, parts) => {
    const mail = mailOfText(text, parts)
    const reading = readSubmission(mail, policy, NO_HINTS)
    expect(reading.secrets).toContain(SECRET)
    for (const part of [mail.text, mail.newText, mail.quotedText ?? '', mail.subject ?? '']) {
      expect(maskSecrets(part, reading.secrets)).not.toContain(SECRET)
    }
  })

  it('are none where people only talk about passwords', () => {
    const text =
      'The password prompt comes back. The password is not accepted, the user forgot the password and a password reset fails.'
    expect(readSubmission(mailOfText(text), policy, NO_HINTS).secrets).toEqual([])
  })
})

describe('maskSecrets', () => {
  it.each([
    ['a long secret anywhere', 'xRye+Bread9x', ['Rye+Bread9'], `x${MASK}x`],
    ['the longer of two that overlap', 'abcdef123', ['abc', 'abcdef123'], MASK],
    ['a short word only by itself', 'a cat in concat', ['cat'], `a ${MASK} in concat`],
    ['nothing for an empty secret', 'text', [''], 'text'],
  ])('masks %s', (_name, text, secrets, masked) => {
    expect(maskSecrets(text, secrets)).toBe(masked)
  })
})
