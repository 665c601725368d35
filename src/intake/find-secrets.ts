/**
 * Every string of a mail that must never be stored, shown or sent in clear: passwords in the new text, in quotes, tables,
 * attachments, forwards and the subject, labelled or not. Fails: never; finds rather too much than too little.
 */
import type { Mail } from '../mail/mail.ts'
import { cleanText } from './fold.ts'
import { gather } from './gather.ts'
import type { Lexicon } from './lexicon.ts'
import { readLines, unquoteLine } from './mail-lines.ts'
import type { TypoBudget } from './match-label.ts'
import { findCredentials } from './prose-credentials.ts'
import { segmentLines } from './segment.ts'
import { blocksOf } from './sentences.ts'
import { segmentRows } from './table-rows.ts'

const MAX_PARAGRAPHS = 500
const MAX_SECRETS = 200

/** Collects the passwords of every text of the mail. */
export function findSecrets(mail: Mail, lexicon: Lexicon, budget: TypoBudget): Set<string> {
  const secrets = new Set<string>()
  const texts = [
    mail.text,
    mail.newText,
    mail.quotedText,
    mail.signature,
    mail.forwarded?.text,
    mail.forwarded?.subject,
    ...mail.attachments.map((attachment) => attachment.text),
  ]
  const seen = new Set<string>()
  for (const text of texts) {
    // The new text is the whole text of most mails, but for blank lines around it.
    const trimmed = text?.trim() ?? ''
    if (text === null || text === undefined || trimmed === '' || seen.has(trimmed)) continue
    seen.add(trimmed)
    for (const secret of secretsIn(text, lexicon, budget)) secrets.add(secret)
  }
  if (mail.subject !== null)
    for (const secret of secretsIn(cleanText(mail.subject), lexicon, budget)) secrets.add(secret)
  for (const secret of gather(segmentRows(mail.tableRows, lexicon, budget), lexicon).passwords)
    secrets.add(secret)
  return new Set([...secrets].slice(0, MAX_SECRETS))
}

function secretsIn(text: string, lexicon: Lexicon, budget: TypoBudget): string[] {
  const lines = readLines(text).map((line) => unquoteLine(line).text)
  const labelled = gather(
    segmentLines(lines, lexicon, budget, () => false),
    lexicon,
  ).passwords
  const prose = blocksOf(lines)
    .slice(0, MAX_PARAGRAPHS)
    .flatMap((paragraph) => findCredentials(paragraph, lexicon))
    .map((found) => found.password)
  return [...labelled, ...prose].filter((secret) => secret !== null)
}
