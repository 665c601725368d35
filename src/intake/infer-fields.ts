/**
 * Fills from the running text what no label gives: domains by role, credentials, what is wrong, what was tried; then from
 * the forwarded mail and from the subject. Fails: never; a field answered with a non-answer stays empty.
 */
import type { Mail } from '../mail/mail.ts'
import type { Collected } from './collect.ts'
import { isSecretLink } from './complete.ts'
import { domainRoles } from './domain-roles.ts'
import { eliminate } from './eliminate.ts'
import { cleanText, fold } from './fold.ts'
import { inferText } from './infer-text.ts'
import { hasStrongTrouble } from './judge-sentence.ts'
import { isThirdParty } from './known-hosts.ts'
import type { Lexicon } from './lexicon.ts'
import { contentLines, type LineTest, readLines } from './mail-lines.ts'
import { foldWords } from './phrase-set.ts'
import { findCredentials, findUsername } from './prose-credentials.ts'
import type { Credentials, FieldSource, ReadingHints } from './reading.ts'
import { blocksOf, sentencesOf } from './sentences.ts'

type InferTools = {
  readonly collected: Collected
  readonly hints: ReadingHints
  readonly isEnd: LineTest
}

const MIN_FORWARDED_WORDS = 4
const MAX_LINES = 200

/** Fills what it can; changes `tools.collected`. */
export function inferFields(mail: Mail, lexicon: Lexicon, tools: InferTools): void {
  inferCredentials(mail, lexicon, tools.collected)
  const left = eliminate(readLines(mail.newText), tools.collected, lexicon)
  if (left !== null) takeLine(tools, lexicon, left)
  inferTexts(mail, lexicon, tools)
  inferDomains(mail, lexicon, tools)
}

type Guess = { readonly value: string | null; readonly source: FieldSource }

function setPlain(tools: InferTools, lexicon: Lexicon, name: string, what: Guess): void {
  const { collected, hints } = tools
  if (what.value === null || what.value === '' || !lexicon.rows.has(name)) return
  // In a reply, running text fills what is still open; only a label corrects what was given before.
  if (hints.missing !== null && !hints.missing.includes(name)) return
  if (collected.fields.has(name) || collected.refused.has(name)) return
  collected.fields.set(name, { kind: 'plain', value: what.value, source: what.source, place: null })
}

/** The line that answers one text is no part of another. */
function takeLine(
  tools: InferTools,
  lexicon: Lexicon,
  { name, value, line }: { readonly name: string; readonly value: string; readonly line: string },
): void {
  for (const [other, known] of tools.collected.fields) {
    if (known.kind !== 'plain' || !known.value.includes(line)) continue
    const rest = known.value.replace(line, '').trim()
    if (rest === '') return
    tools.collected.fields.set(other, { ...known, value: rest })
  }
  setPlain(tools, lexicon, name, { value: value.trim(), source: 'label' })
}

function plain(collected: Collected, name: string): string | null {
  const value = collected.fields.get(name)
  return value?.kind === 'plain' ? value.value : null
}

function inferCredentials(mail: Mail, lexicon: Lexicon, collected: Collected): void {
  const row = [...lexicon.rows.values()].find((one) => one.kind === 'credentials')
  if (row === undefined) return
  const before = collected.fields.get(row.name)
  const known: Credentials =
    before?.kind === 'credentials' ? before.value : { username: null, password: null }
  if (known.password !== null && (known.username !== null || isSecretLink(known.password))) return
  const texts: readonly [FieldSource, string][] = [
    ['inferred', mail.newText],
    ['subject', mail.subject ?? ''],
    ...mail.attachments.map((attachment): [FieldSource, string] => ['attachment', attachment.text ?? '']),
  ]
  for (const [source, text] of texts) {
    const found = blocksOf(readLines(text))
      .slice(0, 300)
      .flatMap((paragraph) => findCredentials(paragraph, lexicon))
      .find(
        (one) =>
          one.password !== null &&
          (known.username === null || one.username === null || known.username === one.username),
      )
    if (found === undefined) continue
    const value = { username: known.username ?? found.username, password: known.password ?? found.password }
    collected.fields.set(row.name, { kind: 'credentials', value, source, place: null })
    return
  }
  const username = known.username ?? findUsername(mail.newText, lexicon)
  if (before === undefined && username !== null) {
    const value = { username, password: null }
    collected.fields.set(row.name, { kind: 'credentials', value, source: 'inferred', place: null })
  }
}

