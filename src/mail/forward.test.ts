import { array, assert, constantFrom, property, string, tuple } from 'fast-check'
import { describe, expect, test } from 'vitest'
import { findForwarded } from './forward.ts'

const DATE = '3 Feb 2025 09:30'

/** Writes a header block with the labels of one language. */
function block(labels: readonly [string, string, string, string], mark = ''): string {
  const [from, date, to, subject] = labels
  return [
    `${from} Tulla Moss <tulla@bikes.example>`,
    `${date} ${DATE}`,
    `${to} Pat <pat@a.example>`,
    `${subject} Newsletter`,
  ]
    .map((line) => `${mark}${line}`)
    .join('\n')
}

const EN = ['From:', 'Date:', 'To:', 'Subject:'] as const

const SEPARATORS: readonly (readonly [string, string])[] = [
  ['Gmail', `---------- Forwarded message ---------\n${block(EN)}`],
  ['Gmail, old', `---------- Forwarded message ----------\n${block(EN)}`],
  [
    'Thunderbird',
    `-------- Forwarded Message --------\n${block(['Subject: Newsletter\nX:', 'Date:', 'To:', 'X:'] as const)
      .replaceAll(/^X: Newsletter$/gm, '')
      .replace('X:', 'From:')}`,
  ],
  ['Apple Mail', `Begin forwarded message:\n\n${block(EN)}`],
  ['Apple Mail, quoted', `> Begin forwarded message:\n> \n${block(EN, '> ')}`],
  ['Apple Mail, block quoted', `Begin forwarded message:\n\n${block(EN, '> ')}`],
  [
    'Thunderbird de',
    `-------- Weitergeleitete Nachricht --------\n${block(['Von:', 'Datum:', 'An:', 'Betreff:'])}`,
  ],
  [
    'Apple Mail de',
    `Anfang der weitergeleiteten Nachricht:\n\n${block(['Von:', 'Datum:', 'An:', 'Betreff:'])}`,
  ],
  [
    'Thunderbird fr',
    `-------- Message transféré --------\n${block(['De :', 'Date :', 'Pour :', 'Sujet :'])}`,
  ],
  ['Apple Mail fr', `Début du message transféré :\n\n${block(['De:', 'Date:', 'À:', 'Objet:'])}`],
  ['Thunderbird es', `-------- Mensaje reenviado --------\n${block(['De:', 'Fecha:', 'Para:', 'Asunto:'])}`],
  ['Apple Mail es', `Inicio del mensaje reenviado:\n\n${block(['De:', 'Fecha:', 'Para:', 'Asunto:'])}`],
  [
    'Thunderbird it',
    `-------- Messaggio Inoltrato --------\n${block(['Mittente:', 'Data:', 'A:', 'Oggetto:'])}`,
  ],
  ['Apple Mail it', `Inizio messaggio inoltrato:\n\n${block(['Da:', 'Data:', 'A:', 'Oggetto:'])}`],
  [
    'Thunderbird pt',
    `-------- Mensagem encaminhada --------\n${block(['De:', 'Data:', 'Para:', 'Assunto:'])}`,
  ],
  ['Apple Mail nl', `Begin doorgestuurd bericht:\n\n${block(['Van:', 'Datum:', 'Aan:', 'Onderwerp:'])}`],
  ['Apple Mail sv', `Vidarebefordrat mejl:\n\n${block(['Från:', 'Datum:', 'Till:', 'Ämne:'])}`],
  ['Thunderbird no', `-------- Videresendt melding --------\n${block(['Fra:', 'Dato:', 'Til:', 'Emne:'])}`],
  [
    'Thunderbird fi',
    `-------- Välitetty viesti / Fwd.Msg --------\n${block(['Lähettäjä:', 'Päiväys:', 'Vastaanottaja:', 'Aihe:'])}`,
  ],
  [
    'Thunderbird pl',
    `--- Treść przekazanej wiadomości ---\n${block(['Nadawca:', 'Data:', 'Adresat:', 'Temat:'])}`,
  ],
  ['Thunderbird cs', `-------- Přeposlaná zpráva --------\n${block(['Od:', 'Datum:', 'Komu:', 'Předmět:'])}`],
  [
    'Thunderbird hu',
    `-------- Továbbított üzenet --------\n${block(['Feladó:', 'Dátum:', 'Címzett:', 'Tárgy:'])}`,
  ],
  ['Thunderbird tr', `-------- İletilen İleti --------\n${block(['Kimden:', 'Tarih:', 'Kime:', 'Konu:'])}`],
  [
    'Apple Mail ru',
    `Начало переадресованного сообщения:\n\n${block(['Отправитель:', 'Дата:', 'Кому:', 'Тема:'])}`,
  ],
  ['Mail.ru', `-------- Пересылаемое сообщение --------\n${block(['От кого:', 'Дата:', 'Кому:', 'Тема:'])}`],
  ['Apple Mail ja', `転送されたメッセージ：\n\n${block(['差出人:', '日付:', '宛先:', '件名:'])}`],
  [
    'HubSpot ja',
    `---------- メッセージを転送 ---------\n${block(['送信元：', '日付：', '送信先：', '件名：'])}`,
  ],
  ['Apple Mail zh', `开始转发的邮件：\n\n${block(['发件人:', '日期:', '收件人:', '主题:'])}`],
  [
    'QQ zh',
    `------------------ 转发邮件 ------------------\n${block(['发件人:', '发送时间:', '收件人:', '主题:'])}`,
  ],
  [
    'Naver ko',
    `---------- 전달된 메시지 ----------\n${block(['보낸 사람:', '날짜:', '받는 사람:', '제목:'])}`,
  ],
  ['MailMate', `Forwarded message:\n\n${block(EN, '> ')}`],
  ['IONOS', `> ---------- Original Message ----------\n${block(EN, '> ')}`],
  ['Outlook, old', `-----Original Message-----\n${block(['From:', 'Sent:', 'To:', 'Subject:'])}`],
  ['Outlook.com', `________________________________\n${block(['From:', 'Sent:', 'To:', 'Subject:'])}`],
  ['Outlook, bold', block(['*From:*', '*Sent:*', '*To:*', '*Subject:*'])],
  ['Lotus Notes', `----- Forwarded by Pat Doe/Acme on 03/02/2025 10:00 -----\n\n${block(EN)}`],
  [
    'Yahoo',
    `----- Forwarded Message ----- ${block(['From:', 'Sent:', 'To:', 'Subject:']).replaceAll('\n', '')}`,
  ],
]

