/**
 * What each letter's template may use, one type per template. `decide/plan.ts` fills the model with what the mail
 * decided; `store/apply.ts` adds the LetterHead, which only the transaction knows (number, signed addresses).
 * Dates are instants; rendering shows them in the reader's time zone.
 */

/** A line of the checklist: a tick with what was understood, or a cross with how to give it. */
export type ChecklistItem = {
  readonly name: string
  /** null when missing; masked when secret. */
  readonly understood: string | null
  /** The value was inferred, not labelled: the letter asks to correct it if wrong. */
  readonly inferred: boolean
  /** Something was read but it is no answer: `non-answer`, `password-missing`; else null. */
  readonly problem: string | null
  /** What to say beside a value: it differs from the register, or is a link that shows a password once. */
  readonly note: 'register-mismatch' | 'one-time-link' | null
}

/** One of the three R's: null when the mail does not say. */
export type GuidanceItem = { readonly name: string; readonly understood: string | null }

/** `words` gives titles, hints and examples for the names, from the policy's field rows in the letter's language. */
export type FieldText = {
  readonly name: string
  readonly title: string
  readonly hint: string
  readonly example: string
  readonly group: 'submission' | 'replicate' | 'review' | 'research'
}

export type ChecklistModel = {
  readonly items: readonly ChecklistItem[]
  readonly guidance: readonly GuidanceItem[]
  readonly fieldTexts: readonly FieldText[]
  readonly missing: readonly string[]
  /** 1 for the first checklist of this draft. */
  readonly round: number
  /** True in mode `advise`: the ticket is open already, the items are a request. */
  readonly ticketIsOpen: boolean
  readonly promise: PromiseModel | null
  /** Draft's end; null when the ticket is open. */
  readonly expiresAt: Date | null
  readonly severalCustomers: boolean
}

export type PromiseModel = { readonly queue: string; readonly hours: number; readonly dueAt: Date }

export type AcknowledgementModel = {
  readonly items: readonly ChecklistItem[]
  readonly guidance: readonly GuidanceItem[]
  readonly fieldTexts: readonly FieldText[]
  readonly promise: PromiseModel
  readonly severalCustomers: boolean
  /** The waiting draft that this ticket stands in for, `TG-1041`; null when there was none. */
  readonly replaces: string | null
}

/** To a draft's requester halfway to its end, once. */
export type DraftReminderModel = {
  readonly items: readonly ChecklistItem[]
  readonly fieldTexts: readonly FieldText[]
  readonly missing: readonly string[]
  readonly expiresAt: Date
}

/** To a draft's requester at its end. */
export type DraftExpiredModel = Omit<DraftReminderModel, 'expiresAt'>

/** A reply opened a resolved ticket again. */
export type ReopenedModel = { readonly promise: PromiseModel }

/** To somebody who asked to leave a ticket: a requester is asked back first. */
export type LeavingModel = {
  readonly asks: boolean
  /** Does a colleague take part who would become requester? */
  readonly hasSuccessor: boolean
  /** Who has become requester in place of the one that left; null when they were none, or nobody is left. */
  readonly successor: string | null
}

/** One thing that happened to a ticket, for its partner: a mail of theirs, or a letter to them. */
export type TraceRow =
  | {
      readonly kind: 'mail'
      readonly at: Date
      readonly from: string
      /** What it was taken for: `new-ticket`, `incomplete`, `reply` … */
      readonly outcome: string
    }
  | {
      readonly kind: 'letter'
      readonly at: Date
      readonly to: string
      readonly letter: string
      readonly fate: 'queued' | 'sent' | 'failed' | 'bounced'
    }

/** Where a ticket stands, to whoever of its partner asked. */
export type TicketStatusModel = {
  readonly state: string
  readonly queue: string
  readonly promise: PromiseModel | null
  /** Draft's end; null when it is none. */
  readonly expiresAt: Date | null
  readonly fieldTexts: readonly FieldText[]
  readonly missing: readonly string[]
  /** 1 for the head of the queue; null when no promise runs. Filled in by apply. */
  readonly position: number | null
  /** Oldest first; filled in by apply from mails and letters of the ticket. */
  readonly trace: readonly TraceRow[]
}

/** To an agent who forwarded a mail whose author is no partner: for whom is it? */
export type AgentQuestionModel = {
  /** Who wrote the forwarded mail, as far as it says; empty when it does not. */
  readonly author: string
  readonly subject: string
  /** The agent's answer named nobody that the register knows. */
  readonly again: boolean
}

export type NoticePost = {
  readonly kind: string
  readonly author: string
  readonly at: Date
  readonly text: string
}

export type AgentNoticeModel = {
  /** What happened: drives the first line and the subject. */
  readonly event:
    | 'new-ticket'
    | 'completed'
    | 'reply'
    | 'draft'
    | 'bounce'
    | 'new-partner'
    | 'assigned'
    | 'handed-out'
    | 'moved'
    | 'history'
  readonly partnerName: string
  readonly requester: string
  readonly queue: string
  readonly state: string
  readonly promise: PromiseModel | null
  readonly items: readonly ChecklistItem[]
  readonly guidance: readonly GuidanceItem[]
  readonly fieldTexts: readonly FieldText[]
  readonly missing: readonly string[]
  readonly newText: string
  readonly observers: readonly string[]
  readonly attachments: readonly {
    readonly fileName: string
    readonly contentType: string
    readonly size: number
  }[]
  readonly warnings: readonly string[]
  /** Newest first; filled in by apply from the ticket's posts. */
  readonly history: readonly NoticePost[]
  /** In mode `observe`: what would have been sent to the partner, else null. */
  readonly wouldHaveSent: string | null
}

