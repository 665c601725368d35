/**
 * Samples of letters to partners; between them they take every branch of the templates.
 */
import type { AcknowledgementModel, AgentAnswerModel, ChecklistModel, FieldText } from './models.ts'
import {
  BARE_HEAD,
  EXPIRES_AT,
  GUIDANCE,
  HEAD,
  NO_GUIDANCE,
  PROMISE,
  type Sample,
  SUBMISSION,
  sampleItems,
} from './sample-parts.ts'

/** Makes the samples of one letter. */
export function checklists(fieldTexts: readonly FieldText[]): readonly Sample<'checklist'>[] {
  const first: ChecklistModel = {
    items: sampleItems({
      missing: ['credentials', 'steps_taken'],
      inferred: ['customer_domain'],
      problems: { credentials: 'password-missing' },
    }),
    guidance: GUIDANCE,
    fieldTexts,
    missing: ['credentials', 'steps_taken'],
    round: 1,
    ticketIsOpen: false,
    promise: null,
    expiresAt: EXPIRES_AT,
    severalCustomers: false,
  }
  const second: ChecklistModel = {
    ...first,
    items: sampleItems({ missing: ['steps_taken'], problems: { steps_taken: 'non-answer' } }),
    missing: ['steps_taken'],
    round: 2,
  }
  const nothing: ChecklistModel = {
    ...first,
    items: sampleItems({ missing: SUBMISSION }),
    guidance: NO_GUIDANCE,
    missing: SUBMISSION,
    severalCustomers: true,
  }
  const advise: ChecklistModel = { ...first, ticketIsOpen: true, promise: PROMISE, expiresAt: null }
  return [
    { title: 'first-round', model: first, head: HEAD },
    { title: 'second-round', model: second, head: HEAD },
    { title: 'nothing-given', model: nothing, head: BARE_HEAD },
    { title: 'ticket-is-open', model: advise, head: HEAD },
    {
      title: 'ticket-is-open-second-round',
      model: { ...second, ticketIsOpen: true, promise: PROMISE, expiresAt: null },
      head: HEAD,
    },
    {
      title: 'other-than-registered',
      model: {
        ...second,
        items: sampleItems({
          missing: ['steps_taken'],
          notes: { partner_domain: 'register-mismatch', credentials: 'one-time-link' },
        }),
      },
      head: HEAD,
    },
    { title: 'without-guidance', model: { ...first, guidance: [] }, head: HEAD },
  ]
}

/** Makes the samples of one letter. */
export function acknowledgements(fieldTexts: readonly FieldText[]): readonly Sample<'acknowledgement'>[] {
  const whole: AcknowledgementModel = {
    items: sampleItems({ inferred: ['customer_domain', 'steps_taken'] }),
    guidance: GUIDANCE,
    fieldTexts,
    promise: PROMISE,
    severalCustomers: false,
    replaces: null,
  }
  const plain: AcknowledgementModel = {
    ...whole,
    items: sampleItems({ missing: ['credentials'] }),
    guidance: NO_GUIDANCE,
    promise: { ...PROMISE, queue: 'hosting', hours: 1 },
    severalCustomers: true,
  }
  return [
    { title: 'complete', model: whole, head: HEAD },
    { title: 'several-customers', model: plain, head: BARE_HEAD },
    { title: 'replaces-draft', model: { ...whole, replaces: 'TG-1041' }, head: HEAD },
    {
      title: 'one-time-link',
      model: {
        ...whole,
        items: sampleItems({
          notes: { control_panel_url: 'register-mismatch', credentials: 'one-time-link' },
        }),
      },
      head: HEAD,
    },
  ]
}

/** Makes the samples of one letter. */
export function answers(): readonly Sample<'agent-answer'>[] {
  const model: AgentAnswerModel = {
    agentName: 'Mara Lind',
    text: 'Good morning Fenella,\n\nthe mailbox of Anna had lost its right to send under her own address. We gave it back to her, and a test by Outlook Web Access went through at once.\n\nPlease let Anna close and open Outlook once, and tell us whether it works.\n\nKind regards\nMara Lind',
    closing: null,
  }
  return [
    { title: 'answer', model, head: HEAD },
    { title: 'last-answer', model: { ...model, closing: 'resolved' }, head: HEAD },
    { title: 'without-subject', model, head: BARE_HEAD },
  ]
}
