/**
 * Samples of letters to the desk; between them they take every branch of the templates.
 */
import type {
  AgentNoticeModel,
  AgentQuestionModel,
  FieldText,
  HeldDigestModel,
  LetterHead,
} from './models.ts'
import {
  BARE_HEAD,
  GUIDANCE,
  HEAD,
  HOUR_MS,
  LATE,
  MASKED,
  NO_GUIDANCE,
  NOW,
  PROMISE,
  type Sample,
  sampleItems,
  VALUES,
} from './sample-parts.ts'

const WARNING_CODES = [
  'several-customers',
  'non-answer:steps_taken',
  'credentials-by-link',
  'register-mismatch:partner_domain',
  'too-many-letters',
  'machine-mail',
  'forwards-thread',
  'new-case-at-old-address',
  'new-partner',
  'reopened',
  'replaces-draft',
  'agent-forward',
  'nobody-left',
]

function freshNotice(fieldTexts: readonly FieldText[]): AgentNoticeModel {
  return {
    event: 'new-ticket',
    partnerName: 'Nordwind IT',
    requester: 'Fenella Brandt <fenella@nordwind.example>',
    queue: 'support',
    state: 'open',
    promise: PROMISE,
    items: sampleItems({ inferred: ['customer_domain'] }),
    guidance: GUIDANCE,
    fieldTexts,
    missing: [],
    newText: `Good morning,\n\nAnna at Baeckerei Sommer cannot send mail since Monday.\n\nUser name anna@baeckerei-sommer.example, password ${MASKED}\n\n${VALUES['details']}\n\n${VALUES['steps_taken']}`,
    observers: ['anna@baeckerei-sommer.example'],
    attachments: [
      { fileName: 'bounce.txt', contentType: 'text/plain', size: 4_210 },
      { fileName: 'screenshot of Outlook.png', contentType: 'image/png', size: 1_284_000 },
    ],
    warnings: [],
    history: [],
    wouldHaveSent: null,
  }
}

function replyNotice(fresh: AgentNoticeModel): AgentNoticeModel {
  return {
    ...fresh,
    event: 'reply',
    promise: LATE,
    queue: 'engineering',
    newText: 'It happens on her telephone, too.',
    observers: [],
    attachments: [],
    warnings: WARNING_CODES,
    history: [
      {
        kind: 'agent-answer',
        author: 'Mara Lind',
        at: new Date(NOW.getTime() - 3 * HOUR_MS),
        text: 'Does it happen on the telephone, too?\n\nMara',
      },
      {
        kind: 'partner-mail',
        author: 'Fenella Brandt',
        at: new Date(NOW.getTime() - 26 * HOUR_MS),
        text: VALUES['details'] ?? '',
      },
    ],
  }
}

function draftNotice(fresh: AgentNoticeModel): AgentNoticeModel {
  return {
    ...fresh,
    event: 'draft',
    state: 'draft',
    promise: null,
    items: sampleItems({
      missing: ['credentials', 'steps_taken'],
      problems: { credentials: 'password-missing', steps_taken: 'non-answer' },
    }),
    guidance: NO_GUIDANCE,
    missing: ['credentials', 'steps_taken'],
    attachments: [],
  }
}

function bounceNotice(fresh: AgentNoticeModel): AgentNoticeModel {
  return {
    ...fresh,
    event: 'bounce',
    state: 'waiting',
    promise: null,
    newText: 'fenella@nordwind.example · failed · 5.1.1 · smtp; 550 5.1.1 unknown user',
    observers: [],
    attachments: [],
    history: [],
  }
}

/** More of everything than a letter shows. */
function longNotice(fresh: AgentNoticeModel): AgentNoticeModel {
  return {
    ...fresh,
    newText: `${VALUES['details']} `.repeat(100),
    attachments: Array.from({ length: 42 }, (_none, at) => ({
      fileName: `screenshot-${at}.png`,
      contentType: 'image/png',
      size: 900 * at,
    })),
    history: Array.from({ length: 12 }, (_none, at) => ({
      kind: at % 2 === 0 ? 'note' : 'automatic',
      author: 'Mara Lind',
      at: new Date(NOW.getTime() - at * HOUR_MS),
      text: `${VALUES['steps_taken']} `.repeat(at === 0 ? 20 : 1),
    })),
  }
}

