/** Every letter in every language, as a reader gets it. */
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { loadLetters } from './load.ts'
import type { LetterHead, RenderedLetter } from './models.ts'
import { NOTICE_MARKER } from './notice-marker.ts'
import { samplesOf } from './sample-models.ts'
import { HEAD } from './sample-parts.ts'
import { LETTER_NAMES } from './views.ts'
import { columnsOf, MAX_COLUMNS } from './wrap-text.ts'

const SHIPPED = join(import.meta.dirname, '../../templates')
const BRAND = {
  name: 'Hosting Desk',
  url: 'https://desk.example',
  logoText: 'Hosting',
  accentColour: '#1f5f8b',
}
const letters = loadLetters({ shipped: SHIPPED, override: null, brand: BRAND })
const texts = letters.fieldTexts('en')

const everything = letters.languages.flatMap((language) =>
  LETTER_NAMES.flatMap((name) =>
    samplesOf(name, letters.fieldTexts(language)).map(({ title, model, head }) => ({
      label: `${language} ${name} ${title}`,
      letter: letters.render(name, model, { ...head, language }),
      head,
      language,
    })),
  ),
)

function checklist(change: Partial<LetterHead> = {}, title = 'first-round') {
  const sample = samplesOf('checklist', texts).find((one) => one.title === title)
  if (sample === undefined) throw new Error(`no sample ${title}`)
  return letters.render('checklist', sample.model, { ...sample.head, ...change })
}

type Finding = (rendered: (typeof everything)[number]) => boolean

/** Names the letters that something is wrong with. */
function labelsOf(isWrong: Finding): readonly string[] {
  return everything.filter(isWrong).map(({ label }) => label)
}

describe('every letter in every language', () => {
  test('comes in the languages that are shipped', () => {
    expect([...letters.languages].sort()).toEqual(['de', 'en', 'es', 'fr', 'it', 'ja', 'nl', 'pt'])
    expect(everything.length).toBeGreaterThan(150)
  })

  test('has no line that is too wide, unless it is one word', () => {
    const isTooWide = (line: string): boolean => columnsOf(line) > MAX_COLUMNS && line.trim().includes(' ')
    expect(labelsOf(({ letter }) => letter.text.split('\n').some(isTooWide))).toEqual([])
  })

  test('leaves no placeholder and no missing value', () => {
    const gap = /[{}]|undefined|\bnull\b|\[object|NaN/
    const shown = ({ subject, text, html }: RenderedLetter): string =>
      `${subject}${text}${html.replace(/<style>[^]*?<\/style>/g, '')}`
    expect(labelsOf(({ letter }) => gap.test(shown(letter)))).toEqual([])
  })

  test('has one subject line', () => {
    expect(labelsOf(({ letter }) => !/^\S[^\r\n]*\S$/.test(letter.subject))).toEqual([])
  })

  test('carries the tag in its subject when there is a ticket', () => {
    const lacksTag: Finding = ({ letter, head }) =>
      head.reference !== null && !letter.subject.includes(`[${head.reference}]`)
    expect(labelsOf(lacksTag)).toEqual([])
  })

  test('fetches nothing, runs nothing and shows no image', () => {
    const active = /<(?:img|script|link|iframe|object|form|svg)\b|\bsrc=|url\(|@import|<[^>]+\son\w+=/i
    expect(labelsOf(({ letter }) => active.test(letter.html))).toEqual([])
  })

  test('says its language', () => {
    const isMute: Finding = ({ letter }) =>
      !/^<!doctype html>\n<html lang="[a-z]{2}" dir="ltr">/.test(letter.html)
    expect(labelsOf(isMute)).toEqual([])
  })

  test('bears a dark screen', () => {
    const isLightOnly: Finding = ({ letter }) =>
      !letter.html.includes('<meta name="color-scheme" content="light dark">') ||
      !letter.html.includes('prefers-color-scheme: dark')
    expect(labelsOf(isLightOnly)).toEqual([])
  })

  test('tells a screen reader that its tables are only layout', () => {
    const hasDataTable: Finding = ({ letter }) =>
      (letter.html.match(/<table\b[^>]*>/g) ?? []).some((table) => !table.includes('role="presentation"'))
    expect(labelsOf(hasDataTable)).toEqual([])
  })

  test('closes every tag that it opens', () => {
    const count = (html: string, tag: RegExp): number => html.match(tag)?.length ?? 0
    const isUneven: Finding = ({ letter }) => {
      const html = letter.html.replace(/<!--[^]*?-->/g, '')
      return ['table', 'tr', 'td', 'p', 'span', 'strong', 'a'].some(
        (tag) => count(html, new RegExp(`<${tag}[ >]`, 'g')) !== count(html, new RegExp(`</${tag}>`, 'g')),
      )
    }
    expect(labelsOf(isUneven)).toEqual([])
  })

  test('is in the language asked for when it goes to a partner', () => {
    const isElsewhere: Finding = ({ letter, language, label }) =>
      /checklist|acknowledgement|agent-answer/.test(label) &&
      !letter.html.includes(`<html lang="${language}"`)
    expect(labelsOf(isElsewhere)).toEqual([])
  })
})

describe('the checklist', () => {
  test("keeps the partner's subject and adds the tag", () => {
    expect(checklist().subject).toBe('Re: Anna cannot send mail [TG-1042]')
    expect(checklist({ subjectStem: '' }).subject).toBe('Your support request [TG-1042]')
  })

  test('says the reference and that no ticket is open yet', () => {
    const { text, html } = checklist()
    expect(text).toContain('Reference TG-1042\n    No ticket is open yet.')
    expect(html).toContain('No ticket is open yet.')
  })

  test('shows a tick with what was understood, or a cross with hint and example', () => {
    const { text } = checklist()
    expect(text).toContain('✓ Partner Domain (received)\n    nordwind.example')
    expect(text).toContain('✗ User Credentials (we have the user name, the password is missing)')
    expect(text).toContain('Example: user@customer.example / the password')
  })

  test('asks to correct what was only inferred', () => {
    expect(checklist().text).toContain('baeckerei-sommer.example\n    * We understood this from your text.')
  })

  test('gives a link that opens a reply with the missing labels', () => {
    const href = /href="(mailto:[^"]+)"/.exec(checklist().html)?.[1] ?? ''
    const link = new URL(href.replaceAll('&amp;', '&').replaceAll('&#x3D;', '='))
    expect(decodeURIComponent(link.pathname)).toBe(HEAD.replyAddress)
    expect(link.searchParams.get('subject')).toBe('Re: Anna cannot send mail [TG-1042]')
    expect(link.searchParams.get('body')).toBe(
      'User Credentials: \r\n\r\nSteps taken to replicate and resolve: \r\n',
    )
  })

  test('gives the missing labels to copy, and no other', () => {
    const { text } = checklist()
    expect(text).toContain('\n    User Credentials:\n')
    expect(text).toContain('\n    Steps taken to replicate and resolve:\n')
    expect(text).not.toContain('\n    Partner Domain:\n')
  })

  test('thanks for what came from the second round on', () => {
    expect(checklist({}, 'second-round').text).toContain('Thank you for what you sent us.')
  })

  test('says when the ticket is open already, and by when it is answered', () => {
    const { text } = checklist({}, 'ticket-is-open')
    expect(text).toContain('Ticket TG-1042\n    Your ticket is open.')
    expect(text).toContain('We answer within 24 hours: by Wednesday, 25 November 2026 at 10:12 CET.')
    expect(text).not.toContain('No ticket is open')
  })

  test('warns when the mail speaks of several customers', () => {
    expect(checklist({}, 'nothing-given').text).toContain('several customers')
  })

  test('says until when the draft is kept', () => {
    expect(checklist().text).toMatch(/for 14 days, until Tuesday, 8 December\s+2026/)
  })
})