function inferTexts(mail: Mail, lexicon: Lexicon, tools: InferTools): void {
  const { collected } = tools
  const set = (name: string, value: string | null, source: FieldSource): void =>
    setPlain(tools, lexicon, name, { value, source })
  const details = plain(collected, 'details')
  const credentials = [...collected.fields.values()].find((value) => value.kind === 'credentials')
  // In a reply a question is to us, and describes nothing.
  const told =
    tools.hints.missing === null
      ? collected.prose
      : collected.prose.filter((one) => !isQuestion(one, lexicon))
  const text = inferText(told, lexicon, credentials?.value.password ?? null)
  set('details', text.details, 'inferred')
  set('steps_taken', text.stepsTaken ?? stepsByLine(collected, lexicon), 'inferred')
  if (details !== null)
    set('steps_taken', inferText(sentencesOf(details.split('\n')), lexicon).stepsTaken, 'inferred')
  const attached = inferText(collected.attached, lexicon)
  set('details', attached.details, 'attachment')
  set('steps_taken', attached.stepsTaken, 'attachment')
  addForwarded(mail, lexicon, tools)
  if (isFresh(mail) && lexicon.sets.trouble.has(foldWords(mail.subject ?? ''))) {
    set('details', cleanText(mail.subject ?? '').trim(), 'subject')
  }
}

function isQuestion(sentence: string, lexicon: Lexicon): boolean {
  return /[?？]["”')]?\s*$/u.test(sentence) && !hasStrongTrouble(foldWords(sentence), lexicon)
}

/** Notes without full stops: what joins to no step may be one line by line. */
function stepsByLine(collected: Collected, lexicon: Lexicon): string | null {
  const lines = collected.proseLines.filter((line) => line.trim() !== '').slice(0, MAX_LINES)
  const sentences = lines.flatMap((line) => sentencesOf([line]))
  return inferText(sentences, lexicon).stepsTaken
}

/** The customer's own words are evidence, below what the partner says of them. */
function addForwarded(mail: Mail, lexicon: Lexicon, tools: InferTools): void {
  if (mail.forwarded === null) return
  const lines = contentLines(readLines(mail.forwarded.text), lexicon, tools.isEnd)
  const told = sentencesOf(lines).join(' ')
  if (told.split(/\s+/u).length < MIN_FORWARDED_WORDS) return
  const note = tools.collected.fields.get('details')
  if (note === undefined) setPlain(tools, lexicon, 'details', { value: told, source: 'inferred' })
  else if (note.kind === 'plain' && note.source === 'inferred') {
    tools.collected.fields.set('details', { ...note, value: `${note.value}\n${told}` })
  }
}

/** The subject of a reply is not the sender's word on the trouble. */
function isFresh(mail: Mail): boolean {
  const subject = mail.subject ?? ''
  return mail.inReplyTo.length === 0 && !/^\s*\S{1,6}\s?:/u.test(subject) && fold(subject).includes(' ')
}

function inferDomains(mail: Mail, lexicon: Lexicon, tools: InferTools): void {
  const { collected, hints } = tools
  const sentences = [
    ...collected.prose,
    ...sentencesOf((plain(collected, 'details') ?? '').split('\n')),
    ...sentencesOf((plain(collected, 'steps_taken') ?? '').split('\n')),
    ...collected.attached,
  ]
  const known = {
    senderDomain: mail.from?.address.split('@').at(-1) ?? null,
    partnerDomains: hints.partnerDomains,
    ownDomains: hints.ownDomains,
    labelledPartner: plain(collected, 'partner_domain'),
    userDomain: domainOfUser(collected),
  }
  const set = (name: string, value: string | null, source: FieldSource): void =>
    setPlain(tools, lexicon, name, { value, source })
  const roles = domainRoles(sentences, known, lexicon)
  set('partner_domain', roles.partner, 'inferred')
  set('control_panel_url', roles.panel, 'inferred')
  set('customer_domain', roles.customer, 'inferred')
  if (roles.customers.length > 1) collected.warnings.add('several-customers')

  const subject = domainRoles([cleanText(mail.subject ?? '')], known, lexicon)
  set('customer_domain', subject.customer, 'subject')
  set('partner_domain', subject.partner, 'subject')
  set('control_panel_url', subject.panel, 'subject')
  const author = mail.forwarded?.from?.address?.split('@').at(-1) ?? null
  // Where a form asks for the domain and gets none, the mailbox does not answer for it.
  const user = collected.labelled.has('customer_domain') ? null : known.userDomain
  for (const domain of [author, user]) {
    if (domain !== null && !isThirdParty(domain) && !isKnown(domain, known))
      set('customer_domain', domain, 'inferred')
  }
}

/** The domain of the mailbox that the partner lets us sign in to. */
function domainOfUser({ fields }: Collected): string | null {
  const credentials = [...fields.values()].find((value) => value.kind === 'credentials')
  const [, domain] = /@([^@\s]+\.[^@\s]+)$/u.exec(credentials?.value.username ?? '') ?? []
  return domain?.toLowerCase() ?? null
}

function isKnown(
  domain: string,
  known: {
    senderDomain: string | null
    partnerDomains: readonly string[]
    ownDomains: readonly string[]
    labelledPartner: string | null
  },
): boolean {
  return [known.senderDomain, known.labelledPartner, ...known.partnerDomains, ...known.ownDomains].includes(
    domain,
  )
}
