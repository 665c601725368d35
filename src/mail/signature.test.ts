import { describe, expect, test } from 'vitest'
import { splitText } from './quote.ts'

const BODY = 'The mailbox joe@acme.example is full and we cannot empty it.'

const SIGNATURES: readonly (readonly [string, string])[] = [
  ['RFC 3676', '-- \nPat Doe\nAcme IT'],
  ['without the space', '--\nPat Doe'],
  ['em dash', '—\nPat Doe\nCEO at Acme'],
  ['regards', 'Kind regards\nPat'],
  [
    'regards with company',
    'Best regards,\n\nPat Doe\nSenior Engineer\nAcme IT Ltd\nTel. +44 20 7946 0958\nwww.acme-it.example',
  ],
  ['regards on one line', 'Regards, Pat Doe'],
  ['thanks and a name', 'Thanks,\nPat'],
  ['thanks and a name on one line', 'Thanks, Pat'],
  ['name alone', 'Pat'],
  ['dash and name', '-Pat'],
  ['name and phone', 'Pat Doe\n+1 503 833 4350'],
  ['name, title, company', 'Pat Doe\nSupport Manager\nAcme IT'],
  [
    'German',
    'Mit freundlichen Grüßen\nPat Doe\n\nAcme GmbH\nMusterstraße 1\n12345 Musterstadt\nTelefon: 030 1234567',
  ],
  ['German, short', 'VG Pat'],
  ['Austrian', 'Mit besten Grüßen\nPat'],
  ['French', 'Cordialement,\nPat Doe'],
  ['Spanish', 'Un saludo,\nPat'],
  ['Portuguese', 'Atenciosamente,\nPat Doe'],
  ['Italian', 'Cordiali saluti\nPat Doe'],
  ['Dutch', 'Met vriendelijke groet,\nPat'],
  ['Swedish', 'Med vänliga hälsningar\nPat'],
  ['Danish', 'Venlig hilsen\nPat'],
  ['Norwegian', 'Mvh\nPat'],
  ['Finnish', 'Ystävällisin terveisin\nPat'],
  ['Polish', 'Pozdrawiam\nPat'],
  ['Czech', 'S pozdravem\nPat'],
  ['Hungarian', 'Üdvözlettel:\nPat'],
  ['Turkish', 'Saygılarımla\nPat'],
  ['Russian', 'С уважением,\nПат Доу'],
  ['Japanese', 'よろしくお願いいたします。\n山田'],
  ['Chinese', '祝好\n王伟'],
  ['iPhone', 'Sent from my iPhone'],
  ['iPhone de', 'Von meinem iPhone gesendet'],
  ['iPhone fr', 'Envoyé de mon iPhone'],
  ['iPhone es', 'Enviado desde mi iPhone'],
  ['iPhone it', 'Inviato da iPhone'],
  ['iPhone nl', 'Verstuurd vanaf mijn iPhone'],
  ['iPhone sv', 'Skickat från min iPhone'],
  ['iPhone da', 'Sendt fra min iPhone'],
  ['iPhone fi', 'Lähetetty iPhonesta'],
  ['iPhone pl', 'Wysłane z iPhone’a'],
  ['iPhone pt', 'Enviado do meu iPhone'],
  ['iPhone ru', 'Отправлено с iPhone'],
  ['iPhone ja', 'iPhoneから送信'],
  ['iPhone zh', '发自我的 iPhone'],
  ['iPhone ko', '나의 iPhone에서 보냄'],
  ['Outlook app', 'Get Outlook for iOS<https://aka.ms/o0ukef>'],
  ['Outlook app de', 'Holen Sie sich Outlook für Android<https://aka.ms/ghei36>'],
  ['Samsung', 'Sent from my Galaxy S9, please excuse typos.'],
  ['unlisted device', 'Sent from my TI-85'],
  ['Windows Mail', 'Sent from Mail for Windows'],
  ['Yahoo', 'Sent from Yahoo Mail on Android'],
  [
    'list footer',
    '_______________________________________________\nusers mailing list\nusers@lists.example\nhttps://lists.example/listinfo/users',
  ],
  [
    'disclaimer',
    'This e-mail is confidential and intended solely for the intended recipient. If you have received it in error, notify the sender and delete it.',
  ],
  [
    'disclaimer de',
    'Diese E-Mail enthält vertrauliche Informationen. Wenn Sie nicht der richtige Adressat sind, vernichten Sie bitte diese Mail.',
  ],
  [
    'regards and disclaimer',
    'Regards\nPat\n\nCONFIDENTIALITY NOTICE: This message is for the named recipient.',
  ],
  ['regards, delimiter, phone line', 'Best regards,\nPat\n\n-- \nPat Doe\nAcme IT\n\nSent from my iPhone'],
]