describe('the other letters', () => {
  const sampleOf = (title: string) => {
    const sample = samplesOf('agent-notice', texts).find((one) => one.title === title)
    if (sample === undefined) throw new Error(`no sample ${title}`)
    return letters.render('agent-notice', sample.model, sample.head)
  }

  test('the acknowledgement gives number and promise, with the due instant in the zone of the reader', () => {
    const [sample] = samplesOf('acknowledgement', texts)
    if (sample === undefined) throw new Error('no sample')
    const { text, html } = letters.render('acknowledgement', sample.model, sample.head)
    expect(text).toContain('Ticket TG-1042\n    We answer within 24 hours.')
    expect(text).toContain('At the latest by Wednesday, 25 November 2026 at 10:12 CET.')
    expect(html).toContain('Received and sealed.')
    const utc = letters.render('acknowledgement', sample.model, { ...sample.head, timeZone: 'nowhere' })
    expect(utc.text).toContain('09:12 UTC')
  })

  test('the notice starts with the marker line and keeps its subject from mail to mail', () => {
    const first = sampleOf('new-ticket')
    expect(first.text.split('\n')[0]).toBe(
      `${NOTICE_MARKER} Write your answer above this line ${NOTICE_MARKER}`,
    )
    expect(first.subject).toBe('[TG-1042] Anna cannot send mail')
    expect(sampleOf('reply-overdue').subject).toBe('Re: [TG-1042] Anna cannot send mail')
  })

  test('the notice of a ticket that opened incomplete does not call it complete', () => {
    const { text } = sampleOf('new-ticket-incomplete')
    expect(text).toMatch(/lacks some details\. It is open all the same/)
    expect(text).toContain('Missing: User Credentials and Steps taken')
  })

  test('the notice to a shared address does not promise that an answer reaches the partner', () => {
    const { text } = sampleOf('shared-address')
    expect(text).not.toContain(NOTICE_MARKER)
    expect(text).not.toContain('goes to the partner')
    expect(text).toContain('ticketgate agent add --help')
  })

  test('the notice tells how long there is left, or by how much it is late', () => {
    expect(sampleOf('new-ticket').text).toContain('Clock: 24 h 0 min left')
    expect(sampleOf('reply-overdue').text).toContain('Clock: OVERDUE by 1 h 30 min')
  })

  test('the notice in observe mode says what was not sent', () => {
    const { text } = sampleOf('observed')
    expect(text).toContain('*** Nothing was sent to the partner ***')
    expect(text).toMatch(/the\s+acknowledgement/)
  })

  test('the notice cuts long texts and says where the rest is', () => {
    const { text } = sampleOf('long')
    expect(text).toContain('[Cut here. The whole mail: ticketgate ticket show TG-1042]')
    expect(text).toContain('- and 2 more')
    expect(text).toContain('2 older entries: ticketgate ticket show TG-1042')
    expect(text.length).toBeLessThan(30_000)
  })

  test("an agent's answer is the agent's words, and who wrote them", () => {
    const [sample] = samplesOf('agent-answer', texts)
    if (sample === undefined) throw new Error('no sample')
    const { subject, text } = letters.render('agent-answer', sample.model, sample.head)
    expect(subject).toBe('Re: Anna cannot send mail [TG-1042]')
    expect(text.startsWith('Good morning Fenella,\n\nthe mailbox of Anna')).toBe(true)
    expect(text).toContain('Mara Lind, Hosting Desk')
  })

  test('the digest names each reason in words and the commands that help', () => {
    const [sample] = samplesOf('held-digest', texts)
    if (sample === undefined) throw new Error('no sample')
    const { subject, text } = letters.render('held-digest', sample.model, sample.head)
    expect(subject).toBe('18 held mails wait for you')
    expect(text).toContain('The sender is in no register.')
    expect(text).toContain('ticketgate inbox show 06g3k5w8r1n0v4t0')
    expect(text).toContain('ticketgate inbox release 06g3k5w8r1n0v4t0 --as PERSON')
    expect(text).toContain('12 more wait.')
    expect(text).toContain('another reason')
  })
})

