/** The report as one page of HTML that needs nothing else. Fails: never; names of partners are escaped. */
import { bar, barList, legend, pageHead, text } from '../rehearse/html-parts.ts'
import type { Report, Sums } from './report-sums.ts'

const MAX_PARTNERS = 200

/** Writes the page; `span` is shown as it stands. */
export function reportPage(report: Report, span: string): string {
  const { all } = report
  return `${pageHead(`Promises and tickets, ${span}`)}
<body><main>
<h1>Promises and tickets</h1>
<p class="lead">${text(span)}</p>
<dl class="figures">
${figure(String(all.kept), 'promises kept')}
${figure(String(all.broken), 'promises broken')}
${figure(share(all.firstTimeComplete, all.tickets), 'complete at once')}
${figure(all.medianHours === null ? '–' : `${all.medianHours} h`, 'first answer, half were faster')}
</dl>
<h2>Queues</h2>
${plot(report.queues)}
<h2>Partners</h2>
${plot(report.partners.slice(0, MAX_PARTNERS))}
<h2>What first mails lacked</h2>
${barList(
  report.missed.map(({ name, count }) => ({
    label: name,
    value: String(count),
    note: null,
    parts: [{ tone: 'missed', size: count }],
  })),
  Math.max(1, ...report.missed.map(({ count }) => count)),
)}
<h2>Out of turn</h2>
<p>${report.jumps.length} taken out of turn, ${report.passes} passed over while they were the partner’s turn.</p>
<ul>${report.jumps.map(({ queue, detail }) => `<li>${text(queue)}: ${text(detail)}</li>`).join('\n')}</ul>
</main></body></html>
`
}

function figure(value: string, title: string): string {
  return `<div><dt>${text(title)}</dt><dd>${text(value)}</dd></div>`
}

export function share(part: number, of: number): string {
  return of === 0 ? '–' : `${Math.round((part / of) * 100)} %`
}

function plot(rows: readonly Sums[]): string {
  const most = Math.max(1, ...rows.map(({ kept, broken, running }) => kept + broken + running))
  const items = rows.map(
    (row) =>
      `<li><p class="row"><span class="label">${text(row.name)}</span> <span class="value">${row.kept} kept, ${row.broken} broken, ${row.running} running</span></p>${bar(
        [
          { tone: 'once', size: row.kept },
          { tone: 'never', size: row.broken },
          { tone: 'withdrawn', size: row.running },
        ],
        most,
      )}<p class="note">${row.tickets} tickets, ${text(share(row.firstTimeComplete, row.tickets))} complete at once, first answer after ${row.medianHours ?? '–'} h (half), ${row.ninetiethHours ?? '–'} h (nine of ten)</p></li>`,
  )
  const tones = legend([
    ['once', 'kept'],
    ['never', 'broken'],
    ['withdrawn', 'running'],
  ])
  return `${tones}<ul class="bars">${items.join('\n')}</ul>`
}
