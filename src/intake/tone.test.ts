import { describe, expect, it } from 'vitest'
import { lexiconOf } from './lexicon.ts'
import { mailOfText, NO_HINTS, shippedPolicy } from './mail-of-text.ts'
import { readSubmission } from './read.ts'
import { readThreeRs } from './three-rs.ts'
import { readTones } from './tone.ts'

const policy = shippedPolicy()
const lexicon = lexiconOf(policy)

describe('readTones', () => {
  it.each([
    ['Thanks, works again.', ['thanks-only', 'solved']],
    ['Thank you very much!', ['thanks-only']],
    ['Thank you!', ['thanks-only']],
    ['Thanks\nFenella', ['thanks-only']],
    ['Kind regards\nFenella', []],
    ['Danke, es funktioniert wieder!', ['thanks-only', 'solved']],
    ['Merci beaucoup, ça marche.', ['thanks-only', 'solved']],
    ['Gracias, ya funciona.', ['thanks-only', 'solved']],
    ['Obrigado, resolvido!', ['thanks-only', 'solved']],
    ['Grazie mille, tutto ok.', ['thanks-only']],
    ['Bedankt, het werkt weer.', ['thanks-only', 'solved']],
    ['ありがとうございました。解決しました。', ['thanks-only', 'solved']],
    ['Thanks, but it still does not work.', []],
    ['Thanks. When will it be fixed?', []],
    ['The mailbox is not solved yet.', []],
    ['This is urgent, everything is down.', ['urgent']],
    ['Please close the ticket, false alarm.', ['withdrawn']],
    ['Das hat sich erledigt, bitte schließen.', ['withdrawn']],
    ['The calendar is empty.', []],
  ])('reads %s', (text, kinds) => {
    expect(readTones([text], lexicon).map((tone) => tone.kind)).toEqual(kinds)
  })

  it('sees a question beside thanks', () => {
    const reading = readSubmission(
      mailOfText('Works, thanks! Can you restore the mails of Monday too?'),
      policy,
      NO_HINTS,
    )
    expect(reading.tones.map((tone) => tone.kind)).toEqual(['solved'])
  })
})

describe('readThreeRs', () => {
  it.each([
    ['dns_checked', 'DNS records were checked and are correct.', true],
    ['dns_checked', 'We have not checked DNS yet.', false],
    ['dns_checked', 'MX-Einträge geprüft.', true],
    ['owa_checked', 'Tested in OWA too.', true],
    ['owa_checked', 'We have not tested OWA.', false],
    ['kb_searched', 'Searched the knowledge base, nothing found.', true],
    ['reproducible', 'We could reproduce it on our PC.', true],
    ['reproducible', 'We could not reproduce it.', false],
    ['server_rules_checked', 'The panel shows no rules.', true],
    ['local_rules_checked', 'The panel shows no rules.', null],
    ['local_rules_checked', 'No local rules either.', true],
    ['seen_before', 'Another customer had it last week.', true],
    ['seen_before', 'No other customer has it.', false],
    ['os', 'He uses Windows 11 with Outlook 2021.', 'Windows 11'],
    ['mail_client', 'He uses Windows 11 with Outlook 2021.', 'Outlook 2021'],
    ['os', 'He has a new computer.', null],
  ] as const)('reads %s from: %s', (name, text, expected) => {
    const read = readThreeRs({ labelled: new Map(), steps: [text], all: [text] }, lexicon)
    expect(read[name]).toBe(expected)
  })

  it.each([
    ['yes', true],
    ['Ja, alles richtig', true],
    ['no', false],
    ['not yet', false],
    ['n/a', null],
  ])('reads a labelled %s as %s', (value, expected) => {
    const read = readThreeRs({ labelled: new Map([['dns_checked', value]]), steps: [], all: [] }, lexicon)
    expect(read.dns_checked).toBe(expected)
  })
})

describe('the language of a mail', () => {
  it.each([
    ['The mailbox of our customer is not shown and we have tried it', 'en'],
    ['Der Kunde kann keine Mails mehr senden, wir haben es geprüft', 'de'],
    ['Le client ne peut plus envoyer et nous avons testé', 'fr'],
    ['El cliente no puede enviar y lo hemos probado', 'es'],
    ['O cliente não consegue enviar e já testamos', 'pt'],
    ['Il cliente non riesce a inviare e abbiamo provato', 'it'],
    ['De klant kan niet verzenden en wij hebben het getest', 'nl'],
    ['お客様のメールが届きません。', 'ja'],
    ['x', null],
  ])('of %s is %s', (text, language) => {
    expect(readSubmission(mailOfText(text), policy, NO_HINTS).language).toBe(language)
  })
})