/** An agent's words on their way to a partner. */
export type AgentAnswerModel = {
  readonly agentName: string
  readonly text: string
  /** The ticket ends with this answer. */
  readonly closing: 'resolved' | 'closed' | null
}

/** The ticket was resolved or closed without further words. */
export type FinishedModel = { readonly agentName: string }

/** The ticket went to a queue whose tickets are answered in turn. */
export type ForwardedModel = {
  readonly queue: string
  readonly promise: PromiseModel
  /** 1 for the head of the queue. */
  readonly position: number
}

/** To an agent: what their mail did to a ticket, or why it did nothing. */
export type CommandResultModel = {
  readonly kind: 'done' | 'refused' | 'held'
  /** `code` has words; `about` is what it is about; `command` is missing where no command is meant. */
  readonly rows: readonly { readonly command?: string; readonly code: string; readonly about: string }[]
  /** How the ticket stands now; null where there is none. */
  readonly state: {
    readonly queue: string
    readonly state: string
    readonly assignee: string | null
    readonly promise: PromiseModel | null
  } | null
  readonly undo: 'yes' | 'no' | 'none'
  /** The words that went nowhere, so that nothing is lost; empty when there are none. */
  readonly text: string
  readonly help: readonly {
    readonly usage: string
    readonly code: string
    readonly about: string
    readonly undo: 'yes' | 'no' | 'none'
  }[]
}

/** To the desk: so much of a promise is used, or all of it. */
export type PromiseWarningModel = {
  readonly percent: number
  readonly promise: PromiseModel
  readonly partnerName: string
  readonly assignee: string | null
  readonly customer: string | null
}

/** Rows of held mail for the operator. */
export type HeldDigestModel = {
  readonly rows: readonly {
    readonly inboxId: string
    readonly receivedAt: Date
    readonly from: string
    readonly subject: string
    readonly reason: string
    /** Ticket it seems to belong to, `TG-1042`; null when none. */
    readonly ticket: string | null
    /** What can be done about it, the likeliest first. */
    readonly actions: readonly ('release' | 'release-as' | 'retry' | 'drop')[]
  }[]
  /** All that wait: a long list is cut. */
  readonly total: number
  /** Notices to the desk that came back from everybody, so that nobody may know of their ticket. */
  readonly unseen: readonly { readonly ticket: string; readonly subject: string; readonly address: string }[]
}

/** To the desk once a day: drafts that wait for their partner. */
export type DraftDigestModel = {
  readonly rows: readonly {
    readonly reference: string
    readonly partner: string
    /** Names of fields. */
    readonly missing: readonly string[]
    readonly since: Date
    readonly checklists: number
  }[]
  /** All that wait: a long list is cut. */
  readonly total: number
}

/** To the operator: the breaker keeps letters back. */
export type LettersStoppedModel = { readonly perHour: number; readonly waiting: number }

export type Models = {
  readonly checklist: ChecklistModel
  readonly acknowledgement: AcknowledgementModel
  readonly 'agent-notice': AgentNoticeModel
  readonly 'agent-answer': AgentAnswerModel
  readonly 'held-digest': HeldDigestModel
  readonly 'letters-stopped': LettersStoppedModel
  readonly 'draft-digest': DraftDigestModel
  readonly 'draft-reminder': DraftReminderModel
  readonly 'draft-expired': DraftExpiredModel
  readonly reopened: ReopenedModel
  readonly leaving: LeavingModel
  readonly 'ticket-status': TicketStatusModel
  readonly 'agent-question': AgentQuestionModel
  readonly resolved: FinishedModel
  readonly closed: FinishedModel
  readonly 'engineering-forwarded': ForwardedModel
  readonly 'command-result': CommandResultModel
  readonly 'promise-warning': PromiseWarningModel
  readonly 'promise-broken': PromiseWarningModel
}

export type LetterName = keyof Models

/** What only the transaction and the configuration know of a letter. */
export type LetterHead = {
  /** `TG-1042`; null for letters without a ticket. */
  readonly reference: string | null
  readonly subjectStem: string
  readonly recipientName: string | null
  /** Six digits by which a caller is matched to the ticket. */
  readonly phoneCode?: string | null
  /** Signed address to answer to. */
  readonly replyAddress: string
  /**
   * False when nobody in particular reads it (a shared desk address): an answer to it proves no author, so it would be held.
   * Left out means true.
   */
  readonly isPersonal?: boolean
  /** IANA zone of the reader, `UTC` when unknown. */
  readonly timeZone: string
  readonly language: string
  readonly now: Date
}

/** What letters look and sound like; from the configuration. */
export type BrandLook = {
  readonly name: string
  readonly url: string | null
  readonly logoText: string
  /** `#rrggbb`. */
  readonly accentColour: string
}

export type RenderedLetter = { readonly subject: string; readonly text: string; readonly html: string }
