import { array, assert, constantFrom, property, string, tuple } from 'fast-check'
import { describe, expect, test } from 'vitest'
import { interleaved, splitText } from './quote.ts'

const QUOTE = '> Which domain is it?\n>\n> Support'
const OLD = 'Which domain is it?\n\nSupport'

// What mail clients write above the mail that is answered, in the languages of the table.
const ATTRIBUTIONS: readonly (readonly [string, string])[] = [
  ['Gmail en', 'On Mon, Feb 3, 2025 at 9:30 AM Level 2 Support <desk@hub.example> wrote:'],
  [
    'Gmail en, wrapped before the address',
    'On Mon, Feb 3, 2025 at 9:30 AM Level 2 Support <\ndesk@hub.example> wrote:',
  ],
  [
    'Gmail en, verb on its own line',
    'On Mon, Feb 3, 2025 at 9:30 AM Level 2 Support <desk@hub.example>\nwrote:',
  ],
  [
    'three lines',
    'On Monday, February 3, 2025 9:30 AM, Level 2 Support\n<a.very.long.address.of.the.desk@hub.example>\nwrote:',
  ],
  ['Apple Mail en', 'On 3 Feb 2025, at 09:30, Level 2 Support <desk@hub.example> wrote:'],
  ['Thunderbird en', 'On 03/02/2025 09:30, Level 2 Support wrote:'],
  ['Thunderbird de', 'Am 03.02.2025 um 09:30 schrieb Level 2 Support:'],
  ['Gmail de', 'Am Mo., 3. Feb. 2025 um 09:30 Uhr schrieb Level 2 Support <desk@hub.example>:'],
  ['Apple Mail de', 'Am 03.02.2025 um 09:30 schrieb Level 2 Support <desk@hub.example>:'],
  [
    'Inbox de, verb in the middle',
    'Level 2 Support <desk@hub.example> schrieb am Mo., 3.\nFeb. 2025 um 09:30 Uhr:',
  ],
  ['Gmail fr', 'Le lun. 3 févr. 2025 à 09:30, Level 2 Support <desk@hub.example> a écrit :'],
  ['Apple Mail fr, wrapped', 'Le 3 févr. 2025 à 09:30, Level 2 Support <desk@hub.example>\na écrit :'],
  ['Gmail es', 'El lun, 3 feb 2025 a las 9:30, Level 2 Support (<desk@hub.example>) escribió:'],
  ['Gmail pt-BR', 'Em seg., 3 de fev. de 2025 às 09:30, Level 2 Support <desk@hub.example> escreveu:'],
  ['Gmail pt', 'Level 2 Support <desk@hub.example> escreveu (segunda, 3/02/2025 à(s) 09:30):'],
  ['Gmail it', 'Il giorno lun 3 feb 2025 alle ore 09:30 Level 2 Support <desk@hub.example> ha scritto:'],
  ['Gmail nl', 'Op ma 3 feb 2025 om 09:30 schreef Level 2 Support <desk@hub.example>:'],
  [
    'Apple Mail nl',
    'Op 3 feb. 2025, om 09:30 heeft Level 2 Support <desk@hub.example> het volgende geschreven:',
  ],
  ['Gmail sv', 'Den mån 3 feb. 2025 kl 09:30 skrev Level 2 Support <desk@hub.example>:'],
  ['Apple Mail sv', '3 feb. 2025 kl. 09:30 skrev Level 2 Support <desk@hub.example>:'],
  ['Gmail da', 'Den man. 3. feb. 2025 kl. 09.30 skrev Level 2 Support <desk@hub.example>:'],
  ['Gmail no', 'man. 3. feb. 2025 kl. 09:30 skrev Level 2 Support <desk@hub.example>:'],
  ['Gmail fi', 'ma 3. helmik. 2025 klo 9.30 Level 2 Support (desk@hub.example) kirjoitti:'],
  ['Gmail pl', 'pon., 3 lut 2025 o 09:30 Level 2 Support <desk@hub.example> napisał(a):'],
  ['Thunderbird pl', 'W dniu 3.02.2025 o 09:30, Level 2 Support pisze:'],
  ['Gmail cs', 'po 3. 2. 2025 v 9:30 odesílatel Level 2 Support <desk@hub.example> napsal:'],
  ['Thunderbird cs', 'Dne 03. 02. 25 v 9:30 Level 2 Support napsal(a):'],
  ['Gmail sk', 'po 3. 2. 2025 o 9:30 Level 2 Support <desk@hub.example> napísal(a):'],
  ['Gmail hu', 'Level 2 Support <desk@hub.example> ezt írta (időpont: 2025. febr. 3., H, 9:30):'],
  ['Gmail ro', 'În lun., 3 feb. 2025 la 09:30, Level 2 Support <desk@hub.example> a scris:'],
  ['Gmail tr', 'Level 2 Support <desk@hub.example>, 3 Şub 2025 Pzt, 09:30 tarihinde şunu yazdı:'],
  ['Gmail ru', 'пн, 3 февр. 2025 г. в 09:30, Level 2 Support <desk@hub.example>:'],
  ['Thunderbird ru', '03.02.2025 09:30, Level 2 Support пишет:'],
  ['Mail.ru', 'Понедельник, 3 февраля 2025, 9:30 +03:00 от Level 2 Support <desk@hub.example>:'],
  ['Gmail uk', 'пн, 3 лют. 2025 р. о 09:30 Level 2 Support <desk@hub.example> пише:'],
  ['Gmail ja', '2025年2月3日(月) 9:30 Level 2 Support <desk@hub.example>:'],
  ['Thunderbird ja', 'On 2025/02/03 9:30, Level 2 Support wrote:'],
  ['Apple Mail ja', '2025/02/03 9:30、Level 2 Support <desk@hub.example>のメール:'],
  ['Gmail zh', 'Level 2 Support <desk@hub.example> 于2025年2月3日周一 09:30写道：'],
  ['Apple Mail zh', '在 2025年2月3日，09:30，Level 2 Support <desk@hub.example> 写道：'],
  ['Gmail zh-TW', 'Level 2 Support <desk@hub.example> 於 2025年2月3日 週一 上午9:30寫道：'],
  ['Gmail ko', '2025년 2월 3일 (월) 오전 9:30, Level 2 Support <desk@hub.example>님이 작성:'],
  ['Gmail vi', 'Vào Th 2, 3 thg 2, 2025 vào lúc 09:30 Level 2 Support <desk@hub.example> đã viết:'],
  ['Gmail el', 'Στις Δευ 3 Φεβ 2025 στις 9:30 π.μ., ο/η Level 2 Support <desk@hub.example> έγραψε:'],
  ['Gmail old', '2025-02-03 9:30 GMT+01:00 Level 2 Support <desk@hub.example>:'],
  ['Zoho', '---- On Mon, 03 Feb 2025 09:30:00 +0100 Level 2 Support <desk@hub.example> wrote ----'],
  ['Horde', 'Quoting Level 2 Support <desk@hub.example>:'],
  ['GroupWise', '>>> Level 2 Support <desk@hub.example> 3-2-2025 09:30 >>>'],
  ['Yahoo', 'On Monday, February 3, 2025 at 09:30:00 AM GMT+1, Level 2 Support <desk@hub.example> wrote:'],
  ['Proton', 'On Monday, February 3rd, 2025 at 9:30 AM, Level 2 Support <desk@hub.example> wrote:'],
]

