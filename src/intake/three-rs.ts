/**
 * The three R's from labels and prose: Replicate, Review, Research. Negation is understood (`we have not checked DNS yet`
 * is false); what the mail does not say is null. Fails: never.
 */
import type { Lexicon } from './lexicon.ts'
import { nonAnswer } from './non-answer.ts'
import { type Folded, foldWords, type PhraseSet } from './phrase-set.ts'
import type { CheckTopic } from './policy.ts'
import type { ThreeRs } from './reading.ts'

const OS =
  /\b(?:Windows (?:Server )?(?:XP|Vista|\d{1,4}(?:\.\d)?)(?: (?:Pro|Home|Enterprise))?(?: \d\dH\d)?|Win ?(?:7|8|10|11)|macOS(?: [A-Z][a-z]+)?(?: \d{1,2}(?:\.\d{1,2}){0,2})?|Mac ?OS X?(?: \d{1,2}(?:\.\d{1,2}){0,2})?|OS X(?: 10\.\d{1,2})?|iOS \d{1,2}(?:\.\d{1,2}){0,2}|iPadOS \d{1,2}(?:\.\d{1,2}){0,2}|Android \d{1,2}(?:\.\d)?|(?:Ubuntu|Debian|Fedora|Linux Mint|openSUSE) ?\d{0,2}(?:\.\d\d)?)(?![\p{L}\d])/u
const CLIENT =
  /\b(?:Outlook (?:20\d\d|365|2?0?1[0369]|Mobile|Express|Classic|LTSC(?: 20\d\d)?|(?:for|für|pour|para|per|voor) (?:Mac|iOS|Android|Windows|iPhone))|New Outlook|Apple Mail(?: \d{1,2}(?:\.\d)?)?|Mac Mail|iOS Mail|Thunderbird \d{1,3}(?:\.\d{1,2})?|eM Client(?: \d{1,2})?|Windows (?:Live )?Mail|Samsung (?:Mail|Email)|Gmail app|K-9 Mail|Evolution|The Bat!?)(?![\p{L}\d])/iu
const MAX_SENTENCES = 200
const NEGATION_REACH = 5

type Checked = Exclude<keyof ThreeRs, 'os' | 'mail_client' | 'services'>

type ThreeRSources = {
  /** Values of the rows' labels, by row name. */
  readonly labelled: ReadonlyMap<string, string>
  readonly steps: readonly string[]
  /** All sentences that the sender wrote, steps included. */
  readonly all: readonly string[]
}

/** Reads the three R's. */
export function readThreeRs(sources: ThreeRSources, lexicon: Lexicon): ThreeRs {
  const steps = sources.steps.slice(0, MAX_SENTENCES).map(foldWords)
  const all = sources.all.slice(0, MAX_SENTENCES).map(foldWords)
  const text = sources.all.slice(0, MAX_SENTENCES).join('\n')
  const said = (name: string): string | null => {
    const value = sources.labelled.get(name)
    return value === undefined || nonAnswer(value, lexicon) !== null ? null : value
  }
  const answered = (name: Checked, prose: () => boolean | null): boolean | null => {
    const value = sources.labelled.get(name)
    return (value === undefined ? null : yesNo(value, lexicon)) ?? prose()
  }
  const topic = (name: CheckTopic, within: readonly Folded[], needsCheck: boolean): boolean | null =>
    checked(lexicon.checks[name], within, { needsCheck, lexicon })
  const { serverRules, localRules } = lexicon.checks
  const plain = all.filter((sentence) => !serverRules.has(sentence) && !localRules.has(sentence))
  const rules = (name: CheckTopic): boolean | null =>
    topic(name, all, false) ?? topic('anyRules', plain, false)
  return {
    os: said('os') ?? OS.exec(text)?.[0] ?? null,
    mail_client: said('mail_client') ?? CLIENT.exec(text)?.[0] ?? null,
    reproducible: answered('reproducible', () => outcome(lexicon.checks, 'reproduced', 'notReproduced', all)),
    services: said('services'),
    dns_checked: answered('dns_checked', () => topic('dns', all, true) ?? topic('dns', steps, false)),
    owa_checked: answered('owa_checked', () => topic('owa', steps, false)),
    server_rules_checked: answered('server_rules_checked', () => rules('serverRules')),
    local_rules_checked: answered('local_rules_checked', () => rules('localRules')),
    kb_searched: answered('kb_searched', () => topic('knowledgeBase', all, false)),
    seen_before: answered('seen_before', () => outcome(lexicon.checks, 'seenBefore', 'neverSeen', all)),
  }
}

/** Reads yes or no at the start of a value; null when it is neither. */
function yesNo(value: string, lexicon: Lexicon): boolean | null {
  const folded = foldWords(value)
  if (folded.text === '') return null
  if (lexicon.sets.yes.is(folded)) return true
  if (lexicon.sets.no.is(folded)) return false
  if (lexicon.sets.nonAnswers.is(folded)) return null
  if (lexicon.sets.no.all(folded).some((hit) => hit.at === 0)) return false
  if (lexicon.sets.yes.all(folded).some((hit) => hit.at === 0)) return true
  if (nonAnswer(value, lexicon) !== null) return null
  return !isUnchecked(folded, folded.words.length, lexicon)
}

function outcome(
  checks: Lexicon['checks'],
  yes: CheckTopic,
  no: CheckTopic,
  sentences: readonly Folded[],
): boolean | null {
  if (sentences.some((sentence) => checks[no].has(sentence))) return false
  return sentences.some((sentence) => checks[yes].has(sentence)) ? true : null
}

/** A topic named in the steps was looked at, unless the sentence says that it was not. */
function checked(
  topic: PhraseSet,
  sentences: readonly Folded[],
  how: { readonly needsCheck: boolean; readonly lexicon: Lexicon },
): boolean | null {
  let result: boolean | null = null
  for (const sentence of sentences) {
    const [hit] = topic.all(sentence)
    if (hit === undefined) continue
    if (isUnchecked(sentence, hit.at, how.lexicon)) result ??= false
    else if (!how.needsCheck || saysChecked(sentence, how.lexicon)) return true
  }
  return result
}

function saysChecked(sentence: Folded, lexicon: Lexicon): boolean {
  return lexicon.sets.tried.has(sentence) || lexicon.sets.yes.has(sentence)
}

/** `have not checked DNS`, `DNS not yet tested`: a negation near a verb of checking. */
function isUnchecked(sentence: Folded, near: number, lexicon: Lexicon): boolean {
  const negations = lexicon.sets.negations.all(sentence)
  const verbs = lexicon.sets.tried.all(sentence).filter((hit) => hit.length === 1)
  return negations.some(
    (negation) =>
      Math.abs(negation.at - near) <= NEGATION_REACH * 2 &&
      verbs.some((verb) => verb.at > negation.at && verb.at - negation.at <= NEGATION_REACH),
  )
}