describe('a forward behind a note', () => {
  test.each(SEPARATORS)('%s', (_, head) => {
    const mark = head.includes('\n> From') ? '> ' : ''
    const text = `Please help this customer.\n\n${head}\n${mark}\n${mark}It went out twice.\n${mark}Tulla`
    const found = findForwarded(text, 'one more')
    expect(found).toMatchObject({
      from: { displayName: 'Tulla Moss', address: 'tulla@bikes.example' },
      subject: 'Newsletter',
      noteAbove: 'Please help this customer.',
      text: 'It went out twice.\nTulla',
      start: 28,
    })
    expect(found?.date).toContain(DATE)
  })
})

describe('Outlook for Mac and its kin forward below an attribution', () => {
  test.each([
    ['FW: Newsletter', 'On 28/10/2021 12:46, "Tulla Moss" <tulla@bikes.example> wrote:'],
    ['WG: Newsletter', 'Am 28/10/2021, 12:46 schrieb "Tulla Moss" <tulla@bikes.example>:'],
    ['TR: Newsletter', 'Le 28/10/2021 12:46, « Tulla Moss » <tulla@bikes.example> a écrit :'],
    ['RV: Newsletter', 'El 28/10/2021, 12:46, "Tulla Moss" <tulla@bikes.example> escribió:'],
    ['I: Newsletter', 'Il giorno 28/10/2021, 12:46 "Tulla Moss" <tulla@bikes.example> ha scritto:'],
    ['FW: Newsletter', 'Op 28/10/2021 12:46 heeft Tulla Moss <tulla@bikes.example> geschreven:'],
    ['VL: Newsletter', 'Tulla Moss <tulla@bikes.example> kirjoitti 28.10.2021 kello 12.46:'],
    ['FW: Newsletter', 'Tulla Moss <tulla@bikes.example> skrev følgende den 28.10.2021 12:46:'],
    ['PD: Newsletter', 'Dnia 28.10.2021, 12:46 „Tulla Moss” <tulla@bikes.example> napisał:'],
    ['FW: Newsletter', '28/10/2021 12:46 пользователь "Tulla Moss" <tulla@bikes.example> написал:'],
    ['FW: Newsletter', '28/10/2021 12:46 používateľ Tulla Moss (<tulla@bikes.example>) napísal:'],
    ['VB: Newsletter', 'Den 28/10/2021 12:46 skrev "Tulla Moss" <tulla@bikes.example> följande:'],
    ['FW: Newsletter', '"Tulla Moss" <tulla@bikes.example>, 28.10.2021 12:46 tarihinde şunu yazdı:'],
    ['FW: Newsletter', '28/10/2021 12:46 időpontban Tulla Moss (tulla@bikes.example) ezt írta:'],
  ])('%s, %s', (subject, attribution) => {
    expect(findForwarded(`\ufeff${attribution}\n\n    It went out twice.`, subject)).toMatchObject({
      from: { displayName: 'Tulla Moss', address: 'tulla@bikes.example' },
      subject: 'Newsletter',
    })
  })
})