describe('attributions', () => {
  test.each(ATTRIBUTIONS)('%s is cut above a marked quote', (_, attribution) => {
    const split = splitText(`It is acme.example, and it began today.\n\n${attribution}\n\n${QUOTE}\n`)
    expect(split).toEqual({
      newText: 'It is acme.example, and it began today.',
      quotedText: `${attribution}\n\n${QUOTE}`,
      signature: null,
    })
  })

  test.each(ATTRIBUTIONS.filter(([, line]) => !/pisze:|пишет:|Quoting/.test(line)))(
    '%s is cut above an unmarked quote',
    (_, attribution) => {
      expect(splitText(`It is acme.example, and it began today.\n\n${attribution}\n\n${OLD}\n`).newText).toBe(
        'It is acme.example, and it began today.',
      )
    },
  )

  test.each(ATTRIBUTIONS.filter(([name]) => !/verb in the middle|GroupWise/.test(name)))(
    '%s above the whole mail leaves the answer below the quote',
    (_, attribution) => {
      expect(splitText(`${attribution}\n${QUOTE}\n\nacme.example it is.\n`).newText).toBe(
        'acme.example it is.',
      )
    },
  )

  test.each([
    "On the surface, this looks like a quote header but it's not.\n\nOn average it works:\n\n- first\n- second",
    'On 3 February the customer changed the MX record.\nAt 10:30 he wrote a mail and waited.',
    'The log of 2025-02-03 says:\n\n550 5.1.1 unknown user joe@acme.example\n\nThe mailbox is there.',
    'Steps taken:\n1. Reset the password\n2. Sent a mail to joe@acme.example at 10:30:\n\nnothing arrived.',
    'Please have a look at these mailboxes, moved on 2025-02-03:\n\njoe@acme.example\nann@acme.example',
    'The customer joe@acme.example wrote on 2025-02-03:\n\nI cannot log in\n\nSteps taken: reset the password.',
    'He wrote:\n\nnothing that helps.',
    'From: the customer we heard nothing.\nTo: be honest, we waited.',
  ])('a sentence that only looks like one stays: %s', (text) => {
    expect(splitText(text)).toEqual({ newText: text, quotedText: null, signature: null })
  })
})