describe('what strangers write', () => {
  const HOSTILE =
    '{{reference}} <script>alert(1)</script> "\' \u001b[2J\u202e {count}\r\nBcc: all@victim.example'

  test('is escaped in HTML, harmless in text, and one line in the subject', () => {
    const { subject, text, html } = checklist({ subjectStem: HOSTILE, recipientName: HOSTILE })
    expect(subject).toBe(
      'Re: {{reference}} <script>alert(1)</script> "\' [2J {count} Bcc: all@victim.example [TG-1042]',
    )
    expect(text).toContain('{{reference}} <script>')
    expect(html).not.toContain('<script>')
    expect(html).toContain('&lt;script&gt;')
    expect(`${subject}${text}${html}`).not.toMatch(/[\u001b\u202e]/)
  })

  test('is never taken for a link, an attribute or a tag, wherever it stands', () => {
    const [sample] = samplesOf('agent-notice', texts)
    if (sample === undefined) throw new Error('no sample')
    const attack = '"><a href="https://evil.example">x</a>\n  <b>'
    const { html } = letters.render(
      'agent-notice',
      {
        ...sample.model,
        partnerName: attack,
        requester: attack,
        queue: attack,
        state: attack,
        newText: attack,
        observers: [attack],
        warnings: [attack, `non-answer:${attack}`],
        attachments: [{ fileName: attack, contentType: attack, size: 1 }],
        items: [{ name: attack, understood: attack, inferred: true, problem: attack, note: null }],
        history: [{ kind: attack, author: attack, at: new Date(0), text: attack }],
      },
      { ...sample.head, subjectStem: attack, recipientName: attack, replyAddress: `${attack}@desk.example` },
    )
    expect(html).not.toContain('href="https://evil.example')
    expect(html).not.toMatch(/<b>|"><a href="https:\/\/evil/)
  })

  test('keeps its lines in HTML without a style that Outlook does not know', () => {
    const [sample] = samplesOf('agent-answer', texts)
    if (sample === undefined) throw new Error('no sample')
    const { html } = letters.render('agent-answer', { ...sample.model, text: 'a\n  b <c>' }, sample.head)
    expect(html).toContain('a<br>&nbsp;&nbsp;b &lt;c&gt;')
  })
})

describe('the language of a letter', () => {
  test('is the one asked for, without its region if need be', () => {
    expect(checklist({ language: 'de' }).text).toContain('Guten Tag Fenella')
    expect(checklist({ language: 'de-AT' }).text).toContain('Guten Tag Fenella')
  })

  test('falls back whole to English, titles of fields included', () => {
    const [sample] = samplesOf('checklist', letters.fieldTexts('de'))
    if (sample === undefined) throw new Error('no sample')
    const { text, html } = letters.render('checklist', sample.model, { ...sample.head, language: 'tlh' })
    expect(text).toContain('✓ Partner Domain (received)')
    expect(text).not.toContain('Zugangsdaten')
    expect(html).toContain('<html lang="en"')
  })
})
