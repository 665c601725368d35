/**
 * The shipped rows of a submission: the six items that the policy demands and the three R's that it recommends.
 * A row says what kind of value it is; the words (labels, hint, example) are in templates/words/<language>.yaml.
 * Source: the support policy, docs/architecture.md.
 */
import type { FieldRow, Queue } from './policy.ts'

type ShippedRow = Omit<FieldRow, 'words' | 'acceptFrom' | 'choices' | 'pattern'>

export const SHIPPED_ROWS: readonly ShippedRow[] = [
  { name: 'partner_domain', kind: 'domain', required: true, group: 'submission' },
  { name: 'control_panel_url', kind: 'url', required: true, group: 'submission' },
  { name: 'customer_domain', kind: 'domain', required: true, group: 'submission' },
  { name: 'credentials', kind: 'credentials', required: true, group: 'submission' },
  { name: 'details', kind: 'text', required: true, group: 'submission' },
  { name: 'steps_taken', kind: 'text', required: true, group: 'submission' },
  { name: 'os', kind: 'text', required: false, group: 'replicate' },
  { name: 'mail_client', kind: 'text', required: false, group: 'replicate' },
  { name: 'reproducible', kind: 'yes-no', required: false, group: 'replicate' },
  { name: 'services', kind: 'text', required: false, group: 'replicate' },
  { name: 'dns_checked', kind: 'yes-no', required: false, group: 'review' },
  { name: 'owa_checked', kind: 'yes-no', required: false, group: 'review' },
  { name: 'server_rules_checked', kind: 'yes-no', required: false, group: 'review' },
  { name: 'local_rules_checked', kind: 'yes-no', required: false, group: 'review' },
  { name: 'kb_searched', kind: 'yes-no', required: false, group: 'research' },
  { name: 'seen_before', kind: 'yes-no', required: false, group: 'research' },
]

/** The fields that the partner register knows: only these may be accepted from `account`. */
export const REGISTER_FIELDS: readonly string[] = ['partner_domain', 'control_panel_url']

/** A ticket has 24 hours; one forwarded to Engineering has 72 and waits its turn. */
export const SHIPPED_QUEUES: readonly Queue[] = [
  { name: 'support', promiseHours: 24, hours: null, order: 'earliest-due', notify: ['agents'] },
  { name: 'engineering', promiseHours: 72, hours: null, order: 'sequential', notify: ['agents'] },
]

export const SHIPPED_DRAFT_EXPIRES_DAYS = 14