// Header blocks of Outlook, Windows Mail and others: From, Sent, To, Subject as each language writes them.
const BLOCKS: readonly (readonly [string, string])[] = [
  [
    'en',
    'From: Desk <desk@hub.example>\nSent: Monday, February 3, 2025 9:30 AM\nTo: Pat <pat@a.example>\nCc: Ann <ann@a.example>\nSubject: Missing items',
  ],
  [
    'en, bold',
    '*From:* Desk <desk@hub.example>\n*Sent:* Monday, February 3, 2025 9:30 AM\n*To:* Pat <pat@a.example>\n*Subject:* Missing items',
  ],
  [
    'en, rule above',
    '________________________________\nFrom: Desk <desk@hub.example>\nSent: Monday, February 3, 2025 9:30 AM\nTo: Pat <pat@a.example>\nSubject: Missing items',
  ],
  [
    'en, address on the next line',
    'From: Desk of the Second Level\n<desk@hub.example>\nSent: Monday, February 3, 2025 9:30 AM\nTo: Pat <pat@a.example>\nSubject: Missing items',
  ],
  [
    'de',
    'Von: Desk <desk@hub.example>\nGesendet: Montag, 3. Februar 2025 09:30\nAn: Pat <pat@a.example>\nBetreff: Missing items',
  ],
  [
    'fr',
    'De : Desk <desk@hub.example>\nEnvoyé : lundi 3 février 2025 09:30\nÀ : Pat <pat@a.example>\nObjet : Missing items',
  ],
  [
    'es',
    'De: Desk <desk@hub.example>\nEnviado: lunes, 3 de febrero de 2025 9:30\nPara: Pat <pat@a.example>\nAsunto: Missing items',
  ],
  [
    'pt',
    'De: Desk <desk@hub.example>\nEnviada em: segunda-feira, 3 de fevereiro de 2025 09:30\nPara: Pat <pat@a.example>\nAssunto: Missing items',
  ],
  [
    'it',
    'Da: Desk <desk@hub.example>\nInviato: lunedì 3 febbraio 2025 09:30\nA: Pat <pat@a.example>\nOggetto: Missing items',
  ],
  [
    'nl',
    'Van: Desk <desk@hub.example>\nVerzonden: maandag 3 februari 2025 09:30\nAan: Pat <pat@a.example>\nOnderwerp: Missing items',
  ],
  [
    'sv',
    'Från: Desk <desk@hub.example>\nSkickat: den 3 februari 2025 09:30\nTill: Pat <pat@a.example>\nÄmne: Missing items',
  ],
  [
    'da',
    'Fra: Desk <desk@hub.example>\nSendt: 3. februar 2025 09:30\nTil: Pat <pat@a.example>\nEmne: Missing items',
  ],
  [
    'fi',
    'Lähettäjä: Desk <desk@hub.example>\nLähetetty: maanantai 3. helmikuuta 2025 9.30\nVastaanottaja: Pat <pat@a.example>\nAihe: Missing items',
  ],
  [
    'pl',
    'Od: Desk <desk@hub.example>\nWysłano: poniedziałek, 3 lutego 2025 09:30\nDo: Pat <pat@a.example>\nTemat: Missing items',
  ],
  [
    'cs',
    'Od: Desk <desk@hub.example>\nOdesláno: pondělí 3. února 2025 9:30\nKomu: Pat <pat@a.example>\nPředmět: Missing items',
  ],
  [
    'hu',
    'Feladó: Desk <desk@hub.example>\nElküldve: 2025. február 3., hétfő 9:30\nCímzett: Pat <pat@a.example>\nTárgy: Missing items',
  ],
  [
    'ro',
    'De la: Desk <desk@hub.example>\nTrimis: luni, 3 februarie 2025 09:30\nCătre: Pat <pat@a.example>\nSubiect: Missing items',
  ],
  [
    'tr',
    'Kimden: Desk <desk@hub.example>\nGönderildi: 3 Şubat 2025 Pazartesi 09:30\nKime: Pat <pat@a.example>\nKonu: Missing items',
  ],
  [
    'ru',
    'От: Desk <desk@hub.example>\nОтправлено: 3 февраля 2025 г. 9:30\nКому: Pat <pat@a.example>\nТема: Missing items',
  ],
  [
    'ja',
    '差出人: Desk <desk@hub.example>\n送信日時: 2025年2月3日 9:30\n宛先: Pat <pat@a.example>\n件名: Missing items',
  ],
  [
    'zh',
    '发件人: Desk <desk@hub.example>\n发送时间: 2025年2月3日 9:30\n收件人: Pat <pat@a.example>\n主题: Missing items',
  ],
  [
    'zh, full-width colon',
    '寄件者：Desk <desk@hub.example>\n寄件日期：2025年2月3日 9:30\n收件者：Pat <pat@a.example>\n主旨：Missing items',
  ],
  [
    'ko',
    '보낸 사람: Desk <desk@hub.example>\n보낸 날짜: 2025년 2월 3일 월요일 9:30\n받는 사람: Pat <pat@a.example>\n제목: Missing items',
  ],
  ['separator en', '-----Original Message-----\nFrom: Desk <desk@hub.example>\nSubject: Missing items'],
  [
    'separator de',
    '-------- Ursprüngliche Nachricht --------\nVon: Desk <desk@hub.example>\nBetreff: Missing items',
  ],
  ['separator fr', "-----Message d'origine-----\nDe : Desk <desk@hub.example>\nObjet : Missing items"],
  ['separator es', '-------- Mensaje original --------\nDe: Desk <desk@hub.example>'],
  ['separator it', '----- Messaggio originale -----\nDa: "Desk" <desk@hub.example>'],
  ['separator nl', '-----Oorspronkelijk bericht-----\nVan: Desk'],
  ['separator pl', '-----Oryginalna wiadomość-----\nOd: Desk'],
  ['separator ja', '-----元のメッセージ-----\n差出人: Desk'],
  ['separator zh', '------------------ 原始邮件 ------------------\n发件人: "Desk" <desk@hub.example>'],
  ['separator ko', '-----원본 메시지-----\n보낸 사람: Desk'],
]

