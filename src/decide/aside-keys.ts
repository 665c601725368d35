/**
 * Aside keys: what in a mail names people beside its author: To and Cc, mailboxes that it came through, who wrote what it
 * forwards, whom the first line of an agent's answer names.
 * Fails: never; lists are bounded.
 */

import { type ForwardTraces, forwardTraces } from '../mail/auto-forward.ts'
import { forwardChain } from '../mail/forward-chain.ts'
import type { Mail, Unreadable } from '../mail/mail.ts'
import { domainOf, normaliseAddress } from '../mail/mailbox.ts'
import { splitCommands } from './command-lines.ts'

export type AsideKeys = {
  /** To and Cc in comparison form, each once, without the author and ourselves. */
  readonly named: readonly string[]
  readonly traces: ForwardTraces
  /** Authors of what was forwarded, outermost first, in comparison form. */
  readonly forwardAuthors: readonly string[]
  /** The address or domain in the first line of the new text, in comparison form; null when there is none. */
  readonly firstLineNames: string | null
  readonly commands: CommandKeys
}

/** What the command lines of a mail name; only an agent's are commands. */
export type CommandKeys = {
  /** Without `#`. */
  readonly words: readonly string[]
  /** The ticket of `#merge TG-1042`. */
  readonly otherNumber: number | null
  /** The address of `#cc` or `#remove`, in comparison form. */
  readonly namedAddress: string | null
}

const NO_COMMANDS: CommandKeys = { words: [], otherNumber: null, namedAddress: null }

/** More people than this in To and Cc are a mailing, not a conversation. */
export const MAX_NAMED = 50
const MAX_LINE_CHARACTERS = 300

/** A mail that names nobody. */
export const NO_ASIDES: AsideKeys = {
  named: [],
  traces: { addresses: [], domains: [] },
  forwardAuthors: [],
  firstLineNames: null,
  commands: NO_COMMANDS,
}

/** Lists who is named in To and Cc: neither ours nor the author's, each once, in comparison form. */
export function namedIn(mail: Mail, ownDomains: readonly string[]): readonly string[] {
  const author = mail.from === null ? null : normaliseAddress(mail.from.address)
  const found = new Set<string>()
  for (const mailbox of [...mail.to, ...mail.cc]) {
    if (found.size === MAX_NAMED) break
    const address = normaliseAddress(mailbox.address)
    if (address === null || address === author) continue
    if (!ownDomains.includes(domainOf(address))) found.add(address)
  }
  return [...found]
}

/** An address, or a domain of two labels or more; bounded (RFC 1035 §2.3.4). */
const NAME = /(?:([^\s<>@()[\]"',;:]{1,64})@)?((?:[\p{L}\p{N}_-]{1,63}\.){1,8}[\p{L}\p{N}-]{2,63})/u

function firstLineNames(text: string): string | null {
  const line = text.split('\n').find((one) => one.trim() !== '') ?? ''
  const match = NAME.exec(line.slice(0, MAX_LINE_CHARACTERS))
  if (match === null) return null
  const [, localPart, domain = ''] = match
  if (localPart !== undefined) return normaliseAddress(`${localPart}@${domain}`)
  const ascii = domainOf(`x@${domain}`)
  return ascii === '' ? null : ascii
}

function commandKeys(newText: string): CommandKeys {
  if (!newText.includes('#')) return NO_COMMANDS
  const { commands } = splitCommands(newText)
  const restOf = (...words: readonly string[]): string =>
    commands.find(({ word }) => words.includes(word))?.rest ?? ''
  const number = /^(?:TG-?)?(\d{1,9})\b/iu.exec(restOf('merge'))?.[1]
  const address = /[^\s<>]{1,64}@[^\s<>]{1,253}/u.exec(restOf('cc', 'remove'))?.[0]
  return {
    words: commands.map(({ word }) => word),
    otherNumber: number === undefined ? null : Number(number),
    namedAddress: address === undefined ? null : normaliseAddress(address),
  }
}

/** Collects the keys of a mail. */
export function asideKeys(
  mail: Mail | Unreadable,
  reversePath: string | null,
  ownDomains: readonly string[],
): AsideKeys {
  if (mail.kind === 'unreadable') return NO_ASIDES
  return {
    named: namedIn(mail, ownDomains),
    traces: forwardTraces(mail, reversePath),
    forwardAuthors: forwardChain(mail).flatMap(({ from }) => {
      const address = from?.address ?? null
      return address === null ? [] : (normaliseAddress(address) ?? [])
    }),
    firstLineNames: firstLineNames(mail.newText),
    commands: commandKeys(mail.newText),
  }
}