describe('signatures', () => {
  test.each(SIGNATURES)('%s is cut', (_, signature) => {
    expect(splitText(`${BODY}\n\n${signature}\n`)).toEqual({
      newText: BODY,
      quotedText: null,
      signature: signature.trimEnd(),
    })
  })

  test.each(SIGNATURES)('%s is cut above a quote', (_, signature) => {
    const quote = 'On 03/02/2025 09:30, Desk wrote:\n> Hello'
    expect(splitText(`${BODY}\n\n${signature}\n\n${quote}\n`)).toEqual({
      newText: BODY,
      quotedText: quote,
      signature: signature.trimEnd(),
    })
  })
})

describe('what only looks like a signature stays typed text', () => {
  test.each([
    ['names that were announced', 'It fails for the users below.\n\nPat Doe\nAnn Doe'],
    ['a name that was announced', 'Only one user is affected.\n\nPat Doe'],
    ['a person with a password', 'Please log in as him.\n\nPat Doe\npat@acme.example\nPassw0rd!'],
    ['answers', 'Mail client:\n\nOutlook'],
    ['a lone value below a sentence', 'This is the program that he uses all day.\n\nOutlook'],
    ['programs, one a line', 'These are the programs he uses.\n\nWindows\nOutlook'],
    ['a label with its value below', 'The password you asked for.\n\nPassword:\nSommer'],
    ['values one a line', 'Here is what you asked for.\n\nacme.example\njoe@acme.example\nSommer2024'],
    ['an address and a password of digits', 'Here is what you asked for.\n\njoe@acme.example\n12345678'],
    [
      'a form parted by dashes',
      'Partner Domain: a.example\n--\nCustomer Domain: acme.example\nUser: joe\nPassword: x',
    ],
    [
      'a Markdown rule',
      'First part of the text.\n\n---\n\nThe second part is long enough to be a sentence of its own, is it not?',
    ],
    ['a list of dashes', "I'm writing because of:\n-- first point\n-- second point"],
    ['thanks alone', 'It works again.\n\nThanks!'],
    ['closing words alone', 'Thanks, works again'],
    ['a name alone', 'Pat'],
    ['sent from as a sentence', 'Here is another one.\n\nSent from my desk, is much easier than my phone.'],
    ['sent from as a symptom', 'Look at this case:\n\nSent from Outlook but never received.'],
    [
      'phone as a symptom',
      'Two devices are concerned.\n\nVon meinem iPhone aus geht es seit gestern nicht mehr.',
    ],
    [
      'a sentence that starts with best',
      'Two things.\n\nBest of all, the mailbox works again since yesterday.',
    ],
    [
      'regards in a sentence',
      'One question remains open.\n\nRegards the second mailbox, nothing was done yet.',
    ],
    [
      'a log',
      'This is what it prints:\n\nReading Package Lists... Done\nroot@host:/tmp # apt-get install x\nBuilding Dependency Tree... Done',
    ],
    ['a sentence about confidential mail', 'The customer sends confidential mail. It must not bounce.'],
  ])('%s', (_, text) => {
    expect(splitText(text)).toEqual({ newText: text, quotedText: null, signature: null })
  })

  test('a form below the closing stays, the closing goes', () => {
    const split = splitText(
      'Please help, see below.\n\nKind regards\nPat\n\nCustomer domain: acme.example\nPassword: Sommer',
    )
    expect(split.newText).toBe('Please help, see below.\n\n\nCustomer domain: acme.example\nPassword: Sommer')
    expect(split.signature).toBe('Kind regards\nPat')
  })

  test('a postscript below the closing stays', () => {
    const split = splitText(`${BODY}\n\nKind regards\nPat\n\nPS: it also happens with ann@acme.example.`)
    expect(split.newText).toContain('PS: it also happens with ann@acme.example.')
    expect(split.signature).toBe('Kind regards\nPat')
  })

  test('a form below the line of a phone stays', () => {
    const split = splitText(
      `${BODY}\n\nSent from my iPhone\n\nCustomer domain: acme.example\nPassword: Sommer`,
    )
    expect(split.newText).toContain('Password: Sommer')
    expect(split.signature).toBe('Sent from my iPhone')
  })
})
