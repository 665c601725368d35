/** The report as a page. */
import type { Report } from './report.ts'

/** Writes the page. */
export function reportPage(report: Report): string {
  return report.mailbox
}
