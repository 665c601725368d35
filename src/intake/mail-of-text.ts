/**
 * Builds mails and the shipped policy for the tests of this room, without parsing octets.
 * Fails: never. Not used outside tests.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { parse } from 'yaml'
import type { Mail } from '../mail/mail.ts'
import { buildPolicy, type CatalogueParts } from './build-policy.ts'
import type { Policy } from './policy.ts'
import type { PolicyOverrides } from './policy-schema.ts'
import type { ReadingHints } from './reading.ts'

const WORDS = new URL('../../templates/words/', import.meta.url)

/** Reads the shipped words of every language. */
export function shippedCatalogues(): Record<string, CatalogueParts> {
  const files = readdirSync(WORDS).filter((name) => name.endsWith('.yaml'))
  return Object.fromEntries(
    files.map((name) => [
      name.replace('.yaml', ''),
      parse(readFileSync(new URL(name, WORDS), 'utf8')) as CatalogueParts,
    ]),
  )
}

/** Builds the shipped policy, with overrides. */
export function shippedPolicy(overrides: PolicyOverrides = {}): Policy {
  return buildPolicy(shippedCatalogues(), overrides)
}

export const NO_HINTS: ReadingHints = { missing: null, partnerDomains: [], ownDomains: ['mailhub.example'] }

/** Makes a mail of a partner's text; other parts as given. */
export function mailOfText(text: string, parts: Partial<Mail> = {}): Mail {
  return {
    kind: 'mail',
    mailKind: 'ordinary',
    messageId: 'one@partner.example',
    inReplyTo: [],
    references: [],
    from: { displayName: 'Robin Sender', address: 'robin@northwind-it.example' },
    authorCount: 1,
    sender: null,
    replyTo: [],
    to: [{ displayName: null, address: 'support@mailhub.example' }],
    cc: [],
    subject: 'Ticket',
    date: null,
    text,
    newText: text,
    quotedText: null,
    signature: null,
    forwarded: null,
    tableRows: [],
    attachments: [],
    automatic: null,
    answersUnwanted: null,
    bounce: null,
    headerFields: [],
    warnings: [],
    ...parts,
  }
}