describe('header blocks', () => {
  test.each(BLOCKS)('%s is cut with all below it', (_, block) => {
    expect(splitText(`It is acme.example, and it began today.\n\n${block}\n\n${OLD}\n`)).toEqual({
      newText: 'It is acme.example, and it began today.',
      quotedText: `${block}\n\n${OLD}`,
      signature: null,
    })
  })

  test('a form with a few words of a header stays typed text', () => {
    const text = 'Subject: printer\nPartner Domain: a.example\nDate: since Monday\nTo: do'
    expect(splitText(text).newText).toBe(text)
  })
})

describe('answers between quoted lines', () => {
  const text = [
    'Hello,',
    '',
    'answers below.',
    '',
    'On 03/02/2025 09:30, Level 2 Support wrote:',
    '> Please fill in:',
    '>',
    '> Customer Domain Name:',
    'acme.example',
    '> User Credentials:',
    '',
    'joe@acme.example / Sh>ip: 7',
    '',
    '> Details of the Issue:',
    'He cannot send mail,',
    'since yesterday.',
    '> Regards, Level 2 Support',
  ].join('\n')

  test('the new text keeps every typed word in order', () => {
    expect(
      splitText(text)
        .newText.split('\n')
        .filter((line) => line !== ''),
    ).toEqual([
      'Hello,',
      'answers below.',
      'acme.example',
      'joe@acme.example / Sh>ip: 7',
      'He cannot send mail,',
      'since yesterday.',
    ])
  })

  test('each answer is paired with the quoted block above it', () => {
    expect(interleaved(text)).toEqual([
      { quoted: 'Please fill in:\n\nCustomer Domain Name:', answer: 'acme.example' },
      { quoted: 'User Credentials:', answer: 'joe@acme.example / Sh>ip: 7' },
      { quoted: 'Details of the Issue:', answer: 'He cannot send mail,\nsince yesterday.' },
    ])
  })

  test.each([
    ['> OS:\nWindows\n> Mail client:\nOutlook', ['Windows', 'Outlook']],
    ['> User name:\n\nAnna\n\n> Password:\n\nSommer', ['Anna', 'Sommer']],
    [
      '> Please tell us the domain of your customer, for example: customer.example\nacme.example\n> Thanks',
      ['acme.example'],
    ],
    [
      '> Which mailbox (the whole address please, not just the name of the person)\njoe smith at acme.example\n> Thanks',
      ['joe smith at acme.example'],
    ],
  ])('an answer that looks like a name or a wrapped line is not lost: %j', (reply, answers) => {
    expect(interleaved(reply).map((pair) => pair.answer)).toEqual(answers)
  })

  test('a quoted line that was wrapped once more stays quoted', () => {
    const split = splitText(
      'Yes.\n\nOn 03/02/2025 09:30, Desk wrote:\n> The journal rule pointed at a mailbox that was moved away last week and so\nnothing was collected.\n> Regards\n',
    )
    expect(split.newText).toBe('Yes.')
  })

  test('a quote without an answer gives no pair', () => {
    expect(interleaved('Thanks!\n\nOn 03/02/2025 09:30, Desk wrote:\n> Fixed.')).toEqual([])
  })
})

