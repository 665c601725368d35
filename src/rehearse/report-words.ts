/** Sentences and numbers that the report on the terminal and the page share. Fails: never. */
import type { Report, Threads } from './report.ts'

/** Writes a number with its noun: `1 mail`, `1,200 mails`. */
export function count(times: number, noun: string): string {
  return `${times.toLocaleString('en')} ${noun}${times === 1 ? '' : 's'}`
}

/** Writes a part of 0 to 1 as percent; what is there at all is never shown as nothing, nor almost all as all. */
export function percent(part: number): string {
  if (part > 0 && part < 0.01) return '<1 %'
  if (part > 0.99 && part < 1) return '>99 %'
  return `${Math.round(part * 100)} %`
}

/** Writes the day of an instant. */
export function day(instant: string): string {
  return instant.slice(0, 10)
}

/** Tells how many mails there were, and what was skipped. */
export function mailsSentence({ mails, partnersAre, brand }: Report): readonly string[] {
  const skipped = [
    ...(mails.ownReplies > 0 ? [`${count(mails.ownReplies, 'answer')} of the desk itself`] : []),
    ...(mails.copies > 0 ? [`${count(mails.copies, 'mail')} that came twice`] : []),
    ...(mails.leftOut > 0 ? [`${count(mails.leftOut, 'mail')} that could not be taken`] : []),
  ]
  const faults =
    mails.faults === 0
      ? []
      : [`${count(mails.faults, 'mail')} met a fault of this program and are not counted.`]
  const senders =
    partnersAre === 'open'
      ? 'Every sender was taken for a partner.'
      : `Only whom the register of ${brand} knows was taken for a partner.`
  return [
    `${count(mails.found, 'mail')} read, ${mails.decided.toLocaleString('en')} decided${skipped.length === 0 ? '' : `; skipped: ${skipped.join(', ')}`}.`,
    ...faults,
    `${senders} Nothing was sent, nothing was kept.`,
  ]
}

/** Tells the rate that a desk wants to know. */
export function acceptedSentence(threads: Threads): string {
  const rate = threads.firstTimeComplete === null ? '' : ` (${percent(threads.firstTimeComplete)})`
  return `${count(threads.found, 'thread')}: ${threads.acceptedAtOnce.toLocaleString('en')}${rate} complete with the first mail, ${threads.askedBack.toLocaleString('en')} would have been asked back`
}
