/**
 * What the templates of letters to partners may use: checklist, acknowledgement, an agent's answer.
 * Fails: never. Pure.
 */
import { cutText, type HeadView } from './head-view.ts'
import {
  type GuidanceGroup,
  guidanceGroups,
  type ItemView,
  itemViews,
  knownGuidance,
  titlesOf,
} from './item-view.ts'
import type {
  AcknowledgementModel,
  AgentAnswerModel,
  ChecklistModel,
  LetterHead,
  PromiseModel,
} from './models.ts'
import { replyLink } from './reply-link.ts'

const MS_PER_DAY = 86_400_000
/** An agent's answer is the letter itself, so it is cut only against abuse. */
const MAX_ANSWER_CHARACTERS = 100_000

export type ReplyView = { readonly link: string; readonly titles: readonly string[] }

export type ChecklistView = {
  readonly items: readonly ItemView[]
  readonly isFirst: boolean
  readonly anyGiven: boolean
  readonly anyInferred: boolean
  readonly missingCount: number
  readonly guidance: readonly GuidanceGroup[]
  readonly reply: ReplyView
  readonly ticketIsOpen: boolean
  readonly promise: PromiseModel | null
  readonly expiresAt: Date | null
  readonly expiresInDays: number
  readonly severalCustomers: boolean
}

export type AcknowledgementView = {
  readonly items: readonly ItemView[]
  readonly anyInferred: boolean
  readonly anySecret: boolean
  readonly guidance: readonly GuidanceGroup[]
  readonly promise: PromiseModel
  readonly severalCustomers: boolean
  readonly replaces: string | null
}

export type AgentAnswerView = {
  readonly agentName: string
  readonly answer: string
  readonly closing: string | null
}

/** Makes the reply that is ready to be filled in. */
export function readyReply(titles: readonly string[], shared: HeadView): ReplyView {
  const subject = `Re: ${shared.stem} ${shared.tag}`.replace(/\s+/gu, ' ')
  const lines = titles.map((title) => `${title}: `)
  const { replyAddress: address, tag } = shared
  return { link: replyLink({ address, subject, tag, lines }), titles }
}

/** Makes what the checklist shows. */
export function checklistView(model: ChecklistModel, head: LetterHead, shared: HeadView): ChecklistView {
  const items = itemViews(model.items, model.fieldTexts)
  const titles = titlesOf(model.missing, model.fieldTexts)
  const left = model.expiresAt === null ? 0 : model.expiresAt.getTime() - head.now.getTime()
  return {
    items,
    isFirst: model.round <= 1,
    anyGiven: items.some((item) => item.isGiven),
    anyInferred: items.some((item) => item.isInferred),
    missingCount: model.missing.length,
    guidance: guidanceGroups(model.guidance, model.fieldTexts),
    reply: readyReply(titles, shared),
    ticketIsOpen: model.ticketIsOpen,
    promise: model.promise,
    expiresAt: model.expiresAt,
    expiresInDays: Math.max(0, Math.round(left / MS_PER_DAY)),
    severalCustomers: model.severalCustomers,
  }
}

/** Makes what the acknowledgement shows. */
export function acknowledgementView(model: AcknowledgementModel): AcknowledgementView {
  const items = itemViews(model.items, model.fieldTexts).filter((item) => item.isGiven)
  return {
    items,
    anyInferred: items.some((item) => item.isInferred),
    anySecret: items.some((item) => item.isSecret),
    guidance: knownGuidance(guidanceGroups(model.guidance, model.fieldTexts)),
    promise: model.promise,
    severalCustomers: model.severalCustomers,
    replaces: model.replaces,
  }
}

/** Makes what an agent's answer shows: the agent's words, and who wrote them. */
export function agentAnswerView(model: AgentAnswerModel): AgentAnswerView {
  const { agentName, closing } = model
  return { agentName, answer: cutText(model.text, MAX_ANSWER_CHARACTERS), closing }
}