describe('a forward that was found', () => {
  test('is quoted below an attribution without a note', () => {
    const text = 'On 28/10/2021 12:46, "Tulla" <tulla@bikes.example> wrote:\n\n    It went out twice.'
    expect(splitText(text).newText).toBe('    It went out twice.')
    expect(splitText(text, 0)).toEqual({ newText: '', quotedText: text, signature: null })
  })

  test('leaves a note below its quote marks typed', () => {
    const quote =
      '> Begin forwarded message:\n>\n> From: Tulla <tulla@bikes.example>\n> Subject: Newsletter\n>\n> It went out twice.'
    expect(splitText(`Hello,\n\n${quote}\n\nCan you help?`, 8)).toEqual({
      newText: 'Hello,\n\n\nCan you help?',
      quotedText: quote,
      signature: null,
    })
  })
})

describe('quotes marked with bars', () => {
  test('the answer below stays', () => {
    const quote = 'On 03/02/2025 09:30, Desk <desk@hub.example> wrote:\n\n| Which domain?\n|\n| Desk'
    expect(splitText(`${quote}\n\nacme.example it is.`)).toEqual({
      newText: 'acme.example it is.',
      quotedText: quote,
      signature: null,
    })
    const header =
      '  | Date: Mon, 3 Feb 2025 09:30:00 +0000\n  | From: Desk <desk@hub.example>\n  |\n  | Which domain?'
    expect(splitText(`${header}\n\nacme.example it is.`).newText).toBe('acme.example it is.')
  })

  test('a table without an attribution stays typed', () => {
    const table = 'Two mailboxes:\n\n| box | size |\n| --- | --- |\n| joe | 2 GB |'
    expect(splitText(table).newText).toBe(table)
  })
})

describe('signed mail', () => {
  test('the armour of PGP is no text of the sender', () => {
    const split = splitText(
      '-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\nThe mailbox is full.\n\n-----BEGIN PGP SIGNATURE-----\n\niQEzBAEBCAAdFiEE\n=sJtk\n-----END PGP SIGNATURE-----',
    )
    expect(split.newText).toBe('The mailbox is full.')
  })
})

describe('what systems add', () => {
  test.each([
    ['[EXTERNAL]\n\nThe mailbox is full.', 'The mailbox is full.'],
    [
      'CAUTION: This email originated from outside of the organization. Do not click links or open attachments unless you recognize the sender.\n\nThe mailbox is full.',
      'The mailbox is full.',
    ],
    ['*** EXTERNAL E-MAIL ***\nThe mailbox is full.', 'The mailbox is full.'],
    [
      "You don't often get email from pat@a.example. Learn why this is important\n\nThe mailbox is full.",
      'The mailbox is full.',
    ],
    [
      'ACHTUNG: Diese E-Mail stammt von einem externen Absender.\n\nDas Postfach ist voll.',
      'Das Postfach ist voll.',
    ],
    ['Caution: the mailbox is full again.', 'Caution: the mailbox is full again.'],
    ['Attention: John\n\nThe mailbox is full.', 'Attention: John\n\nThe mailbox is full.'],
  ])('a banner at the top is cut, a warning of the sender is not: %j', (text, newText) => {
    expect(splitText(text).newText).toBe(newText)
  })

  test.each([
    '##- Please type your reply above this line -##',
    '-- Reply above this line --',
    '##- Bitte antworten Sie oberhalb dieser Zeile -##',
    '##- Répondez au-dessus de cette ligne -##',
    '----- Por favor, escriba su respuesta por encima de esta línea -----',
  ])('all below "%s" is quoted when something stands above', (marker) => {
    const split = splitText(`It is acme.example.\n\n${marker}\n\nYour request was received.`)
    expect(split.newText).toBe('It is acme.example.')
    expect(split.quotedText).toBe(`${marker}\n\nYour request was received.`)
  })

  test('text below the marker stays when nothing stands above it', () => {
    expect(
      splitText('##- Please type your reply above this line -##\n\nYour request was received.').newText,
    ).toBe('Your request was received.')
  })

  test('typed words on the line of an attribution stay', () => {
    expect(
      splitText('acme.example On Wed, Apr 4, 2012 at 3:59 PM, desk@hub.example wrote:\n> Which domain?')
        .newText,
    ).toBe('acme.example')
  })
})

