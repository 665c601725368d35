/**
 * The report as one page of HTML that needs nothing else: no script, no font, no picture from elsewhere, readable on a
 * phone, in the dark and on paper. Its security policy forbids whatever it does not use.
 * Fails: never; all words of mails are escaped.
 */
import { type BarRow, bar, barList, legend, pageHead, type Tone, text } from './html-parts.ts'
import type { PartnerLine, Report, SetAside, Threads } from './report.ts'
import { count, day, mailsSentence, percent } from './report-words.ts'

const THREAD_TONES: readonly (readonly [Tone, string])[] = [
  ['once', 'accepted at once'],
  ['later', 'accepted after asking'],
  ['never', 'never complete'],
  ['withdrawn', 'withdrawn'],
]
/** Partners that are seen without opening the list, and those that the page holds at all. */
const PARTNERS_OPEN = 20
const MAX_PARTNERS = 500
const OUTCOME_TITLES: Readonly<Record<SetAside['outcome'], string>> = {
  held: 'Held for a person',
  unreadable: 'Could not be read; a person is told',
  'left-out': 'Could not be taken',
  automatic: 'Sent by a program: kept, not answered',
  bounce: 'Delivery reports',
}

/** Writes the page. */
export function reportPage(report: Report): string {
  const { threads } = report
  const title = `Rehearsal for ${report.brand}`
  return `${pageHead(title)}
<body>
<main>
<header>
<h1>${text(title)}</h1>
<p class="lead">${text(report.mailbox)}${daysOf(report)}</p>
${mailsSentence(report)
  .map((sentence) => `<p>${text(sentence)}</p>`)
  .join('\n')}
</header>
${report.hints.map((hint) => `<p class="hint" role="note">${text(hint)}</p>`).join('\n')}
${threads.found === 0 ? '<p>No partner submitted anything in these mails.</p>' : threadSections(report)}
${setAsideSection(report.setAside)}
<footer><p>A thread is what a partner began with one mail. It counts as accepted when all items of the support policy are there, whether the first mail brought them or a later one. What the old desk learned by phone or looked up by itself is not seen here. Subjects are masked, senders are shown by domain.</p></footer>
</main>
</body>
</html>
`
}

function daysOf({ since, until }: Report): string {
  if (since === null || until === null) return ''
  return `, <time datetime="${day(since)}">${day(since)}</time> to <time datetime="${day(until)}">${day(until)}</time>`
}

function threadSections(report: Report): string {
  return [
    figures(report.threads),
    acceptedSection(report),
    missedSection(report),
    partnersSection(report.partners),
  ]
    .filter((one) => one !== '')
    .join('\n')
}

function figures(threads: Threads): string {
  const shown: readonly (readonly [string, string])[] = [
    ['threads found', threads.found.toLocaleString('en')],
    ['complete with the first mail', percent(threads.firstTimeComplete ?? 0)],
    ['would have been asked back', threads.askedBack.toLocaleString('en')],
    ['of those, complete in the end', threads.acceptedAfterAsking.toLocaleString('en')],
  ]
  return `<dl class="figures">${shown.map(([name, value]) => `<div><dt>${text(name)}</dt><dd>${text(value)}</dd></div>`).join('')}</dl>`
}

function acceptedSection({ threads }: Report): string {
  const rows = THREAD_TONES.map(([tone, name]): BarRow => {
    const size = sizeOf(threads, tone)
    return { label: capital(name), value: part(size, threads.found), note: null, parts: [{ tone, size }] }
  })
  return section('accepted', 'What would have become of the threads', barList(rows, threads.found))
}

function missedSection({ missed, threads }: Report): string {
  if (missed.length === 0) return ''
  const rows = missed.map(
    (one): BarRow => ({
      label: one.title,
      value: part(one.threads, threads.askedBack),
      note: null,
      parts: [{ tone: 'missed', size: one.threads }],
    }),
  )
  const about = `What the first mail lacked, in the ${count(threads.askedBack, 'thread')} that would have been asked back.`
  return section(
    'missed',
    'What partners leave out',
    `<p class="about">${text(about)}</p>${barList(rows, threads.askedBack)}`,
  )
}