/** Makes the samples of one letter. */
export function notices(fieldTexts: readonly FieldText[]): readonly Sample<'agent-notice'>[] {
  const fresh = freshNotice(fieldTexts)
  const reply = replyNotice(fresh)
  const draft = draftNotice(fresh)
  const bounce = bounceNotice(fresh)
  return [
    { title: 'new-ticket', model: fresh, head: { ...HEAD, recipientName: 'Mara Lind' } },
    { title: 'reply-overdue', model: reply, head: HEAD },
    { title: 'draft', model: draft, head: HEAD },
    { title: 'bounce', model: bounce, head: BARE_HEAD },
    { title: 'completed', model: { ...fresh, event: 'completed' }, head: HEAD },
    {
      title: 'new-partner',
      model: { ...draft, event: 'new-partner', warnings: ['new-partner'] },
      head: HEAD,
    },
    {
      title: 'observed',
      model: {
        ...fresh,
        warnings: ['observe'],
        wouldHaveSent: 'acknowledgement',
      },
      head: HEAD,
    },
    {
      title: 'new-ticket-incomplete',
      model: { ...draft, event: 'new-ticket', state: 'open', promise: PROMISE },
      head: HEAD,
    },
    { title: 'long', model: longNotice(fresh), head: HEAD },
    { title: 'shared-address', model: fresh, head: { ...BARE_HEAD, isPersonal: false } },
    {
      title: 'program-not-answered',
      model: {
        ...draft,
        newText: '',
        warnings: ['machine-mail', 'machine-mail-silent'],
        wouldHaveSent: 'checklist',
      },
      head: HEAD,
    },
    {
      title: 'answers-unwanted',
      model: { ...fresh, warnings: ['answers-unwanted'], wouldHaveSent: 'acknowledgement' },
      head: HEAD,
    },
    {
      title: 'looks-automatic',
      model: { ...draft, warnings: ['looks-automatic'], wouldHaveSent: 'checklist' },
      head: HEAD,
    },
    { title: 'letters-stopped', model: { ...draft, warnings: ['repeated-mail'] }, head: HEAD },
  ]
}

const HELD_REASONS = [
  'stranger',
  'proof-failed',
  'agent-unproven',
  'agent-command',
  'partner-suspended',
  'another reason',
]

const UNSEEN = {
  ticket: 'TG-1042',
  subject: 'Mailbox of our customer is full',
  address: 'mara@desk.example',
}

const SAMPLE_ACTIONS: Readonly<Record<string, HeldDigestModel['rows'][number]['actions']>> = {
  stranger: ['release-as', 'retry', 'drop'],
  'agent-command': ['drop'],
  'partner-suspended': ['retry', 'drop'],
}

/** Makes the samples of one letter. */
export function stops(): readonly Sample<'letters-stopped'>[] {
  const head: LetterHead = { ...HEAD, reference: null, subjectStem: '', recipientName: null }
  return [{ title: 'stopped', model: { perHour: 500, waiting: 37 }, head }]
}

/** Makes the samples of one letter. */
export function digests(): readonly Sample<'held-digest'>[] {
  const rows = HELD_REASONS.map((reason, at) => ({
    inboxId: `06g3k5w8r1n0v4t${at}`,
    receivedAt: new Date(NOW.getTime() - (at + 1) * HOUR_MS),
    from: at === 1 ? '' : 'Jo Vance <jo@unknown-reseller.example>',
    subject: at === 1 ? '' : 'Mailbox of our customer is full',
    reason,
    ticket: at === 3 ? 'TG-1042' : null,
    actions: SAMPLE_ACTIONS[reason] ?? ['release', 'drop'],
  }))
  const head: LetterHead = { ...HEAD, reference: null, subjectStem: '', recipientName: 'Mara Lind' }
  const [only] = rows
  const one: HeldDigestModel = { rows: only === undefined ? [] : [only], total: 1, unseen: [] }
  return [
    { title: 'several', model: { rows, total: rows.length + 12, unseen: [UNSEEN] }, head },
    { title: 'unseen-only', model: { rows: [], total: 0, unseen: [UNSEEN] }, head },
    { title: 'one', model: one, head },
  ]
}

/** Makes the samples of one letter. */
export function questions(): readonly Sample<'agent-question'>[] {
  const head: LetterHead = { ...HEAD, reference: null, subjectStem: '', recipientName: 'Mara Lind' }
  const model: AgentQuestionModel = {
    author: 'anna@baeckerei-sommer.example',
    subject: 'Anna cannot send mail',
    again: false,
  }
  return [
    { title: 'first', model, head },
    { title: 'again', model: { ...model, author: '', subject: '', again: true }, head },
  ]
}