describe('whatever stands in a mail', () => {
  const bait = constantFrom(
    '> ',
    '>',
    '>>> ',
    'On ',
    'wrote:',
    'From: a@b.example',
    'Sent: 2025',
    'To: x',
    'Subject: y',
    '-- ',
    '--',
    '____',
    '-----Original Message-----',
    '---------- Forwarded message ---------',
    'Kind regards',
    'Pat',
    'Sent from my iPhone',
    '[EXTERNAL]',
    'acme.example',
    '2025-02-03 09:30',
    '<a@b.example>:',
    '',
    ' ',
    '\t',
    '##- reply above this line -##',
    'Password: x',
    '\ufeff',
    '|',
    '：',
  )
  const text = array(
    tuple(array(bait, { maxLength: 4 }), string({ maxLength: 12 })).map(
      ([parts, word]) => `${parts.join('')}${word.replaceAll('\n', ' ')}`,
    ),
    { maxLength: 30 },
  ).map((lines) => lines.join('\n'))

  const words = (value: string | null): string[] =>
    (value ?? '')
      .split(/\s+/)
      .filter((word) => word !== '')
      .sort()

  test('every word is in exactly one part', () => {
    assert(
      property(text, (value) => {
        const { newText, quotedText, signature } = splitText(value)
        expect([...words(newText), ...words(quotedText), ...words(signature)].sort()).toEqual(words(value))
      }),
      { numRuns: 500 },
    )
  })

  test('every answer is typed text', () => {
    assert(
      property(text, (value) => {
        const typed = words(splitText(value).newText)
        for (const { answer } of interleaved(value))
          for (const word of words(answer)) expect(typed).toContain(word)
      }),
      { numRuns: 300 },
    )
  })

  // Each of these is hundreds of kilobytes made to be looked at again and again; they only have to come to an end.
  test.each([
    ['On '.repeat(100_000)],
    ['On Mon, 1 Jan 2025\n'.repeat(50_000)],
    ['wrote:\n'.repeat(100_000)],
    ['>'.repeat(1_000_000)],
    ['> '.repeat(500_000)],
    ['>\n'.repeat(300_000)],
    ['> a\nb\n'.repeat(100_000)],
    ['From:'.repeat(100_000)],
    ['From: a@b.example\n'.repeat(60_000)],
    ['From: a@b.example\nTo: c\n'.repeat(50_000)],
    ['To: a@b.example;\n'.repeat(60_000)],
    ['-'.repeat(500_000)],
    ['-----Original Message-----\n> x\n'.repeat(30_000)],
    ['--\n'.repeat(100_000)],
    ['a@'.repeat(300_000)],
    ['<'.repeat(300_000)],
    ['Kind regards\n'.repeat(50_000)],
    ['Regards '.repeat(80_000)],
    ['Sent from my iPhone\n'.repeat(50_000)],
    ['1.2.3.4.5.6.7.8.9 '.repeat(40_000)],
    ['[EXTERNAL]\n'.repeat(60_000)],
    ['\n'.repeat(500_000)],
    [' '.repeat(1_000_000)],
    ['A '.repeat(300_000)],
    ['confidential '.repeat(50_000)],
  ])('hostile text %# comes to an end with every character kept', (value) => {
    const { newText, quotedText, signature } = splitText(value)
    const kept = `${newText}${quotedText ?? ''}${signature ?? ''}`.replace(/\s+/g, '').length
    expect(kept).toBe(value.replace(/\s+/g, '').length)
  })
})
