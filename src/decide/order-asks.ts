/**
 * `#need`: the partner is asked for details, named as anybody would name them.
 * Fails: never; an unknown detail is told.
 */
import { lexiconOf } from '../intake/lexicon.ts'
import { matchLabel } from '../intake/match-label.ts'
import type { Context } from './context.ts'
import type { LetterOrder, Recipient } from './effects.ts'
import { mergedOf } from './merge-fields.ts'
import { fieldTextsOf, guidanceOf, itemsOf } from './models-of.ts'
import { done, FINISHED, letterBase, problem, type Run } from './order-steps.ts'
import { eventChange } from './plan-parts.ts'
import { owedPromiseModel } from './promise.ts'

export const need: Run = ({ rest }, work, at) => {
  if (FINISHED.has(work.ticket.state)) return problem('is-finished', work.ticket.state)
  const { context } = at
  const found = fieldsNamed(rest, context)
  if (found.unknown !== null) return problem('no-field', found.unknown)
  const { ticket } = work
  const missing = context.policy.fields
    .map(({ name }) => name)
    .filter((name) => ticket.missing.includes(name) || found.names.includes(name))
  const fields = Object.fromEntries(
    Object.entries(ticket.fields).filter(([name]) => !found.names.includes(name)),
  )
  const known = mergedOf({ ...ticket, fields, missing })
  const isOpen = ticket.state !== 'draft'
  const to: Recipient = { kind: 'person', personId: ticket.requester.id }
  const letter: LetterOrder = {
    ...letterBase(work, context, to),
    template: 'checklist',
    model: {
      items: itemsOf(context.policy, known, ticket.warnings),
      guidance: guidanceOf(context.policy, known),
      fieldTexts: fieldTextsOf(context.policy, ticket.language),
      missing,
      round: ticket.checklistsSent + 1,
      ticketIsOpen: isOpen,
      promise: isOpen ? owedPromiseModel(ticket) : null,
      expiresAt: isOpen ? null : ticket.expiresAt,
      severalCustomers: false,
    },
  }
  return {
    ...done(
      work,
      { code: 'need', about: found.names.join(', ') },
      {
        patch: { missing, checklistsSent: ticket.checklistsSent + 1 },
        changes: [
          {
            kind: 'update-ticket',
            ticketId: ticket.id,
            missing,
            checklistsSent: ticket.checklistsSent + 1,
          },
          eventChange(ticket.id, 'asked-for', found.names.join(' ')),
        ],
        letters: [letter],
      },
    ),
    asks: true,
  }
}

/** Fields by name or by any label that partners may write: `#need password, steps`. */
function fieldsNamed(
  rest: string,
  { policy }: Context,
): { readonly names: readonly string[]; readonly unknown: string | null } {
  const lexicon = lexiconOf(policy)
  const credentials = policy.fields.find((row) => row.kind === 'credentials')?.name ?? null
  const nameOf = (word: string): string | null => {
    const row = policy.fields.find(({ name }) => name === word.toLowerCase())
    if (row !== undefined) return row.name
    const target = matchLabel(word, lexicon, { left: 1 })?.target
    if (target?.kind === 'field') return target.row.name
    return target?.kind === 'username' || target?.kind === 'password' ? credentials : null
  }
  const parts = rest.split(/[,;]/u).map((part) => part.trim())
  const words = parts.flatMap((part) => (nameOf(part) === null ? part.split(/\s+/u) : [part]))
  const wanted = words.filter((word) => word !== '')
  const unknown = wanted.length === 0 ? '' : (wanted.find((word) => nameOf(word) === null) ?? null)
  return { names: [...new Set(wanted.flatMap((word) => nameOf(word) ?? []))], unknown }
}
