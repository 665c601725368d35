/**
 * `ticketgate inbox release|drop|retry`: what a person decides about mail that waits. A running gateway does the rest at
 * once; without one it is done when it starts.
 */
import type { Person } from '../decide/context.ts'
import { type Desk, ownDomains } from '../desk.ts'
import { findPerson } from '../store/find-person.ts'
import { dropMail, releaseMail, retryMail } from '../store/release.ts'
import { CONFIG_OPTION, type Command, EXIT, ExitError, type Io, manyWords, textOption } from './command.ts'
import { refusalText } from './held-words.ts'
import { withDesk } from './open-desk.ts'
import { printable } from './table.ts'

export const inboxRelease: Command = {
  name: 'inbox release',
  summary: 'vouch for held mail, so that it is treated as proven',
  usage: 'ID...',
  details: `You say that the mail is what it claims to be: it is decided again, and counts as proven this once. Its
promise starts now. --as names the person who wrote it, by address, name or id; the address it came from becomes one
more address of theirs. A program's mail stays a program's, and an agent's answer still needs the address of a notice.`,
  options: {
    ...CONFIG_OPTION,
    as: {
      type: 'string',
      value: 'PERSON',
      help: 'who wrote it: an address, name or id of a registered person',
    },
  },
  run: (call, io) =>
    withDesk(call, io, async (desk) => {
      const ids = manyWords(call, 'ID')
      const word = textOption(call, 'as')
      const as = word === null ? null : await personNamed(desk, word)
      const { config, store } = desk
      return eachMail(ids, io, async (inboxId) => {
        const at = { ...now(desk), partners: config.partners, ownDomains: ownDomains(config) }
        const done = await releaseMail(store, { inboxId, as }, at)
        if (done.kind === 'refused') return { refused: refusalText(done, printable(inboxId)) }
        const learned = done.learned === null ? '' : `; ${done.learned} is an address of theirs from now on`
        const whom = as === null ? '' : ` as ${shown(as)}`
        return { done: `${inboxId} is released${whom}, and will be decided again${learned}` }
      })
    }),
}

export const inboxDrop: Command = {
  name: 'inbox drop',
  summary: 'set held mail aside for good reason',
  usage: 'ID...',
  details: `Nothing comes of the mail, and nobody is told. It is kept: it can still be released or retried later.`,
  options: {
    ...CONFIG_OPTION,
    reason: { type: 'string', value: 'TEXT', help: 'why, for whoever asks later' },
  },
  run: (call, io) =>
    withDesk(call, io, async (desk) => {
      const ids = manyWords(call, 'ID')
      const reason = textOption(call, 'reason')
      return eachMail(ids, io, async (inboxId) =>
        (await dropMail(desk.store, { inboxId, reason }, now(desk)))
          ? { done: `${inboxId} is dropped; it can still be taken up: ticketgate inbox retry ${inboxId}` }
          : { refused: `"${printable(inboxId)}" is no held or failed mail` },
      )
    }),
}

export const inboxRetry: Command = {
  name: 'inbox retry',
  summary: 'decide held, failed or dropped mail anew',
  usage: 'ID...',
  details: 'With the registers and tickets as they are now; a running gateway does it at once.',
  options: CONFIG_OPTION,
  run: (call, io) =>
    withDesk(call, io, async (desk) => {
      const ids = manyWords(call, 'ID')
      return eachMail(ids, io, async (inboxId) =>
        (await retryMail(desk.store, inboxId, now(desk)))
          ? { done: `${inboxId} is put back; it will be decided anew` }
          : { refused: `"${printable(inboxId)}" is no held, failed or dropped mail` },
      )
    }),
}

type Told = { readonly done: string } | { readonly refused: string }

/** Each mail for itself: what is refused keeps no other one from being done. */
async function eachMail(
  ids: readonly string[],
  io: Io,
  decide: (inboxId: string) => Promise<Told>,
): Promise<number> {
  const refused: string[] = []
  for (const id of ids) {
    const told = await decide(id)
    if ('done' in told) io.out(`${told.done}\n`)
    else refused.push(told.refused)
  }
  if (refused.length > 0) throw new ExitError(EXIT.fault, refused.join('\n'))
  return EXIT.ok
}

function now(desk: Desk) {
  return { now: desk.clock(), newId: desk.applyDeps.newId }
}

function shown(person: Person): string {
  return printable(person.name === null ? person.address : `${person.name} <${person.address}>`)
}

async function personNamed(desk: Desk, word: string): Promise<Person> {
  const found = await findPerson(desk.store.db, word)
  switch (found.kind) {
    case 'found':
      return found.person
    case 'several':
      throw new ExitError(
        EXIT.fault,
        `several people are named "${printable(word)}"; take an address: ${found.addresses.join(', ')}`,
      )
    default:
      throw new ExitError(
        EXIT.fault,
        `nobody is registered as "${printable(word)}"; --as takes an address, a whole name or an id`,
      )
  }
}