function partnersSection(partners: readonly PartnerLine[]): string {
  const active = partners.filter((one) => one.found > 0).toSorted((one, other) => other.found - one.found)
  if (active.length === 0) return ''
  const most = active[0]?.found ?? 0
  const shown = active.slice(0, PARTNERS_OPEN)
  const more = active.slice(PARTNERS_OPEN, MAX_PARTNERS)
  const rest = active.length - shown.length - more.length
  const plot = barList(shown.map(partnerRow), most)
  const folded =
    more.length === 0
      ? ''
      : `<details><summary>${text(count(more.length, 'more partner'))}</summary>${barList(more.map(partnerRow), most)}</details>`
  const left =
    rest === 0 ? '' : `<p class="about">${text(count(rest, 'further partner'))} are in the JSON report.</p>`
  return section('partners', 'By partner', legend(THREAD_TONES) + plot + folded + left)
}

function partnerRow(one: PartnerLine): BarRow {
  const words = THREAD_TONES.map(([tone, name]) => [sizeOf(one, tone), name] as const)
    .filter(([size]) => size > 0)
    .map(([size, name]) => `${size.toLocaleString('en')} ${name}`)
  const missed = one.missed.slice(0, 3).map((item) => `${item.title} (${item.threads})`)
  return {
    label: one.name,
    value: `${count(one.found, 'thread')}, ${count(one.mails, 'mail')}`,
    note: `${words.join(', ')}${missed.length === 0 ? '' : `. Left out: ${missed.join(', ')}`}`,
    parts: THREAD_TONES.map(([tone]) => ({ tone, size: sizeOf(one, tone) })),
  }
}

function sizeOf(threads: Threads, tone: Tone): number {
  if (tone === 'once') return threads.acceptedAtOnce
  if (tone === 'later') return threads.acceptedAfterAsking
  return tone === 'never' ? threads.neverComplete : threads.withdrawn
}

function setAsideSection(rows: readonly SetAside[]): string {
  if (rows.length === 0) return ''
  const most = Math.max(...rows.map((row) => row.mails))
  const groups = [...Map.groupBy(rows, (row) => row.outcome)].map(([outcome, reasons]) => {
    const mails = reasons.reduce((sum, row) => sum + row.mails, 0)
    return `<h3>${text(OUTCOME_TITLES[outcome])}: ${text(count(mails, 'mail'))}</h3>${reasons.map((row) => reason(row, most)).join('\n')}`
  })
  const about = 'Mails that open no ticket and get no answer, with a few of each to look up.'
  return section(
    'set-aside',
    'What would have been set aside',
    `<p class="about">${about}</p>${groups.join('\n')}`,
  )
}

function reason(row: SetAside, most: number): string {
  const examples = row.examples.map(
    (one) =>
      `<li>${text(one.subject ?? '(no subject)')}<span class="place">${text([one.from, one.place].filter((word) => word !== null).join(' · '))}</span></li>`,
  )
  return `<div class="reason"><p class="row"><span class="label">${text(capital(row.words))}</span> <span class="value">${text(count(row.mails, 'mail'))}</span></p>${bar([{ tone: 'plain', size: row.mails }], most)}<ul class="examples">${examples.join('')}</ul></div>`
}

function section(name: string, title: string, content: string): string {
  return `<section aria-labelledby="${name}"><h2 id="${name}">${text(title)}</h2>${content}</section>`
}

function part(size: number, of: number): string {
  return `${size.toLocaleString('en')} (${percent(of === 0 ? 0 : size / of)})`
}

function capital(words: string): string {
  return words.slice(0, 1).toUpperCase() + words.slice(1)
}
