/**
 * Plan: what we will do about a judged mail, as rows and letters. One file per group of verdicts; here is the switch.
 * Fails: a judgement that lacks what its verdict needs is a fault. Pure: no clock, no random, no I/O.
 */
import type { Mail, Unreadable } from '../mail/mail.ts'
import { assertNever } from './assert-never.ts'
import type { Context } from './context.ts'
import type { Effects } from './effects.ts'
import type { Judgement } from './judgement.ts'
import {
  openedLetter,
  planAgentReply,
  planCommands,
  planHeldAnswer,
  planNext,
  planUnprovenAgent,
} from './plan-agent.ts'
import { planAgentForward, planAnswerForWhom, planAskAgent } from './plan-agent-forward.ts'
import { planAutomatic, planBounce, planRecord } from './plan-machine.ts'
import { addressChanges } from './plan-parts.ts'
import { planReply } from './plan-reply.ts'
import { planIncomplete, planOpenTicket } from './plan-submission.ts'
import type { Verdict } from './verdict.ts'

/** Plans the effects of a mail; `apply` writes them in order, in the same transaction. */
export function plan(judgement: Judgement, mail: Mail | Unreadable, context: Context): Effects {
  if (mail.kind === 'unreadable') return planRecord(judgement.verdict, mail)
  const { changes, letters } = planMail(judgement, mail, context)
  // First, so that the letters of this very mail go there.
  return { changes: [...addressChanges(judgement, mail), ...changes], letters }
}

/** An agent who opened a ticket for a caller is told its number. */
function withResult(judgement: Judgement, effects: Effects, mail: Mail, context: Context): Effects {
  const { sender } = context
  if (!judgement.circumstances.includes('opened-for-caller') || sender.kind !== 'agent') return effects
  const result = openedLetter(judgement, sender.person, mail, context)
  return { ...effects, letters: [...effects.letters, result] }
}

/** Held mail is recorded; an agent whose own mail waits is told. */
function planHeld(
  judgement: Judgement,
  verdict: Extract<Verdict, { kind: 'held' }>,
  mail: Mail,
  context: Context,
): Effects {
  if (verdict.reason === 'agent-for-whom') return planAskAgent(mail, context)
  if (verdict.reason === 'agent-unproven' && context.sender.kind === 'agent')
    return planUnprovenAgent(context.sender.person, context)
  return judgement.author?.kind === 'agent'
    ? planHeldAnswer(judgement, mail, context)
    : planRecord(verdict, mail)
}

function planMail(judgement: Judgement, mail: Mail, context: Context): Effects {
  const { verdict } = judgement
  switch (verdict.kind) {
    case 'new-ticket':
      return judgement.circumstances.includes('agent-forward')
        ? planAgentForward(judgement, mail, context)
        : withResult(judgement, planOpenTicket(judgement, mail, context), mail, context)
    case 'completes-draft':
      return planOpenTicket(judgement, mail, context)
    case 'incomplete':
      return withResult(judgement, planIncomplete(judgement, mail, context), mail, context)
    case 'reply':
      return planReply(judgement, verdict, mail, context)
    case 'agent-reply':
      return planAgentReply(judgement, verdict, mail, context)
    case 'bounce':
      return planBounce(judgement, verdict, mail, context)
    case 'automatic':
      return planAutomatic(judgement, mail, context)
    case 'command':
      if ('of' in verdict) return planAnswerForWhom(verdict, mail, context)
      return verdict.command === 'next'
        ? planNext(judgement, mail, context)
        : planCommands(judgement, mail, context)
    case 'held':
      return planHeld(judgement, verdict, mail, context)
    case 'duplicate':
    case 'unreadable':
      return planRecord(verdict, mail)
    default:
      return assertNever(verdict)
  }
}