describe('a reply is no forward', () => {
  const history = block(['From:', 'Sent:', 'To:', 'Subject:'])
  test.each([
    ['Re: Newsletter', `It works.\n\n${history}\n\nHello`],
    ['RE: Newsletter', `It works.\n\n-----Original Message-----\n${history}\n\nHello`],
    ['AW: Newsletter', `It works.\n\n${history}\n\nHello`],
    [
      '[TG-1042] Re: Fwd: Newsletter',
      `It works.\n\n${history}\n\n---------- Forwarded message ---------\n${history}`,
    ],
    ['Newsletter', 'It works.\n\nOn 3 Feb 2025, at 09:30, Desk <desk@hub.example> wrote:\n\n> Hello'],
    [
      'Re: Newsletter',
      'It works.\n\nOn 3 Feb 2025, at 09:30, Desk <desk@hub.example> wrote:\n\n> ---------- Forwarded message ---------\n> From: a@b.example\n> Subject: x',
    ],
    ['Newsletter', 'We forwarded message 12 to you.\n\nFrom: now on it works.'],
    ['VS: Uutiskirje', `Toimii.\n\n${block(['Lähettäjä:', 'Lähetetty:', 'Vastaanottaja:', 'Aihe:'])}\n\nHei`],
  ])('%s', (subject, text) => {
    expect(findForwarded(text, subject)).toBeNull()
  })
})

describe('of several forwards', () => {
  test('the outermost is the one', () => {
    const inner = `---------- Forwarded message ---------\n${block(EN)}\n\nInner`
    const text = `Note\n\n---------- Forwarded message ---------\nFrom: Ann <ann@a.example>\nDate: ${DATE}\nSubject: Fwd: Newsletter\nTo: Pat <pat@a.example>\n\n${inner}`
    expect(findForwarded(text, 'Fwd: Fwd: Newsletter')).toMatchObject({
      from: { address: 'ann@a.example' },
      subject: 'Fwd: Newsletter',
      text: inner,
    })
  })

  test('text typed below a quoted forward is not its text', () => {
    const text = `Begin forwarded message:\n\n${block(EN, '> ')}\n>\n> It went out twice.\n\nCan you help?`
    expect(findForwarded(text, null)?.text).toBe('It went out twice.')
  })
})

describe('the From line', () => {
  test.each([
    [
      'John Doe<mailto:john@acme.example> <john@acme.example<mailto:john@acme.example>> on behalf of desk@acme.example',
      'John Doe',
      'john@acme.example',
    ],
    ['John Doe <john@acme.example [john@acme.example]>', 'John Doe', 'john@acme.example'],
    ['John Doe [mailto:john@acme.example]', 'John Doe', 'john@acme.example'],
    ["'John Doe' <john@Acme.EXAMPLE>", 'John Doe', 'john@acme.example'],
    ['"Doe, John" <john@acme.example>', 'Doe, John', 'john@acme.example'],
    ['john@acme.example (John Doe)', 'John Doe', 'john@acme.example'],
    ['john@acme.example <john@acme.example>', null, 'john@acme.example'],
    ['<john@acme.example>', null, 'john@acme.example'],
    ['John Doe', 'John Doe', null],
  ])('%s', (value, displayName, address) => {
    const found = findForwarded(
      `---------- Forwarded message ---------\nFrom: ${value}\nSubject: x\n\nHello`,
      null,
    )
    expect(found?.from).toEqual({ displayName, address })
  })
})

describe('whatever stands in a mail', () => {
  const bait = constantFrom(
    '> ',
    '-----Original Message-----',
    '---------- Forwarded message ---------',
    'Begin forwarded message:',
    'From: a@b.example',
    'Date: 2025',
    'Subject: y',
    'To: z',
    '',
    '____',
    'On 3 Feb 2025, Pat <p@a.example> wrote:',
  )
  const text = array(
    tuple(bait, string({ maxLength: 10 })).map(([part, word]) => part + word.replaceAll('\n', ' ')),
    { maxLength: 20 },
  ).map((lines) => lines.join('\n'))

  test('the start is an offset at a line start, and the note stands above it', () => {
    assert(
      property(text, constantFrom('Fwd: x', 'Re: x', 'x', null), (value, subject) => {
        const found = findForwarded(value, subject)
        if (found === null) return
        expect(found.start === 0 || value[found.start - 1] === '\n').toBe(true)
        expect(value.slice(0, found.start).trim()).toBe(found.noteAbove)
      }),
      { numRuns: 500 },
    )
  })

  test.each([
    ['From: '.repeat(200_000)],
    ['----- Forwarded Message ----- '.repeat(50_000)],
    ['----- Forwarded Message ----- From: a@b.example To:'.repeat(20_000)],
    ['-----Original Message-----\n'.repeat(50_000)],
    ['Begin forwarded message:\n'.repeat(50_000)],
    ['On 3 Feb 2025, Pat <p@a.example> wrote:\n> x\n'.repeat(20_000)],
    ['> From: a@b.example\n> To: c\n'.repeat(40_000)],
    ['<'.repeat(500_000)],
    ['a@a'.repeat(300_000)],
  ])('hostile text %# comes to an end', (value) => {
    for (const subject of ['Fwd: x', 'Re: x', 'x']) {
      const found = findForwarded(value, subject)
      expect(found === null || found.start >= 0).toBe(true)
    }
  })
})
