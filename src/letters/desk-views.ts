/**
 * What the templates of letters to the desk may use: the notice to agents, the digest of held mail.
 * Fails: never. Pure. Long texts are cut, since the ticket keeps them whole.
 */
import { cutText } from './head-view.ts'
import {
  type GuidanceGroup,
  guidanceGroups,
  type ItemView,
  itemViews,
  knownGuidance,
  titlesOf,
} from './item-view.ts'
import type { AgentNoticeModel, HeldDigestModel, LetterHead, NoticePost, PromiseModel } from './models.ts'
import { NOTICE_MARKER } from './notice-marker.ts'

const MS_PER_MINUTE = 60_000
const MINUTES_PER_HOUR = 60
const MAX_NEW_TEXT_CHARACTERS = 20_000
const MAX_POST_CHARACTERS = 2_000
const MAX_POSTS = 10
const MAX_NAMED_FILES = 40
/** Why a letter was kept back; the banner says it, so the warnings need not. */
const WITHHELD_CODES = ['observe', 'machine-mail-silent', 'answers-unwanted', 'looks-automatic'] as const

type ClockView = { readonly isOverdue: boolean; readonly hours: number; readonly minutes: number }

export type AgentNoticeView = {
  readonly event: AgentNoticeModel['event'] | 'new-ticket-incomplete'
  readonly isFollowUp: boolean
  readonly isBounce: boolean
  readonly isDraft: boolean
  readonly isObserved: boolean
  /** An answer to this notice reaches the partner. */
  readonly isAnswerable: boolean
  readonly partnerName: string
  readonly requester: string
  readonly queue: string
  readonly state: string
  readonly promise: PromiseModel | null
  readonly clock: ClockView
  readonly items: readonly ItemView[]
  readonly missingTitles: readonly string[]
  readonly guidance: readonly GuidanceGroup[]
  readonly newText: string
  readonly newTextIsCut: boolean
  readonly observers: readonly string[]
  readonly attachments: readonly {
    readonly fileName: string
    readonly contentType: string
    readonly size: number
  }[]
  readonly moreAttachments: number
  readonly warnings: readonly { readonly code: string; readonly about: string }[]
  readonly history: readonly NoticePost[]
  readonly olderPosts: number
  /** The letter that was kept back: `checklist`, `acknowledgement`; null when nothing was. */
  readonly withheldLetter: string | null
  readonly withheldWhy: string
  readonly marker: string
}

type HeldRow = {
  readonly inboxId: string
  readonly receivedAt: Date
  readonly from: string
  readonly subject: string
  readonly reason: string
  readonly ticket: string | null
  /** The commands to copy. */
  readonly commands: readonly { readonly action: string; readonly command: string }[]
}

export type HeldDigestView = {
  readonly rows: readonly HeldRow[]
  readonly rowCount: number
  /** How many wait besides those named. */
  readonly moreCount: number
  readonly unseen: readonly {
    readonly ticket: string
    readonly subject: string
    readonly address: string
    readonly command: string
  }[]
  readonly unseenCount: number
}

function clockOf(promise: PromiseModel | null, now: Date): ClockView {
  const ms = promise === null ? 0 : promise.dueAt.getTime() - now.getTime()
  const minutes = Math.floor(Math.abs(ms) / MS_PER_MINUTE)
  return {
    isOverdue: ms < 0,
    hours: Math.floor(minutes / MINUTES_PER_HOUR),
    minutes: minutes % MINUTES_PER_HOUR,
  }
}

/** `non-answer:steps_taken` becomes its code and the field's title. */
function warningView(warning: string, model: AgentNoticeModel): { code: string; about: string } {
  const at = warning.indexOf(':')
  if (at < 0) return { code: warning, about: '' }
  return {
    code: warning.slice(0, at),
    about: titlesOf([warning.slice(at + 1)], model.fieldTexts)[0] ?? '',
  }
}

/** The first code stands: observe mode keeps every letter back, whatever the mail says besides. */
function whyWithheld({ wouldHaveSent, warnings }: AgentNoticeModel): (typeof WITHHELD_CODES)[number] {
  const found = WITHHELD_CODES.find((code) => warnings.includes(code))
  return wouldHaveSent === null ? 'observe' : (found ?? 'observe')
}

/** Makes what the notice to an agent shows. */
export function agentNoticeView(model: AgentNoticeModel, head: LetterHead): AgentNoticeView {
  const { event, newText } = model
  const withheldWhy = whyWithheld(model)
  return {
    // In mode `advise` a ticket opens although items are missing.
    event: event === 'new-ticket' && model.missing.length > 0 ? 'new-ticket-incomplete' : event,
    isFollowUp: event === 'reply' || event === 'completed' || event === 'bounce',
    isBounce: event === 'bounce',
    isDraft: model.state === 'draft',
    isObserved: model.warnings.includes('observe'),
    isAnswerable: head.isPersonal !== false && !model.warnings.includes('observe'),
    partnerName: model.partnerName,
    requester: model.requester,
    queue: model.queue,
    state: model.state,
    promise: model.promise,
    clock: clockOf(model.promise, head.now),
    items: itemViews(model.items, model.fieldTexts),
    missingTitles: titlesOf(model.missing, model.fieldTexts),
    guidance: knownGuidance(guidanceGroups(model.guidance, model.fieldTexts)),
    newText: cutText(newText.trim(), MAX_NEW_TEXT_CHARACTERS),
    newTextIsCut: newText.trim().length > MAX_NEW_TEXT_CHARACTERS,
    observers: model.observers,
    attachments: model.attachments.slice(0, MAX_NAMED_FILES),
    moreAttachments: Math.max(0, model.attachments.length - MAX_NAMED_FILES),
    warnings: model.warnings
      .filter((warning) => warning !== withheldWhy && warning !== 'observe')
      .map((warning) => warningView(warning, model)),
    history: model.history
      .slice(0, MAX_POSTS)
      .map((post) => ({ ...post, text: cutText(post.text.trim(), MAX_POST_CHARACTERS) })),
    olderPosts: Math.max(0, model.history.length - MAX_POSTS),
    withheldLetter: model.wouldHaveSent,
    withheldWhy,
    marker: NOTICE_MARKER,
  }
}

function commandOf(action: HeldDigestModel['rows'][number]['actions'][number], inboxId: string): string {
  return action === 'release-as'
    ? `ticketgate inbox release ${inboxId} --as PERSON`
    : `ticketgate inbox ${action} ${inboxId}`
}

/** Makes what the digest of held mail shows. */
export function heldDigestView(model: HeldDigestModel): HeldDigestView {
  const rows = model.rows.map(({ actions, ...row }) => ({
    ...row,
    commands: [
      { action: 'show', command: `ticketgate inbox show ${row.inboxId}` },
      ...actions.map((action) => ({ action, command: commandOf(action, row.inboxId) })),
    ],
  }))
  const unseen = model.unseen.map((one) => ({ ...one, command: `ticketgate ticket show ${one.ticket}` }))
  return {
    rows,
    rowCount: model.total,
    moreCount: Math.max(0, model.total - rows.length),
    unseen,
    unseenCount: unseen.length,
  }
}
